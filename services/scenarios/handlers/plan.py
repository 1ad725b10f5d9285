"""The plan's counters: hearing what they count, and showing them as of any day (ADR 0037)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from contracts.catalogue import IncentiveMoved
from contracts.counters import (
    CounterPart,
    CounterRecord,
    DistrictCoverage,
    PlanCounters,
    ShowPlanCounters,
)
from contracts.membership import CityStateChanged
from contracts.objections import ObjectionClosed, ObjectionOpened
from contracts.periods import period_name
from contracts.scenarios import IncentivePublished
from contracts.special_reports import SpecialReportIssued
from contracts.words import Period, PlanCounter
from services.scenarios.domain import plan
from services.scenarios.domain.plan import Measure
from services.scenarios.handlers.plan_texts import COMPUTED, TITLES
from services.scenarios.ports import UnitOfWork

DUE, IN_TIME = "objections_due", "objections_in_time"


def on_incentive_published(event: IncentivePublished, *, uow: UnitOfWork) -> None:
    """Note what is on offer, and where, since when.  Safe to repeat."""
    measure = Measure(
        incentive_id=event.incentive_id,
        scenario_id=event.scenario_id,
        category=event.category,
        district=event.district,
        since=max(event.offered_from, event.published_at or event.offered_from),
        until=event.offered_until,
        is_offered=True,
    )
    with uow:
        uow.plan.note_measure(measure)
        uow.commit()


def on_incentive_moved(event: IncentiveMoved, *, uow: UnitOfWork) -> None:
    """Note that an incentive is paused, offered again, or withdrawn.  Safe to repeat."""
    is_offered = plan.OFFERED.get(event.move)
    if is_offered is None:
        return
    with uow:
        known = uow.plan.latest_measure(event.incentive_id)
        if known is not None:
            uow.plan.note_measure(replace(known, since=event.at, is_offered=is_offered))
        uow.commit()


def on_city_state_changed(event: CityStateChanged, *, uow: UnitOfWork) -> None:
    """Note where a city stands since when.  Safe to repeat."""
    with uow:
        uow.plan.note_city(event.city, event.state, event.changed_at)
        uow.commit()


def on_objection_opened(event: ObjectionOpened, *, uow: UnitOfWork) -> None:
    """Count an objection on the day it is due."""
    with uow:
        uow.plan.count(DUE, "", event.due_on)
        uow.commit()


def on_objection_closed(event: ObjectionClosed, *, uow: UnitOfWork) -> None:
    """Count an objection that was closed in time on the day it was due."""
    with uow:
        if event.in_time:
            uow.plan.count(IN_TIME, "", event.due_on)
        uow.commit()


def on_special_report_issued(event: SpecialReportIssued, *, uow: UnitOfWork) -> None:
    """Count a report in each of its fields."""
    day = period_name(Period.DAY, event.issued_at)
    with uow:
        for field in event.fields:
            uow.plan.count(PlanCounter.SPECIAL_REPORTS, field, day)
        uow.commit()


def rebuild(*, uow: UnitOfWork) -> int:
    """Add what incentives were on offer before anybody heard of them; return how many words.

    Uses are counted from usage lines anyway; the rest is what was heard.  Safe to repeat.
    """
    with uow:
        found = uow.plan.recount_measures()
        uow.commit()
    return found


def show_plan_counters(
    command: ShowPlanCounters,
    *,
    uow: UnitOfWork,
    city: str,
    smallest_cell: int,
    known_districts: tuple[str, ...],
    now: datetime,
) -> PlanCounters:
    """Show every counter as of the end of a day; raises Malformed for what is no day.

    For everybody, what tells of people's doings is rounded down to multiples of `smallest_cell`.
    """
    day = command.as_of or period_name(Period.DAY, now)
    moment = plan.end_of(day)
    step = None if command.exact else smallest_cell
    with uow:
        measures = uow.plan.measures()
        online = plan.cities_online(uow.plan.cities(moment))
        uses = uow.plan.uses(city, moment)
        reports = uow.plan.counted(PlanCounter.SPECIAL_REPORTS, day)
        due = sum(uow.plan.counted(DUE, day).values())
        in_time = sum(uow.plan.counted(IN_TIME, day).values())
    districts = plan.districts(plan.on_offer(measures, moment), known_districts)
    reached = sum(each.is_reached for each in districts)
    counters = (
        _counter(
            PlanCounter.NEW_SCENARIOS,
            plan.new_scenarios(measures, day),
            target=plan.NEW_SCENARIOS,
        ),
        replace(_counter(PlanCounter.DISTRICTS, reached, target=len(districts)), of=len(districts)),
        _counter(PlanCounter.CITIES_ONLINE, online, target=plan.CITIES),
        _counter(
            PlanCounter.USES,
            plan.told(sum(uses.values()), step),
            parts=_parts(uses, step),
        ),
        _counter(
            PlanCounter.SPECIAL_REPORTS,
            sum(1 for count in reports.values() if count >= (step or 1)),
            target=plan.FIELDS,
            parts=_parts(reports, step),
        ),
        _in_time(due, in_time, step),
    )
    return PlanCounters(
        as_of=day,
        counters=counters,
        districts=tuple(
            DistrictCoverage(
                district=each.code,
                categories=each.categories,
                measures=each.measures,
                reached=each.is_reached,
            )
            for each in districts
        ),
        rounded_to=step,
    )


def _counter(
    counter: PlanCounter,
    value: int | None,
    *,
    target: int | None = None,
    parts: tuple[CounterPart, ...] = (),
) -> CounterRecord:
    return CounterRecord(
        counter=counter,
        title=TITLES[counter].zh,
        title_en=TITLES[counter].en,
        computed=COMPUTED[counter].zh,
        computed_en=COMPUTED[counter].en,
        value=value,
        target=target,
        reached=None if target is None or value is None else value >= target > 0,
        parts=parts,
    )


def _in_time(due: int, in_time: int, step: int | None) -> CounterRecord:
    """Count objections closed in time; of few, or with few that were late, nothing is published."""
    late = due - in_time
    if step is not None and (due < step or 0 < in_time < step or 0 < late < step):
        return _counter(PlanCounter.OBJECTIONS_IN_TIME, None)
    shown = plan.rounded(in_time, step)
    record = _counter(PlanCounter.OBJECTIONS_IN_TIME, shown)
    return replace(record, of=plan.rounded(due, step))


def _parts(counts: Mapping[str, int], step: int | None) -> tuple[CounterPart, ...]:
    """List what is counted of each kind; of a kind with fewer than a step, that it is there."""
    return tuple(
        CounterPart(label=label, value=plan.told(count, step)) for label, count in counts.items()
    )
