"""An alliance of one's own to try things in: keys, roster, settings and synthetic people.

`huxin demo` makes one in a temporary directory; `huxin sandbox` leaves one to work with.
"""

import csv
import io
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from joserfc.jwk import ECKey, KeySet

from contracts.words import CityState
from services.cli.demo.identity import IdentityProvider
from services.cli.demo.world import (
    FUZHOU,
    HANGZHOU,
    LINS_FACT,
    ZHENGZHOU,
    CityAccess,
    Person,
    World,
)
from services.cli.new_keys import ALGORITHM, make_keys, roster_entry, write_secret
from services.cli.roster.book import Book
from services.cli.roster.drafts import GRACE_DAYS, KEY_DAYS, ROSTER_DAYS
from services.cli.roster.files import listed_key
from services.cli.settings_file import settings_text
from services.cli.synthetic import synthetic_civil_id
from services.recognition.adapters.crosswalk_documents import propose
from services.recognition.adapters.crosswalk_file import load_draft
from services.recognition.adapters.documents import AllianceKeys, write_alliance_keys
from services.recognition.adapters.facts import COLUMNS
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.pseudonym_file import sign_pseudonym_keys
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.domain.roster import City
from services.recognition.domain.roster_changes import add_city, first_roster

CROSSWALK: Final = Path(__file__).parents[2] / "deploy/alliance/crosswalk.yaml"
CONSENT_TEXTS: Final = CROSSWALK.with_name("consent-texts.yaml")
NAMES: Final = {
    FUZHOU: ("福州", "Fuzhou"),
    ZHENGZHOU: ("郑州", "Zhengzhou"),
    HANGZHOU: ("杭州", "Hangzhou"),
}
PEOPLE: Final = {
    FUZHOU: {
        "chen": Person(synthetic_civil_id(1), "780"),
        "zhou": Person(synthetic_civil_id(2), "760"),
        "low": Person(synthetic_civil_id(3), "401"),
        "none": Person(synthetic_civil_id(4), None),
        "lin": Person(synthetic_civil_id(6), "735"),
    },
    ZHENGZHOU: {"wang": Person(synthetic_civil_id(5), "105")},
    HANGZHOU: {},
}


@dataclass(frozen=True)
class Sandbox:
    """An alliance on disk: one settings file per city, and the world as its people see it."""

    settings: dict[str, Path]
    world: World


def gateway_urls(first_port: int) -> dict[str, str]:
    """Give each city a port of its own on this machine."""
    return {code: f"http://127.0.0.1:{first_port + n}" for n, code in enumerate(NAMES)}


def make_sandbox(directory: Path, urls: dict[str, str], now: datetime) -> Sandbox:
    """Write keys, roster and settings of every city under a new directory."""
    alliance = directory / "alliance"
    alliance.mkdir(parents=True)
    shutil.copy(CONSENT_TEXTS, alliance / "consent-texts.yaml")
    signer = PrivateKey.generate(ALGORITHM)
    signer.save(alliance / "alliance.jwk")
    keys = AllianceKeys({signer.kid: signer.public_jwk})
    (alliance / "alliance-keys.json").write_text(write_alliance_keys(keys))
    (alliance / "crosswalks").mkdir()
    table = propose(load_draft(CROSSWALK), signer, now)
    (alliance / "crosswalks/alliance-1.jws").write_text(table + "\n")

    roster = first_roster(
        now=now, life=timedelta(days=ROSTER_DAYS), grace=timedelta(days=GRACE_DAYS)
    )
    for code in NAMES:
        city = _make_city(directory / code, code, urls[code], now)
        roster = add_city(roster, city)
    (alliance / "roster.jws").write_text(sign_roster(roster, signer))
    book = Book()
    for code in NAMES:
        book = book.with_key(code, use_from=now - timedelta(minutes=5))
    book.save(alliance / "pseudonym-book.json")
    sealed = book.seal(roster, version=1, now=now)
    (alliance / "pseudonym-keys.jws").write_text(sign_pseudonym_keys(sealed, signer))
    access = {code: _access(directory / code, code, urls[code]) for code in NAMES}
    people = {name: person for residents in PEOPLE.values() for name, person in residents.items()}
    settings = {code: directory / code / "node.toml" for code in NAMES}
    return Sandbox(settings, World(alliance, access, people))


