"""Attempts: a request for an incentive while it is decided, and the explanation it comes to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.decisions import (
    EXPLANATION,
    ConditionFinding,
    CountedBefore,
    DecisionBasis,
    DecisionFacts,
    Explanation,
)
from contracts.errors import Refused
from contracts.outcomes import DecisionOutcome
from contracts.words import Category, Condition, ScenarioKind
from services.scenarios.domain.bounds import Taking, bounds_of
from services.scenarios.domain.decision import Decision, Finding
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.limit_findings import Counts, limit_findings
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.decisions import record_decision
from services.scenarios.ports import UnitOfWork


@dataclass(kw_only=True)
class Attempt:
    """Collects what a decision rests on as far as it gets; what it never came to stays None."""

    decision_id: UUID
    holder: str
    incentive_id: str
    city: str
    now: datetime
    recognition: Recognition | None = None
    incentive: Incentive | None = None
    scenario: Scenario | None = None
    decision: Decision | None = None
    counted: Counts | None = None

    def count(self, taking: Taking, *, uow: UnitOfWork) -> None:
        """Note what limits, quotas and budget say; nobody counts against them meanwhile."""
        if self.incentive is None or self.decision is None:
            raise LookupError("nothing is decided yet")
        terms = self.incentive.terms
        tally = uow.tallies.lock(self.incentive.id)
        counts = uow.counters.look(self.incentive.id, bounds_of(terms, taking))
        self.counted = Counts(
            district=taking.district,
            bounds=counts,
            committed_fen=tally.reserved_fen + tally.spent_fen,
        )
        findings = limit_findings(terms, taking, self.counted)
        self.decision = replace(self.decision, findings=(*self.decision.findings, *findings))

    def record_grant(self, *, uow: UnitOfWork) -> None:
        """Put on record, in the transaction of the grant, that it was given."""
        record_decision(self._explanation(None), uow=uow, holder=self.holder)

    @contextmanager
    def recorded(self, *, uow: UnitOfWork) -> Iterator[None]:
        """Put a refusal on record in a transaction of its own: that of the attempt is undone."""
        try:
            yield
        except Refused as refusal:
            with uow:
                record_decision(self._explanation(refusal.code), uow=uow, holder=self.holder)
                uow.commit()
            raise

    def _explanation(self, reason: str | None) -> Explanation:
        scenario, incentive = self.scenario, self.incentive
        return Explanation(
            document=EXPLANATION,
            decision_id=self.decision_id,
            kind=ScenarioKind.INCENTIVE,
            city=self.city,
            scenario_id=scenario.id if scenario else None,
            rule_id=self.incentive_id,
            rule_version=incentive.version if incentive else None,
            outcome=DecisionOutcome.REFUSED if reason else DecisionOutcome.GRANTED,
            reason=reason,
            findings=self._findings(reason),
            facts=self._facts(),
            basis=basis_of(self.recognition, self.now) if self.recognition else None,
            evidence_ids=(),
            decided_at=self.now,
        )

    def _findings(self, reason: str | None) -> tuple[ConditionFinding, ...]:
        if self.decision is not None:
            return tuple(map(told_finding, self.decision.findings))
        # It fell before there were terms to judge by: no recognition, or no such incentive.
        offered = reason == "not_offered"
        finding = Finding(
            condition=Condition.OFFERED if offered else Condition.RECOGNITION,
            held=False,
            asked="" if offered else "stands",
            found=reason or "",
        )
        return (told_finding(finding),)

    def _facts(self) -> DecisionFacts | None:
        if self.decision is None or self.scenario is None:
            return None
        return told_facts(self.decision.facts, self.scenario.category, self.counted)


def told_finding(finding: Finding) -> ConditionFinding:
    return ConditionFinding(
        condition=finding.condition, held=finding.held, asked=finding.asked, found=finding.found
    )


def told_facts(facts: Facts, category: Category, counted: Counts | None) -> DecisionFacts:
    return DecisionFacts(
        tier=facts.tier,
        home=facts.home,
        category=category,
        purposes=tuple(sorted(facts.purposes)),
        crosswalk=facts.crosswalk,
        attested_at=facts.attested_at,
        objection=facts.objection,
        district=facts.district,
        open_grants=tuple(sorted(facts.open_grants)),
        barring=tuple(sorted(facts.barring)),
        counted=tuple(
            CountedBefore(units=count.units, fen=count.fen)
            for count in (counted.bounds if counted else ())
        ),
        counted_in=counted.district if counted else None,
        committed_fen=counted.committed_fen if counted else None,
    )


def basis_of(recognition: Recognition, at: datetime) -> DecisionBasis:
    """Say whose word a decision at a moment rests on, and how old it was."""
    evidence = recognition.evidence
    basis = DecisionBasis(
        home=recognition.home,
        recognition_id=recognition.id,
        attestation_id=recognition.attestation_id,
        crosswalk=recognition.crosswalk,
    )
    if evidence is None:
        return basis
    return replace(
        basis,
        overrides=tuple(evidence.overrides),
        key_id=evidence.key_id,
        roster=evidence.roster,
        status_age_seconds=_age(evidence.status_as_of, at),
        roster_age_seconds=_age(evidence.roster_as_of, at) if evidence.roster_as_of else None,
    )


def _age(since: datetime, at: datetime) -> int:
    return max(0, int((at - since).total_seconds()))
