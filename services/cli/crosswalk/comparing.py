"""`huxin crosswalk compare`: how many people each cut would move, from published band shares."""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from contracts.problems import Text
from huxin_client.shell.language import language, spoken
from services.cli.crosswalk.comparison import Amount, BandRow, CutRow, band_rows, cut_rows
from services.cli.crosswalk.files import load_either
from services.cli.crosswalk.report import edges
from services.cli.crosswalk.shares import Shares, load_shares
from services.cli.screen import out, plain_errors, say
from services.recognition.domain.crosswalk import ALLIANCE, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document, reference
from services.recognition.domain.override import Override

PUBLISHED: Final = Path(__file__).parents[3] / "deploy/alliance"
UNKNOWN: Final = Text("not published", "未公布")

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
    what = spoken(f"{home} at {host}", f"{home} 居民在 {host}")
    say(f"{what}: {names[0]} → {names[1]}")
    out.print(_band_table(bands))
    out.print(_cut_table(cuts, home, host))
    for city in (home, host):
        say(f"{city}: {_source(published, city)}")


def _alliance(path: Path) -> Crosswalk:
    document = load_either(path)
    if document.name != ALLIANCE or isinstance(document, Override):
        raise ValueError(
            spoken(f"{path} is not the alliance's table", f"{path} 不是联盟等级对照表")
        )
    return document


def _tiers(document: Document, alliance: Crosswalk, home: str, host: str) -> dict[str, int]:
    """Return the tiers of a city's bands by a document; raises ValueError.

    The bands must be those in force, edges and all: published shares are of them.
    """
    table = alliance if isinstance(document, Override) else document
    name, by = reference(document), reference(table)
    scale = table.scales.get(home)
    if scale is None:
        raise ValueError(
            spoken(f"{by} has no bands of city {home}", f"{by} 中没有城市 {home} 的等级")
        )
    tiers = {band.label: band.tier for band in scale.bands}
    if isinstance(document, Override):
        if (document.home, document.host) != (home, host):
            raise ValueError(
                spoken(
                    f"{name} is not for {home} at {host}", f"{name} 不适用于 {home} 居民在 {host}"
                )
            )
        if not document.fits(scale):
            raise ValueError(
                spoken(f"{name} is for other bands than {by}", f"{name} 的等级与 {by} 不一致")
            )
        tiers = dict(document.tiers)
    known = alliance.scales.get(home)
    if known is None or _ranges(known) != _ranges(scale):
        raise ValueError(
            spoken(
                f"{name} has other bands of city {home} than are in force",
                f"{name} 中城市 {home} 的等级与现行的不一致",
            )
        )
    return tiers


def _ranges(scale: Scale) -> list[tuple[str, str]]:
    return [(band.label, edges(band)) for band in scale.bands]


def _band_table(bands: list[BandRow]) -> Table:
    table = Table(
        spoken("band", "等级"),
        spoken("people", "人数"),
        spoken("tier now", "现行联盟等级"),
        spoken("proposed", "拟议"),
        box=None,
        pad_edge=False,
    )
    for row in bands:
        table.add_row(row.band, _text(row.amount), str(row.now), str(row.proposed))
    return table


def _cut_table(cuts: list[CutRow], home: str, host: str) -> Table:
    table = Table(
        spoken("cut", "界线"),
        spoken(f"{home} now", f"{home} 现行"),
        spoken("proposed", "拟议"),
        spoken("moved up", "上调"),
        spoken("moved down", "下调"),
        spoken(f"{host} own", f"{host} 本市"),
        box=None,
        pad_edge=False,
    )
    for row in cuts:
        amounts = (row.now, row.proposed, row.moved_up, row.moved_down, row.host)
        cut = spoken(f"tier ≥ {row.tier}", f"联盟等级 ≥ {row.tier}")
        table.add_row(cut, *map(_text, amounts))
    return table


def _text(amount: Amount) -> str:
    parts = [] if amount.share is None else [f"{amount.share.normalize():f} %"]
    parts += [] if amount.people is None else [f"{amount.people:,}"]
    return ", ".join(parts) or UNKNOWN.said(language())


def _source(published: Shares, city: str) -> str:
    told = {f"{each.source} ({each.as_of})" for each in published.get(city, {}).values()}
    unknown = UNKNOWN.said(language())
    return "; ".join(sorted(told)) or spoken(f"shares {unknown}", f"占比{unknown}")


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
