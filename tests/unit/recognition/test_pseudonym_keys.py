"""Pseudonym keys: sealed to who issues, never to their host; a person is one holder all along."""

import secrets
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed, Refused, Unauthenticated
from contracts.pseudonyms import holder_of
from contracts.recognition import ScoreRecognised
from services.cli.roster.book import LEAST_OVERLAP, Book
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.encryption import EncryptionKey, seal
from services.recognition.adapters.holder_keys import SealedHolderKeys
from services.recognition.adapters.pseudonym_file import (
    TYPE,
    load_pseudonym_keys,
    sign_pseudonym_keys,
)
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws
from services.recognition.domain.pseudonym_keys import PseudonymKeys, SealedKey
from services.recognition.domain.roster import KeyUse
from services.recognition.handlers.recognitions import recognise_attestation
from services.scenarios.handlers.recognitions import on_score_recognised
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    YEAR,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    CIVIL_ID,
    RESIDENT,
    a_recognise_attestation,
    a_score,
    an_issued_attestation,
    an_open_challenge,
    holder_keys,
    home_node,
    host_node,
)
from tests.builders.scenarios import a_catalogue, a_month, issue, publish
from tests.fakes.recognition import FakeScores, FakeUnitOfWork
from tests.fakes.scenarios import FakeUnitOfWork as FakeScenarios

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
ZHENGZHOU = "410100"
CITIES = (FUZHOU, HANGZHOU, ZHENGZHOU)
KEYS = {city: EncryptionKey.generate() for city in CITIES}


def a_city_that_issues(code, *others):
    listed = [
        a_key(key, kid=key.kid, jwk=key.public_jwk, use=KeyUse.ENCRYPTION)
        for key in (KEYS[code], *others)
    ]
    return a_city(code, keys=listed, gateway=f"https://{code}.example")


ROSTER = a_roster(*map(a_city_that_issues, CITIES))


def a_book(*hosts):
    book = Book()
    for host in hosts or CITIES:
        book = book.with_key(host, use_from=NOW - YEAR)
    return book


def keys_of(city, document, tmp_path):
    """Open a document as one city's node does."""
    file = tmp_path / f"{city}.jwk"
    if not file.exists():
        KEYS[city].save(file)
    return SealedHolderKeys(city, file, lambda: document)


# --- who can read a key ---------------------------------------------------------------------


def test_every_issuing_city_has_the_same_key_for_a_host(tmp_path):
    document = a_book().seal(ROSTER, version=1, now=NOW)

    [fuzhou] = keys_of(FUZHOU, document, tmp_path)(HANGZHOU, NOW)
    [zhengzhou] = keys_of(ZHENGZHOU, document, tmp_path)(HANGZHOU, NOW)

    assert fuzhou == zhengzhou
    assert len(fuzhou) == 32


def test_a_host_cannot_read_its_own_key_by_any_ciphertext(tmp_path):
    document = a_book().seal(ROSTER, version=1, now=NOW)

    with pytest.raises(Refused, match="key_not_usable"):
        keys_of(HANGZHOU, document, tmp_path)(HANGZHOU, NOW)
    [sealed] = document.of(HANGZHOU, NOW)
    for texts in sealed.sealed.values():
        for text in texts:
            assert KEYS[HANGZHOU].open(text, id=sealed.id, host=HANGZHOU) is None


def test_a_document_that_seals_a_key_to_its_own_host_is_read_by_nobody():
    with pytest.raises(ValueError, match="its own host"):
        SealedKey(id="1", host=FUZHOU, use_from=NOW, use_until=None, sealed={FUZHOU: ("a",)})
    claims = jws.read(written(a_book()), limit=jws.LARGE).payload
    claims["keys"][0]["sealed"][FUZHOU] = ["a.b.c.d.e"]

    with pytest.raises(Malformed, match="its own host"):
        load(jws.write(claims, typ=TYPE, signer=OTHER_KEY))


def test_two_hosts_cannot_link_their_holders(tmp_path):
    fuzhou = keys_of(FUZHOU, a_book().seal(ROSTER, version=1, now=NOW), tmp_path)

    names = {holder_of(fuzhou(host, NOW)[0], CIVIL_ID) for host in (HANGZHOU, ZHENGZHOU)}

    assert len(names) == 2


