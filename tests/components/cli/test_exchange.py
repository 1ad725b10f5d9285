"""`huxin exchange` on a node's own files."""

import pytest

from services.cli.demo.world import FUZHOU
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.unit_of_work import make_unit_of_work

SINCE = "2026-11-01T08:00+08:00"


@pytest.fixture
def kid(settings):
    return PrivateKey.load(settings.parent / "keys/attestation.jwk").kid


def distrusted(settings):
    engine = open_database(f"sqlite:///{settings.parent}/data/recognition.db")
    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        return uow.distrusted_keys.every(), uow.unsigned_notices.count()


def test_the_only_key_is_warned_of_and_only_the_alliance_can_stop_it(huxin, settings, kid):
    told = huxin("exchange", "key-compromised", kid, "--since", SINCE, "--settings", settings)

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
    refused = huxin("exchange", "key-compromised", kid, *words, "--settings", settings)

    assert refused.exit_code == 1
    assert why in refused.output
    assert distrusted_nothing(settings)


def distrusted_nothing(settings):
    file = settings.parent / "data/recognition.db"
    return not file.exists() or distrusted(settings) == ([], 0)


def test_a_key_of_somebody_else_is_refused(huxin, settings):
    refused = huxin("exchange", "key-compromised", "k", "--since", SINCE, "--settings", settings)

    assert refused.exit_code == 1
    assert "unknown_key" in refused.output
