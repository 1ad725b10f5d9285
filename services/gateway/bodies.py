"""Read request bodies: bounded, of the stated type, strict JSON, valid by their contract.

Everything a body can get wrong ends here as Malformed naming the place, so that no resource and no
service behind it meets it.
"""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

import falcon
from marshmallow import RAISE, ValidationError

from contracts.errors import Malformed
from contracts.routes.route import FORM, JSON, NDJSON, Route
from contracts.schemas import schema_of
from contracts.wire import flatten

LARGEST_BODY: Final = 64 * 1024  # bytes
LARGEST: Final = {NDJSON: 1024 * 1024}  # of types that bring many things at once
DEEPEST: Final = 16  # levels; the deepest honest body needs four
MOST_FORM_FIELDS: Final = 32
MOST_DIGITS: Final = 100
EXACT: Final = 2**53  # beyond it a float is no longer one whole number (RFC 8259 §6)


def read_bytes(request: falcon.Request, content_type: str) -> bytes:
    """Return the body, read once; raise Malformed too_large, too_slow or unsupported_media_type."""
    if (known := getattr(request.context, "body", None)) is not None:
        return bytes(known)
    check_type(request, content_type)
    length, largest = request.content_length, LARGEST.get(content_type, LARGEST_BODY)
    if length is not None and length > largest:
        # Whoever is still sending would hear of a broken pipe, and not what was wrong.
        request.bounded_stream.read(min(length, 2 * largest))
        raise _too_large(largest)
    # Without a length the body is chunked, and the server marks its end in the raw stream.
    stream = request.stream if length is None and _is_chunked(request) else request.bounded_stream
    body = bytes(stream.read(largest + 1))
    if len(body) > largest:
        raise _too_large(largest)
    request.context.body = body
    return body


def read_signed(request: falcon.Request) -> bytes:
    """Read what a city's signature must cover: the body that the route takes, if it takes one."""
    route: Route = request.context.route
    if route.takes_body:
        return read_bytes(request, route.content_type)
    if request.content_length:
        raise Malformed(errors={"body": "Must be empty."})
    return b""


def check_type(request: falcon.Request, content_type: str) -> None:
    """Raise Malformed("unsupported_media_type") unless the body is said to be of this type."""
    given, _, parameters = (request.content_type or "").partition(";")
    charset = parameters.replace(" ", "").replace('"', "").lower()  # RFC 9110 §8.3.1
    if request.get_header("Content-Encoding", default="identity").lower() != "identity":
        raise Malformed(
            "unsupported_media_type",
            "compressed bodies are not read",
            {"header.Content-Encoding": "Must be left out."},
        )
    if given.strip().lower() != content_type or charset not in {"", "charset=utf-8"}:
        raise Malformed(
            "unsupported_media_type",
            f"expected {content_type}",
            {"header.Content-Type": f"Must be {content_type}."},
        )


def parse_json(body: bytes) -> Any:
    """Read strict JSON (RFC 8259): UTF-8, no repeated names, finite numbers, bounded depth."""
    if body.startswith(BOM_UTF8):
        raise _malformed("body", "Begins with a byte order mark; send UTF-8 without one.")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        raise _malformed("body", "Not UTF-8.") from error
    except RecursionError as error:
        raise _malformed("body", "Nested too deeply.") from error
    except ValueError as error:
        raise _malformed("body", f"Not JSON: {error}") from error
    for path, problem in _wrong_values(value):
        raise _malformed(path or "body", problem)
    return value


def read_as(kind: type, value: Any) -> Any:
    """Make a body class of parsed JSON; an unknown field is an error.  Raise Malformed."""
    if not isinstance(value, dict):
        raise _malformed("body", "Must be an object.")
    try:
        return schema_of(kind, RAISE).load(value)
    except ValidationError as error:
        raise Malformed(errors=flatten(error.messages)) from error


def read_json(request: falcon.Request, kind: type) -> Any:
    """Read the JSON body of a request as its class."""
    return read_as(kind, parse_json(read_bytes(request, JSON)))


def read_form(request: falcon.Request) -> dict[str, str]:
    """Read form fields; a repeated one is an error (RFC 6749 §3.2)."""
    try:
        text = read_bytes(request, FORM).decode("utf-8")
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FORM_FIELDS
        )
    except ValueError as error:
        raise _malformed("body", "Not a form.") from error
    return _object(pairs, "body.")


def _is_chunked(request: falcon.Request) -> bool:
    return "chunked" in (request.get_header("Transfer-Encoding") or "").lower()


def _object(pairs: list[tuple[str, Any]], prefix: str = "") -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise _malformed(f"{prefix}{name[:100]}", "Repeated.")
        members[name] = value
    return members


def _number(text: str) -> int | float:
    """Read 30.0 as 30: JSON knows no other difference than the value (JSON Schema, §4.2.3)."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= EXACT else number


def _whole(text: str) -> int | float:
    """Read a whole number; one that nobody means is too large, and not reckoned out."""
    return int(text) if len(text) <= MOST_DIGITS else math.inf


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _wrong_values(value: Any, path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """Yield what JSON allows and no text, number or log line here can hold."""
    match value:
        case str():
            if "\x00" in value or not _is_unicode(value):
                yield path, "Holds a character that is no text."
        case float():
            if not math.isfinite(value):
                yield path, "Too large a number."
        case dict() | list() if depth > DEEPEST:
            yield path, "Nested too deeply."
        case dict():
            yield from _wrong_members(value.items(), path, depth)
        case list():
            yield from _wrong_members(enumerate(value), path, depth)


def _wrong_members(
    members: Iterable[tuple[str | int, Any]], path: str, depth: int
) -> Iterator[tuple[str, str]]:
    for name, inner in members:
        step = str(name)
        if "\x00" in step or not _is_unicode(step):
            yield path, "Has a name that is no text."
        else:
            yield from _wrong_values(inner, f"{path}.{step}" if path else step, depth + 1)


def _is_unicode(text: str) -> bool:
    """Say whether the text has no lone surrogate, which JSON can spell and UTF-8 cannot."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _malformed(field: str, problem: str) -> Malformed:
    return Malformed(errors={field: problem})


def _too_large(largest: int) -> Malformed:
    return Malformed("too_large", f"at most {largest} bytes", {"body": "Too large."})
