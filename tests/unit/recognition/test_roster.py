"""The roster says whom to believe and by which keys, and names what is wrong."""

from datetime import timedelta

import pytest

from contracts.errors import Malformed, Refused, Unauthenticated
from services.recognition.adapters.documents import AllianceKeys, read_alliance_keys
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_file import TYPE, load_roster, sign_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws
from services.recognition.domain.document import DocumentVersion, StaleDocument
from services.recognition.domain.roster import KeyState, KeyUse
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

pytestmark = pytest.mark.recognition

ALLIANCE = PrivateKey.generate("EdDSA")
DAY = timedelta(days=1)


def load(text, *, alliance=ALLIANCE):
    return load_roster(
        text,
        alliance_keys=AllianceKeys({alliance.kid: alliance.public_jwk}),
        signatures=SuiteSignatures(),
    )


def claims_of(roster):
    return jws.read(sign_roster(roster, ALLIANCE)).payload


def signed(claims, typ=TYPE):
    return jws.write(claims, typ=typ, signer=ALLIANCE)


def test_a_signed_roster_comes_back_as_it_was():
    roster = a_roster()

    assert load(sign_roster(roster, ALLIANCE) + "\n") == roster


def test_a_roster_by_another_key_is_not_authentic():
    with pytest.raises(Unauthenticated, match="not an alliance key"):
        load(sign_roster(a_roster(), OTHER_KEY))


def test_a_changed_roster_is_not_authentic():
    header, _, signature = sign_roster(a_roster(), ALLIANCE).split(".")
    changed = jws.encode(jws.write_json({**claims_of(a_roster()), "version": 8}))

    with pytest.raises(Unauthenticated, match="bad_signature"):
        load(f"{header}.{changed}.{signature}")


def test_a_node_does_not_go_back_to_an_older_version():
    with pytest.raises(StaleDocument, match="version 7, seen 8"):
        DocumentVersion(7, "digest").check_not_behind(DocumentVersion(8, "digest"))


def test_a_roster_that_was_signed_again_is_still_the_same():
    other = PrivateKey.generate("ES256")

    first = load(sign_roster(a_roster(version=7), ALLIANCE))
    again = load(sign_roster(a_roster(version=7), other), alliance=other)

    assert again.digest == first.digest


def test_of_one_version_there_is_one_content():
    first = load(sign_roster(a_roster(version=7), ALLIANCE))
    other = load(sign_roster(a_roster(a_city(FUZHOU), version=7), ALLIANCE))

    with pytest.raises(StaleDocument, match="other content"):
        DocumentVersion(7, other.digest).check_not_behind(DocumentVersion(7, first.digest))


def test_a_roster_serves_through_its_grace_and_no_longer():
    roster = load(sign_roster(a_roster(valid_until=NOW, grace=14 * DAY), ALLIANCE))

    roster.check_age(NOW + 13 * DAY)
    with pytest.raises(Refused, match="stale_roster"):
        roster.check_age(NOW + 14 * DAY)


