"""Tallies in a table: one row per incentive, at which all who change its numbers meet."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update

from contracts.words import GrantState
from services.scenarios.adapters.tables import tallies
from services.scenarios.domain.limits import Tally


class SqlTallies:
    """Keeps one row per incentive."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incentive_id: str) -> Tally:
        return self._one(select(*_TALLY), incentive_id)

    def lock(self, incentive_id: str) -> Tally:
        return self._one(select(*_TALLY).with_for_update(), incentive_id)

    def issue(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        return self._reserve(
            incentive_id,
            value_fen,
            budget_fen,
            issued=tallies.c.issued + 1,
            open=tallies.c.open + 1,
        )

    def hold(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        return self._reserve(incentive_id, value_fen, budget_fen, held=tallies.c.held + 1)

    def confirm(self, incentive_id: str) -> Tally:
        confirmed = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(held=tallies.c.held - 1, issued=tallies.c.issued + 1, open=tallies.c.open + 1)
            .returning(*_TALLY)
        )
        return Tally(**self._connection.execute(confirmed).mappings().one())

    def release(self, incentive_id: str, value_fen: int) -> None:
        self._connection.execute(
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(held=tallies.c.held - 1, reserved_fen=tallies.c.reserved_fen - value_fen)
        )

    def use(self, incentive_id: str, spent_fen: int, *, is_last: bool) -> None:
        step = int(is_last)
        self._connection.execute(
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                open=tallies.c.open - step,
                redeemed=tallies.c.redeemed + step,
                reserved_fen=tallies.c.reserved_fen - spent_fen,
                spent_fen=tallies.c.spent_fen + spent_fen,
            )
        )

    def end(self, incentive_id: str, state: GrantState, released_fen: int) -> None:
        ended = tallies.c[state.value]
        self._connection.execute(
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                {
                    tallies.c.open: tallies.c.open - 1,
                    ended: ended + 1,
                    tallies.c.reserved_fen: tallies.c.reserved_fen - released_fen,
                }
            )
        )

    def restore(self, incentive_id: str, reserved_fen: int, budget_fen: int | None) -> bool:
        restored = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(
                open=tallies.c.open + 1,
                revoked=tallies.c.revoked - 1,
                reserved_fen=tallies.c.reserved_fen + reserved_fen,
            )
            .returning(tallies.c.open)
        )
        if reserved_fen and budget_fen is not None:
            committed = tallies.c.reserved_fen + tallies.c.spent_fen + reserved_fen
            restored = restored.where(committed <= budget_fen)
        return self._connection.execute(restored).one_or_none() is not None

    def _reserve(
        self,
        incentive_id: str,
        value_fen: int,
        budget_fen: int | None,
        **changes: ColumnElement[int],
    ) -> Tally | None:
        reserved = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(reserved_fen=tallies.c.reserved_fen + value_fen, **changes)
            .returning(*_TALLY)
        )
        if budget_fen is not None:
            committed = tallies.c.reserved_fen + tallies.c.spent_fen + value_fen
            reserved = reserved.where(committed <= budget_fen)
        row = self._connection.execute(reserved).mappings().one_or_none()
        return Tally(**row) if row else None

    def _one(self, found: Select[Any], incentive_id: str) -> Tally:
        row = self._connection.execute(found.where(tallies.c.incentive_id == incentive_id))
        return Tally(**row.mappings().one())


_TALLY = [column for column in tallies.columns if column.name != "incentive_id"]
