"""What the class of every audience is: a door, closed at the end."""

from types import TracebackType
from typing import Self

from requests.auth import AuthBase

from huxin_client.door import Door, Patience


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
