"""Bodies of the steps in an incentive's life."""

from dataclasses import dataclass

from contracts.catalogue import Note
from contracts.words import ReviewOutcome


@dataclass(frozen=True, kw_only=True)
class ReviewBody:
    """What the city says of a version, and why."""

    outcome: ReviewOutcome
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class NoteBody:
    """Why a step is taken, for people; it is kept with the step."""

    note: Note = ""
