"""What of an error crosses the bus, and what is written down."""

import pytest
from nameko.exceptions import serialize
from sqlalchemy.exc import IntegrityError, OperationalError

from contracts.errors import Internal, Malformed, Refused, Unavailable
from services.plumbing.errors import describe, error_from_reply, public_error


@pytest.mark.parametrize(
    "error", [Refused("consent_missing", "why"), Malformed(errors={"city": "Not a city."})]
)
def test_an_error_of_the_contract_is_the_same_on_both_sides(error):
    arrived = error_from_reply(serialize(public_error(error)))

    assert (type(arrived), arrived.args) == (type(error), error.args)


def test_of_an_internal_error_the_caller_learns_nothing():
    arrived = error_from_reply(serialize(public_error(RuntimeError("secret"))))

    assert (type(arrived), arrived.args) == (Internal, ("internal", ""))


def test_a_database_that_is_away_is_worth_another_try():
    assert isinstance(public_error(OperationalError("", {}, Exception())), Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        {"exc_type": "Refused", "exc_path": "elsewhere.Refused", "exc_args": ["no_score"]},
        {"exc_type": "Refused", "exc_path": "contracts.errors.Refused", "exc_args": ["new_code"]},
        {"exc_type": "Refused", "exc_path": "contracts.errors.Refused"},
        {},
    ],
)
def test_an_error_that_cannot_be_rebuilt_is_internal(error):
    assert isinstance(error_from_reply(error), Internal)


def test_a_described_error_does_not_repeat_a_databases_rows():
    error = IntegrityError("INSERT", {}, ValueError("Key (holder)=(somebody) already exists"))

    assert describe(error) == "IntegrityError: ValueError"


def test_a_described_error_is_one_line():
    assert describe(ValueError("first\nsecond")) == "ValueError: first"
