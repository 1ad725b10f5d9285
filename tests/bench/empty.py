"""The floor: the same server and framework with a handler that does nothing."""

import falcon

from services.gateway.front import Front


class Nothing:
    """Answers two bytes."""

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        response.data = b"{}"
        response.content_type = falcon.MEDIA_JSON


app = falcon.App()
app.add_route("/", Nothing())
front = Front(app, quick={"/"})
