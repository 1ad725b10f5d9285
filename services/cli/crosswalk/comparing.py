"""`huxin crosswalk compare`: how many people each cut would move, from published band shares."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from services.cli.crosswalk.comparison import Amount, BandRow, CutRow, band_rows, cut_rows
from services.cli.crosswalk.files import load_either
from services.cli.crosswalk.report import edges
from services.cli.crosswalk.shares import Shares, load_shares
from services.cli.screen import out, plain_errors, say
from services.recognition.domain.crosswalk import ALLIANCE, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document, reference
from services.recognition.domain.override import Override

PUBLISHED: Final = Path(__file__).parents[3] / "deploy/alliance"
UNKNOWN: Final = "not published"

City = Annotated[str, typer.Argument(help="GB/T 2260 code. 行政区划代码。")]


def compare(
    home: City,
    host: City,
    *,
    table: Annotated[
        Path, typer.Option(help="The alliance's in force, draft or signed. 现行联盟对照表。")
    ] = PUBLISHED / "crosswalk.yaml",
    in_force: Annotated[
        Path | None, typer.Option(help="An override in force now. 现行双边约定。")
    ] = None,
    proposed: Annotated[
        Path | None, typer.Option(help="A table or override, draft or signed. 拟议版本。")
    ] = None,
    shares: Annotated[
        Path, typer.Option(help="Published band shares, YAML or CSV. 已公布的各等级占比。")
    ] = PUBLISHED / "band-shares.yaml",
    as_json: Annotated[bool, typer.Option("--json", help="For programs. 以 JSON 输出。")] = False,
) -> None:
    """Compare two cities cut by cut, and say how many people a proposal would move (对照比较)."""
    with plain_errors():
        alliance = _alliance(table)
        former = alliance if in_force is None else load_either(in_force)
        later = former if proposed is None else load_either(proposed)
        published = load_shares(shares, alliance)
        now, after = (_tiers(document, alliance, home, host) for document in (former, later))
        bands = list(band_rows(now, after, published.get(home, {})))
        own = _tiers(alliance, alliance, host, host)
        cuts = list(cut_rows(bands, own, published.get(host, {})))
    names = (reference(former), reference(later))
    if as_json:
        typer.echo(json.dumps(_as_json(home, host, names, bands, cuts), ensure_ascii=False))
        return
    say(f"{home} at {host}: {names[0]} → {names[1]}")
    out.print(_band_table(bands))
    out.print(_cut_table(cuts, home, host))
    for city in (home, host):
        say(f"{city}: {_source(published, city)}")


def _alliance(path: Path) -> Crosswalk:
    document = load_either(path)
    if document.name != ALLIANCE or isinstance(document, Override):
        raise ValueError(f"{path} is not the alliance's table")
    return document


def _tiers(document: Document, alliance: Crosswalk, home: str, host: str) -> dict[str, int]:
    """Return the tiers of a city's bands by a document; raises ValueError.

    The bands must be those in force, edges and all: published shares are of them.
    """
    table = alliance if isinstance(document, Override) else document
    scale = table.scales.get(home)
    if scale is None:
        raise ValueError(f"{reference(table)} has no bands of city {home}")
    tiers = {band.label: band.tier for band in scale.bands}
    if isinstance(document, Override):
        if (document.home, document.host) != (home, host):
            raise ValueError(f"{reference(document)} is not for {home} at {host}")
        if not document.fits(scale):
            raise ValueError(f"{reference(document)} is for other bands than {reference(table)}")
        tiers = dict(document.tiers)
    known = alliance.scales.get(home)
    if known is None or _ranges(known) != _ranges(scale):
        raise ValueError(f"{reference(document)} has other bands of city {home} than are in force")
    return tiers


def _ranges(scale: Scale) -> list[tuple[str, str]]:
    return [(band.label, edges(band)) for band in scale.bands]


def _band_table(bands: list[BandRow]) -> Table:
    table = Table("band", "people", "tier now", "proposed", box=None, pad_edge=False)
    for row in bands:
        table.add_row(row.band, _text(row.amount), str(row.now), str(row.proposed))
    return table


def _cut_table(cuts: list[CutRow], home: str, host: str) -> Table:
    table = Table(
        "cut", f"{home} now", "proposed", "moved up", "moved down", f"{host} own",
        box=None, pad_edge=False,
    )  # fmt: skip
    for row in cuts:
        amounts = (row.now, row.proposed, row.moved_up, row.moved_down, row.host)
        table.add_row(f"tier ≥ {row.tier}", *map(_text, amounts))
    return table


def _text(amount: Amount) -> str:
    parts = [] if amount.share is None else [f"{amount.share.normalize():f} %"]
    parts += [] if amount.people is None else [f"{amount.people:,}"]
    return ", ".join(parts) or UNKNOWN


def _source(published: Shares, city: str) -> str:
    told = {f"{each.source} ({each.as_of})" for each in published.get(city, {}).values()}
    return "; ".join(sorted(told)) or f"shares {UNKNOWN}"


def _as_json(
    home: str, host: str, names: tuple[str, str], bands: list[BandRow], cuts: list[CutRow]
) -> dict[str, Any]:
    return {
        "home": home,
        "host": host,
        "in_force": names[0],
        "proposed": names[1],
        "bands": [
            {"band": row.band, **_numbers(row.amount), "now": row.now, "proposed": row.proposed}
            for row in bands
        ],
        "cuts": [
            {
                "tier": row.tier,
                "now": _numbers(row.now),
                "proposed": _numbers(row.proposed),
                "moved_up": _numbers(row.moved_up),
                "moved_down": _numbers(row.moved_down),
                "host": _numbers(row.host),
            }
            for row in cuts
        ],
    }


def _numbers(amount: Amount) -> dict[str, float | int | None]:
    """Write an amount; null is what was not published."""
    share = None if amount.share is None else float(amount.share)
    return {"share": share, "people": amount.people}
