"""A throw-away PostgreSQL cluster on a free port, with fsync on as in production."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.servers.process import Existing, Missing, Process, Server, free_port

URL_VARIABLE = "HUXIN_TEST_POSTGRESQL_URL"
START_SECONDS = 240
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")


def start() -> Server:
    """Start a cluster, or use the one HUXIN_TEST_POSTGRESQL_URL names; raise Missing without."""
    if url := os.environ.get(URL_VARIABLE):
        return Existing(url)
    if (programs := find_programs()) is None:
        raise Missing(
            f"PostgreSQL is missing: run deploy/install-test-servers "
            f"(apt-get install postgresql) or set {URL_VARIABLE}"
        )
    return Cluster(programs)


def find_programs() -> Path | None:
    """Find the directory of `initdb` and `postgres`, the newest version first."""
    versions = sorted(DEBIAN_VERSIONS.glob("[0-9]*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """Invariant: everything the cluster writes lies in one directory, which `stop` removes."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.home = Path(tempfile.mkdtemp(prefix="huxin-postgresql-"))
        self.user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        if self.user:
            shutil.chown(self.home, self.user)
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata=data", "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            cwd=self.home,
            user=self.user,
            check=True,
            capture_output=True,
        )
        self._run()

    def _run(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.home,
        }
        command: list[str | Path] = [self.programs / "postgres", "-D", "data"]
        command += [f"--{name}={value}" for name, value in settings.items()]
        self.process = Process(command, home=self.home, user=self.user)
        self.process.wait_until(self._answers, seconds=START_SECONDS)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url).close()
            return True
        return False

    def stop(self) -> None:
        self.process.end(signal.SIGINT)  # "fast": open sessions are ended, not waited for
        shutil.rmtree(self.home, ignore_errors=True)

    def kill(self) -> None:
        backends = children(self.process.child.pid)  # each leads its own session
        self.process.end(signal.SIGKILL)
        for backend in backends:
            with contextlib.suppress(ProcessLookupError):
                os.kill(backend, signal.SIGKILL)

    def restart(self) -> None:
        self.process.end(signal.SIGINT)
        self._run()


def children(pid: int) -> list[int]:
    """List the processes started by `pid`."""
    command = ["pgrep", "-P", str(pid)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def create_database(server_url: str, purpose: str) -> str:
    """Create an empty database owned by a role of the same, new name; return its URL."""
    name, password = f"{purpose}_{secrets.token_hex(4)}", secrets.token_hex(8)
    role = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
        )
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
    server = urlsplit(server_url)
    address = server.netloc.rpartition("@")[2]
    return urlunsplit(server._replace(netloc=f"{name}:{password}@{address}", path=f"/{name}"))


def shut_database(server_url: str, database_url: str) -> None:
    """Let nobody into a database, and end those who are in it."""
    name = urlsplit(database_url).path.removeprefix("/")
    _let_in(server_url, name, anybody=False)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


def reopen_database(server_url: str, database_url: str) -> None:
    """Let everybody into a database again."""
    _let_in(server_url, urlsplit(database_url).path.removeprefix("/"), anybody=True)


def _let_in(server_url: str, name: str, *, anybody: bool) -> None:
    statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Literal(anybody)))


def drop_database(server_url: str, database_url: str) -> None:
    """Drop a database made by `create_database` with its role, ending what still uses it."""
    name = sql.Identifier(urlsplit(database_url).path.removeprefix("/"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("DROP ROLE {}").format(name))
