"""Words of substitutions, screenings, vettings, reports and trust codes: kinds and states."""

from enum import StrEnum


class RuleState(StrEnum):
    """A rule decides while it is active; one that stopped never does again."""

    REGISTERED = "registered"
    ACTIVE = "active"
    STOPPED = "stopped"


class RuleEnd(StrEnum):
    """Why a rule stopped."""

    BASIS_OVER = "basis_over"  # the law it rests on is in force no more
    SUPERSEDED = "superseded"  # another rule of its scenario was activated
    CITY_DECISION = "city_decision"


class Replacement(StrEnum):
    """What takes the place of a deposit."""

    INSURANCE = "insurance"
    COMMITMENT = "commitment"


class SubstitutionState(StrEnum):
    """Where a substitution stands; who is called back has until a stated day."""

    DECLINED = "declined"  # something is missing, and named
    OPEN = "open"
    CALLED_BACK = "called_back"  # the deposit is due again, not before the notice is over
    ENDED = "ended"


class Shortfall(StrEnum):
    """What is wrong with one thing that a rule asks for."""

    MISSING = "missing"
    TOO_LOW = "too_low"
    BARRED = "barred"  # something is on record that the rule bars
    NO_COMMITMENT = "no_commitment"
    COMMITMENT_OVER = "commitment_over"
    COMMITMENT_BREACHED = "commitment_breached"


class ScreeningState(StrEnum):
    """What a screening found; without a rule in force there is no answer, and never a no."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    NOT_COVERED = "not_covered"  # a source that would know has not answered
    NO_RULE_IN_FORCE = "no_rule_in_force"


class VettingState(StrEnum):
    """Where a vetting stands; a finding has effect only after notice and time to object.

    An objection stops everything until the city has decided it.
    """

    NO_RULE_IN_FORCE = "no_rule_in_force"
    NOT_COVERED = "not_covered"
    CLEAR = "clear"  # nothing is on a list
    PROPOSED = "proposed"  # found, and not yet told
    NOTIFIED = "notified"  # told; the days to object run
    OBJECTED = "objected"
    EFFECTIVE = "effective"
    DROPPED = "dropped"


class ObjectionOutcome(StrEnum):
    """What the city decides about an objection."""

    UPHELD = "upheld"  # the finding is right
    DROPPED = "dropped"  # it was wrong


class Colour(StrEnum):
    """A trust code's colour (DB33/T 2396)."""

    GREEN = "green"  # everything that is asked for is there
    YELLOW = "yellow"  # something is missing or over, and named
    RED = "red"  # the identity is in doubt


class SpanState(StrEnum):
    """What a report says of one field in one year."""

    FACTS = "facts"
    NO_RECORD = "no_record"  # in the sources that cover all of the year
    NOT_COVERED = "not_covered"  # nobody can say; never the same as none


class EmploymentState(StrEnum):
    """A housekeeper has one active employer at a time."""

    ACTIVE = "active"
    ENDED = "ended"
