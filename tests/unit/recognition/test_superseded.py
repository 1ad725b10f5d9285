"""A recognition goes on, resting on the attestation that took the place of the old one."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from contracts import wire
from contracts.corrections import RecognitionRevised, RecognitionSuspended
from contracts.errors import Malformed, Refused
from contracts.notices import (
    ATTESTATION_SUPERSEDED,
    ATTESTATION_SUSPENDED,
    AttestationRevoked,
    AttestationSuperseded,
    AttestationSuspended,
)
from contracts.recognition import CategoryTier, RecognitionEnded
from contracts.words import Category
from services.recognition.adapters.freshness import read_rules
from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.status_list import Status
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    NOW,
    OTHER_KEY,
    KnownStatuses,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.crosswalks import an_override
from tests.builders.recognition import (
    RESIDENT,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_score,
    an_issued_attestation,
    an_open_challenge,
    holder_keys,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

MINUTE = timedelta(minutes=1)
A, B, C = (UUID(int=number) for number in (1, 2, 3))
MORE_FOR_ALL = {"极差": 2, "较差": 2, "一般": 3, "良好": 4, "优秀": 5, "极好": 5}
SCORES = {A: 783, B: 610, C: 900}


def issued(attestation_id, **overrides):
    """Issue one to the resident at home, by the score of that attestation."""
    node = home_node(
        scores=FakeScores({RESIDENT: a_score(score=Decimal(SCORES[attestation_id]))}),
        **overrides.pop("node", {}),
    )
    overrides["attestation_id"] = attestation_id
    return an_issued_attestation(FakeUnitOfWork(), node, **overrides).credential


def recognised(uow, attestation_id=A):
    command = a_recognise_attestation(issued(attestation_id), an_open_challenge(uow))
    return recognise_attestation(command, uow=uow, node=host_node(), now=NOW)


def superseded(
    uow, old, by, *, credential=None, at=NOW + MINUTE, node=None, now=NOW + MINUTE, said=None
):
    told = AttestationSuperseded(
        attestation_id=old,
        by=by,
        credential=credential or issued(by),
        reason="score_changed",
        at=at,
    )
    token = a_notice(event=ATTESTATION_SUPERSEDED, body=wire.dump(told), at=said or now)
    receive_notice(a_receive_notice(token), uow=uow, node=node or host_node(), now=now)


def suspended(uow, attestation_id, at):
    told = AttestationSuspended(attestation_id=attestation_id, reason="key_in_doubt", at=at)
    token = a_notice(event=ATTESTATION_SUSPENDED, body=wire.dump(told), at=at)
    receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=at)


def test_the_recognition_keeps_its_id_and_rests_on_the_new_attestation(uow):
    record = recognised(uow)

    superseded(uow, A, B)

    [revised] = uow.announced_of(RecognitionRevised)
    assert (revised.recognition_id, revised.attestation_id) == (record.recognition_id, B)
    assert (revised.holder, revised.reason) == (record.holder, "score_changed")
    assert (revised.tier, revised.purposes) == (2, (Category.TRANSPORT, Category.SPORTS))
    assert revised.revised_at == NOW + MINUTE
    found = uow.state.recognitions.get(record.recognition_id)
    assert (found.attestation_id, found.tier, found.until) == (B, 2, revised.until)
    assert uow.announced_of(RecognitionEnded) == []


def test_what_both_cities_agreed_on_counts_for_the_new_attestation(uow):
    record = recognised(uow)

    superseded(uow, A, B, node=host_node(overrides=lambda: [an_override(tiers=MORE_FOR_ALL)]))

    agreed = (CategoryTier(category=Category.SPORTS, tier=3),)
    [revised] = uow.announced_of(RecognitionRevised)
    found = uow.state.recognitions.get(record.recognition_id)
    assert (record.tiers, revised.tiers) == ((), agreed)
    assert (found.tier, found.tiers) == (2, {Category.SPORTS: 3})
    assert found.evidence.overrides == ("350100-330100-sports@1",)


def test_the_evidence_is_of_the_new_attestation_and_of_the_old_presentation(uow):
    record = recognised(uow)
    before = uow.state.recognitions.get(record.recognition_id).evidence

    superseded(uow, A, B)

    after = uow.state.recognitions.get(record.recognition_id).evidence
    assert after.presentation == before.presentation
    assert after.attestation != before.attestation


def test_the_old_attestation_is_recognised_no_more(uow):
    superseded(uow, A, B)

    with pytest.raises(Refused, match="status_invalid"):
        recognised(uow)


def test_the_new_attestation_can_be_presented_as_any_other(uow):
    superseded(uow, A, B)

    assert recognised(uow, B).tier == 2


def test_one_supersession_follows_the_other(uow):
    record = recognised(uow)

    superseded(uow, A, B)
    superseded(uow, B, C, at=NOW + 2 * MINUTE)

    found = uow.state.recognitions.get(record.recognition_id)
    assert (found.attestation_id, found.tier) == (C, 5)


def test_supersessions_may_come_in_the_other_order(uow):
    record = recognised(uow)

    superseded(uow, B, C, at=NOW + 2 * MINUTE)
    superseded(uow, A, B, now=NOW + 3 * MINUTE)

    [revised] = uow.announced_of(RecognitionRevised)
    assert (revised.recognition_id, revised.attestation_id) == (record.recognition_id, C)
    assert revised.revised_at == NOW + 2 * MINUTE


def test_supersessions_in_a_circle_end_the_recognition(uow):
    recognised(uow)

    superseded(uow, B, A)
    superseded(uow, A, B)

    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_when_the_new_attestation_was_revoked_before_the_recognition_ends_for_that(uow):
    recognised(uow)
    told = AttestationRevoked(attestation_id=B, reason="consent_withdrawn", at=NOW)
    token = a_notice(body=wire.dump(told))
    receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW)

    superseded(uow, A, B)

    [ended] = uow.announced_of(RecognitionEnded)
    assert ended.reason == "consent_withdrawn"


def test_a_suspended_recognition_stands_again_on_the_new_attestation(uow):
    record = recognised(uow)
    suspended(uow, A, NOW)

    superseded(uow, A, B)

    assert uow.state.recognitions.get(record.recognition_id).suspended_at is None


@pytest.mark.parametrize("listed", [Status.VALID, Status.SUSPENDED])
def test_a_recognition_is_suspended_with_the_new_attestation_that_was_suspended_before(uow, listed):
    record = recognised(uow)
    suspended(uow, B, NOW + 2 * MINUTE)

    node = host_node(statuses=KnownStatuses(listed))
    superseded(uow, A, B, node=node, now=NOW + 3 * MINUTE)

    [announced] = uow.announced_of(RecognitionSuspended)
    assert announced.recognition_id == record.recognition_id
    found = uow.state.recognitions.get(record.recognition_id)
    assert found.suspended_at == announced.suspended_at == NOW + 2 * MINUTE


OTHER_HOLDER = PrivateKey.generate("EdDSA")


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(lambda: "no.credential.at-all~", id="unreadable"),
        pytest.param(lambda: issued(C), id="of another name than told"),
        pytest.param(
            lambda: issued(B, holder_key=OTHER_HOLDER.public_jwk), id="for another key of theirs"
        ),
        pytest.param(
            lambda: issued(B, node={"holder_keys": holder_keys({HANGZHOU: (b"x" * 32,)})}),
            id="for another person",
        ),
        pytest.param(
            lambda: issued(B, node={"attestation_life": timedelta(seconds=30)}), id="over"
        ),
    ],
)
def test_what_cannot_be_believed_ends_the_recognition(uow, credential):
    record = recognised(uow)

    superseded(uow, A, B, credential=credential())

    [ended] = uow.announced_of(RecognitionEnded)
    assert (ended.recognition_id, ended.reason) == (record.recognition_id, "score_changed")
    assert uow.announced_of(RecognitionRevised) == []


def test_while_home_s_status_list_cannot_be_had_its_notice_is_its_word_on_the_status(uow):
    record = recognised(uow)

    superseded(uow, A, B, node=host_node(statuses=KnownStatuses(None)))

    found = uow.state.recognitions.get(record.recognition_id)
    assert (found.attestation_id, found.tier, found.ended_at) == (B, 2, None)
    assert found.purposes == (Category.TRANSPORT, Category.SPORTS)
    assert found.evidence.status_as_of == NOW + MINUTE


def test_a_list_from_before_the_notice_says_less_of_the_new_attestation_than_the_notice(uow):
    record = recognised(uow)

    superseded(uow, A, B, node=host_node(statuses=KnownStatuses(age=MINUTE)))

    found = uow.state.recognitions.get(record.recognition_id)
    assert found.evidence.status_as_of == NOW + MINUTE


def test_a_recognition_goes_on_until_the_notice_of_a_suspension_that_the_list_tells_of_comes(uow):
    record = recognised(uow)

    superseded(uow, A, B, node=host_node(statuses=KnownStatuses(Status.SUSPENDED)))
    before = uow.state.recognitions.get(record.recognition_id).suspended_at
    suspended(uow, B, NOW + 2 * MINUTE)

    assert before is None
    assert uow.state.recognitions.get(record.recognition_id).suspended_at == NOW + 2 * MINUTE
    assert uow.announced_of(RecognitionEnded) == []


def test_a_list_that_says_the_new_attestation_is_taken_back_ends_the_recognition(uow):
    recognised(uow)

    superseded(uow, A, B, node=host_node(statuses=KnownStatuses(Status.INVALID)))

    assert len(uow.announced_of(RecognitionEnded)) == 1


@pytest.mark.parametrize(
    ("rules", "late", "served"),
    [
        ([], timedelta(minutes=69), {Category.TRANSPORT, Category.SPORTS}),
        (["sports=grace:0"], timedelta(minutes=9), {Category.TRANSPORT, Category.SPORTS}),
        (["sports=grace:0"], timedelta(minutes=11), {Category.TRANSPORT}),
        (["sports=age:300"], timedelta(minutes=4), {Category.TRANSPORT, Category.SPORTS}),
        (["sports=age:300"], timedelta(minutes=6), {Category.TRANSPORT}),
    ],
)
def test_a_notice_that_is_late_serves_what_so_old_a_word_is_enough_for(uow, rules, late, served):
    record = recognised(uow)
    by_rules = read_rules(rules, timedelta(hours=1)).freshness
    node = host_node(statuses=KnownStatuses(None), freshness=by_rules)

    superseded(uow, A, B, node=node, said=NOW, now=NOW + late)

    found = uow.state.recognitions.get(record.recognition_id)
    assert (found.attestation_id, set(found.purposes)) == (B, served)


def test_a_notice_that_is_too_late_for_every_purpose_ends_the_recognition(uow):
    recognised(uow)
    by_rules = read_rules([], timedelta(hours=1)).freshness
    node = host_node(statuses=KnownStatuses(None), freshness=by_rules)

    superseded(uow, A, B, node=node, said=NOW, now=NOW + timedelta(minutes=71))

    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_a_presentation_is_no_successor(uow):
    recognised(uow)
    challenge = an_open_challenge(uow)
    presentation = a_recognise_attestation(issued(B), challenge).presentation

    superseded(uow, A, B, credential=presentation)

    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_no_city_supersedes_another_s_attestation(uow):
    recognised(uow)
    strange = a_city("410100", keys=[a_key(OTHER_KEY)])
    roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU), strange)
    told = AttestationSuperseded(
        attestation_id=A, by=B, credential=issued(B), reason="score_changed", at=NOW
    )
    token = a_notice(
        OTHER_KEY,
        issuer=strange.gateway,
        event=ATTESTATION_SUPERSEDED,
        body=wire.dump(told),
    )

    node = host_node(roster=lambda: roster)
    receive_notice(a_receive_notice(token, "410100"), uow=uow, node=node, now=NOW)

    assert not uow.announced_of(RecognitionRevised)
    assert not uow.announced_of(RecognitionEnded)


def test_a_supersession_without_a_credential_is_malformed_and_may_come_again(uow):
    token = a_notice(event=ATTESTATION_SUPERSEDED, body={"attestation_id": str(A)})

    with pytest.raises(Malformed) as caught:
        receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW)

    assert "credential" in caught.value.errors
