"""A crosswalk, and what changed from one to another, in words for officials."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from huxin_client.shell.language import spoken
from services.recognition.adapters.crosswalk_documents import Signed
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document, reference


def parties(signed: Signed) -> str:
    """Say who signed a document, and how many have to yet."""
    name, parties, missing = reference(signed.document), ", ".join(signed.parties), signed.missing
    all_did = spoken(", by all", "，已全部签名")
    more = spoken(f"; {missing} more needed", f"，还须 {missing} 方") if missing else all_did
    return spoken(f"{name} signed by {parties}", f"{name} 签名方：{parties}") + more


def span(document: Document) -> str:
    start = _day(document.effective_from)
    if document.effective_until is None:
        return spoken(f"from {start}", f"自 {start} 起")
    end = _day(document.effective_until)
    return spoken(f"from {start} until {end}", f"自 {start} 起至 {end}")


def rows(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """Yield city, range, band and tier, lowest band of each city first."""
    if not isinstance(document, Crosswalk):
        for label, tier in document.tiers.items():
            yield document.home, "", label, str(tier)
        return
    for code, scale in sorted(document.scales.items()):
        for band in scale.bands:
            yield code, edges(band), band.label, str(band.tier)


def edges(band: Band) -> str:
    """Write a band's range with the sides its edges belong to; a card's has none."""
    if band.lower is None:
        return _card()
    left = "[" if band.with_lower else "("
    right = "]" if band.with_upper else ")"
    upper = "…" if band.upper is None else _number(band.upper)
    return f"{left}{_number(band.lower)}, {upper}{right}"


def differences(old: Document, new: Document) -> Iterator[str]:
    """Say what changed, band by band; nothing at all for two that say the same."""
    if old.name != new.name:
        yield f"~ {spoken('document', '文件')}: {old.name} → {new.name}"
        return
    if old.version != new.version:
        yield f"~ {spoken('version', '版本')}: {old.version} → {new.version}"
    if span(old) != span(new):
        yield f"~ {spoken('effective', '生效期')}: {span(old)} → {span(new)}"
    if isinstance(old, Crosswalk) and isinstance(new, Crosswalk):
        for code in sorted({*old.scales, *new.scales}):
            yield from _city_differences(code, old.scales.get(code), new.scales.get(code))
    elif not isinstance(old, Crosswalk) and not isinstance(new, Crosswalk):
        yield from _moves(old.home, old.tiers, new.tiers)


def _city_differences(code: str, old: Scale | None, new: Scale | None) -> Iterator[str]:
    city = _city(code)
    if old is None or new is None:
        yield f"- {city}" if new is None else f"+ {city}"
        return
    if _about(old) != _about(new):
        yield f"~ {city}: {_about(old)} → {_about(new)}"
    before = {band.label: edges(band) for band in old.bands}
    for band in new.bands:
        if before.get(band.label, edges(band)) != edges(band):
            yield f"~ {city} {band.label}: {before[band.label]} → {edges(band)}"
    yield from _moves(code, _tiers(old), _tiers(new))


def _moves(code: str, old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[str]:
    for label in [*new, *(label for label in old if label not in new)]:
        before, after = old.get(label), new.get(label)
        band, tier = f"{_city(code)} {label}", spoken("tier", "联盟等级")
        if after is None:
            yield f"- {band}: {tier} {before}"
        elif before is None:
            yield f"+ {band}: {tier} {after}"
        elif before != after:
            way = spoken("up", "上调") if before < after else spoken("down", "下调")
            yield f"~ {band}: {tier} {before} → {after} ({way})"


def _city(code: str) -> str:
    return spoken(f"city {code}", f"城市 {code}")


def _card() -> str:
    return spoken("card", "持卡")


def _tiers(scale: Scale) -> dict[str, int]:
    return {band.label: band.tier for band in scale.bands}


def _about(scale: Scale) -> str:
    highest = "…" if scale.highest is None else _number(scale.highest)
    lowest = None if scale.lowest is None else _number(scale.lowest)
    whole = spoken(f"{lowest} to {highest}", f"{lowest} 至 {highest}") if lowest else _card()
    source = spoken("published", "已公布") if scale.published else spoken("illustrative", "示例")
    return f"{scale.score_name or _card()}, {whole}, {source}"


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"
