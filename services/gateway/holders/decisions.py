"""What a holder reads of decisions about them, in words with the next step."""

from collections.abc import Callable

from contracts import explanations
from contracts.decisions import (
    DecisionRecord,
    DecisionRecords,
    ExplainDecision,
    Explanation,
    ListDecisions,
)
from contracts.http import ConditionSaid, DecisionAnswer, DecisionLine, DecisionsAnswer, Sentence
from contracts.problems import Text
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call

Homes = Callable[[str], explanations.HomeCity | None]
"""Finds a member city by its code."""


class Decisions:
    """A holder sees the decisions about themselves; nobody else has a way to them here."""

    def __init__(self, bus: Bus, homes: Homes) -> None:
        self._bus, self._homes = bus, homes

    def list_decisions(self, call: Call[Holder, None]) -> DecisionsAnswer:
        command = ListDecisions(holder=call.caller.holder, after=call.query["after"])
        records: DecisionRecords = self._bus.call(command, cause=call.cause)
        lines = tuple(self._line(record.explanation) for record in records.decisions)
        return DecisionsAnswer(decisions=lines, next=records.next)

    def explain_decision(self, call: Call[Holder, None]) -> DecisionAnswer:
        command = ExplainDecision(decision_id=call.path["decision_id"], holder=call.caller.holder)
        record: DecisionRecord = self._bus.call(command, cause=call.cause)
        explanation = record.explanation
        return DecisionAnswer(
            explanation=explanation,
            digest=record.digest,
            attempts=record.attempts,
            title=_sentence(explanations.title_of(explanation)),
            next_step=self._next_step(explanation),
            conditions=tuple(
                ConditionSaid(
                    condition=finding.condition,
                    held=finding.held,
                    title=_sentence(explanations.SAYINGS[finding.condition].name),
                    text=_sentence(explanations.say(finding)),
                )
                for finding in explanation.findings
            ),
        )

    def _line(self, explanation: Explanation) -> DecisionLine:
        return DecisionLine(
            decision_id=explanation.decision_id,
            kind=explanation.kind,
            scenario_id=explanation.scenario_id,
            rule_id=explanation.rule_id,
            outcome=explanation.outcome,
            reason=explanation.reason,
            decided_at=explanation.decided_at,
            title=_sentence(explanations.title_of(explanation)),
            next_step=self._next_step(explanation),
        )

    def _next_step(self, explanation: Explanation) -> Sentence:
        basis = explanation.basis
        home = self._homes(basis.home) if basis else None
        return _sentence(explanations.next_step_of(explanation, home))


def _sentence(text: Text) -> Sentence:
    return Sentence(zh=text.zh, en=text.en)
