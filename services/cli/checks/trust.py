"""Whether the roster is good, and what this node signs by would be believed by others."""

import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from services.cli.checks.finding import Finding, right, tried, until, warning, wrong
from services.cli.checks.roster import rosters_at_hand
from services.cli.checks.settings import NodeSettings
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
OTHERS: Final = 0o077


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
    return right(file.name, f"{keys.threshold} of {len(keys.keys)} keys have to sign")


def check_age(roster: Roster, now: datetime) -> Finding:
    """Say whether a roster serves, and how long yet."""
    what = f"version {roster.version} with {len(roster.cities)} cities"
    if roster.in_grace(now):
        end = roster.valid_until + roster.grace
        return warning("roster", f"{what} is over; its grace ends {end:%Y-%m-%d}")
    if now >= roster.valid_until:
        return wrong("roster", f"{what} is over, grace and all; get the next one")
    return until("roster", what, roster.valid_until, now)


def _check_roster(
    roster: Roster, settings: RecognitionSettings, now: datetime
) -> Iterator[Finding]:
    yield check_age(roster, now)
    city = roster.cities.get(settings.city)
    if city is None:
        yield wrong("membership", f"city {settings.city} is not in the roster")
    elif city.gateway != settings.gateway_url:
        yield wrong("membership", f"the roster has this city's gateway at {city.gateway}")
    elif not city.online:
        yield warning("membership", f"city {city.code} is {city.state}, not online")
    else:
        yield right("membership", f"city {city.code} is online")


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
        return right(name, "readable; no roster to look it up in")
    reason = why_not_signing(
        key.kid, use, city=settings.city, gateway=settings.gateway_url, roster=roster, now=now
    )
    if reason:
        return wrong(name, f"key {key.kid} is of no use: {reason}")
    listed = roster.cities[settings.city].keys[key.kid]
    return until(name, f"key {key.kid} is in use", listed.use_until, now)


def _check_holder_keys(roster: Roster, settings: RecognitionSettings, now: datetime) -> Finding:
    file = settings.pseudonym_keys_file
    if not file.exists():
        return warning(file.name, "not there: no attestations, unless alliance_urls serve it")
    keys = tried(file.name, lambda: _open_holder_keys(settings))
    if isinstance(keys, Finding):
        return keys
    hosts = {city.code for city in roster.cities.values() if city.online} - {settings.city}
    opened = {host for host in hosts if keys.opens(host, now)}
    if missing := sorted(hosts - opened):
        return warning(file.name, f"no attestations to {', '.join(missing)}: no key for them")
    return right(file.name, f"keys for {len(opened)} hosts")


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
        yield content if isinstance(content, Finding) else right(name, "readable")
    for path in sorted(directory.glob("*")):
        if stat.S_IMODE(path.stat().st_mode) & OTHERS:
            yield wrong(path.name, f"others may read it; chmod 600 {path}")
