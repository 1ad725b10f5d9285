"""Keys: what they may sign, what they verify, and how they are kept."""

from dataclasses import replace
from datetime import timedelta

import joserfc.jws
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import import_key

from contracts.errors import Refused
from services.recognition.adapters.keys import CityKey, PrivateKey
from services.recognition.adapters.suites import SUITES, SuiteSignatures, thumbprint
from services.recognition.domain import jws
from services.recognition.domain.roster import KeyState, KeyUse
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOLDER_KEY,
    HOME_GATEWAY,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)

pytestmark = pytest.mark.recognition

SIGNATURES = SuiteSignatures()
RFC_8037_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


def signed_by(key, claims=None):
    return jws.read(jws.write(claims or {"a": 1}, typ="JWT", signer=key))


@pytest.mark.parametrize("alg", SUITES)
def test_what_a_key_signs_its_public_part_verifies(alg):
    key = PrivateKey.generate(alg)

    assert SIGNATURES.verify(signed_by(key), key.public_jwk)
    assert not SIGNATURES.verify(signed_by(PrivateKey.generate(alg)), key.public_jwk)


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
def test_another_library_reads_what_a_key_signs(alg):
    key = PrivateKey.generate(alg)
    text = jws.write({"a": 1}, typ="JWT", signer=key)

    token = joserfc.jws.deserialize_compact(text, import_key(key.public_jwk), algorithms=[alg])

    assert token.headers() == {"alg": alg, "kid": key.kid, "typ": "JWT"}


def test_a_key_is_named_by_its_thumbprint():
    assert thumbprint(RFC_8037_KEY) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_vector_of_rfc_8037_verifies():
    token = jws.Jws(
        header={"alg": "EdDSA"},
        payload={},
        message=b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        signature=jws.decode(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        ),
    )

    assert SIGNATURES.verify(token, RFC_8037_KEY)


@pytest.mark.parametrize("alg", ["none", "", "HS256", "RS256", "SM2"])
def test_no_other_algorithm_fits_any_key(alg):
    assert not SIGNATURES.fits(alg, HOME_KEY.public_jwk)
    assert not SIGNATURES.fits(alg, HOLDER_KEY.public_jwk)


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "EC"},
        {"crv": "X25519"},
        {"x": "AA"},
        {"x": 1},
        {"x": "!" * 43},
        {"alg": "ES256"},
        {"use": "enc"},
    ],
)
def test_an_algorithm_fits_only_a_key_of_its_own_kind_and_use(change):
    assert SIGNATURES.fits("EdDSA", HOME_KEY.public_jwk)
    assert not SIGNATURES.fits("EdDSA", {**HOME_KEY.public_jwk, **change})


def test_an_es256_signature_has_one_length():
    token = signed_by(HOLDER_KEY)
    padded = token.signature[:32] + b"\0" + token.signature[32:]

    assert SIGNATURES.verify(token, HOLDER_KEY.public_jwk)
    assert not SIGNATURES.verify(replace(token, signature=padded), HOLDER_KEY.public_jwk)


def test_a_point_off_the_curve_verifies_nothing():
    off = {**HOLDER_KEY.public_jwk, "x": jws.encode(b"\x01" * 32)}

    assert not SIGNATURES.verify(signed_by(HOLDER_KEY), off)


@given(
    jwk=st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "alg", "use"]),
        st.sampled_from(["OKP", "EC", "Ed25519", "P-256", "SM2", "A" * 43, "_" * 42 + "8"])
        | st.none()
        | st.integers()
        | st.lists(st.integers()),
    ),
    alg=st.sampled_from([*SUITES, "none"]),
    signature=st.binary(max_size=70) | st.binary(min_size=64, max_size=64),
)
def test_checking_a_signature_never_raises(jwk, alg, signature):
    token = jws.Jws(header={"alg": alg}, payload={}, message=b"x", signature=signature)

    assert SIGNATURES.verify(token, jwk) in {True, False}


def test_a_saved_key_is_its_owners_alone(tmp_path):
    path = tmp_path / "node.jwk"

    HOME_KEY.save(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert PrivateKey.load(path) == HOME_KEY


def test_a_key_is_never_overwritten(tmp_path):
    path = tmp_path / "node.jwk"
    HOME_KEY.save(path)

    with pytest.raises(FileExistsError):
        OTHER_KEY.save(path)

    assert PrivateKey.load(path) == HOME_KEY


def test_a_key_others_may_read_is_refused(tmp_path):
    path = tmp_path / "node.jwk"
    HOME_KEY.save(path)
    path.chmod(0o640)

    with pytest.raises(Refused, match=r"key_not_usable: node\.jwk"):
        PrivateKey.load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"alg":[],"d":1}',
        jws.write_json({**HOME_KEY.public_jwk, "alg": "EdDSA"}),
    ],
    ids=["empty", "a list", "nothing in it", "wrong types", "a public key"],
)
def test_a_file_without_a_private_key_is_refused(tmp_path, content):
    path = tmp_path / "node.jwk"
    path.touch(0o600)
    path.write_bytes(content)

    with pytest.raises(Refused, match="not a private JWK"):
        PrivateKey.load(path)


def test_a_key_file_says_the_algorithm_its_key_is_for(tmp_path):
    path = tmp_path / "node.jwk"
    PrivateKey("ES256", HOLDER_KEY._jwk).save(path)  # noqa: SLF001 - a damaged file is the case
    path.write_bytes(path.read_bytes().replace(b"ES256", b"EdDSA"))

    with pytest.raises(Refused, match="not a key for EdDSA"):
        PrivateKey.load(path)


def test_a_private_key_does_not_show_itself():
    assert "_jwk" not in repr(HOME_KEY)
    assert "d" not in HOME_KEY.public_jwk


def a_city_key(listed, key=HOME_KEY, city=FUZHOU, gateway=HOME_GATEWAY, **roster_terms):
    roster = a_roster(a_city(keys=listed), a_city(HANGZHOU), **roster_terms)
    return CityKey(key, city, gateway, roster=lambda: roster, clock=lambda: NOW)


def test_a_listed_key_in_use_signs():
    signer = a_city_key([a_key()])

    assert SIGNATURES.verify(signed_by(signer), HOME_KEY.public_jwk)


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ([], "not in the roster"),
        ([a_key(state=KeyState.RETIRED)], "listed as retired"),
        ([a_key(state=KeyState.NEXT)], "listed as next"),
        ([a_key(use=KeyUse.TRANSPORT)], "listed for transport, not for attestation"),
        ([a_key(use_until=NOW)], "out of use"),
        ([a_key(use_from=NOW + timedelta(days=1))], "not in use yet"),
    ],
)
def test_a_key_partners_would_refuse_does_not_sign(listed, reason):
    with pytest.raises(Refused, match=f"key {HOME_KEY.kid} of city {FUZHOU}: {reason}") as refused:
        a_city_key(listed).sign(b"x")

    assert refused.value.code == "key_not_usable"


def test_a_city_does_not_sign_with_another_citys_key():
    with pytest.raises(Refused, match="not in the roster"):
        a_city_key([a_key()], city=HANGZHOU, gateway=GATEWAY).sign(b"x")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"city": "410100"}, "the city is not in the roster"),
        ({"gateway": "https://moved.example"}, "gateway at https://fuzhou.example"),
        ({"valid_until": NOW - timedelta(days=14)}, "the roster is over"),
    ],
)
def test_a_city_that_partners_would_not_find_does_not_sign(change, reason):
    with pytest.raises(Refused, match=f"key_not_usable.*{reason}"):
        a_city_key([a_key()], **change).sign(b"x")
