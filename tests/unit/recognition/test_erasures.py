"""A resident is erased: at home at once, and at every host that was told of them."""

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest

from contracts import wire
from contracts.erasures import EraseResident, ErasureRecord, HolderErased, ShowErasure
from contracts.errors import Conflict, NotFound, Refused
from contracts.notices import NOTICE_APPLIED, SUBJECT_ERASED, NoticeApplied, SubjectErased
from contracts.recognition import ListConsents, NoticeReady, RecognitionEnded, ShowStatusList
from services.recognition.domain import jws
from services.recognition.domain.attestation import subject_of
from services.recognition.domain.status_list import Status
from services.recognition.handlers import erasures
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consent_records import list_consents
from services.recognition.handlers.consents import give_consent
from services.recognition.handlers.erasures import erase_again, erase_resident, show_erasure
from services.recognition.handlers.holders import forget_again, forget_erased
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.status_lists import show_status_list
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOME_GATEWAY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    ID,
    RESIDENT,
    STRANGER,
    a_give_consent,
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    a_score,
    a_usage_notice,
    a_usage_report,
    an_issue_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork
from tests.unit.recognition.test_consents import UnusableKey

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=2)
ERASURE = uuid4()
ZHENGZHOU, ZHENGZHOU_GATEWAY = "410100", "https://zhengzhou.example"


@pytest.fixture
def host():
    return FakeUnitOfWork()


def erased(uow, now=LATER, node=None, **overrides):
    command = EraseResident(**{"erasure_id": ERASURE, "resident": RESIDENT, **overrides})
    return erase_resident(command, uow=uow, node=node or home_node(), now=now)


def shown(uow, erasure_id=ERASURE):
    return show_erasure(ShowErasure(erasure_id=erasure_id), uow=uow)


def told(uow):
    """Read what the hosts are told, in order."""
    notices = [jws.read(each.token).payload for each in uow.announced_of(NoticeReady)]
    return [
        wire.load(SubjectErased, notice["events"][SUBJECT_ERASED])
        for notice in notices
        if SUBJECT_ERASED in notice["events"]
    ]


def recognised(host, credential, now=NOW, node=None):
    node = node or host_node(make_secret=lambda: uuid4().hex)
    command = a_recognise_attestation(credential, an_open_challenge(host, node, now), now)
    return recognise_attestation(command, uow=host, node=node, now=now)


def delivered(uow, host, now=LATER, node=None):
    """Let the host take in what home announced, as often as it is called."""
    for ready in uow.announced_of(NoticeReady):
        command = a_receive_notice(ready.token)
        receive_notice(command, uow=host, node=node or host_node(), now=now)


def an_erasure_notice(subjects, attestations=(), sender=FUZHOU):
    signer, issuer = {
        FUZHOU: (None, HOME_GATEWAY),
        ZHENGZHOU: (OTHER_KEY, ZHENGZHOU_GATEWAY),
    }[sender]
    body = SubjectErased(subjects=subjects, attestations=attestations, at=NOW)
    signed_by = {} if signer is None else {"signer": signer}
    token = a_notice(issuer=issuer, event=SUBJECT_ERASED, body=wire.dump(body), **signed_by)
    return a_receive_notice(token, sender)


def three_cities():
    zhengzhou = a_city(ZHENGZHOU, keys=[a_key(OTHER_KEY)], gateway=ZHENGZHOU_GATEWAY)
    return a_roster(*a_roster().cities.values(), zhengzhou)


# --- at home -------------------------------------------------------------------------------


def listed(uow):
    command = ListConsents(resident=RESIDENT)
    return list_consents(command, uow=uow, node=home_node(), now=LATER).consents


def test_everything_is_taken_back_and_each_host_is_told_once(uow):
    issued = an_issued_attestation(uow)
    again = an_issued_attestation(uow, attestation_id=uuid4())

    record = erased(uow)

    assert (record.hosts, record.acknowledged, record.converged_at) == (1, 0, None)
    assert told(uow) == [
        SubjectErased(
            subjects=(subject_of(issued.credential),),
            attestations=tuple(sorted((issued.attestation_id, again.attestation_id))),
            at=LATER,
        )
    ]


def test_a_host_is_told_also_of_what_is_over_or_was_taken_back_before(uow):
    issued = an_issued_attestation(uow)

    erased(uow, now=NOW + 40 * DAY)

    [notice] = told(uow)
    assert (notice.subjects, notice.attestations) == ((subject_of(issued.credential),), ())


def test_an_erased_attestation_is_taken_back_in_its_status_list(uow):
    an_issued_attestation(uow)

    erased(uow)

    with uow:
        assert [status for _, status in uow.status_lists.not_valid(0)] == [Status.INVALID]
        assert uow.status_lists.not_valid(0, at=NOW) == []


def test_nothing_of_an_erased_resident_is_shown_or_issued_any_more(uow):
    an_issued_attestation(uow)

    erased(uow)

    assert listed(uow) == ()
    with pytest.raises(Refused, match="consent_missing"):
        issue_attestation(an_issue_attestation(), uow=uow, node=home_node(), now=LATER)


