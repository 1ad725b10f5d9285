"""What a node's processes and queues hold while it is under load: looked at twice a second."""

import os
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from amqp.exceptions import NotFound
from kombu.entity import Queue

from services.plumbing.topology import connection_to

SECONDS = 0.5
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(group: int) -> int:
    """Return how many bytes the processes of a group hold in memory."""
    total = 0
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or os.getpgid(int(process.name)) != group:
                continue
            total += int((process / "statm").read_text().split()[1]) * PAGE
        except (OSError, ProcessLookupError):
            continue  # it ended meanwhile
    return total


@dataclass
class Watch:
    """Invariant: `peak` is the most that was seen of each thing since the watch began."""

    groups: dict[str, int]
    bus_url: str | None = None
    queues: Iterable[str] = ()
    first: dict[str, int] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(SECONDS):
            for name, group in self.groups.items():
                self._note(name, resident(group))
            for name, length in lengths(self.bus_url, self.queues).items():
                self._note(name, length)

    def _note(self, name: str, number: int) -> None:
        self.first.setdefault(name, number)
        self.peak[name] = max(self.peak.get(name, 0), number)


def lengths(bus_url: str | None, queues: Iterable[str]) -> dict[str, int]:
    """Return how many messages wait in each queue that there is."""
    found: dict[str, int] = {}
    if bus_url is None:
        return found
    with ExitStack() as stack:
        connection = stack.enter_context(connection_to(bus_url))
        for name in queues:
            try:
                declared = Queue(name, channel=connection.channel()).queue_declare(passive=True)
            except NotFound:
                continue
            found[name] = declared.message_count
    return found
