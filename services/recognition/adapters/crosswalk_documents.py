"""A signed crosswalk: JSON with the signatures of its parties, for which any channel will do.

The alliance's table is signed by the alliance's offices, as many as its threshold; an override by
an attestation key of each of its two cities, as the roster lists them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.errors import Malformed, Unauthenticated
from services.recognition.adapters.crosswalk_claims import crosswalk_claims, read_crosswalk_claims
from services.recognition.adapters.documents import AllianceKeys, check_signatures
from services.recognition.domain import jws, jws_json
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_versions import Document, Published
from services.recognition.domain.jws import Jws, Signatures, Signer
from services.recognition.domain.override import Override
from services.recognition.domain.roster import City, KeyState, KeyUse, Roster

TYPE: Final = "huxin-crosswalk+jwt"


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """By what a signature under a crosswalk is believed, at a moment."""

    alliance_keys: AllianceKeys
    roster: Roster
    signatures: Signatures
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A document with good signatures: of `parties`, and as many of others as `missing` says."""

    published: Published
    parties: tuple[str, ...]
    missing: int

    @property
    def document(self) -> Document:
        return self.published.document


def propose(document: Document, signer: Signer, now: datetime) -> str:
    """Write a document with its first signature."""
    return jws.write(crosswalk_claims(document, now), typ=TYPE, signer=signer)


def add_signature(text: str, signer: Signer) -> str:
    """Sign what others signed, to the letter, by one more key."""
    return jws_json.write(jws_json.add(jws_json.read(text.strip()), typ=TYPE, signer=signer))


def read_published(text: str) -> Published:
    """Read a document whose signatures were checked before; raises Malformed."""
    token = jws_json.read(text.strip())[0]
    document, proposed_at = read_crosswalk_claims(token.payload)
    _, payload, _ = token.parts
    return Published(
        document=document,
        proposed_at=proposed_at,
        digest=hashlib.sha256(jws.decode(payload)).hexdigest(),
        text=text.strip(),
    )


def open_signed(text: str, trusted: Trusted) -> Signed:
    """Read a document and check its signatures, of which some may be missing yet.

    Raises Malformed, Unauthenticated("bad_signature"), Refused("unknown_city").
    """
    published, tokens = read_published(text), jws_json.read(text.strip())
    if any(token.typ != TYPE for token in tokens):
        raise Malformed("malformed", f"not a {TYPE}")
    if isinstance(published.document, Crosswalk):
        parties, needed = _offices(tokens, trusted), trusted.alliance_keys.threshold
    else:
        parties = _cities(tokens, published, published.document, trusted)
        needed = len({published.document.home, published.document.host})
    return Signed(published=published, parties=parties, missing=max(0, needed - len(parties)))


def open_published(text: str, trusted: Trusted) -> Published:
    """Read a document that every party signed; raises as open_signed."""
    signed = open_signed(text, trusted)
    if signed.missing:
        raise Unauthenticated("bad_signature", f"{TYPE}: {signed.missing} more have to sign")
    return signed.published


def is_party(document: Document, kid: str, trusted: Trusted) -> bool:
    """Say whether a key may sign a document now."""
    if isinstance(document, Crosswalk):
        return kid in trusted.alliance_keys.keys
    parties = (trusted.roster.city(document.home), trusted.roster.city(document.host))
    return any(
        key.kid == kid and key.why_not_usable(trusted.now) is None
        for city in parties
        for key in city.keys_for(KeyUse.ATTESTATION)
    )


def _offices(tokens: tuple[Jws, ...], trusted: Trusted) -> tuple[str, ...]:
    counted = check_signatures(
        tokens,
        typ=TYPE,
        alliance_keys=replace(trusted.alliance_keys, threshold=1),
        signatures=trusted.signatures,
    )
    return tuple(token.kid for token in counted)


def _cities(
    tokens: tuple[Jws, ...], published: Published, override: Override, trusted: Trusted
) -> tuple[str, ...]:
    """Name the cities that signed, each once."""
    cities = (trusted.roster.city(override.home), trusted.roster.city(override.host))
    signed = [_who_signed(token, cities, published, trusted) for token in tokens]
    if len(set(signed)) != len(signed):
        raise Unauthenticated("bad_signature", f"{TYPE}: one city signed twice")
    return tuple(signed)


def _who_signed(token: Jws, cities: Sequence[City], published: Published, trusted: Trusted) -> str:
    """Find the city by whose key this is; the key was in use at a time since the proposal."""
    for city in cities:
        key = city.keys.get(token.kid)
        if key is None or key.use is not KeyUse.ATTESTATION or key.state is KeyState.RETIRED:
            continue
        in_use = key.use_from <= trusted.now and published.proposed_at < key.use_until
        good = in_use and trusted.signatures.fits(token.alg, key.jwk)
        if good and trusted.signatures.verify(token, key.jwk):
            return city.code
    raise Unauthenticated("bad_signature", f"{TYPE}: by key {token.kid[:43]}")
