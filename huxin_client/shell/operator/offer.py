"""`huxin operator offer`: a file of scenarios and incentives is registered and submitted.

    scenarios:
      - scenario_id: …
        name, name_en, category, district, kind
        incentives: [{incentive_id: …, title: …, benefit: {type: …}, …}]

A scenario is as in the file afterwards; an incentive is submitted when its terms are other ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from json import dumps
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer
from marshmallow import RAISE, ValidationError
from rich.progress import track

from contracts import wire
from contracts.fields import Slug
from contracts.http import IncentiveBody, ScenarioBody
from contracts.problems import Text
from contracts.scenarios import IncentiveRecord
from contracts.schemas import schema_of
from huxin_client import Operator, Problem
from huxin_client.shell.language import language, spoken
from huxin_client.shell.lines import Document, Place, Wrong, place_of, read_document
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.operator.words import Word
from huxin_client.shell.options import AsJson, Profile
from huxin_client.shell.screen import NO, err, note, plain_answers, say

MANY: Final = 20  # entries, from which on it is shown how far it is
KINDS: Final = {
    "scenario": Text("scenario", "场景"),
    "incentive": Text("incentive", "激励措施"),
}
AT_FAULT: Final = frozenset({400, 404, 409, 422})  # the entry is; anything else is not about it
SLUG: Final = get_args(Slug)[1]

OfferFile = Annotated[Path, typer.Argument(help="YAML, see docs/integration.md. 场景与激励文件。")]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A scenario or an incentive of the file, and where in it."""

    id: str
    body: ScenarioBody | IncentiveBody
    place: Place
    word: Word = Word.ASKED
    changes: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def kind(self) -> str:
        return "scenario" if isinstance(self.body, ScenarioBody) else "incentive"


@dataclass
class Offer:
    """All entries of a file, scenarios before their incentives; and what is wrong with it."""

    document: Document
    entries: list[Entry] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def blame(self, place: Place, text: str) -> None:
        where = ".".join(map(str, place))
        self.wrong.append(Wrong(self.document.line(place), f"{where}: {text}".removeprefix(": ")))


