"""What happens at the same moment still adds up: on both databases, under many hands at once."""

import json
from collections import Counter
from contextlib import nullcontext
from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import wire
from contracts.corrections import CorrectionApplied
from contracts.erasures import EraseResident
from contracts.errors import ContractError
from contracts.notices import (
    ATTESTATION_REVOKED,
    ATTESTATION_SUPERSEDED,
    CONSENT_WITHDRAWN,
    NOTICE_APPLIED,
    USAGE_LINES_REPORTED,
    AttestationSuperseded,
    NoticeApplied,
)
from contracts.recognition import RecogniseAttestation, WithdrawConsent
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.green import eventlet
from services.plumbing.migrate import upgrade
from services.plumbing.unit_of_work import AlreadyHandled, MessageContext
from services.recognition.adapters.status_lists import SqlStatusLists
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain import jws
from services.recognition.handlers import effects, usage
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.corrections import on_correction_applied
from services.recognition.handlers.erasures import erase_resident
from services.recognition.handlers.forgetting import forget_old
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.roster import end_unbelieved
from services.recognition.handlers.score_check import check_scores
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOME_GATEWAY,
    HOST_KEY,
    NOW,
    YEAR,
    a_city,
    a_roster,
)
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_give_consent,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_redemption,
    a_revocation_notice,
    a_withdrawal_notice,
    an_issue_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork
from tests.servers import postgresql as postgresql_server

SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.recognition

HANDS = 8


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/recognition.db"
    else:
        server = request.getfixturevalue("postgresql").url
        url = postgresql_server.create_database(server, "recognition")
    engine = open_database(url)
    upgrade(engine, "services.recognition")
    yield engine
    close_database(url)
    if request.param == "postgresql":
        postgresql_server.drop_database(server, url)


def a_uow(engine):
    return make_unit_of_work(engine, utc_now, None, lambda: None)


def at_once(*actions):
    """Run all at the same time; return what each gave or the code of its error."""

    def outcome(action):
        try:
            return action()
        except ContractError as error:
            return error.code

    threads = [eventlet.spawn(outcome, action) for action in actions]
    return [thread.wait() for thread in threads]


def rows(engine, name):
    with engine.connect() as connection:
        return connection.execute(metadata.tables[name].select()).all()


def announced(engine, name):
    return [row for row in rows(engine, "outbox") if row.name == name]


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_recognition_and_the_revocation_of_its_attestation_never_miss_each_other(engine, known):
    for _ in range(HANDS):
        attestation_id = uuid4()
        credential = an_issued_attestation(
            FakeUnitOfWork(), attestation_id=attestation_id
        ).credential
        if known:
            recognised(engine, credential)()
        notice = a_receive_notice(a_revocation_notice(attestation_id))

        at_once(recognised(engine, credential), received(engine, notice))

    assert len(rows(engine, "foreign_attestations")) == HANDS
    assert all(row.ended_at for row in rows(engine, "recognitions"))


def told(engine):
    """Count what home's notices say, by event."""
    tokens = [
        wire.decode(json.loads(row.envelope)).body.token
        for row in announced(engine, "recognition.notice.ready.v1")
    ]
    return Counter(event for token in tokens for event in jws.read(token).payload["events"])


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_recognition_and_the_withdrawal_of_its_holder_never_miss_each_other(engine, known):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    if known:
        recognised(engine, credential)()
    notice = a_receive_notice(a_withdrawal_notice(credential, at=NOW + SECOND))

    at_once(*(recognised(engine, credential) for _ in range(HANDS)), received(engine, notice))

    assert len(rows(engine, "withdrawals")) == 1
    assert all(row.ended_at for row in rows(engine, "recognitions"))


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_a_revocation_waits_for_a_decision_that_is_under_way(engine, known):
    if known:
        recognised(engine, an_issued_attestation(FakeUnitOfWork()).credential)()
    taken_in = []
    receive = received(engine, a_receive_notice(a_revocation_notice()))

    with a_uow(engine) as uow:
        assert uow.revocations.reason(FUZHOU, ID, NOW) is None
        waiting = eventlet.spawn(lambda: taken_in.append(receive()))
        eventlet.sleep(0.2)
        assert not taken_in
        uow.commit()

    waiting.wait()
    assert taken_in


