"""What a band is worth at a host: by the alliance's table, and by what both cities agreed on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from contracts.errors import Refused
from contracts.words import Category
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_versions import in_force, reference
from services.recognition.domain.override import Override


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """Invariant: `by_category` holds what `overrides` say and nothing else; `tier` is the rest.

    `crosswalk` is the version of the alliance's table, `overrides` are names with versions.
    """

    tier: int
    by_category: Mapping[Category, int]
    crosswalk: int
    overrides: tuple[str, ...]

    def tier_for(self, category: Category | None) -> int:
        return self.tier if category is None else self.by_category.get(category, self.tier)


def tiers_by(
    table: Crosswalk, overrides: Iterable[Override], *, home: str, host: str, band: str
) -> Tiers | None:
    """Judge a band by these very documents; None where the table does not know it.

    Overrides of other cities, or for other bands than the home has in the table, have no effect.
    """
    scale, tier = table.scales.get(home), table.tier(home, band)
    if scale is None or tier is None:
        return None
    meant = [each for each in overrides if (each.home, each.host) == (home, host)]
    agreed = sorted((each for each in meant if each.fits(scale)), key=lambda each: each.name)
    return Tiers(
        tier=tier,
        by_category={each.category: each.tiers[band] for each in agreed},
        crosswalk=table.version,
        overrides=tuple(reference(each) for each in agreed),
    )


def overrides_in_force(overrides: Iterable[Override], at: datetime) -> list[Override]:
    """Choose of every name the version that is in force at a moment."""
    by_name = groupby(sorted(overrides, key=lambda each: each.name), lambda each: each.name)
    found = [in_force(versions, at) for _, versions in by_name]
    return [each for each in found if each is not None]


def tiers_as_of(
    tables: Iterable[Crosswalk],
    overrides: Iterable[Override],
    *,
    home: str,
    host: str,
    band: str,
    at: datetime,
) -> Tiers | None:
    """Judge a band by what was in force at a moment; None where nothing then knew it."""
    table = in_force(tables, at)
    if table is None:
        return None
    agreed = overrides_in_force(overrides, at)
    return tiers_by(table, agreed, home=home, host=host, band=band)


def tiers_stated(
    band: str,
    *,
    by: int,
    tables: Mapping[int, Crosswalk],
    overrides: Iterable[Override],
    cities: tuple[str, str],
    moments: tuple[datetime, datetime],
) -> Tiers | None:
    """Judge a band that home stated by a version of the alliance's table; None: it has no such.

    `cities` are home and host, `moments` when home stated it and now.  A version that was
    superseded since is good for as long as the one in force says the same of the band; otherwise
    home states it anew.  Raises Refused("unknown_crosswalk").
    """
    (home, host), (stated_at, now) = cities, moments
    named, current = tables.get(by), in_force(tables.values(), now)
    if named is None or in_force([named], stated_at) is None:
        raise Refused("unknown_crosswalk", f"version {by}")
    if current is None or current.tier(home, band) != named.tier(home, band):
        raise Refused("unknown_crosswalk", f"version {by} is superseded")
    return tiers_by(named, overrides_in_force(overrides, now), home=home, host=host, band=band)
