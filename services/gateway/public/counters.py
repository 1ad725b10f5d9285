"""What the plan counts, for everybody and, exactly, for the city's officials."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.counters import PlanCounters, ShowPlanCounters
from contracts.fields import Count
from contracts.words import PlanCounter
from services.gateway.authentication.callers import Administrator, Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.exports import VARIED, csv_answer, wants_csv
from services.gateway.json_text import to_json
from services.gateway.parameters import naming

BRIEFLY: Final = {"Cache-Control": "public, max-age=60", **VARIED}


@dataclass(frozen=True, kw_only=True)
class CounterRow:
    """A counter, or a part of it, in one row; a district's value is its categories."""

    counter: PlanCounter
    title: str
    title_en: str
    label: str
    value: Count | None
    of: Count | None
    target: Count | None
    reached: bool | None


class Counters:
    """The same numbers for both, but that officials see them as they are."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_counters(self, call: Call[Anyone, None]) -> PlanCounters | Content:
        return self._show(call, exact=False)

    def show_exact_counters(self, call: Call[Administrator, None]) -> PlanCounters | Content:
        return self._show(call, exact=True)

    def _show(self, call: Call[Any, None], *, exact: bool) -> PlanCounters | Content:
        command = ShowPlanCounters(as_of=call.query["as_of"], exact=exact)
        with naming(as_of="query.as_of"):
            found: PlanCounters = self._bus.call(command, cause=call.cause)
        if wants_csv(call):
            rows = list(rows_of(found))
            return csv_answer(call, CounterRow, rows, limit=len(rows) + 1)
        return found if exact else Content(to_json(found), headers=BRIEFLY)


def rows_of(found: PlanCounters) -> Iterator[CounterRow]:
    """Yield each counter, its parts, and at the districts' counter each district, as rows."""
    for each in found.counters:
        named: dict[str, Any] = {
            "counter": each.counter,
            "title": each.title,
            "title_en": each.title_en,
        }
        yield CounterRow(
            **named,
            label="",
            value=each.value,
            of=each.of,
            target=each.target,
            reached=each.reached,
        )
        for part in each.parts:
            yield CounterRow(
                **named, label=part.label, value=part.value, of=None, target=None, reached=None
            )
        if each.counter is PlanCounter.DISTRICTS:
            for district in found.districts:
                for unit, value in (
                    ("categories", district.categories),
                    ("measures", district.measures),
                ):
                    yield CounterRow(
                        **named,
                        label=f"{district.district} {unit}",
                        value=value,
                        of=None,
                        target=None,
                        reached=district.reached,
                    )
