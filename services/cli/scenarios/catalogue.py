"""A city's catalogue in a file: its operators, their scenarios, and what is offered there.

    operators:
      - {operator_id: …, city: "330100", name: …, name_en: …}
    scenarios:
      - scenario_id: …
        city: "330100"
        operator_id: …
        name, name_en, category, district, kind
        incentives: [{incentive_id: …, title: …, benefit: {type: …}, …}]
        rule: {rule_id: …, …}   # of a substitution or a screening scenario

One file may hold several cities; each takes its own entries.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from marshmallow import RAISE, ValidationError

from contracts.errors import ContractError, Malformed
from contracts.scenarios import PublishIncentive, RegisterOperator, RegisterScenario
from contracts.schemas import schema_of
from contracts.wire import flatten
from contracts.words import ScenarioKind
from huxin_client.shell.language import spoken
from huxin_client.shell.lines import Document, Place, Wrong, place_of, read_document
from services.cli.reasons.saying import in_words
from services.cli.scenarios.rules import RULES
from services.scenarios.domain.scenario import lies_in

LISTS: Final = ("operators", "scenarios")
OF_THE_FILE: Final = ("city", "incentives", "rule")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One entry of a file that this city takes, and its line."""

    command: Any
    place: Place
    line: int


@dataclass
class Catalogue:
    """What a file says for one city; with anything `wrong` nothing of it is taken."""

    document: Document
    operators: list[Taken] = field(default_factory=list)
    scenarios: list[Taken] = field(default_factory=list)
    incentives: list[Taken] = field(default_factory=list)
    rules: list[Taken] = field(default_factory=list)
    others: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def entries(self) -> list[Taken]:
        return [*self.operators, *self.scenarios, *self.incentives, *self.rules]


def read_catalogue(file: Path, city: str) -> Catalogue:
    """Read a file whole: everything wrong in it is found at once, also in other cities' entries.

    Raises ValueError when it is no YAML at all.
    """
    document, wrong = read_document(file)
    return _Reading(document, city, Catalogue(document=document, wrong=wrong)).read()


