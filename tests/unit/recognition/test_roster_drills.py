"""Drills: what a node does when keys change, rosters go back, or their source falls silent.

docs/operations.md tells operators what to do and to see in each; here time is played by a clock.
"""

import os
from dataclasses import replace
from datetime import timedelta

import prometheus_client
import pytest
from structlog.testing import capture_logs

from contracts.errors import Refused
from contracts.recognition import RecognitionEnded, RosterAdopted, ScoreRecognised
from services.plumbing.green import eventlet
from services.recognition.adapters.node import kept_by, make_node
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.domain.roster import KeyState
from services.recognition.domain.status_list import StatusReading
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.roster import adopt_roster, end_unbelieved
from services.scenarios.handlers.recognitions import on_score_recognised
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOME_KEY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    a_give_consent,
    a_recognise_attestation,
    an_issue_attestation,
    an_open_challenge,
    home_node,
)
from tests.builders.recognition_files import ALLIANCE_KEY, write_node
from tests.builders.scenarios import a_catalogue, issue, publish, redeem
from tests.fakes.recognition import FakeDownloads, FakeUnitOfWork
from tests.fakes.scenarios import FakeUnitOfWork as FakeScenarios

pytestmark = pytest.mark.recognition

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class PlayedClock:
    """Shows the same moment until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


class FreshStatuses:
    """Every attestation stands, as of a moment ago."""

    def __init__(self, clock):
        self.clock = clock

    def read(self, entry):
        return StatusReading(0, self.clock(), self.clock() + HOUR)


class HostOnFiles:
    """Hangzhou's node, made from its files, and what it keeps across restarts."""

    def __init__(self, directory, *, roster=None, urls=()):
        self.clock, self.uow, self.downloads = PlayedClock(), FakeUnitOfWork(), FakeDownloads()
        settings = write_node(
            directory, city=HANGZHOU, gateway=GATEWAY, key=HOST_KEY, roster=roster
        )
        self.settings = replace(settings, alliance_urls=urls)
        self.start()

    def start(self):
        node = make_node(self.settings, self.clock, kept_by(self.uow), self.downloads)
        self.node = replace(node, statuses=FreshStatuses(self.clock))
        self.look()

    def put(self, text):
        """Put a text where the roster lies, as if at a moment of its own."""
        self.settings.roster_file.write_text(text)
        moment = self.settings.roster_file.stat().st_mtime_ns + len(text) * 10**9
        os.utime(self.settings.roster_file, ns=(moment, moment))

    def look(self):
        """Do what the service does each minute."""
        now = self.clock()
        adopt_roster(uow=self.uow, node=self.node, now=now)
        end_unbelieved(uow=self.uow, node=self.node, now=now)

    def recognise(self, credential):
        now = self.clock()
        challenge = an_open_challenge(self.uow, self.node, now=now)
        command = a_recognise_attestation(credential, challenge, now=now)
        return recognise_attestation(command, uow=self.uow, node=self.node, now=now)

    def gauge(self, name):
        return prometheus_client.REGISTRY.get_sample_value(name, {"city": HANGZHOU})


def signed(*fuzhou_keys, **overrides):
    """Sign a roster with Hangzhou, and with Fuzhou by these keys."""
    fuzhou = a_city(FUZHOU, keys=fuzhou_keys or None)
    return sign_roster(a_roster(fuzhou, a_city(HANGZHOU), **overrides), ALLIANCE_KEY)


def attested(now, key=HOME_KEY):
    """Attest as Fuzhou by a key, whatever the roster says of it."""
    uow, node = FakeUnitOfWork(), home_node(signer=key)
    give_consent(a_give_consent(), uow=uow, node=node, now=now)
    return issue_attestation(an_issue_attestation(), uow=uow, node=node, now=now).credential


@pytest.fixture
def host(tmp_path):
    return HostOnFiles(tmp_path)


# --- keys overlap --------------------------------------------------------------------------


@pytest.fixture
def overlap(host):
    """Two keys of Fuzhou: the old one for two days more, the new one from tomorrow."""
    old = a_key(HOME_KEY, use_until=NOW + 2 * DAY)
    host.put(signed(old, a_key(OTHER_KEY, use_from=NOW + DAY), version=8))
    host.look()
    return host


def test_while_keys_overlap_both_are_believed(overlap):
    overlap.clock.now += DAY

    for key in (HOME_KEY, OTHER_KEY):
        assert overlap.recognise(attested(overlap.clock(), key)).roster == 8


def test_a_new_key_is_refused_before_its_time(overlap):
    with pytest.raises(Refused, match=r"key_not_current.*not in use yet"):
        overlap.recognise(attested(overlap.clock(), OTHER_KEY))


def test_after_the_overlap_the_old_key_is_refused_and_the_new_one_believed(overlap):
    overlap.clock.now += 2 * DAY

    with pytest.raises(Refused, match=r"key_not_current.*out of use"):
        overlap.recognise(attested(overlap.clock(), HOME_KEY))
    assert overlap.recognise(attested(overlap.clock(), OTHER_KEY)).roster == 8


