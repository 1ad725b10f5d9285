"""Dry runs: what terms would decide of samples.  Nothing is kept, counted or announced."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from contracts import rules
from contracts.decisions import ConditionFinding
from contracts.errors import Malformed, NotFound
from contracts.trials import (
    MOST_SAMPLES,
    Doubt,
    DraftTerms,
    Sample,
    SampleOutcome,
    TrialRecord,
    TryIncentive,
)
from contracts.words import Category
from services.scenarios.domain.decision import Decision, decide
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.limits import Limit
from services.scenarios.domain.trial import TIERS, doubts_of
from services.scenarios.ports import UnitOfWork


def try_incentive(
    command: TryIncentive, *, uow: UnitOfWork, city: str, now: datetime
) -> TrialRecord:
    """Say what terms would decide: a draft's, or the newest version's, published or not.

    Raises Malformed for terms that contradict themselves and for too many samples, and NotFound
    for a scenario or an incentive that is not the operator's own.
    """
    if len(command.samples) > MOST_SAMPLES:
        raise Malformed(errors={"samples": f"At most {MOST_SAMPLES}."})
    with uow:
        incentive = _incentive(command, uow=uow, now=now)
        scenario = uow.scenarios.get(incentive.scenario_id) if incentive else None
    if incentive is None or scenario is None:
        raise NotFound("not_found", "incentive")
    if command.operator_id not in (None, scenario.operator_id):
        raise NotFound("not_found", "scenario")
    if command.terms is not None:  # others were checked when they were submitted
        incentive.terms.check(city)
    return record_of(
        incentive,
        category=scenario.category,
        district=scenario.district,
        samples=command.samples,
        homes=command.homes,
        members=command.homes,
        now=now,
        version=None if command.terms else incentive.version,
    )


def record_of(
    incentive: Incentive,
    *,
    category: Category = Category.TRANSPORT,
    district: str | None = None,
    samples: Sequence[Sample] = (),
    homes: Collection[str],
    members: Collection[str],
    now: datetime,
    version: int | None = None,
) -> TrialRecord:
    """Judge samples, or where there are none every tier with every one of `homes`.

    `category` and `district` are the scenario's; samples consent to every category unless they say
    otherwise.
    """
    chosen = samples or [Sample(tier=tier, home=home) for home in homes for tier in TIERS]
    doubts = doubts_of(incentive, category, members, now)
    return TrialRecord(
        incentive_id=incentive.id,
        version=version,
        outcomes=tuple(_outcome(each, incentive, category, district, now) for each in chosen),
        doubts=tuple(Doubt(**vars(doubt)) for doubt in doubts),
    )


def _outcome(
    sample: Sample, incentive: Incentive, category: Category, district: str | None, now: datetime
) -> SampleOutcome:
    decision = decide(incentive, category, _facts(sample, incentive, district, now))
    return SampleOutcome(
        sample=sample, refusal=decision.refusal, findings=tuple(_findings(decision))
    )


def draft(incentive_id: str, said: DraftTerms, now: datetime) -> Incentive:
    """Return terms that are published nowhere as the first version of an incentive."""
    terms = {each.name: getattr(said, each.name) for each in fields(Terms)}
    terms["per_holder"] = _limit(said.per_holder)
    terms["quota"] = _limit(said.quota) if said.quota else None
    terms["offered_from"] = said.offered_from or now
    return Incentive(id=incentive_id, scenario_id=said.scenario_id, version=1, terms=Terms(**terms))


def _incentive(command: TryIncentive, *, uow: UnitOfWork, now: datetime) -> Incentive | None:
    if command.terms is not None:
        return draft(command.incentive_id, command.terms, now)
    life = uow.incentives.life(command.incentive_id)
    if life is None:
        return None
    newest = life.newest
    return Incentive(
        id=life.id, scenario_id=life.scenario_id, version=newest.number, terms=newest.terms
    )


def _facts(sample: Sample, incentive: Incentive, district: str | None, now: datetime) -> Facts:
    at = sample.at or max(now, incentive.terms.offered_from)
    everything = frozenset(Category)
    return Facts(
        at=at,
        tier=sample.tier,
        home=sample.home,
        purposes=everything if sample.purposes is None else frozenset(sample.purposes),
        crosswalk=1,
        attested_at=at - timedelta(days=sample.age_days),
        district=district or sample.district,
        open_grants=frozenset(sample.open_grants),
    )


def _findings(decision: Decision) -> Iterable[ConditionFinding]:
    for each in decision.findings:
        yield ConditionFinding(
            condition=each.condition, held=each.held, asked=each.asked, found=each.found
        )


def _limit(limit: rules.Limit) -> Limit:
    return Limit(count=limit.count, period=limit.period)
