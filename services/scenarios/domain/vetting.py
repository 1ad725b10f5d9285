"""Vetting: what a screening found about a person has effect only after they could object.

Nothing is deducted: a finding is proposed, told, may be objected to, and takes effect as a whole or
is dropped.  A finding that nobody was told of never takes effect.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.errors import Refused
from contracts.states import ObjectionOutcome, ScreeningState, VettingState
from services.scenarios.domain.evidence_facts import Fact, StatutoryEvidence
from services.scenarios.domain.screening import ScreeningRule, screen

_OPENING = {
    ScreeningState.LISTED: VettingState.PROPOSED,
    ScreeningState.NOT_LISTED: VettingState.CLEAR,
    ScreeningState.NOT_COVERED: VettingState.NOT_COVERED,
    ScreeningState.NO_RULE_IN_FORCE: VettingState.NO_RULE_IN_FORCE,
}
OBJECTABLE = frozenset({VettingState.PROPOSED, VettingState.NOTIFIED})


@dataclass(frozen=True, kw_only=True)
class Vetting:
    """Invariant: effective only after its person was told, and no objection is open.

    And only while the fact still stands on the list and the rule is in force.
    """

    id: UUID
    operator_id: str
    scenario_id: str
    rule_id: str | None
    holder: str
    state: VettingState
    facts: tuple[Fact, ...]
    opened_at: datetime
    notified_at: datetime | None = None
    objection_until: datetime | None = None
    objected_at: datetime | None = None
    objection: str = ""
    closed_at: datetime | None = None
    closed_for: str | None = None

    def notified(self, rule: ScreeningRule, now: datetime) -> "Vetting":
        """Note that its person was told; the days to object begin.  Safe to repeat."""
        if self.state is not VettingState.PROPOSED:
            return self
        until = now + timedelta(days=rule.objection_days)
        return replace(self, state=VettingState.NOTIFIED, notified_at=now, objection_until=until)

    def objected(self, objection: str, now: datetime) -> "Vetting":
        """Suspend everything until the city decides.  Raises Refused objection_too_late."""
        if self.state is VettingState.OBJECTED:
            return self
        is_late = self.objection_until is not None and now >= self.objection_until
        if self.state not in OBJECTABLE or is_late:
            raise Refused("objection_too_late")
        return replace(self, state=VettingState.OBJECTED, objected_at=now, objection=objection)

    def decided(
        self,
        outcome: ObjectionOutcome,
        rule: ScreeningRule | None,
        evidence: StatutoryEvidence,
        now: datetime,
    ) -> "Vetting":
        """Decide its objection; the same decision again changes nothing.

        What is upheld and stands no more on the list is dropped all the same.

        Raises Refused already_decided when none is open.
        """
        reason = f"objection_{outcome.value}"
        if self._was_decided(outcome):
            return self
        if self.state is not VettingState.OBJECTED:
            raise Refused("already_decided")
        if outcome is ObjectionOutcome.DROPPED:
            return replace(self, state=VettingState.DROPPED, closed_at=now, closed_for=reason)
        return self._closed(reason, rule, evidence, now)

    def _was_decided(self, outcome: ObjectionOutcome) -> bool:
        if self.closed_for == f"objection_{outcome.value}":
            return True
        # Upheld, and dropped all the same: it is closed for what the list said then.
        said_by_list = self.closed_for in {state.value for state in ScreeningState}
        return outcome is ObjectionOutcome.UPHELD and self.objected_at is not None and said_by_list

    def is_due(self, now: datetime) -> bool:
        until = self.objection_until
        return self.state is VettingState.NOTIFIED and until is not None and now >= until

    def settled(
        self, rule: ScreeningRule | None, evidence: StatutoryEvidence, now: datetime
    ) -> "Vetting":
        """Let a finding that nobody objected to take effect, or drop what is no longer so."""
        if not self.is_due(now):
            return self
        return self._closed("no_objection", rule, evidence, now)

    def _closed(
        self, reason: str, rule: ScreeningRule | None, evidence: StatutoryEvidence, now: datetime
    ) -> "Vetting":
        state, found = screen(rule, evidence, now)
        if state is not ScreeningState.LISTED:
            return replace(self, state=VettingState.DROPPED, closed_at=now, closed_for=state.value)
        effective = VettingState.EFFECTIVE
        return replace(self, state=effective, facts=found, closed_at=now, closed_for=reason)


def open_finding(
    id: UUID,
    *,
    operator_id: str,
    scenario_id: str,
    holder: str,
    rule: ScreeningRule | None,
    evidence: StatutoryEvidence,
    now: datetime,
) -> Vetting:
    """Look a person up and propose what is found."""
    state, found = screen(rule, evidence, now)
    return Vetting(
        id=id,
        operator_id=operator_id,
        scenario_id=scenario_id,
        rule_id=rule.id if rule and state is not ScreeningState.NO_RULE_IN_FORCE else None,
        holder=holder,
        state=_OPENING[state],
        facts=found,
        opened_at=now,
    )
