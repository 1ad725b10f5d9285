"""The life of an incentive: reviewed by the city, published, paused, withdrawn (ADR 0029)."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import EntityTag, Moment, Positive, Slug
from contracts.scenarios import IncentiveRecord
from contracts.wire import command, event, reply
from contracts.words import IncentiveState, MoveKind, Mover, ReviewOutcome

MOST_LISTED = 100

Note = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(max=500),
            validate.Regexp(
                r"\A[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="No control characters."
            ),
        ],
        metadata={
            "description": "Why, for people; it names nobody.",
            "examples": ["请写明每月名额。"],
        },
    ),
]


@dataclass(frozen=True, kw_only=True)
class Move:
    """One step in the life of an incentive; `number` counts its steps from 1."""

    number: Positive
    version: Positive
    move: MoveKind
    by: Mover
    at: Moment
    note: Note = ""


@event("scenarios.incentive.moved.v1")
@dataclass(frozen=True, kw_only=True)
class IncentiveMoved(Move):
    """An incentive took a step, and stands in `state` since."""

    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    state: IncentiveState


@reply("scenarios.incentive.records.v1")
@dataclass(frozen=True, kw_only=True)
class IncentiveRecords:
    """Incentives by id; `more` when there are further ones after the last."""

    incentives: tuple[IncentiveRecord, ...]
    more: bool = False
    next: Slug | None = None


@command("scenarios.incentive.list.v1", reply=IncentiveRecords)
@dataclass(frozen=True, kw_only=True)
class ListIncentives:
    """Ask for incentives after one, at most 100: of one operator or of all; in one state or in any.

    In the state `draft` are those with a version that awaits review, whatever is in force.
    """

    operator_id: Slug | None = None
    state: IncentiveState | None = None
    after: Slug | None = None


@command("scenarios.incentive.show.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class ShowIncentive:
    """Ask for the newest version of an incentive, or for another one."""

    incentive_id: Slug
    operator_id: Slug | None = None
    version: Positive | None = None


@reply("scenarios.incentive.moves.v1")
@dataclass(frozen=True, kw_only=True)
class Moves:
    """Steps of one incentive, oldest first; `more` when there are further ones."""

    moves: tuple[Move, ...]
    more: bool = False
    next: Positive | None = None


@command("scenarios.incentive.list_moves.v1", reply=Moves)
@dataclass(frozen=True, kw_only=True)
class ListMoves:
    """Ask for the steps of an incentive after one, at most 100."""

    incentive_id: Slug
    operator_id: Slug | None = None
    after: Positive | None = None


@command("scenarios.incentive.review.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class ReviewIncentive:
    """Accept a version, or send it back to its operator with a note."""

    incentive_id: Slug
    version: Positive
    outcome: ReviewOutcome
    note: Note = ""


@command("scenarios.incentive.release.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class ReleaseIncentive:
    """Publish a version of one's own that the city has accepted."""

    incentive_id: Slug
    version: Positive
    operator_id: Slug


@command("scenarios.incentive.pause.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class PauseIncentive:
    """Give no more grants for now; open ones stay.  Without an operator the city says so."""

    incentive_id: Slug
    operator_id: Slug | None = None
    note: Note = ""
    seen: EntityTag | None = None


@command("scenarios.incentive.resume.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class ResumeIncentive:
    """Give grants again.  What the city paused only the city resumes."""

    incentive_id: Slug
    operator_id: Slug | None = None
    note: Note = ""
    seen: EntityTag | None = None


@command("scenarios.incentive.withdraw.v1", reply=IncentiveRecord)
@dataclass(frozen=True, kw_only=True)
class WithdrawIncentive:
    """End an incentive for good; its open grants end as their terms say of a withdrawal."""

    incentive_id: Slug
    operator_id: Slug | None = None
    note: Note = ""
    seen: EntityTag | None = None
