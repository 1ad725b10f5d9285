"""Facts behind a score, disputes about them, and their repair.

A fact is about a resident and stays at home, as what they write does: in commands and replies of
this city's own node, never in an event, nor in a notice.
"""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import CityCode, Count, Identifier, Moment, Pseudonym, Title
from contracts.wire import command, reply
from contracts.words import (
    DisputeGround,
    DisputeOutcome,
    DisputeState,
    Gravity,
    RepairOutcome,
    RepairRefusal,
    RepairState,
)

LONGEST_STATEMENT = 2000  # characters

Statement = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(max=LONGEST_STATEMENT),
            validate.Regexp(
                r"\A[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="No control characters."
            ),
        ],
        metadata={
            "description": "What somebody writes in their own words; it stays at home.",
            "examples": ["该处罚决定已被撤销。"],
        },
    ),
]

FactName = Annotated[
    str,
    fields.String(
        validate=[
            validate.Length(1, 64),
            validate.Regexp(r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z", error="No control characters."),
        ],
        metadata={"description": "A fact's id at the scoring system.", "examples": ["fz-2026-17"]},
    ),
]


# --- home: facts ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FactRecord:
    """A fact as its resident sees it: it counts, unless they contest it.

    It may be repaired from `repairable_at` and stops by itself at `ends_at`.  One that does not
    count any more is not shown to anybody.
    """

    fact_id: FactName
    catalogue_item: Title
    gravity: Gravity
    document_no: Title
    decided_at: Moment
    repairable_at: Moment
    ends_at: Moment
    counts: bool
    dispute_id: Identifier | None = None


@reply("recognition.fact.records.v1")
@dataclass(frozen=True, kw_only=True)
class FactRecords:
    """The facts that lower a resident's score, newest first."""

    facts: tuple[FactRecord, ...]


@command("recognition.fact.list.v1", reply=FactRecords)
@dataclass(frozen=True, kw_only=True)
class ListFacts:
    """Ask for the facts that lower a resident's score."""

    resident: Pseudonym


# --- home: disputes ------------------------------------------------------------------------


@reply("recognition.dispute.record.v1")
@dataclass(frozen=True, kw_only=True)
class DisputeRecord:
    """A dispute as its resident sees it.

    `host` is the city it was said at, None at home; `note` is what the city answers.  When it is
    closed and every host has done what follows, `converged_at` says since when.
    """

    dispute_id: Identifier
    ground: DisputeGround
    statement: Statement
    state: DisputeState
    opened_at: Moment
    due_at: Moment
    fact_id: FactName | None = None
    attestation_id: Identifier | None = None
    host: CityCode | None = None
    note: Statement = ""
    closed_at: Moment | None = None
    converged_at: Moment | None = None


@reply("recognition.dispute.records.v1")
@dataclass(frozen=True, kw_only=True)
class DisputeRecords:
    """All disputes of one resident, newest first."""

    disputes: tuple[DisputeRecord, ...]


@command("recognition.dispute.open.v1", reply=DisputeRecord)
@dataclass(frozen=True, kw_only=True)
class OpenDispute:
    """Contest a fact, or what an attestation says; a fact that is named counts no more."""

    dispute_id: Identifier
    resident: Pseudonym
    ground: DisputeGround
    statement: Statement = ""
    fact_id: FactName | None = None
    attestation_id: Identifier | None = None


@command("recognition.dispute.name_fact.v1", reply=DisputeRecord)
@dataclass(frozen=True, kw_only=True)
class NameDisputedFact:
    """Say which fact a dispute is about; without `resident` it is an official who says so."""

    dispute_id: Identifier
    fact_id: FactName
    resident: Pseudonym | None = None


@command("recognition.dispute.withdraw.v1", reply=DisputeRecord)
@dataclass(frozen=True, kw_only=True)
class WithdrawDispute:
    """Contest it no more; the fact counts again."""

    dispute_id: Identifier
    resident: Pseudonym


@command("recognition.dispute.show.v1", reply=DisputeRecord)
@dataclass(frozen=True, kw_only=True)
class ShowDispute:
    """Ask for one dispute of a resident."""

    dispute_id: Identifier
    resident: Pseudonym


@command("recognition.dispute.list.v1", reply=DisputeRecords)
@dataclass(frozen=True, kw_only=True)
class ListDisputes:
    """Ask for the disputes of a resident."""

    resident: Pseudonym


@dataclass(frozen=True, kw_only=True)
class DisputeCase:
    """A dispute as an official sees it: no person, and the facts it may be about."""

    dispute: DisputeRecord
    facts: tuple[FactRecord, ...]


@reply("recognition.dispute.cases.v1")
@dataclass(frozen=True, kw_only=True)
class DisputeCases:
    """Disputes by when they are due; `next` is what to go on after."""

    cases: tuple[DisputeCase, ...]
    next: Identifier | None = None


@command("recognition.dispute.list_cases.v1", reply=DisputeCases)
@dataclass(frozen=True, kw_only=True)
class ListDisputeCases:
    """Ask for the disputes in a state, those that come after one of them."""

    state: DisputeState = DisputeState.OPEN
    after: Identifier | None = None


@command("recognition.dispute.decide.v1", reply=DisputeRecord)
@dataclass(frozen=True, kw_only=True)
class DecideDispute:
    """Say what a dispute comes to: the fact was corrected, or is upheld."""

    dispute_id: Identifier
    outcome: DisputeOutcome
    note: Statement = ""


# --- home: repairs -------------------------------------------------------------------------


@reply("recognition.repair.record.v1")
@dataclass(frozen=True, kw_only=True)
class RepairRecord:
    """A repair as whoever asked for it sees it."""

    repair_id: Identifier
    fact_id: FactName
    state: RepairState
    opened_at: Moment
    due_at: Moment
    refusal: RepairRefusal | None = None
    closed_at: Moment | None = None
    converged_at: Moment | None = None


@reply("recognition.repair.records.v1")
@dataclass(frozen=True, kw_only=True)
class RepairRecords:
    """Repairs: all that one resident asked for, or those to be decided, by when they are due."""

    repairs: tuple[RepairRecord, ...]
    next: Identifier | None = None


@command("recognition.repair.ask.v1", reply=RepairRecord)
@dataclass(frozen=True, kw_only=True)
class AskForRepair:
    """Ask that a fact lose its effect, as its minimum period is over and the duty fulfilled."""

    repair_id: Identifier
    resident: Pseudonym
    fact_id: FactName


@command("recognition.repair.list.v1", reply=RepairRecords)
@dataclass(frozen=True, kw_only=True)
class ListRepairs:
    """Ask for the repairs that a resident asked for."""

    resident: Pseudonym


@command("recognition.repair.list_cases.v1", reply=RepairRecords)
@dataclass(frozen=True, kw_only=True)
class ListRepairCases:
    """Ask for the repairs that are to be decided, those that come after one of them."""

    after: Identifier | None = None


@command("recognition.repair.decide.v1", reply=RepairRecord)
@dataclass(frozen=True, kw_only=True)
class DecideRepair:
    """Complete a repair, or refuse it, which needs a reason."""

    repair_id: Identifier
    outcome: RepairOutcome
    refusal: RepairRefusal | None = None


# --- home: deadlines -----------------------------------------------------------------------


@reply("recognition.case.deadlines.v1")
@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Of the cases that were due by a moment: how many, and how many were closed in time."""

    at: Moment
    disputes_due: Count
    disputes_in_time: Count
    repairs_due: Count
    repairs_in_time: Count


@command("recognition.case.show_deadlines.v1", reply=Deadlines)
@dataclass(frozen=True, kw_only=True)
class ShowDeadlines:
    """Ask how the city keeps its deadlines, as of now or of a past moment."""

    at: Moment | None = None


# --- host ----------------------------------------------------------------------------------


@reply("recognition.routed_dispute.record.v1")
@dataclass(frozen=True, kw_only=True)
class RoutedDisputeRecord:
    """What a holder contested at this host, and what home decided."""

    dispute_id: Identifier
    attestation_id: Identifier
    home: CityCode
    ground: DisputeGround
    state: DisputeState
    opened_at: Moment
    closed_at: Moment | None = None


@reply("recognition.routed_dispute.records.v1")
@dataclass(frozen=True, kw_only=True)
class RoutedDisputeRecords:
    """All that a holder contested at this host, newest first."""

    disputes: tuple[RoutedDisputeRecord, ...]


@command("recognition.routed_dispute.contest.v1", reply=RoutedDisputeRecord)
@dataclass(frozen=True, kw_only=True)
class ContestRecognition:
    """Contest what the attestation behind a recognition says; its home city decides."""

    dispute_id: Identifier
    recognition_id: Identifier
    ground: DisputeGround


@command("recognition.routed_dispute.list.v1", reply=RoutedDisputeRecords)
@dataclass(frozen=True, kw_only=True)
class ListContested:
    """Ask for what the holder behind a recognition contested here."""

    recognition_id: Identifier
