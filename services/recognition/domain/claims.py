"""The claims of an attestation as a host reads them: a closed list, each of one exact shape."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from contracts.errors import Malformed, Refused
from services.recognition.domain.attestation import (
    ALWAYS_VISIBLE,
    DISCLOSABLE,
    MANDATORY,
    StatusEntry,
)
from services.recognition.domain.crosswalk import HIGHEST_TIER, LOWEST_TIER
from services.recognition.domain.jws import Jwk
from services.recognition.domain.moments import from_seconds
from services.recognition.domain.sd_jwt import SD, SD_ALG

LONGEST_LABEL: Final = 32
MOST_PURPOSES: Final = 16
MAX_INDEX: Final = 2**31

_GATEWAY = re.compile(r"https?://[!-~]{1,500}")
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{43}")
_PURPOSE = re.compile(r"[a-z][a-z_]{0,63}")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 §6

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class VisibleClaims:
    """What the issuer-signed JWT says without any disclosure."""

    id: UUID
    issuer: str
    audience: str
    subject: str
    former_subject: str | None
    issued_at: datetime
    not_before: datetime | None
    expires_at: datetime
    status: StatusEntry
    crosswalk: int
    confirmation: object

    @property
    def holder_key(self) -> Jwk:
        """The key in `cnf` (RFC 7800 §3.2); raises Refused("no_holder_key")."""
        jwk = self.confirmation.get("jwk") if isinstance(self.confirmation, dict) else None
        if not isinstance(jwk, dict) or not isinstance(jwk.get("kty"), str):
            raise Refused("no_holder_key", "absent")
        if _PRIVATE & jwk.keys():
            raise Refused("no_holder_key", "not a public key")
        return jwk


@dataclass(frozen=True, kw_only=True)
class DisclosedClaims:
    """What the holder chose to show."""

    tier: int
    band: str
    as_of: datetime
    purposes: frozenset[str]
    score_name: str | None


def read_visible(payload: Mapping[str, Any]) -> VisibleClaims:
    """Read the always-visible claims; raises Malformed("malformed_presentation")."""
    if unknown := payload.keys() - ALWAYS_VISIBLE - {SD, SD_ALG}:
        raise Malformed("malformed_presentation", f"{len(unknown)} claims outside the closed list")
    return VisibleClaims(
        id=_read(payload, "jti", _uuid),
        issuer=_read(payload, "iss", _gateway),
        audience=_read(payload, "aud", _gateway),
        subject=_read(payload, "sub", _pseudonym),
        former_subject=_read(payload, "former_sub", _pseudonym)
        if "former_sub" in payload
        else None,
        issued_at=_read(payload, "iat", from_seconds),
        not_before=_read(payload, "nbf", from_seconds) if "nbf" in payload else None,
        expires_at=_read(payload, "exp", from_seconds),
        status=_read(payload, "status", _status),
        crosswalk=_read(payload, "crosswalk", _version),
        confirmation=payload.get("cnf"),
    )


def read_disclosed(resolved: Mapping[str, Any], *, visible: Collection[str]) -> DisclosedClaims:
    """Read the disclosed claims out of a resolved payload, in which some were `visible` before.

    Raises Refused("missing_claim") for a mandatory one that is withheld, Refused("bad_disclosure")
    for one outside the closed list or one that may only be visible (SD-JWT VC §2.2.2.2),
    Malformed("malformed_presentation") for a wrong shape.
    """
    if resolved.keys() - DISCLOSABLE - frozenset(visible):
        raise Refused("bad_disclosure", "claim outside the closed list")
    if missing := MANDATORY - resolved.keys():
        raise Refused("missing_claim", ", ".join(sorted(missing)))
    return DisclosedClaims(
        tier=_read(resolved, "tier", _tier),
        band=_read(resolved, "band", _label),
        as_of=_read(resolved, "as_of", from_seconds),
        purposes=_read(resolved, "purposes", _purposes),
        score_name=_read(resolved, "score_name", _label) if "score_name" in resolved else None,
    )


def _read(claims: Mapping[str, Any], name: str, shape: Callable[[object], T]) -> T:
    try:
        return shape(claims.get(name))
    except ValueError as error:
        raise Malformed("malformed_presentation", f"claim {name}") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")  # noqa: TRY004 - one kind of error for every shape
    return value


def _label(value: object) -> str:
    text = _text(value)
    if not 1 <= len(text) <= LONGEST_LABEL or not text.isprintable():
        raise ValueError("not a label")
    return text


def _matching(pattern: re.Pattern[str], value: object) -> str:
    text = _text(value)
    if not pattern.fullmatch(text):
        raise ValueError("not of this form")
    return text


def _uuid(value: object) -> UUID:
    return UUID(_text(value))


def _gateway(value: object) -> str:
    return _matching(_GATEWAY, value)


def _pseudonym(value: object) -> str:
    return _matching(_PSEUDONYM, value)


def _version(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("not a version")
    return value


def _tier(value: object) -> int:
    if type(value) is not int or not LOWEST_TIER <= value <= HIGHEST_TIER:
        raise ValueError("not a tier")
    return value


def _purposes(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_PURPOSES:
        raise ValueError("not a list of purposes")
    return frozenset(_matching(_PURPOSE, item) for item in value)


def _status(value: object) -> StatusEntry:
    entry = value.get("status_list") if isinstance(value, dict) else None
    if not isinstance(entry, dict):
        raise ValueError("no status_list")  # noqa: TRY004 - one kind of error for every shape
    index, uri = entry.get("idx"), entry.get("uri")
    if type(index) is not int or not 0 <= index < MAX_INDEX:
        raise ValueError("not an index")
    return StatusEntry(_text(uri), index)