def test_what_the_roster_does_not_carry_any_more_ends_on_both_databases(engine):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    for _ in range(3):
        recognised(engine, credential)()
    without_home = host_node(roster=lambda: a_roster(a_city(HANGZHOU)))

    at_once(*(lambda: end_unbelieved(uow=a_uow(engine), node=without_home, now=NOW),) * 2)

    assert {row.ended_reason for row in rows(engine, "recognitions")} == {"city_not_online"}
    assert len(announced(engine, "recognition.recognition.ended.v1")) == 3


def test_a_score_that_is_gone_and_a_withdrawal_tell_the_host_once(engine):
    an_issued_attestation(a_uow(engine))
    without_score = home_node(scores=FakeScores())
    withdrawal = WithdrawConsent(consent_id=ID, resident=RESIDENT)

    at_once(
        lambda: check_scores(uow=a_uow(engine), node=without_score, now=NOW),
        lambda: withdraw_consent(withdrawal, uow=a_uow(engine), node=home_node(), now=NOW),
    )

    assert told(engine) == Counter({ATTESTATION_REVOKED: 1, CONSENT_WITHDRAWN: 1})


def test_what_is_too_old_is_dropped_on_both_databases(engine):
    recognised(engine, an_issued_attestation(FakeUnitOfWork()).credential)()
    received(engine, a_receive_notice(a_revocation_notice()))()

    forget_old(uow=a_uow(engine), now=NOW + YEAR)

    for name in ("challenges", "received_notices", "foreign_attestations"):
        assert rows(engine, name) == []


def test_two_first_presentations_at_once_are_one_holder(engine):
    credential = an_issued_attestation(FakeUnitOfWork()).credential

    records = at_once(*(recognised(engine, credential) for _ in range(HANDS)))

    assert len({record.holder for record in records}) == 1
    assert len(rows(engine, "holders")) == 1


def test_first_consents_at_once_are_one_subject(engine):
    node = home_node()
    commands = [a_give_consent(consent_id=uuid4()) for _ in range(HANDS)]

    at_once(
        *(
            lambda command=command: give_consent(command, uow=a_uow(engine), node=node, now=NOW)
            for command in commands
        )
    )

    [resident] = rows(engine, "residents")
    assert {row.subject for row in rows(engine, "consents")} == {resident.subject}


