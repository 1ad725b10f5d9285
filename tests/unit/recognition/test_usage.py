"""A host tells home, in few notices, what became of the grants on home's attestations."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import wire
from contracts.errors import Malformed
from contracts.notices import USAGE_LINES_REPORTED
from contracts.recognition import NoticeReady, UsageReported
from contracts.scenarios import GrantEnded
from contracts.usage import usage_of
from contracts.words import Funding, GrantState, UsageFact
from services.recognition.adapters.keys import CityKey
from services.recognition.domain import jws
from services.recognition.handlers.notices import sign_kept_notices
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.usage import AT_A_TIME, SUBJECT, keep_usage, report_usage
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    NOW,
    OTHER_KEY,
    a_city,
    a_roster,
)
from tests.builders.recognition import (
    ID,
    a_receive_notice,
    a_redemption,
    a_usage_lines_notice,
    a_usage_report,
    an_issued_attestation,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition


def an_end(**overrides):
    values = {
        "grant_id": uuid4(),
        "incentive_id": "long-bike-ride",
        "scenario_id": "public-bike",
        "operator_id": "bike-company",
        "home": FUZHOU,
        "attestation_id": ID,
        "value_fen": 0,
        "state": GrantState.REVOKED,
        "reason": "recognition_ended",
        "ended_at": NOW,
    }
    return GrantEnded(**{**values, **overrides})


ZHENGZHOU = "410100"


def used(uow, *events, node=None):
    for event in events:
        keep_usage(event, uow=uow, node=node or host_node())


def reported(uow, now=NOW, **parts):
    """Let the timer come round once; say whether more waits."""
    return report_usage(uow=uow, node=host_node(**parts), now=now)


def taken_in(at_home, token, node=None):
    command = a_receive_notice(token, HANGZHOU)
    return receive_notice(command, uow=at_home, node=node or home_node(), now=NOW)


def lines_of(notice):
    read = jws.read(notice.token, limit=jws.LARGE)
    return read.payload["events"][USAGE_LINES_REPORTED]["lines"]


def notices(uow, recipient=FUZHOU):
    return [each for each in uow.announced_of(NoticeReady) if each.recipient == recipient]


@pytest.fixture
def at_home():
    home = FakeUnitOfWork()
    an_issued_attestation(home)
    return home


def test_home_learns_what_became_of_grants_as_the_host_books_it(uow, at_home):
    events = [a_redemption(), an_end(), a_redemption()]
    used(uow, *events)

    reported(uow)

    [notice] = notices(uow)
    taken_in(at_home, notice.token)
    told = [usage_of(event, host=HANGZHOU) for event in events]
    assert at_home.announced_of(UsageReported) == told


def test_an_event_alone_announces_nothing(uow):
    used(uow, a_redemption())

    assert not uow.announced


def test_what_was_reported_is_not_reported_again(uow):
    used(uow, a_redemption())

    reported(uow)
    reported(uow)

    assert len(uow.announced) == 1


def test_where_nothing_was_used_nobody_is_told_anything(uow):
    assert not reported(uow)

    assert not uow.announced


def test_each_home_city_is_told_of_its_own_attestations_alone(uow):
    events = {home: a_redemption(home=home) for home in (FUZHOU, ZHENGZHOU)}
    roster = a_roster(*map(a_city, (FUZHOU, HANGZHOU, ZHENGZHOU)))

    used(uow, *events.values())
    reported(uow, roster=lambda: roster)

    for home, event in events.items():
        [notice] = notices(uow, home)
        [line] = lines_of(notice)
        assert line["grant_id"] == str(event.grant_id)


def test_a_grant_on_this_city_s_own_attestation_concerns_no_other_city(uow):
    used(uow, a_redemption(home=HANGZHOU))
    reported(uow)

    assert not uow.announced


def test_a_line_names_neither_holder_nor_operator(uow):
    used(uow, a_redemption())
    reported(uow)

    [notice] = notices(uow)
    [line] = lines_of(notice)
    assert line.keys() == {
        "line_id",
        "host",
        "grant_id",
        "attestation_id",
        "incentive_id",
        "fact",
        "value_fen",
        "at",
        "funding",
    }


def test_many_lines_are_several_notices_of_one_subject_in_their_order(uow):
    events = [a_redemption() for _ in range(AT_A_TIME + 1)]
    used(uow, *events)

    more = [reported(uow), reported(uow)]

    told = notices(uow)
    assert more == [True, False]
    assert {notice.subject for notice in told} == {SUBJECT}
    assert [line["grant_id"] for notice in told for line in lines_of(notice)] == [
        str(event.grant_id) for event in events
    ]


def test_as_many_of_the_longest_lines_as_a_notice_has_are_no_longer_than_home_takes(uow, at_home):
    longest = [
        a_redemption(
            incentive_id="x" * 64,
            value_fen=10**13,
            redeemed_at=NOW + timedelta(microseconds=123_456),
            funding=max(Funding, key=len),
        )
        for _ in range(AT_A_TIME)
    ]
    used(uow, *longest)

    reported(uow)

    [notice] = notices(uow)
    taken_in(at_home, notice.token)
    assert max(UsageFact, key=len) == UsageFact.REDEEMED
    assert len(at_home.announced_of(UsageReported)) == AT_A_TIME
    assert wire.load(NoticeReady, wire.dump(notice)) == notice


def test_what_cannot_be_signed_today_is_told_when_it_can_and_is_not_overtaken(uow):
    lost = CityKey(OTHER_KEY, HANGZHOU, GATEWAY, a_roster, lambda: NOW)
    first, second = a_redemption(), a_redemption()
    used(uow, first)
    reported(uow, signer=lost)
    used(uow, second)
    reported(uow)
    assert not uow.announced

    sign_kept_notices(uow=uow, node=host_node(), now=NOW)

    told = [line["grant_id"] for notice in notices(uow) for line in lines_of(notice)]
    assert told == [str(first.grant_id), str(second.grant_id)]


def test_an_event_that_comes_twice_is_one_line(uow):
    event = a_redemption()

    used(uow, event, event)
    reported(uow)

    [notice] = notices(uow)
    assert len(lines_of(notice)) == 1


def test_a_notice_of_the_same_lines_has_the_same_id_and_of_others_another(uow):
    event = a_redemption()
    for events in ([event], [event], [event, a_redemption()]):
        used(uow, *events)
        reported(uow, now=NOW + timedelta(days=len(uow.announced)))

    first, again, with_more = notices(uow)

    assert first.notice_id == again.notice_id != with_more.notice_id


def test_a_notice_of_lines_that_comes_twice_is_passed_on_once(at_home):
    token = a_usage_lines_notice(a_usage_report())

    receipts = [taken_in(at_home, token) for _ in range(2)]

    assert [receipt.repeated for receipt in receipts] == [False, True]
    assert len(at_home.announced_of(UsageReported)) == 1


@pytest.mark.parametrize(
    "wrong", [{"host": ZHENGZHOU}, {"attestation_id": uuid4()}], ids=["host", "attestation"]
)
def test_a_line_that_the_sender_may_not_say_keeps_no_other_from_being_taken_in(at_home, wrong):
    good, bad = [a_usage_report(), a_usage_report()], a_usage_report(**wrong)
    node = home_node()

    taken_in(at_home, a_usage_lines_notice(good[0], bad, good[1]), node)

    assert at_home.announced_of(UsageReported) == good
    assert node.measures.refused_lines == [(HANGZHOU, bad.line_id)]


def test_lines_on_an_attestation_for_another_city_are_not_taken_in(at_home):
    node = home_node()
    for_zhengzhou = uuid4()
    an_issued_attestation(at_home, attestation_id=for_zhengzhou)
    at_home.state.issuances.rows[for_zhengzhou].recipient = ZHENGZHOU
    bad = a_usage_report(attestation_id=for_zhengzhou)

    taken_in(at_home, a_usage_lines_notice(bad), node)

    assert not at_home.announced_of(UsageReported)
    assert node.measures.refused_lines == [(HANGZHOU, bad.line_id)]


def test_where_a_line_cannot_be_read_nothing_is_taken_in_and_it_may_come_again(at_home):
    strange = wire.dump(a_usage_report()) | {"fact": "teleported"}
    body = {"lines": [wire.dump(a_usage_report()), strange]}
    token = a_usage_lines_notice(body=body)

    for _ in range(2):
        with pytest.raises(Malformed):
            taken_in(at_home, token)

    assert not at_home.announced_of(UsageReported)
