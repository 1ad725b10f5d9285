"""Signatures and digests of the standards themselves, checked by the code that checks cities.

Sources: RFC 9421 "HTTP Message Signatures", Appendix B (B.1.3 and B.1.4 keys, B.2 messages, B.2.4
and B.2.6 signatures), and RFC 9530 "Digest Fields", section 2 and Appendix B.1 and B.3.  What
others signed shows more than a round trip of our own.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from http_message_signatures import HTTPMessageSigner, InvalidSignature, algorithms
from http_message_signatures.digests import ContentDigest
from http_message_signatures.resolvers import MappingKeyResolver
from joserfc.jwk import ECKey, OKPKey, import_key

from services.gateway.authentication.signatures import WINDOW, _Verifier, algorithm_of
from services.gateway.keys import private_part, public_part

pytestmark = pytest.mark.gateway

CREATED = datetime.fromtimestamp(1618884473, UTC)

P256_KEY = {  # B.1.3, test-key-ecc-p256
    "kty": "EC",
    "crv": "P-256",
    "x": "qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA",
    "y": "Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0",
    "d": "UpuF81l-kOxbjf7T4mNSv0r5tN67Gim7rnf6EFpcYDs",
}
ED25519_KEY = {  # B.1.4, test-key-ed25519
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
    "d": "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
}
DOG = b'{"message": "good dog"}'
DOG_DIGEST = (
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5"
    "aGgfLQ==:"
)


@dataclass(frozen=True)
class Request:
    """The test-request of B.2, as B.2.6 signed it."""

    method: str = "POST"
    url: str = "https://example.com/foo?param=Value&Pet=dog"
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Length": "18",
            "Signature-Input": (
                'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
                ';created=1618884473;keyid="test-key-ed25519"'
            ),
            "Signature": (
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQ"
                "v5lIp5WPpBKRCw==:"
            ),
        }
    )


@dataclass(frozen=True)
class Response:
    """The test-response of B.2, as B.2.4 signed it."""

    status_code: int = 200
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Content-Type": "application/json",
            "Content-Digest": DOG_DIGEST,
            "Content-Length": "23",
            "Signature-Input": (
                'sig-b24=("@status" "content-type" "content-digest" "content-length")'
                ';created=1618884473;keyid="test-key-ecc-p256"'
            ),
            "Signature": (
                "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlY"
                "UEkLIj+32oiasw==:"
            ),
        }
    )


def with_header(message, name, value):
    assert message.headers[name] != value
    return replace(message, headers={**message.headers, name: value})


def verify(message, jwk, *, now=CREATED, body=None):
    key = import_key({name: value for name, value in jwk.items() if name != "d"})
    name = "test-key-ecc-p256" if isinstance(key, ECKey) else "test-key-ed25519"
    [result] = _Verifier(name, key, now).verify(message, max_age=None, body=body)
    return list(result.covered_components)


def test_the_algorithm_follows_from_the_key():
    keys = ECKey.import_key(P256_KEY), OKPKey.import_key(ED25519_KEY)

    assert [algorithm_of(key) for key in keys] == [
        algorithms.ECDSA_P256_SHA256,
        algorithms.ED25519,
    ]


@pytest.mark.parametrize("jwk", [P256_KEY, ED25519_KEY], ids=["p256", "ed25519"])
def test_the_keys_are_read_as_pairs(jwk):
    pair = import_key(jwk)
    public = import_key({name: value for name, value in jwk.items() if name != "d"})

    assert private_part(pair).public_key() == public_part(public)


def test_the_request_signed_by_ed25519_verifies():
    covered = verify(Request(), ED25519_KEY)

    assert [name.strip('"') for name in covered[:6]] == [
        "date",
        "@method",
        "@path",
        "@authority",
        "content-type",
        "content-length",
    ]


def test_signing_the_request_anew_by_ed25519_gives_the_very_signature():
    key = OKPKey.import_key(ED25519_KEY)
    signed, headers = Request(), dict(Request().headers)
    del headers["Signature-Input"], headers["Signature"]
    message = SimpleNamespace(method=signed.method, url=signed.url, headers=headers)
    keys = MappingKeyResolver(public_keys={}, private_keys={"test-key-ed25519": private_part(key)})

    HTTPMessageSigner(signature_algorithm=algorithm_of(key), key_resolver=keys).sign(
        message,
        key_id="test-key-ed25519",
        created=CREATED,
        label="sig-b26",
        include_alg=False,
        covered_component_ids=(
            "date",
            "@method",
            "@path",
            "@authority",
            "content-type",
            "content-length",
        ),
    )

    assert message.headers == signed.headers


@pytest.mark.parametrize(
    "changed",
    [
        with_header(Request(), "Date", "Tue, 20 Apr 2021 02:07:56 GMT"),
        replace(Request(), method="PUT"),
        replace(Request(), url="https://example.com/bar"),
        replace(Request(), url="https://example.org/foo"),
        with_header(Request(), "Content-Type", "text/plain"),
        with_header(Request(), "Content-Length", "19"),
    ],
    ids=["date", "@method", "@path", "@authority", "content-type", "content-length"],
)
def test_a_request_changed_in_what_is_covered_does_not_verify(changed):
    with pytest.raises(InvalidSignature):
        verify(changed, ED25519_KEY)


def test_what_the_request_does_not_cover_may_change():
    assert verify(replace(Request(), url="https://example.com/foo?other"), ED25519_KEY)


@pytest.mark.parametrize(
    ("old", "new"),
    [("1618884473", "1618884474"), ('"content-type" "content-length"', '"content-type" "date"')],
    ids=["created", "components"],
)
def test_a_request_with_changed_signature_parameters_does_not_verify(old, new):
    inputs = Request().headers["Signature-Input"].replace(old, new)

    with pytest.raises(InvalidSignature):
        verify(with_header(Request(), "Signature-Input", inputs), ED25519_KEY)


def test_the_response_signed_by_ecdsa_verifies_with_its_content():
    covered = verify(Response(), P256_KEY, body=DOG)

    assert [name.strip('"') for name in covered[:4]] == [
        "@status",
        "content-type",
        "content-digest",
        "content-length",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        replace(Response(), status_code=201),
        with_header(Response(), "Content-Type", "text/plain"),
        with_header(Response(), "Content-Digest", ContentDigest.create(DOG)),
        with_header(Response(), "Content-Length", "24"),
    ],
    ids=["@status", "content-type", "content-digest", "content-length"],
)
def test_a_response_changed_in_what_is_covered_does_not_verify(changed):
    with pytest.raises(InvalidSignature):
        verify(changed, P256_KEY)


def test_a_response_with_other_content_does_not_verify():
    with pytest.raises(InvalidSignature, match="does not match"):
        verify(Response(), P256_KEY, body=DOG.replace(b"dog", b"cat"))


@pytest.mark.parametrize("seconds", [-1, 1])
def test_a_signature_of_another_time_does_not_verify(seconds):
    now = CREATED + seconds * (WINDOW + timedelta(seconds=1))

    with pytest.raises(InvalidSignature, match="window"):
        verify(Request(), ED25519_KEY, now=now)


HELLO = b'{"hello": "world"}\n'
SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
SHA_512 = (
    "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3"
    "qg==:"
)
OF_A_PART = "sha-256=:jjcgBDWNAtbYUXI37CVG3gRuGOAjaaDRGpIUFsdyepQ=:"


def test_the_digest_that_we_send_is_the_one_of_the_standard():
    assert ContentDigest.create(HELLO) == SHA_256


@pytest.mark.parametrize(
    ("digest", "content"),
    [
        (SHA_256, HELLO),
        (SHA_512, HELLO),
        (f"{SHA_256}, {SHA_512}", HELLO),
        (OF_A_PART, b'"world"}\n'),
        (DOG_DIGEST, DOG),
    ],
    ids=["sha-256", "sha-512", "both", "part", "rfc9421"],
)
def test_a_digest_of_the_standard_holds_for_its_content_alone(digest, content):
    ContentDigest.verify(digest, content)

    with pytest.raises(InvalidSignature):
        ContentDigest.verify(digest, content + b" ")


@pytest.mark.parametrize(
    "digest",
    [
        f"{SHA_256}, {DOG_DIGEST}",
        SHA_512[:53] + ":",
        "md5=:Sd/dVLAcvNLSq16eXua5uQ==:",
        "sha-256=RK",
        "",
    ],
    ids=["one-of-two-wrong", "truncated", "obsolete", "no-bytes", "empty"],
)
def test_a_digest_that_proves_nothing_is_refused(digest):
    with pytest.raises(InvalidSignature):
        ContentDigest.verify(digest, HELLO)
