"""The HTTP part of a production node: granian around the gateway's application.

The process is not patched for eventlet: granian's threads are real.
"""

import os
import sys
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from services.cli.process import ProcessSettings
from services.cli.running import running
from services.gateway.settings import GatewaySettings
from services.plumbing.log import configure_logs
from services.plumbing.settings import load_settings, read_values

# granian's own lines go where all others go, as JSON
LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}
BACKLOG = 1024
HEADER_SECONDS = 10  # for request line and header fields to arrive
LARGEST_HEAD = 64 * 1024  # bytes of them, as eventlet's server has it too


def server(target: str, address: str, port: int, workers: int) -> MPServer:
    """Return granian as a node runs it, for any RSGI application."""
    return MPServer(
        target,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # what waits for a second version's preface waits without end
        loop=Loops.uvloop,
        workers=workers,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        websockets=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=LARGEST_HEAD
        ),
        log_dictconfig=LOGS,
        log_access=False,  # the application logs requests, without tokens
    )


def serve(file: Path | None, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; raise what is wrong with the settings before that."""
    values = read_values(file, os.environ)
    settings = load_settings(GatewaySettings, values)
    configure_logs(load_settings(ProcessSettings, values).log_level, sys.stdout)
    if file is not None:
        os.environ["HUXIN_SETTINGS"] = str(file)  # where each worker reads them
    target = "services.gateway.rsgi:front"
    with running([settings.gateway_database], alone=False):
        server(target, settings.http_host, settings.http_port, workers).serve()
