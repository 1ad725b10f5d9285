"""Who is who, at home and at a host: one suite, for the fake and for SQL."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Conflict
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.recognition.adapters.sealing import new_key, seal, unseal
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.erasure import Erasure
from services.recognition.domain.footing import Supersession
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.status_list import Status
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.recognition import RESIDENT, STRANGER
from tests.fakes.recognition import FakeUnitOfWork
from tests.unit.recognition.test_storage import (
    a_consent,
    a_footing,
    a_recognition,
    an_issuance,
    kept,
    seen,
)

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
ONE, TWO, THREE = "1" * 43, "2" * 43, "3" * 43


@pytest.fixture(params=["fake", "sqlite"])
def uow(request, tmp_path):
    if request.param == "fake":
        yield FakeUnitOfWork()
        return
    yield from a_sqlite_uow(tmp_path)


@pytest.fixture
def sql(tmp_path):
    yield from a_sqlite_uow(tmp_path)


def a_sqlite_uow(directory):
    url = f"sqlite:///{directory}/recognition.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield make_unit_of_work(engine, utc_now, None, lambda: None)
    close_database(url)


def a_stored_issuance(uow, **overrides):
    consent = a_consent(resident=overrides.get("resident", RESIDENT))
    with uow:
        uow.consents.add(consent)
        number, index = uow.status_lists.take()
        issuance = an_issuance(consent, number, index, **overrides)
        uow.issuances.add(issuance)
        uow.commit()
    return consent, issuance


def named(uow, subs, new, now=NOW):
    return kept(uow, lambda uow: uow.holders.name(subs, new, now))


# --- at home -------------------------------------------------------------------------------


def test_what_belongs_to_an_erased_resident_is_not_found(uow):
    consent, issuance = a_stored_issuance(uow)

    assert kept(uow, lambda uow: uow.subjects.erase(RESIDENT)) is not None

    with uow:
        assert uow.consents.get(consent.id) is None
        assert uow.consents.of(RESIDENT) == []
        assert uow.consents.for_recipient(RESIDENT, HANGZHOU) == []
        assert uow.issuances.get(issuance.attestation_id) is None
        assert uow.issuances.standing_under(consent.id) == []
        assert uow.issuances.standing_for(RESIDENT, HANGZHOU, NOW) == []
        assert uow.issuances.standing_after(NOW, uuid4(), 10) == []


def test_nobody_else_is_erased_with_them(uow):
    consent, issuance = a_stored_issuance(uow, resident=STRANGER)

    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    with uow:
        assert vars(uow.consents.get(consent.id)) == vars(consent)
        assert vars(uow.issuances.get(issuance.attestation_id)) == vars(issuance)


def test_of_whom_nothing_is_stored_nothing_is_erased(uow):
    assert kept(uow, lambda uow: uow.subjects.erase(RESIDENT)) is None


def test_an_erased_attestation_stays_in_its_status_list(uow):
    _, issuance = a_stored_issuance(uow)
    issuance.revoked = Revoked("subject_erased", NOW)
    kept(uow, lambda uow: uow.issuances.save(issuance))

    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    assert seen(uow, lambda uow: uow.status_lists.not_valid(0)) == [
        (issuance.status_index, Status.INVALID)
    ]
    assert seen(uow, lambda uow: uow.status_lists.begun_at(0)) == issuance.issued_at


def test_an_erased_id_is_not_given_again(uow):
    consent, _ = a_stored_issuance(uow)
    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    with pytest.raises(Conflict, match="id_reused"), uow:
        uow.consents.add(a_consent(id=consent.id))


def test_who_comes_back_begins_anew(uow):
    old, _ = a_stored_issuance(uow)
    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    new, issuance = a_stored_issuance(uow)

    assert [each.id for each in seen(uow, lambda uow: uow.consents.of(RESIDENT))] == [new.id]
    assert seen(uow, lambda uow: uow.consents.get(old.id)) is None
    found = seen(uow, lambda uow: uow.issuances.get(issuance.attestation_id))
    assert vars(found) == vars(issuance)


def test_a_subject_leads_to_its_resident_until_they_are_erased(sql):
    with sql:
        subjects = SqlSubjects(sql.connection)
        one, other = subjects.id_of(RESIDENT), subjects.id_of(STRANGER)

        assert (subjects.id_of(RESIDENT), subjects.resident_of(one)) == (one, RESIDENT)
        assert one != other

        assert subjects.erase(RESIDENT) == one
        assert subjects.resident_of(one) is None
        assert subjects.id_of(RESIDENT) != one


def test_what_describes_a_resident_lies_under_their_key(sql):
    _, issuance = a_stored_issuance(sql, band="优秀", credential="eyJ.eyJ.sig~disclosed~")

    with sql:
        [row] = sql.connection.execute(metadata.tables["issuances"].select())

    stored = repr(row)
    for private in (RESIDENT, "优秀", issuance.credential, issuance.holder_key["x"]):
        assert private not in stored


def test_what_is_sealed_opens_only_with_its_key_and_in_its_place():
    key = new_key()
    sealed = seal({"band": "优秀"}, key, "here")

    assert unseal(sealed, key, "here") == {"band": "优秀"}
    for wrong_key, place in ((new_key(), "here"), (key, "there")):
        with pytest.raises(InvalidTag):
            unseal(sealed, wrong_key, place)


def test_everything_ever_attested_of_a_resident_is_found(uow):
    _, one = a_stored_issuance(uow, until=NOW)
    _, other = a_stored_issuance(uow)
    a_stored_issuance(uow, resident=STRANGER)
    one.revoked = Revoked("score_changed", NOW)
    kept(uow, lambda uow: uow.issuances.save(one))

    found = seen(uow, lambda uow: uow.issuances.ever_of(RESIDENT))

    expected = sorted((one, other), key=lambda each: each.attestation_id)
    assert [vars(each) for each in found] == [vars(each) for each in expected]


def test_whom_an_attestation_was_for_is_known_after_its_resident_was_erased(uow):
    _, issuance = a_stored_issuance(uow)
    kept(uow, lambda uow: uow.subjects.erase(RESIDENT))

    name, unknown = issuance.attestation_id, uuid4()
    found = seen(uow, lambda uow: uow.issuances.recipient_of(name))

    assert found == HANGZHOU
    assert seen(uow, lambda uow: uow.issuances.recipient_of(unknown)) is None
    assert seen(uow, lambda uow: set(uow.issuances.issued_to(HANGZHOU, {name, unknown}))) == {name}
    assert not seen(uow, lambda uow: uow.issuances.issued_to(FUZHOU, {name}))


def test_of_whom_something_is_stored_can_be_held(uow):
    a_stored_issuance(uow)

    assert seen(uow, lambda uow: uow.subjects.hold(RESIDENT))
    assert not seen(uow, lambda uow: uow.subjects.hold(STRANGER))


# --- at a host -----------------------------------------------------------------------------


def test_a_name_from_outside_stands_for_one_holder(uow):
    assert named(uow, [ONE], "first") == "first"
    assert named(uow, [ONE], "second") == "first"
    assert named(uow, [TWO], "other") == "other"


def test_a_new_name_with_a_former_one_is_the_holder_known_by_that(uow):
    named(uow, [ONE], "first")

    assert named(uow, [TWO, ONE], "second", NOW + DAY) == "first"
    assert named(uow, [TWO], "third", NOW + DAY) == "first"


def test_of_two_holders_that_are_one_person_the_older_stays(uow):
    named(uow, [ONE], "older")
    named(uow, [TWO, THREE], "newer", NOW + DAY)

    assert named(uow, [TWO, ONE], "unused", NOW + 2 * DAY) == "older"

    assert seen(uow, lambda uow: uow.holders.known([THREE])) == ["older"]


def test_who_is_forgotten_comes_back_as_somebody_new(uow):
    named(uow, [ONE, TWO], "first")

    kept(uow, lambda uow: uow.holders.forget("first", NOW))

    assert seen(uow, lambda uow: uow.holders.known([ONE, TWO])) == []
    assert named(uow, [TWO], "second") == "second"


def test_who_is_not_known_is_nobody(uow):
    named(uow, [ONE], "first")

    assert seen(uow, lambda uow: uow.holders.known([TWO])) == []


def test_whom_one_city_erased_is_to_be_forgotten_once_no_city_stands_by_them(uow):
    standing, over = a_recognition(holder="standing"), a_recognition(holder="over", until=NOW)
    for recognition, sub in ((standing, ONE), (over, TWO)):
        named(uow, [sub], recognition.holder)
        kept(uow, lambda uow, one=recognition: uow.recognitions.add(one))
        kept(uow, lambda uow, one=recognition: uow.holders.forget_later(one.holder, NOW))
    named(uow, [THREE], "not erased")

    assert seen(uow, lambda uow: uow.holders.to_forget(NOW, 10)) == ["over"]
    assert seen(uow, lambda uow: uow.holders.to_forget(standing.until, 10)) == ["over", "standing"]
    assert len(seen(uow, lambda uow: uow.holders.to_forget(standing.until, 1))) == 1


def test_all_recognitions_of_a_holder_are_found(uow):
    mine, other = a_recognition(), a_recognition(holder="other")
    mine.end("score_changed", NOW)
    for each in (mine, other):
        kept(uow, lambda uow, each=each: uow.recognitions.add(each))
    kept(uow, lambda uow: uow.recognitions.save(mine))

    [found] = seen(uow, lambda uow: uow.recognitions.of_holder(mine.holder))

    assert vars(found) == vars(mine)


def test_by_which_key_a_holder_proved_themselves_can_be_forgotten(uow):
    mine, other = a_recognition(holder_key="k" * 43), a_recognition(holder="o", holder_key="k" * 43)
    for each in (mine, other):
        kept(uow, lambda uow, each=each: uow.recognitions.add(each))

    kept(uow, lambda uow: uow.recognitions.forget_keys(mine.holder))

    keys = [
        seen(uow, lambda uow, e=e: uow.recognitions.get(e.id).holder_key) for e in (mine, other)
    ]
    assert keys == [None, "k" * 43]


def test_what_took_the_place_of_a_forgotten_holder_s_attestation_says_nothing_more(uow):
    footings = [a_footing(holder="mine"), a_footing(holder="other")]
    for footing in footings:
        told = Supersession(by=footing.attestation_id, at=NOW, footing=footing)
        kept(uow, lambda uow, told=told: uow.supersessions.add(FUZHOU, told.by, told))

    kept(uow, lambda uow: uow.supersessions.forget_keys("mine"))

    found = [
        seen(uow, lambda uow, f=f: uow.supersessions.get(FUZHOU, f.attestation_id).footing)
        for f in footings
    ]
    assert found == [None, footings[1]]


def test_an_erasure_converges_and_is_kept(uow):
    erasure = Erasure.of(uuid4(), uuid4(), 2, NOW)
    kept(uow, lambda uow: uow.erasures.add(erasure))
    assert erasure.converge(NOW + DAY)
    assert not erasure.converge(NOW + 2 * DAY)

    kept(uow, lambda uow: uow.erasures.save(erasure))

    assert vars(seen(uow, lambda uow: uow.erasures.get(erasure.id))) == vars(erasure)
    assert erasure.converged_at == NOW + DAY


@given(st.permutations([[ONE], [TWO], [THREE], [ONE, TWO], [TWO, THREE]]))
def test_in_whatever_order_names_meet_one_person_is_one_holder_in_the_end(presented):
    uow = FakeUnitOfWork()

    for day, subs in enumerate(presented):
        named(uow, subs, f"holder-{day}", NOW + day * DAY)

    assert len({named(uow, [sub], "unused") for sub in (ONE, TWO, THREE)}) == 1


@pytest.mark.parametrize("presented", [*permutations([(ONE,), (TWO,), (ONE, TWO)])])
def test_sql_and_fake_agree_on_who_is_who(sql, presented):
    fake = FakeUnitOfWork()

    names = [
        [named(uow, subs, f"holder-{day}", NOW + day * DAY) for day, subs in enumerate(presented)]
        for uow in (fake, sql)
    ]

    assert names[0] == names[1]
