"""A roster, and what changed from one to the next, in words for the alliance's officials."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from contracts.problems import Text
from huxin_client.shell.language import language, spoken
from services.cli.checks.finding import Finding, right, until, warning
from services.cli.checks.trust import check_age
from services.recognition.domain.roster import City, Key, KeyState, KeyUse, Roster

TOLD: Final[Mapping[Text, Callable[[Roster], str]]] = {
    Text("version", "版本"): lambda roster: str(roster.version),
    Text("issued", "发布时间"): lambda roster: _day(roster.issued_at),
    Text("until", "有效期至"): lambda roster: _day(roster.valid_until),
    Text("grace", "宽限期"): lambda roster: _days(roster.grace),
}
CITY_TOLD: Final[Mapping[Text, Callable[[City], str]]] = {
    Text("name", "名称"): lambda city: f"{city.name} {city.name_en}",
    Text("gateway", "网关地址"): lambda city: city.gateway,
    Text("state", "状态"): lambda city: _state(city),  # noqa: PLW0108  it stands below
}
KEY_TOLD: Final[Mapping[Text, Callable[[Key], str]]] = {
    Text("use", "用途"): lambda key: key.use,
    Text("state", "状态"): lambda key: key.state,
    Text("from", "启用时间"): lambda key: _day(key.use_from),
    Text("until", "有效期至"): lambda key: _day(key.use_until),
}


def describe(roster: Roster, now: datetime) -> Iterator[Finding]:
    """Say what a roster lists, and what is about to end."""
    yield check_age(roster, now)
    issued, grace = _day(roster.issued_at), _days(roster.grace)
    yield right(
        spoken("issued", "发布时间"),
        spoken(f"{issued}, grace {grace}", f"{issued}，宽限期 {grace}"),
    )
    for _, city in sorted(roster.cities.items()):
        yield _describe_city(city)
        for use in KeyUse:
            yield from _describe_keys(city, use, now)


def differences(old: Roster, new: Roster) -> Iterator[str]:
    """Say what changed; nothing at all for two that list the same."""
    for name, told in TOLD.items():
        if told(old) != told(new):
            yield f"~ {name.said(language())}: {told(old)} → {told(new)}"
    for code in sorted({*old.cities, *new.cities}):
        yield from _city_differences(code, old.cities.get(code), new.cities.get(code))


def _state(city: City) -> str:
    return f"{city.state} ({city.reason})" if city.reason else city.state


def _describe_city(city: City) -> Finding:
    make = right if city.online else warning
    return make(f"{city.code} {city.name} {city.name_en}", f"{_state(city)}, {city.gateway}")


def _describe_keys(city: City, use: KeyUse, now: datetime) -> Iterator[Finding]:
    subject = f"{city.code} {use}"
    listed = [key for key in city.keys.values() if key.use is use]
    for key in sorted(listed, key=lambda key: (key.use_from, key.kid)):
        start, end = _day(key.use_from), _day(key.use_until)
        what = spoken(
            f"key {key.kid}, {key.state}, from {start}",
            f"密钥 {key.kid}，{key.state}，自 {start} 起",
        )
        ended = spoken(f"{what} until {end}", f"{what}至 {end}")
        if key.state is KeyState.RETIRED or key.use_until <= now:
            yield right(subject, spoken(f"{ended}: out of use", f"{ended}：已停用"))
        elif any(_takes_over(other, key) for other in city.keys_for(use)):
            yield right(subject, spoken(f"{ended}: another follows", f"{ended}：已有后继密钥"))
        else:
            yield until(subject, what, key.use_until, now)
    if not any(key.why_not_usable(now) is None for key in listed):
        yield warning(subject, spoken("no key is in use now", "目前没有使用中的密钥"))


def _takes_over(other: Key, key: Key) -> bool:
    return other.use_from <= key.use_until < other.use_until


def _city_differences(code: str, old: City | None, new: City | None) -> Iterator[str]:
    city = spoken(f"city {code}", f"城市 {code}")
    if new is None:
        yield f"- {city}"
        return
    if old is None:
        yield f"+ {city} {new.name} {new.name_en}, {_state(new)}, {new.gateway}"
    else:
        for name, told in CITY_TOLD.items():
            if told(old) != told(new):
                yield f"~ {city} {name.said(language())}: {told(old)} → {told(new)}"
    yield from _key_differences(code, {} if old is None else old.keys, new.keys)


def _key_differences(code: str, old: Mapping[str, Key], new: Mapping[str, Key]) -> Iterator[str]:
    for kid in sorted({*old, *new}):
        before, after = old.get(kid), new.get(kid)
        key = spoken(f"key {kid} of city {code}", f"城市 {code} 的密钥 {kid}")
        if after is None:
            yield f"- {key}"
        elif before is None:
            start, end = _day(after.use_from), _day(after.use_until)
            span = spoken(f"{start} to {end}", f"{start} 至 {end}")
            yield f"+ {key}: {after.use}, {after.state}, {span}"
        else:
            for name, told in KEY_TOLD.items():
                if told(before) != told(after):
                    yield f"~ {key} {name.said(language())}: {told(before)} → {told(after)}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%MZ}"


def _days(span: timedelta) -> str:
    days = f"{span / timedelta(days=1):g}"
    return spoken(f"{days} days", f"{days} 天")
