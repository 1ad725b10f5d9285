"""The files of the alliance's office: drafts, signed rosters, and what cities send."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from huxin_client.shell.language import spoken
from services.recognition.adapters.documents import AllianceKeys, open_document, read_alliance_keys
from services.recognition.adapters.roster_claims import read_key, read_whole_roster
from services.recognition.adapters.roster_draft import draft_text, read_draft
from services.recognition.adapters.roster_file import TYPE
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws_json
from services.recognition.domain.jws import read_json
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import Key, KeyState, Roster

CITY_CODE: Final = re.compile(r"[1-9][0-9]{5}")  # GB/T 2260


def is_signed(text: str) -> bool:
    """Tell a signed roster, in either form, from a draft."""
    return not text.lstrip().startswith("{") or "payload" in read_json(text.encode())


def load_draft(path: Path) -> Roster:
    """Read a draft; raises Malformed, or ValueError for a signed roster, which stays as it is."""
    text = path.read_text("utf-8")
    if is_signed(text):
        raise ValueError(
            spoken(
                f"{path} is signed; begin the next: huxin roster create --previous {path}",
                f"{path} 已签名；请新建下一版：huxin roster create --previous {path}",
            )
        )
    return read_draft(text)


def load_either(path: Path) -> Roster:
    """Read a draft, or what a signed roster says, whoever signed it; only to show it."""
    text = path.read_text("utf-8")
    if is_signed(text):
        return read_whole_roster(jws_json.read(text.strip())[0].payload)
    return read_draft(text)


def open_signed(text: str, alliance: AllianceKeys) -> Roster:
    """Read a roster that the alliance signed, to be signed or followed by the next one."""
    return read_whole_roster(
        open_document(text, typ=TYPE, alliance_keys=alliance, signatures=SuiteSignatures())
    )


def load_alliance_keys(path: Path) -> AllianceKeys:
    return read_alliance_keys(path.read_text("utf-8"))


def save_draft(path: Path, roster: Roster, *, force: bool) -> None:
    """Write a draft; raises Malformed for one that no node would read."""
    write_file(path, draft_text(roster), force=force)


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write a whole file or none; raises FileExistsError unless it may replace one."""
    if path.exists() and not force:
        raise FileExistsError(
            spoken(f"{path} exists; --force replaces it", f"{path} 已存在；用 --force 覆盖")
        )
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    part.replace(path)


def check_city_code(code: str) -> None:
    """Raise ValueError for what is no code of a city (GB/T 2260)."""
    if not CITY_CODE.fullmatch(code):
        raise ValueError(
            spoken(f"{code} is no GB/T 2260 code", f"{code} 不是行政区划代码（GB/T 2260）")
        )


def read_city_keys(
    path: Path, *, code: str, gateway: str, use_from: datetime, use_until: datetime
) -> dict[str, Key]:
    """Read what `huxin init` printed for a city; raises ValueError if it is another city's."""
    check_city_code(code)
    sent = _sent(path, "keys", "city", "gateway")
    if (sent["city"], sent["gateway"]) != (code, gateway):
        city, url = sent["city"], sent["gateway"]
        raise ValueError(
            spoken(f"{path} is of city {city} at {url}", f"{path} 属于城市 {city}，网关 {url}")
        )
    entries = sent["keys"] if isinstance(sent["keys"], list) else []
    keys = [
        listed_key(entry, code=code, use_from=use_from, use_until=use_until) for entry in entries
    ]
    return {key.kid: key for key in keys}


def read_city_key(path: Path, *, code: str, use_from: datetime, use_until: datetime) -> Key:
    """Read what `huxin key` printed for a city; raises ValueError."""
    sent = _sent(path, "use", "kid", "jwk")
    return listed_key(sent, code=code, use_from=use_from, use_until=use_until)


def listed_key(entry: Any, *, code: str, use_from: datetime, use_until: datetime) -> Key:
    """List a key as a city sent it, with the alliance's dates; raises ValueError."""
    if use_until <= use_from:
        raise ValueError(spoken("a key ends after it starts", "密钥的停用时间须晚于启用时间"))
    dates = {"nbf": to_seconds(use_from), "exp": to_seconds(use_until)}
    try:
        return read_key({**entry, "state": KeyState.CURRENT, **dates}, code)
    except (KeyError, TypeError) as error:
        raise ValueError(
            spoken(
                f"city {code}: a key has `use`, `kid` and `jwk`",
                f"城市 {code}：密钥须有 use、kid 和 jwk",
            )
        ) from error


def read_public_key(path: Path) -> dict[str, Any]:
    """Read what `huxin roster new-key` printed; raises ValueError for a private key."""
    jwk = _sent(path, "kty")
    if "d" in jwk:
        raise ValueError(
            spoken(
                f"{path} is a private key; it never leaves its office",
                f"{path} 是私钥，不得离开其所属机构",
            )
        )
    return jwk


def public_text(jwk: Mapping[str, Any]) -> str:
    return json.dumps(jwk, indent=2)


def _sent(path: Path, *names: str) -> dict[str, Any]:
    document = read_json(path.read_bytes())
    if not isinstance(document, dict) or not set(names) <= set(document):
        wanted = ", ".join(names)
        raise ValueError(spoken(f"{path}: {wanted} are wanted", f"{path}：须有 {wanted}"))
    return document
