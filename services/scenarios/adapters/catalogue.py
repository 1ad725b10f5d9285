"""Operators and scenarios in tables."""

from sqlalchemy import Connection, select, update

from contracts.words import Category, ScenarioKind
from services.plumbing import rows
from services.scenarios.adapters.tables import operators, scenarios
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
            kind=ScenarioKind(row.kind),
        )

    def add(self, scenario: Scenario) -> None:
        rows.insert(self._connection, scenarios, **vars(scenario))

    def save(self, scenario: Scenario) -> None:
        self._connection.execute(
            update(scenarios).where(scenarios.c.id == scenario.id).values(**vars(scenario))
        )
