"""A policy says what is enough; asking nothing is not a permission."""

from datetime import timedelta

import pytest

from contracts.errors import Refused
from services.recognition.domain.policy import (
    AllOf,
    ForPurpose,
    ScoreNotOlderThan,
    StatusNotOlderThan,
)
from services.recognition.domain.verification import Verified, verify
from tests.builders.attestations import CHALLENGE, NOW, a_host, a_presentation

pytestmark = pytest.mark.recognition


@pytest.fixture(scope="module")
def facts():
    facts = verify(a_presentation(), challenge=CHALLENGE, host=a_host(), now=NOW)
    assert isinstance(facts, Verified)
    return facts


def test_a_satisfied_policy_says_nothing(facts):
    policy = AllOf(
        (
            ForPurpose("sports"),
            ScoreNotOlderThan(timedelta(days=20)),
            StatusNotOlderThan(timedelta(minutes=2)),
        )
    )

    policy.judge(facts, NOW)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (AllOf(()), "empty_policy"),
        (ForPurpose("parking"), "purpose_missing"),
        (ScoreNotOlderThan(timedelta(days=19)), "score_too_old"),
        (StatusNotOlderThan(timedelta(minutes=1)), "status_unavailable"),
        (AllOf((ForPurpose("sports"), AllOf(()))), "empty_policy"),
    ],
)
def test_a_policy_names_what_is_not_enough(facts, policy, code):
    with pytest.raises(Refused) as refused:
        policy.judge(facts, NOW)

    assert refused.value.code == code
