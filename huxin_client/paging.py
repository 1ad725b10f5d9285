"""Lists that come page by page."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar


class Continued(Protocol):
    """A page that says after what the next one begins, if there is one."""

    @property
    def next(self) -> Any: ...


Page = TypeVar("Page", bound=Continued)


def pages(ask: Callable[..., Page], **asked: Any) -> Iterator[Page]:
    """Yield every page of a list: `pages(citizen.list_consents)`; the last one may be empty.

    What else the call takes is handed on, such as `limit=200`.
    """
    page = ask(**asked)
    yield page
    while page.next is not None:
        page = ask(**{**asked, "after": page.next})
        yield page
