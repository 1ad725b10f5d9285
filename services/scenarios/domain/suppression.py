"""Suppression: no published table tells how few did something (k-anonymity, ADR 0036).

A table is a tree: what a node counts is what its parts count together.  A part below the smallest
allowed number is suppressed.  As the whole minus the other parts would give it back, more parts are
suppressed until those suppressed, taken together, are enough to hide in.  Of a whole that is
suppressed some part is suppressed too, or its parts would add up to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(eq=False)
class Cell:
    """A number of a table and the cells it is the sum of, if any."""

    count: int
    parts: Sequence["Cell"] = ()
    is_suppressed: bool = field(default=False, init=False)

    @property
    def shown(self) -> int | None:
        return None if self.is_suppressed else self.count

    def walk(self) -> Iterator["Cell"]:
        """Yield the cell and everything below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def total_of(parts: Sequence[Cell]) -> Cell:
    return Cell(sum(part.count for part in parts), parts)


def suppress(table: Cell, smallest: int) -> None:
    """Suppress every cell below `smallest`, and whatever would give one back by subtraction."""
    for cell in table.walk():
        cell.is_suppressed = 0 < cell.count < smallest
    while any(_complement(whole, smallest) for whole in table.walk()):
        pass


def _complement(whole: Cell, smallest: int) -> bool:
    """Suppress the next part, or else the whole, when what is shown tells a suppressed part."""
    parts = [part for part in whole.parts if part.count]
    if not parts or _is_hidden(whole, [part for part in parts if part.is_suppressed], smallest):
        return False
    shown = [part for part in parts if not part.is_suppressed]
    chosen = min(shown, key=lambda part: part.count) if shown else whole
    was, chosen.is_suppressed = chosen.is_suppressed, True
    return not was


def _is_hidden(whole: Cell, hidden: Sequence[Cell], smallest: int) -> bool:
    """Say whether suppressed parts are enough to hide each of them in the others."""
    if not hidden:
        return not whole.is_suppressed
    together = sum(part.count for part in hidden)
    if together < smallest or together == sum(map(_least, hidden)):
        return False
    return whole.is_suppressed or len(hidden) > 1


def _least(cell: Cell) -> int:
    """Return the least that a reader knows a cell to count: one in each suppressed part."""
    if not cell.is_suppressed:
        return cell.count
    return sum(_least(part) for part in cell.parts if part.count) or 1
