"""The pseudonym keys as a document of the alliance: a JWS by its offices, like the roster."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from contracts.errors import Malformed
from services.recognition.adapters.documents import AllianceKeys, open_document
from services.recognition.domain import jws, jws_json
from services.recognition.domain.jws import Signatures, Signer
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.pseudonym_keys import PseudonymKeys, SealedKey

TYPE: Final = "huxin-pseudonym-keys+jwt"


def sign_pseudonym_keys(keys: PseudonymKeys, signer: Signer, *others: Signer) -> str:
    """Write the file's text, signed by one alliance key or several."""
    text = jws.write(_claims(keys), typ=TYPE, signer=signer)
    for other in others:
        text = countersign(text, other)
    return text


def countersign(text: str, signer: Signer) -> str:
    """Sign by one more key; what the others signed stays to the letter."""
    return jws_json.write(jws_json.add(jws_json.read(text.strip()), typ=TYPE, signer=signer))


def load_pseudonym_keys(
    text: str, *, alliance_keys: AllianceKeys, signatures: Signatures
) -> PseudonymKeys:
    """Read and check a document; raises Unauthenticated("bad_signature"), Malformed."""
    claims = open_document(text, typ=TYPE, alliance_keys=alliance_keys, signatures=signatures)
    try:
        return _read(claims)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("malformed", f"pseudonym keys: {error}") from error


def _claims(keys: PseudonymKeys) -> dict[str, Any]:
    return {
        "version": keys.version,
        "iat": to_seconds(keys.issued_at),
        "keys": [_key_claims(key) for key in keys.keys],
    }


def _key_claims(key: SealedKey) -> dict[str, Any]:
    until = {} if key.use_until is None else {"exp": to_seconds(key.use_until)}
    return {
        "id": key.id,
        "host": key.host,
        "nbf": to_seconds(key.use_from),
        **until,
        "sealed": {city: list(texts) for city, texts in sorted(key.sealed.items())},
    }


def _read(claims: Mapping[str, Any]) -> PseudonymKeys:
    version = claims["version"]
    if type(version) is not int or version < 1:
        raise ValueError("version")
    return PseudonymKeys(
        version=version,
        issued_at=from_seconds(claims["iat"]),
        keys=tuple(_read_key(key) for key in claims["keys"]),
        digest=hashlib.sha256(jws.write_json(claims)).hexdigest(),
    )


def _read_key(claims: Mapping[str, Any]) -> SealedKey:
    return SealedKey(
        id=str(claims["id"]),
        host=str(claims["host"]),
        use_from=from_seconds(claims["nbf"]),
        use_until=from_seconds(claims["exp"]) if "exp" in claims else None,
        sealed={
            str(city): tuple(str(text) for text in texts)
            for city, texts in claims["sealed"].items()
        },
    )
