"""Housekeepers' trust codes: a colour computed when it is shown, and one employer at a time."""

from dataclasses import dataclass

from contracts.fields import Identifier, Moment, Pseudonym, Slug, Title, Token
from contracts.states import Colour, EmploymentState
from contracts.substitutions import CheckLine
from contracts.wire import command, event, reply


@reply("scenarios.employment.record.v1")
@dataclass(frozen=True, kw_only=True)
class EmploymentRecord:
    """Under whose name a housekeeper works; they say so themselves, and end it themselves."""

    employment_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    state: EmploymentState
    since: Moment
    ended_at: Moment | None = None


@command("scenarios.employment.begin.v1", reply=EmploymentRecord)
@dataclass(frozen=True, kw_only=True)
class BeginEmployment:
    """Name one's employer by its scenario; the one before must have been ended."""

    employment_id: Identifier
    holder: Pseudonym
    scenario_id: Slug


@command("scenarios.employment.end.v1", reply=EmploymentRecord)
@dataclass(frozen=True, kw_only=True)
class EndEmployment:
    """Work for an employer no more."""

    employment_id: Identifier
    holder: Pseudonym


@event("scenarios.employment.changed.v1")
@dataclass(frozen=True, kw_only=True)
class EmploymentChanged:
    """An operator has a housekeeper more, or one less; who it is, the event does not say."""

    employment_id: Identifier
    scenario_id: Slug
    operator_id: Slug
    state: EmploymentState
    changed_at: Moment


@reply("scenarios.trust_code.record.v1")
@dataclass(frozen=True, kw_only=True)
class TrustCode:
    """What a housekeeper shows: the colour now, what is missing, and a signed code until `until`.

    The code tells a customer the colour and the employer, and nothing of what is missing.
    """

    colour: Colour
    missing: tuple[CheckLine, ...]
    scenario_id: Slug
    operator_id: Slug
    rule_id: Slug
    shown_at: Moment
    until: Moment
    code: Token


@command("scenarios.trust_code.show.v1", reply=TrustCode)
@dataclass(frozen=True, kw_only=True)
class ShowTrustCode:
    """Ask for one's trust code, at one's employer."""

    holder: Pseudonym


@reply("scenarios.trust_code.checked.v1")
@dataclass(frozen=True, kw_only=True)
class TrustCodeChecked:
    """What a code says that this city wrote and that is not over."""

    colour: Colour
    operator_id: Slug
    employer: Title
    employer_en: Title
    shown_at: Moment
    until: Moment


@command("scenarios.trust_code.check.v1", reply=TrustCodeChecked)
@dataclass(frozen=True, kw_only=True)
class CheckTrustCode:
    """Ask the city what a code says; also offline, by the city's key."""

    code: Token
