"""One server process: start it, wait until it answers, end it."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

STOP_SECONDS = 20
POLL_SECONDS = 0.05
NOT_GIVEN = range(16384, 32768)  # by Linux; see ip_local_port_range in ip(7)


class Missing(RuntimeError):
    """A server that the test needs is neither installed nor named in the environment."""


class Server(Protocol):
    """Invariant: `url` stays the same from start to stop, whatever happens in between."""

    url: str

    def stop(self) -> None:
        """End the server in good order and remove its data."""

    def kill(self) -> None:
        """End the server as a crash would: SIGKILL, nothing flushed, the data kept."""

    def restart(self) -> None:
        """Start again on the same data and the same port, after ending what still runs."""


class Existing:
    """A server that somebody else runs; tests use it and never end it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def stop(self) -> None:
        """Leave it running."""

    def kill(self) -> None:
        raise Missing(f"a crash test needs its own server, not the existing {self.url!r}")

    restart = kill


class Process:
    """Invariant: the child leads its own process group, so that ending it leaves nothing behind."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        home: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name = Path(command[0]).name
        if setpriv := shutil.which("setpriv"):  # Linux: end the child when the tests are killed
            command = [setpriv, "--pdeathsig", "TERM", "--", *command]
        self.log = home / f"{self.name}.log"
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                command,
                cwd=home,
                env={**os.environ, **(env or {})},
                user=user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until(self, answers: Callable[[], bool], *, seconds: float) -> None:
        """Wait until the server answers; raise RuntimeError with the end of its log if it won't."""
        deadline = time.monotonic() + seconds
        while not answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(POLL_SECONDS)

    def ask(self, how: signal.Signals) -> None:
        """Signal the whole group, if it still runs."""
        if self.child.poll() is None:
            os.killpg(self.child.pid, how)

    def end(self, how: signal.Signals) -> None:
        """Signal the whole group and wait for the child; SIGKILL follows if it lingers."""
        self.ask(how)
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()


def free_port() -> int:
    """Find a TCP port that nobody has, and that no connection is given meanwhile.

    Those below 32768 the system gives nobody who does not ask for them.
    """
    while True:
        port = secrets.choice(NOT_GIVEN)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
