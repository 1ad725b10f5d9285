"""`huxin pass check`: a device knows without a network whether to serve."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from services.cli.commands import app
from services.plumbing.clock import utc_now
from services.scenarios.adapters.pass_keys import PassKeys, public_jwk
from services.scenarios.domain.passes import LIFETIME, Pass, write_pass

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KID = public_jwk(KEY)["kid"]


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "keys.json"
    published = PassKeys("330100", [KEY]).published()
    file.write_text(json.dumps({"city": "330100", "keys": published}), encoding="utf-8")
    return file


def a_token(*, ago=timedelta(0), **overrides):
    issued_at = (utc_now() - ago).replace(microsecond=0)
    said = {
        "id": "q0l8Ue3aKcR2",
        "city": "330100",
        "operator_id": "city-bikes",
        "grant_id": UUID(int=7),
        "incentive_id": "late-return",
        "benefit": "free_use",
        "uses": 3,
        "issued_at": issued_at,
        "until": issued_at + LIFETIME,
    }
    return write_pass(Pass(**{**said, **overrides}), KID, KEY.sign)


def check(*words, piped=None, language="en"):
    runner = CliRunner(env={"COLUMNS": "300", "HUXIN_LANG": language})
    return runner.invoke(app, ["pass", "check", *map(str, words)], input=piped)


def test_a_good_pass_says_what_to_serve(keys):
    answer = check(a_token(), "--keys", keys, "--operator", "city-bikes")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("good: serve")
    for said in ("late-return", "free_use", "3"):
        assert said in answer.stdout


def test_a_scanner_pipes_a_pass_in_and_reads_json(keys):
    answer = check("-", "--keys", keys, "--json", piped=a_token() + "\n")

    told = json.loads(answer.stdout)
    assert (told["verdict"], told["pass"]["uses"]) == ("good", 3)


@pytest.mark.parametrize(
    ("token", "verdict", "zh"),
    [
        ("no pass", "unknown", "伪造"),
        (a_token()[:-4], "unknown", "伪造"),
        (a_token(city="350100"), "other_city", "其他城市"),
        (a_token(operator_id="gym"), "other_operator", "其他场景运营方"),
        (a_token(ago=timedelta(minutes=-9)), "early", "时钟"),
        (a_token(ago=timedelta(minutes=9)), "over", "重新打开"),
    ],
)
def test_any_other_pass_says_what_to_do(keys, token, verdict, zh):
    answer = check(token, "--keys", keys, "--operator", "city-bikes", language="zh")

    assert answer.exit_code == 2
    assert answer.stdout.startswith(f"{verdict}: ")
    assert zh in answer.stdout


@pytest.mark.parametrize("written", ["", "[]", '{"city": "330100", "keys": [{}]}'])
def test_a_file_without_keys_is_named(tmp_path, written):
    file = tmp_path / "keys.json"
    file.write_text(written, encoding="utf-8")

    answer = check(a_token(), "--keys", file)

    assert answer.exit_code == 1
    assert "keys" in answer.stderr
