"""One city's node in this process: its services on the bus, and its HTTP application.

`services.plumbing.green.patch` must have run before this module is imported.
"""

import socket
from collections.abc import Iterable, Mapping
from typing import Any, Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import eventlet.wsgi

from contracts.errors import Malformed
from huxin_client.shell.language import spoken
from huxin_client.shell.screen import why
from services.cli.parts import PARTS, add_part, database_urls
from services.gateway.app import build_app
from services.gateway.front import BODY_SECONDS
from services.gateway.places import BusWithPlaces
from services.gateway.settings import GatewaySettings
from services.plumbing.bus import Bus
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.runner import Services, run_forever
from services.plumbing.settings import load_settings

SOCKET_SECONDS = 30  # a client that says nothing for so long is let go
BACKLOG = 256


class Node:
    """Invariant: once started it answers at its gateway's address; stopped, it leaves no thread."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Read settings, prepare databases and bind the port; raise what is wrong with them."""
        self.settings = load_settings(GatewaySettings, values)
        self._databases = database_urls(values)
        self.services = Services()
        for part in PARTS.values():
            add_part(self.services, part, values)
        self._bus = Bus(self.settings.bus_url, utc_now)
        engine = open_database(self.settings.gateway_database)
        self._app = build_app(self.settings, BusWithPlaces(self._bus), engine, utc_now)
        self._listener = _listen(self.settings.http_host, self.settings.http_port)
        self._server: eventlet.greenthread.GreenThread | None = None

    def start(self) -> Self:
        """Start the services, then the door."""
        self.services.start()
        self._open_door()
        return self

    def stop(self) -> None:
        """Close the door, let what is at hand be finished, stop the services."""
        self._close_door()
        self.services.stop()
        self._disconnect()

    def run(self) -> None:
        """Run until SIGTERM or SIGINT.  The door is open first: it says what is not ready yet."""
        self._open_door()
        try:
            run_forever(self.services)
        finally:
            self._close_door()
            self._disconnect()

    def _open_door(self) -> None:
        self._server = eventlet.spawn(
            eventlet.wsgi.server,
            self._listener,
            InTime(self._app),
            log_output=False,
            debug=False,  # no stack trace to a caller
            socket_timeout=SOCKET_SECONDS,
        )

    def _close_door(self) -> None:
        if self._server is not None:
            self._server.kill()
        self._listener.close()

    def _disconnect(self) -> None:
        self._bus.close()
        for url in self._databases:
            close_database(url)


class Arriving:
    """A body; whoever reads it waits no longer than it may take, and gets the whole of it."""

    def __init__(self, stream: Any, declared: str | None) -> None:
        self._stream, self._is_declared = stream, bool(declared)

    def read(self, size: int = -1) -> bytes:
        """Return as many bytes; raise Malformed, also too_slow."""
        slow = Malformed("too_slow", f"more than {BODY_SECONDS:g} s")
        try:
            with eventlet.Timeout(BODY_SECONDS, slow):
                body = bytes(self._stream.read(size))
        except (OSError, eventlet.wsgi.ChunkReadError) as error:
            raise Malformed(errors={"body": "Cut short."}) from error
        if self._is_declared and len(body) < size:
            raise Malformed(errors={"body": "Cut short."})
        return body


class InTime:
    """The application, to which every body comes in time or not at all."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        declared = environ.get("CONTENT_LENGTH")
        environ["wsgi.input"] = Arriving(environ["wsgi.input"], declared)
        return self._application(environ, start)


def _listen(host: str, port: int) -> socket.socket:
    """Bind the door; raise OSError that names the address and the settings it came from."""
    try:
        # Two nodes at one port would each get half of the calls.
        listener: socket.socket = eventlet.listen((host, port), backlog=BACKLOG, reuse_port=False)
    except OSError as error:
        raise OSError(
            spoken(
                f"cannot listen at {host}:{port} (http_host, http_port): {error}",
                f"无法监听 {host}:{port}（http_host、http_port）：{why(error)}",
            )
        ) from error
    return listener
