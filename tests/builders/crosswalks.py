"""Overrides, further versions of the alliance's table, and how both come to be signed."""

from datetime import timedelta
from typing import Any

from contracts.words import Category
from services.recognition.adapters.crosswalk_documents import (
    Trusted,
    add_signature,
    propose,
    read_published,
)
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.crosswalk import Crosswalk, Scale
from services.recognition.domain.crosswalk_versions import Document, Published
from services.recognition.domain.override import Override
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    HOST_KEY,
    NOW,
    a_crosswalk,
    a_roster,
)

DAY = timedelta(days=1)
OFFICE, SECOND_OFFICE = PrivateKey.generate("EdDSA"), PrivateKey.generate("ES256")
TIERS = {"极差": 1, "较差": 1, "一般": 2, "良好": 4, "优秀": 5, "极好": 5}


def an_override(**overrides: Any) -> Override:
    """Fuzhou's 良好 and 优秀 count one tier more at Hangzhou, for sports."""
    values = {
        "home": FUZHOU,
        "host": HANGZHOU,
        "category": Category.SPORTS,
        "version": 1,
        "effective_from": NOW - DAY,
        "effective_until": None,
        "tiers": TIERS,
    }
    return Override(**{**values, **overrides})


def a_table_with(city: str, tiers: dict[str, int], **overrides: Any) -> Crosswalk:
    """Another version of the alliance's table, in which some bands of a city count otherwise."""
    scale = CROSSWALK.scales[city]
    bands = tuple(
        type(band)(**{**vars(band), "tier": tiers.get(band.label, band.tier)})
        for band in scale.bands
    )
    changed = Scale(**{**vars(scale), "bands": bands})
    return a_crosswalk(**{"version": 2, "scales": {**CROSSWALK.scales, city: changed}, **overrides})


def what_is_trusted(**overrides: Any) -> Trusted:
    listed = {key.kid: key.public_jwk for key in (OFFICE, SECOND_OFFICE)}
    values = {
        "alliance_keys": AllianceKeys(listed, 2),
        "roster": a_roster(),
        "signatures": SuiteSignatures(),
        "now": NOW,
    }
    return Trusted(**{**values, **overrides})


def signed_by(document: Document, first: PrivateKey, *others: PrivateKey, at=NOW - DAY) -> str:
    text = propose(document, first, at)
    for other in others:
        text = add_signature(text, other)
    return text


def published(document: Document) -> Published:
    """Sign a document by all its parties."""
    parties = (OFFICE, SECOND_OFFICE) if isinstance(document, Crosswalk) else (HOME_KEY, HOST_KEY)
    return read_published(signed_by(document, *parties))
