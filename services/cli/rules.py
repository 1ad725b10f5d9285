"""`huxin rules`: what terms and their conditions would decide, before anybody is decided about."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from marshmallow import ValidationError
from rich.table import Table

from contracts import expressions, wire
from contracts.errors import Malformed
from contracts.problems import Text
from contracts.schemas import schema_of
from contracts.trials import DraftTerms, SampleOutcome, TrialRecord, TryIncentive
from contracts.words import DoubtKind
from huxin_client.shell.language import language, spoken
from services.cli.options import SettingsFile
from services.cli.repair import database_of
from services.cli.screen import out, plain_errors, say
from services.plumbing.clock import utc_now
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.domain.trial import ANYWHERE
from services.scenarios.handlers.trials import draft, record_of, try_incentive

rules_app = typer.Typer(no_args_is_help=True, help="Conditions of incentives (激励条件).")

_DOUBTS: Final = {
    DoubtKind.NO_MEMBER: Text("no such member city", "不是成员城市"),
    DoubtKind.NEVER_HOLDS: Text("no sample ever meets this condition", "没有样例满足该条件"),
    DoubtKind.NEVER_GIVEN: Text(
        "no sample meets all conditions together", "没有样例同时满足全部条件"
    ),
    DoubtKind.WORSE_WITH_HIGHER_TIER: Text(
        "given at a tier and refused at a higher one",
        "等级更高反而不予授予",
    ),
}

What = Annotated[
    str, typer.Argument(help="A JSON file of terms, or an incentive's id. 条件文件或激励编号。")
]
Homes = Annotated[
    list[str] | None,
    typer.Option("--home", help="A home city's code; may be repeated. 归属城市代码，可重复。"),
]
AsJson = Annotated[bool, typer.Option("--json", help="As one JSON object. 以 JSON 输出。")]


@rules_app.command("check")
def check(
    expression: Annotated[str, typer.Argument(help="A condition in CEL. CEL 条件表达式。")],
) -> None:
    """Say whether a condition can be taken, or where it cannot (检查条件表达式)."""
    with plain_errors():
        try:
            expressions.check(expression)
        except expressions.ExpressionError as error:
            say(expression)
            if "\n" not in expression:
                say(" " * (error.column - 1) + "^")
            raise Malformed(errors={"expression": str(error)}) from error
    names = " ".join(expressions.names_in(expression)) or spoken("nothing", "无")
    say(spoken(f"asks for: {names}", f"用到：{names}"))


@rules_app.command("try")
def try_terms(
    what: What, settings: SettingsFile = None, *, home: Homes = None, as_json: AsJson = False
) -> None:
    """Show what terms would decide of every tier and home, and what is doubtful (试算条件).

    A file is a body of PUT /v1/incentives/{incentive_id}, and asks nothing of a node; an id is
    looked up in the node's database.  Nothing is kept.  Exit code 1 when something is doubtful.
    """
    now, homes = utc_now(), tuple(home or ())
    with plain_errors():
        if Path(what).is_file():
            terms = _read(Path(what))
            tried = draft(Path(what).stem, terms, now)
            tried.terms.check(_city_of(terms))
            declared = terms.conditions.home_cities if terms.conditions else ()
            chosen = homes or declared or (ANYWHERE,)
            record = record_of(tried, homes=chosen, members=homes, now=now)
        else:
            record = _of_node(what, settings, homes, now)
    if as_json:
        say(json.dumps(wire.dump(record), ensure_ascii=False))
    else:
        _print(record)
    if record.doubts:
        raise typer.Exit(1)


def _read(path: Path) -> DraftTerms:
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        terms: DraftTerms = schema_of(DraftTerms, "raise").load(said)
    except ValidationError as error:
        raise Malformed(errors=wire.flatten(error.messages)) from error
    return terms


def _city_of(terms: DraftTerms) -> str:
    """Return the city whose districts a draft names, all of them in one (GB/T 2260)."""
    named = [quota.district for quota in terms.quotas if quota.district]
    return f"{named[0][:4]}00" if named else ANYWHERE


def _of_node(
    incentive_id: str, settings: Path | None, homes: tuple[str, ...], now: datetime
) -> TrialRecord:
    uow = make_unit_of_work(database_of("scenarios", settings), utc_now, None, _nobody_waits)
    command = TryIncentive(
        incentive_id=incentive_id,
        operator_id=None,
        terms=None,
        samples=(),
        homes=homes or (ANYWHERE,),
    )
    return try_incentive(command, uow=uow, city=ANYWHERE, now=now)


def _nobody_waits() -> None:
    """Stand in for the relay: nothing is announced here."""


def _print(record: TrialRecord) -> None:
    homes = dict.fromkeys(each.sample.home for each in record.outcomes)
    tiers = (spoken(f"tier {tier}", f"联盟等级 {tier}") for tier in range(1, 6))
    table = Table(spoken("home", "归属城市"), *tiers)
    for home in homes:
        theirs = [each for each in record.outcomes if each.sample.home == home]
        name = spoken("any", "任意") if home == ANYWHERE else home
        table.add_row(name, *map(_verdict, theirs))
    out.print(table)
    for line in _doubts(record):
        say(line)


def _verdict(outcome: SampleOutcome) -> str:
    return outcome.refusal or "✓"


def _doubts(record: TrialRecord) -> Sequence[str]:
    return [
        f"? {' '.join(filter(None, (each.condition, each.about))) or spoken('terms', '条件')}: "
        f"{_DOUBTS[each.kind].said(language())}"
        for each in record.doubts
    ]
