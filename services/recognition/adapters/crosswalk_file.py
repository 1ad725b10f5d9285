"""The crosswalk as the alliance writes it: one YAML (or JSON) table, readable to its officials.

A band is `[lower, upper, label, tier]`, lowest first; `upper` null has no end.  An edge belongs to
the band above it unless `edges` says `lower`.  A city with `kind: card` has bands `[label, tier]`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import yaml

from contracts.errors import Malformed
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale

SCORE_BAND: Final = ("lower", "upper", "label", "tier")
CARD_BAND: Final = ("label", "tier")
BELONGS: Final = {"lower", "upper"}


def load_crosswalks(path: Path) -> dict[int, Crosswalk]:
    """Read every version in a file; raises Malformed naming version, city and row."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise Malformed("malformed", f"{path.name}: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("crosswalks"), list):
        raise Malformed("malformed", f"{path.name}: a list `crosswalks` is wanted")
    crosswalks = [read_crosswalk(table) for table in document["crosswalks"]]
    versions = {crosswalk.version: crosswalk for crosswalk in crosswalks}
    if len(versions) != len(crosswalks):
        raise Malformed("malformed", f"{path.name}: a version stands twice")
    return versions


def read_crosswalk(table: Mapping[str, Any]) -> Crosswalk:
    """Read one version of the table."""
    where = f"crosswalk {_member(table, 'version', 'crosswalk')}"
    until = table.get("effective_until")
    cities = _member(table, "cities", where)
    if not isinstance(cities, dict):
        raise Malformed("malformed", f"{where}: `cities` is a table by city code")
    return Crosswalk(
        version=_version(table["version"], where),
        effective_from=_moment(_member(table, "effective_from", where), where),
        effective_until=None if until is None else _moment(until, where),
        scales={str(code): _scale(str(code), city, where) for code, city in cities.items()},
    )


def _scale(code: str, city: object, where: str) -> Scale:
    where = f"{where}, city {code}"
    rows = _member(city, "bands", where)
    if not isinstance(city, dict) or not isinstance(rows, list):
        raise Malformed("malformed", f"{where}: `bands` is a list of rows")
    published = city.get("published", False) is True
    if city.get("kind") == "card":
        bands = [_card_band(row, f"{where}, row {n}") for n, row in enumerate(rows, 1)]
        return Scale(city=code, score_name=None, bands=tuple(bands), published=published)
    low_edges = _edges(city.get("edges", {}), where)
    return Scale(
        city=code,
        score_name=str(_member(city, "score", where)),
        bands=tuple(
            _score_band(row, low_edges, f"{where}, row {n}") for n, row in enumerate(rows, 1)
        ),
        lowest=_number(_member(city, "lowest", where), where),
        highest=_optional_number(city.get("highest"), where),
        published=published,
    )


def _score_band(row: object, low_edges: set[Decimal], where: str) -> Band:
    lower, upper, label, tier = _row(row, SCORE_BAND, where)
    low, high = _number(lower, where), _optional_number(upper, where)
    return Band(
        label=str(label),
        tier=_tier(tier, where),
        lower=low,
        upper=high,
        with_lower=low not in low_edges,
        with_upper=high in low_edges,
    )


def _card_band(row: object, where: str) -> Band:
    label, tier = _row(row, CARD_BAND, where)
    return Band(label=str(label), tier=_tier(tier, where))


def _edges(edges: object, where: str) -> set[Decimal]:
    if not isinstance(edges, dict) or not set(edges.values()) <= BELONGS:
        raise Malformed("malformed", f"{where}: `edges` says lower or upper of each edge")
    return {_number(edge, where) for edge, side in edges.items() if side == "lower"}


def _row(row: object, columns: tuple[str, ...], where: str) -> list[Any]:
    if not isinstance(row, list) or len(row) != len(columns):
        raise Malformed("malformed", f"{where}: a row is [{', '.join(columns)}]")
    return row


def _member(table: object, name: str, where: str) -> Any:
    if not isinstance(table, dict) or name not in table:
        raise Malformed("malformed", f"{where}: `{name}` is missing")
    return table[name]


def _version(value: object, where: str) -> int:
    if type(value) is not int or value < 1:
        raise Malformed("malformed", f"{where}: a version is a whole number from 1")
    return value


def _tier(value: object, where: str) -> int:
    if type(value) is not int:
        raise Malformed("malformed", f"{where}: a tier is a whole number")
    return value


def _optional_number(value: object, where: str) -> Decimal | None:
    return None if value is None else _number(value, where)


def _number(value: object, where: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise Malformed("malformed", f"{where}: {value!r} is not a number") from error
    if not number.is_finite():
        raise Malformed("malformed", f"{where}: {value!r} is not a number")
    return number


def _moment(value: object, where: str) -> datetime:
    if not isinstance(value, datetime):
        raise Malformed("malformed", f"{where}: {value!r} is not a moment")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