def test_what_the_old_key_signed_in_its_time_stands_after_the_overlap(overlap):
    credential = attested(overlap.clock(), HOME_KEY)
    overlap.recognise(credential)

    overlap.clock.now += 3 * DAY
    overlap.look()

    assert overlap.uow.announced_of(RecognitionEnded) == []
    assert overlap.recognise(credential).roster == 8


# --- a roster goes back --------------------------------------------------------------------


@pytest.fixture
def rolled_back(host):
    host.put(signed(version=8))
    host.look()
    host.put(signed(version=7))
    return host


def test_a_roster_is_not_rolled_back_and_the_log_says_so(rolled_back):
    with capture_logs() as logs:
        rolled_back.look()

    assert rolled_back.recognise(attested(NOW)).roster == 8
    assert [event.version for event in rolled_back.uow.announced_of(RosterAdopted)] == [7, 8]
    [line] = [line for line in logs if line.get("place") == "roster.jws"]
    assert (line["event"], line["error"]) == ("document_not_taken", "version 7, seen 8")


def test_a_restart_does_not_roll_a_roster_back_either(rolled_back):
    rolled_back.start()

    assert rolled_back.recognise(attested(NOW)).roster == 8


def test_after_a_rollback_the_next_version_starts_the_node(rolled_back):
    rolled_back.put(signed(version=9))

    rolled_back.start()

    assert rolled_back.recognise(attested(NOW)).roster == 9


# --- a key is revoked ----------------------------------------------------------------------


@pytest.fixture
def revoked(host):
    """Hangzhou recognised by a key of Fuzhou that the next roster lists as retired."""
    host.recognise(attested(NOW))
    host.put(signed(a_key(HOME_KEY, state=KeyState.RETIRED), a_key(OTHER_KEY), version=8))
    host.look()
    return host


def test_what_rests_on_a_revoked_key_ends_within_the_minute(revoked):
    [ended] = revoked.uow.announced_of(RecognitionEnded)

    assert (ended.home, ended.reason) == (FUZHOU, "key_retired")


def test_a_revoked_key_is_refused_whenever_it_signed(revoked):
    with pytest.raises(Refused, match=r"key_not_current.*retired"):
        revoked.recognise(attested(NOW - DAY))


def test_the_successor_of_a_revoked_key_is_believed(revoked):
    assert revoked.recognise(attested(NOW, OTHER_KEY)).roster == 8


# --- the source falls silent ---------------------------------------------------------------


def away(host):
    host.settings.roster_file.unlink()


def garbage(host):
    host.put("half a file")


def older(host):
    host.put(signed(version=6))


@pytest.mark.parametrize("break_source", [away, garbage, older])
def test_a_day_without_a_readable_roster_stops_no_recognition(host, break_source):
    break_source(host)
    for _ in range(24):
        host.clock.now += HOUR
        host.look()

    host.start()
    record = host.recognise(attested(host.clock()))

    assert (record.roster, record.roster_age_seconds) == (7, DAY.total_seconds())
    assert host.uow.announced_of(RecognitionEnded) == []


@pytest.mark.parametrize("break_source", [away, garbage, older])
def test_gauges_show_how_old_the_roster_is_and_when_it_ends(host, break_source):
    until_end = (a_roster().valid_until - NOW).total_seconds()
    assert host.gauge("huxin_roster_ends_seconds") == until_end
    assert host.gauge("huxin_roster_read_age_seconds") == 0
    break_source(host)

    for _ in range(24):
        host.clock.now += HOUR
        host.look()

    assert host.gauge("huxin_roster_ends_seconds") == until_end - DAY.total_seconds()
    assert host.gauge("huxin_roster_read_age_seconds") == DAY.total_seconds()


def test_a_source_that_is_back_is_fresh_at_once(host):
    text = host.settings.roster_file.read_text()
    away(host)
    host.clock.now += DAY
    host.look()

    host.put(text)
    host.look()

    assert host.gauge("huxin_roster_read_age_seconds") == 0


def test_a_source_that_does_not_change_is_fresh(host):
    host.clock.now += DAY

    host.look()

    assert host.gauge("huxin_roster_read_age_seconds") == 0


# --- addresses and peers -------------------------------------------------------------------

OFFICE = "https://alliance.example"
PEER = "https://fuzhou.example/v1/roster"


@pytest.fixture
def online(tmp_path):
    """A node that is told of newer rosters by the alliance's address."""
    host = HostOnFiles(tmp_path, urls=(OFFICE,))
    host.downloads.texts[f"{OFFICE}/v1/roster"] = signed(version=8)
    host.look()
    return host


def test_a_newer_roster_comes_from_the_alliance_s_address(online):
    assert online.recognise(attested(NOW)).roster == 8
    assert PEER not in online.downloads.asked


def test_while_the_address_is_dead_a_peer_brings_the_next_roster(online):
    online.downloads.texts = {PEER: signed(version=9)}

    online.look()

    assert online.recognise(attested(NOW)).roster == 9


def test_while_the_address_is_behind_a_peer_brings_the_next_roster(online):
    online.downloads.texts = {f"{OFFICE}/v1/roster": signed(version=7), PEER: signed(version=9)}

    online.look()

    assert online.recognise(attested(NOW)).roster == 9


