"""OpenSSL verifies what we sign with SM2, and we what it signs, for the one identity only."""

import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from services.recognition.adapters.sm2 import Sm2Suite
from services.recognition.domain.jws import decode, encode

pytestmark = pytest.mark.recognition

SUITE = Sm2Suite()
MESSAGE = b"header.payload"
IDENTITY = "1234567812345678"
# SubjectPublicKeyInfo of an SM2 key (RFC 5480, GB/T 35276), up to the point.
PUBLIC_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200" + "04")


def openssl(*words, **options):
    return subprocess.run(["openssl", *words], capture_output=True, check=False, **options)


def of_sm3(identity):
    return ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{identity}"]


@pytest.fixture
def message(tmp_path):
    path = tmp_path / "message"
    path.write_bytes(MESSAGE)
    return path


def is_believed_by_openssl(signature, jwk, message, identity=IDENTITY):
    key, written = message.with_name("public.der"), message.with_name("signature.der")
    key.write_bytes(PUBLIC_KEY + decode(jwk["x"]) + decode(jwk["y"]))
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    written.write_bytes(encode_dss_signature(r, s))
    key_words = ["-pubin", "-keyform", "DER", "-inkey", key]
    done = openssl(
        "pkeyutl", "-verify", *key_words, "-in", message, "-sigfile", written, *of_sm3(identity)
    )
    return done.returncode == 0


def signed_by_openssl(message, identity=IDENTITY):
    """Return a signature by a new key, and the key."""
    key = message.with_name("private.pem")
    made = openssl("genpkey", "-algorithm", "SM2", "-out", key)
    assert made.returncode == 0, made.stderr
    der = openssl("pkey", "-in", key, "-pubout", "-outform", "DER").stdout
    assert der.startswith(PUBLIC_KEY)
    point = der.removeprefix(PUBLIC_KEY)
    jwk = {"kty": "EC", "crv": "SM2", "x": encode(point[:32]), "y": encode(point[32:])}
    done = openssl("pkeyutl", "-sign", "-inkey", key, "-in", message, *of_sm3(identity))
    r, s = decode_dss_signature(done.stdout)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big"), jwk


def test_openssl_believes_what_we_sign(message):
    jwk = SUITE.generate()

    assert is_believed_by_openssl(SUITE.sign(MESSAGE, jwk), jwk, message)


def test_openssl_does_not_believe_it_of_another_identity_or_message(message):
    jwk = SUITE.generate()

    assert not is_believed_by_openssl(SUITE.sign(MESSAGE, jwk), jwk, message, "8765432187654321")
    assert not is_believed_by_openssl(SUITE.sign(MESSAGE + b"s", jwk), jwk, message)


def test_we_believe_what_openssl_signs(message):
    signature, jwk = signed_by_openssl(message)

    assert SUITE.verify(MESSAGE, signature, jwk)


@pytest.mark.parametrize("identity", ["8765432187654321", "ALICE123@YAHOO.COM"])
def test_we_do_not_believe_it_of_another_identity(message, identity):
    signature, jwk = signed_by_openssl(message, identity)

    assert not SUITE.verify(MESSAGE, signature, jwk)
