"""The examples say in plain words what they lack."""

import json
import sys

import pytest

from huxin_client.examples import app, partner, till

pytestmark = pytest.mark.gateway

WORDS = {
    app: (
        *("--home", "https://h.example", "--host", "https://g.example", "--host-city", "330100"),
        *("--incentive", "long-ride", "--purpose", "transport"),
    ),
    till: ("--gateway", "https://g.example", "--client-id", "shop", "--keys", "none.json"),
    partner: (
        *("--gateway", "https://g.example", "--key", "none.jwk", "--period", "2026-11"),
        *("--home", "350100", "--host", "330100"),
    ),
}


@pytest.fixture
def run(monkeypatch, capsys):
    def run(example, *words):
        monkeypatch.setattr(sys, "argv", ["example", *words])
        with pytest.raises(SystemExit) as ended:
            example.main()
        said = capsys.readouterr()
        return ended.value.code, said.out + said.err

    return run


@pytest.mark.parametrize(("example", "zh"), [(app, "授权"), (till, "核销"), (partner, "对账单")])
def test_each_says_in_two_languages_what_it_wants(run, example, zh):
    code, said = run(example, "--help")

    assert code == 0
    assert zh in said


@pytest.mark.parametrize(
    ("example", "lacking"),
    [(app, "HUXIN_IDENTITY_TOKEN"), (till, "HUXIN_CLIENT_SECRET"), (partner, "none.jwk")],
)
def test_what_is_lacking_is_named(run, monkeypatch, example, lacking):
    for name in ("HUXIN_IDENTITY_TOKEN", "HUXIN_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)

    code, said = run(example, *WORDS[example])

    assert code == 2
    assert lacking in said.splitlines()[-1]


@pytest.mark.parametrize("written", ["", "[]", json.dumps({"kty": "oct", "k": "A" * 43})])
def test_a_file_that_is_no_key_is_named(run, tmp_path, written):
    file = tmp_path / "key.jwk"
    file.write_text(written)

    code, said = run(partner, *WORDS[partner], "--key", str(file))

    assert code == 2
    assert "--key" in said.splitlines()[-1]
