"""`huxin exchange` on a node's own files."""

import csv
from datetime import timedelta

import pytest

from contracts.pseudonyms import resident_of
from services.cli.demo.world import FUZHOU, HANGZHOU
from services.cli.exchange.recognition import open_recognition
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.node import read_resident_key
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent
from tests.builders.recognition import a_give_consent, an_issue_attestation

pytestmark = pytest.mark.recognition

SINCE = "2026-11-01T08:00+08:00"


@pytest.fixture
def kid(settings):
    return PrivateKey.load(settings.parent / "keys/attestation.jwk").kid


def distrusted(settings):
    engine = open_database(f"sqlite:///{settings.parent}/data/recognition.db")
    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        return uow.distrusted_keys.every(), uow.unsigned_notices.count()


def test_the_only_key_is_warned_of_and_only_the_alliance_can_stop_it(huxin, settings, kid):
    told = huxin(
        "exchange", "key-compromised", "--kid", kid, "--since", SINCE, "--settings", settings
    )

    [distrust], waiting = distrusted(settings)
    assert told.exit_code == 0
    assert (distrust.home, distrust.kid) == (FUZHOU, kid)
    assert waiting == 2
    assert "told: 330100, 410100" in told.output
    assert "2 notices wait" in told.output
    assert "only the alliance can stop it" in told.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--since", "yesterday"), "--since"),
        (("--since", "2026-11-01T08:00"), "time zone"),
        (("--since", "2999-01-01T00:00Z"), "malformed"),
    ],
)
def test_a_moment_that_is_none_is_named(huxin, settings, kid, words, why):
    refused = huxin("exchange", "key-compromised", "--kid", kid, *words, "--settings", settings)

    assert refused.exit_code == 1
    assert why in refused.output
    assert distrusted_nothing(settings)


def distrusted_nothing(settings):
    file = settings.parent / "data/recognition.db"
    return not file.exists() or distrusted(settings) == ([], 0)


def test_a_key_of_somebody_else_is_refused(huxin, settings):
    refused = huxin(
        "exchange", "key-compromised", "--kid", "-k", "--since", SINCE, "--settings", settings
    )

    assert refused.exit_code == 1
    assert "unknown_key" in refused.output


def test_where_nothing_stands_nothing_is_sent(huxin, settings):
    sent = huxin("exchange", "send", HANGZHOU, "--settings", settings)

    assert sent.exit_code == 0
    assert "no attestation for 330100 stands" in sent.output


def an_attestation_at_home(settings):
    """Issue one attestation for Hangzhou in Fuzhou's database."""
    uow, node = open_recognition(settings)
    lines = (settings.parent / "scores.csv").read_text("utf-8").splitlines()
    person = next(csv.DictReader(lines))
    key = read_resident_key(settings.parent / "keys/resident.key")
    resident, now = resident_of(key, person["civil_id"]), utc_now()
    version = node.consent_texts().current(now).version
    until = now + timedelta(days=30)
    consent = a_give_consent(resident=resident, text_version=version, until=until)
    give_consent(consent, uow=uow, node=node, now=now)
    issue_attestation(an_issue_attestation(resident=resident), uow=uow, node=node, now=now)


def test_a_dry_run_says_what_would_be_sent(huxin, settings):
    an_attestation_at_home(settings)

    said = [
        huxin("exchange", "send", HANGZHOU, "--dry-run", "--settings", settings) for _ in range(2)
    ]

    assert said[0].exit_code == 0
    assert "1 attestations for 330100 at http://127.0.0.1:8333" in said[0].output
    assert said[0].output == said[1].output


@pytest.mark.parametrize("host", ["999999", "nowhere"])
def test_a_host_that_is_no_member_is_refused(huxin, settings, host):
    said = huxin("exchange", "send", host, "--settings", settings)

    assert said.exit_code == 1
    assert "unknown_city" in said.output
