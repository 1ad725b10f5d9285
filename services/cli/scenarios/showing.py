"""`huxin scenarios list`, `show` and `export`: what the catalogue says."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.table import Table

from contracts import wire
from contracts.errors import NotFound
from contracts.scenarios import PublishIncentive
from contracts.schemas import schema_of
from contracts.words import IncentiveState
from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.scenarios.comparing import TERMS, lives
from services.cli.scenarios.opening import city_of, open_scenarios
from services.cli.screen import out, plain_errors, say
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork
from services.scenarios.domain.life import Life
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.records import incentive_record, scenario_record

MOST_MOVES = 1000

State = Annotated[
    IncentiveState | None, typer.Option(help="Only incentives in this state. 仅列出该状态。")
]
Target = Annotated[
    Path | None, typer.Argument(help="Where to write; else on the screen. 输出文件。")
]
Which = Annotated[str, typer.Argument(help="A scenario or an incentive. 场景或激励措施编号。")]


def list_scenarios(settings: SettingsFile = None, *, state: State = None) -> None:
    """List scenarios with their incentives, and where each stands (列出场景与激励措施)."""
    table = Table(
        spoken("scenario", "场景"),
        spoken("kind", "场景类型"),
        spoken("category", "场景类别"),
        spoken("operator", "运营方"),
        spoken("incentive", "激励措施"),
        spoken("version", "版本"),
        spoken("state", "状态"),
    )
    with plain_errors(), open_scenarios(settings) as uow:
        scenarios = uow.scenarios.all()
        within = _by_scenario(uow)
    rows = 0
    for scenario in scenarios:
        listed = [life for life in within.get(scenario.id, []) if state in {None, life.state}]
        rows += len(listed)
        for life in listed:
            table.add_row(*_row(scenario, life))
        if not listed and state is None:
            table.add_row(*_row(scenario, None))
    out.print(table)
    count = len(scenarios)
    say(spoken(f"scenarios {count}, incentives {rows}", f"场景 {count} 个，激励措施 {rows} 项"))


def show(name: Which, settings: SettingsFile = None) -> None:
    """Show a scenario, or an incentive with its terms and every step of its life (查看详情)."""
    with plain_errors(), open_scenarios(settings) as uow:
        life, scenario = uow.incentives.life(name), uow.scenarios.get(name)
        if life is None and scenario is None:
            what = spoken(
                f"{name} is neither a scenario nor an incentive here",
                f"{name} 既不是本市的场景，也不是激励措施",
            )
            raise NotFound("not_found", what)
        if scenario is not None:
            _say(wire.dump(scenario_record(scenario)))
            for each in _by_scenario(uow).get(scenario.id, []):
                number, state = each.newest.number, each.state
                say(
                    spoken(
                        f"incentive {each.id}: version {number}, {state}",
                        f"激励措施 {each.id}：版本 {number}，{state}",
                    )
                )
        if life is not None:
            _say(wire.dump(incentive_record(life)))
            for move in uow.incentives.moves(life.id, after=0, most=MOST_MOVES):
                note = f" ({move.note})" if move.note else ""
                said = spoken(
                    f"{move.kind} by {move.by}, version {move.version}",
                    f"{move.kind}，由 {move.by}，版本 {move.version}",
                )
                say(f"{move.number}. {move.at:%Y-%m-%d %H:%M}Z {said}{note}")


def export(target: Target = None, settings: SettingsFile = None) -> None:
    """Write the catalogue as a file that `import` reads (导出场景目录)."""
    with plain_errors():
        city = city_of(settings)
        with open_scenarios(settings) as uow:
            said = _catalogue(uow, city)
        text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
        if target is None:
            typer.echo(text, nl=False)
        else:
            target.write_text(text, "utf-8")


def _catalogue(uow: ScenariosUnitOfWork, city: str) -> dict[str, Any]:
    within = _by_scenario(uow)
    operators = [
        {"operator_id": each.id, "city": city, "name": each.name, "name_en": each.name_en}
        for each in uow.operators.all()
    ]
    return {
        "operators": operators,
        "scenarios": [
            _entry(scenario, within.get(scenario.id, []), city) for scenario in uow.scenarios.all()
        ],
    }


def _entry(scenario: Scenario, within: list[Life], city: str) -> dict[str, Any]:
    said = wire.dump(scenario_record(scenario))
    entry = {"scenario_id": said.pop("scenario_id"), "city": city, **_stated(said)}
    kept = [_incentive(life) for life in within if not life.withdrawn]
    return {**entry, "incentives": kept} if kept else entry


def _incentive(life: Life) -> dict[str, Any]:
    """Say the terms of the newest version, without what would be so anyway."""
    record = wire.dump(incentive_record(life))
    usual = {
        name: field.load_default
        for name, field in schema_of(PublishIncentive).fields.items()
        if not field.required
    }
    told = {
        name: record[name]
        for name in TERMS
        if name not in usual or record[name] != _plain(usual[name])
    }
    return {"incentive_id": life.id, **_stated(told)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _stated(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _by_scenario(uow: ScenariosUnitOfWork) -> dict[str, list[Life]]:
    found: dict[str, list[Life]] = {}
    for life in lives(uow):
        found.setdefault(life.scenario_id, []).append(life)
    return found


def _row(scenario: Scenario, life: Life | None) -> tuple[str, ...]:
    place = (scenario.id, scenario.kind, scenario.category, scenario.operator_id)
    if life is None:
        return (*place, "", "", "")
    return (*place, life.id, str(life.newest.number), life.state)


def _say(said: dict[str, Any]) -> None:
    for name, value in _stated(said).items():
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        say(f"{name}: {text}")