def test_a_key_sealed_for_one_host_or_under_one_name_is_worth_nothing_for_another():
    text = seal(b"k" * 32, id="1", host=HANGZHOU, to=KEYS[FUZHOU].public_jwk)

    assert KEYS[FUZHOU].open(text, id="1", host=HANGZHOU) == b"k" * 32
    assert KEYS[FUZHOU].open(text, id="1", host=ZHENGZHOU) is None
    assert KEYS[FUZHOU].open(text, id="2", host=HANGZHOU) is None


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda data: data.decode("latin-1")))
def test_nothing_that_was_not_sealed_opens(text):
    assert KEYS[FUZHOU].open(text, id="1", host=HANGZHOU) is None


@pytest.mark.parametrize("state", ["applied", "left"])
def test_a_city_that_does_not_issue_gets_no_key(state):
    away = replace(a_city_that_issues(FUZHOU), state=state)
    roster = a_roster(away, a_city_that_issues(HANGZHOU), a_city_that_issues(ZHENGZHOU))

    document = a_book().seal(roster, version=1, now=NOW)

    assert set(document.of(HANGZHOU, NOW)[0].sealed) == {ZHENGZHOU}


def test_while_an_encryption_key_changes_both_open():
    following = EncryptionKey.generate()
    roster = a_roster(a_city_that_issues(FUZHOU, following), a_city_that_issues(HANGZHOU))

    [sealed] = a_book(HANGZHOU).seal(roster, version=1, now=NOW).of(HANGZHOU, NOW)

    opened = [
        key.open(text, id=sealed.id, host=HANGZHOU)
        for key in (KEYS[FUZHOU], following)
        for text in sealed.sealed[FUZHOU]
    ]
    assert len(set(opened) - {None}) == 1
    assert opened.count(None) == 2


# --- the document ----------------------------------------------------------------------------


def written(book):
    return sign_pseudonym_keys(book.seal(ROSTER, version=3, now=NOW), OTHER_KEY)


def load(text, key=OTHER_KEY, threshold=1):
    keys = AllianceKeys({key.kid: key.public_jwk, HOST_KEY.kid: HOST_KEY.public_jwk}, threshold)
    return load_pseudonym_keys(text, alliance_keys=keys, signatures=SuiteSignatures())


def test_a_signed_document_comes_back_as_it_was():
    book = a_book(HANGZHOU).with_key(HANGZHOU, use_from=NOW)
    document = book.seal(ROSTER, version=3, now=NOW)

    assert load(sign_pseudonym_keys(document, OTHER_KEY, HOST_KEY), threshold=2) == document


def test_a_document_needs_the_alliance_s_signatures():
    with pytest.raises(Unauthenticated, match="1 of the 2"):
        load(written(a_book()), threshold=2)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"iat": "soon"},
        {"keys": None},
        {"keys": [{}]},
        {"keys": [{"id": "1", "host": FUZHOU, "nbf": 9, "exp": 8, "sealed": {}}]},
        {"keys": [{"id": "1", "host": h, "nbf": 9, "sealed": {}} for h in (FUZHOU, HANGZHOU)]},
        {"keys": [{"id": i, "host": FUZHOU, "nbf": 9, "sealed": {}} for i in "12"]},
    ],
)
def test_a_document_that_cannot_be_meant_is_malformed(change):
    claims = {**jws.read(written(a_book()), limit=jws.LARGE).payload, **change}

    with pytest.raises(Malformed, match="pseudonym keys"):
        load(jws.write(claims, typ=TYPE, signer=OTHER_KEY))


# --- rotation --------------------------------------------------------------------------------


def test_in_an_overlap_the_former_key_goes_along(tmp_path):
    book = a_book(HANGZHOU)
    before = book.seal(ROSTER, version=1, now=NOW)
    book = book.with_key(HANGZHOU, use_from=NOW + DAY, overlap=LEAST_OVERLAP)
    after = book.seal(ROSTER, version=2, now=NOW)
    [old] = keys_of(FUZHOU, before, tmp_path)(HANGZHOU, NOW)

    fuzhou = keys_of(FUZHOU, after, tmp_path)
    new, former = fuzhou(HANGZHOU, NOW + DAY)

    assert fuzhou(HANGZHOU, NOW) == (old,)
    assert (former, new != old) == (old, True)
    assert fuzhou(HANGZHOU, NOW + DAY + LEAST_OVERLAP) == (new,)