def _make_city(directory: Path, code: str, url: str, now: datetime) -> City:
    listed = [
        listed_key(
            roster_entry(key, use),
            code=code,
            use_from=now - timedelta(minutes=5),
            use_until=now + timedelta(days=KEY_DAYS),
        )
        for use, key in make_keys(directory / "keys").items()
    ]
    (directory / "data").mkdir(mode=0o700)
    _make_identity_provider(directory)
    _write_scores(directory / "scores.csv", code, now)
    if code == FUZHOU:
        _write_facts(directory / "facts.csv", now)
    write_secret(directory / "node.toml", _settings(directory, code, url))
    name, name_en = NAMES[code]
    return City(
        code=code,
        name=name,
        name_en=name_en,
        gateway=url,
        state=CityState.ONLINE,
        keys={key.kid: key for key in listed},
    )


def _settings(directory: Path, code: str, url: str) -> str:
    """Return the settings file of a node that runs in one process."""
    alliance = directory.parent / "alliance"
    values = {
        "city": code,
        "gateway_url": url,
        "bus_url": f"inprocess://localhost/{code}",
        "recognition_database": f"sqlite:///{directory}/data/recognition.db",
        "scenarios_database": f"sqlite:///{directory}/data/scenarios.db",
        "gateway_database": f"sqlite:///{directory}/data/gateway.db",
        "keys_directory": f"{directory}/keys",
        "roster_file": f"{alliance}/roster.jws",
        "alliance_keys_file": f"{alliance}/alliance-keys.json",
        "crosswalks_directory": f"{alliance}/crosswalks",
        "consent_texts_file": f"{alliance}/consent-texts.yaml",
        "scores_file": f"{directory}/scores.csv",
        **({"facts_file": f"{directory}/facts.csv"} if code == FUZHOU else {}),
        "identity_issuer": _issuer(code),
        "identity_keys_file": f"{directory}/identity-keys.json",
        "http_host": "127.0.0.1",
        "http_port": url.rsplit(":", 1)[1],
        "log_level": "WARNING",
        "roster_seconds": "1",  # so that a change is seen while one looks
        "usage_seconds": "0.2",
        "webhooks_to_private_addresses": "true",  # the operators are on this machine, too
    }
    return settings_text(values)


def _issuer(code: str) -> str:
    return f"https://id.{code}.example"


def _make_identity_provider(directory: Path) -> None:
    key = ECKey.generate_key("P-256", auto_kid=True)
    write_secret(directory / "identity.jwk", json.dumps(key.as_dict(private=True)))
    public = KeySet([key]).as_dict(private=False)
    (directory / "identity-keys.json").write_text(json.dumps(public))


def _access(directory: Path, code: str, url: str) -> CityAccess:
    key = ECKey.import_key(json.loads((directory / "identity.jwk").read_text()))
    identity = IdentityProvider(_issuer(code), key)
    return CityAccess(code, url, identity, directory / "keys")


def _write_scores(path: Path, code: str, now: datetime) -> None:
    as_of = (now - timedelta(days=1)).astimezone(UTC).isoformat()
    scores = [(each.civil_id, each.score, as_of) for each in PEOPLE[code].values() if each.score]
    _write_table(path, [("civil_id", "score", "as_of"), *scores])


def _write_facts(path: Path, now: datetime) -> None:
    """Write the one fact of this alliance: without it Lin's score would be a band higher."""
    decided_at = (now - timedelta(days=40)).date().isoformat()
    lin = PEOPLE[FUZHOU]["lin"].civil_id
    fact = (lin, LINS_FACT, "行政处罚", "general", "榕交罚〔2026〕17号", decided_at, "-30")
    _write_table(path, [COLUMNS, fact])


def _write_table(path: Path, rows: Iterable[Iterable[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    write_secret(path, text.getvalue())
