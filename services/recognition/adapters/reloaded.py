"""A file that is read anew when it changes: a new version of it needs no restart."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from contracts.errors import ContractError

T = TypeVar("T")

log = structlog.get_logger()


class ReloadedFile(Generic[T]):
    """Invariant: always answers with what the newest good version of the file said.

    A bad first version raises, so that a node does not start on it; a bad later one is logged and
    left alone, because what was right yesterday is better than nothing.  So is one that changed
    while it was read: the next look reads it whole.
    """

    def __init__(self, path: Path, read: Callable[[Path], T]) -> None:
        self._path, self._read = path, read
        self._stamp = self._look()
        self._value = read(path)
        self._read_stamp = self._stamp
        self.is_current = True

    def __call__(self) -> T:
        """Return the content, after reading it anew if the file changed.

        `is_current` says from then on whether that is what the file says now.
        """
        try:
            stamp = self._look()
            if stamp != self._stamp:
                self._stamp = stamp  # first: while this thread reads, others go by what is known
                value = self._read(self._path)
                if self._look() == stamp:
                    self._value, self._read_stamp = value, stamp
                    log.info("file_reloaded", file=self._path.name)
            self.is_current = stamp == self._read_stamp
        except (OSError, ValueError, ContractError) as error:
            self.is_current = False
            # The text of a foreign error may repeat what stands in the file.
            known = str(error) if isinstance(error, ContractError) else type(error).__name__
            log.warning("file_not_reloaded", file=self._path.name, error=known)
        return self._value

    def _look(self) -> tuple[int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size
