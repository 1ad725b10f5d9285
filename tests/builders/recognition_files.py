"""The files a node of recognition starts from, as its operators lay them out."""

import json
from pathlib import Path
from typing import Any

from services.recognition.adapters.crosswalk_documents import propose
from services.recognition.adapters.encryption import EncryptionKey, seal
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.pseudonym_file import sign_pseudonym_keys
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.domain.pseudonym_keys import PseudonymKeys, SealedKey
from services.recognition.domain.roster import Roster
from services.recognition.settings import RecognitionSettings
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    NOW,
    YEAR,
    a_roster,
)
from tests.builders.recognition import CIVIL_ID, HOME_GATEWAY, RESIDENT_KEY, SCORE

ALLIANCE_KEY = PrivateKey.generate("EdDSA")
CONSENT_TEXTS = Path(__file__).parents[2] / "deploy/alliance/consent-texts.yaml"
TEXT_VERSION = "2026-11"  # of that file
ENCRYPTION_KEY = EncryptionKey.generate()


def a_sealed_key(host: str, *, to: str, secret: bytes = bytes([1] * 32), **overrides: Any):
    """Seal a pseudonym key to the one city whose node is laid out here."""
    name = overrides.get("id", f"key of {host}")
    text = seal(secret, id=name, host=host, to=ENCRYPTION_KEY.public_jwk)
    values = {"id": name, "use_from": NOW - YEAR, "use_until": None, "sealed": {to: (text,)}}
    return SealedKey(host=host, **{**values, **overrides})


def write_node(
    directory: Path,
    *,
    city: str = FUZHOU,
    gateway: str = HOME_GATEWAY,
    roster: Roster | None = None,
    key: PrivateKey = HOME_KEY,
    as_of: str = "2026-05-01",
) -> RecognitionSettings:
    """Lay out a node of Fuzhou and return its settings."""
    keys = directory / "keys"
    keys.mkdir(parents=True)
    key.save(keys / "attestation.jwk")
    (keys / "resident.key").write_text(RESIDENT_KEY.hex(), "ascii")
    ENCRYPTION_KEY.save(keys / "encryption.jwk")
    hosts = [a_sealed_key(host, to=city) for host in (FUZHOU, HANGZHOU) if host != city]
    sealed = PseudonymKeys(version=1, issued_at=NOW - YEAR, keys=tuple(hosts))
    (directory / "pseudonym-keys.jws").write_text(sign_pseudonym_keys(sealed, ALLIANCE_KEY))
    (directory / "roster.jws").write_text(sign_roster(roster or a_roster(), ALLIANCE_KEY))
    (directory / "alliance.json").write_text(json.dumps({"keys": [ALLIANCE_KEY.public_jwk]}))
    (directory / "crosswalks").mkdir()
    (directory / "crosswalks/alliance-1.jws").write_text(propose(CROSSWALK, ALLIANCE_KEY, NOW))
    (directory / "scores.csv").write_text(f"civil_id,score,as_of\n{CIVIL_ID},{SCORE},{as_of}\n")
    return RecognitionSettings(
        city=city,
        gateway_url=gateway,
        recognition_database=f"sqlite:///{directory}/recognition.db",
        keys_directory=keys,
        roster_file=directory / "roster.jws",
        alliance_keys_file=directory / "alliance.json",
        crosswalks_directory=directory / "crosswalks",
        consent_texts_file=CONSENT_TEXTS,
        scores_file=directory / "scores.csv",
    )


def as_texts(settings: RecognitionSettings) -> dict[str, str]:
    """Write settings as a file of them has it; what is left out has its default."""
    return {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in vars(settings).items()
        if value not in (None, ())
    }
