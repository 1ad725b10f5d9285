"""What cities exchange beyond single notices: polls (RFC 8936), and attestations in bulk.

A batch is lines of NDJSON, `{"attestation": "<SD-JWT with every disclosure>"}`, sent in chunks.
Its sender names it, and says beforehand how many lines there are and what digest they have.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Final

from marshmallow import fields, validate

from contracts.fields import CityCode, Count, Digest, Identifier, Positive, Reason
from contracts.wire import command, reply
from contracts.words import BatchState

LARGEST_BATCH: Final = 100_000  # lines
LARGEST_CHUNK: Final = 200  # lines

BatchSize = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(1, LARGEST_BATCH),
        metadata={"description": "How many lines a batch has.", "examples": [30]},
    ),
]

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


def digest_after(digest: str, lines: Iterable[str]) -> str:
    """Continue the digest of a batch by some lines; before the first line it is empty.

    With each line it becomes the SHA-256, hex, of the digest before, a line feed and the line.
    """
    for line in lines:
        digest = hashlib.sha256(f"{digest}\n{line}".encode()).hexdigest()
    return digest


@dataclass(frozen=True, kw_only=True)
class BatchBody:
    """How many lines a batch has, and the digest after its last one."""

    total: BatchSize
    digest: Digest


@reply("recognition.batch.progress.v1")
@dataclass(frozen=True, kw_only=True)
class BatchProgress:
    """How far a batch has come; to go on, send the line after the last that was received."""

    batch_id: Identifier
    total: Positive
    received: Count
    taken: Count
    repeated: Count
    refused: Count
    state: BatchState


@command("recognition.batch.open.v1", reply=BatchProgress)
@dataclass(frozen=True, kw_only=True)
class OpenBatch:
    """Begin a batch of attestations, or ask how far it has come."""

    sender: CityCode
    batch_id: Identifier
    total: Positive
    digest: Digest


@command("recognition.batch.take_lines.v1", reply=BatchProgress)
@dataclass(frozen=True, kw_only=True)
class TakeLines:
    """Take in lines of a batch; `after` is how many lines come before the first of them."""

    sender: CityCode
    batch_id: Identifier
    after: Count
    lines: tuple[str, ...]


@command("recognition.batch.show.v1", reply=BatchProgress)
@dataclass(frozen=True, kw_only=True)
class ShowBatch:
    """Ask how far a batch has come."""

    sender: CityCode
    batch_id: Identifier


@dataclass(frozen=True, kw_only=True)
class LineVerdict:
    """What became of one line: `taken`, `repeated`, or the code of a refusal.

    Lines count from 1.  A repeated line's attestation was recognised before.
    """

    line: Positive
    code: Reason
    recognition_id: Identifier | None = None


@reply("recognition.batch.verdicts.v1")
@dataclass(frozen=True, kw_only=True)
class LineVerdicts:
    """Verdicts of a batch in the order of its lines; ask for those after the last of these."""

    verdicts: tuple[LineVerdict, ...]
    next: Positive | None = None


@command("recognition.batch.list_verdicts.v1", reply=LineVerdicts)
@dataclass(frozen=True, kw_only=True)
class ListVerdicts:
    """Ask for the verdicts on the lines after a line, some at a time."""

    sender: CityCode
    batch_id: Identifier
    after: Count
