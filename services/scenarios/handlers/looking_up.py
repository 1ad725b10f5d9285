"""What rules of substitution and screening are given: facts on record, and what sources cover."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from contracts.errors import Malformed, NotFound, Refused
from contracts.words import EvidenceClass, ScenarioKind
from services.scenarios.domain.coverage import Coverage, gaps
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import EvidenceFacts, Fact, StatutoryEvidence
from services.scenarios.domain.scenario import Scenario
from services.scenarios.domain.screening import ScreeningRule
from services.scenarios.ports.screening import Transaction

LONGEST_MONTH: Final = timedelta(days=31)

STATUTORY: Final = frozenset(
    {
        EvidenceClass.SERIOUS_LIST,
        EvidenceClass.ABNORMAL_OPERATION,
        EvidenceClass.JUDGMENT,
        EvidenceClass.ADMINISTRATIVE,
    }
)
"""Classes of evidence that a screening may look up: what an authority decided by law."""


def own_scenario(
    scenario_id: str, operator_id: str | None, kind: ScenarioKind, *, uow: Transaction
) -> Scenario:
    """Return a scenario of a kind, of this operator if one is named.

    Raises NotFound for anybody else's, Refused("wrong_kind") for one of another kind.
    """
    scenario = uow.scenarios.get(scenario_id)
    if scenario is None or operator_id not in {None, scenario.operator_id}:
        raise NotFound("not_found", "scenario")
    if scenario.kind is not kind:
        raise Refused("wrong_kind", scenario.id)
    return scenario


def check_items(items: Collection[str], *, uow: Transaction, now: datetime) -> None:
    """Raise Malformed naming an item that the catalogue does not have."""
    for item in items:
        if uow.evidence_items.at(item, now) is None:
            raise Malformed(errors={"items": f"Not in the catalogue of evidence: {item}."})


def check_lists(lists: Collection[str], *, uow: Transaction, now: datetime) -> None:
    """Raise Refused score_not_allowed for an item that rates, Malformed for no statutory list."""
    check_items(lists, uow=uow, now=now)
    for each in lists:
        item = uow.evidence_items.at(each, now)
        kind = item.terms.evidence_class if item else None
        if kind is EvidenceClass.RATING:
            raise Refused("score_not_allowed", each)
        if kind not in STATUTORY:
            raise Malformed(errors={"lists": f"No statutory list: {each}."})


def facts_of(
    subject: Subject, items: Collection[str], *, uow: Transaction, now: datetime
) -> EvidenceFacts:
    found = uow.evidence.current(subject, items, now)
    return EvidenceFacts([Fact.of(each) for each in found])


def statutory_evidence(
    subject: Subject, rule: ScreeningRule | None, *, uow: Transaction, now: datetime
) -> tuple[StatutoryEvidence, tuple[Coverage, ...]]:
    """Return what a rule may see of a subject, and the statement of what covers it."""
    if rule is None or not rule.is_in_force(now):
        return StatutoryEvidence(), ()
    facts = facts_of(subject, rule.lists, uow=uow, now=now).facts
    coverage = coverage_of(rule.lists, uow=uow)
    known = [each for each in rule.lists if _is_covered(each, rule, coverage, uow=uow, now=now)]
    seen = StatutoryEvidence.of_lists(facts, lists=rule.lists, covered=known)
    return seen, tuple(each for said in coverage.values() for each in said)


def coverage_of(items: Iterable[str], *, uow: Transaction) -> dict[str, Sequence[Coverage]]:
    """Return what sources have reported in full of some items."""
    return {item: uow.coverage.of(item) for item in items}


def _is_covered(
    list_id: str,
    rule: ScreeningRule,
    coverage: Mapping[str, Sequence[Coverage]],
    *,
    uow: Transaction,
    now: datetime,
) -> bool:
    """Whether sources have reported all of a list that can still count, as of late enough."""
    item = uow.evidence_items.at(list_id, now)
    until = now - timedelta(days=rule.report_age_days)
    if item is None or item.terms.live_from >= until:
        return False
    kept = item.terms.keeps_months
    since = item.terms.live_from
    if kept is not None:
        since = max(since, now - LONGEST_MONTH * kept)
    return since >= until or not gaps(coverage[list_id], since, until)
