"""Replay: taking a decision again from what is on record, by the rule version of its day."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts import wire
from contracts.decisions import ConditionFinding, DecisionFacts, Explanation
from contracts.errors import Malformed
from contracts.words import ScenarioKind
from services.scenarios.domain.bounds import Count, Taking
from services.scenarios.domain.decision import Finding, decide
from services.scenarios.domain.decision_record import DecisionRecord
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.limit_findings import Counts, limit_findings
from services.scenarios.ports import UnitOfWork

RECORD: Final = "record"
RULE: Final = "rule"
REASON: Final = "reason"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where a replay comes to something else than what is on record.

    `what` is `record`: the document is not what was written; `rule`: the version of its day is
    gone; `reason`, or the name of a condition: what was decided, and what would be now.
    """

    what: str
    recorded: str
    replayed: str


def replay(record: DecisionRecord, *, uow: UnitOfWork) -> tuple[Difference, ...]:
    """Take a decision again; return all that differs, nothing when it comes out the same.

    Changes nothing.  A decision of another kind than an incentive's is checked for its document.
    """
    return tuple(_differences(record, uow))


def _differences(record: DecisionRecord, uow: UnitOfWork) -> Iterator[Difference]:
    if not record.is_whole:
        yield Difference(what=RECORD, recorded=record.digest, replayed="another document")
    try:
        explanation: Explanation = wire.load(Explanation, json.loads(record.document))
    except (Malformed, ValueError):
        yield Difference(what=RECORD, recorded="explanation v1", replayed="unreadable")
        return
    if explanation.kind is ScenarioKind.INCENTIVE and explanation.facts is not None:
        yield from _of_incentive(explanation, explanation.facts, uow)


def _of_incentive(
    explanation: Explanation, facts: DecisionFacts, uow: UnitOfWork
) -> Iterator[Difference]:
    name, number = explanation.rule_id, explanation.rule_version
    with uow:
        incentive = uow.incentives.version(name, number) if number else None
    if incentive is None:
        yield Difference(what=RULE, recorded=f"{name} version {number}", replayed="gone")
        return
    again = findings_of(incentive, facts, explanation)
    recorded = [(each.condition, _text(each)) for each in explanation.findings]
    replayed = [(each.condition, _text(each)) for each in again]
    for one, other in _paired(recorded, replayed):
        if one != other:
            what = (one or other or ("", ""))[0]
            yield Difference(
                what=what, recorded=one[1] if one else "", replayed=other[1] if other else ""
            )
    reason = next((each.refusal for each in again if not each.held), None)
    if reason != explanation.reason:
        yield Difference(
            what=REASON,
            recorded=explanation.reason or explanation.outcome,
            replayed=reason or "granted",
        )


def findings_of(
    incentive: Incentive, told: DecisionFacts, explanation: Explanation
) -> tuple[Finding, ...]:
    """Judge a version of an incentive on facts that are on record."""
    facts = Facts(
        at=explanation.decided_at,
        tier=told.tier,
        home=told.home,
        purposes=frozenset(told.purposes),
        crosswalk=told.crosswalk,
        attested_at=told.attested_at,
        objection=told.objection,
        district=told.district,
        open_grants=frozenset(told.open_grants),
        barring=frozenset(told.barring),
    )
    findings = decide(incentive, told.category, facts).findings
    if told.committed_fen is None:
        return findings
    taking = Taking(holder="holder", district=told.counted_in, at=explanation.decided_at)
    counted = Counts(
        district=told.counted_in,
        bounds=[Count(issued=each.units, reserved_fen=each.fen) for each in told.counted],
        committed_fen=told.committed_fen,
    )
    return (*findings, *limit_findings(incentive.terms, taking, counted))


def _paired(
    recorded: Sequence[tuple[str, str]], replayed: Sequence[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str] | None, tuple[str, str] | None]]:
    """Set findings beside one another by condition; one that has no other stands alone."""
    left = list(replayed)
    for one in recorded:
        other = next((each for each in left if each[0] == one[0]), None)
        if other is not None:
            left.remove(other)
        yield one, other
    yield from ((None, other) for other in left)


def _text(finding: Finding | ConditionFinding) -> str:
    held = "held" if finding.held else "did not hold"
    return f"{held}: asked “{finding.asked}”, found “{finding.found}”"


def named(id: UUID, *, uow: UnitOfWork) -> tuple[DecisionRecord, ...]:
    """Return the decisions of that id, for the city; holders may have asked under the same."""
    with uow:
        return tuple(uow.decisions.named(id))
