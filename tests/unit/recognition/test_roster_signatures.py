"""A roster of several offices is believed when enough of them signed the same, and only then."""

import json

import pytest

from contracts.errors import Malformed, Unauthenticated
from services.recognition.adapters.documents import AllianceKeys, read_alliance_keys
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_file import (
    TYPE,
    add_signature,
    load_roster,
    sign_roster,
)
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws, jws_json
from tests.builders.attestations import OTHER_KEY, a_roster

pytestmark = pytest.mark.recognition

FIRST, SECOND, THIRD = (PrivateKey.generate(alg) for alg in ("EdDSA", "ES256", "EdDSA"))
OFFICES = {key.kid: key.public_jwk for key in (FIRST, SECOND, THIRD)}


def load(text, *, threshold=2):
    keys = AllianceKeys(OFFICES, threshold)
    return load_roster(text, alliance_keys=keys, signatures=SuiteSignatures())


def changed(text, change):
    """Let somebody change a signed roster on its way."""
    document = json.loads(text)
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize("signers", [(FIRST, SECOND), (THIRD, FIRST), (FIRST, SECOND, THIRD)])
def test_a_roster_that_enough_offices_signed_is_believed(signers):
    assert load(sign_roster(a_roster(), *signers)) == a_roster()


def test_one_signature_is_compact_and_several_are_json():
    one, two = sign_roster(a_roster(), FIRST), sign_roster(a_roster(), FIRST, SECOND)

    assert one.count(".") == 2
    assert set(json.loads(two)) == {"payload", "signatures"}
    assert load(one, threshold=1).digest == load(two).digest


def test_what_one_office_signed_another_signs_to_the_letter():
    spelt_otherwise = jws.encode(
        json.dumps(jws.read(sign_roster(a_roster(), FIRST)).payload).encode()
    )
    first = jws.sign(spelt_otherwise, typ=TYPE, signer=FIRST)

    both = add_signature(first + "\n", SECOND)

    assert json.loads(both)["payload"] == spelt_otherwise
    assert load(both) == a_roster()


def test_a_roster_below_the_threshold_is_not_believed():
    with pytest.raises(Unauthenticated, match=r"bad_signature.*1 of the 2 signatures"):
        load(sign_roster(a_roster(), FIRST))


def test_an_office_that_signs_twice_counts_once():
    with pytest.raises(Unauthenticated, match=r"bad_signature.*one key signed twice"):
        load(sign_roster(a_roster(), FIRST, FIRST))


@pytest.mark.parametrize("threshold", [1, 2])
def test_a_wrong_signature_is_refused_beside_good_ones(threshold):
    text = sign_roster(a_roster(), FIRST, SECOND, THIRD)

    def swap(document):
        entries = document["signatures"]
        entries[0]["signature"] = entries[2]["signature"]

    with pytest.raises(Unauthenticated, match=f"bad_signature.*by key {FIRST.kid}"):
        load(changed(text, swap), threshold=threshold)


def test_a_key_that_is_no_office_s_does_not_count():
    with pytest.raises(Unauthenticated, match=r"bad_signature.*1 of the 2 signatures"):
        load(sign_roster(a_roster(), FIRST, OTHER_KEY))


def test_a_key_that_is_no_office_s_yet_does_no_harm():
    assert load(sign_roster(a_roster(), FIRST, OTHER_KEY, SECOND)) == a_roster()


def test_signatures_over_two_rosters_do_not_make_one():
    [first] = jws_json.read(sign_roster(a_roster(), FIRST))
    [second] = jws_json.read(sign_roster(a_roster(version=8), SECOND))

    with pytest.raises(Unauthenticated, match=f"bad_signature.*by key {SECOND.kid}"):
        load(jws_json.write([first, second]))


def test_an_office_that_signed_another_type_of_document_did_not_sign_the_roster():
    first = sign_roster(a_roster(), FIRST)
    other = jws.read(jws.sign(first.split(".")[1], typ="crosswalk+jwt", signer=SECOND))

    with pytest.raises(Malformed, match="not a huxin-roster"):
        load(jws_json.write([jws.read(first), other]))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda document: document.update(header={}), "payload and signatures"),
        (lambda document: document.update(signatures={}), "1 to 32"),
        (lambda document: document.update(signatures=[]), "1 to 32"),
        (lambda document: document.update(signatures=None), "not iterable"),
        (lambda document: document.update(payload=7), "text"),
        (lambda document: document.update(payload="e30="), "base64url"),
        (lambda document: document["signatures"].append({}), "protected and signature"),
        (lambda document: document["signatures"][0].update(header={"kid": "x"}), "protected"),
        (lambda document: document["signatures"].extend(document["signatures"] * 16), "1 to 32"),
    ],
)
def test_signed_json_of_another_form_is_not_read(change, place):
    text = changed(sign_roster(a_roster(), FIRST, SECOND), change)

    with pytest.raises(Malformed, match=place):
        load(text)


def test_signed_json_that_is_too_large_is_not_read():
    with pytest.raises(Malformed, match="too_large"):
        load("{" + "x" * jws.LARGE)


def key_set(**members):
    return json.dumps({"keys": list(OFFICES.values()), **members})


def test_the_alliance_says_how_many_offices_have_to_sign():
    assert read_alliance_keys(key_set(threshold=2)) == AllianceKeys(OFFICES, 2)
    assert read_alliance_keys(key_set()) == AllianceKeys(OFFICES, 1)


@pytest.mark.parametrize("threshold", [0, -1, 4, "2", True, 1.0, None])
def test_a_threshold_that_cannot_be_met_or_protects_nothing_is_refused(threshold):
    with pytest.raises(Malformed, match="threshold"):
        read_alliance_keys(key_set(threshold=threshold))
