"""Band shares: how many of a city's people are in each of its bands, as the city published it.

A row has `city`, `band`, `share` (percent of those with a score), `people`, `source`, `as_of`; one
of share and people may be missing.  What no row says was not published, and nobody guesses it.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import yaml

from huxin_client.shell.language import spoken
from services.recognition.domain.crosswalk import Crosswalk

COLUMNS: Final = ("city", "band", "share", "people", "source", "as_of")
WHOLE: Final = Decimal(100)
ROUNDING: Final = Decimal("0.5")  # percent, by which published shares may miss the whole


@dataclass(frozen=True, kw_only=True)
class BandShare:
    """One published figure; `share` in percent."""

    share: Decimal | None
    people: int | None
    source: str
    as_of: str


Shares = Mapping[str, Mapping[str, BandShare]]  # by city and band


def load_shares(path: Path, table: Crosswalk) -> Shares:
    """Read a file of shares, CSV or YAML; raises ValueError naming the row."""
    found: dict[str, dict[str, BandShare]] = {}
    for number, row in _rows(path):
        where = spoken(f"{path.name}, row {number}", f"{path.name} 第 {number} 行")
        if set(row) != set(COLUMNS):
            columns = ", ".join(COLUMNS)
            raise _wrong(where, spoken(f"the columns are {columns}", f"列须为 {columns}"))
        city, band = str(row["city"]), str(row["band"])
        if table.tier(city, band) is None:
            raise _wrong(
                where,
                spoken(
                    f"city {city} has no band {band!r} in crosswalk",
                    f"等级对照表中城市 {city} 没有等级 {band!r}",
                ),
            )
        if band in found.setdefault(city, {}):
            raise _wrong(
                where,
                spoken(f"{band} of city {city} stands twice", f"城市 {city} 的 {band} 重复出现"),
            )
        found[city][band] = _band_share(row, where)
    for city, bands in found.items():
        if sum(each.share or 0 for each in bands.values()) > WHOLE + ROUNDING:
            raise _wrong(
                path.name,
                spoken(
                    f"the shares of city {city} are more than the whole",
                    f"城市 {city} 的占比合计超过百分之百",
                ),
            )
    return found


def _wrong(where: str, what: str) -> ValueError:
    return ValueError(f"{where}: {what}")


def _rows(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    """Yield rows with their numbers; of CSV the line, where the first row is the head."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from enumerate(list(csv.DictReader(file)), 2)
        return
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: {error}") from error
    rows = document.get("shares") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _wrong(
            path.name, spoken("a list `shares` of rows is wanted", "须有由各行组成的列表 shares")
        )
    yield from enumerate(rows, 1)


def _band_share(row: Mapping[str, Any], where: str) -> BandShare:
    share, people = _number(row["share"], where), _number(row["people"], where)
    if share is None and people is None:
        raise _wrong(where, spoken("neither share nor people", "既无占比也无人数"))
    if share is not None and not 0 <= share <= WHOLE:
        raise _wrong(where, spoken("a share is 0 to 100 percent", "占比须为百分之 0 至 100"))
    if people is not None and (people < 0 or people != int(people)):
        raise _wrong(where, spoken("people are a whole number", "人数须为整数"))
    if not row["source"] or not row["as_of"]:
        raise _wrong(where, spoken("a figure has its source and its date", "数字须注明来源和日期"))
    return BandShare(
        share=share,
        people=None if people is None else int(people),
        source=str(row["source"]),
        as_of=str(row["as_of"]),
    )


def _number(value: Any, where: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _no_number(where, value) from error
    if not number.is_finite():
        raise _no_number(where, value)
    return number


def _no_number(where: str, value: Any) -> ValueError:
    return _wrong(where, spoken(f"{value!r} is not a number", f"{value!r} 不是数字"))
