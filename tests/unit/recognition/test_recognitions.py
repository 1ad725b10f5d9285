"""A host recognises what is presented to it, once per challenge, and says what it rests on."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Conflict, Malformed, Refused
from contracts.pseudonyms import holder_of
from contracts.recognition import RecogniseAttestation, ScoreRecognised
from contracts.words import Category
from services.recognition.domain.policy import AllOf, ScoreNotOlderThan
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HOME_KEY,
    NOW,
    KnownStatuses,
    a_presentation,
)
from tests.builders.recognition import (
    CIVIL_ID,
    ID,
    RESIDENT,
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    a_score,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def credential():
    return an_issued_attestation(FakeUnitOfWork()).credential


def recognised(uow, command, node=None, now=NOW):
    return recognise_attestation(command, uow=uow, node=node or host_node(), now=now)


def test_a_challenge_is_this_gateway_s_and_lasts_five_minutes(uow):
    challenge = an_open_challenge(uow)

    assert (challenge.audience, challenge.until) == (GATEWAY, NOW + 5 * MINUTE)


def test_opening_a_challenge_again_gives_the_same_nonce(uow):
    first = an_open_challenge(uow, challenge_id=ID)

    assert an_open_challenge(uow, now=NOW + MINUTE, challenge_id=ID) == first


def test_two_challenges_have_two_nonces(uow):
    node = host_node()

    assert an_open_challenge(uow, node).nonce != an_open_challenge(uow, node).nonce


def test_who_comes_again_is_the_same_holder(uow, credential):
    node = host_node()
    commands = [a_recognise_attestation(credential, an_open_challenge(uow, node)) for _ in "12"]

    first, second = (recognise_attestation(c, uow=uow, node=node, now=NOW) for c in commands)

    assert first.holder == second.holder
    assert first.recognition_id != second.recognition_id


def test_two_persons_are_two_holders(uow, credential):
    other = a_score(civil_id="990100195001020036")
    node = host_node()
    home = home_node(scores=FakeScores({RESIDENT: other}))
    theirs = an_issued_attestation(FakeUnitOfWork(), home).credential
    commands = [
        a_recognise_attestation(each, an_open_challenge(uow, node)) for each in (credential, theirs)
    ]

    first, second = (recognise_attestation(c, uow=uow, node=node, now=NOW) for c in commands)

    assert first.holder != second.holder


def test_a_presented_attestation_is_recognised_and_announced(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))

    record = recognised(uow, command)

    assert (record.home, record.tier) == (FUZHOU, 4)
    assert record.holder not in (holder_of(b"h" * 32, CIVIL_ID), CIVIL_ID)
    assert record.purposes == (Category.TRANSPORT, Category.SPORTS)
    assert (record.crosswalk, record.roster, record.status_age_seconds) == (1, 7, 120)
    assert record.until == NOW + 30 * DAY
    [told] = uow.announced
    evidence = told.evidence
    assert (evidence.attested_at, evidence.roster) == (NOW, 7)
    assert evidence.status_as_of == NOW - 2 * MINUTE
    assert evidence.key_id == HOME_KEY.kid
    assert uow.announced == [
        ScoreRecognised(
            recognition_id=command.recognition_id,
            attestation_id=ID,
            holder=record.holder,
            home=FUZHOU,
            tier=4,
            purposes=record.purposes,
            crosswalk=1,
            recognised_at=NOW,
            until=record.until,
            evidence=evidence,
        )
    ]


def test_repeating_a_recognition_gives_the_same_record_and_announces_nothing_new(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    first = recognised(uow, command)

    again = recognised(uow, command, now=NOW + 4 * MINUTE)

    assert again == first
    assert len(uow.announced) == 1


def test_a_recognised_presentation_opens_nothing_once_its_challenge_would_be_over(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    recognised(uow, command)

    with pytest.raises(Refused, match="challenge_used"):
        recognised(uow, command, now=NOW + 5 * MINUTE)


def test_a_recognition_that_ended_is_not_given_again(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    recognised(uow, command)
    receive_notice(a_receive_notice(a_revocation_notice()), uow=uow, node=host_node(), now=NOW)

    with pytest.raises(Refused, match="recognition_ended"):
        recognised(uow, command)


def test_a_recognition_id_stands_for_one_presentation(uow, credential):
    first = a_recognise_attestation(credential, an_open_challenge(uow))
    recognised(uow, first)
    other = a_recognise_attestation(
        credential, an_open_challenge(uow), recognition_id=first.recognition_id
    )

    with pytest.raises(Conflict, match="id_reused"):
        recognised(uow, other)


def test_an_attestation_may_be_recognised_again_with_a_new_challenge(uow, credential):
    node = host_node()
    recognised(uow, a_recognise_attestation(credential, an_open_challenge(uow, node)), node)

    recognised(uow, a_recognise_attestation(credential, an_open_challenge(uow, node)), node)

    assert len(uow.announced) == 2


def test_a_replayed_presentation_is_refused(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    recognised(uow, command)
    replay = RecogniseAttestation(
        recognition_id=uuid4(),
        challenge_id=command.challenge_id,
        presentation=command.presentation,
    )

    with pytest.raises(Refused, match="challenge_used"):
        recognised(uow, replay)


def test_a_refusal_spends_the_challenge_as_well(uow, credential):
    challenge = an_open_challenge(uow)
    forged = RecogniseAttestation(
        recognition_id=uuid4(),
        challenge_id=challenge.challenge_id,
        presentation=a_presentation(proof={"nonce": "another"}),
    )
    with pytest.raises(Refused, match="bad_key_binding"):
        recognised(uow, forged)

    with pytest.raises(Refused, match="challenge_used"):
        recognised(uow, a_recognise_attestation(credential, challenge))

    assert not uow.announced


def test_what_is_no_presentation_at_all_is_malformed(uow):
    challenge = an_open_challenge(uow)
    command = RecogniseAttestation(
        recognition_id=uuid4(), challenge_id=challenge.challenge_id, presentation="hello"
    )

    with pytest.raises(Malformed, match="malformed_presentation"):
        recognised(uow, command)


def test_an_unknown_challenge_is_refused(uow, credential):
    challenge = an_open_challenge(FakeUnitOfWork())

    with pytest.raises(Refused, match="challenge_unknown"):
        recognised(uow, a_recognise_attestation(credential, challenge))


def test_a_challenge_that_is_over_is_refused(uow, credential):
    challenge = an_open_challenge(uow)

    with pytest.raises(Refused, match="challenge_expired"):
        recognised(uow, a_recognise_attestation(credential, challenge), now=challenge.until)


def test_two_presentations_that_race_for_one_challenge_get_one_verdict(uow, credential):
    challenge = an_open_challenge(uow)
    rival = a_recognise_attestation(credential, challenge)
    node = host_node(statuses=Meanwhile(lambda: recognised(uow, rival)))

    with pytest.raises(Refused, match="challenge_used"):
        recognised(uow, a_recognise_attestation(credential, challenge), node)

    assert len(uow.announced) == 1


def test_the_same_recognition_that_races_itself_gets_one_record(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    node = host_node(statuses=Meanwhile(lambda: recognised(uow, command)))

    record = recognised(uow, command, node)

    assert record.recognition_id == command.recognition_id
    assert len(uow.announced) == 1


def test_the_status_is_asked_for_while_no_transaction_is_open(uow, credential):
    seen = []
    node = host_node(statuses=Meanwhile(lambda: seen.append(uow.is_open)))

    recognised(uow, a_recognise_attestation(credential, an_open_challenge(uow)), node)

    assert seen == [False]


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (KnownStatuses(1), "status_invalid"),
        (KnownStatuses(2), "status_suspended"),
        (KnownStatuses(None), "status_unavailable"),
    ],
)
def test_an_attestation_without_a_valid_status_is_refused(uow, credential, statuses, code):
    command = a_recognise_attestation(credential, an_open_challenge(uow))

    with pytest.raises(Refused, match=code):
        recognised(uow, command, host_node(statuses=statuses))


def test_a_revocation_that_came_first_is_remembered_whatever_a_cached_list_says(uow, credential):
    notice = a_receive_notice(a_revocation_notice())
    receive_notice(notice, uow=uow, node=host_node(), now=NOW)

    with pytest.raises(Refused, match="status_invalid"):
        recognised(uow, a_recognise_attestation(credential, an_open_challenge(uow)))

    assert not uow.announced_of(ScoreRecognised)


def test_a_score_older_than_the_city_accepts_is_refused(uow, credential):
    node = host_node(policy=AllOf((ScoreNotOlderThan(19 * DAY),)))

    with pytest.raises(Refused, match="score_too_old"):
        recognised(uow, a_recognise_attestation(credential, an_open_challenge(uow)), node)


def test_a_city_that_asks_nothing_recognises_nothing(uow, credential):
    command = a_recognise_attestation(credential, an_open_challenge(uow))

    with pytest.raises(Refused, match="empty_policy"):
        recognised(uow, command, host_node(policy=AllOf(())))


def test_purposes_that_this_city_does_not_know_are_left_out(uow):
    challenge = an_open_challenge(uow)
    command = a_command(challenge, purposes=["space_travel", "sports"])

    assert recognised(uow, command).purposes == (Category.SPORTS,)


def test_without_a_purpose_that_this_city_knows_nothing_is_recognised(uow):
    command = a_command(an_open_challenge(uow), purposes=["space_travel"])

    with pytest.raises(Refused, match="purpose_missing"):
        recognised(uow, command)


def a_command(challenge, **claims):
    return RecogniseAttestation(
        recognition_id=uuid4(),
        challenge_id=challenge.challenge_id,
        presentation=a_presentation(claims=claims, proof={"nonce": challenge.nonce}),
    )


class Meanwhile(KnownStatuses):
    """Lets something happen while the home city is asked."""

    def __init__(self, happen):
        super().__init__()
        self.happen = happen

    def read(self, entry):
        self.happen()
        return super().read(entry)