@pytest.mark.parametrize(
    ("start", "overlap", "place"),
    [
        (NOW - 2 * YEAR, LEAST_OVERLAP, "starts"),
        (NOW + 2 * DAY, LEAST_OVERLAP, "two keys"),
        (NOW + YEAR, DAY, "31 days or more"),
    ],
)
def test_a_key_that_would_split_people_in_two_is_not_made(start, overlap, place):
    book = a_book(HANGZHOU).with_key(HANGZHOU, use_from=NOW)

    with pytest.raises(ValueError, match=place):
        book.with_key(HANGZHOU, use_from=start, overlap=overlap)


def test_a_book_comes_back_as_it_was_and_shows_no_key(tmp_path):
    book = a_book().with_key(HANGZHOU, use_from=NOW)
    book.save(tmp_path / "book.json")

    assert Book.load(tmp_path / "book.json") == book
    assert (tmp_path / "book.json").stat().st_mode & 0o777 == 0o600
    assert "secret" not in repr(book)


# --- one person is one holder ----------------------------------------------------------------

OLD, NEW = b"o" * 32, b"n" * 32
THREE = a_roster(
    a_city(FUZHOU),
    a_city(HANGZHOU),
    a_city(ZHENGZHOU, gateway="https://zhengzhou.example", keys=[a_key(OTHER_KEY)]),
)
HOMES = {
    FUZHOU: {},
    ZHENGZHOU: {
        "city": ZHENGZHOU,
        "gateway": "https://zhengzhou.example",
        "signer": OTHER_KEY,
        "scores": FakeScores({RESIDENT: a_score(score=Decimal(105))}),
    },
}


def presented(uow, *keys, home=FUZHOU, now=NOW):
    """Attest by these pseudonym keys in one city, and present it at Hangzhou."""
    node = home_node(**HOMES[home], roster=lambda: THREE, holder_keys=holder_keys({HANGZHOU: keys}))
    issued = an_issued_attestation(FakeUnitOfWork(), node, now=now, attestation_id=uuid4())
    host = host_node(roster=lambda: THREE, make_secret=secrets.token_urlsafe)
    command = a_recognise_attestation(
        issued.credential, an_open_challenge(uow, host, now=now), now=now
    )
    return recognise_attestation(command, uow=uow, node=host, now=now)


def test_rotation_keeps_the_holder(uow):
    before, during, after = (
        presented(uow, *keys, now=NOW + timedelta(seconds=n))
        for n, keys in enumerate(((OLD,), (NEW, OLD), (NEW,)))
    )

    assert before.holder == during.holder == after.holder


def test_without_an_overlap_a_person_would_be_two(uow):
    assert presented(uow, OLD).holder != presented(uow, NEW).holder


@pytest.mark.parametrize("keys", [(OLD,), (NEW, OLD)], ids=["one key", "in the overlap"])
def test_who_has_scores_in_two_cities_takes_what_one_person_may(uow, keys):
    scenarios = FakeScenarios()
    a_catalogue(scenarios)
    publish(scenarios, now=NOW, per_holder=a_month(1))
    presented(uow, OLD, home=FUZHOU)
    presented(uow, *keys, home=ZHENGZHOU, now=NOW + timedelta(seconds=1))

    of_fuzhou, of_zhengzhou = uow.announced_of(ScoreRecognised)
    for recognised in (of_fuzhou, of_zhengzhou):
        on_score_recognised(recognised, uow=scenarios, city=HANGZHOU, now=NOW)
    issue(scenarios, of_fuzhou, now=NOW + DAY)

    assert of_fuzhou.home != of_zhengzhou.home
    with pytest.raises(Refused, match="holder_limit_reached"):
        issue(scenarios, of_zhengzhou, now=NOW + DAY)


def test_a_document_lists_a_key_once():
    key = SealedKey(id="1", host=FUZHOU, use_from=NOW, use_until=None, sealed={})

    with pytest.raises(ValueError, match="twice"):
        PseudonymKeys(version=1, issued_at=NOW, keys=(key, key))
