"""What a device of an operator finds of a pass, by the city's keys and its own clock alone."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from contracts.errors import Malformed
from contracts.problems import Text
from huxin_client.shell.language import spoken
from services.scenarios.adapters.pass_keys import PublicKeys
from services.scenarios.domain.passes import SKEW, Pass


class Verdict(StrEnum):
    """What comes of a check."""

    GOOD = "good"
    UNKNOWN = "unknown"
    OTHER_CITY = "other_city"
    OTHER_OPERATOR = "other_operator"
    EARLY = "early"
    OVER = "over"


MESSAGES: Final[dict[Verdict, Text]] = {
    Verdict.GOOD: Text(
        "serve, and redeem it as soon as there is a network",
        "有效：可提供优惠，联网后请立即核销",
    ),
    Verdict.UNKNOWN: Text(
        "not a pass of this city: damaged, forged, or signed by a key that is not in the file;"
        " fetch the keys again",
        "不是本城市的权益码：损坏、伪造或公钥文件过旧，请重新获取公钥",
    ),
    Verdict.OTHER_CITY: Text("a pass of another city", "属于其他城市的权益码"),
    Verdict.OTHER_OPERATOR: Text("a pass for another operator", "属于其他场景运营方的权益码"),
    Verdict.EARLY: Text(
        "made in the future: set this device's clock", "签发时间晚于本机时间：请校准时钟"
    ),
    Verdict.OVER: Text(
        "its five minutes are over: ask the holder to open it again",
        "已超过五分钟有效期：请持有人重新打开权益码",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The verdict, and what the pass says when the city signed it."""

    verdict: Verdict
    shown: Pass | None = None


def read_keys(file: Path) -> tuple[str, PublicKeys]:
    """Read what `/.well-known/pass-keys` serves: the city and its keys; raises Malformed."""
    try:
        told = json.loads(file.read_bytes())
        city, keys = told["city"], told["keys"]
    except (ValueError, KeyError, TypeError):
        what = spoken(
            f"{file}: not an answer of /.well-known/pass-keys",
            f"{file}：不是 /.well-known/pass-keys 的内容",
        )
        raise Malformed("malformed", what) from None
    return str(city), PublicKeys(keys)


def check_pass(
    token: str, *, city: str, keys: PublicKeys, operator_id: str | None, now: datetime
) -> Checked:
    """Check a pass as a device does; whether it was redeemed before only the city knows."""
    shown = keys.read(token.strip())
    if shown is None:
        return Checked(verdict=Verdict.UNKNOWN)
    return Checked(verdict=_judge(shown, city, operator_id, now), shown=shown)


def _judge(shown: Pass, city: str, operator_id: str | None, now: datetime) -> Verdict:
    if shown.city != city:
        return Verdict.OTHER_CITY
    if operator_id is not None and shown.operator_id != operator_id:
        return Verdict.OTHER_OPERATOR
    if now < shown.issued_at - SKEW:
        return Verdict.EARLY
    return Verdict.OVER if now >= shown.until + SKEW else Verdict.GOOD
