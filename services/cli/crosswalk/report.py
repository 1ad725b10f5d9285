"""A crosswalk, and what changed from one to another, in words for officials."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from services.recognition.adapters.crosswalk_documents import Signed
from services.recognition.domain.crosswalk import Band, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document, reference

CARD = "card"


def parties(signed: Signed) -> str:
    """Say who signed a document, and how many have to yet."""
    more = f"; {signed.missing} more needed" if signed.missing else ", by all"
    return f"{reference(signed.document)} signed by {', '.join(signed.parties)}{more}"


def span(document: Document) -> str:
    until = document.effective_until
    return f"from {_day(document.effective_from)}" + (f" until {_day(until)}" if until else "")


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
        return CARD
    left = "[" if band.with_lower else "("
    right = "]" if band.with_upper else ")"
    upper = "…" if band.upper is None else _number(band.upper)
    return f"{left}{_number(band.lower)}, {upper}{right}"


def differences(old: Document, new: Document) -> Iterator[str]:
    """Say what changed, band by band; nothing at all for two that say the same."""
    if old.name != new.name:
        yield f"~ document: {old.name} → {new.name}"
        return
    if old.version != new.version:
        yield f"~ version: {old.version} → {new.version}"
    if span(old) != span(new):
        yield f"~ effective: {span(old)} → {span(new)}"
    if isinstance(old, Crosswalk) and isinstance(new, Crosswalk):
        for code in sorted({*old.scales, *new.scales}):
            yield from _city_differences(code, old.scales.get(code), new.scales.get(code))
    elif not isinstance(old, Crosswalk) and not isinstance(new, Crosswalk):
        yield from _moves(old.home, old.tiers, new.tiers)


def _city_differences(code: str, old: Scale | None, new: Scale | None) -> Iterator[str]:
    if old is None or new is None:
        yield f"- city {code}" if new is None else f"+ city {code}"
        return
    if _about(old) != _about(new):
        yield f"~ city {code}: {_about(old)} → {_about(new)}"
    before = {band.label: edges(band) for band in old.bands}
    for band in new.bands:
        if before.get(band.label, edges(band)) != edges(band):
            yield f"~ city {code} {band.label}: {before[band.label]} → {edges(band)}"
    yield from _moves(code, _tiers(old), _tiers(new))


def _moves(code: str, old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[str]:
    for label in [*new, *(label for label in old if label not in new)]:
        before, after = old.get(label), new.get(label)
        if after is None:
            yield f"- city {code} {label}: tier {before}"
        elif before is None:
            yield f"+ city {code} {label}: tier {after}"
        elif before != after:
            way = "up" if before < after else "down"
            yield f"~ city {code} {label}: tier {before} → {after} ({way})"


def _tiers(scale: Scale) -> dict[str, int]:
    return {band.label: band.tier for band in scale.bands}


def _about(scale: Scale) -> str:
    highest = "…" if scale.highest is None else _number(scale.highest)
    whole = CARD if scale.lowest is None else f"{_number(scale.lowest)} to {highest}"
    source = "published" if scale.published else "illustrative"
    return f"{scale.score_name or CARD}, {whole}, {source}"


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"
