"""A housekeeper's trust code: its colour is computed when it is shown, and anybody can check it."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.erasures import HolderErased
from contracts.errors import Conflict, NotFound, Refused
from contracts.states import Colour, EmploymentState, Shortfall
from contracts.substitutions import StopSubstitutionRule
from contracts.trust_codes import (
    BeginEmployment,
    CheckTrustCode,
    EmploymentChanged,
    EndEmployment,
    ShowTrustCode,
)
from services.scenarios.handlers import trust_codes
from services.scenarios.handlers.erasures import on_holder_erased
from services.scenarios.handlers.substitution_rules import stop_substitution_rule
from services.scenarios.handlers.trust_codes import (
    begin_employment,
    check_trust_code,
    end_employment,
    show_trust_code,
)
from tests.builders.evidence import HOLDER_SUBJECT
from tests.builders.scenarios import DAY, HANGZHOU, HOLDER, NOW, STRANGER
from tests.builders.screening import (
    HEALTH,
    HOMES,
    IDENTITY,
    IN_DOUBT,
    INSURANCE,
    SIGNATURES,
    TRUST,
    a_certificate,
    a_trust_code_scenario,
)
from tests.unit.scenarios.outbox import events_of
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        a_trust_code_scenario(uow)
        yield uow


def hire(uow, *, scenario_id=TRUST, holder=HOLDER, **overrides):
    values = {"employment_id": uuid4(), "holder": holder, "scenario_id": scenario_id}
    return begin_employment(BeginEmployment(**{**values, **overrides}), uow=uow, now=NOW)


def leave(uow, employment, holder=HOLDER):
    command = EndEmployment(employment_id=employment.employment_id, holder=holder)
    return end_employment(command, uow=uow, now=NOW)


def show(uow, *, now=NOW, holder=HOLDER):
    command = ShowTrustCode(holder=holder)
    return show_trust_code(command, uow=uow, signatures=SIGNATURES, city=HANGZHOU, now=now)


def check(code, *, now=NOW):
    return check_trust_code(CheckTrustCode(code=code), signatures=SIGNATURES, now=now)


def all_there(uow):
    for item in (IDENTITY, HEALTH, INSURANCE):
        a_certificate(uow, item, HOLDER_SUBJECT)


def test_it_is_green_when_everything_is_there(uow):
    hire(uow)
    all_there(uow)

    code = show(uow)

    assert (code.colour, code.missing) == (Colour.GREEN, ())


def test_it_is_yellow_when_something_is_missing_and_names_it(uow):
    hire(uow)
    a_certificate(uow, IDENTITY, HOLDER_SUBJECT)
    a_certificate(uow, INSURANCE, HOLDER_SUBJECT)

    code = show(uow)

    assert code.colour is Colour.YELLOW
    assert [(each.item, each.shortfall) for each in code.missing] == [(HEALTH, Shortfall.MISSING)]


def test_it_turns_yellow_by_itself_when_a_certificate_is_over(uow):
    hire(uow)
    a_certificate(uow, IDENTITY, HOLDER_SUBJECT)
    a_certificate(uow, INSURANCE, HOLDER_SUBJECT)
    a_certificate(uow, HEALTH, HOLDER_SUBJECT, last_day=date(2026, 11, 30))

    assert show(uow).colour is Colour.GREEN
    assert show(uow, now=NOW + 7 * DAY).colour is Colour.YELLOW


def test_it_is_red_when_the_identity_is_in_doubt(uow):
    hire(uow)
    all_there(uow)
    a_certificate(uow, IN_DOUBT, HOLDER_SUBJECT)

    assert show(uow).colour is Colour.RED


def test_whoever_is_shown_the_code_learns_colour_and_employer(uow):
    hire(uow)
    all_there(uow)
    code = show(uow)

    checked = check(code.code)

    assert (checked.colour, checked.operator_id) == (Colour.GREEN, HOMES)
    assert checked.until == code.until


def test_the_code_names_neither_the_holder_nor_what_is_missing(uow):
    hire(uow)
    code = show(uow)

    claims = SIGNATURES.read(trust_codes.KIND, code.code)

    assert set(claims) == {"iss", "colour", "operator", "employer", "employer_en", "iat", "exp"}
    assert HOLDER not in str(claims)


def test_an_old_code_says_nothing(uow):
    hire(uow)
    code = show(uow)

    with pytest.raises(NotFound):
        check(code.code, now=code.until)


def test_a_code_that_this_city_did_not_write_says_nothing(uow):
    hire(uow)
    head, body, tail = show(uow).code.split(".")
    other_kind = SIGNATURES.sign("pass+jwt", {"colour": "green", "exp": 9_999_999_999})

    for token in (f"{head}.{body}x.{tail}", "", "a.b.c", "é.é.é", other_kind):
        with pytest.raises(NotFound):
            check(token)


def test_a_housekeeper_has_one_active_employer(uow):
    a_trust_code_scenario(uow, "hz-other-homes", "hz-others")
    first = hire(uow)

    with pytest.raises(Refused, match="employed_elsewhere"):
        hire(uow, scenario_id="hz-other-homes")
    leave(uow, first)
    assert hire(uow, scenario_id="hz-other-homes").operator_id == "hz-others"


def test_the_table_itself_lets_nobody_have_two(uow):
    hire(uow)
    with uow:
        twin = uow.employments.active_of(HOLDER)
        with pytest.raises(Conflict):
            uow.employments.add(type(twin)(**{**vars(twin), "id": uuid4()}))


def test_an_employment_begins_and_ends_once_for_its_id(uow):
    first = hire(uow)

    assert hire(uow, employment_id=first.employment_id) == first
    with pytest.raises(Conflict):
        hire(uow, employment_id=first.employment_id, holder=STRANGER)
    ended = leave(uow, first)
    assert (ended.state, leave(uow, first)) == (EmploymentState.ENDED, ended)


def test_nobody_ends_anothers_employment(uow):
    first = hire(uow)

    with pytest.raises(NotFound):
        leave(uow, first, holder=STRANGER)


def test_without_an_employer_there_is_no_code(uow):
    with pytest.raises(NotFound):
        show(uow)


def test_without_a_rule_in_force_there_is_no_code(uow):
    hire(uow)
    stop_substitution_rule(StopSubstitutionRule(rule_id=f"{TRUST}-2026"), uow=uow, now=NOW)

    with pytest.raises(Refused, match="not_offered"):
        show(uow)


def test_an_employer_hears_of_coming_and_going_and_not_of_whom(uow):
    leave(uow, hire(uow))

    steps = events_of(uow, EmploymentChanged)

    assert [step.state for step in steps] == ["active", "ended"]
    assert HOLDER not in repr(steps)


def test_the_employment_of_an_erased_holder_ends(uow):
    hire(uow)

    on_holder_erased(HolderErased(holder=HOLDER, erased_at=NOW), uow=uow)

    with pytest.raises(NotFound):
        show(uow)
