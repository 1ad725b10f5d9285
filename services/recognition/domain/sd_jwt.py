"""Selective disclosure (RFC 9901): conceal claims, choose disclosures, resolve them again.

The text form is `<issuer-signed JWT>~<disclosure>~...~<disclosure>~<key-binding JWT or nothing>`.
Only the format lives here; what the claims mean is attestation.py, whether to believe them is
verification.py.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.errors import Malformed, Refused
from services.recognition.domain import jws

MAX_DISCLOSURES: Final = 32
MAX_DEPTH: Final = jws.MAX_DEPTH

SD, SD_ALG, ELEMENT = "_sd", "_sd_alg", "..."
SHA_256: Final = "sha-256"
OBJECT_ARITY, ELEMENT_ARITY = 3, 2  # [salt, name, value] and [salt, value], RFC 9901 §4.2


@dataclass(frozen=True)
class SdJwt:
    """An SD-JWT taken apart; nothing in it has been judged."""

    token: str
    disclosures: tuple[str, ...]
    key_binding: str = ""

    @property
    def bound_text(self) -> str:
        """The text a key-binding JWT covers by its `sd_hash` (RFC 9901 §4.3.1)."""
        return "~".join((self.token, *self.disclosures, ""))

    def __str__(self) -> str:
        return self.bound_text + self.key_binding


def read(text: str) -> SdJwt:
    """Take an SD-JWT apart; raises Malformed for anything else."""
    if len(text) > jws.SMALL:
        raise Malformed("too_large", "presentation")
    token, *disclosures = text.split("~")
    if not disclosures:
        raise Malformed("malformed_presentation", "an SD-JWT has at least one tilde")
    if len(disclosures) > MAX_DISCLOSURES + 1:
        raise Malformed("too_large", "disclosures")
    *disclosures, key_binding = disclosures
    if not token or not all(disclosures):
        raise Malformed("malformed_presentation", "empty part")
    return SdJwt(token, tuple(disclosures), key_binding)


def digest(text: str) -> str:
    """Hash a disclosure, or the text a key binding covers, as RFC 9901 §4.2.3 says."""
    return jws.encode(hashlib.sha256(text.encode()).digest())


def disclosure(salt: str, *parts: object) -> str:
    """Write the disclosure of a claim (name, value) or of an array element (value)."""
    return jws.encode(jws.write_json([salt, *parts]))


def conceal(
    claims: Mapping[str, Any], names: Collection[str], make_salt: Callable[[], str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Replace the named claims by digests; return the payload to sign and the disclosures.

    `make_salt` yields at least 128 random bits as base64url each time (RFC 9901 §9.3).  Digests
    are sorted, so that their order tells nothing.
    """
    disclosures = tuple(
        disclosure(make_salt(), name, value) for name, value in claims.items() if name in names
    )
    visible = {name: value for name, value in claims.items() if name not in names}
    digests = sorted(digest(text) for text in disclosures)
    return {**visible, SD: digests, SD_ALG: SHA_256}, disclosures


def select(sd_jwt: SdJwt, names: Collection[str]) -> SdJwt:
    """Keep only the disclosures of the named claims: the holder's choice."""
    opened = ((text, _open(text)) for text in sd_jwt.disclosures)
    kept = (text for text, found in opened if len(found) == OBJECT_ARITY and found[1] in names)
    return SdJwt(sd_jwt.token, tuple(kept))


def resolve(payload: Mapping[str, Any], disclosures: Collection[str]) -> dict[str, Any]:
    """Put the disclosed claims into the payload, by every rule of RFC 9901 §7.1 steps 3 to 5.

    Raises Refused("bad_disclosure") naming the rule that was broken.
    """
    if payload.get(SD_ALG, SHA_256) != SHA_256:
        raise _bad("unknown hash algorithm")
    found = {digest(text): _open(text) for text in disclosures}
    if len(found) != len(disclosures):
        raise _bad("disclosure repeated")
    resolution = _Resolution(found)
    top = {name: value for name, value in payload.items() if name != SD_ALG}
    resolved = resolution.claims_of(top, MAX_DEPTH)
    if found.keys() - resolution.met:
        raise _bad("disclosure not referenced")
    return resolved


@dataclass
class _Resolution:
    """One walk over a payload; remembers every digest it has met."""

    disclosures: Mapping[str, list[Any]]
    met: set[str] = field(default_factory=set)

    def claims_of(self, node: Mapping[str, Any], depth: int) -> dict[str, Any]:
        if ELEMENT in node or SD_ALG in node:
            raise _bad("reserved name out of place")
        claims = {
            name: self.value_of(value, depth - 1) for name, value in node.items() if name != SD
        }
        for found in self._meet_all(node.get(SD, [])):
            if len(found) != OBJECT_ARITY:
                raise _bad("not [salt, name, value]")
            _, name, value = found
            if not isinstance(name, str) or name in {SD, ELEMENT, SD_ALG}:
                raise _bad("reserved claim name")
            if name in claims:
                raise _bad("claim name taken")
            claims[name] = self.value_of(value, depth - 1)
        return claims

    def items_of(self, items: list[Any], depth: int) -> list[Any]:
        kept = []
        for item in items:
            if not (isinstance(item, dict) and item.keys() == {ELEMENT}):
                kept.append(self.value_of(item, depth - 1))
                continue
            for found in self._meet_all([item[ELEMENT]]):
                if len(found) != ELEMENT_ARITY:
                    raise _bad("not [salt, value]")
                kept.append(self.value_of(found[1], depth - 1))
        return kept

    def value_of(self, value: Any, depth: int) -> Any:
        if depth == 0:
            raise _bad("nested too deeply")
        if isinstance(value, dict):
            return self.claims_of(value, depth)
        if isinstance(value, list):
            return self.items_of(value, depth)
        return value

    def _meet_all(self, digests: object) -> list[list[Any]]:
        """Note each digest; return the disclosures found, leaving out decoys and withheld ones."""
        if not isinstance(digests, list) or not all(isinstance(each, str) for each in digests):
            raise _bad("digest out of place")
        for each in digests:
            if each in self.met:
                raise _bad("digest repeated")
            self.met.add(each)
        return [self.disclosures[each] for each in digests if each in self.disclosures]


def _open(text: str) -> list[Any]:
    try:
        opened = jws.read_json(jws.decode(text))
    except ValueError as error:
        raise _bad("not base64url of JSON") from error
    if not isinstance(opened, list) or len(opened) not in {OBJECT_ARITY, ELEMENT_ARITY}:
        raise _bad("not an array of two or three")
    if not isinstance(opened[0], str):
        raise _bad("the salt is a string")
    return opened


def _bad(rule: str) -> Refused:
    return Refused("bad_disclosure", rule)
