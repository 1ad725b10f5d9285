"""The incentives on offer, ready in memory: terms to judge by, JSON to answer with."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from contracts import wire
from contracts.http import Offer
from contracts.scenarios import IncentivePublished
from contracts.schemas import schema_of
from services.gateway.eligibility.conditions import Asked
from services.gateway.eligibility.evaluate import Terms
from services.gateway.eligibility.lives import in_force_from
from services.gateway.eligibility.quotas import Counts, places_of, used_up
from services.gateway.eligibility.remembered import Row


@dataclass(frozen=True)
class Entry:
    """One incentive; `json` is an Offer up to its verdict, which differs by holder.

    From `since` it stands for its incentive; then `coming`, where there is one, takes its place.
    """

    terms: Terms
    json: bytes
    since: datetime
    coming: "Entry | None" = None

    def at(self, moment: datetime) -> "Entry":
        """Return the entry that stands at a moment."""
        return self.coming if self.coming and self.coming.since <= moment else self

    def offer(self, reasons: tuple[str, ...]) -> bytes:
        """Return the Offer for a holder with these reasons against."""
        return self.json + _verdict(reasons)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Invariant: `asked` says all that the conditions of the entries ask about."""

    version: int
    entries: tuple[Entry, ...]
    asked: Asked


def read_catalogue(version: int, rows: Iterable[Row], counts: Iterable[Row]) -> Catalogue:
    """Prepare the catalogue's rows, and what counts against quotas."""
    counted: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}
    for incentive_id, period, district, units, fen in counts:
        counted.setdefault(incentive_id, {})[period, district] = units, fen
    entries = tuple(_entry(terms, counted, coming) for terms, coming in rows)
    stand = [each.terms for entry in entries for each in (entry, entry.coming) if each]
    asked = Asked.of((terms.incentive_id, terms.conditions) for terms in stand)
    if any(district for terms in stand for _, district in terms.quotas):
        asked = replace(asked, district=True)
    return Catalogue(version=version, entries=entries, asked=asked)


def _entry(terms: str, counted: Mapping[str, Counts], coming: str | None = None) -> Entry:
    published: IncentivePublished = wire.load(IncentivePublished, json.loads(terms))
    offer = Offer(
        incentive_id=published.incentive_id,
        version=published.version,
        scenario_id=published.scenario_id,
        scenario_name=published.scenario_name,
        scenario_name_en=published.scenario_name_en,
        category=published.category,
        title=published.title,
        title_en=published.title_en,
        benefit=published.benefit,
        minimum_tier=published.minimum_tier,
        offered_until=published.offered_until,
        eligible=True,
        reasons=(),
        conditions=published.conditions,
    )
    body = schema_of(Offer).dump(offer)
    del body["eligible"], body["reasons"]
    return Entry(
        Terms(
            incentive_id=published.incentive_id,
            category=published.category,
            minimum_tier=published.minimum_tier,
            holder_period=published.per_holder.period,
            holder_limit=published.per_holder.count,
            offered_from=published.offered_from,
            offered_until=published.offered_until,
            quotas=places_of(published),
            used_up=used_up(published, counted.get(published.incentive_id, {})),
            conditions=published.conditions,
            district=published.district,
        ),
        json.dumps(body, ensure_ascii=False, separators=(",", ":"))[:-1].encode(),
        since=in_force_from(published),
        coming=_entry(coming, counted) if coming else None,
    )


@lru_cache(maxsize=128)
def _verdict(reasons: tuple[str, ...]) -> bytes:
    verdict = {"eligible": not reasons, "reasons": reasons}
    return b"," + json.dumps(verdict, separators=(",", ":"))[1:].encode()
