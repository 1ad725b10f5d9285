"""A crosswalk as JSON claims: what its parties sign."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from contracts.errors import Malformed
from services.recognition.adapters.crosswalk_table import read_crosswalk, read_override
from services.recognition.domain.crosswalk import ALLIANCE, Band, Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document
from services.recognition.domain.moments import from_seconds, to_seconds


def crosswalk_claims(document: Document, proposed_at: datetime) -> dict[str, Any]:
    """Write a document, in one way however it came about."""
    table = crosswalk_table(document, to_seconds)
    return {"name": document.name, "iat": to_seconds(proposed_at), **table}


def read_crosswalk_claims(claims: Mapping[str, Any]) -> tuple[Document, datetime]:
    """Read a document and when it was proposed.

    Raises Malformed naming the place, also for anything that would be passed over: what the
    parties signed means the same everywhere, or nothing.
    """
    try:
        table, proposed_at = {**claims}, from_seconds(claims["iat"])
        table["effective_from"] = from_seconds(claims["effective_from"])
        if claims["effective_until"] is not None:
            table["effective_until"] = from_seconds(claims["effective_until"])
        read = read_crosswalk if claims["name"] == ALLIANCE else read_override
        document = read(table)
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed("malformed", f"crosswalk: {error}") from error
    if crosswalk_claims(document, proposed_at) != claims:
        raise Malformed("malformed", "crosswalk: it holds what this version of huxin cannot read")
    return document, proposed_at


def crosswalk_table(document: Document, moment: Callable[[datetime], Any]) -> dict[str, Any]:
    """Write a document as crosswalk_table.py reads it, its moments as `moment` writes them."""
    until = document.effective_until
    table: dict[str, Any] = {
        "version": document.version,
        "effective_from": moment(document.effective_from),
        "effective_until": None if until is None else moment(until),
    }
    if isinstance(document, Crosswalk):
        cities = {code: _city(scale) for code, scale in sorted(document.scales.items())}
        return {**table, "cities": cities}
    about = {
        "home": document.home,
        "host": document.host,
        "category": document.category.value,
    }
    return {**about, **table, "bands": [list(band) for band in document.tiers.items()]}


def _city(scale: Scale) -> dict[str, Any]:
    published = {"published": True} if scale.published else {}
    if scale.score_name is None:
        rows = [[band.label, band.tier] for band in scale.bands]
        return {"kind": "card", **published, "bands": rows}
    low = {str(_number(band.lower)): "lower" for band in scale.bands if not band.with_lower}
    return {
        "score": scale.score_name,
        "lowest": _number(scale.lowest),
        "highest": _number(scale.highest),
        **published,
        "bands": [_row(band) for band in scale.bands],
        **({"edges": low} if low else {}),
    }


def _row(band: Band) -> list[Any]:
    return [_number(band.lower), _number(band.upper), band.label, band.tier]


def _number(value: Decimal | None) -> int | str | None:
    """Write a number so that it is read back exactly, whoever reads JSON."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
