"""Lists that come page by page: `after` names the last of a page, and `next` says so (ADR 0040)."""

from collections.abc import Sequence
from typing import Any


def next_of(page: Sequence[Any], most: int, name: str) -> Any:
    """Return what to go on after: the last item's field of this name, when the page is full.

    So the last page of all may be empty.
    """
    return getattr(page[-1], name) if len(page) >= most else None
