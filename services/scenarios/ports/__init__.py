"""What scenarios asks of the outside: storage, exact counters, announcements.

A repository's `get` locks what it returns until the transaction ends, so that a rule checked on a
row still holds when the row is written.  Operators and scenarios are read without one: what rules
rest on in them never changes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID

from contracts.words import GrantState
from services.scenarios.domain.bounds import Bound, Count, Taking
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.limits import Tally
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.recognition import Ending, Recognition, Revision
from services.scenarios.domain.scenario import Scenario
from services.scenarios.ports.decisions import Decisions
from services.scenarios.ports.evidence import (
    CatalogueItems,
    CoverageRegister,
    EvidenceDisputes,
    EvidenceRecords,
)
from services.scenarios.ports.incentives import Incentives
from services.scenarios.ports.plan import Plan
from services.scenarios.ports.redemptions import Redemptions
from services.scenarios.ports.reservations import Reservations
from services.scenarios.ports.settlements import (
    Differences,
    OperatorLines,
    SettledLines,
    Settlements,
    UsageLines,
)


class Operators(Protocol):
    def get(self, id: str) -> Operator | None: ...
    def all(self) -> Sequence[Operator]:
        """Return every operator, by id."""

    def add(self, operator: Operator) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, operator: Operator) -> None: ...


class Scenarios(Protocol):
    def get(self, id: str) -> Scenario | None: ...
    def all(self) -> Sequence[Scenario]:
        """Return every scenario, by id."""

    def add(self, scenario: Scenario) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def save(self, scenario: Scenario) -> None: ...


class Recognitions(Protocol):
    """Recognitions and what becomes of them, told in any order and more than once."""

    def get(self, id: UUID) -> Recognition | None:
        """Return a recognition; None also for one of whose beginning nothing is known."""

    def is_suspended(self, id: UUID) -> bool:
        """Say, without a lock, whether a recognition is suspended."""

    def with_current(self, id: UUID, holder: str) -> tuple[Recognition | None, Recognition | None]:
        """Return and lock a recognition and the newest of a holder, ended or not.

        They are of one moment, that before any waiting: should the first arrive just now, the
        newest is not older than it, and what arrives while others are waited for counts next time.
        Until the transaction ends nobody else has any of this holder's.
        """

    def add(self, recognition: Recognition) -> Recognition:
        """Remember a recognition; what is known of it already stays, its end above all.

        Return and lock what is known of it now.
        """

    def end(self, ending: Ending) -> None:
        """Remember an end, known recognition or not; the first one stands."""

    def revise(self, revision: Revision) -> None:
        """Remember a revision, known recognition or not; the latest one stands.

        It ends a suspension before it.
        """

    def suspend(self, id: UUID, at: datetime, *, suspended: bool) -> None:
        """Remember a suspension or its end, known recognition or not; the latest word holds.

        Of two words at once it is suspended.
        """


class Grants(Protocol):
    def get(self, id: UUID) -> Grant | None: ...
    def add(self, grant: Grant) -> None:
        """Store a new one; raises Conflict("id_reused")."""

    def is_taken(self, id: UUID) -> bool:
        """Say, without a lock, whether a grant or a reservation has this id."""

    def save(self, grant: Grant) -> None: ...
    def recognition_of(self, id: UUID) -> UUID | None:
        """Name, without a lock, the recognition that a grant rests on."""

    def newest_of(self, holder: str, most: int, after: UUID | None = None) -> Sequence[Grant]:
        """Return a holder's grants, newest first, without a lock: those that follow one of them.

        Raise NotFound when `after` is none of theirs.
        """

    def open_under(self, recognition_id: UUID) -> Sequence[Grant]:
        """Return and lock the open grants that rest on a recognition."""

    def held_by(self, holder: str, now: datetime) -> Mapping[str, frozenset[str]]:
        """Return, without a lock, the incentives a holder has open grants of.

        Each with the incentives that it excludes by the terms such a grant was issued under.
        """

    def open_of(self, incentive_id: str, *, after: UUID | None, most: int) -> Sequence[Grant]:
        """Return and lock open grants of an incentive, by id after one."""

    def concerned_by(self, recognition_id: UUID, holder: str) -> Sequence[Grant]:
        """Return and lock what a recognition that stands may end, keep, shorten or restore.

        The open grants that rest on it, and the holder's that are recalled or revoked.
        """

    def holding(self, now: datetime, most: int) -> Sequence[Grant]:
        """Return and lock grants that held money until now, but those somebody else has locked."""

    def due(self, now: datetime, most: int) -> Sequence[Grant]:
        """Return and lock open grants whose time or notice is up, but those others have locked."""


class Counters(Protocol):
    """What an incentive gave by period: to one holder or to all, in a district or everywhere.

    Exact however many ask at once.  A counter counts every grant and every held reservation of its
    window, under whichever version of the terms.  Whoever takes, moves or looks has locked the
    incentive's tally, and leaves without `commit` when anything was refused.
    """

    def take(
        self, incentive_id: str, taking: Taking, bounds: Sequence[Bound], step: Count
    ) -> Sequence[Count | None]:
        """Add a step within the bounds; return what each counts then, None where it is too much."""

    def move(self, incentive_id: str, taking: Taking, step: Count) -> None:
        """Add a step wherever the taking counts, whatever the bounds."""

    def look(self, incentive_id: str, bounds: Sequence[Bound]) -> Sequence[Count]:
        """Return what is counted for each bound."""

    def forget_over(self, moment: datetime, limit: int) -> int:
        """Forget some of the periods that were over at a moment; return how many."""


class Tallies(Protocol):
    """The tally of each incentive; every change is exact however many make one at once."""

    def get(self, incentive_id: str) -> Tally: ...
    def lock(self, incentive_id: str) -> Tally:
        """Return a tally that nobody else changes until the transaction ends."""

    def issue(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        """Count a grant in and reserve its value; None when the budget does not allow it."""

    def hold(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        """Count a reservation in and reserve its value; None when the budget does not allow it."""

    def confirm(self, incentive_id: str) -> Tally:
        """Turn a reservation into an open grant."""

    def release(self, incentive_id: str, value_fen: int) -> Tally:
        """Count a reservation out that became no grant, and release its value."""

    def use(self, incentive_id: str, step: Count, redeemed: int = 0) -> Tally:
        """Move money between reserved and spent; the last use counts the grant as redeemed.

        A reversal moves it back, and counts it as open again (-1).
        """

    def end(self, incentive_id: str, state: GrantState, released_fen: int) -> Tally:
        """Count an open grant as expired or revoked and release what it reserved."""

    def restore(self, incentive_id: str, reserved_fen: int, budget_fen: int | None) -> Tally | None:
        """Count a revoked grant as open and reserve again; None when the budget is short."""


class Refusals(Protocol):
    """How often operators were refused, by day and true reason; nothing about persons."""

    def count(self, operator_id: str, day: str, reason: str) -> None: ...
    def forget_before(self, day: str, limit: int) -> int:
        """Forget so many counts of the days before one; return how many it were."""


class Outbox(Protocol):
    def add(self, event: Any) -> None: ...


class UnitOfWork(Protocol):
    """One transaction; leaving it without `commit` undoes everything."""

    operators: Operators
    scenarios: Scenarios
    incentives: Incentives
    recognitions: Recognitions
    grants: Grants
    redemptions: Redemptions
    reservations: Reservations
    counters: Counters
    tallies: Tallies
    usage_lines: UsageLines
    settled_lines: SettledLines
    settlements: Settlements
    differences: Differences
    operator_lines: OperatorLines
    plan: Plan
    refusals: Refusals
    decisions: Decisions
    evidence_items: CatalogueItems
    evidence: EvidenceRecords
    evidence_disputes: EvidenceDisputes
    coverage: CoverageRegister

    @property
    def outbox(self) -> Outbox: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def alone(self) -> None:
        """Say that what follows locks what others have, while they wait for more (ADR 0048)."""

    def commit(self) -> None: ...