def test_the_record_of_an_erasure_names_nobody(uow):
    an_issued_attestation(uow)

    erased(uow)

    kept = repr(vars(uow.state.erasures.rows[ERASURE]))
    assert RESIDENT not in kept
    assert set(ErasureRecord.__dataclass_fields__) == {
        "erasure_id",
        "erased_at",
        "hosts",
        "acknowledged",
        "converged_at",
    }


def test_erasing_twice_by_one_id_is_erasing_once(uow):
    an_issued_attestation(uow)
    first = erased(uow)

    assert erased(uow, now=LATER + DAY) == first
    assert len(told(uow)) == 1


def test_who_came_back_is_not_erased_by_a_repeat_of_the_old_erasure(uow):
    an_issued_attestation(uow)
    erased(uow)
    give_consent(a_give_consent(consent_id=uuid4()), uow=uow, node=home_node(), now=LATER)

    with pytest.raises(Conflict, match="id_reused"):
        erased(uow, now=LATER + DAY)

    assert len(listed(uow)) == 1


def test_by_the_id_of_somebody_elses_erasure_nobody_is_told_to_be_forgotten(uow):
    an_issued_attestation(uow)
    give_consent(
        a_give_consent(consent_id=uuid4(), resident=STRANGER), uow=uow, node=home_node(), now=NOW
    )
    erased(uow)

    with pytest.raises(Conflict, match="id_reused"):
        erased(uow, resident=STRANGER)


def test_of_whom_nobody_was_told_the_erasure_has_converged_at_once(uow):
    record = erased(uow)

    assert (record.hosts, record.acknowledged, record.converged_at) == (0, 0, LATER)


def test_nobody_else_is_erased(uow):
    node = home_node(scores=FakeScores({RESIDENT: a_score(), STRANGER: a_score()}))
    an_issued_attestation(uow, node)

    erased(uow, node=node, resident=STRANGER)

    assert told(uow) == []
    with uow:
        assert uow.issuances.get(ID).revoked is None


def test_a_key_out_of_use_does_not_stand_in_the_way(uow):
    an_issued_attestation(uow)
    without_key = home_node(signer=UnusableKey())

    record = erased(uow, node=without_key)

    assert (record.hosts, told(uow)) == (1, [])
    with uow:
        [kept] = uow.unsigned_notices.to(HANGZHOU, 10)
        assert kept.event == SUBJECT_ERASED


def test_very_many_attestations_are_taken_back_by_several_notices(uow, monkeypatch):
    monkeypatch.setattr(erasures, "IN_ONE_NOTICE", 2)
    for _ in range(5):
        an_issued_attestation(uow, attestation_id=uuid4())

    record = erased(uow)

    assert [len(notice.attestations) for notice in told(uow)] == [2, 2, 1]
    assert (record.hosts, record.acknowledged) == (1, 0)


def test_usage_of_an_erased_attestation_is_taken_in_all_the_same(uow):
    an_issued_attestation(uow)
    erased(uow)
    report = a_usage_report()

    receive_notice(
        a_receive_notice(a_usage_notice(report), HANGZHOU), uow=uow, node=home_node(), now=LATER
    )

    assert report in uow.announced


def test_who_is_back_out_of_a_backup_is_erased_again(uow):
    an_issued_attestation(uow)
    backup = deepcopy(uow.state)
    erased(uow)
    subject = uow.state.erasures.rows[ERASURE].subject
    uow.state = backup

    again = [erase_again(subject, ERASURE, uow=uow, node=home_node(), now=LATER) for _ in range(2)]

    assert again == [True, False]
    assert len(told(uow)) == 1
    assert (
        list_consents(
            ListConsents(resident=RESIDENT), uow=uow, node=home_node(), now=LATER
        ).consents
        == ()
    )


# --- at a host -----------------------------------------------------------------------------


def test_a_host_ends_what_rests_on_an_erased_person_and_forgets_who_it_was(uow, host):
    issued = an_issued_attestation(uow)
    record = recognised(host, issued.credential)

    erased(uow)
    delivered(uow, host)

    [ended] = host.announced_of(RecognitionEnded)
    assert (ended.recognition_id, ended.reason) == (record.recognition_id, "subject_erased")
    assert ended.notice_id is not None
    assert host.announced_of(HolderErased) == [HolderErased(holder=record.holder, erased_at=LATER)]
    with host:
        assert host.holders.known([subject_of(issued.credential)]) == []


def test_a_host_that_hears_of_an_erasure_again_does_nothing_more(uow, host):
    recognised(host, an_issued_attestation(uow).credential)
    erased(uow)
    delivered(uow, host)
    before = list(host.announced)

    delivered(uow, host)
    delivered(uow, host, now=LATER + 3 * DAY)

    assert host.announced == before


def test_an_erased_attestation_is_not_recognised_any_more(uow, host):
    issued = an_issued_attestation(uow)
    erased(uow)
    delivered(uow, host)

    with pytest.raises(Refused, match="status_invalid"):
        recognised(host, issued.credential, now=LATER)
    with host:
        assert host.holders.known([subject_of(issued.credential)]) == []


