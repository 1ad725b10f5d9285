"""A new node gets keys of its own, settings that explain themselves, and overwrites nothing."""

import json
import tomllib

import pytest

from services.cli.parts import PARTS
from services.cli.settings_file import MEANINGS, defaults
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.encryption import EncryptionKey
from services.recognition.adapters.keys import PrivateKey

FUZHOU = {
    "--city": "350100",
    "--gateway-url": "https://huxin.fuzhou.example",
    "--identity-issuer": "https://id.fuzhou.example",
}


@pytest.fixture
def init(huxin):
    def run(directory, **options):
        given = {
            **FUZHOU,
            **{f"--{name.replace('_', '-')}": text for name, text in options.items()},
        }
        return huxin("init", directory, *[word for pair in given.items() for word in pair])

    return run


def test_what_is_printed_is_what_the_roster_lists(init, tmp_path):
    answer = init(tmp_path / "node")

    public = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (public["city"], public["gateway"]) == ("350100", "https://huxin.fuzhou.example")
    for listed in public["keys"]:
        load = EncryptionKey.load if listed["use"] == "encryption" else PrivateKey.load
        key = load(tmp_path / "node/keys" / f"{listed['use']}.jwk")
        assert (listed["kid"], listed["jwk"]) == (key.kid, key.public_jwk)
    assert [listed["use"] for listed in public["keys"]] == [
        "attestation",
        "transport",
        "encryption",
    ]
    assert '"d"' not in answer.stdout


def test_keys_are_their_owner_s_alone(init, tmp_path):
    init(tmp_path / "node")

    keys = tmp_path / "node/keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in keys.iterdir()} == dict.fromkeys(
        [
            "attestation.jwk",
            "transport.jwk",
            "resident.key",
            "pass.jwk",
            "session.key",
            "encryption.jwk",
        ],
        0o600,
    )


@pytest.mark.parametrize(("algorithm", "curve"), [("EdDSA", "Ed25519"), ("ES256", "P-256")])
def test_a_city_chooses_what_it_signs_by(init, tmp_path, algorithm, curve):
    answer = init(tmp_path / "node", algorithm=algorithm)

    keys = {listed["use"]: listed["jwk"] for listed in json.loads(answer.stdout)["keys"]}
    assert {keys[use]["crv"] for use in ("attestation", "transport")} == {curve}
    assert keys["encryption"]["crv"] == "P-256"


def test_an_algorithm_that_no_city_signs_by_leaves_nothing_behind(init, tmp_path):
    answer = init(tmp_path / "node", algorithm="none")

    assert (answer.exit_code, (tmp_path / "node").exists()) == (1, False)
    assert "none is not one of EdDSA, ES256" in answer.stderr


def test_no_two_nodes_share_a_key(init, tmp_path):
    init(tmp_path / "one")
    init(tmp_path / "two")

    for name in ("attestation.jwk", "encryption.jwk", "resident.key", "pass.jwk", "session.key"):
        one, two = ((tmp_path / node / "keys" / name).read_text() for node in ("one", "two"))
        assert one != two


def test_the_settings_load_and_explain_each_in_two_languages(init, tmp_path):
    init(tmp_path / "node")

    file = tmp_path / "node/node.toml"
    values = read_values(file, {})
    text = file.read_text("utf-8")
    for part in PARTS.values():
        load_settings(part.settings, values)
    for name, meanings in MEANINGS.items():
        assert f"{name} = " in text
        assert all(f"# {meaning}" in text for meaning in meanings)


def test_every_setting_of_a_node_is_explained():
    assert set(MEANINGS) == set(defaults())


def test_a_default_that_is_uncommented_is_the_default(init, tmp_path):
    init(tmp_path / "node")

    text = (tmp_path / "node/node.toml").read_text("utf-8")
    uncommented = tomllib.loads(text.replace("# attestation_days", "attestation_days"))
    assert uncommented["attestation_days"] == defaults()["attestation_days"]


@pytest.mark.parametrize("existing", ["keys", "node.toml", "scores.csv", "alliance"])
def test_nothing_is_overwritten_and_nothing_half_done(init, tmp_path, existing):
    node = tmp_path / "node"
    node.mkdir()
    (node / existing).write_text("mine")

    answer = init(node)

    assert answer.exit_code == 1
    assert f"{existing} exists; nothing was written" in answer.stderr
    assert [path.name for path in node.iterdir()] == [existing]
    assert (node / existing).read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("city", "Fuzhou"),
        ("gateway_url", "fuzhou.example"),
        ("gateway_url", "https://huxin.fuzhou.example/"),
        ("gateway_url", "https://Huxin.fuzhou.example"),
    ],
)
def test_a_bad_value_is_named_before_anything_is_written(init, tmp_path, option, value):
    answer = init(tmp_path / "node", **{option: value})

    assert answer.exit_code == 1
    assert f"{option}: " in answer.stderr
    assert not (tmp_path / "node").exists()


@pytest.mark.parametrize("use", ["attestation", "transport"])
def test_a_key_to_follow_another_is_made_alone(huxin, tmp_path, use):
    file = tmp_path / "next.jwk"

    answer = huxin("key", use, file)

    listed = json.loads(answer.stdout)
    assert (listed["use"], listed["kid"]) == (use, PrivateKey.load(file).kid)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_is_not_made_over_another(huxin, tmp_path):
    file = tmp_path / "next.jwk"
    huxin("key", "transport", file)
    before = file.read_text()

    answer = huxin("key", "transport", file)

    assert (answer.exit_code, file.read_text()) == (1, before)
