"""`huxin scenarios import`: a file becomes the city's catalogue, reviewed by the city in one go."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from contracts.catalogue import ReleaseIncentive, ReviewIncentive
from contracts.scenarios import PublishIncentive, RegisterOperator, RegisterScenario
from contracts.words import Mover, ReviewOutcome, VersionState
from huxin_client.shell.language import language, spoken
from huxin_client.shell.lines import Wrong
from services.cli.options import SettingsFile
from services.cli.scenarios.catalogue import read_catalogue
from services.cli.scenarios.comparing import KINDS, Difference, Word, compare
from services.cli.scenarios.opening import city_of, open_scenarios
from services.cli.scenarios.rules import take_rule
from services.cli.screen import note, plain_errors, say
from services.plumbing.clock import utc_now
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork
from services.scenarios.handlers.catalogue import (
    publish_incentive,
    register_operator,
    register_scenario,
)
from services.scenarios.handlers.lives import release_incentive, review_incentive

NOTE: Final = "huxin scenarios import"

CatalogueFile = Annotated[Path, typer.Argument(help="YAML, see docs/operations.md. 场景目录文件。")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, and change nothing. 只显示差异。")
]


def import_catalogue(
    file: CatalogueFile, settings: SettingsFile = None, *, dry_run: DryRun = False
) -> None:
    """Take a city's entries of a file, and publish what is new in them (导入场景目录).

    All that is wrong is said at once, by line, and nothing is taken then.  The same file again
    changes nothing.  What is stored and not in the file stays.
    """
    with plain_errors():
        city, uow, now = city_of(settings), open_scenarios(settings), utc_now()
        catalogue = read_catalogue(file, city)
        with uow:
            differences, refused = compare(catalogue, uow, city, now)
        wrong = sorted({*catalogue.wrong, *refused}, key=lambda each: (each.line, each.text))
        if wrong:
            _complain(file, wrong)
            raise typer.Exit(1)
        for difference in differences:
            _show(difference)
        if not dry_run:
            for difference in differences:
                _take(difference, uow, city=city, now=now)
    _sum_up(differences, catalogue.others, city, dry_run=dry_run)


def _take(difference: Difference, uow: ScenariosUnitOfWork, *, city: str, now: datetime) -> None:
    if difference.taken is None or difference.word is Word.UNCHANGED:
        return
    match difference.taken.command:
        case RegisterOperator() as operator:
            register_operator(operator, uow=uow)
        case RegisterScenario() as scenario:
            register_scenario(scenario, uow=uow, city=city, now=now)
        case PublishIncentive() as incentive:
            _publish(incentive, uow, city, now)
        case rule:
            take_rule(rule, uow, now)


def _publish(command: PublishIncentive, uow: ScenariosUnitOfWork, city: str, now: datetime) -> None:
    """Submit and accept: the city runs this command, and so has reviewed the file."""
    draft = publish_incentive(command, uow=uow, city=city, now=now, by=Mover.CITY)
    accepted = ReviewIncentive(
        incentive_id=draft.incentive_id,
        version=draft.version,
        outcome=ReviewOutcome.ACCEPTED,
        note=NOTE,
    )
    reviewed = review_incentive(accepted, uow=uow, now=now)
    if reviewed.version_state is VersionState.REVIEWED and not command.hold:
        release = ReleaseIncentive(
            incentive_id=draft.incentive_id,
            version=draft.version,
            operator_id=command.operator_id,
        )
        release_incentive(release, uow=uow, now=now)


def _complain(file: Path, wrong: list[Wrong]) -> None:
    for each in wrong:
        say(f"{file.name}:{each.line}: {each.text}")
    count = len(wrong)
    told = spoken(f"{count} things are wrong; nothing was taken", f"{count} 处有误，未导入任何内容")
    note(f"huxin: {told}")


def _show(difference: Difference) -> None:
    kind = KINDS[difference.kind].said(language())
    say(f"{difference.word.said}: {kind} {difference.id}")
    if difference.word is Word.CHANGED:
        for name, before, after in difference.changes:
            say(f"    {name}: {_text(before)} → {_text(after)}")


def _text(value: Any) -> str:
    return "–" if value is None else str(value)


def _sum_up(differences: list[Difference], others: int, city: str, *, dry_run: bool) -> None:
    count = Counter(difference.word for difference in differences)
    said = ", ".join(f"{count[word]} {word.said}" for word in Word)
    passed = spoken(f"; {others} of other cities skipped", f"；跳过其他城市的 {others} 项")
    unchanged = spoken("; nothing was changed", "；未作任何更改")
    say(f"{city}: {said}{passed if others else ''}{unchanged if dry_run else ''}")