def test_no_attestation_slips_through_an_erasure(engine):
    node = home_node()
    give_consent(a_give_consent(), uow=a_uow(engine), node=node, now=NOW)
    commands = [an_issue_attestation(attestation_id=uuid4()) for _ in range(HANDS)]
    erase = EraseResident(erasure_id=ID, resident=RESIDENT)
    actions = [
        lambda command=command: issue_attestation(command, uow=a_uow(engine), node=node, now=NOW)
        for command in commands
    ]
    again = [lambda: erase_resident(erase, uow=a_uow(engine), node=node, now=NOW)] * 2
    actions[HANDS // 2 : HANDS // 2] = again

    outcomes = at_once(*actions)

    issued = rows(engine, "issuances")
    assert all(row.revoked_at for row in issued)
    assert rows(engine, "residents") == []
    [erasure] = rows(engine, "erasures")
    assert erasure.hosts == min(len(issued), 1)
    assert outcomes.count("consent_missing") + outcomes.count("consent_withdrawn") == HANDS - len(
        issued
    )
    assert len(announced(engine, "recognition.notice.ready.v1")) == erasure.hosts


def recognised(engine, credential):
    """Open a challenge; return the recognition that answers it."""
    node = host_node(make_secret=lambda: uuid4().hex)
    challenge = an_open_challenge(a_uow(engine), node)
    command = a_recognise_attestation(credential, challenge)
    return lambda: recognise_attestation(command, uow=a_uow(engine), node=node, now=NOW)


def received(engine, command):
    return lambda: receive_notice(command, uow=a_uow(engine), node=host_node(), now=NOW)


def test_a_challenge_is_spent_once_whoever_presents(engine):
    node = host_node()
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    command = a_recognise_attestation(credential, an_open_challenge(a_uow(engine), node))
    rivals = [
        RecogniseAttestation(
            recognition_id=uuid4(),
            challenge_id=command.challenge_id,
            presentation=command.presentation,
        )
        for _ in range(HANDS)
    ]

    outcomes = at_once(
        *(
            lambda rival=rival: recognise_attestation(rival, uow=a_uow(engine), node=node, now=NOW)
            for rival in rivals
        )
    )

    assert outcomes.count("challenge_used") == HANDS - 1
    assert len(announced(engine, "recognition.score.recognised.v1")) == 1


@pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_a_repeat_is_answered_whoever_holds_what_it_looks_at(engine):
    repeat = recognised(engine, an_issued_attestation(FakeUnitOfWork()).credential)
    first = repeat()

    with engine.begin() as holding:
        for name in ("challenges", "recognitions"):
            holding.execute(metadata.tables[name].select().with_for_update()).one()
        again = repeat()

    assert again == first


def test_no_attestation_slips_through_a_withdrawal(engine):
    node = home_node()
    give_consent(a_give_consent(), uow=a_uow(engine), node=node, now=NOW)
    commands = [an_issue_attestation(attestation_id=uuid4()) for _ in range(HANDS)]
    withdraw = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    actions = [
        lambda command=command: issue_attestation(command, uow=a_uow(engine), node=node, now=NOW)
        for command in commands
    ]
    actions.insert(
        HANDS // 2, lambda: withdraw_consent(withdraw, uow=a_uow(engine), node=node, now=NOW)
    )

    at_once(*actions)

    issuances = rows(engine, "issuances")
    assert all(row.revoked_at for row in issuances)
    assert told(engine)[ATTESTATION_REVOKED] == len(issuances)


def test_a_notice_pushed_many_times_at_once_is_taken_in_once(engine):
    command = a_receive_notice(a_revocation_notice())

    receipts = at_once(*[received(engine, command)] * HANDS)

    assert Counter(receipt.repeated for receipt in receipts) == {False: 1, True: HANDS - 1}
    assert len(rows(engine, "received_notices")) == 1


def test_status_entries_are_given_once_across_the_end_of_a_list(engine):
    size = 4

    def take():
        with a_uow(engine) as uow:
            entry = SqlStatusLists(uow.connection, size).take()
            uow.commit()
        return entry

    entries = at_once(*([take] * 3 * size))

    assert len(set(entries)) == 3 * size
    assert {number for number, _ in entries} == {0, 1, 2}


def test_each_line_is_reported_once_and_in_order_by_timers_that_come_round_at_once(
    engine, monkeypatch
):
    monkeypatch.setattr(usage, "AT_A_TIME", 3)
    grants = [uuid4() for _ in range(3 * HANDS)]
    for grant_id in grants:
        used(engine, grant_id)()

    at_once(*[reported(engine)] * HANDS)

    assert rows(engine, "unreported_lines") == []
    assert [line["grant_id"] for line in reported_lines(engine)] == list(map(str, grants))


def test_lines_that_are_kept_while_others_are_reported_are_reported_once(engine):
    grants = [uuid4() for _ in range(2 * HANDS)]
    actions = [used(engine, grant_id) for grant_id in grants]
    actions[HANDS:HANDS] = [reported(engine)] * HANDS

    at_once(*actions)
    reported(engine)()

    assert rows(engine, "unreported_lines") == []
    told = Counter(line["grant_id"] for line in reported_lines(engine))
    assert told == Counter(map(str, grants))


def test_an_event_that_is_handed_out_again_after_its_line_was_reported_is_not_a_line_again(engine):
    message = MessageContext(uuid4(), "scenarios.grant.redeemed.v1", consumer="recognition.events")
    event = a_redemption()
    for outcome in (None, AlreadyHandled):
        uow = make_unit_of_work(engine, utc_now, message, lambda: None)
        with pytest.raises(outcome) if outcome else nullcontext():
            usage.keep_usage(event, uow=uow, node=host_node())
        reported(engine)()

    assert len(reported_lines(engine)) == 1


def used(engine, grant_id):
    event = a_redemption(grant_id=grant_id)
    return lambda: usage.keep_usage(event, uow=a_uow(engine), node=host_node())


def reported(engine):
    return lambda: usage.report_usage(uow=a_uow(engine), node=host_node(), now=NOW)


def reported_lines(engine):
    """Return the lines of all notices, in the order in which the notices were announced."""
    ready = sorted(announced(engine, "recognition.notice.ready.v1"), key=lambda row: row.id)
    tokens = [wire.decode(json.loads(row.envelope)).body.token for row in ready]
    events = [jws.read(token, limit=jws.LARGE).payload["events"] for token in tokens]
    return [line for event in events for line in event[USAGE_LINES_REPORTED]["lines"]]


def test_of_corrections_that_are_applied_at_once_one_is_the_last(engine):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    records = [recognised(engine, credential)() for _ in range(HANDS)]
    receipt = received(engine, a_receive_notice(a_revocation_notice()))()
    events = [
        CorrectionApplied(
            notice_id=receipt.notice_id, recognition_id=record.recognition_id, applied_at=NOW
        )
        for record in records
    ]

    at_once(*(applied(engine, event) for event in events))

    assert rows(engine, "corrections") == []
    assert len(announced(engine, "recognition.notice.ready.v1")) == 1


def applied(engine, event):
    return lambda: on_correction_applied(event, uow=a_uow(engine), node=host_node(), now=NOW)


def test_of_effects_that_are_told_at_once_one_is_the_last(engine, monkeypatch):
    cause, causes = uuid4(), []
    monkeypatch.setattr(effects, "CONVERGED", (lambda cause, _heard: causes.append(cause),))
    notices = [uuid4() for _ in range(HANDS)]
    with a_uow(engine) as uow:
        for notice_id in notices:
            uow.effects.expect(notice_id, HANGZHOU, cause, NOW)
        uow.commit()

    at_once(*(told_applied(engine, notice_id) for notice_id in notices))

    assert causes == [cause]


def told_applied(engine, notice_id):
    token = a_notice(
        HOST_KEY,
        issuer=GATEWAY,
        recipient=HOME_GATEWAY,
        event=NOTICE_APPLIED,
        body=wire.dump(NoticeApplied(notice_id=notice_id, at=NOW)),
    )
    command = a_receive_notice(token, HANGZHOU)
    return lambda: receive_notice(command, uow=a_uow(engine), node=home_node(), now=NOW)


def test_a_recognition_follows_two_supersessions_that_come_at_once(engine):
    for _ in range(HANDS):
        first, second, third = (uuid4() for _ in range(3))
        credentials = {name: an_attestation_named(name) for name in (first, second, third)}
        recognised(engine, credentials[first])()

        at_once(
            received(engine, a_supersession(first, second, credentials)),
            received(engine, a_supersession(second, third, credentials)),
        )

        [standing] = [row for row in rows(engine, "recognitions") if row.attestation_id == third]
        assert standing.ended_at is None


def an_attestation_named(attestation_id):
    return an_issued_attestation(FakeUnitOfWork(), attestation_id=attestation_id).credential


def a_supersession(old, by, credentials):
    told = AttestationSuperseded(
        attestation_id=old, by=by, credential=credentials[by], reason="score_changed", at=NOW
    )
    return a_receive_notice(a_notice(event=ATTESTATION_SUPERSEDED, body=wire.dump(told)))
