"""A key may be in other hands: its city warns and signs by it no more; no host believes it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts import wire
from contracts.corrections import CorrectionApplied
from contracts.errors import Malformed, Refused
from contracts.notices import KEY_COMPROMISED, NOTICE_APPLIED, KeyCompromised
from contracts.recognition import NoticeReady, RecognitionEnded
from services.recognition.adapters.keys import CityKey
from services.recognition.domain import jws
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.roster import KeyUse
from services.recognition.handlers import distrust
from services.recognition.handlers.corrections import on_correction_applied
from services.recognition.handlers.distrust import end_distrusted, know_own_keys, warn_of_key
from services.recognition.handlers.notices import sign_kept_notices
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
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def with_two_keys():
    """Fuzhou signs by HOME_KEY until now, and by OTHER_KEY from now on."""
    fuzhou = a_city(FUZHOU, keys=[a_key(HOME_KEY), a_key(OTHER_KEY)])
    return a_roster(fuzhou, a_city(HANGZHOU))


def a_home(key=OTHER_KEY, roster=with_two_keys):
    compromised = set()
    signer = CityKey(key, FUZHOU, HOME_GATEWAY, roster, lambda: NOW, compromised)
    return home_node(roster=roster, signer=signer, compromised=compromised)


def a_host():
    return host_node(roster=with_two_keys)


def warned(uow, node=None, kid=HOME_KEY.kid, since=NOW):
    return warn_of_key(kid, since, uow=uow, node=node or a_home(), now=NOW)


def told(uow, since, kid=HOME_KEY.kid, now=NOW):
    """Tell the host that a key of Fuzhou may be in other hands."""
    body = wire.dump(KeyCompromised(kid=kid, since=since, at=now))
    token = a_notice(OTHER_KEY, event=KEY_COMPROMISED, body=body, at=now)
    return receive_notice(a_receive_notice(token), uow=uow, node=a_host(), now=now)


def recognised(uow, issued_at=NOW, now=NOW, key=HOME_KEY):
    credential = an_issued_attestation(
        FakeUnitOfWork(), home_node(roster=with_two_keys, signer=key), now=issued_at
    ).credential
    challenge = an_open_challenge(uow, a_host(), now)
    command = a_recognise_attestation(credential, challenge, now)
    return recognise_attestation(command, uow=uow, node=a_host(), now=now)


# --- at home ---------------------------------------------------------------------------------


def test_every_other_online_city_is_told_by_a_notice_signed_with_another_key(uow):
    report = warned(uow)

    [ready] = uow.announced_of(NoticeReady)
    token = jws.read(ready.token)
    assert (report.cities, report.waiting) == ((HANGZHOU,), 0)
    assert (ready.recipient, token.kid) == (HANGZHOU, OTHER_KEY.kid)
    assert token.payload["events"][KEY_COMPROMISED]["kid"] == HOME_KEY.kid


def test_a_city_that_is_not_online_is_not_told(uow):
    def roster():
        members = with_two_keys().cities
        return a_roster(members[FUZHOU], replace(members[HANGZHOU], state="suspended"))

    assert warned(uow, a_home(roster=roster)).cities == ()


def test_the_only_key_signs_nothing_any_more_and_its_notices_wait_for_the_next(uow):
    alone = a_home(HOME_KEY)

    report = warned(uow, alone)
    waiting = list(uow.announced_of(NoticeReady))
    sign_kept_notices(uow=uow, node=a_home(), now=NOW)

    assert (report.waiting, waiting) == (1, [])
    with pytest.raises(Refused, match="compromised"):
        alone.signer.sign(b"")
    assert jws.read(uow.announced_of(NoticeReady)[0].token).kid == OTHER_KEY.kid


def test_a_process_learns_of_a_key_that_another_process_warned_of(uow):
    warned(uow)
    elsewhere = a_home(HOME_KEY)

    know_own_keys(uow=uow, node=elsewhere)

    with pytest.raises(Refused, match="compromised"):
        elsewhere.signer.sign(b"")


def test_warning_again_tells_nobody_again_unless_of_an_earlier_moment(uow):
    warned(uow)

    again = [warned(uow, since=since).cities for since in (NOW, NOW - DAY, NOW - SECOND)]

    assert again == [(), (HANGZHOU,), ()]


@pytest.mark.parametrize("kid", ["unknown", "transport"])
def test_only_an_attestation_key_of_ones_own_is_warned_of(uow, kid):
    key = a_key(OTHER_KEY, use=KeyUse.TRANSPORT)

    def roster():
        return a_roster(a_city(FUZHOU, keys=[a_key(HOME_KEY), key]), a_city(HANGZHOU))

    with pytest.raises(Refused, match="unknown_key"):
        warned(uow, a_home(HOME_KEY, roster), key.kid if kid == "transport" else kid)

    assert not uow.announced


def test_a_moment_to_come_is_refused(uow):
    with pytest.raises(Malformed) as refused:
        warned(uow, since=NOW + SECOND)

    assert refused.value.errors.keys() == {"since"}


# --- at a host -------------------------------------------------------------------------------


def test_what_the_key_signed_since_then_is_not_recognised(uow):
    told(uow, since=NOW)

    with pytest.raises(Refused, match="key_not_current"):
        recognised(uow, issued_at=NOW)


def test_what_the_key_signed_before_is_recognised(uow):
    told(uow, since=NOW)

    assert recognised(uow, issued_at=NOW - SECOND)


def test_what_another_key_signed_is_recognised(uow):
    told(uow, since=NOW - DAY)

    assert recognised(uow, key=OTHER_KEY)


def test_recognitions_of_what_it_signed_since_then_end_and_others_stand(uow):
    before, since = recognised(uow, NOW - DAY), recognised(uow, NOW)

    told(uow, since=NOW - SECOND)

    [ended] = uow.announced_of(RecognitionEnded)
    assert (ended.recognition_id, ended.reason) == (since.recognition_id, "key_compromised")
    with uow:
        assert uow.recognitions.get(before.recognition_id).ended_at is None


def test_more_recognitions_than_one_transaction_ends_are_ended_by_and_by(uow, monkeypatch):
    monkeypatch.setattr(distrust, "AT_A_TIME", 2)
    for _ in range(5):
        recognised(uow)

    told(uow, since=NOW)
    more = [end_distrusted(uow=uow, node=a_host(), now=NOW) for _ in range(3)]

    assert more == [True, False, False]
    assert len(uow.announced_of(RecognitionEnded)) == 5


def done(uow, notice_id):
    """Let scenarios say of every recognition that ended so far that it acted on that."""
    for ended in uow.announced_of(RecognitionEnded):
        event = CorrectionApplied(
            notice_id=notice_id, recognition_id=ended.recognition_id, applied_at=NOW
        )
        on_correction_applied(event, uow=uow, node=a_host(), now=NOW)


def applied(uow):
    """Which notices were told to home as applied."""
    said = []
    for ready in uow.announced_of(NoticeReady):
        body = jws.read(ready.token).payload["events"][NOTICE_APPLIED]
        said.append(UUID(body["notice_id"]))
    return said


def test_home_is_told_at_once_where_its_key_was_believed_by_nobody(uow):
    receipt = told(uow, since=NOW)

    assert applied(uow) == [receipt.notice_id]


def test_home_is_told_when_everything_that_rested_on_its_key_has_ended(uow):
    recognised(uow)

    notice_id = told(uow, since=NOW).notice_id
    before = applied(uow)
    done(uow, notice_id)

    assert (before, applied(uow)) == ([], [notice_id])


def test_home_is_not_told_before_the_last_of_many_has_ended(uow, monkeypatch):
    monkeypatch.setattr(distrust, "AT_A_TIME", 2)
    for _ in range(3):
        recognised(uow)

    notice_id = told(uow, since=NOW).notice_id
    done(uow, notice_id)
    first = applied(uow)
    end_distrusted(uow=uow, node=a_host(), now=NOW)
    second = applied(uow)
    done(uow, notice_id)

    assert (first, second, applied(uow)) == ([], [], [notice_id])


def test_home_is_told_of_as_many_as_end_at_a_time_and_no_more(uow, monkeypatch):
    monkeypatch.setattr(distrust, "AT_A_TIME", 2)
    for _ in range(2):
        recognised(uow)

    notice_id = told(uow, since=NOW).notice_id
    done(uow, notice_id)
    before = applied(uow)
    end_distrusted(uow=uow, node=a_host(), now=NOW)

    assert (before, applied(uow)) == ([], [notice_id])


def test_a_warning_of_an_earlier_moment_takes_over_what_the_former_had_not_ended(uow, monkeypatch):
    monkeypatch.setattr(distrust, "AT_A_TIME", 2)
    for _ in range(3):
        recognised(uow)

    former = told(uow, since=NOW).notice_id
    done(uow, former)
    latter = told(uow, since=NOW - DAY).notice_id
    between = applied(uow)
    done(uow, latter)
    end_distrusted(uow=uow, node=a_host(), now=NOW)

    assert (between, applied(uow)) == ([former], [former, latter])


def test_that_a_key_was_warned_of_is_waited_for_at_home(uow):
    warned(uow)

    [ready] = uow.announced_of(NoticeReady)
    with uow:
        [effect] = uow.effects.of(ready.notice_id)
    assert (effect.recipient, effect.applied_at) == (HANGZHOU, None)


def test_a_recognition_that_was_under_way_ends_as_well(uow):
    recognised(uow)
    with uow:
        uow.distrusted_keys.add(Distrust(home=FUZHOU, kid=HOME_KEY.kid, since=NOW), NOW)
        uow.commit()

    end_distrusted(uow=uow, node=a_host(), now=NOW)

    assert len(uow.announced_of(RecognitionEnded)) == 1


def test_a_notice_that_the_key_signed_since_then_is_not_believed(uow):
    told(uow, since=NOW)

    token = a_revocation_notice(uuid4(), HOME_KEY, at=NOW)
    with pytest.raises(Refused, match="key_not_current"):
        receive_notice(a_receive_notice(token), uow=uow, node=a_host(), now=NOW)

    earlier = a_revocation_notice(uuid4(), HOME_KEY, at=NOW - SECOND)
    receive_notice(a_receive_notice(earlier), uow=uow, node=a_host(), now=NOW)


def test_a_city_speaks_of_its_own_keys_alone(uow):
    body = wire.dump(KeyCompromised(kid=HOME_KEY.kid, since=NOW - DAY, at=NOW))
    zhengzhou = a_city("410100", keys=[a_key(OTHER_KEY)], gateway="https://zhengzhou.example")
    node = host_node(roster=lambda: a_roster(a_city(FUZHOU), a_city(HANGZHOU), zhengzhou))
    token = a_notice(
        OTHER_KEY, issuer="https://zhengzhou.example", event=KEY_COMPROMISED, body=body
    )

    receive_notice(a_receive_notice(token, "410100"), uow=uow, node=node, now=NOW)

    assert recognised(uow)


def test_hearing_it_twice_or_later_changes_nothing_of_the_earliest_moment(uow):
    told(uow, since=NOW - DAY)
    told(uow, since=NOW)

    with pytest.raises(Refused, match="key_not_current"):
        recognised(uow, issued_at=NOW - SECOND)