def test_who_comes_back_is_somebody_new_at_the_host(uow, host):
    before = recognised(host, an_issued_attestation(uow).credential)
    erased(uow)
    delivered(uow, host)
    give_consent(a_give_consent(consent_id=uuid4()), uow=uow, node=home_node(), now=LATER)
    new = issue_attestation(
        an_issue_attestation(attestation_id=uuid4()), uow=uow, node=home_node(), now=LATER
    )

    assert recognised(host, new.credential, now=LATER).holder != before.holder


def test_a_city_erases_nobody_of_whom_it_never_spoke(uow, host):
    issued = an_issued_attestation(uow)
    record = recognised(host, issued.credential)
    node = host_node(roster=three_cities)

    told = an_erasure_notice((subject_of(issued.credential),), (ID,), sender=ZHENGZHOU)
    receive_notice(told, uow=host, node=node, now=LATER)

    assert host.announced_of(RecognitionEnded) == []
    with host:
        assert host.holders.known([subject_of(issued.credential)]) == [record.holder]


def test_who_is_not_known_here_is_nobody_to_forget(host):
    receive_notice(an_erasure_notice(("n" * 43,)), uow=host, node=host_node(), now=LATER)

    assert host.announced_of(HolderErased) == []


def test_by_whom_another_city_stands_is_forgotten_when_that_is_over(uow, host):
    issued = an_issued_attestation(uow)
    record = recognised(host, issued.credential)
    with host:  # the same person by another home
        other = host.recognitions.get(record.recognition_id)
        other.id, other.attestation_id, other.home = uuid4(), uuid4(), ZHENGZHOU
        host.recognitions.add(other)
        host.commit()

    erased(uow)
    delivered(uow, host)
    forget_erased(uow=host, now=LATER)

    assert [each.home for each in host.announced_of(RecognitionEnded)] == [FUZHOU]
    assert host.announced_of(HolderErased) == []
    with host:
        assert host.holders.known([subject_of(issued.credential)]) == [record.holder]

    forget_erased(uow=host, now=other.until)

    assert [each.holder for each in host.announced_of(HolderErased)] == [record.holder]


def test_a_holder_who_is_back_out_of_a_backup_is_forgotten_again(uow, host):
    record = recognised(host, an_issued_attestation(uow).credential)

    again = [forget_again(record.holder, uow=host, now=LATER) for _ in range(2)]

    assert again == [True, False]
    [ended] = host.announced_of(RecognitionEnded)
    assert ended.reason == "subject_erased"
    assert [each.holder for each in host.announced_of(HolderErased)] == [record.holder]


# --- convergence ---------------------------------------------------------------------------


def acknowledged(uow, at):
    [effect] = uow_effects(uow)
    node = home_node()
    token = a_notice(
        HOST_KEY,
        issuer=GATEWAY,
        recipient=HOME_GATEWAY,
        event=NOTICE_APPLIED,
        body=wire.dump(NoticeApplied(notice_id=effect.notice_id, at=at)),
    )
    receive_notice(a_receive_notice(token, HANGZHOU), uow=uow, node=node, now=at)
    return node.measures.convergences


def uow_effects(uow):
    with uow:
        return uow.effects.of(ERASURE)


def test_an_erasure_has_converged_when_its_last_host_says_so(uow):
    an_issued_attestation(uow)
    erased(uow)
    assert shown(uow).acknowledged == 0

    measured = [acknowledged(uow, LATER + days * DAY) for days in (1, 2)]

    record = shown(uow)
    assert (record.hosts, record.acknowledged) == (1, 1)
    assert record.converged_at == LATER + DAY
    assert measured == [[("erasure", DAY)], []]


def test_an_erasure_that_nobody_asked_for_is_not_found(uow):
    with pytest.raises(NotFound):
        shown(uow, uuid4())


def test_the_status_list_of_before_is_the_same_after(uow):
    an_issued_attestation(uow)
    ask = ShowStatusList(list=0, at=NOW)
    before = show_status_list(ask, uow=uow, node=home_node(), now=LATER)

    erased(uow)

    assert show_status_list(ask, uow=uow, node=home_node(), now=LATER) == before


def test_a_name_given_up_for_an_older_one_is_forgotten_too(uow, host):
    credential = an_issued_attestation(uow).credential
    sub = subject_of(credential)
    with host:
        host.holders.name(["older-sub"], "older", NOW - DAY)
        host.commit()
    given_up = recognised(host, credential).holder
    with host:
        assert host.holders.name(["older-sub", sub], "new", NOW) == "older"
        host.commit()

    receive_notice(an_erasure_notice((sub,), (ID,)), uow=host, node=host_node(), now=LATER)

    assert [each.holder for each in host.announced_of(HolderErased)] == [given_up]
    with host:
        [recognition] = host.recognitions.of_holder(given_up)
    assert recognition.holder_key is None
