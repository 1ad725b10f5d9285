"""The interface's own description."""

from functools import cache
from importlib import resources

from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Call, Content


class Documents:
    """Serves what is generated and checked in, so what is read is what was reviewed."""

    def show_openapi(self, call: Call[Anyone, None]) -> Content:
        return Content(_openapi(), headers={"Cache-Control": "public, max-age=300"})


@cache
def _openapi() -> bytes:
    return (resources.files("contracts") / "openapi.json").read_bytes()