@pytest.mark.parametrize(
    "text",
    [
        sign_roster(a_roster(version=9), OTHER_KEY),
        signed(a_key(OTHER_KEY), version=8),
        signed(version=6),
        "",
    ],
    ids=["not the alliance's", "other content", "older", "empty"],
)
def test_a_peer_is_believed_for_the_alliance_s_signatures_alone(online, text):
    online.downloads.texts = {PEER: text}

    online.look()

    assert online.recognise(attested(NOW)).roster == 8


def test_peers_that_are_cut_off_too_do_not_hide_how_old_the_word_is(online):
    online.downloads.texts = {PEER: signed(version=8)}

    online.clock.now += DAY
    online.look()

    assert online.recognise(attested(online.clock())).roster_age_seconds == DAY.total_seconds()
    assert online.gauge("huxin_roster_read_age_seconds") == DAY.total_seconds()


def test_a_file_is_no_fresh_word_where_there_is_an_address(online):
    online.put(signed(version=8))
    online.downloads.texts = {}

    online.clock.now += DAY
    online.look()

    assert online.gauge("huxin_roster_read_age_seconds") == DAY.total_seconds()


def test_all_peers_have_their_turn(tmp_path):
    others = [a_city(f"35{n:02}00", gateway=f"https://{n}.example", keys=[]) for n in range(2, 9)]
    host = HostOnFiles(tmp_path, roster=a_roster(a_city(HANGZHOU), *others))
    away(host)

    host.downloads.asked.clear()
    for _ in range(3):
        host.look()

    assert set(host.downloads.asked) == {f"https://{n}.example/v1/roster" for n in range(2, 9)}
    assert len(host.downloads.asked) == 9


def test_a_peer_that_is_slow_keeps_no_other_from_being_asked(tmp_path):
    others = [a_city(f"35{n:02}00", gateway=f"https://{n}.example", keys=[]) for n in range(2, 5)]
    host = HostOnFiles(tmp_path, roster=a_roster(a_city(HANGZHOU), *others))
    away(host)
    asked, told, answer = [], [], host.downloads.get

    def slow(url, **options):
        asked.append(url)
        eventlet.sleep(0)  # the answer takes a while
        told.append(len(asked))
        return answer(url, **options)

    host.downloads.get = slow
    host.look()

    assert told == [3, 3, 3]


def test_a_node_does_not_ask_itself_or_a_city_that_is_not_online(tmp_path):
    suspended = a_city(FUZHOU, state="suspended")
    host = HostOnFiles(tmp_path, roster=a_roster(a_city(HANGZHOU), suspended))
    away(host)

    host.look()

    assert host.downloads.asked == []


# --- a city is suspended -------------------------------------------------------------------


def test_a_suspended_city_is_not_believed_nor_even_asked(host):
    host.recognise(attested(NOW))
    suspended = a_roster(a_city(FUZHOU, state="suspended"), a_city(HANGZHOU), version=8)
    host.put(sign_roster(suspended, ALLIANCE_KEY))

    host.look()
    host.node = replace(host.node, statuses=None)  # whoever asks it fails

    [ended] = host.uow.announced_of(RecognitionEnded)
    assert (ended.home, ended.reason) == (FUZHOU, "city_not_online")
    with pytest.raises(Refused, match="city_not_online"):
        host.recognise(attested(NOW))


# --- beyond grace --------------------------------------------------------------------------


@pytest.fixture
def ending(tmp_path):
    """A roster that ends in an hour and is carried for two hours more."""
    return HostOnFiles(tmp_path, roster=a_roster(valid_until=NOW + HOUR, grace=2 * HOUR))


def test_through_its_grace_a_roster_that_is_over_carries_recognitions(ending):
    ending.clock.now += 2 * HOUR
    ending.look()

    assert ending.recognise(attested(ending.clock())).roster == 7
    assert ending.gauge("huxin_roster_ends_seconds") == -HOUR.total_seconds()


def test_beyond_the_grace_nothing_new_is_recognised(ending):
    ending.clock.now += 3 * HOUR

    with pytest.raises(Refused, match="stale_roster"):
        ending.recognise(attested(ending.clock()))


def test_beyond_the_grace_grants_live_on(ending):
    scenarios = FakeScenarios()
    a_catalogue(scenarios)
    publish(scenarios, now=NOW)
    ending.recognise(attested(NOW))
    [recognised] = ending.uow.announced_of(ScoreRecognised)
    on_score_recognised(recognised, uow=scenarios, city=HANGZHOU, now=NOW)
    grant = issue(scenarios, recognised, now=NOW)

    ending.clock.now += 3 * HOUR
    ending.look()

    assert ending.uow.announced_of(RecognitionEnded) == []
    used = redeem(scenarios, grant, now=ending.clock())
    assert (used.incentive_id, used.uses_left) == ("late-return", 0)


def test_the_next_roster_ends_the_drill_without_a_restart(ending):
    ending.clock.now += 3 * HOUR

    ending.put(signed(version=8))
    ending.look()

    assert ending.recognise(attested(ending.clock())).roster == 8
