"""What the alliance publishes for all cities: JSON signed by keys of the alliance's offices."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.errors import Malformed, Unauthenticated
from services.recognition.adapters.suites import SuiteMissing, public_part, thumbprint
from services.recognition.domain import jws, jws_json
from services.recognition.domain.jws import Jwk, Jws, Signatures


@dataclass(frozen=True)
class AllianceKeys:
    """Invariant: `threshold` of these keys, by their names, have to sign; 1 to all of them."""

    keys: Mapping[str, Jwk]
    threshold: int = 1

    def __post_init__(self) -> None:
        if type(self.threshold) is not int or not 1 <= self.threshold <= len(self.keys):
            raise ValueError(f"a threshold is a whole number from 1 to {len(self.keys)}, the keys")


def open_document(
    text: str, *, typ: str, alliance_keys: AllianceKeys, signatures: Signatures
) -> dict[str, Any]:
    """Read a document, whoever brought it, if the alliance signed it as this type.

    Raises Malformed, or Unauthenticated("bad_signature").
    """
    return check_signatures(
        jws_json.read(text.strip()), typ=typ, alliance_keys=alliance_keys, signatures=signatures
    )[0].payload


def check_signatures(
    tokens: tuple[Jws, ...], *, typ: str, alliance_keys: AllianceKeys, signatures: Signatures
) -> tuple[Jws, ...]:
    """Return the signatures by distinct keys of the alliance, as many as its threshold or more.

    A signature by a key that is not in the list does not count and does no harm: an office that
    joins may sign before everybody lists its key.  A wrong one by a key in the list, or two by the
    same, are refused however many good ones stand beside them.  Raises as open_document.
    """
    counted = tuple(token for token in tokens if token.kid in alliance_keys.keys)
    if not counted:
        raise Unauthenticated("bad_signature", f"{typ}: not an alliance key: {tokens[0].kid[:43]}")
    for token in counted:
        key = alliance_keys.keys[token.kid]
        if not (signatures.fits(token.alg, key) and signatures.verify(token, key)):
            raise Unauthenticated("bad_signature", f"{typ}: by key {token.kid}")
    if len({token.kid for token in counted}) < len(counted):
        raise Unauthenticated("bad_signature", f"{typ}: one key signed twice")
    if len(counted) < alliance_keys.threshold:
        number = f"{len(counted)} of the {alliance_keys.threshold} signatures that are needed"
        raise Unauthenticated("bad_signature", f"{typ}: {number}")
    if any(token.typ != typ for token in counted):
        raise Malformed("malformed", f"not a {typ}")
    return counted


def read_alliance_keys(text: str) -> AllianceKeys:
    """Read a JWK Set (RFC 7517 §5), in which `threshold` says how many of the keys have to sign.

    Without it one is enough.  Raises Malformed unless every key is usable.
    """
    try:
        document = jws.read_json(text.encode())
        keys = {thumbprint(jwk): public_part(jwk) for jwk in document["keys"]}
    except SuiteMissing as error:
        raise Malformed("malformed", f"alliance keys: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not a JWK Set of known suites") from error
    try:
        return AllianceKeys(keys, document.get("threshold", 1))
    except ValueError as error:
        raise Malformed("malformed", f"alliance keys: {error}") from error


def write_alliance_keys(alliance: AllianceKeys) -> str:
    """Write the JWK Set that `read_alliance_keys` reads."""
    keys = [{**jwk, "kid": kid} for kid, jwk in sorted(alliance.keys.items())]
    return json.dumps({"keys": keys, "threshold": alliance.threshold}, indent=2) + "\n"
