"""Cities tell each other what they took back and what was used; each speaks for itself alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Forbidden, Malformed, NotFound, Refused, Unauthenticated
from contracts.recognition import RecognitionEnded
from services.recognition.domain import jws
from services.recognition.domain.notice import LONGEST, OLDEST
from services.recognition.domain.roster import KeyUse
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    HOME_GATEWAY,
    ID,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    a_usage_notice,
    a_usage_report,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
STRANGE = "410100"


def received(uow, token, sender=FUZHOU, node=None, now=NOW):
    command = a_receive_notice(token, sender)
    return receive_notice(command, uow=uow, node=node or host_node(), now=now)


def a_recognition(uow):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    command = a_recognise_attestation(credential, an_open_challenge(uow))
    return recognise_attestation(command, uow=uow, node=host_node(), now=NOW)


def with_strange_city():
    strange = a_city(STRANGE, keys=[a_key(OTHER_KEY)])
    roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU), strange)
    return {"roster": lambda: roster}


def test_a_revocation_ends_the_recognition_at_the_host(uow):
    record = a_recognition(uow)

    receipt = received(uow, a_revocation_notice(), now=NOW + DAY)

    assert not receipt.repeated
    assert uow.announced_of(RecognitionEnded) == [
        RecognitionEnded(
            recognition_id=record.recognition_id,
            attestation_id=ID,
            holder=record.holder,
            home=FUZHOU,
            reason="score_changed",
            ended_at=NOW + DAY,
            notice_id=receipt.notice_id,
        )
    ]


def test_a_revocation_ends_every_recognition_of_the_attestation(uow):
    a_recognition(uow)
    a_recognition(uow)

    received(uow, a_revocation_notice())

    assert len(uow.announced_of(RecognitionEnded)) == 2


def test_a_notice_that_comes_twice_has_one_effect(uow):
    a_recognition(uow)
    token = a_revocation_notice()
    first = received(uow, token)

    again = received(uow, token)

    assert (first.repeated, again.repeated) == (False, True)
    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_a_second_revocation_of_an_attestation_ends_nothing_more(uow):
    a_recognition(uow)
    received(uow, a_revocation_notice())

    received(uow, a_revocation_notice())

    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_no_city_can_revoke_another_s_attestation(uow):
    a_recognition(uow)
    node = host_node(**with_strange_city())
    token = a_revocation_notice(signer=OTHER_KEY, issuer="https://elsewhere.example")

    received(uow, token, STRANGE, node)

    assert not uow.announced_of(RecognitionEnded)


def test_a_stranger_s_word_on_an_attestation_does_not_stop_its_recognition(uow):
    node = host_node(**with_strange_city())
    token = a_revocation_notice(signer=OTHER_KEY, issuer="https://elsewhere.example")
    received(uow, token, STRANGE, node)

    assert a_recognition(uow).home == FUZHOU


def test_a_notice_with_another_s_signature_is_not_taken_in(uow):
    forged = a_revocation_notice(signer=Impostor())

    with pytest.raises(Unauthenticated, match="bad_signature"):
        received(uow, forged)


def test_a_notice_by_a_key_of_no_city_is_not_taken_in(uow):
    with pytest.raises(Refused, match="unknown_key"):
        received(uow, a_revocation_notice(signer=OTHER_KEY))


def test_a_transport_key_signs_no_notice(uow):
    fuzhou = a_city(FUZHOU, keys=[a_key(HOME_KEY, use=KeyUse.TRANSPORT)])
    node = host_node(roster=lambda: a_roster(fuzhou, a_city(HANGZHOU)))

    with pytest.raises(Refused, match="unknown_key"):
        received(uow, a_revocation_notice(), node=node)


def test_a_notice_by_a_key_out_of_use_is_not_taken_in(uow):
    fuzhou = a_city(FUZHOU, keys=[a_key(HOME_KEY, use_until=NOW)])
    node = host_node(roster=lambda: a_roster(fuzhou, a_city(HANGZHOU)))

    with pytest.raises(Refused, match="key_not_current"):
        received(uow, a_revocation_notice(), node=node)


def test_a_city_cannot_push_another_s_notice(uow):
    node = host_node(**with_strange_city())

    with pytest.raises(Forbidden):
        received(uow, a_revocation_notice(), STRANGE, node)


def test_a_notice_to_another_city_is_not_taken_in(uow):
    with pytest.raises(Refused, match="wrong_audience"):
        received(uow, a_revocation_notice(recipient="https://elsewhere.example"))


def test_a_notice_of_an_unknown_city_is_not_taken_in(uow):
    with pytest.raises(Refused, match="unknown_city"):
        received(uow, a_revocation_notice(), STRANGE)


def test_a_notice_of_a_suspended_city_is_not_taken_in(uow):
    roster = a_roster(a_city(FUZHOU, state="suspended"), a_city(HANGZHOU))

    with pytest.raises(Refused, match="city_not_online"):
        received(uow, a_revocation_notice(), node=host_node(roster=lambda: roster))


def test_no_notice_is_taken_in_by_a_stale_roster(uow):
    roster = a_roster(valid_until=NOW - 15 * DAY)

    with pytest.raises(Refused, match="stale_roster"):
        received(uow, a_revocation_notice(), node=host_node(roster=lambda: roster))


def test_a_notice_that_is_too_old_is_not_taken_in(uow):
    with pytest.raises(Refused, match="expired"):
        received(uow, a_revocation_notice(at=NOW - OLDEST - DAY))


def test_a_notice_from_the_future_is_not_taken_in(uow):
    with pytest.raises(Refused, match="issued_in_future"):
        received(uow, a_revocation_notice(at=NOW + DAY))


def test_a_token_that_is_no_notice_is_not_taken_in(uow):
    token = jws.write({"iss": HOME_GATEWAY}, typ="dc+sd-jwt", signer=HOME_KEY)

    with pytest.raises(Refused, match="wrong_type"):
        received(uow, token)


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"iss": 1}, "iss"),
        ({"aud": [HANGZHOU]}, "aud"),
        ({"jti": None}, "jti"),
        ({"events": {}}, "events"),
        ({"events": {"a": {}, "b": {}}}, "events"),
        ({"events": {"a": 1}}, "events"),
    ],
)
def test_a_notice_has_a_sender_a_recipient_a_name_and_one_event(uow, claims, field):
    read = jws.read(a_revocation_notice()).payload
    token = jws.write({**read, **claims}, typ="secevent+jwt", signer=HOME_KEY)

    with pytest.raises(Malformed) as caught:
        received(uow, token)

    assert caught.value.errors.keys() == {field}


@pytest.mark.parametrize("claims", [{"jti": "seven"}, {"iat": "now"}, {"iat": 1.5}])
def test_a_notice_has_a_uuid_and_a_moment(uow, claims):
    read = jws.read(a_revocation_notice()).payload
    token = jws.write({**read, **claims}, typ="secevent+jwt", signer=HOME_KEY)

    with pytest.raises(Malformed) as caught:
        received(uow, token)

    assert caught.value.errors.keys() == claims.keys()


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30", "e30.W10.x"])
def test_what_is_no_token_at_all_is_refused_naming_it(uow, token):
    with pytest.raises(Malformed) as caught:
        received(uow, token)

    assert caught.value.errors.keys() == {"token"}


def test_a_notice_that_is_longer_than_a_gateway_takes_is_not_read(uow):
    with pytest.raises(Malformed) as caught:
        received(uow, a_notice(body={"reason": "x" * LONGEST}))

    assert caught.value.errors.keys() == {"token"}


def test_an_event_of_another_kind_is_not_taken_in(uow):
    with pytest.raises(Malformed):
        received(uow, a_notice(event="urn:example:rain"))


def test_a_revocation_without_an_attestation_is_malformed_and_may_come_again(uow):
    token = a_notice(body={"reason": "score_changed"})

    for _ in range(2):
        with pytest.raises(Malformed) as caught:
            received(uow, token)

    assert "attestation_id" in caught.value.errors


def test_a_reason_that_only_a_newer_city_knows_still_ends_a_recognition(uow):
    a_recognition(uow)
    body = {"attestation_id": str(ID), "reason": "meteor_strike", "at": "2026-06-01T09:00:00Z"}

    received(uow, a_notice(body=body))

    [ended] = uow.announced_of(RecognitionEnded)
    assert ended.reason == "meteor_strike"


@pytest.mark.parametrize("reason", ["Meteor-Strike", "x" * 65, "", None, 7])
def test_a_reason_that_is_no_word_at_all_still_ends_a_recognition(uow, reason):
    a_recognition(uow)
    body = {"attestation_id": str(ID), "reason": reason, "at": "2026-06-01T09:00:00Z"}

    received(uow, a_notice(body=body))

    [ended] = uow.announced_of(RecognitionEnded)
    assert ended.reason == "city_decision"


def test_a_host_reports_what_was_used_on_this_city_s_attestation(uow):
    an_issued_attestation(uow)
    report = a_usage_report()

    received(uow, a_usage_notice(report), HANGZHOU, home_node())

    assert uow.announced == [report]


def test_a_usage_report_that_comes_twice_is_passed_on_once(uow):
    an_issued_attestation(uow)
    token = a_usage_notice(a_usage_report())

    receipts = [received(uow, token, HANGZHOU, home_node()) for _ in range(2)]

    assert [receipt.repeated for receipt in receipts] == [False, True]
    assert len(uow.announced) == 1


def test_a_city_reports_only_its_own_grants(uow):
    an_issued_attestation(uow)

    with pytest.raises(Forbidden):
        received(uow, a_usage_notice(a_usage_report(host=STRANGE)), HANGZHOU, home_node())


def test_only_the_host_of_an_attestation_reports_its_use(uow):
    an_issued_attestation(uow)
    node = home_node(**with_strange_city())
    token = a_usage_notice(
        a_usage_report(host=STRANGE), OTHER_KEY, issuer="https://elsewhere.example"
    )

    with pytest.raises(NotFound):
        received(uow, token, STRANGE, node)

    assert not uow.announced


def test_nobody_reports_the_use_of_an_attestation_this_city_never_issued(uow):
    an_issued_attestation(uow)
    token = a_usage_notice(a_usage_report(attestation_id=uuid4()))

    with pytest.raises(NotFound):
        received(uow, token, HANGZHOU, home_node())


class Impostor:
    """Says it signs with the home key, and signs with its own."""

    kid, alg = HOME_KEY.kid, HOME_KEY.alg

    def sign(self, message):
        return OTHER_KEY.sign(message)
