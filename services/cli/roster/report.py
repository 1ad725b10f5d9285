"""A roster, and what changed from one to the next, in words for the alliance's officials."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from services.cli.checks.finding import Finding, right, until, warning
from services.cli.checks.trust import check_age
from services.recognition.domain.roster import City, Key, KeyState, KeyUse, Roster

TOLD: Final[Mapping[str, Callable[[Roster], str]]] = {
    "version": lambda roster: str(roster.version),
    "issued": lambda roster: _day(roster.issued_at),
    "until": lambda roster: _day(roster.valid_until),
    "grace": lambda roster: _days(roster.grace),
}
CITY_TOLD: Final[Mapping[str, Callable[[City], str]]] = {
    "name": lambda city: f"{city.name} {city.name_en}",
    "gateway": lambda city: city.gateway,
    "state": lambda city: f"{city.state} ({city.reason})" if city.reason else city.state,
}
KEY_TOLD: Final[Mapping[str, Callable[[Key], str]]] = {
    "use": lambda key: key.use,
    "state": lambda key: key.state,
    "from": lambda key: _day(key.use_from),
    "until": lambda key: _day(key.use_until),
}


def describe(roster: Roster, now: datetime) -> Iterator[Finding]:
    """Say what a roster lists, and what is about to end."""
    yield check_age(roster, now)
    yield right("issued", f"{_day(roster.issued_at)}, grace {_days(roster.grace)}")
    for _, city in sorted(roster.cities.items()):
        yield _describe_city(city)
        for use in KeyUse:
            yield from _describe_keys(city, use, now)


def differences(old: Roster, new: Roster) -> Iterator[str]:
    """Say what changed; nothing at all for two that list the same."""
    for name, told in TOLD.items():
        if told(old) != told(new):
            yield f"~ {name}: {told(old)} → {told(new)}"
    for code in sorted({*old.cities, *new.cities}):
        yield from _city_differences(code, old.cities.get(code), new.cities.get(code))


def _describe_city(city: City) -> Finding:
    make = right if city.online else warning
    return make(
        f"{city.code} {city.name} {city.name_en}", f"{CITY_TOLD['state'](city)}, {city.gateway}"
    )


def _describe_keys(city: City, use: KeyUse, now: datetime) -> Iterator[Finding]:
    subject = f"{city.code} {use}"
    listed = [key for key in city.keys.values() if key.use is use]
    for key in sorted(listed, key=lambda key: (key.use_from, key.kid)):
        what = f"key {key.kid}, {key.state}, from {_day(key.use_from)}"
        if key.state is KeyState.RETIRED or key.use_until <= now:
            yield right(subject, f"{what} until {_day(key.use_until)}: out of use")
        elif any(_takes_over(other, key) for other in city.keys_for(use)):
            yield right(subject, f"{what} until {_day(key.use_until)}: another follows")
        else:
            yield until(subject, what, key.use_until, now)
    if not any(key.why_not_usable(now) is None for key in listed):
        yield warning(subject, "no key is in use now")


def _takes_over(other: Key, key: Key) -> bool:
    return other.use_from <= key.use_until < other.use_until


def _city_differences(code: str, old: City | None, new: City | None) -> Iterator[str]:
    if new is None:
        yield f"- city {code}"
        return
    if old is None:
        yield f"+ city {code} {new.name} {new.name_en}, {CITY_TOLD['state'](new)}, {new.gateway}"
    else:
        for name, told in CITY_TOLD.items():
            if told(old) != told(new):
                yield f"~ city {code} {name}: {told(old)} → {told(new)}"
    yield from _key_differences(code, {} if old is None else old.keys, new.keys)


def _key_differences(code: str, old: Mapping[str, Key], new: Mapping[str, Key]) -> Iterator[str]:
    for kid in sorted({*old, *new}):
        before, after = old.get(kid), new.get(kid)
        if after is None:
            yield f"- key {kid} of city {code}"
        elif before is None:
            span = f"{_day(after.use_from)} to {_day(after.use_until)}"
            yield f"+ key {kid} of city {code}: {after.use}, {after.state}, {span}"
        else:
            for name, told in KEY_TOLD.items():
                if told(before) != told(after):
                    yield f"~ key {kid} of city {code} {name}: {told(before)} → {told(after)}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%MZ}"


def _days(span: timedelta) -> str:
    return f"{span / timedelta(days=1):g} days"
