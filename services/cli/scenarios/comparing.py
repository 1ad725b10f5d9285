"""What a file would change: each entry is new, changed field by field, or as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts import wire
from contracts.errors import ContractError, Malformed
from contracts.problems import Text
from contracts.scenarios import IncentiveTerms, PublishIncentive, RegisterOperator, RegisterScenario
from contracts.states import RuleState
from contracts.words import IncentiveState, VersionState
from huxin_client.shell.language import language, spoken
from huxin_client.shell.lines import Wrong, place_of
from services.cli.scenarios.catalogue import Catalogue, Taken, what_is_wrong
from services.cli.scenarios.rules import Rule, check_known, check_rule, known_rule
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork
from services.scenarios.domain.life import Life, Version
from services.scenarios.handlers.catalogue import terms_of
from services.scenarios.handlers.records import incentive_record, scenario_record

TERMS: Final = (*(each.name for each in fields(IncentiveTerms)), "offered_from")


class Word(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    CHANGED = "changed"
    REVIEWED = "reviewed"
    UNCHANGED = "unchanged"
    MISSING = "missing"

    @property
    def said(self) -> str:
        return WORDS[self].said(language())


WORDS: Final = {
    Word.NEW: Text("new", "新增"),
    Word.CHANGED: Text("changed", "变更"),
    Word.REVIEWED: Text("to be published", "待发布"),
    Word.UNCHANGED: Text("unchanged", "不变"),
    Word.MISSING: Text("missing in file", "文件中没有"),
}
KINDS: Final = {
    "operator": Text("operator", "运营方"),
    "scenario": Text("scenario", "场景"),
    "incentive": Text("incentive", "激励措施"),
    "rule": Text("rule", "规则"),
}


@dataclass(frozen=True)
class Difference:
    """One entry: what it is, what becomes of it, and which fields change from what to what."""

    kind: str
    id: str
    word: Word
    changes: tuple[tuple[str, Any, Any], ...] = ()
    taken: Taken | None = None


def compare(
    catalogue: Catalogue, uow: ScenariosUnitOfWork, city: str, now: datetime
) -> tuple[list[Difference], list[Wrong]]:
    """Compare a file with what is stored, within an open transaction; say what cannot be taken."""
    found: list[Difference] = []
    wrong: list[Wrong] = []
    for taken in catalogue.entries:
        try:
            found.append(_difference(taken, uow, city, now))
        except ContractError as error:
            wrong += (_refused(catalogue, taken, *each) for each in what_is_wrong(error))
    return [*found, *_missing(catalogue, uow)], wrong


def _refused(catalogue: Catalogue, taken: Taken, field: str, text: str) -> Wrong:
    place = (*taken.place, *(place_of(field) if field else ()))
    return Wrong(catalogue.document.line(place), f"{'.'.join(map(str, place))}: {text}")


def _difference(taken: Taken, uow: ScenariosUnitOfWork, city: str, now: datetime) -> Difference:
    match taken.command:
        case RegisterOperator():
            return _of_operator(taken, uow)
        case RegisterScenario():
            return _of_scenario(taken, uow)
        case PublishIncentive():
            return _of_incentive(taken, uow, city, now)
        case _:
            return _of_rule(taken, uow, now)


def _of_operator(taken: Taken, uow: ScenariosUnitOfWork) -> Difference:
    wanted: RegisterOperator = taken.command
    known = uow.operators.get(wanted.operator_id)
    before = {"name": known.name, "name_en": known.name_en} if known else None
    after = {"name": wanted.name, "name_en": wanted.name_en}
    return _said("operator", wanted.operator_id, before, after, taken)


def _of_scenario(taken: Taken, uow: ScenariosUnitOfWork) -> Difference:
    wanted: RegisterScenario = taken.command
    known = uow.scenarios.get(wanted.scenario_id)
    before = wire.dump(scenario_record(known)) if known else None
    after = wire.dump(wanted)
    for fixed in ("operator_id", "category", "kind"):
        if before and before[fixed] != after[fixed]:
            was, wants = before[fixed], after[fixed]
            what = spoken(
                f"it stays {was}, and is not {wants}", f"不可变更：仍为 {was}，不是 {wants}"
            )
            raise Malformed(errors={fixed: what})
    return _said("scenario", wanted.scenario_id, before, after, taken)


def _of_incentive(taken: Taken, uow: ScenariosUnitOfWork, city: str, now: datetime) -> Difference:
    wanted: PublishIncentive = taken.command
    known = uow.incentives.life(wanted.incentive_id)
    if known and known.scenario_id != wanted.scenario_id:
        scenario = known.scenario_id
        what = spoken(f"it is one of {scenario}", f"它属于场景 {scenario}")
        raise Malformed(errors={"incentive_id": what})
    if known and known.state is IncentiveState.WITHDRAWN:
        what = spoken("it was withdrawn, for good; take another id", "已永久撤回，请使用其他编号")
        raise Malformed(errors={"incentive_id": what})
    terms = terms_of(wanted, since=known.newest.terms.offered_from if known else now)
    terms.check(city)
    newest = Version(number=1, terms=terms)
    life = Life(id=wanted.incentive_id, scenario_id=wanted.scenario_id, newest=newest)
    after = _terms(life)
    if known is None and wanted.offered_from is None:
        after["offered_from"] = spoken("at once", "立即")
    before = _terms(known) if known else None
    said = _said("incentive", wanted.incentive_id, before, after, taken)
    if known and said.word is Word.UNCHANGED and not _is_settled(known, wanted):
        return replace(said, word=Word.REVIEWED)
    return said


def _of_rule(taken: Taken, uow: ScenariosUnitOfWork, now: datetime) -> Difference:
    wanted: Rule = taken.command
    if known := known_rule(wanted, uow):
        said, state = known
        check_known(wanted, said, state)
        word = Word.UNCHANGED if state is RuleState.ACTIVE else Word.REVIEWED
        return Difference("rule", wanted.rule_id, word, (), taken)
    check_rule(wanted, uow, now)
    return Difference("rule", wanted.rule_id, Word.NEW, (), taken)


def _is_settled(life: Life, wanted: PublishIncentive) -> bool:
    """Whether nothing is left to do for the newest version."""
    held = wanted.hold and life.newest.state is VersionState.REVIEWED
    return held or life.newest.state is VersionState.PUBLISHED


def _terms(life: Life) -> dict[str, Any]:
    record = wire.dump(incentive_record(life))
    return {name: record[name] for name in TERMS}


def _said(
    kind: str, id: str, before: dict[str, Any] | None, after: dict[str, Any], taken: Taken
) -> Difference:
    changes = tuple(
        (name, (before or {}).get(name), value)
        for name, value in after.items()
        if before is None or before.get(name) != value
    )
    word = Word.NEW if before is None else Word.CHANGED if changes else Word.UNCHANGED
    return Difference(kind, id, word, changes, taken)


def _missing(catalogue: Catalogue, uow: ScenariosUnitOfWork) -> Iterator[Difference]:
    """Yield what is stored and not in the file; it stays as it is."""
    told = {
        kind: {getattr(taken.command, f"{kind}_id") for taken in entries}
        for kind, entries in (
            ("operator", catalogue.operators),
            ("scenario", catalogue.scenarios),
            ("incentive", catalogue.incentives),
        )
    }
    stored = {
        "operator": [operator.id for operator in uow.operators.all()],
        "scenario": [scenario.id for scenario in uow.scenarios.all()],
        "incentive": [life.id for life in lives(uow) if not life.withdrawn],
    }
    for kind, ids in stored.items():
        for id in ids:  # noqa: A001  the word for it
            if id not in told[kind]:
                yield Difference(kind, id, Word.MISSING)


def lives(uow: ScenariosUnitOfWork) -> Iterator[Life]:
    """Yield every incentive by id, within an open transaction."""
    last = ""
    while page := uow.incentives.after(last, operator_id=None, state=None, most=100):
        yield from page
        last = page[-1].id
