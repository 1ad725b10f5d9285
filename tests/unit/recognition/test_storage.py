"""What the handlers rely on of their storage: one suite, for the fake and for SQL."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from contracts.errors import Conflict
from contracts.recognition import NoticeReady
from contracts.words import Category, CityState
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.recognition.adapters.status_lists import SqlStatusLists
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.batch import Batch
from services.recognition.domain.challenge import Challenge
from services.recognition.domain.consent import Consent, Terms
from services.recognition.domain.consent_text import Snapshot, Wording
from services.recognition.domain.correction import Correction
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.document import AdoptedDocument, Document, DocumentVersion
from services.recognition.domain.effect import Effect
from services.recognition.domain.footing import Footing, Supersession
from services.recognition.domain.issuance import Issuance, Revoked, Suspension
from services.recognition.domain.membership import StateChange
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.recognition import Evidence, Recognition
from services.recognition.domain.standing import Standing
from services.recognition.domain.status_list import Status
from services.recognition.domain.usage import UnreportedLine
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOLDER_KEY,
    NOW,
    a_crosswalk,
    a_roster,
)
from tests.builders.crosswalks import an_override, published
from tests.builders.recognition import RESIDENT, STRANGER
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
LIST_SIZE = 4
REVOKED = Revoked("score_changed", NOW)


@pytest.fixture(params=["fake", "sqlite"])
def uow(request, tmp_path):
    if request.param == "fake":
        yield FakeUnitOfWork(LIST_SIZE)
        return
    url = f"sqlite:///{tmp_path}/recognition.db"
    engine = open_database(url)
    metadata.create_all(engine)
    uow = make_unit_of_work(engine, utc_now, None, lambda: None)
    open_repositories = uow.open

    def open_with_short_lists():
        open_repositories()
        uow.status_lists = SqlStatusLists(uow.connection, LIST_SIZE)

    uow.open = open_with_short_lists
    yield uow
    close_database(url)


def a_consent(**overrides):
    terms = {
        "resident": RESIDENT,
        "recipient": HANGZHOU,
        "purposes": ("sports", "transport"),
        "text_version": "2026-05",
        "until": NOW + DAY,
    }
    values = {"id": uuid4(), "given_at": NOW}
    terms |= {name: value for name, value in overrides.items() if name in terms}
    values |= {name: value for name, value in overrides.items() if name not in terms}
    return Consent(terms=Terms(**terms), **values)


def an_issuance(consent, number=0, index=0, **overrides):
    values = {
        "attestation_id": uuid4(),
        "consent_id": consent.id,
        "resident": RESIDENT,
        "recipient": HANGZHOU,
        "tier": 4,
        "band": "优秀",
        "holder_key": HOLDER_KEY.public_jwk,
        "credential": "a~b~",
        "status_list": number,
        "status_index": index,
        "issued_at": NOW,
        "until": NOW + DAY,
    }
    return Issuance(**{**values, **overrides})


def a_recognition(**overrides):
    values = {
        "id": uuid4(),
        "attestation_id": uuid4(),
        "holder": "H" * 43,
        "home": FUZHOU,
        "tier": 4,
        "purposes": ("transport", "sports"),
        "evidence": Evidence(
            presentation="p" * 64,
            attestation="a" * 43,
            kid="k" * 43,
            crosswalk=1,
            roster=7,
            status_as_of=NOW - timedelta(seconds=90),
        ),
        "recognised_at": NOW,
        "until": NOW + DAY,
    }
    return Recognition(**{**values, **overrides})


def kept(uow, change):
    """Do something in a transaction that commits."""
    with uow:
        done = change(uow)
        uow.commit()
    return done


def seen(uow, look):
    with uow:
        return look(uow)


def everything(entity):
    return None if entity is None else vars(entity)


def test_what_is_committed_is_there_as_it_was(uow):
    consent, recognition = a_consent(), a_recognition()
    challenge = Challenge.open(uuid4(), "nonce", NOW)

    kept(uow, lambda uow: uow.consents.add(consent))
    kept(uow, lambda uow: uow.recognitions.add(recognition))
    kept(uow, lambda uow: uow.challenges.begin(challenge))

    found = seen(uow, lambda uow: uow.consents.get(consent.id))
    assert everything(found) == everything(consent)
    found = seen(uow, lambda uow: uow.recognitions.get(recognition.id))
    assert everything(found) == everything(recognition)
    found = seen(uow, lambda uow: uow.challenges.get(challenge.id))
    assert everything(found) == everything(challenge)


def test_what_is_not_committed_never_was(uow):
    consent = a_consent()

    with uow:
        uow.consents.add(consent)
        uow.outbox.add(NoticeReady(notice_id=uuid4(), recipient=HANGZHOU, token="t"))

    assert seen(uow, lambda uow: uow.consents.get(consent.id)) is None


def test_what_fails_half_way_never_was(uow):
    consent = a_consent()

    def add_and_fail(uow):
        uow.consents.add(consent)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept(uow, add_and_fail)

    assert seen(uow, lambda uow: uow.consents.get(consent.id)) is None


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("consents", a_consent()),
        ("recognitions", a_recognition()),
    ],
)
def test_an_id_is_given_once(uow, name, entity):
    kept(uow, lambda uow: getattr(uow, name).add(entity))

    with pytest.raises(Conflict, match="id_reused"), uow:
        getattr(uow, name).add(entity)


def test_a_challenge_that_is_begun_twice_is_the_first(uow):
    first, second = (Challenge.open(UUID(int=1), nonce, NOW) for nonce in ("first", "second"))

    kept(uow, lambda uow: uow.challenges.begin(first))

    found = seen(uow, lambda uow: uow.challenges.begin(second))
    assert everything(found) == everything(first)


def test_a_withdrawal_is_saved(uow):
    consent = a_consent()
    kept(uow, lambda uow: uow.consents.add(consent))
    consent.withdraw(NOW + DAY)

    kept(uow, lambda uow: uow.consents.save(consent))

    found = seen(uow, lambda uow: uow.consents.get(consent.id))
    assert found.withdrawn_at == NOW + DAY


def test_consents_are_found_newest_first_by_resident_and_by_recipient(uow):
    old, new = a_consent(), a_consent(given_at=NOW + DAY)
    elsewhere = a_consent(recipient=FUZHOU, given_at=NOW + 2 * DAY)
    stranger = a_consent(resident=STRANGER)
    for consent in (old, new, elsewhere, stranger):
        kept(uow, lambda uow, consent=consent: uow.consents.add(consent))

    mine = seen(uow, lambda uow: uow.consents.of(RESIDENT))
    here = seen(uow, lambda uow: uow.consents.for_recipient(RESIDENT, HANGZHOU))

    assert [consent.id for consent in mine] == [elsewhere.id, new.id, old.id]
    assert [consent.id for consent in here] == [new.id, old.id]


def test_status_entries_are_all_given_once_then_the_next_list_starts(uow):
    entries = [kept(uow, lambda uow: uow.status_lists.take()) for _ in range(LIST_SIZE + 1)]

    assert sorted(entries[:LIST_SIZE]) == [(0, index) for index in range(LIST_SIZE)]
    assert entries[LIST_SIZE][0] == 1


def test_a_status_entry_that_was_not_committed_is_given_again(uow):
    with uow:
        lost = uow.status_lists.take()

    again = kept(uow, lambda uow: uow.status_lists.take())

    assert again[0] == lost[0]


def an_issued(uow):
    consent = a_consent()

    def change(uow):
        uow.consents.add(consent)
        issuance = an_issuance(consent, *uow.status_lists.take())
        uow.issuances.add(issuance)
        return issuance

    return kept(uow, change)


def test_an_issued_attestation_is_there_as_it_was(uow):
    issuance = an_issued(uow)

    found = seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id))

    assert everything(found) == everything(issuance)


def test_a_revoked_attestation_is_in_its_list_and_stands_no_more(uow):
    issuance = an_issued(uow)
    issuance.revoke("score_changed", NOW)

    kept(uow, lambda uow: uow.issuances.save(issuance))

    found = seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id))
    assert found.revoked == Revoked("score_changed", NOW)
    assert seen(uow, lambda uow: uow.status_lists.not_valid(0)) == [
        (issuance.status_index, Status.INVALID)
    ]
    assert seen(uow, lambda uow: uow.issuances.standing_under(issuance.consent_id)) == []


def test_a_list_knows_what_was_revoked_by_a_moment(uow):
    issuance = an_issued(uow)
    issuance.revoke("score_changed", NOW)
    kept(uow, lambda uow: uow.issuances.save(issuance))

    before = seen(uow, lambda uow: uow.status_lists.not_valid(0, NOW - timedelta(microseconds=1)))
    at_once = seen(uow, lambda uow: uow.status_lists.not_valid(0, NOW))

    assert (before, at_once) == ([], [(issuance.status_index, Status.INVALID)])
    assert seen(uow, lambda uow: uow.status_lists.not_valid(1, NOW)) is None


def not_valid(uow, at=None):
    return seen(uow, lambda uow: uow.status_lists.not_valid(0, at))


def test_a_suspended_attestation_is_in_its_list_and_still_stands(uow):
    issuance = an_issued(uow)
    issuance.suspend("key_in_doubt", NOW)

    kept(uow, lambda uow: uow.issuances.save(issuance))

    found = seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id))
    assert found.suspension == Suspension("key_in_doubt", NOW)
    assert not_valid(uow) == [(issuance.status_index, Status.SUSPENDED)]
    assert seen(uow, lambda uow: uow.issuances.standing_under(issuance.consent_id))


def test_a_list_knows_what_was_suspended_at_a_moment(uow):
    issuance = an_issued(uow)
    issuance.suspend("key_in_doubt", NOW)
    issuance.resume(NOW + DAY)
    first = issuance.suspension
    kept(uow, lambda uow: uow.status_lists.remember(0, issuance.status_index, first))
    issuance.suspend("city_decision", NOW + 2 * DAY)
    issuance.resume(NOW + 3 * DAY)
    issuance.revoke("score_changed", NOW + 4 * DAY)
    kept(uow, lambda uow: uow.issuances.save(issuance))

    said = [not_valid(uow, NOW + day * DAY) for day in range(-1, 5)]

    suspended, invalid = (
        [(issuance.status_index, status)] for status in (Status.SUSPENDED, Status.INVALID)
    )
    assert said == [[], suspended, [], suspended, [], invalid]
    assert not_valid(uow, NOW + DAY - timedelta(microseconds=1)) == suspended
    assert not_valid(uow) == invalid


def test_a_resumed_attestation_is_not_in_its_list(uow):
    issuance = an_issued(uow)
    issuance.suspend("key_in_doubt", NOW)
    issuance.resume(NOW + DAY)

    kept(uow, lambda uow: uow.issuances.save(issuance))

    assert not_valid(uow) == []


@pytest.mark.parametrize("at", [None, NOW])
def test_a_list_is_made_from_an_index_of_what_is_not_valid_alone(tmp_path, at):
    engine = open_database(f"sqlite:///{tmp_path}/recognition.db")
    metadata.create_all(engine)
    asked = []

    with engine.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        SqlStatusLists(connection).take()
        SqlStatusLists(connection).not_valid(0, at)
        [entries] = [each for each in asked if each[0].startswith("SELECT issuances")]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {entries[0]}", entries[1]).all()

    close_database(f"sqlite:///{tmp_path}/recognition.db")
    assert "USING COVERING INDEX issuances_not_valid" in plan[0].detail


def test_a_list_begins_with_its_first_attestation(uow):
    none = seen(uow, lambda uow: uow.status_lists.begun_at(0))
    kept(uow, lambda uow: uow.status_lists.take())
    a_few_issued(uow, {"issued_at": NOW + DAY}, {"issued_at": NOW})

    assert none is None
    assert seen(uow, lambda uow: uow.status_lists.begun_at(0)) == NOW
    assert seen(uow, lambda uow: uow.status_lists.begun_at(1)) is None


def test_a_standing_attestation_is_found_under_its_consent(uow):
    issuance = an_issued(uow)

    [found] = seen(uow, lambda uow: uow.issuances.standing_under(issuance.consent_id))

    assert found.attestation_id == issuance.attestation_id
    assert seen(uow, lambda uow: uow.status_lists.not_valid(0)) == []


def a_few_issued(uow, *differences):
    """Issue one attestation for each set of differences, and return them in that order."""
    consent = a_consent()
    kept(uow, lambda uow: uow.consents.add(consent))

    def add(uow, overrides):
        issuance = an_issuance(consent, *uow.status_lists.take(), **overrides)
        uow.issuances.add(issuance)
        return issuance

    return [kept(uow, lambda uow, each=each: add(uow, each)) for each in differences]


def test_standing_attestations_are_found_by_resident_and_city_until_they_are_over(uow):
    mine, *_ = a_few_issued(uow, {}, {"until": NOW}, {"recipient": FUZHOU}, {"resident": STRANGER})
    [taken_back] = a_few_issued(uow, {})
    taken_back.revoke("score_changed", NOW)
    kept(uow, lambda uow: uow.issuances.save(taken_back))

    found = seen(uow, lambda uow: uow.issuances.standing_for(RESIDENT, HANGZHOU, NOW))

    assert [each.attestation_id for each in found] == [mine.attestation_id]


def next_one(place, uow):
    return uow.issuances.standing_after(*place, 1)


def test_standing_attestations_are_walked_through_by_their_end_and_name(uow):
    ends = [NOW, NOW + 2 * DAY, NOW + DAY, NOW + DAY]
    over, last, *first = a_few_issued(uow, *({"until": end} for end in ends))
    first.sort(key=lambda each: each.attestation_id)
    place = (over.until, over.attestation_id)
    walked = []

    while some := seen(uow, partial(next_one, place)):
        walked += some
        place = (some[-1].until, some[-1].attestation_id)

    ids = [each.attestation_id for each in walked]
    assert ids == [each.attestation_id for each in (*first, last)]


def test_a_list_that_was_never_started_is_unknown(uow):
    assert seen(uow, lambda uow: uow.status_lists.not_valid(0)) is None


def test_a_used_challenge_stays_used(uow):
    challenge = Challenge.open(uuid4(), "nonce", NOW)
    kept(uow, lambda uow: uow.challenges.begin(challenge))
    challenge.use(NOW)

    assert kept(uow, lambda uow: uow.challenges.spend(challenge))

    assert seen(uow, lambda uow: uow.challenges.get(challenge.id)).used_at == NOW


def test_a_challenge_is_spent_once(uow):
    challenge = Challenge.open(uuid4(), "nonce", NOW)
    kept(uow, lambda uow: uow.challenges.begin(challenge))
    challenge.use(NOW)
    kept(uow, lambda uow: uow.challenges.spend(challenge))
    challenge.used_at = NOW + DAY

    assert not kept(uow, lambda uow: uow.challenges.spend(challenge))

    assert seen(uow, lambda uow: uow.challenges.get(challenge.id)).used_at == NOW


def test_only_challenges_that_ended_before_a_moment_are_forgotten(uow):
    old, new = (Challenge.open(uuid4(), "nonce", moment) for moment in (NOW, NOW + DAY))
    for challenge in (old, new):
        kept(uow, lambda uow, challenge=challenge: uow.challenges.begin(challenge))

    forgotten = kept(uow, lambda uow: uow.challenges.forget_before(new.until, 9))

    assert forgotten == 1
    assert seen(uow, lambda uow: uow.challenges.get(old.id)) is None
    assert seen(uow, lambda uow: uow.challenges.get(new.id)) is not None


def test_an_ended_recognition_stands_no_more(uow):
    recognition = a_recognition()
    kept(uow, lambda uow: uow.recognitions.add(recognition))
    where = (recognition.home, recognition.attestation_id)
    [standing] = seen(uow, lambda uow: uow.recognitions.standing_on(*where))
    standing.end("score_changed", NOW)

    kept(uow, lambda uow: uow.recognitions.save(standing))

    assert seen(uow, lambda uow: uow.recognitions.standing_on(*where)) == []
    found = seen(uow, lambda uow: uow.recognitions.get(recognition.id))
    assert (found.ended_at, found.ended_reason) == (NOW, "score_changed")


def test_a_suspended_recognition_stands_on_its_attestation_all_the_same(uow):
    recognition = a_recognition()
    kept(uow, lambda uow: uow.recognitions.add(recognition))
    recognition.suspend(NOW)

    kept(uow, lambda uow: uow.recognitions.save(recognition))

    where = (recognition.home, recognition.attestation_id)
    [found] = seen(uow, lambda uow: uow.recognitions.standing_on(*where))
    assert found.suspended_at == NOW


def test_recognitions_are_found_by_the_city_that_attested(uow):
    recognition = a_recognition()
    kept(uow, lambda uow: uow.recognitions.add(recognition))

    found = seen(
        uow, lambda uow: uow.recognitions.standing_on(HANGZHOU, recognition.attestation_id)
    )

    assert found == []


def signed_by(kid, **overrides):
    return a_recognition(evidence=replace(a_recognition().evidence, kid=kid), **overrides)


def test_the_keys_behind_standing_recognitions_are_known_once_each(uow):
    ended = signed_by("k4", ended_at=NOW, ended_reason="score_changed")
    for recognition in (
        *(signed_by("k1") for _ in range(3)),
        signed_by("k0", home=HANGZHOU),
        signed_by("k2"),
        ended,
    ):
        kept(uow, lambda uow, each=recognition: uow.recognitions.add(each))
    kept(uow, lambda uow: uow.recognitions.save(ended))

    signers = seen(uow, lambda uow: uow.recognitions.signers())

    assert signers == [(HANGZHOU, "k0"), (FUZHOU, "k1"), (FUZHOU, "k2")]


def test_standing_recognitions_are_found_by_city_and_key_until_they_are_over(uow):
    wanted = [signed_by("k1") for _ in range(2)]
    others = [signed_by("k1", until=NOW), signed_by("k2"), signed_by("k1", home=HANGZHOU)]
    for recognition in (*wanted, *others):
        kept(uow, lambda uow, each=recognition: uow.recognitions.add(each))

    found = seen(uow, lambda uow: uow.recognitions.standing_by(FUZHOU, "k1", NOW, 9))
    some = seen(uow, lambda uow: uow.recognitions.standing_by(FUZHOU, "k1", NOW, 1))

    assert {each.id for each in found} == {each.id for each in wanted}
    assert len(some) == 1


def test_the_first_revocation_by_a_city_stands_and_is_that_city_s_alone(uow):
    name = uuid4()
    assert kept(uow, lambda uow: uow.revocations.reason(FUZHOU, name, NOW)) is None

    for reason in ("score_changed", "city_decision"):
        revoked = Revoked(reason, NOW)
        kept(uow, lambda uow, revoked=revoked: uow.revocations.add(FUZHOU, name, revoked, NOW))

    assert seen(uow, lambda uow: uow.revocations.reason(FUZHOU, name, NOW)) == "score_changed"
    assert seen(uow, lambda uow: uow.revocations.reason(HANGZHOU, name, NOW)) is None


def test_the_last_word_of_a_city_is_kept_and_is_that_city_s_alone(uow):
    name = uuid4()
    assert kept(uow, lambda uow: uow.standings.get(FUZHOU, name, NOW)) is None

    for word in (Standing("key_in_doubt", NOW), Standing(None, NOW + DAY)):
        kept(uow, lambda uow, word=word: uow.standings.save(FUZHOU, name, word))
        assert seen(uow, lambda uow: uow.standings.get(FUZHOU, name, NOW)) == word

    assert seen(uow, lambda uow: uow.standings.get(HANGZHOU, name, NOW)) is None
    assert seen(uow, lambda uow: uow.revocations.reason(FUZHOU, name, NOW)) is None


def test_what_a_city_said_of_an_attestation_is_read_at_once(uow):
    name, word = uuid4(), Standing("key_in_doubt", NOW)
    distrust = Distrust(home=FUZHOU, kid="k", since=NOW)
    nothing = (None, None, None)
    assert kept(uow, lambda uow: uow.revocations.said(FUZHOU, name, "k", NOW)) == nothing

    kept(uow, lambda uow: uow.standings.save(FUZHOU, name, word))
    kept(uow, lambda uow: uow.revocations.add(FUZHOU, name, REVOKED, NOW))
    kept(uow, lambda uow: uow.distrusted_keys.add(distrust, NOW))

    said = seen(uow, lambda uow: uow.revocations.said(FUZHOU, name, "k", NOW))
    of_another = seen(uow, lambda uow: uow.revocations.said(FUZHOU, uuid4(), "k", NOW))
    by_another = seen(uow, lambda uow: uow.revocations.said(HANGZHOU, name, "k", NOW))
    assert said == ("score_changed", word, distrust)
    assert of_another == (None, None, distrust)
    assert by_another == nothing


def test_what_was_noted_of_foreign_attestations_is_forgotten_some_at_a_time(uow):
    names, new = [uuid4() for _ in range(3)], uuid4()
    for name in names:
        kept(uow, lambda uow, name=name: uow.revocations.add(FUZHOU, name, REVOKED, NOW))
    kept(uow, lambda uow: uow.revocations.add(FUZHOU, new, REVOKED, NOW + DAY))

    counts = [kept(uow, lambda uow: uow.revocations.forget_before(NOW + DAY, 2)) for _ in range(3)]

    assert counts == [2, 1, 0]
    assert seen(uow, lambda uow: uow.revocations.reason(FUZHOU, new, NOW)) == "score_changed"
    assert seen(uow, lambda uow: uow.revocations.reason(FUZHOU, names[0], NOW)) is None


def test_what_is_noted_of_a_foreign_attestation_is_as_old_as_the_first_word_of_it(uow):
    name = uuid4()
    kept(uow, lambda uow: uow.revocations.reason(FUZHOU, name, NOW))
    kept(uow, lambda uow: uow.revocations.add(FUZHOU, name, REVOKED, NOW + 2 * DAY))

    assert kept(uow, lambda uow: uow.revocations.forget_before(NOW + DAY, 9)) == 1


def test_notices_received_before_a_moment_are_forgotten_some_at_a_time(uow):
    names = [uuid4() for _ in range(3)]
    for name, at in zip(names, (NOW, NOW, NOW + DAY), strict=True):
        kept(uow, lambda uow, name=name, at=at: uow.received_notices.add(FUZHOU, name, at))

    counts = [
        kept(uow, lambda uow: uow.received_notices.forget_before(NOW + DAY, 1)) for _ in range(3)
    ]

    assert counts == [1, 1, 0]
    assert kept(uow, lambda uow: uow.received_notices.add(FUZHOU, names[2], NOW)) is False
    assert kept(uow, lambda uow: uow.received_notices.add(FUZHOU, names[0], NOW)) is True


def test_a_notice_is_new_once_per_sender(uow):
    name = uuid4()

    answers = [
        kept(uow, lambda uow, sender=sender: uow.received_notices.add(sender, name, NOW))
        for sender in (FUZHOU, FUZHOU, HANGZHOU)
    ]

    assert answers == [True, False, True]


def an_unsigned_notice(recipient=HANGZHOU, subject="s"):
    return UnsignedNotice(
        id=uuid4(), recipient=recipient, event="urn:event", body={"at": "now"}, subject=subject
    )


def test_unsigned_notices_are_kept_for_each_city_in_their_order(uow):
    first, second, other = (an_unsigned_notice(city) for city in (HANGZHOU, HANGZHOU, FUZHOU))
    for notice, at in ((first, NOW), (second, NOW), (other, NOW), (first, NOW + 2 * DAY)):
        kept(uow, lambda uow, notice=notice, at=at: uow.unsigned_notices.add(notice, at))

    assert seen(uow, lambda uow: uow.unsigned_notices.to(HANGZHOU, 9)) == [first, second]
    assert seen(uow, lambda uow: uow.unsigned_notices.to(HANGZHOU, 1)) == [first]
    assert seen(uow, lambda uow: uow.unsigned_notices.count()) == 3


def test_a_subject_has_notices_that_wait_for_each_city_apart(uow):
    kept(uow, lambda uow: uow.unsigned_notices.add(an_unsigned_notice(subject="a"), NOW))

    places = [(HANGZHOU, "a"), (HANGZHOU, "b"), (FUZHOU, "a")]
    found = seen(uow, lambda uow: [uow.unsigned_notices.has(*place) for place in places])

    assert found == [True, False, False]


def test_a_notice_that_was_signed_is_kept_no_more(uow):
    notice = an_unsigned_notice()
    kept(uow, lambda uow: uow.unsigned_notices.add(notice, NOW))

    kept(uow, lambda uow: uow.unsigned_notices.remove(notice.id))

    assert seen(uow, lambda uow: uow.unsigned_notices.to(HANGZHOU, 9)) == []


def an_unreported_line(home=HANGZHOU, **overrides):
    values = {"id": uuid4(), "home": home, "body": {"fact": "issued"}}
    return UnreportedLine(**{**values, **overrides})


def test_lines_are_taken_once_for_each_home_city_in_the_order_in_which_they_were_kept(uow):
    first, second, third = (an_unreported_line() for _ in range(3))
    other = an_unreported_line(FUZHOU)
    for line in (first, other, second, third):
        kept(uow, lambda uow, line=line: uow.unreported_lines.add(line))

    assert seen(uow, lambda uow: uow.unreported_lines.homes()) == [HANGZHOU, FUZHOU]
    assert kept(uow, lambda uow: uow.unreported_lines.take(HANGZHOU, 2)) == [first, second]
    assert kept(uow, lambda uow: uow.unreported_lines.take(HANGZHOU, 2)) == [third]
    assert seen(uow, lambda uow: uow.unreported_lines.homes()) == [FUZHOU]


def test_a_line_that_waits_is_kept_once_as_it_was_first(uow):
    line = an_unreported_line()
    for body in ({"fact": "issued"}, {"fact": "redeemed"}):
        again = replace(line, body=body)
        kept(uow, lambda uow, again=again: uow.unreported_lines.add(again))

    assert seen(uow, lambda uow: uow.unreported_lines.take(HANGZHOU, 9)) == [line]


def test_lines_that_were_taken_and_not_committed_wait_on(uow):
    line = an_unreported_line()
    kept(uow, lambda uow: uow.unreported_lines.add(line))

    for _ in range(2):
        assert seen(uow, lambda uow: uow.unreported_lines.take(HANGZHOU, 9)) == [line]


def a_document(version):
    return Document(a_roster(version=version, digest=f"digest {version}"), f"text {version}", NOW)


@pytest.mark.parametrize("name", ["adopted_rosters", "adopted_pseudonym_keys"])
def test_a_document_is_adopted_when_it_is_newer_than_all_before(uow, name):
    answers = [
        kept(uow, lambda uow, number=number: getattr(uow, name).adopt(a_document(number), NOW))
        for number in (7, 7, 9, 8)
    ]

    assert answers == [True, False, True, False]
    assert seen(uow, lambda uow: getattr(uow, name).newest()) == AdoptedDocument(
        version=DocumentVersion(9, "digest 9"), text="text 9", at=NOW
    )


def test_the_text_of_a_version_that_was_kept_without_is_kept_when_it_is_there(uow):
    kept(uow, lambda uow: uow.adopted_rosters.adopt(replace(a_document(7), text=None), NOW))

    kept(uow, lambda uow: uow.adopted_rosters.adopt(a_document(7), NOW + DAY))

    assert seen(uow, lambda uow: uow.adopted_rosters.newest()).text == "text 7"


def a_change(**overrides):
    values = {
        "city": FUZHOU,
        "name": "福州",
        "name_en": "Fuzhou",
        "former": None,
        "state": CityState.TESTING,
        "reason": "",
        "roster": 1,
        "changed_at": NOW,
    }
    return StateChange(**{**values, **overrides})


def test_the_last_change_of_each_city_says_where_it_stands_now_and_stood_then(uow):
    testing = a_change()
    online = a_change(former="testing", state=CityState.ONLINE, roster=2, changed_at=NOW + DAY)
    hangzhou = a_change(city=HANGZHOU, changed_at=NOW + 2 * DAY, roster=3)
    for change in (testing, online, hangzhou):
        assert kept(uow, lambda uow, change=change: uow.memberships.add(change))

    assert seen(uow, lambda uow: uow.memberships.states()) == {FUZHOU: online, HANGZHOU: hangzhou}
    assert seen(uow, lambda uow: uow.memberships.at(NOW + DAY / 2)) == [testing]
    assert seen(uow, lambda uow: uow.memberships.at(NOW + DAY)) == [online]
    assert seen(uow, lambda uow: uow.memberships.at(NOW - DAY)) == []


def test_a_change_is_noted_once(uow):
    kept(uow, lambda uow: uow.memberships.add(a_change()))

    assert not kept(uow, lambda uow: uow.memberships.add(a_change(reason="other")))
    assert seen(uow, lambda uow: uow.memberships.states())[FUZHOU].reason == ""


def test_effects_are_known_by_their_cause_in_the_order_they_were_asked_for(uow):
    cause, first, second = uuid4(), uuid4(), uuid4()
    for notice_id, at in ((second, NOW + DAY), (first, NOW), (first, NOW + 2 * DAY)):
        asked = (notice_id, HANGZHOU, cause, at)
        kept(uow, lambda uow, asked=asked: uow.effects.expect(*asked))
    kept(uow, lambda uow: uow.effects.expect(uuid4(), HANGZHOU, uuid4(), NOW))

    found = seen(uow, lambda uow: uow.effects.of(cause))

    assert [effect.notice_id for effect in found] == [first, second]
    assert found[0] == Effect(notice_id=first, recipient=HANGZHOU, cause=cause, asked_at=NOW)
    assert seen(uow, lambda uow: uow.effects.cause_of(first, HANGZHOU)) == cause


def test_an_effect_is_applied_once_by_the_city_that_was_asked(uow):
    cause, notice_id = uuid4(), uuid4()
    kept(uow, lambda uow: uow.effects.expect(notice_id, HANGZHOU, cause, NOW))

    answers = [
        kept(uow, lambda uow, city=city, at=at: uow.effects.applied(notice_id, city, at))
        for city, at in ((FUZHOU, NOW), (HANGZHOU, NOW + DAY), (HANGZHOU, NOW + 2 * DAY))
    ]

    assert answers == [False, True, False]
    [effect] = seen(uow, lambda uow: uow.effects.of(cause))
    assert effect.applied_at == NOW + DAY
    assert seen(uow, lambda uow: uow.effects.cause_of(notice_id, FUZHOU)) is None


def test_a_notice_that_was_its_own_cause_is_of_another_when_that_is_named(uow):
    notice_id, cause = uuid4(), uuid4()
    for named in (notice_id, cause, uuid4()):
        asked = (notice_id, HANGZHOU, named, NOW)
        kept(uow, lambda uow, asked=asked: uow.effects.expect(*asked))

    assert seen(uow, lambda uow: uow.effects.cause_of(notice_id, HANGZHOU)) == cause


def test_an_effect_that_nobody_asked_for_is_not_applied(uow):
    assert kept(uow, lambda uow: uow.effects.applied(uuid4(), HANGZHOU, NOW)) is False


def test_effects_asked_for_before_a_moment_are_forgotten_some_at_a_time(uow):
    cause = uuid4()
    for at in (NOW, NOW, NOW + DAY):
        kept(uow, lambda uow, at=at: uow.effects.expect(uuid4(), HANGZHOU, cause, at))

    counts = [kept(uow, lambda uow: uow.effects.forget_before(NOW + DAY, 1)) for _ in range(3)]

    assert counts == [1, 1, 0]
    assert len(seen(uow, lambda uow: uow.effects.of(cause))) == 1


def a_correction(**overrides):
    values = {"notice_id": uuid4(), "sender": FUZHOU, "recognition_id": uuid4(), "heard_at": NOW}
    return Correction(**{**values, **overrides})


def test_a_correction_is_taken_once_and_the_notice_waits_for_the_others(uow):
    first = a_correction()
    second = a_correction(notice_id=first.notice_id)
    for each in (first, first, second):
        kept(uow, lambda uow, each=each: uow.corrections.add(each))
    name = (first.notice_id, first.recognition_id)

    taken = [kept(uow, lambda uow: uow.corrections.take(*name)) for _ in range(2)]

    assert taken == [first, None]
    assert seen(uow, lambda uow: uow.corrections.waits_for(FUZHOU, first.notice_id))
    kept(uow, lambda uow: uow.corrections.take(second.notice_id, second.recognition_id))
    assert not seen(uow, lambda uow: uow.corrections.waits_for(FUZHOU, first.notice_id))


def test_corrections_heard_of_before_a_moment_are_forgotten(uow):
    old, new = a_correction(), a_correction(heard_at=NOW + DAY)
    for each in (old, new):
        kept(uow, lambda uow, each=each: uow.corrections.add(each))

    assert kept(uow, lambda uow: uow.corrections.forget_before(NOW + DAY, 9)) == 1
    assert seen(uow, lambda uow: uow.corrections.waits_for(FUZHOU, new.notice_id))


def a_footing(**overrides):
    values = {
        "attestation_id": uuid4(),
        "holder": "H" * 43,
        "holder_key": "K" * 43,
        "tier": 2,
        "purposes": ("transport",),
        "attestation": "b" * 43,
        "kid": "k" * 43,
        "crosswalk": 2,
        "roster": 8,
        "status_as_of": NOW - timedelta(seconds=5),
        "until": NOW + 2 * DAY,
        "since": NOW,
        "tiers": {Category.SPORTS: 5},
        "overrides": ("350100-330100-sports@1",),
    }
    return Footing(**{**values, **overrides})


@pytest.mark.parametrize("footing", [a_footing(), None])
def test_the_first_supersession_of_an_attestation_is_remembered_under_its_city(uow, footing):
    name = uuid4()
    first = Supersession(by=footing.attestation_id if footing else uuid4(), at=NOW, footing=footing)
    other = Supersession(by=uuid4(), at=NOW, footing=None)
    for told in (first, other):
        kept(uow, lambda uow, told=told: uow.supersessions.add(FUZHOU, name, told))

    assert seen(uow, lambda uow: uow.supersessions.get(FUZHOU, name)) == first
    assert seen(uow, lambda uow: uow.supersessions.get(HANGZHOU, name)) is None
    assert kept(uow, lambda uow: uow.supersessions.forget_before(NOW + DAY, 9)) == 1


def test_what_a_recognition_rests_on_is_saved(uow):
    recognition = a_recognition()
    kept(uow, lambda uow: uow.recognitions.add(recognition))
    recognition.rest_on(a_footing())

    kept(uow, lambda uow: uow.recognitions.save(recognition))

    found = seen(uow, lambda uow: uow.recognitions.get(recognition.id))
    assert everything(found) == everything(recognition)


def test_of_several_moments_since_when_a_key_is_distrusted_the_earliest_stands(uow):
    notices = {since: uuid4() for since in (NOW, NOW - DAY, NOW + DAY)}
    for since, notice_id in notices.items():
        distrust = Distrust(home=FUZHOU, kid="k", since=since, notice_id=notice_id)
        kept(uow, lambda uow, distrust=distrust: uow.distrusted_keys.add(distrust, NOW))
    other = Distrust(home=HANGZHOU, kid="k", since=NOW)
    kept(uow, lambda uow: uow.distrusted_keys.add(other, NOW))

    earliest = Distrust(home=FUZHOU, kid="k", since=NOW - DAY, notice_id=notices[NOW - DAY])
    assert seen(uow, lambda uow: uow.distrusted_keys.get(FUZHOU, "k")) == earliest
    assert seen(uow, lambda uow: uow.distrusted_keys.get(FUZHOU, "other")) is None
    assert seen(uow, lambda uow: uow.distrusted_keys.every()) == [other, earliest]


def test_recognitions_under_a_distrusted_key_are_found_by_when_it_signed(uow):
    moments = {"before": NOW - DAY, "since": NOW, "unknown": None}
    for attested_at in moments.values():
        found = a_recognition()
        found.evidence = replace(found.evidence, kid="k", attested_at=attested_at)
        kept(uow, lambda uow, found=found: uow.recognitions.add(found))

    def under(since, limit=9):
        distrust = Distrust(home=FUZHOU, kid="k", since=since)
        found = seen(uow, lambda uow: uow.recognitions.standing_under(distrust, NOW, limit))
        return {each.evidence.attested_at for each in found}

    assert under(NOW) == {NOW, None}
    assert under(NOW + DAY) == set()
    assert len(under(NOW - 2 * DAY, limit=1)) == 1


def test_a_crosswalk_is_kept_once_and_for_ever(uow):
    first, second = published(CROSSWALK), published(a_crosswalk(version=2))
    overriding = published(an_override(effective_until=NOW + DAY))

    with uow:
        added = [uow.crosswalks.add(each, NOW) for each in (second, first, overriding, first)]
        uow.commit()

    with uow:
        assert added == [True, True, True, False]
        assert uow.crosswalks.all() == [overriding, first, second]
        assert uow.crosswalks.versions("alliance") == [first, second]
        assert uow.crosswalks.versions("none") == []
        assert uow.crosswalks.digests() == {
            (each.name, each.version): each.digest for each in (overriding, first, second)
        }


def test_a_crosswalk_never_changes(uow):
    other = published(a_crosswalk(effective_until=NOW))
    with uow:
        uow.crosswalks.add(published(CROSSWALK), NOW)
        uow.commit()

    with uow, pytest.raises(Conflict, match="id_reused"):
        uow.crosswalks.add(other, NOW)


def test_an_offer_is_kept_until_it_was_followed_up_or_is_old(uow):
    def offer(version, **overrides):
        values = {"sender": FUZHOU, "name": "alliance", "version": version, "digest": "d"}
        return CrosswalkOffer(**{**values, **overrides})

    with uow:
        uow.crosswalk_offers.add(offer(2), NOW)
        uow.crosswalk_offers.add(offer(1), NOW - DAY)
        uow.crosswalk_offers.add(offer(2, digest="e"), NOW + DAY)
        uow.crosswalk_offers.add(offer(3), NOW - 2 * DAY)
        uow.commit()

    with uow:
        assert uow.crosswalk_offers.pending(2) == [offer(3), offer(1)]
        assert uow.crosswalk_offers.forget_before(NOW - DAY, 9) == 1
        uow.crosswalk_offers.remove(offer(1))
        assert uow.crosswalk_offers.pending(9) == [offer(2, digest="e")]


def test_a_city_with_many_offers_keeps_no_other_waiting(uow):
    def offer(sender, version):
        return CrosswalkOffer(sender=sender, name="alliance", version=version, digest="d")

    with uow:
        for version in range(1, 6):
            uow.crosswalk_offers.add(offer(FUZHOU, version), NOW - DAY * (9 - version))
        uow.crosswalk_offers.add(offer(HANGZHOU, 1), NOW)
        uow.commit()

    with uow:
        pending = uow.crosswalk_offers.pending(3)

    assert pending == [offer(FUZHOU, 1), offer(HANGZHOU, 1), offer(FUZHOU, 2)]


def test_a_recognition_keeps_what_both_cities_agreed_on(uow):
    evidence = replace(a_recognition().evidence, overrides=("350100-330100-sports@1",))
    kept = a_recognition(evidence=evidence, tiers={Category.SPORTS: 5})

    with uow:
        uow.recognitions.add(kept)
        uow.commit()

    with uow:
        read = uow.recognitions.get(kept.id)
    assert (read.tiers, read.evidence) == (kept.tiers, kept.evidence)


def a_batch(**overrides):
    values = {"sender": FUZHOU, "id": uuid4(), "total": 3, "digest": "d" * 64}
    return Batch(**{**values, **overrides})


def test_a_batch_is_stored_once_under_its_sender(uow):
    batch = a_batch()
    kept(uow, lambda uow: uow.batches.add(batch, NOW))

    with pytest.raises(Conflict, match="id_reused"):
        kept(uow, lambda uow: uow.batches.add(batch, NOW))

    assert everything(seen(uow, lambda uow: uow.batches.get(FUZHOU, batch.id))) | {
        "opened_at": NOW
    } == vars(batch) | {"opened_at": NOW}
    assert seen(uow, lambda uow: uow.batches.get(HANGZHOU, batch.id)) is None


def test_lines_of_a_batch_keep_their_verdicts_in_order(uow):
    batch, recognition_id = a_batch(), uuid4()
    kept(uow, lambda uow: uow.batches.add(batch, NOW))
    batch.take("taken", recognition_id, digest="1" * 64)
    batch.take("expired", None, digest="2" * 64)

    kept(uow, lambda uow: uow.batches.save(batch, NOW))

    stored = seen(uow, lambda uow: uow.batches.get(FUZHOU, batch.id))
    found = seen(uow, lambda uow: uow.batches.verdicts(FUZHOU, batch.id, 0, 9))
    assert (stored.received, stored.taken, stored.refused) == (2, 1, 1)
    assert (stored.so_far, stored.verdicts) == ("2" * 64, [])
    assert found == batch.verdicts
    assert seen(uow, lambda uow: uow.batches.verdicts(FUZHOU, batch.id, 1, 9)) == found[1:]
    assert seen(uow, lambda uow: uow.batches.verdicts(FUZHOU, batch.id, 0, 1)) == found[:1]
    assert seen(uow, lambda uow: uow.batches.verdicts(HANGZHOU, batch.id, 0, 9)) == []


def test_old_lines_are_forgotten_before_their_batch(uow):
    batch = a_batch()
    kept(uow, lambda uow: uow.batches.add(batch, NOW))
    batch.take("taken", None, digest="1" * 64)
    kept(uow, lambda uow: uow.batches.save(batch, NOW))

    dropped = [
        kept(uow, lambda uow, moment=moment: uow.batches.forget_before(moment, 9))
        for moment in (NOW, NOW + DAY, NOW + DAY, NOW + DAY)
    ]

    assert dropped == [0, 1, 1, 0]


def test_attestations_to_a_city_that_stand_are_found_page_by_page(uow):
    consent = a_consent()
    revoked = an_issuance(consent, index=1, revoked=REVOKED)
    over = an_issuance(consent, index=2, until=NOW)
    elsewhere = an_issuance(consent, index=3, recipient=FUZHOU)
    suspended = an_issuance(consent, index=4, suspension=Suspension("disputed", NOW))
    resumed = an_issuance(consent, index=5, suspension=Suspension("disputed", NOW, NOW + DAY))
    standing = sorted(
        [resumed, an_issuance(consent, index=6)], key=lambda each: each.attestation_id
    )

    def fill(uow):
        uow.consents.add(consent)
        uow.status_lists.take()
        for issuance in (revoked, over, elsewhere, suspended, *standing):
            uow.issuances.add(issuance)
            uow.issuances.save(issuance)

    kept(uow, fill)

    def names(after, limit):
        found = seen(uow, lambda uow: uow.issuances.standing_to(HANGZHOU, NOW, after, limit))
        return [each.attestation_id for each in found]

    first, second = (each.attestation_id for each in standing)
    assert names(UUID(int=0), 9) == [first, second]
    assert names(UUID(int=0), 1) == [first]
    assert names(first, 9) == [second]


def test_a_text_that_was_consented_to_is_there_to_the_letter_once(uow):
    snapshot = Snapshot(version="2026-05", wording=Wording("同意\n一、", "I consent\n1."))

    for _ in range(2):
        kept(uow, lambda uow: uow.snapshots.add(snapshot, NOW + DAY))

    assert seen(uow, lambda uow: uow.snapshots.get(snapshot.digest)) == snapshot
    assert seen(uow, lambda uow: uow.snapshots.get("0" * 64)) is None


def test_a_consent_keeps_its_text_and_its_assessment(uow):
    consent = a_consent(text_digest="d" * 64, impact_assessment="PIA-1")

    kept(uow, lambda uow: uow.consents.add(consent))

    found = seen(uow, lambda uow: uow.consents.get(consent.id))
    assert everything(found) == everything(consent)


def test_a_consent_is_found_with_the_others_of_its_resident_for_its_city(uow):
    consent, newer = a_consent(), a_consent(given_at=NOW + DAY)
    others = [a_consent(recipient=FUZHOU), a_consent(resident=STRANGER)]
    for each in (consent, newer, *others):
        kept(uow, lambda uow, each=each: uow.consents.add(each))

    found = seen(uow, lambda uow: uow.consents.beside(consent.id))

    assert [each.id for each in found] == [newer.id, consent.id]
    assert seen(uow, lambda uow: uow.consents.beside(uuid4())) == []


def test_consents_follow_one_another_also_those_of_the_same_moment(uow):
    consents = [a_consent(given_at=NOW + n // 2 * DAY) for n in range(5)]
    for each in consents:
        kept(uow, lambda uow, each=each: uow.consents.add(each))
    everyone = seen(uow, lambda uow: uow.consents.of(RESIDENT))

    for n, each in enumerate(everyone):
        after = seen(uow, lambda uow, each=each: uow.consents.of(RESIDENT, each, 2))
        assert [c.id for c in after] == [c.id for c in everyone[n + 1 : n + 3]]


def test_attestations_under_a_consent_follow_one_another_newest_first(uow):
    consent = a_consent()
    kept(uow, lambda uow: uow.consents.add(consent))
    for n in range(4):
        kept(uow, lambda uow, n=n: add_issuance(uow, consent, issued_at=NOW + n // 2 * DAY))
    everyone = seen(uow, lambda uow: uow.issuances.under(consent.id, None, 9))

    moments = [each.issued_at for each in everyone]
    assert moments == sorted(moments, reverse=True)
    for n, each in enumerate(everyone):
        after = seen(uow, lambda uow, each=each: uow.issuances.under(consent.id, each, 2))
        found = [issuance.attestation_id for issuance in after]
        assert found == [issuance.attestation_id for issuance in everyone[n + 1 : n + 3]]


def test_attestations_are_found_by_the_text_that_was_consented_to(uow):
    old, new = a_consent(), a_consent(text_version="2026-06")
    for each in (old, new):
        kept(uow, lambda uow, each=each: uow.consents.add(each))
    standing = kept(uow, lambda uow: add_issuance(uow, old))
    for consent, values in (
        (old, {"until": NOW}),
        (new, {}),
    ):
        kept(uow, lambda uow, c=consent, v=values: add_issuance(uow, c, **v))
    taken_back = kept(uow, lambda uow: add_issuance(uow, old))
    taken_back.revoke("score_changed", NOW)
    kept(uow, lambda uow: uow.issuances.save(taken_back))

    found = seen(uow, lambda uow: uow.issuances.standing_by_text(["2026-05", "x"], NOW, 9))

    assert [each.attestation_id for each in found] == [standing.attestation_id]


def add_issuance(uow, consent, **overrides):
    issuance = an_issuance(consent, *uow.status_lists.take(), **overrides)
    uow.issuances.add(issuance)
    return issuance


def test_the_latest_withdrawal_of_a_holder_stands(uow):
    for at in (NOW, NOW + DAY, NOW - DAY):
        kept(uow, lambda uow, at=at: uow.withdrawals.add(FUZHOU, "sub", at, NOW))

    assert seen(uow, lambda uow: uow.withdrawals.at(FUZHOU, "sub", NOW)) == NOW + DAY
    assert seen(uow, lambda uow: uow.withdrawals.at(FUZHOU, "other", NOW)) is None
    assert seen(uow, lambda uow: uow.withdrawals.at(HANGZHOU, "sub", NOW)) is None


def test_withdrawals_are_forgotten_by_when_they_were_noted(uow):
    kept(uow, lambda uow: uow.withdrawals.at(FUZHOU, "seen long ago", NOW - 2 * DAY))
    kept(uow, lambda uow: uow.withdrawals.at(FUZHOU, "withdrew", NOW - 2 * DAY))
    kept(uow, lambda uow: uow.withdrawals.add(FUZHOU, "withdrew", NOW - 2 * DAY, NOW))

    assert kept(uow, lambda uow: uow.withdrawals.forget_before(NOW - DAY, 9)) == 1
    assert seen(uow, lambda uow: uow.withdrawals.at(FUZHOU, "withdrew", NOW)) == NOW - 2 * DAY
