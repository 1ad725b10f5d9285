"""Whether the roster is good, and what this node signs by would be believed by others."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, others_may, right, tried, until, warning, wrong
from services.cli.checks.roster import rosters_at_hand
from services.cli.checks.roster import subject as name_of_roster
from services.cli.checks.settings import NodeSettings
from services.cli.reasons.saying import in_words
from services.gateway.keys import read_gateway_keys, read_transport_key
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.encryption import EncryptionKey
from services.recognition.adapters.holder_keys import SealedHolderKeys
from services.recognition.adapters.keys import PrivateKey, why_not_signing
from services.recognition.adapters.node import read_resident_key
from services.recognition.adapters.pseudonym_file import load_pseudonym_keys
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.roster import KeyUse, Roster
from services.recognition.settings import RecognitionSettings
from services.scenarios.adapters.pass_keys import read_pass_keys

SECRET_FILES: Final[dict[str, Callable[[Path], object]]] = {
    "resident.key": lambda directory: read_resident_key(directory / "resident.key"),
    "session.key": read_gateway_keys,
    "pass.jwk": lambda directory: read_pass_keys(directory, ""),
}


def _load_transport_key(path: Path) -> PrivateKey:
    """Read it as the gateway does, too, which knows no SM2."""
    key = PrivateKey.load(path)
    read_transport_key(path.parent)
    return key


KEY_FILES: Final[dict[KeyUse, Callable[[Path], PrivateKey | EncryptionKey]]] = {
    KeyUse.ATTESTATION: PrivateKey.load,
    KeyUse.TRANSPORT: _load_transport_key,
    KeyUse.ENCRYPTION: EncryptionKey.load,
}


def check_trust(settings: NodeSettings, now: datetime) -> Iterator[Finding]:
    """Look at the roster, then at the keys in its light."""
    own = settings.recognition
    yield _check_alliance_keys(own.alliance_keys_file)
    rosters = rosters_at_hand(own)
    yield from rosters.remarks(own)
    roster = rosters.in_use
    if isinstance(roster, Finding):
        yield roster
    else:
        yield from _check_roster(roster, own, now)
        yield _check_holder_keys(roster, own, now)
    for use, load in KEY_FILES.items():
        yield _check_key(use, load, roster, own, now)
    yield from _check_secrets(own.keys_directory)


def _check_alliance_keys(file: Path) -> Finding:
    keys = tried(file.name, lambda: read_alliance_keys(file.read_text("utf-8")))
    if isinstance(keys, Finding):
        return keys
    return right(
        file.name,
        spoken(
            f"{keys.threshold} of {len(keys.keys)} keys have to sign",
            f"{len(keys.keys)} 把密钥中须有 {keys.threshold} 把签名",
        ),
    )


def check_age(roster: Roster, now: datetime) -> Finding:
    """Say whether a roster serves, and how long yet."""
    subject, cities = name_of_roster(), len(roster.cities)
    what = spoken(
        f"version {roster.version} with {cities} cities",
        f"第 {roster.version} 版，共 {cities} 个城市",
    )
    if roster.in_grace(now):
        end = roster.valid_until + roster.grace
        return warning(
            subject,
            spoken(
                f"{what} is over; its grace ends {end:%Y-%m-%d}",
                f"{what}，已到期；宽限期至 {end:%Y-%m-%d}",
            ),
        )
    if now >= roster.valid_until:
        return wrong(
            subject,
            spoken(
                f"{what} is over, grace and all; get the next one",
                f"{what}，已到期且宽限期已过；请获取新版",
            ),
        )
    return until(subject, what, roster.valid_until, now)


def _check_roster(
    roster: Roster, settings: RecognitionSettings, now: datetime
) -> Iterator[Finding]:
    yield check_age(roster, now)
    subject, code = spoken("membership", "成员资格"), settings.city
    city = roster.cities.get(code)
    if city is None:
        yield wrong(
            subject, spoken(f"city {code} is not in the roster", f"城市 {code} 不在成员名册中")
        )
    elif city.gateway != settings.gateway_url:
        yield wrong(
            subject,
            spoken(
                f"the roster has this city's gateway at {city.gateway}",
                f"成员名册中本市网关地址为 {city.gateway}",
            ),
        )
    elif not city.online:
        yield warning(
            subject,
            spoken(
                f"city {code} is {city.state}, not online",
                f"城市 {code} 的状态为 {city.state}，未上线",
            ),
        )
    else:
        yield right(subject, spoken(f"city {code} is online", f"城市 {code} 已上线"))


def _check_key(
    use: KeyUse,
    load: Callable[[Path], PrivateKey | EncryptionKey],
    roster: Roster | Finding,
    settings: RecognitionSettings,
    now: datetime,
) -> Finding:
    name = f"{use}.jwk"
    key = tried(name, lambda: load(settings.keys_directory / name))
    if isinstance(key, Finding):
        return key
    if isinstance(roster, Finding):
        return right(
            name, spoken("readable; no roster to look it up in", "可读取；没有成员名册可供核对")
        )
    why_not = why_not_signing(
        key.kid, use, city=settings.city, gateway=settings.gateway_url, roster=roster, now=now
    )
    if why_not:
        reason = in_words(why_not)
        return wrong(
            name,
            spoken(f"key {key.kid} is of no use: {reason}", f"密钥 {key.kid} 不可用：{reason}"),
        )
    listed = roster.cities[settings.city].keys[key.kid]
    used = spoken(f"key {key.kid} is in use", f"密钥 {key.kid} 使用中")
    return until(name, used, listed.use_until, now)


def _check_holder_keys(roster: Roster, settings: RecognitionSettings, now: datetime) -> Finding:
    file = settings.pseudonym_keys_file
    if not file.exists():
        return warning(
            file.name,
            spoken(
                "not there: no attestations, unless alliance_urls serve it",
                "文件不存在：除非可由 alliance_urls 获取，否则不能签发信用分证明",
            ),
        )
    keys = tried(file.name, lambda: _open_holder_keys(settings))
    if isinstance(keys, Finding):
        return keys
    hosts = {city.code for city in roster.cities.values() if city.online} - {settings.city}
    opened = {host for host in hosts if keys.opens(host, now)}
    if missing := sorted(hosts - opened):
        names = ", ".join(missing)
        return warning(
            file.name,
            spoken(
                f"no attestations to {names}: no key for them",
                f"不能向 {names} 签发信用分证明：没有相应的密钥",
            ),
        )
    count = len(opened)
    return right(file.name, spoken(f"keys for {count} hosts", f"{count} 个到访城市的密钥"))


def _open_holder_keys(settings: RecognitionSettings) -> SealedHolderKeys:
    """Open the pseudonym keys as recognition does."""
    document = load_pseudonym_keys(
        settings.pseudonym_keys_file.read_text("ascii"),
        alliance_keys=read_alliance_keys(settings.alliance_keys_file.read_text("utf-8")),
        signatures=SuiteSignatures(),
    )
    return SealedHolderKeys(
        settings.city, settings.keys_directory / "encryption.jwk", lambda: document
    )


def _check_secrets(directory: Path) -> Iterator[Finding]:
    for name, read in SECRET_FILES.items():
        content = tried(name, lambda read=read: read(directory))  # type: ignore[misc]  # bound now, not later
        readable = right(name, spoken("readable", "可读取"))
        yield content if isinstance(content, Finding) else readable
    for path in sorted(directory.glob("*")):
        if others_may(path):
            yield wrong(
                path.name,
                spoken(
                    f"others may read it; chmod 600 {path}", f"他人可读取；请执行 chmod 600 {path}"
                ),
            )
