"""One line of a check: what was looked at, and what was found."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from contracts.errors import ContractError
from huxin_client.shell.language import spoken
from huxin_client.shell.screen import why
from services.cli.screen import reason

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
SOON: Final = timedelta(days=30)

T = TypeVar("T")


class Verdict(StrEnum):
    """A warning is not wrong yet: the node works, and somebody should act."""

    RIGHT = "right"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """Invariant: `text` holds nothing secret and nobody's data."""

    verdict: Verdict
    subject: str
    text: str


def others_may(path: Path) -> bool:
    """Say whether anybody but a file's owner may do anything with it."""
    return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)


def right(subject: str, text: str) -> Finding:
    return Finding(Verdict.RIGHT, subject, text)


def warning(subject: str, text: str) -> Finding:
    return Finding(Verdict.WARNING, subject, text)


def wrong(subject: str, text: str) -> Finding:
    return Finding(Verdict.WRONG, subject, text)


def tried(subject: str, read: Callable[[], T]) -> T | Finding:
    """Return what reading yields, or a finding that says why it cannot be read."""
    try:
        return read()
    except OSError as error:
        return wrong(
            subject, f"{why(error)}: {error.filename}" if error.strerror else reason(error)
        )
    except ContractError as error:
        return wrong(subject, reason(error))
    except (ValueError, KeyError, TypeError) as error:
        # The text of a foreign error may repeat what stands in a file.
        kind = type(error).__name__
        return wrong(subject, spoken(f"it cannot be read ({kind})", f"无法读取（{kind}）"))


def until(subject: str, served: str, end: datetime, now: datetime) -> Finding:
    """Say until when something serves; a warning when that is soon."""
    days = (end - now).days
    make = warning if end - now < SOON else right
    return make(
        subject,
        spoken(
            f"{served}, until {end:%Y-%m-%d} ({days} days left)",
            f"{served}，有效期至 {end:%Y-%m-%d}（剩余 {days} 天）",
        ),
    )