def offer(
    file: OfferFile,
    profile: Profile = DEFAULT,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change. 仅显示差异。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Register the scenarios of a file, and submit what is new in their incentives (登记与提交).

    All that is wrong is said by line, and nothing is sent then.  The city reviews what is
    submitted.  The same file again changes nothing.
    """
    with plain_answers():
        offered = read_offer(file)
    _tell_wrong(file, offered)
    if offered.wrong:
        raise typer.Exit(NO)
    with as_operator(profile) as operator:
        quiet = as_json or len(offered.entries) < MANY
        entries = [_compared(operator, each) for each in offered.entries]
        try:
            for entry in track(entries, "", console=err, transient=True, disable=quiet):
                is_sent = not dry_run and entry.word is not Word.UNCHANGED
                _show(_sent(operator, entry, offered) if is_sent else entry, as_json=as_json)
        finally:  # also before it is said why the gateway takes nothing more
            _tell_wrong(file, offered)
    if offered.wrong:
        raise typer.Exit(NO)
    if dry_run:
        note(spoken("nothing was changed", "未作任何更改"))


def read_offer(file: Path) -> Offer:
    """Read a file whole; raise OSError, or ValueError when it is no YAML."""
    document, wrong = read_document(file)
    found = Offer(document, wrong=wrong)
    whole = document.value
    if not isinstance(whole, dict) or not isinstance(whole.get("scenarios"), list):
        found.blame((), spoken("a list of `scenarios` is wanted", "须为 scenarios 列表"))
        return found
    for name in whole.keys() - {"scenarios"}:
        found.blame((name,), spoken("unknown field", "未知字段"))
    for number, scenario in enumerate(whole["scenarios"]):
        _read_scenario(found, ("scenarios", number), scenario)
    seen = set[tuple[str, str]]()
    for entry in found.entries:
        if (entry.kind, entry.id) in seen:
            name = f"{entry.kind} {entry.id}"
            found.blame(entry.place, spoken(f"{name} stands twice", f"{name} 重复出现"))
        seen.add((entry.kind, entry.id))
    return found


def _read_scenario(found: Offer, place: Place, said: Any) -> None:
    if not isinstance(said, dict):
        found.blame(place, spoken("a mapping is wanted", "须为键值映射"))
        return
    rest = dict(said)
    incentives = rest.pop("incentives", None) or []
    scenario_id = _read(found, place, rest, "scenario_id", ScenarioBody)
    if not isinstance(incentives, list):
        found.blame((*place, "incentives"), spoken("a list is wanted", "须为列表"))
        return
    for number, incentive in enumerate(incentives):
        inner = (*place, "incentives", number)
        if isinstance(incentive, dict):
            terms = {**incentive, "scenario_id": scenario_id}
            _read(found, inner, terms, "incentive_id", IncentiveBody)
        else:
            found.blame(inner, spoken("a mapping is wanted", "须为键值映射"))


def _read(found: Offer, place: Place, said: dict[str, Any], id: str, kind: type) -> str:
    name = said.pop(id, None)
    if not isinstance(name, str) or not name:
        found.blame((*place, id), spoken("an id is wanted", "须填写编号"))
        name = "?"
    else:
        try:
            SLUG.deserialize(name)
        except ValidationError as error:
            found.blame((*place, id), " ".join(map(str, error.messages)))
    try:
        body = schema_of(kind, RAISE).load(said)
    except ValidationError as error:
        for path, text in wire.flatten(error.messages).items():
            found.blame((*place, *place_of(path)) if path else place, text)
    else:
        found.entries.append(Entry(id=name, body=body, place=place))
    return name


def _compared(operator: Operator, entry: Entry) -> Entry:
    """Say what an entry would change; a scenario cannot be asked for, and is put as it is."""
    if isinstance(entry.body, ScenarioBody):
        return entry
    try:
        known = operator.show_own_incentive(incentive_id=entry.id)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        return replace(entry, word=Word.NEW)
    changes = tuple(_changes(known, entry.body))
    return replace(entry, word=Word.CHANGED if changes else Word.UNCHANGED, changes=changes)


def _changes(known: IncentiveRecord, wanted: IncentiveBody) -> Iterator[tuple[str, Any, Any]]:
    before, after = wire.dump(known), wire.dump(wanted)
    for each in fields(IncentiveBody):
        if each.name == "offered_from" and wanted.offered_from is None:
            continue  # since when it is offered stays
        if before[each.name] != after[each.name]:
            yield each.name, before[each.name], after[each.name]


def _sent(operator: Operator, entry: Entry, offered: Offer) -> Entry:
    """Put an entry; what the gateway finds wrong in it is blamed, and the others go on."""
    try:
        if isinstance(entry.body, ScenarioBody):
            operator.register_scenario(entry.body, scenario_id=entry.id)
            entry = replace(entry, word=Word.PUT)
        else:
            operator.publish_incentive(entry.body, incentive_id=entry.id)
    except Problem as problem:
        if problem.status not in AT_FAULT:
            raise
        for path, text in problem.errors.items():
            inner = path.removeprefix("body.")
            offered.blame((*entry.place, *place_of(inner)), text)
        if not problem.errors:
            offered.blame(entry.place, f"{entry.id}: {problem} {problem.next_step}")
        return replace(entry, word=Word.REFUSED)
    return entry


def _show(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        changes = [{"field": name, "from": was, "to": now} for name, was, now in entry.changes]
        said = {"kind": entry.kind, "id": entry.id, "word": entry.word, "changes": changes}
        say(dumps(said, ensure_ascii=False))
        return
    say(f"{KINDS[entry.kind].said(language())} {entry.id}: {entry.word.said}")
    for name, before, after in entry.changes:
        say(f"    {name}: {_text(before)} → {_text(after)}")


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return dumps(value, ensure_ascii=False)
    return "–" if value is None else str(value)


def _tell_wrong(file: Path, offered: Offer) -> None:
    for line in _in_order(offered.wrong):
        note(f"{file.name}:{line.line}: {line.text}")
    if offered.wrong:
        count = len(offered.wrong)
        note(f"huxin: {spoken(f'{count} wrong', f'{count} 处有误')}")


def _in_order(wrong: Iterable[Wrong]) -> list[Wrong]:
    return sorted(wrong, key=lambda each: (each.line, each.text))
