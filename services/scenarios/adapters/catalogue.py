"""Operators and scenarios in tables."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from contracts.words import Category, ScenarioKind
from services.plumbing import rows
from services.scenarios.adapters.tables import operators, scenarios
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.scenario import Scenario

_SCENARIO: Final = select(scenarios).where(scenarios.c.id == bindparam("id"))


class SqlOperators:
    """Stores operators."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Operator | None:
        found = select(operators).where(operators.c.id == id)
        row = self._connection.execute(found).mappings().one_or_none()
        return Operator(**row) if row else None

    def all(self) -> Sequence[Operator]:
        found = self._connection.execute(select(operators).order_by(operators.c.id)).mappings()
        return [Operator(**row) for row in found]

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
        row = self._connection.execute(_SCENARIO, {"id": id}).one_or_none()
        return read_scenario(row.id, row) if row else None

    def all(self) -> Sequence[Scenario]:
        found = self._connection.execute(select(scenarios).order_by(scenarios.c.id))
        return [read_scenario(row.id, row) for row in found]

    def add(self, scenario: Scenario) -> None:
        rows.insert(self._connection, scenarios, **vars(scenario))

    def save(self, scenario: Scenario) -> None:
        self._connection.execute(
            update(scenarios).where(scenarios.c.id == scenario.id).values(**vars(scenario))
        )


def read_scenario(id: str, row: Row[Any]) -> Scenario:
    return Scenario(
        id=id,
        operator_id=row.operator_id,
        name=row.name,
        name_en=row.name_en,
        category=Category(row.category),
        district=row.district,
        kind=ScenarioKind(row.kind),
    )