def test_another_document_of_the_alliance_is_no_roster():
    with pytest.raises(Malformed, match="not a huxin-roster"):
        load(signed(claims_of(a_roster()), typ="crosswalk+jwt"))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"version": "7"}, "version"),
        ({"version": 0}, "version"),
        ({"exp": None}, "moment"),
        ({"grace": "long"}, "roster"),
        ({"cities": None}, "roster"),
        ({"cities": [{}]}, "code"),
    ],
)
def test_a_roster_that_cannot_be_read_names_the_place(change, place):
    with pytest.raises(Malformed, match=place):
        load(signed({**claims_of(a_roster()), **change}))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"gateway": "fuzhou.example"}, "gateway"),
        ({"gateway": "file:///etc"}, "gateway"),
        ({"gateway": "https://fuzhou.example/"}, "gateway"),
        ({"gateway": "https://Fuzhou.example"}, "gateway"),
        ({"gateway": "https://fuzhou.example?city=350100"}, "gateway"),
        ({"state": "asleep"}, "asleep"),
        ({"state_reason": "x" * 121}, "one line of 1 to 120"),
        ({"name": "two\nlines"}, "one line"),
        ({"keys": [{}]}, "jwk"),
    ],
)
def test_a_city_that_cannot_be_read_is_named(change, place):
    claims = claims_of(a_roster())
    claims["cities"][0] |= change

    with pytest.raises(Malformed, match=place):
        load(signed(claims))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kid": "another"}, "another name"),
        ({"jwk": {**HOME_KEY.public_jwk, "d": "AA"}}, "private key"),
        ({"jwk": {**HOME_KEY.public_jwk, "x": "AA"}}, "no known suite"),
        ({"state": "lost"}, "lost"),
        ({"use": "signing"}, "signing"),
    ],
)
def test_a_key_that_cannot_be_read_is_refused(change, place):
    claims = claims_of(a_roster())
    claims["cities"][0]["keys"][0] |= change

    with pytest.raises(Malformed, match=place):
        load(signed(claims))


def test_a_city_stands_in_the_roster_once():
    claims = claims_of(a_roster())
    claims["cities"].append(claims["cities"][0])

    with pytest.raises(Malformed, match="twice"):
        load(signed(claims))


@pytest.mark.parametrize("city", [0, 1])
def test_a_key_has_one_use_in_one_city(city):
    claims = claims_of(a_roster())
    claims["cities"][city]["keys"].append({**claims["cities"][0]["keys"][0], "use": "transport"})

    with pytest.raises(Malformed, match="each has one use"):
        load(signed(claims))


def test_no_two_cities_share_a_gateway():
    claims = claims_of(a_roster())
    claims["cities"][1]["gateway"] = claims["cities"][0]["gateway"]

    with pytest.raises(Malformed, match="two cities share a gateway"):
        load(signed(claims))


def test_a_city_is_found_by_its_gateway_to_the_letter():
    roster = a_roster()

    assert roster.online_city_at("https://fuzhou.example").code == FUZHOU
    with pytest.raises(Refused, match="unknown_city"):
        roster.online_city_at("https://fuzhou.example/")


def test_a_key_of_a_suite_to_come_is_passed_over():
    claims = claims_of(a_roster())
    claims["cities"][0]["keys"].append({"jwk": {"kty": "EC", "crv": "P-521", "x": "x", "y": "y"}})

    assert load(signed(claims)) == a_roster()


def test_lookups_name_what_is_missing():
    roster = a_roster(a_city(state="testing"), a_city(HANGZHOU))

    with pytest.raises(Refused, match="unknown_city"):
        roster.city("110000")
    with pytest.raises(Refused, match="city_not_online"):
        roster.online_city(FUZHOU)
    with pytest.raises(Refused, match="unknown_key"):
        roster.city(FUZHOU).attestation_key(OTHER_KEY.kid, NOW)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": KeyState.RETIRED}, "retired"),
        ({"use_from": NOW + DAY}, "not in use yet"),
        ({"use_until": NOW}, "out of use"),
    ],
)
def test_a_key_out_of_use_says_why(change, reason):
    city = a_city(keys=[a_key(**change)])

    with pytest.raises(Refused, match=f"key_not_current.*{reason}"):
        city.attestation_key(HOME_KEY.kid, NOW)


def test_a_transport_key_is_no_attestation_key():
    city = a_city(keys=[a_key(use=KeyUse.TRANSPORT)])

    with pytest.raises(Refused, match="unknown_key"):
        city.attestation_key(HOME_KEY.kid, NOW)


def test_alliance_keys_come_from_a_key_set():
    key_set = jws.write_json({"keys": [{**ALLIANCE.public_jwk, "alg": "EdDSA"}]}).decode()

    assert read_alliance_keys(key_set) == AllianceKeys({ALLIANCE.kid: ALLIANCE.public_jwk})
    with pytest.raises(Malformed):
        read_alliance_keys('{"keys": [{"kty": "oct", "k": "AA"}]}')
