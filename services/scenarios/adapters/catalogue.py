"""Operators, scenarios and incentives in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from contracts.errors import Conflict
from contracts.words import Category, Funding, OnCorrection, OnWithdrawal, Period
from services.plumbing import rows
from services.scenarios.adapters.tables import (
    incentive_versions,
    incentives,
    operators,
    scenarios,
    tallies,
)
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.limits import Limit
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.scenario import Scenario


class SqlOperators:
    """Stores operators."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Operator | None:
        found = select(operators).where(operators.c.id == id)
        row = self._connection.execute(found).mappings().one_or_none()
        return Operator(**row) if row else None

    def add(self, operator: Operator) -> None:
        rows.insert(self._connection, operators, **vars(operator))

    def save(self, operator: Operator) -> None:
        self._connection.execute(
            update(operators).where(operators.c.id == operator.id).values(**vars(operator))
        )


class SqlScenarios:
    """Stores scenarios."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Scenario | None:
        found = select(scenarios).where(scenarios.c.id == id)
        row = self._connection.execute(found).one_or_none()
        if row is None:
            return None
        return Scenario(
            id=row.id,
            operator_id=row.operator_id,
            name=row.name,
            name_en=row.name_en,
            category=Category(row.category),
            district=row.district,
        )

    def add(self, scenario: Scenario) -> None:
        rows.insert(self._connection, scenarios, **vars(scenario))

    def save(self, scenario: Scenario) -> None:
        self._connection.execute(
            update(scenarios).where(scenarios.c.id == scenario.id).values(**vars(scenario))
        )


class SqlIncentives:
    """Stores every version; the head row names the newest and is what is locked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Incentive | None:
        return self._find(id, shared=False)

    def in_force(self, id: str) -> Incentive | None:
        return self._find(id, shared=True)

    def version(self, id: str, number: int) -> Incentive | None:
        head = self._connection.execute(select(incentives).where(incentives.c.id == id))
        row = head.one_or_none()
        return self._version(row, number) if row else None

    def of(self, scenario_id: str) -> Sequence[Incentive]:
        found = (
            select(incentives.c.id)
            .where(incentives.c.scenario_id == scenario_id)
            .order_by(incentives.c.id)
        )
        ids = self._connection.execute(found).scalars().all()
        return [incentive for each in ids if (incentive := self.in_force(each))]

    def add(self, incentive: Incentive) -> None:
        rows.insert(
            self._connection,
            incentives,
            id=incentive.id,
            scenario_id=incentive.scenario_id,
            version=incentive.version,
        )
        self._connection.execute(insert(tallies).values(incentive_id=incentive.id, **_NOTHING))
        self._add_version(incentive)

    def save(self, incentive: Incentive) -> None:
        advanced = self._connection.execute(
            update(incentives)
            .where(incentives.c.id == incentive.id, incentives.c.version < incentive.version)
            .values(version=incentive.version)
        )
        if advanced.rowcount != 1:
            raise Conflict("id_reused", "incentives")
        self._add_version(incentive)

    def _find(self, id: str, *, shared: bool) -> Incentive | None:
        # Two statements: a join would miss the version that a lock was waited for.
        head = select(incentives).where(incentives.c.id == id).with_for_update(read=shared)
        row = self._connection.execute(head).one_or_none()
        if row is None:
            return None
        return self._version(row, row.version)

    def _version(self, head: Row[Any], number: int) -> Incentive | None:
        found = select(incentive_versions).where(
            incentive_versions.c.incentive_id == head.id, incentive_versions.c.version == number
        )
        row = self._connection.execute(found).one_or_none()
        if row is None:
            return None
        return Incentive(
            id=head.id, scenario_id=head.scenario_id, version=number, terms=_terms(row)
        )

    def _add_version(self, incentive: Incentive) -> None:
        terms = incentive.terms
        self._connection.execute(
            insert(incentive_versions).values(
                incentive_id=incentive.id,
                version=incentive.version,
                title=terms.title,
                title_en=terms.title_en,
                benefit=terms.benefit,
                minimum_tier=terms.minimum_tier,
                holder_count=terms.per_holder.count,
                holder_period=terms.per_holder.period,
                quota_count=terms.quota and terms.quota.count,
                quota_period=terms.quota and terms.quota.period,
                budget_fen=terms.budget_fen,
                on_withdrawal=terms.on_withdrawal,
                offered_from=terms.offered_from,
                offered_until=terms.offered_until,
                grant_days=terms.grant_days,
                on_correction=terms.on_correction,
                conditions=terms.conditions,
                quotas=terms.quotas,
                funding=terms.funding,
                reversible_minutes=terms.reversible_minutes,
            )
        )


_NOTHING = {column.name: 0 for column in tallies.columns if column.name != "incentive_id"}


def _terms(row: Row[Any]) -> Terms:
    quota = None
    if row.quota_count is not None:
        quota = Limit(count=row.quota_count, period=Period(row.quota_period))
    return Terms(
        title=row.title,
        title_en=row.title_en,
        benefit=row.benefit,
        minimum_tier=row.minimum_tier,
        per_holder=Limit(count=row.holder_count, period=Period(row.holder_period)),
        quota=quota,
        budget_fen=row.budget_fen,
        on_withdrawal=OnWithdrawal(row.on_withdrawal),
        offered_from=row.offered_from,
        offered_until=row.offered_until,
        grant_days=row.grant_days,
        on_correction=OnCorrection(row.on_correction),
        conditions=row.conditions,
        quotas=row.quotas or (),
        funding=Funding(row.funding),
        reversible_minutes=row.reversible_minutes,
    )
