"""Lists that come page by page."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar
from uuid import UUID


class Continued(Protocol):
    """A page that says where the next one begins, if there is one."""

    @property
    def next(self) -> UUID | None: ...


Page = TypeVar("Page")
ContinuedPage = TypeVar("ContinuedPage", bound=Continued)


def pages(ask: Callable[..., ContinuedPage], **asked: Any) -> Iterator[ContinuedPage]:
    """Yield every page of a list whose answers name the `next`: `pages(citizen.list_consents)`.

    What else the call takes is handed on, such as `limit=200`.
    """
    place = "cursor" if "cursor" in inspect.signature(ask).parameters else "after"
    page = ask(**asked)
    yield page
    while page.next is not None:
        page = ask(**{**asked, place: page.next})
        yield page


def pages_after(
    ask: Callable[..., Page], last: Callable[[Page], Any], **asked: Any
) -> Iterator[Page]:
    """Yield every page that has anything, of a list that goes on `after` the last of a page.

    `last` names that, or is None for an empty page:
    `pages_after(city.list_verdicts, lambda page: page.verdicts[-1].line if page.verdicts else None,
    batch_id=…)`.
    """
    after = None
    while True:
        page = ask(**asked, after=after)
        after = last(page)
        if after is None:
            return
        yield page
