"""Civil identifiers are checked; the tests' and the demo's people cannot exist."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed
from contracts.identifiers import check_civil_id, check_organisation_id
from services.cli.synthetic import (
    BIRTHDAYS,
    ORGANISATIONS,
    PER_DAY,
    synthetic_civil_id,
    synthetic_organisation_id,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        (" 11010519491231002X ", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),  # a region that no longer exists
        ("34052419800101001X", "34052419800101001X"),
    ],
)
def test_a_civil_identifier_is_brought_to_one_form(text, number):
    assert check_civil_id(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105194912310021",
        "11010519491331002X",
        "1101051949123100",
        "11010519491231002XX",
        "A" * 18,
        "110105 19491231 002X",
    ],
)
def test_a_wrong_civil_identifier_is_told_and_not_repeated(text):
    with pytest.raises(Malformed) as malformed:
        check_civil_id(text)

    assert malformed.value.code == "bad_civil_id"
    assert malformed.value.__cause__ is None
    assert not text or text not in str(malformed.value)


def test_an_organisation_is_checked_by_gb_32100():
    assert check_organisation_id("91350100m000100y43") == "91350100M000100Y43"
    with pytest.raises(Malformed, match="bad_civil_id"):
        check_organisation_id("91350100M000100Y4Z")


@given(text=st.text())
def test_checking_raises_nothing_but_malformed(text):
    for check in (check_civil_id, check_organisation_id):
        with suppress(Malformed):
            check(text)


@given(number=st.integers(0, BIRTHDAYS * PER_DAY - 1))
def test_synthetic_people_pass_every_check_and_live_nowhere(number):
    civil_id = synthetic_civil_id(number)

    assert check_civil_id(civil_id) == civil_id
    assert civil_id.startswith("99")


@given(number=st.integers(0, ORGANISATIONS - 1))
def test_synthetic_companies_pass_every_check_and_are_registered_nowhere(number):
    assert check_organisation_id(synthetic_organisation_id(number))[2:4] == "99"


def test_no_two_synthetic_people_share_a_number():
    some = range(0, BIRTHDAYS * PER_DAY, 4_999)

    assert len({synthetic_civil_id(number) for number in some}) == len(some)


@pytest.mark.parametrize("number", [-1, BIRTHDAYS * PER_DAY])
def test_synthetic_people_are_not_endless(number):
    with pytest.raises(ValueError, match="people"):
        synthetic_civil_id(number)
