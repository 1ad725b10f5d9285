"""How old home's word may be is a rule of each category of scenarios, and the record shows it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed, Refused
from contracts.recognition import ScoreRecognised
from contracts.words import Category
from services.plumbing.settings import BadSetting, load_settings
from services.recognition.adapters.freshness import read_rules
from services.recognition.domain.verification import Verified, verify
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.settings import RecognitionSettings
from tests.builders.attestations import (
    CHALLENGE,
    NOW,
    KnownStatuses,
    a_host,
    a_presentation,
)
from tests.builders.recognition import (
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    host_node,
)
from tests.builders.recognition_files import as_texts, write_node
from tests.fakes.recognition import FakeMeasures, FakeUnitOfWork

pytestmark = pytest.mark.recognition

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIST_LIFE = timedelta(minutes=10)  # of the lists in KnownStatuses


def recognised(uow, age, *rules, measures=None):
    """Recognise an attestation for sports and transport by a status of an age."""
    read = read_rules(rules, otherwise=HOUR)
    statuses = KnownStatuses(age=age, grace=read.longest_grace)
    measures = FakeMeasures() if measures is None else measures
    node = host_node(statuses=statuses, freshness=read.freshness, measures=measures)
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    return recognise_attestation(command, uow=uow, node=node, now=NOW)


def test_a_fresh_status_serves_every_purpose(uow):
    record = recognised(uow, MINUTE, "sports=age:60")

    assert record.purposes == (Category.TRANSPORT, Category.SPORTS)
    assert (record.purposes_left_out, record.status_age_seconds) == ((), 60)


def test_a_purpose_for_which_the_status_is_too_old_falls_away_and_the_record_says_so(uow):
    record = recognised(uow, 2 * MINUTE, "sports=age:60")

    assert record.purposes == (Category.TRANSPORT,)
    assert (record.purposes_left_out, record.status_age_seconds) == ((Category.SPORTS,), 120)
    [announced] = uow.announced_of(ScoreRecognised)
    assert announced.purposes == (Category.TRANSPORT,)


def test_what_fell_away_is_kept_with_the_decision_and_its_evidence(uow):
    record = recognised(uow, 2 * MINUTE, "sports=age:60")

    kept = uow.state.recognitions.get(record.recognition_id)
    assert kept.left_out == (Category.SPORTS,)
    as_of = NOW - 2 * MINUTE
    assert (kept.evidence.status_as_of, kept.evidence.status_until) == (as_of, as_of + LIST_LIFE)


def test_the_age_of_the_status_and_what_fell_away_are_measured(uow):
    measures = FakeMeasures()

    recognised(uow, 2 * MINUTE, "sports=age:60", measures=measures)

    assert measures.recognitions == [(2 * MINUTE, (Category.SPORTS,))]


def test_where_no_purpose_is_left_nothing_is_recognised(uow):
    with pytest.raises(Refused, match="status_unavailable") as refused:
        recognised(uow, 2 * MINUTE, "sports=age:60", "transport=age:90")

    assert refused.value.detail == "too old for every purpose"
    assert not uow.announced


def test_an_age_asks_as_well_that_the_list_has_not_ended(uow):
    record = recognised(uow, LIST_LIFE, "sports=age:3600")

    assert record.purposes_left_out == (Category.SPORTS,)


@pytest.mark.parametrize(("over", "left_out"), [(0, False), (1, True)])
def test_a_grace_bounds_how_long_past_its_end_a_list_serves_a_purpose(uow, over, left_out):
    age = LIST_LIFE + 5 * MINUTE - timedelta(seconds=1 - over)

    record = recognised(uow, age, "sports=grace:300")

    assert (Category.SPORTS in record.purposes_left_out) is left_out


def test_no_grace_at_all_fails_closed_when_the_list_is_over(uow):
    record = recognised(uow, LIST_LIFE, "sports=grace:0")

    assert record.purposes_left_out == (Category.SPORTS,)


def test_a_purpose_may_have_a_longer_grace_than_the_others(uow):
    record = recognised(uow, LIST_LIFE + 2 * HOUR, "transport=grace:86400")

    assert record.purposes == (Category.TRANSPORT,)
    assert record.purposes_left_out == (Category.SPORTS,)


def test_beyond_the_longest_grace_the_verification_refuses():
    host = a_host(statuses=KnownStatuses(age=LIST_LIFE + HOUR, grace=HOUR))

    verdict = verify(a_presentation(), challenge=CHALLENGE, host=host, now=NOW)

    assert (verdict.code, verdict.step) == ("status_unavailable", 26)


@given(
    age=st.integers(0, 200_000),
    longer=st.integers(0, 200_000),
    rules=st.dictionaries(
        st.sampled_from(list(Category)),
        st.tuples(st.sampled_from(["age", "grace"]), st.integers(0, 200_000)),
    ),
)
def test_an_older_status_never_serves_a_purpose_that_a_younger_one_does_not(age, longer, rules):
    freshness = read_rules([f"{at}={kind}:{n}" for at, (kind, n) in rules.items()], HOUR).freshness
    verified = verify(a_presentation(), challenge=CHALLENGE, host=a_host(), now=NOW)
    assert isinstance(verified, Verified)

    def of_age(seconds):
        as_of = NOW - timedelta(seconds=seconds)
        return replace(verified, status_as_of=as_of, status_until=as_of + LIST_LIFE)

    for category in Category:
        younger = freshness.permits(category, of_age(age), NOW)
        assert younger or not freshness.permits(category, of_age(age + longer), NOW)


def test_lists_are_kept_for_the_longest_grace_and_renewed_before_the_shortest_age():
    rules = read_rules(["finance=age:600", "hotel=age:90", "transport=grace:86400"], HOUR)

    assert (rules.longest_grace, rules.shortest_age) == (DAY, 90 * timedelta(seconds=1))


def test_without_rules_everything_has_the_one_grace():
    rules = read_rules([], HOUR)

    assert (rules.longest_grace, rules.shortest_age) == (HOUR, None)


def test_a_category_has_one_rule():
    with pytest.raises(Malformed, match="finance stands there twice"):
        read_rules(["finance=age:600", "finance=grace:0"], HOUR)


def written(tmp_path, rules):
    values = as_texts(write_node(tmp_path))
    return load_settings(RecognitionSettings, {**values, "status_freshness": rules})


def test_rules_are_read_from_the_settings(tmp_path):
    settings = written(tmp_path, "finance=age:600, transport=grace:86400")

    assert settings.status_freshness == ("finance=age:600", "transport=grace:86400")


@pytest.mark.parametrize(
    "rule", ["finance", "finance=600", "banking=age:600", "finance=age:59", "finance=grace:-1"]
)
def test_a_rule_that_cannot_be_meant_stops_the_start(tmp_path, rule):
    with pytest.raises(BadSetting, match="category=age:SECONDS"):
        written(tmp_path, rule)
