"""JSON signed by several keys: JWS General JSON Serialization (RFC 7515 §7.2.1), read strictly.

Every signature is over the same payload and has a header of its own, which it covers; a header that
no signature covers is refused.  One signature alone is written in compact form, so that whoever
reads that form only goes on reading; either form is read.
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.errors import Malformed
from services.recognition.domain import jws
from services.recognition.domain.jws import Jws, Signer

MOST: Final = 32  # signatures; each costs a check


def read(text: str, *, limit: int = jws.LARGE) -> tuple[Jws, ...]:
    """Read every signature with the payload, without judging one; raises Malformed."""
    if not text.startswith("{"):
        return (jws.read(text, limit=limit),)
    if len(text) > limit:
        raise Malformed("too_large", "token")
    try:
        document = jws.read_json(text.encode())
        payload, signatures = _members(document, "payload", "signatures")
        entries = [_members(entry, "protected", "signature") for entry in signatures]
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", f"a JWS in JSON: {error}") from error
    if not 1 <= len(entries) <= MOST:
        raise Malformed("malformed", f"a JWS has 1 to {MOST} signatures")
    if not all(isinstance(part, str) for part in (payload, *sum(entries, ()))):
        raise Malformed("malformed", "the parts of a JWS are text")
    return tuple(jws.assemble(protected, payload, signature) for protected, signature in entries)


def add(tokens: Sequence[Jws], *, typ: str, signer: Signer) -> tuple[Jws, ...]:
    """Sign what is signed already, to the letter, by one more key."""
    _, payload, _ = tokens[0].parts
    return (*tokens, jws.read(jws.sign(payload, typ=typ, signer=signer), limit=jws.LARGE))


def write(tokens: Sequence[Jws]) -> str:
    """Write one payload with its signatures."""
    if len(tokens) == 1:
        return ".".join(tokens[0].parts)
    _, payload, _ = tokens[0].parts
    signed = [token.parts for token in tokens]
    entries = [{"protected": header, "signature": signature} for header, _, signature in signed]
    return jws.write_json({"payload": payload, "signatures": entries}).decode()


def _members(value: Any, *names: str) -> tuple[Any, ...]:
    """Return exactly these members of an object; raises ValueError."""
    if not isinstance(value, dict) or set(value) != set(names):
        raise ValueError(f"an object of {' and '.join(names)} is wanted")
    return tuple(value[name] for name in names)
