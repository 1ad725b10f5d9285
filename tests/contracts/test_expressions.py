"""A condition in CEL is checked before it is taken; what was taken never fails for its types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.expressions import VARIABLES, ExpressionError, check, holds

VALUES = {
    "tier": 4,
    "home": "350100",
    "age_days": 3,
    "hour": 14,
    "minute": 30,
    "weekday": "tuesday",
    "district": "",
    "open_grants": ["museum"],
}


def refusal(source):
    with pytest.raises(ExpressionError) as refused:
        check(source)
    return str(refused.value)


@pytest.mark.parametrize(
    "source",
    [
        "tier >= 4",
        "home in ['350100', \"410100\"] && !(weekday == 'sunday')",
        "tier >= 5 || tier == 4 && age_days * 2 + 1 < 30",
        "hour * 60 + minute < 15 * 60",
        "home.startsWith('35') && size(district) == 0 && open_grants.size() == 1",
        "'museum' in open_grants ? tier > 3 : true",
        "-tier < 0 && tier % 2 == 0x0",
        "tier in [3, 4]\n  && true",
    ],
)
def test_a_condition_on_declared_variables_is_taken_and_holds(source):
    check(source)

    assert holds(source, VALUES)[0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("tiers > 3", "line 1, column 1: Unknown variable tiers; there are age_days, district"),
        ("score > 600", "line 1, column 1: Unknown variable score"),
        ("tier >= '4'", "line 1, column 6: Both sides of >= have to be alike, not an int and a"),
        ("tier + 1", "line 1, column 1: The whole has to be true or false; this is an int."),
        ("tier >=", "line 1, column 8: Unexpected the end."),
        ("tier > 3 &&\n  hour", "line 1, column 10: && needs two bools, not a bool and an int."),
        ("true &&\n\n  hour > 'x'", "line 3, column 8: Both sides of >"),
        ("tier = 4", "line 1, column 6: '=' alone means nothing; write ==."),
        ("(tier > 3", "line 1, column 10: Expected ) before the end."),
        ("tier > 3)", "line 1, column 9: Unexpected )."),
        ("tier > 3.5", "line 1, column 8: Whole numbers only."),
        ("tier > 99999999999999999999", "line 1, column 8: The number is too large."),
        ("home == 'abc", "line 1, column 9: A text that does not end"),
        ("home == '\\n'", "line 1, column 9: A text that does not end, or has an escape"),
        ("tier @ 3", "line 1, column 6: '@' is not part of the language."),
        ("open_grants.exists(g, g == 'a')", "line 1, column 13: Macros are not known here"),
        ("has(home.x)", "line 1, column 1: Macros are not known here"),
        ("home.matches('.*')", "line 1, column 6: Unknown function: matches"),
        ("now() > 3", "line 1, column 1: Unknown function: now; there is size."),
        ("home.city == 'x'", "line 1, column 6: No field city is known"),
        ("home[0] == '3'", "line 1, column 5: Lists are asked by `in`"),
        ("tier in ['3']", "line 1, column 6: in needs a list of the same type"),
        ("tier in [3, '4']", "line 1, column 13: A list holds ints only or strings only."),
        ("tier > 3 ? 1 : 'a'", "line 1, column 16: Both outcomes of ? have to be alike"),
        ("tier ? true : false", "line 1, column 1: What is asked before ? is an int, not a bool."),
        ("!tier", "line 1, column 1: ! needs a bool; this is an int."),
        ("-home == 'x'", "line 1, column 1: - needs an int; this is a string."),
        ("true < false", "line 1, column 6: < needs two ints or two strings"),
        ("size(tier) > 3", "line 1, column 1: size counts one string or one list."),
        ("home.startsWith(3)", "line 1, column 6: startsWith asks one string of another."),
        ("(" * 25 + "true" + ")" * 25, "line 1, column 25: Nested deeper than 24."),
        ("!" * 25 + "true", "Nested deeper than 24."),
        (" ", "line 1, column 2: Unexpected the end."),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(source, said):
    assert said in refusal(source)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("tier > 4", "false tier=4"),
        ("1 / (tier - 4) == 1", "division by zero tier=4"),
        ("tier + 9223372036854775807 > 0", "overflow tier=4"),
    ],
)
def test_a_condition_that_fails_does_not_hold_and_says_what_it_saw(source, found):
    check(source)

    assert holds(source, VALUES) == (False, found)


def test_no_expression_can_see_a_score_or_who_consented_to_what():
    assert set(VARIABLES) == set(VALUES)
    assert not {"score", "band", "purposes", "holder"} & set(VARIABLES)


INTS = st.one_of(st.integers(0, 9).map(str), st.sampled_from(["tier", "hour", "age_days"]))
STRINGS = st.sampled_from(["home", "weekday", "district", "'350100'", '"it\\\'s"', "''"])


def _ints(part):
    return st.tuples(part, st.sampled_from("+-*/%"), part).map(" ".join)


def _conditions(part):
    numbers = st.recursive(INTS, lambda each: _ints(each).map("({})".format), max_leaves=4)
    compared = st.tuples(numbers, st.sampled_from(["==", "!=", "<", ">="]), numbers).map(" ".join)
    named = st.tuples(STRINGS, st.sampled_from(["==", "!=", "<"]), STRINGS).map(" ".join)
    listed = st.tuples(STRINGS, st.lists(STRINGS, max_size=3)).map(
        lambda said: f"{said[0]} in [{', '.join(said[1])}]"
    )
    joined = st.tuples(part, st.sampled_from(["&&", "||"]), part).map(" ".join)
    chosen = st.tuples(part, part, part).map(lambda said: "({} ? {} : {})".format(*said))
    return st.one_of(compared, named, listed, joined, chosen, part.map("!({})".format))


CONDITIONS = st.recursive(st.sampled_from(["true", "false", "tier > 2"]), _conditions, max_leaves=8)


@given(CONDITIONS)
def test_every_condition_of_the_grammar_is_taken_by_cel_as_well(source):
    check(source)

    outcome = holds(source, VALUES)[1].split(" ")[0]
    assert outcome in ("true", "false", "division", "overflow")


SIGNS = "&& || == < <= + - * / % ! ? : . , ( ) [ ] in true 3 'a' size startsWith"
WORDS = st.sampled_from((*VARIABLES, *SIGNS.split()))


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_of_words_in_any_order_none_is_taken_that_cel_would_fail_on(source):
    try:
        check(source)
    except ExpressionError:
        return
    assert holds(source, VALUES)[1].split(" ")[0] in ("true", "false", "division", "overflow")
