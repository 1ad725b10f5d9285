"""`huxin explain` and `huxin replay`: why a decision came out so, and whether it would again.

For the city's own officials, on the node: what a decision rested on, without whom it was about.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from contracts.decisions import DecisionBasis, DecisionRecord
from contracts.errors import NotFound
from contracts.explanations import SAYINGS, next_step_of, say, title_of
from huxin_client.shell.language import language, spoken
from services.cli.options import SettingsFile
from services.cli.repair import database_of
from services.cli.screen import out, plain_errors
from services.cli.screen import say as print_line
from services.plumbing.clock import utc_now
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork, make_unit_of_work
from services.scenarios.domain import decision_record as kept
from services.scenarios.handlers.decisions import as_told
from services.scenarios.handlers.replay import Difference, named, replay

DecisionId = Annotated[
    UUID, typer.Argument(help="The id of the request, such as that of a grant. 决定编号。")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, one a line. 以 JSON 输出。")]


def explain(id: DecisionId, settings: SettingsFile = None, *, as_json: AsJson = False) -> None:
    """Say what a decision asked, what held, and what it rested on (说明一项决定的理由)."""
    with plain_errors():
        records = _records(id, settings)
        told = [as_told(record) for record in records]
    for record, one in zip(records, told, strict=True):
        if as_json:
            print_line(record.document)
        else:
            _print(one)


def replay_decision(
    id: DecisionId, settings: SettingsFile = None, *, as_json: AsJson = False
) -> None:
    """Take a decision again from its record; exit 1 when it comes out otherwise (重放一项决定)."""
    with plain_errors():
        uow = _unit_of_work(settings)
        differences = [replay(record, uow=uow) for record in _found(id, uow)]
    for found in differences:
        _print_differences(found, as_json=as_json)
    if any(differences):
        raise typer.Exit(1)


def _unit_of_work(settings: Path | None) -> ScenariosUnitOfWork:
    return make_unit_of_work(database_of("scenarios", settings), utc_now, None, _nobody_waits)


def _records(id: UUID, settings: Path | None) -> Sequence[kept.DecisionRecord]:
    return _found(id, _unit_of_work(settings))


def _found(id: UUID, uow: ScenariosUnitOfWork) -> Sequence[kept.DecisionRecord]:
    found = named(id, uow=uow)
    if not found:
        raise NotFound(
            "not_found", spoken(f"no decision {id} is on record", f"没有编号为 {id} 的决定记录")
        )
    return found


def _print(record: DecisionRecord) -> None:
    explanation = record.explanation
    kind, rule = explanation.kind, explanation.rule_id
    version = explanation.rule_version or "–"
    city, moment = explanation.city, f"{explanation.decided_at:%Y-%m-%d %H:%M:%S}Z"
    print_line(f"{explanation.decision_id}  {explanation.outcome}  {explanation.reason or ''}")
    print_line(title_of(explanation).said(language()))
    print_line(
        spoken(
            f"{kind} {rule} version {version} in {city}, {moment}, attempt {record.attempts}",
            f"{kind} {rule} 版本 {version}，城市 {city}，{moment}，第 {record.attempts} 次请求",
        )
    )
    if explanation.basis:
        print_line(_basis(explanation.basis))
    table = Table("", spoken("condition", "条件"), spoken("finding", "认定"))
    for finding in explanation.findings:
        name, text = SAYINGS[finding.condition].name, say(finding)
        mark = "✓" if finding.held else "✗"
        table.add_row(mark, name.said(language()), escape(text.said(language())))
    out.print(table)
    print_line(f"→ {next_step_of(explanation).said(language())}")
    print_line(f"sha256 {record.digest}")


def _basis(basis: DecisionBasis) -> str:
    tables = " + ".join([str(basis.crosswalk), *map(str, basis.overrides)])
    status, age = _seconds(basis.status_age_seconds), _seconds(basis.roster_age_seconds)
    roster = "?" if basis.roster is None else basis.roster
    key, attestation = basis.key_id or "?", basis.attestation_id
    parts = [
        spoken(f"home {basis.home}", f"归属城市 {basis.home}"),
        spoken(f"key {key}", f"密钥 {key}"),
        spoken(f"attestation {attestation}", f"信用分证明 {attestation}"),
        spoken(f"crosswalk {tables}", f"等级对照表 {tables}"),
        spoken(f"roster {roster}", f"成员名册 {roster}"),
        spoken(f"status {status} old", f"状态获取于 {status} 前"),
        spoken(f"roster {age} old", f"成员名册获取于 {age} 前"),
    ]
    return spoken(", ", "，").join(parts)


def _seconds(age: int | None) -> str:
    return "?" if age is None else spoken(f"{age} s", f"{age} 秒")


def _print_differences(found: Sequence[Difference], *, as_json: bool) -> None:
    if as_json:
        print_line(json.dumps([vars(each) for each in found], ensure_ascii=False))
        return
    if not found:
        print_line(spoken("the same", "结果一致"))
    nothing = spoken("nothing", "无")
    for each in found:
        was, is_now = each.recorded or nothing, each.replayed or nothing
        told = spoken(f"on record {was}; now {is_now}", f"记录为 {was}，现为 {is_now}")
        print_line(f"{each.what}: {told}")


def _nobody_waits() -> None:
    """Wake nobody: nothing is announced."""
