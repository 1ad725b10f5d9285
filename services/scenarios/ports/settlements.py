"""What settlements ask of storage."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contracts.words import Funding, UsageFact
from services.scenarios.domain.settlement import Difference, Seal, Settlement, Sum
from services.scenarios.domain.statement import Entry, UsageLine


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The lines of a month between this city, `own`, and another: fixed ones once it is closed.

    While it is open they are all that no month has yet, up to the end of this one.
    """

    own: str
    city: str
    period: str
    is_closed: bool


class UsageLines(Protocol):
    """The lines of statements."""

    def add(self, line: UsageLine) -> None:
        """Book a line, once: a line that is booked already stays as it is."""

    def of_month(
        self, month: str, *, home: str, host: str, most: int, after: UUID | None = None
    ) -> Sequence[UsageLine]:
        """Return the first lines of a statement, or those after one, by moment, then id.

        Raise NotFound when `after` is none of them.
        """

    def after(self, line: UsageLine) -> Iterable[Entry]:
        """Yield what follows a line in its statement, within this transaction.

        They may be very many; others have their turn in between.
        """


class SettledLines(Protocol):
    """Usage lines by the month they are settled in."""

    def fix(self, scope: Scope) -> None:
        """Settle in this month every line of it, or of an earlier one, that is in no month yet."""

    def release(self, scope: Scope, lines: Iterable[tuple[str, UUID]]) -> None:
        """Leave lines, by host and id, to a later month."""

    def sums(self, scope: Scope) -> Sequence[Sum]:
        """Add the lines up by host, fact and funding."""

    def seals(self, scope: Scope) -> Iterator[Seal]:
        """Yield all by id, then host, within this transaction; they may be very many."""

    def page(
        self, scope: Scope, after: UUID | None, until: UUID | None, most: int
    ) -> Sequence[UsageLine]:
        """Return the next lines by id, then host; those of the last id all, even beyond `most`."""

    def cities(self, own: str, period: str) -> Sequence[str]:
        """Return the cities with which there are lines up to a month."""

    def unsettled_before(self, own: str, city: str, period: str) -> str | None:
        """Return the first earlier month with lines in it, or none, that was never closed."""


class Settlements(Protocol):
    def get(self, period: str, city: str) -> Settlement | None: ...
    def add(self, settlement: Settlement) -> bool:
        """Store a new one; say False when there is one already."""

    def save(self, settlement: Settlement) -> None:
        """Store a further step; every step is kept."""

    def cities(self, period: str) -> Sequence[str]:
        """Return the cities with which a month is closed."""

    def closed_since(self, period: str, city: str) -> bool:
        """Say whether a later month with a city is closed already."""


class Differences(Protocol):
    """Where a settlement differs, as last compared."""

    def replace(
        self,
        period: str,
        city: str,
        span: tuple[UUID | None, UUID | None],
        found: Iterable[Difference],
    ) -> None:
        """Take the place of what was found among ids after the one and up to the other."""

    def of(self, period: str, city: str, after: UUID | None, most: int) -> Sequence[Difference]:
        """Return the next by id, then host; those of the last id all, even beyond `most`."""

    def held(self, period: str, city: str) -> Sequence[tuple[str, UUID]]:
        """Return the lines, by host and id, that this city has and the other has not alike."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How often a fact is told of an incentive's grants, and its value."""

    incentive_id: str
    fact: UsageFact
    funding: Funding | None
    home: str
    lines: int
    value_fen: int


class OperatorLines(Protocol):
    """Usage lines of this city as host."""

    def of(
        self, month: str, operator_id: str, after: UUID | None, most: int
    ) -> Sequence[UsageLine]:
        """Return an operator's next lines by moment, then id.

        Raise NotFound when `after` is none of them.
        """

    def usage(self, month: str, host: str, operator_id: str | None = None) -> Sequence[Usage]:
        """Add up lines of one operator or of all."""
