"""An application behind the gateway's front, on granian: it says what it was asked, and where."""

import json
import sys
import threading
from wsgiref.types import StartResponse, WSGIEnvironment

from contracts.errors import ContractError
from services.cli import gateway
from services.gateway.front import Front
from services.gateway.turns import may_wait

BODY_SECONDS = 0.5


def app(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    """Answer with what was asked; `/quick/wait` may not be answered on the event loop."""
    if environ["PATH_INFO"] == "/quick/wait":
        may_wait()
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    said["thread"] = threading.current_thread().name
    try:
        body = environ["wsgi.input"].read()
    except ContractError as error:
        start("408 Too Slow", [("Connection", "close")])
        return [error.code.encode()]
    said["body"] = f"{len(body)} bytes"
    start("200 OK", [("X-One", "1"), ("X-One", "2")])
    return [json.dumps(said).encode(), b"\n"]


front = Front(app, quick={"/quick", "/quick/wait"}, body_seconds=BODY_SECONDS)

if __name__ == "__main__":
    gateway.HEADER_SECONDS = 1
    gateway.server("tests.integration.echo:front", "127.0.0.1", int(sys.argv[1]), workers=1).serve()
