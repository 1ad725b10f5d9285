"""A draft of the roster: its claims as plain JSON that the alliance's officials read and compare.

Members are those of the signed roster; moments are written in words (RFC 3339), as people read.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from contracts.errors import Malformed
from services.recognition.adapters.roster_claims import read_whole_roster, roster_claims
from services.recognition.domain.jws import read_json
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.roster import Roster

Moments = Callable[[Any], Any]


def draft_text(roster: Roster) -> str:
    """Write a draft; raises Malformed for one that no node would read."""
    claims = roster_claims(roster)
    read_whole_roster(claims)
    return json.dumps(_each_moment(claims, _in_words), indent=2, ensure_ascii=False) + "\n"


def read_draft(text: str) -> Roster:
    """Read a draft, also one that was edited by hand; raises Malformed naming the place."""
    try:
        document = read_json(text.encode())
        claims = _each_moment(document, _in_seconds)
    except KeyError as error:
        raise Malformed("malformed", f"draft: {error} is missing") from error
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", f"not a draft of a roster: {error}") from error
    return read_whole_roster(claims)


def _each_moment(claims: Mapping[str, Any], write: Moments) -> dict[str, Any]:
    cities = [
        {**city, "keys": [_with(key, write, "nbf", "exp") for key in city["keys"]]}
        for city in claims["cities"]
    ]
    return {**_with(claims, write, "iat", "exp"), "cities": cities}


def _with(table: Mapping[str, Any], write: Moments, *names: str) -> dict[str, Any]:
    return {**table, **{name: write(table[name]) for name in names}}


def _in_words(seconds: Any) -> str:
    return f"{from_seconds(seconds):%Y-%m-%dT%H:%M:%SZ}"


def _in_seconds(text: Any) -> int:
    return to_seconds(datetime.fromisoformat(text))
