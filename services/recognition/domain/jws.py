"""Signed JSON in compact form (RFC 7515), read strictly and apart from checking signatures.

A token is read once: the header and payload that the rules judge come from exactly the bytes that
the signature covers.  The signature itself is the business of two ports, `Signer` and
`Signatures`, so that the domain knows no cryptography.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Protocol

from contracts.errors import Malformed

JsonObject = dict[str, Any]
Jwk = Mapping[str, Any]

MAX_DEPTH: Final = 8  # the deepest honest document, the roster, needs six
SMALL: Final = 16 * 1024  # characters; an attestation with every disclosure needs about 2,000
LARGE: Final = 1024 * 1024  # characters; for rosters and status lists


class Signer(Protocol):
    """Holds one private key and signs with it, or raises Refused("key_not_usable")."""

    @property
    def kid(self) -> str: ...
    @property
    def alg(self) -> str: ...
    def sign(self, message: bytes) -> bytes: ...


class Signatures(Protocol):
    """Checks signatures by public keys; answers False, never raises, whatever it is given."""

    def fits(self, alg: str, jwk: Jwk) -> bool:
        """Say whether `alg` is allowed and is an algorithm for this very key."""

    def verify(self, token: "Jws", jwk: Jwk) -> bool: ...


@dataclass(frozen=True)
class Jws:
    """Invariant: header and payload are JSON objects, read from the bytes that were signed."""

    header: JsonObject
    payload: JsonObject
    message: bytes
    signature: bytes

    @property
    def alg(self) -> str:
        alg = self.header.get("alg")
        return alg if isinstance(alg, str) else ""

    @property
    def kid(self) -> str:
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else ""

    @property
    def typ(self) -> str:
        typ = self.header.get("typ")
        return typ if isinstance(typ, str) else ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """Return header, payload and signature in base64url, to the letter as they came."""
        header, payload = self.message.decode("ascii").split(".")
        return header, payload, encode(self.signature)


def read(compact: str, *, limit: int = SMALL) -> Jws:
    """Read a compact JWS without judging its signature.

    Raises Malformed for anything else: padding, stray bits, repeated member names, NaN, lone
    surrogates, deep nesting, a `crit` header, as no extension is understood (RFC 7515 §4.1.11), or
    `b64`, which changes what a signature covers (RFC 7797 §7).
    """
    if len(compact) > limit:
        raise Malformed("too_large", "token")
    parts = compact.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise Malformed("malformed", "a compact JWS has three parts")
    return assemble(parts[0], parts[1], parts[2])


def assemble(protected: str, payload: str, signature: str) -> Jws:
    """Read the parts of a JWS in base64url, as strictly as `read`; raises Malformed."""
    try:
        header, claims = read_json(decode(protected)), read_json(decode(payload))
        signed = decode(signature)
    except ValueError as error:
        raise Malformed("malformed", "not base64url of JSON") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Malformed("malformed", "header and payload are JSON objects")
    if extensions := {"crit", "b64"} & header.keys():
        raise Malformed("malformed", f"header extension {min(extensions)}")
    return Jws(header, claims, f"{protected}.{payload}".encode("ascii"), signed)


def write(payload: Mapping[str, Any], *, typ: str, signer: Signer) -> str:
    """Sign `payload` into a compact JWS that names its type, algorithm and key."""
    return sign(encode(write_json(payload)), typ=typ, signer=signer)


def sign(payload: str, *, typ: str, signer: Signer) -> str:
    """Sign a payload that is in base64url already, to the letter."""
    header = {"alg": signer.alg, "kid": signer.kid, "typ": typ}
    message = f"{encode(write_json(header))}.{payload}"
    return f"{message}.{encode(signer.sign(message.encode('ascii')))}"


def encode(data: bytes) -> str:
    """Write base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url without padding, in its one canonical spelling; raises ValueError."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise ValueError("not canonical base64url")
    return data


def write_json(value: object) -> bytes:
    """Write compact UTF-8 JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def read_json(data: bytes) -> Any:
    """Read JSON that means the same to every reader; raises ValueError."""
    try:
        value = _STRICT.decode(data.decode())
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _check(value, MAX_DEPTH)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member name is repeated")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _check(value: object, depth: int) -> None:
    """Refuse deep nesting and text that has no UTF-8 form."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        value.encode()  # UnicodeEncodeError is a ValueError
    elif isinstance(value, dict):
        for name, member in value.items():
            name.encode()
            _check(member, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
