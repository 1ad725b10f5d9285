"""What the class of every audience is: a door, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from requests.auth import AuthBase

from huxin_client.door import STEP, Door, Patience


class Caller:
    """One caller at one gateway; a context manager that closes its connections."""

    def __init__(
        self,
        url: str,
        auth: AuthBase | None = None,
        *,
        language: str = "zh",
        patience: Patience | None = None,
    ) -> None:
        """Take the gateway's address, and the language of texts: `zh` or `en`."""
        self.door = Door(url=url, auth=auth, language=language, patience=patience or Patience())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.door.url!r})"

    @staticmethod
    @contextmanager
    def step(key: str) -> Iterator[None]:
        """Take one step, such as to pause, under a key of one's own; the same key is the same step.

        Write it down first, where a repeat after a crash must not take the step again.
        """
        given = STEP.set(key)
        try:
            yield
        finally:
            STEP.reset(given)

    def close(self) -> None:
        """Let the connections go."""
        self.door.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
