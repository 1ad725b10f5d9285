"""A node starts only on files it can work with, and follows them when they change."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from contracts.errors import Malformed, Refused, Unauthenticated
from contracts.recognition import WithdrawConsent
from contracts.words import ConsentState
from services.plumbing.settings import BadSetting, load_settings
from services.recognition.adapters.documents import AllianceKeys, write_alliance_keys
from services.recognition.adapters.node import Kept, kept_by, make_node
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.domain.document import AdoptedDocument, DocumentVersion, StaleDocument
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.roster import adopt_pseudonym_keys, adopt_roster
from services.recognition.settings import RecognitionSettings
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_give_consent,
    an_issue_attestation,
    an_issued_attestation,
)
from tests.builders.recognition_files import ALLIANCE_KEY, TEXT_VERSION, as_texts, write_node
from tests.fakes.recognition import FakeDownloads, FakeUnitOfWork

pytestmark = pytest.mark.recognition


def clock():
    return NOW


def started(settings, uow=None, downloads=None):
    """Make a node as the service does, on what its database kept."""
    uow = uow or FakeUnitOfWork()
    node = make_node(settings, clock, kept_by(uow), downloads or FakeDownloads())
    look(uow, node)
    return node


def look(uow, node):
    adopt_roster(uow=uow, node=node, now=NOW)
    adopt_pseudonym_keys(uow=uow, node=node, now=NOW)


def replaced(path, text):
    path.write_text(text)
    os.utime(path, ns=(len(text), len(text)))  # as if written at another moment


def test_a_node_attests_with_what_its_files_say(tmp_path, uow):
    node = started(write_node(tmp_path))
    give_consent(a_give_consent(text_version=TEXT_VERSION), uow=uow, node=node, now=NOW)

    record = issue_attestation(an_issue_attestation(), uow=uow, node=node, now=NOW)

    assert record.until == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([a_key(OTHER_KEY)], "not in the roster"),
        ([a_key(HOME_KEY, use=KeyUse.TRANSPORT)], "listed for transport"),
        ([a_key(HOME_KEY, state=KeyState.NEXT)], "listed as next"),
        ([a_key(HOME_KEY, state=KeyState.RETIRED)], "listed as retired"),
        ([a_key(HOME_KEY, use_until=NOW)], "out of use"),
        ([a_key(HOME_KEY, use_from=NOW + timedelta(days=1))], "not in use yet"),
    ],
)
def test_a_node_whose_key_nobody_would_believe_starts_and_says_so(tmp_path, keys, reason):
    roster = a_roster(a_city(FUZHOU, keys=keys), a_city(HANGZHOU))

    with capture_logs() as logs:
        make_node(write_node(tmp_path, roster=roster), clock)

    [line] = logs
    assert (line["event"], line["log_level"]) == ("key_not_usable", "error")
    assert reason in line["reason"]


@pytest.mark.parametrize(
    "roster",
    [a_roster(a_city(HANGZHOU)), a_roster(valid_until=NOW - timedelta(days=15))],
    ids=["not a member", "roster over"],
)
def test_residents_withdraw_consent_whatever_became_of_membership(tmp_path, uow, roster):
    an_issued_attestation(uow)
    node = make_node(write_node(tmp_path, roster=roster), clock)

    record = withdraw_consent(
        WithdrawConsent(consent_id=ID, resident=RESIDENT), uow=uow, node=node, now=NOW
    )

    assert record.state is ConsentState.WITHDRAWN


def test_a_node_does_not_start_on_a_roster_that_the_alliance_did_not_sign(tmp_path):
    settings = write_node(tmp_path)
    settings.roster_file.write_text(sign_roster(a_roster(), OTHER_KEY))

    with pytest.raises(Unauthenticated, match="bad_signature"):
        make_node(settings, clock)


@pytest.mark.parametrize("name", ["roster_file", "alliance_keys_file", "scores_file"])
def test_a_node_does_not_start_without_one_of_its_files(tmp_path, name):
    settings = write_node(tmp_path)
    getattr(settings, name).unlink()

    with pytest.raises(FileNotFoundError):
        make_node(settings, clock)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("resident.key", "not hex"),
        ("resident.key", "00" * 31),
    ],
)
def test_a_node_does_not_start_on_a_key_file_it_cannot_read(tmp_path, name, text):
    settings = write_node(tmp_path)
    (settings.keys_directory / name).write_text(text)

    with pytest.raises(Malformed, match=name):
        make_node(settings, clock)


def test_a_newer_roster_is_followed_without_a_restart(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)

    replaced(settings.roster_file, sign_roster(a_roster(version=8), ALLIANCE_KEY))
    look(uow, node)

    assert node.roster().version == 8


def test_a_roster_is_kept_before_it_is_gone_by(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)
    replaced(settings.roster_file, sign_roster(a_roster(version=8), ALLIANCE_KEY))

    offered = node.rosters.look()

    assert (offered.content.version, node.roster().version) == (8, 7)


def test_alliance_keys_are_read_anew_when_they_change(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)
    keys = AllianceKeys({OTHER_KEY.kid: OTHER_KEY.public_jwk})
    replaced(settings.alliance_keys_file, write_alliance_keys(keys))

    replaced(settings.roster_file, sign_roster(a_roster(version=8), OTHER_KEY))
    look(uow, node)

    assert node.roster().version == 8


def test_an_older_roster_is_not_gone_back_to(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)

    replaced(settings.roster_file, sign_roster(a_roster(version=6), ALLIANCE_KEY))
    look(uow, node)

    assert node.roster().version == 7


@pytest.mark.parametrize("what", ["older", "away", "garbage"])
def test_a_restart_goes_by_what_was_kept_whatever_became_of_the_file(tmp_path, uow, what):
    settings = write_node(tmp_path)
    started(settings, uow)
    settings.roster_file.unlink()
    if what != "away":
        older = sign_roster(a_roster(version=6), ALLIANCE_KEY)
        settings.roster_file.write_text(older if what == "older" else "half a file")

    node = started(settings, uow)

    assert (node.roster().version, set(node.roster().cities)) == (7, {FUZHOU, HANGZHOU})


def test_a_restart_without_a_document_that_was_kept_does_not_go_back_either(tmp_path):
    settings = write_node(tmp_path, roster=a_roster(version=6))
    last = AdoptedDocument(version=DocumentVersion(7, "digest"), text=None, at=NOW)

    with pytest.raises(StaleDocument, match="version 6, seen 7"):
        make_node(settings, clock, Kept(last))


def test_what_was_kept_by_keys_that_the_alliance_gave_up_starts_no_node(tmp_path, uow):
    settings = write_node(tmp_path)
    started(settings, uow)
    keys = AllianceKeys({OTHER_KEY.kid: OTHER_KEY.public_jwk})
    settings.alliance_keys_file.write_text(write_alliance_keys(keys))

    with pytest.raises(Unauthenticated, match="bad_signature"):
        started(settings, uow)


def test_another_roster_of_the_same_version_is_not_followed(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)

    replaced(settings.roster_file, sign_roster(a_roster(a_city(FUZHOU)), ALLIANCE_KEY))
    look(uow, node)

    assert set(node.roster().cities) == {FUZHOU, HANGZHOU}


def test_a_key_that_the_roster_drops_signs_no_more(tmp_path, uow):
    settings = write_node(tmp_path)
    node = started(settings, uow)
    give_consent(a_give_consent(text_version=TEXT_VERSION), uow=uow, node=node, now=NOW)
    dropped = a_roster(a_city(FUZHOU, keys=[a_key(OTHER_KEY)]), a_city(HANGZHOU), version=8)

    replaced(settings.roster_file, sign_roster(dropped, ALLIANCE_KEY))
    look(uow, node)

    with pytest.raises(Refused, match="key_not_usable"):
        issue_attestation(an_issue_attestation(), uow=uow, node=node, now=NOW)


def test_a_node_shows_no_secret_of_its_own(tmp_path):
    node = started(write_node(tmp_path))

    [key] = node.holder_keys(HANGZHOU, NOW)
    assert repr(key) not in repr(node)
    assert node.scores.find(RESIDENT) is not None


def test_an_attestation_may_not_live_longer_than_hosts_accept(tmp_path):
    values = as_texts(write_node(tmp_path))

    with pytest.raises(BadSetting, match="attestation_days"):
        load_settings(RecognitionSettings, {**values, "attestation_days": "32"})


def test_settings_are_read_from_text(tmp_path):
    settings = write_node(tmp_path)
    values = as_texts(settings)
    urls = ("https://alliance.example", "https://hangzhou.example")
    values |= {"alliance_urls": ", ".join(urls)}
    values |= {"score_days": "90", "worked_days": "2026-10-10, 2026-10-11"}

    read = load_settings(RecognitionSettings, values)

    worked = (date(2026, 10, 10), date(2026, 10, 11))
    assert read == replace(settings, score_days=90, worked_days=worked, alliance_urls=urls)


@pytest.mark.parametrize("text", ["3", "1,2,3", "-1,3", "a,b"])
def test_a_period_of_facts_is_two_numbers_of_months(tmp_path, text):
    values = as_texts(write_node(tmp_path))

    with pytest.raises(BadSetting, match="fact_months_minor"):
        load_settings(RecognitionSettings, {**values, "fact_months_minor": text})


def test_a_minimum_period_beyond_its_maximum_stops_the_start(tmp_path):
    settings = replace(write_node(tmp_path), fact_months_general=(12, 3))

    with pytest.raises(Malformed, match="minimum period"):
        make_node(settings, clock)
