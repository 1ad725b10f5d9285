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
        raise NotFound("not_found", f"no decision {id} is on record")
    return found


def _print(record: DecisionRecord) -> None:
    explanation = record.explanation
    title, step = title_of(explanation), next_step_of(explanation)
    version = explanation.rule_version or "–"
    print_line(f"{explanation.decision_id}  {explanation.outcome}  {explanation.reason or ''}")
    print_line(f"{title.zh} {title.en}")
    print_line(
        f"{explanation.kind} {explanation.rule_id} version {version}"
        f" in {explanation.city}, {explanation.decided_at:%Y-%m-%d %H:%M:%S}Z,"
        f" attempt {record.attempts}"
    )
    if explanation.basis:
        print_line(_basis(explanation.basis))
    table = Table("", "condition", "条件", "")
    for finding in explanation.findings:
        text = say(finding)
        mark = "✓" if finding.held else "✗"
        table.add_row(mark, SAYINGS[finding.condition].name.en, escape(text.zh), escape(text.en))
    out.print(table)
    print_line(f"→ {step.zh} {step.en}")
    print_line(f"sha256 {record.digest}")


def _basis(basis: DecisionBasis) -> str:
    parts = [
        f"home {basis.home}",
        f"key {basis.key_id or '?'}",
        f"attestation {basis.attestation_id}",
        f"crosswalk {basis.crosswalk}" + "".join(f" + {each}" for each in basis.overrides),
        f"roster {'?' if basis.roster is None else basis.roster}",
        f"status {_seconds(basis.status_age_seconds)} old",
        f"roster {_seconds(basis.roster_age_seconds)} old",
    ]
    return ", ".join(parts)


def _seconds(age: int | None) -> str:
    return "?" if age is None else f"{age} s"


def _print_differences(found: Sequence[Difference], *, as_json: bool) -> None:
    if as_json:
        print_line(json.dumps([vars(each) for each in found], ensure_ascii=False))
        return
    if not found:
        print_line("the same 结果一致")
    for each in found:
        print_line(
            f"{each.what}: on record {each.recorded or 'nothing'}; now {each.replayed or 'nothing'}"
        )


def _nobody_waits() -> None:
    """Wake nobody: nothing is announced."""
