"""Settlements in tables, and usage lines by the month they are settled in."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from contracts.words import DifferenceKind, Funding, SettlementState, UsageFact
from services.plumbing.rows import insert, insert_once
from services.scenarios.adapters.settlement_tables import (
    settlement_differences,
    settlement_steps,
    settlements,
)
from services.scenarios.adapters.tables import usage_lines
from services.scenarios.adapters.usage_lines import streamed, usage_line
from services.scenarios.domain.settlement import Difference, Seal, Settlement, Sum
from services.scenarios.domain.statement import UsageLine
from services.scenarios.ports.settlements import Scope

_LINES: Final = usage_lines.c
_ORDER: Final = (_LINES.line_id, _LINES.host)


class SqlSettledLines:
    """Reads lines by settlement, and moves them from month to month."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fix(self, scope: Scope) -> None:
        waiting = _within(Scope(**{**vars(scope), "is_closed": False}))
        self._connection.execute(
            update(usage_lines).where(*waiting).values(settled_in=scope.period)
        )

    def release(self, scope: Scope, lines: Iterable[tuple[str, UUID]]) -> None:
        for host, line_id in lines:
            self._connection.execute(
                update(usage_lines)
                .where(*_within(scope), _LINES.host == host, _LINES.line_id == line_id)
                .values(settled_in=None)
            )

    def sums(self, scope: Scope) -> Sequence[Sum]:
        kind = _LINES.host, _LINES.home, _LINES.fact, _LINES.funding
        is_late = case((_LINES.month < scope.period, 1), else_=0)
        found = (
            select(
                *kind,
                func.count(),
                func.sum(_LINES.value_fen),
                func.sum(is_late),
                func.sum(is_late * _LINES.value_fen),
            )
            .where(*_within(scope))
            .group_by(*kind)
            .order_by(*kind)
        )
        return [
            Sum(host, home, UsageFact(fact), Funding(by) if by else None, *map(int, numbers))
            for host, home, fact, by, *numbers in self._connection.execute(found)
        ]

    def seals(self, scope: Scope) -> Iterator[Seal]:
        found = select(*_ORDER, _LINES.seal).where(*_within(scope)).order_by(*_ORDER)
        return (Seal(row.line_id, row.host, row.seal) for row in streamed(self._connection, found))

    def page(
        self, scope: Scope, after: UUID | None, until: UUID | None, most: int
    ) -> Sequence[UsageLine]:
        span = [*_within(scope), *_between(_LINES.line_id, after, until)]
        ids = select(_LINES.line_id).where(*span).order_by(*_ORDER).limit(most)
        found = select(usage_lines).where(*span, _LINES.line_id <= _last(ids)).order_by(*_ORDER)
        return [usage_line(row) for row in self._connection.execute(found)]

    def cities(self, own: str, period: str) -> Sequence[str]:
        other = case((_LINES.host == own, _LINES.home), else_=_LINES.host)
        found = select(other).where(_LINES.month <= period, _LINES.home != _LINES.host).distinct()
        return sorted(self._connection.scalars(found))

    def unsettled_before(self, own: str, city: str, period: str) -> str | None:
        closed = select(settlements.c.period).where(settlements.c.city == city)
        found = select(func.min(_LINES.month)).where(
            _pair(own, city),
            _LINES.month < period,
            _LINES.settled_in.is_(None),
            _LINES.month.not_in(closed),
        )
        earliest: str | None = self._connection.execute(found).scalar_one()
        return earliest


class SqlSettlements:
    """Stores where each settlement stands, and how it came there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, period: str, city: str) -> Settlement | None:
        found = select(settlements).filter_by(period=period, city=city).with_for_update()
        row = self._connection.execute(found).mappings().one_or_none()
        return Settlement(**{**row, "state": SettlementState(row["state"])}) if row else None

    def add(self, settlement: Settlement) -> bool:
        added = insert_once(self._connection, settlements, **vars(settlement))
        if added:
            self._step(settlement, 1)
        return added

    def save(self, settlement: Settlement) -> None:
        key = {"period": settlement.period, "city": settlement.city}
        self._connection.execute(update(settlements).filter_by(**key).values(vars(settlement)))
        steps = select(func.count()).select_from(settlement_steps).filter_by(**key)
        self._step(settlement, self._connection.execute(steps).scalar_one() + 1)

    def cities(self, period: str) -> Sequence[str]:
        found = select(settlements.c.city).filter_by(period=period)
        return list(self._connection.scalars(found))

    def closed_since(self, period: str, city: str) -> bool:
        later = select(settlements.c.period).where(
            settlements.c.city == city, settlements.c.period > period
        )
        return self._connection.execute(later.limit(1)).first() is not None

    def _step(self, settlement: Settlement, number: int) -> None:
        insert(
            self._connection,
            settlement_steps,
            period=settlement.period,
            city=settlement.city,
            number=number,
            state=settlement.state,
            digest=settlement.digest,
            their_digest=settlement.their_digest,
            at=settlement.changed_at,
        )


class SqlDifferences:
    """Stores what the last comparison found."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(
        self,
        period: str,
        city: str,
        span: tuple[UUID | None, UUID | None],
        found: Iterable[Difference],
    ) -> None:
        column = settlement_differences.c.line_id
        self._connection.execute(
            delete(settlement_differences)
            .filter_by(period=period, city=city)
            .where(*_between(column, *span))
        )
        for each in found:
            values = each._asdict()
            line_id = values.pop("id")
            insert_once(
                self._connection,
                settlement_differences,
                period=period,
                city=city,
                line_id=line_id,
                **values,
            )

    def of(self, period: str, city: str, after: UUID | None, most: int) -> Sequence[Difference]:
        table = settlement_differences
        of_it = [table.c.period == period, table.c.city == city]
        of_it += _between(table.c.line_id, after, None)
        ids = select(table.c.line_id).where(*of_it).order_by(table.c.line_id).limit(most)
        found = (
            select(table)
            .where(*of_it, table.c.line_id <= _last(ids))
            .order_by(table.c.line_id, table.c.host, table.c.field)
        )
        return [
            Difference(
                row.line_id, row.host, DifferenceKind(row.kind), row.field, row.here, row.there
            )
            for row in self._connection.execute(found)
        ]

    def held(self, period: str, city: str) -> Sequence[tuple[str, UUID]]:
        table = settlement_differences
        found = (
            select(table.c.host, table.c.line_id)
            .filter_by(period=period, city=city)
            .where(table.c.kind != DifferenceKind.MISSING_HERE)
            .distinct()
        )
        return [(host, line_id) for host, line_id in self._connection.execute(found)]


def _pair(own: str, city: str) -> ColumnElement[bool]:
    return or_(
        and_(_LINES.home == city, _LINES.host == own),
        and_(_LINES.home == own, _LINES.host == city),
    )


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    pair = _pair(scope.own, scope.city)
    if scope.is_closed:
        return [pair, _LINES.settled_in == scope.period]
    return [pair, _LINES.settled_in.is_(None), _LINES.month <= scope.period]


def _last(ids: Select[tuple[UUID]]) -> ScalarSelect[UUID]:
    """Select the last of a page of ids; PostgreSQL has no max() of UUIDs."""
    page = ids.subquery()
    return select(page.c.line_id).order_by(page.c.line_id.desc()).limit(1).scalar_subquery()


def _between(column: Any, after: UUID | None, until: UUID | None) -> list[ColumnElement[bool]]:
    bounds = []
    if after is not None:
        bounds.append(column > after)
    if until is not None:
        bounds.append(column <= until)
    return bounds