@dataclass(frozen=True)
class _Reading:
    document: Document
    city: str
    found: Catalogue

    def read(self) -> Catalogue:
        whole = self.document.value
        if not isinstance(whole, dict) or not whole:
            first, second = LISTS
            self._wrong(
                (),
                spoken(
                    f"a mapping of {first} and {second} is wanted",
                    f"须为含 {first} 和 {second} 的映射",
                ),
            )
            return self.found
        for name in whole.keys() - set(LISTS):
            self._wrong((name,), spoken("unknown field", "未知字段"))
        for place, entry in self._entries("operators"):
            self._operator(place, entry)
        for place, entry in self._entries("scenarios"):
            self._scenario(place, entry)
        self._check_ids()
        self.found.wrong.sort(key=lambda wrong: wrong.line)
        return self.found

    def _entries(self, name: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        entries = self.document.value.get(name) or []
        if not isinstance(entries, list):
            self._wrong((name,), spoken("a list is wanted", "须为列表"))
            return
        for number, entry in enumerate(entries):
            if isinstance(entry, dict):
                yield (name, number), entry
            else:
                self._no_mapping((name, number))

    def _operator(self, place: Place, entry: dict[str, Any]) -> None:
        command = self._load(RegisterOperator, place, _without(entry))
        if self._is_own(place, entry) and command is not None:
            self.found.operators.append(self._taken(command, place))

    def _scenario(self, place: Place, entry: dict[str, Any]) -> None:
        own = self._is_own(place, entry)
        command = self._load(RegisterScenario, place, _without(entry))
        district, city = entry.get("district"), entry.get("city")
        if isinstance(district, str) and isinstance(city, str) and not lies_in(district, city):
            self._wrong(
                (*place, "district"),
                spoken(
                    f"no district of {city} (GB/T 2260)", f"不是 {city} 的区县代码（GB/T 2260）"
                ),
            )
        if command is not None and own:
            self.found.scenarios.append(self._taken(command, place))
        gives = entry.get("kind", ScenarioKind.INCENTIVE) == ScenarioKind.INCENTIVE
        if entry.get("incentives") and not gives:
            self._wrong(
                (*place, "incentives"),
                spoken(
                    "only a scenario of kind incentive has incentives",
                    "只有 incentive 类型的场景才有激励措施",
                ),
            )
        if entry.get("rule") and gives:
            self._wrong(
                (*place, "rule"),
                spoken(
                    "a scenario of kind incentive has incentives, no rule",
                    "incentive 类型的场景应有激励措施，没有规则",
                ),
            )
        for number, terms in enumerate(entry.get("incentives") or []):
            self._incentive((*place, "incentives", number), terms, entry, own=own)
        if entry.get("rule") and not gives:
            self._rule((*place, "rule"), entry, own=own)

    def _incentive(self, place: Place, terms: Any, entry: dict[str, Any], *, own: bool) -> None:
        if not isinstance(terms, dict):
            self._no_mapping(place)
            return
        whose = {name: entry.get(name) for name in ("scenario_id", "operator_id")}
        command = self._load(PublishIncentive, place, {**terms, **whose}, set(whose))
        if command is not None and own:
            self.found.incentives.append(self._taken(command, place))

    def _rule(self, place: Place, entry: dict[str, Any], *, own: bool) -> None:
        kind = RULES.get(entry.get("kind", ""))
        if kind is None or not isinstance(entry["rule"], dict):
            self._no_mapping(place)
            return
        whose = {"scenario_id": entry.get("scenario_id")}
        command = self._load(kind, place, {**entry["rule"], **whose}, set(whose))
        if command is not None and own:
            self.found.rules.append(self._taken(command, place))

    def _is_own(self, place: Place, entry: dict[str, Any]) -> bool:
        city = entry.get("city")
        if not isinstance(city, str) or not city.isdigit():
            self._wrong(
                (*place, "city"),
                spoken(
                    'a GB/T 2260 code is wanted, in quotes: "330100"',
                    '须为带引号的行政区划代码（GB/T 2260）："330100"',
                ),
            )
            return False
        self.found.others += city != self.city
        return city == self.city

    def _load(
        self, message: type, place: Place, said: dict[str, Any], told: set[str] | None = None
    ) -> Any:
        """Read a message; what is wrong with fields `told` elsewhere is said there."""
        try:
            return schema_of(message, RAISE).load(said)
        except ValidationError as error:
            for path, text in flatten(error.messages).items():
                if path not in (told or set()):
                    self._wrong((*place, *place_of(path)), in_words(text))
            return None

    def _check_ids(self) -> None:
        operators = {taken.command.operator_id for taken in self.found.operators}
        for taken in self.found.scenarios:
            whose, city = taken.command.operator_id, self.city
            if whose not in operators:
                self._wrong(
                    (*taken.place, "operator_id"),
                    spoken(
                        f"{whose} is none of the operators of {city} above",
                        f"{whose} 不是上述 {city} 的运营方",
                    ),
                )
        for kind in ("operator", "scenario", "incentive", "rule"):
            name, entries = f"{kind}_id", getattr(self.found, f"{kind}s")
            count = Counter(getattr(taken.command, name) for taken in entries)
            for taken in entries:
                id = getattr(taken.command, name)  # noqa: A001  the word for it
                if (times := count[id]) > 1:
                    self._wrong(
                        (*taken.place, name),
                        spoken(f"{id} stands {times} times", f"{id} 出现 {times} 次"),
                    )

    def _taken(self, command: Any, place: Place) -> Taken:
        return Taken(command=command, place=place, line=self.document.line(place))

    def _no_mapping(self, place: Place) -> None:
        self._wrong(place, spoken("a mapping is wanted", "须为映射"))

    def _wrong(self, place: Place, text: str) -> None:
        where = ".".join(map(str, place))
        said = f"{where}: {text}" if where else text
        self.found.wrong.append(Wrong(self.document.line(place), said))


def _without(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in OF_THE_FILE}


def what_is_wrong(error: ContractError) -> list[tuple[str, str]]:
    """Return each field that is wrong, and why; an empty one stands for the entry."""
    if isinstance(error, Malformed) and error.errors:
        return [(field, in_words(text)) for field, text in error.errors.items()]
    return [("", in_words(str(error)))]
