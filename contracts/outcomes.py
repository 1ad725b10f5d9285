"""What decisions of every kind come to."""

from enum import StrEnum


class DecisionOutcome(StrEnum):
    """What a decision came to; a screening gives nothing and takes nothing, it only answers."""

    GRANTED = "granted"
    REFUSED = "refused"
    LISTED = "listed"
    NOT_LISTED = "not_listed"
    NOT_COVERED = "not_covered"  # a source that would know has not answered
    NO_RULE_IN_FORCE = "no_rule_in_force"
