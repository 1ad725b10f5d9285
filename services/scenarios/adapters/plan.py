"""The plan's counters in tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from contracts.words import CityState, MoveKind, UsageFact, VersionState
from services.plumbing.rows import insert_once
from services.scenarios.adapters.catalogue_tables import incentive_moves
from services.scenarios.adapters.plan_tables import plan_cities, plan_days, plan_measures
from services.scenarios.adapters.tables import (
    incentive_versions,
    incentives,
    scenarios,
    usage_lines,
)
from services.scenarios.domain.plan import OFFERED, Measure


class SqlPlan:
    """Remembers words with their moments, and counts by day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note_measure(self, measure: Measure) -> None:
        if not insert_once(self._connection, plan_measures, **vars(measure)):
            key = {"incentive_id": measure.incentive_id, "since": measure.since}
            self._connection.execute(update(plan_measures).filter_by(**key).values(vars(measure)))

    def latest_measure(self, incentive_id: str) -> Measure | None:
        found = (
            select(plan_measures)
            .filter_by(incentive_id=incentive_id)
            .order_by(plan_measures.c.since.desc())
            .limit(1)
        )
        row = self._connection.execute(found).mappings().one_or_none()
        return Measure(**row) if row else None

    def measures(self) -> Sequence[Measure]:
        return [
            Measure(**row) for row in self._connection.execute(select(plan_measures)).mappings()
        ]

    def recount_measures(self) -> int:
        versions = incentive_versions.c
        found = (
            select(
                versions.incentive_id,
                versions.offered_from,
                versions.published_at,
                versions.offered_until.label("until"),
                incentives.c.scenario_id,
                scenarios.c.category,
                scenarios.c.district,
            )
            .join(incentives, incentives.c.id == versions.incentive_id)
            .join(scenarios, scenarios.c.id == incentives.c.scenario_id)
            .where(versions.state == VersionState.PUBLISHED)
            .order_by(versions.incentive_id, versions.version)
        )
        kinds: dict[str, dict[str, Any]] = {}
        for row in self._connection.execute(found).mappings().all():
            known = dict(row)
            offered, published = known.pop("offered_from"), known.pop("published_at")
            since = max(offered, published or offered)
            insert_once(self._connection, plan_measures, **known, since=since, is_offered=True)
            kinds[row["incentive_id"]] = known
        self._recount_moves(kinds)
        count = select(func.count()).select_from(plan_measures)
        return self._connection.execute(count).scalar_one()

    def _recount_moves(self, kinds: Mapping[str, dict[str, Any]]) -> None:
        moves = incentive_moves.c
        found = select(moves.incentive_id, moves.kind, moves.at).where(moves.kind.in_(OFFERED))
        for row in self._connection.execute(found).all():
            if row.incentive_id in kinds:
                insert_once(
                    self._connection,
                    plan_measures,
                    **kinds[row.incentive_id],
                    since=row.at,
                    is_offered=OFFERED[MoveKind(row.kind)],
                )

    def note_city(self, city: str, state: CityState, changed_at: datetime) -> None:
        insert_once(self._connection, plan_cities, city=city, changed_at=changed_at, state=state)

    def cities(self, moment: datetime) -> Mapping[str, CityState]:
        found = (
            select(plan_cities)
            .where(plan_cities.c.changed_at < moment)
            .order_by(plan_cities.c.changed_at)
        )
        return {row.city: CityState(row.state) for row in self._connection.execute(found)}

    def knows(self, city: str) -> bool:
        found = select(plan_cities.c.city).filter_by(city=city).limit(1)
        return self._connection.execute(found).first() is not None

    def count(self, counter: str, label: str, day: str) -> None:
        key = {"counter": counter, "label": label, "day": day}
        insert_once(self._connection, plan_days, **key, count=0)
        self._connection.execute(
            update(plan_days).filter_by(**key).values(count=plan_days.c.count + 1)
        )

    def counted(self, counter: str, day: str) -> Mapping[str, int]:
        found = (
            select(plan_days.c.label, func.sum(plan_days.c.count))
            .where(plan_days.c.counter == counter, plan_days.c.day <= day)
            .group_by(plan_days.c.label)
            .order_by(plan_days.c.label)
        )
        return {label: int(count) for label, count in self._connection.execute(found)}

    def uses(self, host: str, moment: datetime) -> Mapping[str, int]:
        lines = usage_lines.c
        worth = case((lines.fact == UsageFact.REDEEMED, 1), else_=-1)
        found = (
            select(scenarios.c.category, func.sum(worth))
            .select_from(usage_lines)
            .join(incentives, incentives.c.id == lines.incentive_id)
            .join(scenarios, scenarios.c.id == incentives.c.scenario_id)
            .where(
                lines.host == host,
                lines.fact.in_([UsageFact.REDEEMED, UsageFact.REVERSED]),
                lines.at < moment,
            )
            .group_by(scenarios.c.category)
            .order_by(scenarios.c.category)
        )
        return {category: int(count) for category, count in self._connection.execute(found)}
