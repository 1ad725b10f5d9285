"""`huxin app`: the holder's key stays in one file, and every no says what to do next."""

import json
from errno import ENOSPC
from io import StringIO
from uuid import UUID

import pytest
from joserfc.jwk import ECKey
from rich.console import Console

from huxin_client.shell import screen

pytestmark = pytest.mark.gateway

HOME, HOST = "https://fuzhou.example", "https://hangzhou.example"
TEXT = {
    "version": "2026-11",
    "digest": "a" * 64,
    "language": "zh",
    "text": "授权文本",
    "text_zh": "授权文本",
    "text_en": "The text",
}
CONSENT = {
    "consent_id": str(UUID(int=1)),
    "recipient": "330100",
    "purposes": ["transport"],
    "text_version": "2026-11",
    "given_at": "2026-11-29T08:00:00Z",
    "until": "2026-12-29T08:00:00Z",
    "state": "live",
}
ATTESTATION = {
    "attestation_id": str(UUID(int=2)),
    "recipient": "330100",
    "credential": "e30.e30.c~",
    "issued_at": "2026-11-29T08:00:00Z",
    "until": "2026-12-29T08:00:00Z",
}


@pytest.fixture
def wallet(tmp_path):
    return tmp_path / "own" / "wallet.json"


@pytest.fixture
def app(huxin, wallet):
    def run(*words, **more):
        surroundings = {"HUXIN_WALLET": str(wallet), "HUXIN_IDENTITY_TOKEN": "i-d", **more}
        return huxin("app", *words, **surroundings)

    return run


@pytest.fixture
def seated(wallet):
    """A wallet with a session at the host."""
    wallet.parent.mkdir()
    said = {
        "key": ECKey.generate_key("P-256").as_dict(private=True),
        "host": HOST,
        "session": "s-e-s-s",
    }
    wallet.write_text(json.dumps(said))
    wallet.chmod(0o600)
    return wallet


def test_the_text_is_shown_before_anybody_consents(app, gateway, wallet):
    gateway.says("GET /v1/consent-text", TEXT)
    gateway.says("PUT /v1/consents/*", CONSENT)
    words = ("consent", "330100", "--purpose", "transport", "--home", HOME)

    no, yes = app(*words, said="n\n"), app(*words, "--json", said="y\n")

    assert no.exit_code == 1
    assert "授权文本" in no.stderr
    assert json.loads(wallet.read_text())["home"] == HOME
    assert json.loads(yes.stdout.splitlines()[-1])["consent_id"] == CONSENT["consent_id"]
    assert len(gateway.calls("PUT")) == 1


class Full(StringIO):
    """A place to print to that takes nothing."""

    def write(self, _text):
        raise OSError(ENOSPC, "No space left on device")


def test_home_is_kept_before_a_consent_is_printed(app, gateway, wallet, monkeypatch):
    gateway.says("GET /v1/consent-text", TEXT)
    gateway.says("PUT /v1/consents/*", CONSENT)
    monkeypatch.setattr(screen, "out", Console(file=Full()))

    app("consent", "330100", "--purpose", "transport", "--home", HOME, "--yes")

    assert json.loads(wallet.read_text())["home"] == HOME


@pytest.mark.usefixtures("seated")
def test_a_qr_code_is_written_and_its_file_told_as_json(app, gateway, tmp_path):
    file = tmp_path / "q.svg"
    gateway.says("GET /v1/grants/*/pass.svg", b"<svg/>")

    answer = app("pass", UUID(int=3), "--json", "--qr", file)

    assert json.loads(answer.stdout) == {"qr": str(file)}
    assert file.stat().st_mode & 0o777 == 0o600  # whoever has it may use the grant
    assert file.read_bytes() == b"<svg/>"


def test_key_and_attestation_are_kept_in_a_file_that_nobody_else_reads(app, gateway, wallet):
    gateway.says("PUT /v1/attestations/*", ATTESTATION)

    first, second = app("attest", "330100", "--home", HOME), app("attest", "330100")

    assert (first.exit_code, second.exit_code) == (0, 0), second.output
    assert wallet.stat().st_mode & 0o777 == 0o600
    asked = [json.loads(each.body)["holder_key"] for each in gateway.sent]
    assert asked[0] == asked[1], "home and key are remembered"
    assert "d" not in asked[0]


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        (("attest", "330100", "--home", HOME), {"HUXIN_IDENTITY_TOKEN": ""}, "no identity token"),
        (("attest", "330100"), {}, "which home?"),
        (("attest", "330100", "--home", "fuzhou"), {}, "http(s)://host"),
        (("eligibility",), {}, "huxin app attest"),
        (("present", "330100", "--host", HOST), {}, "huxin app attest"),
    ],
)
def test_what_is_missing_is_said_with_the_command_that_helps(app, words, more, said):
    answer = app(*words, **more)

    assert answer.exit_code == 1
    assert said in answer.stderr


@pytest.mark.parametrize("days", [0, 732, 99_999_999])
def test_a_consent_is_for_two_years_at_most(app, days):
    answer = app("consent", "330100", "--purpose", "sports", "--home", HOME, "--days", days)

    assert answer.exit_code == 2


@pytest.mark.usefixtures("seated")
def test_without_an_attestation_for_the_city_nothing_is_presented(app):
    answer = app("present", "410100")

    assert "huxin app attest 410100" in answer.stderr


@pytest.mark.usefixtures("seated")
@pytest.mark.parametrize("words", [("eligibility",), ("take", "late-return"), ("grants",)])
def test_a_session_that_is_over_says_how_to_get_another(app, gateway, words):
    for call in ("GET /v1/eligibility", "PUT /v1/grants/*", "GET /v1/grants"):
        gateway.says(call, {"code": "unauthenticated"}, status=401)

    answer = app(*words)

    assert answer.exit_code == 1
    assert "huxin app present" in answer.stderr
    assert "s-e-s-s" not in answer.output


@pytest.mark.usefixtures("seated")
def test_an_id_that_is_taken_is_said(app, gateway):
    gateway.says("PUT /v1/grants/*", {"code": "id_reused"}, status=409)

    answer = app("take", "late-return", "--id", UUID(int=3))

    assert answer.exit_code == 1
    assert answer.stderr.startswith("huxin: id_reused")


@pytest.mark.parametrize("mode", [0o644, 0o640])
def test_a_wallet_that_others_can_read_is_not_used(app, seated, mode):
    seated.chmod(mode)

    answer = app("grants")

    assert answer.exit_code == 1
    assert "chmod 600" in answer.stderr


def test_a_damaged_key_is_said(app, seated):
    said = json.loads(seated.read_text())
    seated.write_text(json.dumps(said | {"key": {}, "attestations": {"330100": "e30.e30.c~"}}))

    answer = app("attest", "330100", "--home", HOME)

    assert "is damaged: no key" in answer.stderr
