"""Token Status Lists: the vectors of the draft, and what a host does not accept."""

import zlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ContractError, Malformed, Refused, Unauthenticated
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.status_list import (
    MAX_BYTES,
    SIZE,
    TYPE,
    Status,
    StatusList,
    index_of,
    read_status_list,
    sign_status_list,
)
from tests.builders.attestations import HOME_KEY, NOW, OTHER_KEY, a_city, a_key

pytestmark = pytest.mark.recognition

URI = "https://fuzhou.example/status/1"
TTL = timedelta(minutes=10)


def read(text, *, now=NOW, city=None, uri=URI):
    return read_status_list(
        text, uri=uri, city=city or a_city(), signatures=SuiteSignatures(), now=now
    )


def a_token(*, typ=TYPE, signer=HOME_KEY, without=(), **overrides):
    claims = {
        "sub": URI,
        "iat": to_seconds(NOW),
        "exp": to_seconds(NOW) + 600,
        "ttl": 600,
        "status_list": {"bits": 2, "lst": StatusList.blank(64).compress()},
        **overrides,
    }
    kept = {name: value for name, value in claims.items() if name not in without}
    return jws.write(kept, typ=typ, signer=signer)


@pytest.mark.parametrize(
    ("bits", "lst", "statuses"),
    [
        (1, "eNrbuRgAAhcBXQ", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        (2, "eNo76fITAAPfAgc", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_the_examples_of_the_draft_read_and_write_alike(bits, lst, statuses):
    written = StatusList.blank(len(statuses), bits)
    for index, status in enumerate(statuses):
        written[index] = status

    read_back = StatusList.inflate(bits, lst)

    assert written.compress() == lst
    assert [read_back[index] for index in range(len(read_back))] == statuses


def test_the_large_vector_of_the_draft_compresses_to_the_same_bytes():
    statuses = StatusList.blank(2**20, 1)
    ones = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345]
    for index in ones:
        statuses[index] = 1

    compressed = jws.decode(statuses.compress())

    assert compressed.hex().startswith("78daeddc010dc0200c0041a88249400ad2903e0f4bba00bd93f002be")
    assert compressed.hex().endswith("38de9400000000000000002a30cc010000000080642f0bd8011b")


def test_a_signed_list_tells_its_statuses_until_its_term_from_signing_ends():
    statuses = StatusList.blank()
    statuses[4711] = Status.SUSPENDED
    text = sign_status_list(statuses, uri=URI, now=NOW, ttl=TTL, signer=HOME_KEY)

    token = read(text, now=NOW + timedelta(minutes=9))

    assert (token.statuses[4711], token.statuses[4712]) == (Status.SUSPENDED, Status.VALID)
    assert (token.issued_at, token.fresh_until) == (NOW, NOW + TTL)


def test_the_earlier_of_expiry_and_ttl_counts():
    assert read(a_token(ttl=60)).fresh_until == NOW + timedelta(seconds=60)
    assert read(a_token(without={"ttl"})).fresh_until == NOW + TTL
    assert read(a_token(without={"exp"})).fresh_until == NOW + TTL


@pytest.mark.parametrize(
    "text",
    [
        "",
        a_token(typ="JWT"),
        a_token(sub="https://fuzhou.example/status/2"),
        a_token(without={"exp", "ttl"}),
        a_token(iat="now"),
        a_token(ttl="600"),
        a_token(exp=10**20),
        a_token(status_list=[]),
        a_token(status_list={"bits": 2}),
        a_token(status_list={"bits": True, "lst": StatusList.blank(64).compress()}),
        a_token(status_list={"bits": 8, "lst": StatusList.blank(64).compress()}),
        a_token(status_list={"bits": 1, "lst": "not zlib"}),
        a_token(status_list={"bits": 1, "lst": StatusList.blank().compress()[:20]}),
    ],
)
def test_what_is_no_list_is_malformed(text):
    with pytest.raises(Malformed):
        read(text)


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(bytes(MAX_BYTES + 1)),
        zlib.compress(b"") + b"more",
    ],
)
def test_a_list_that_inflates_without_end_or_trails_data_is_malformed(data):
    with pytest.raises(Malformed, match="too long"):
        StatusList.inflate(1, jws.encode(data))


def test_a_list_signed_by_another_is_not_authentic():
    forged = a_key(HOME_KEY, jwk=OTHER_KEY.public_jwk)

    with pytest.raises(Unauthenticated, match="bad_signature"):
        read(a_token(), city=a_city(keys=[forged]))


def test_a_list_signed_by_a_key_outside_the_roster_is_refused():
    with pytest.raises(Refused, match="unknown_key"):
        read(a_token(signer=OTHER_KEY))


def test_a_list_signed_by_a_key_out_of_use_is_refused():
    with pytest.raises(Refused, match="key_not_current"):
        read(a_token(), city=a_city(keys=[a_key(use_until=NOW)]))


@pytest.mark.parametrize("now", [NOW + TTL, NOW - timedelta(hours=1)])
def test_a_list_of_another_time_is_refused(now):
    with pytest.raises(Refused, match="status_unavailable"):
        read(a_token(), now=now)


@pytest.mark.parametrize("index", [-1, 64])
def test_an_entry_outside_the_list_is_an_index_error(index):
    with pytest.raises(IndexError):
        StatusList.blank(64)[index]


@pytest.mark.parametrize("status", [-1, 4])
def test_a_status_that_does_not_fit_is_a_value_error(status):
    with pytest.raises(ValueError, match="fit"):
        StatusList.blank(64)[0] = status


@given(
    bits=st.sampled_from([1, 2]),
    changes=st.dictionaries(st.integers(0, 255), st.integers(0, 1), max_size=20),
)
def test_every_entry_keeps_its_own_status(bits, changes):
    statuses = StatusList.blank(256, bits)

    for index, status in changes.items():
        statuses[index] = status

    read_back = StatusList.inflate(bits, statuses.compress())
    assert {index: read_back[index] for index in range(256) if read_back[index]} == {
        index: status for index, status in changes.items() if status
    }


@given(text=st.text() | st.text(alphabet="eyJ.-_0"))
def test_reading_raises_nothing_but_contract_errors(text):
    with pytest.raises(ContractError):
        read(text)


@pytest.mark.parametrize("size", [1, 2, 3, 100, 1000, 1024])
def test_no_entry_is_given_twice(size):
    given_out = {index_of(number, b"secret" * 6, size) for number in range(size)}

    assert given_out == set(range(size))


def test_the_order_of_issue_cannot_be_read_off_the_entries():
    first = [index_of(number, b"a" * 32) for number in range(200)]
    second = [index_of(number, b"b" * 32) for number in range(200)]

    assert all(0 <= index < SIZE for index in first)
    assert first != sorted(first)
    assert first != second


def test_a_full_list_gives_out_nothing():
    with pytest.raises(ValueError, match="full"):
        index_of(SIZE, b"secret", SIZE)
