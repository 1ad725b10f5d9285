"""A device of an operator, with somebody else's code, believes our passes and no others."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.scenarios.adapters.pass_keys import PassKeys
from tests.builders.scenarios import BIKES, GYM, HANGZHOU, NOW, PASS_KEY, PASSES, a_grant, a_pass
from tests.fakes.scenarios import FakeUnitOfWork

pytestmark = pytest.mark.scenarios

HERE = Path(__file__).parent
MINUTE = timedelta(minutes=1)
OTHERS = PassKeys(HANGZHOU, [Ed25519PrivateKey.from_private_bytes(bytes(32))])


def check(token, *, keys=PASSES, operator=BIKES, now=NOW):
    asked = {
        "token": token,
        "jwks": {"city": HANGZHOU, "keys": keys.published()},
        "city": HANGZHOU,
        "operator": operator,
        "now": now.isoformat(),
    }
    answer = subprocess.run(
        ["node", HERE / "pass.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def token():
    uow = FakeUnitOfWork()
    return a_pass(uow, a_grant(uow))


def test_a_device_reads_a_pass(token):
    found = check(token)

    assert found["ok"]
    assert (found["claims"]["inc"], found["claims"]["use"]) == ("late-return", 1)


def test_a_device_finds_the_key_among_those_of_a_rotation(token):
    overlap = PassKeys(HANGZHOU, [Ed25519PrivateKey.from_private_bytes(bytes(32)), PASS_KEY])

    assert check(token, keys=overlap)["ok"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"keys": OTHERS}, "ERR_JWKS_NO_MATCHING_KEY"),
        ({"operator": GYM}, "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        ({"now": NOW + 7 * MINUTE}, "ERR_JWT_EXPIRED"),
    ],
)
def test_a_device_refuses_any_other_pass(token, changed, error):
    assert check(token, **changed) == {"ok": False, "error": error}


def test_a_device_refuses_a_pass_that_was_altered(token):
    header, _, signature = token.split(".")
    other_uow = FakeUnitOfWork()
    other = a_pass(other_uow, a_grant(other_uow)).split(".")[1]

    error = check(f"{header}.{other}.{signature}")["error"]

    assert error == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
