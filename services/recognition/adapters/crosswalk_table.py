"""A crosswalk as a plain table: what stands in a draft (YAML) and in what is signed (JSON).

A band of a score is `[lower, upper, label, tier]`, lowest first; `upper` null has no end.  An edge
belongs to the band above it unless `edges` says `lower`.  A city with `kind: card`, and an
override, has bands `[label, tier]`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from contracts.errors import Malformed
from contracts.words import Category
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale
from services.recognition.domain.override import Override

SCORE_BAND: Final = ("lower", "upper", "label", "tier")
PLAIN_BAND: Final = ("label", "tier")
BELONGS: Final = {"lower", "upper"}


def read_crosswalk(table: Mapping[str, Any]) -> Crosswalk:
    """Read one version of the alliance's table; raises Malformed naming city and row."""
    where = f"crosswalk {_member(table, 'version', 'crosswalk')}"
    cities = _member(table, "cities", where)
    if not isinstance(cities, dict):
        raise Malformed("malformed", f"{where}: `cities` is a table by city code")
    return Crosswalk(
        version=_version(table["version"], where),
        effective_from=_moment(_member(table, "effective_from", where), where),
        effective_until=_optional_moment(table.get("effective_until"), where),
        scales={str(code): _scale(str(code), city, where) for code, city in cities.items()},
    )


def read_override(table: Mapping[str, Any]) -> Override:
    """Read one version of an override; raises Malformed naming the row."""
    where = f"override {_member(table, 'version', 'override')}"
    rows = _member(table, "bands", where)
    if not isinstance(rows, list):
        raise Malformed("malformed", f"{where}: `bands` is a list of rows")
    bands = [_plain_band(row, n, where) for n, row in enumerate(rows, 1)]
    tiers = {band.label: band.tier for band in bands}
    if len(tiers) != len(bands):
        raise Malformed("malformed", f"{where}: a label stands twice")
    return Override(
        home=str(_member(table, "home", where)),
        host=str(_member(table, "host", where)),
        category=_category(_member(table, "category", where), where),
        version=_version(table["version"], where),
        effective_from=_moment(_member(table, "effective_from", where), where),
        effective_until=_optional_moment(table.get("effective_until"), where),
        tiers=tiers,
    )


def _scale(code: str, city: object, where: str) -> Scale:
    try:
        return _read_scale(code, city, f"{where}, city {code}")
    except Malformed as error:
        raise Malformed("malformed", f"{error.detail}{_line_of(city, error.detail)}") from error


def _read_scale(code: str, city: object, where: str) -> Scale:
    rows = _member(city, "bands", where)
    if not isinstance(city, dict) or not isinstance(rows, list):
        raise Malformed("malformed", f"{where}: `bands` is a list of rows")
    published = city.get("published", False) is True
    if city.get("kind") == "card":
        bands = [_plain_band(row, n, where) for n, row in enumerate(rows, 1)]
        return Scale(city=code, score_name=None, bands=tuple(bands), published=published)
    low_edges = _edges(city.get("edges", {}), where)
    return Scale(
        city=code,
        score_name=str(_member(city, "score", where)),
        bands=tuple(
            _score_band(row, low_edges, f"{where}, row {n}{_line_of(row)}")
            for n, row in enumerate(rows, 1)
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


def _plain_band(row: object, number: int, where: str) -> Band:
    where = f"{where}, row {number}{_line_of(row)}"
    label, tier = _row(row, PLAIN_BAND, where)
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


def _category(value: object, where: str) -> Category:
    try:
        return Category(str(value))
    except ValueError:
        raise Malformed("malformed", f"{where}: no category is named {value!r}") from None


def _line_of(value: object, told: str = "") -> str:
    """Say where a part stands, if its reader knows and it was not told yet."""
    line = getattr(value, "line", None)
    return "" if line is None or "(line " in told else f" (line {line})"


def _optional_moment(value: object, where: str) -> datetime | None:
    return None if value is None else _moment(value, where)


def _moment(value: object, where: str) -> datetime:
    if not isinstance(value, datetime):
        raise Malformed("malformed", f"{where}: {value!r} is not a moment")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
