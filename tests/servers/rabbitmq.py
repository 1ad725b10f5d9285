"""A throw-away RabbitMQ node, apart from any other on the machine: own name, ports, data, epmd."""

import base64
import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path

from tests.servers.process import Existing, Missing, Process, Server, free_port

URL_VARIABLE = "HUXIN_TEST_RABBITMQ_URL"
START_SECONDS = 300
# Debian's wrapper in /usr/sbin insists on the user `rabbitmq`; the script behind it does not.
DEBIAN_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def start(vhosts: tuple[str, ...] = ()) -> Server:
    """Start a node, or use the one HUXIN_TEST_RABBITMQ_URL names; raise Missing without either.

    `vhosts` beside the default one are made at the start; an existing server must have them.
    """
    if url := os.environ.get(URL_VARIABLE):
        return Existing(url)
    script = DEBIAN_SCRIPT if DEBIAN_SCRIPT.exists() else shutil.which("rabbitmq-server")
    epmd = shutil.which("epmd")
    if script is None or epmd is None:
        raise Missing(
            f"RabbitMQ is missing: run deploy/install-test-servers "
            f"(apt-get install rabbitmq-server) or set {URL_VARIABLE}"
        )
    return Node(Path(script), Path(epmd), vhosts)


class Node:
    """Invariant: everything the node writes lies in one directory, which `stop` removes."""

    def __init__(self, script: Path, epmd: Path, vhosts: tuple[str, ...] = ()) -> None:
        self.script = script
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self.home = Path(tempfile.mkdtemp(prefix="huxin-rabbitmq-"))
        self.env = environment(self.home, self.port, vhosts)
        self.epmd = Process([epmd], home=self.home, env=self.env)
        self._run()

    def _run(self) -> None:
        self.process = Process([self.script], home=self.home, env=self.env)
        try:
            self.process.wait_until(self._answers, seconds=START_SECONDS)
        except RuntimeError:
            self.epmd.end(signal.SIGKILL)
            raise

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection,
        ):
            connection.sendall(b"AMQP\0\0\x09\x01")
            return connection.recv(1) == b"\x01"  # a method frame: Connection.Start
        return False

    def stop(self) -> None:
        self.process.end(signal.SIGTERM)
        self.epmd.end(signal.SIGTERM)
        shutil.rmtree(self.home, ignore_errors=True)

    def kill(self) -> None:
        self.process.end(signal.SIGKILL)

    def restart(self) -> None:
        self.process.end(signal.SIGTERM)
        self._run()


def environment(home: Path, port: int, vhosts: tuple[str, ...] = ()) -> dict[str, str]:
    """Point every file and port of the node into `home` and away from the machine's own node."""
    plugins, settings = home / "enabled_plugins", home / "rabbitmq.conf"
    plugins.write_text("[].\n")
    (home / "definitions.json").write_text(json.dumps(definitions(("/", *vhosts))))
    settings.write_text(f"load_definitions = {home}/definitions.json\n")
    return {
        "HOME": str(home),  # where Erlang makes its cookie
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"huxin-{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(settings),
        "RABBITMQ_CONF_ENV_FILE": str(home / "no-such-file"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
    }


def definitions(vhosts: tuple[str, ...]) -> dict[str, object]:
    """Describe the virtual hosts, and the user `guest` who may do everything in each."""
    salt = os.urandom(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + b"guest").digest()).decode()
    return {
        "users": [{"name": "guest", "password_hash": hashed, "tags": ["administrator"]}],
        "vhosts": [{"name": name} for name in vhosts],
        "permissions": [
            {"user": "guest", "vhost": name, "configure": ".*", "write": ".*", "read": ".*"}
            for name in vhosts
        ],
    }
