"""What cities exchange beyond single notices: polls of notices (RFC 8936)."""

from dataclasses import dataclass, field
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import Count, Reason

Description = Annotated[
    str,
    fields.String(
        validate=validate.Length(max=1000),
        metadata={"description": "Words for people.", "examples": ["Not a token."]},
    ),
]


@dataclass(frozen=True, kw_only=True)
class SetError:
    """Why a notice could not be taken in (RFC 8935 §2.4)."""

    err: Reason
    description: Description = ""


@dataclass(frozen=True, kw_only=True)
class PollBody:
    """Acknowledge notices, report those that will never do, ask for the next (RFC 8936 §2.2).

    `ack` are the `jti` of notices that were taken in, `setErrs` says what was wrong with others.
    With `maxEvents` 0 none is asked for.  The answer always comes at once.
    """

    maxEvents: Count | None = None  # noqa: N815 - the names are the RFC's
    returnImmediately: bool = False  # noqa: N815
    ack: tuple[str, ...] = ()
    setErrs: dict[str, SetError] = field(default_factory=dict)  # noqa: N815


@dataclass(frozen=True, kw_only=True)
class PollAnswer:
    """Notices that wait for the caller, by `jti`; at most one of each subject (RFC 8936 §2.3)."""

    sets: dict[str, str]
    moreAvailable: bool = False  # noqa: N815 - the name is the RFC's
