"""SM2 with SM3: the standard's example, and all that must not pass for a signature."""

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from tongsuopy.crypto.asymciphers.ec import SM2, EllipticCurvePublicNumbers
from tongsuopy.crypto.exceptions import InvalidSignature

from contracts.errors import Malformed, Refused
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.sm2 import ORDER, WITH_SM3, Sm2Suite
from services.recognition.adapters.suites import SUITES, SuiteSignatures, is_known, thumbprint
from services.recognition.domain import jws
from services.recognition.domain.holder_key import read_holder_key
from tests.builders.attestations import HOLDER_KEY

pytestmark = pytest.mark.recognition

SUITE = Sm2Suite()
MESSAGE = b"message digest"
D = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
X = 0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
Y = 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA


def written(number):
    return jws.encode(number.to_bytes(32, "big"))


def a_signature(r=R, s=S):
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


PUBLIC = {"kty": "EC", "crv": "SM2", "x": written(X), "y": written(Y)}
PRIVATE = {**PUBLIC, "d": written(D)}


def test_the_example_of_gm_t_0003_5_verifies():
    assert SUITE.verify(MESSAGE, a_signature(), PUBLIC)


def test_the_private_key_of_the_example_signs_for_its_public_key():
    signature = SUITE.sign(MESSAGE, PRIVATE)

    assert len(signature) == 64
    assert SUITE.verify(MESSAGE, signature, PUBLIC)


@pytest.mark.parametrize("bit", range(0, 512, 37))
def test_a_flipped_bit_is_noticed(bit):
    flipped = (int.from_bytes(a_signature(), "big") ^ 1 << bit).to_bytes(64, "big")

    assert not SUITE.verify(MESSAGE, flipped, PUBLIC)


def test_another_message_is_noticed():
    assert not SUITE.verify(MESSAGE + b"s", a_signature(), PUBLIC)


@pytest.mark.parametrize(
    ("r", "s"),
    [
        (0, S),
        (R, 0),
        (0, 0),
        (ORDER, S),
        (R, ORDER),
        (R, ORDER - R),
        (R, ORDER - S),
        (S, R),
        (2**256 - 1, 2**256 - 1),
    ],
)
def test_numbers_that_are_no_signature_are_refused(r, s):
    assert not SUITE.verify(MESSAGE, a_signature(r, s), PUBLIC)


@pytest.mark.parametrize(("r", "s"), [(R + ORDER, S), (R, S + ORDER)])
def test_the_library_does_not_take_a_number_plus_the_order_for_the_number(r, s):
    """A suite's signature has no room for it, but for one number in 2**32."""
    key = EllipticCurvePublicNumbers(X, Y, SM2()).public_key()

    with pytest.raises(InvalidSignature):
        key.verify(encode_dss_signature(r, s), MESSAGE, WITH_SM3)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        a_signature()[:-1],
        a_signature() + b"\0",
        encode_dss_signature(R, S),
    ],
    ids=["none", "short", "long", "DER"],
)
def test_a_signature_has_one_length(signature):
    assert not SUITE.verify(MESSAGE, signature, PUBLIC)


@given(signature=st.binary(max_size=80) | st.binary(min_size=64, max_size=64))
def test_garbage_is_no_signature_and_no_fault(signature):
    assert not SUITE.verify(MESSAGE, signature, PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        {"x": written(1), "y": written(1)},
        {"x": written(0), "y": written(0)},
        {"y": written(2**256 - 1)},
        {"x": HOLDER_KEY.public_jwk["x"], "y": HOLDER_KEY.public_jwk["y"]},
        {"crv": "P-256"},
        {"x": written(X)[:-2]},
    ],
    ids=["off the curve", "origin", "outside the field", "of P-256", "said of P-256", "short"],
)
def test_what_is_no_point_on_the_curve_is_no_key(change):
    assert SuiteSignatures().fits("SM2", PUBLIC)
    assert not SuiteSignatures().fits("SM2", {**PUBLIC, **change})


@pytest.mark.parametrize("alg", sorted(SUITES.keys() - {"SM2"}))
def test_the_key_serves_no_other_algorithm(alg):
    assert not SuiteSignatures().fits(alg, PUBLIC)


@pytest.mark.parametrize("number", [0, ORDER - 1, ORDER, 2**256 - 1])
def test_a_number_that_is_no_private_key_does_not_sign(number):
    with pytest.raises(ValueError, match="not a private key"):
        SUITE.sign(MESSAGE, {**PUBLIC, "d": written(number)})


def test_the_largest_private_key_signs():
    number = ORDER - 2

    assert len(SUITE.sign(MESSAGE, {**PUBLIC, "d": written(number)})) == 64


def test_the_key_is_named_like_any_key_of_type_ec():
    assert thumbprint(PUBLIC) == "lgVsnVqdKsFLJ2q4y2l6gACWaCOEQcWQb1t30j4Q6fU"


def test_a_key_file_comes_back_as_it_was_saved(tmp_path):
    path = tmp_path / "node.jwk"
    key = PrivateKey.generate("SM2")

    key.save(path)

    assert PrivateKey.load(path) == key


def test_a_holder_may_have_an_sm2_key():
    assert read_holder_key(PUBLIC, SuiteSignatures()) == PUBLIC


@pytest.fixture
def _without_the_extra(monkeypatch):
    monkeypatch.delitem(SUITES, "SM2")


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_a_key_file_says_what_it_needs(tmp_path):
    path = tmp_path / "node.jwk"
    path.touch(0o600)
    path.write_bytes(jws.write_json({**PRIVATE, "alg": "SM2"}))

    with pytest.raises(Refused, match=r"key_not_usable: node\.jwk: needs huxin\[sm\]"):
        PrivateKey.load(path)


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_the_keys_of_the_alliance_say_what_they_need():
    with pytest.raises(Malformed, match=r"alliance keys: needs huxin\[sm\]"):
        read_alliance_keys(jws.write_json({"keys": [PUBLIC]}).decode())


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_the_key_is_of_no_suite():
    assert not is_known(PUBLIC)
    assert not SuiteSignatures().fits("SM2", PUBLIC)
    with pytest.raises(Malformed, match="malformed"):
        read_holder_key(PUBLIC, SuiteSignatures())


def test_without_the_extra_everything_else_is_there():
    program = (
        "import sys; sys.modules['tongsuopy'] = None;"
        "import services.recognition.adapters.node;"
        "from services.recognition.adapters.suites import SUITES; print(*SUITES)"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == ["EdDSA", "Ed25519", "ES256"]
