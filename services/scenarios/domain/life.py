"""The life of an incentive: a draft is reviewed by the city, published, paused, withdrawn."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.errors import Refused
from contracts.words import IncentiveState, MoveKind, Mover, ReviewOutcome, VersionState
from services.scenarios.domain.incentive import Incentive, Terms


@dataclass(frozen=True, kw_only=True)
class Version:
    """Invariant: its terms never change, and it was reviewed before it was published.

    With `hold` it waits for its operator once it was reviewed.
    """

    number: int
    terms: Terms
    state: VersionState = VersionState.DRAFT
    hold: bool = False
    published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step in the life of an incentive, as it is kept: who took it, when and why."""

    incentive_id: str
    number: int
    version: int
    kind: MoveKind
    by: Mover
    note: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Life:
    """Invariant: only the newest version is reviewed or published; a withdrawal is for good.

    An older version stays in force until a newer one that is published has come into force.  Every
    step returns the life after it, or this one when it was taken before; `moves` counts them.
    """

    id: str
    scenario_id: str
    newest: Version
    was_published: bool = False
    paused_by: Mover | None = None
    withdrawn: bool = False
    moves: int = 0

    @property
    def state(self) -> IncentiveState:
        """Where the incentive stands on the whole."""
        if self.withdrawn:
            return IncentiveState.WITHDRAWN
        if self.paused_by:
            return IncentiveState.PAUSED
        if self.was_published:
            return IncentiveState.PUBLISHED
        return IncentiveState(self.newest.state)

    @property
    def offer(self) -> Incentive:
        """The newest version, as it is offered once it is published."""
        return Incentive(
            id=self.id,
            scenario_id=self.scenario_id,
            version=self.newest.number,
            terms=self.newest.terms,
            published_at=self.newest.published_at,
        )

    def submit(self, terms: Terms, *, hold: bool) -> "Life":
        """Bring a new version, unless the terms are those of the newest.

        Until the newest is accepted it is still open whether acceptance publishes it: with another
        `hold` it is submitted again, and is a draft also when it was sent back.
        """
        self._check_not_withdrawn()
        if terms == self.newest.terms:
            undecided = self.newest.state in {VersionState.DRAFT, VersionState.RETURNED}
            if hold is self.newest.hold or not undecided:
                return self
            return replace(self, newest=replace(self.newest, state=VersionState.DRAFT, hold=hold))
        version = Version(number=self.newest.number + 1, terms=terms, hold=hold)
        return replace(self, newest=version)

    def review(self, version: Version, outcome: ReviewOutcome) -> "Life":
        """Accept a version or send it back; one that was sent back may still be accepted.

        Raises Refused already_decided for one that was accepted, version_replaced for an older one.
        """
        self._check_not_withdrawn()
        accepted = outcome is ReviewOutcome.ACCEPTED
        wanted = VersionState.REVIEWED if accepted else VersionState.RETURNED
        if version.state is wanted or (accepted and version.state is VersionState.PUBLISHED):
            return self
        self._check_newest(version)
        if version.state not in {VersionState.DRAFT, VersionState.RETURNED}:
            raise Refused("already_decided", self.id)
        return replace(self, newest=replace(version, state=wanted))

    def publish(self, version: Version, now: datetime) -> "Life":
        """Publish a version that was reviewed.

        Raises Refused not_reviewed for one that was not, version_replaced for an older one.
        """
        self._check_not_withdrawn()
        if version.state is VersionState.PUBLISHED:
            return self
        self._check_newest(version)
        if version.state is not VersionState.REVIEWED:
            raise Refused("not_reviewed", self.id)
        published = replace(version, state=VersionState.PUBLISHED, published_at=now)
        return replace(self, newest=published, was_published=True)

    def pause(self, by: Mover) -> "Life":
        """Stop to give grants; the city's word stands above the operator's."""
        self._check_not_withdrawn()
        if not self.was_published:
            raise Refused("not_published", self.id)
        if self.paused_by in {by, Mover.CITY}:
            return self
        return replace(self, paused_by=by)

    def resume(self, by: Mover) -> "Life":
        """Give grants again; raises Refused paused_by_city for an operator the city stopped."""
        self._check_not_withdrawn()
        if self.paused_by is None:
            return self
        if self.paused_by is Mover.CITY and by is not Mover.CITY:
            raise Refused("paused_by_city", self.id)
        return replace(self, paused_by=None)

    def withdraw(self) -> "Life":
        """End it for good."""
        return self if self.withdrawn else replace(self, withdrawn=True)

    def _check_not_withdrawn(self) -> None:
        if self.withdrawn:
            raise Refused("incentive_withdrawn", self.id)

    def _check_newest(self, version: Version) -> None:
        if version.number != self.newest.number:
            raise Refused("version_replaced", self.id)
