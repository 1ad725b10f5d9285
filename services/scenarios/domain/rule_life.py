"""The life of a rule: registered, active, stopped.  Its text never changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.errors import Conflict
from contracts.states import RuleEnd, RuleState


@dataclass(frozen=True, kw_only=True)
class RuleLife:
    """Invariant: a rule is activated once and stopped once."""

    state: RuleState = RuleState.REGISTERED
    activated_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_for: RuleEnd | None = None

    def activated(self, now: datetime) -> "RuleLife":
        """Begin to decide.  Raises Conflict("id_reused") for a rule that has stopped."""
        if self.state is RuleState.STOPPED:
            raise Conflict("id_reused", "the rule has stopped; register another")
        if self.state is RuleState.ACTIVE:
            return self
        return replace(self, state=RuleState.ACTIVE, activated_at=now)

    def stopped(self, why: RuleEnd, now: datetime) -> "RuleLife":
        """Stop for good; the first reason stands."""
        if self.state is RuleState.STOPPED:
            return self
        return replace(self, state=RuleState.STOPPED, stopped_at=now, stopped_for=why)


REGISTERED: Final = RuleLife()
