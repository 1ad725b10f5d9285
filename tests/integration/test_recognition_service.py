"""Recognition as it runs: commands over the bus, events from it, announcements in its outbox."""

import json
import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts import wire
from contracts.crosswalks import ShowCrosswalk
from contracts.errors import NotFound, Refused
from contracts.membership import CityStateChanged, DocumentKind, ShowAllianceDocument
from contracts.notices import CROSSWALK_PUBLISHED, USAGE_LINES_REPORTED
from contracts.recognition import (
    ListConsents,
    NoticeReady,
    OpenChallenge,
    RosterAdopted,
    ShowStatusList,
    WithdrawConsent,
)
from contracts.words import ConsentState
from services.plumbing.broker.transport import forget
from services.plumbing.bus import Bus
from services.plumbing.database import close_database, open_database
from services.plumbing.green import eventlet
from services.plumbing.migrate import upgrade
from services.plumbing.runner import Services, container_config
from services.plumbing.signals import outbox_signal
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.adapters.tables import messages
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain import jws
from services.recognition.domain.moments import to_seconds
from services.recognition.service import RecognitionService
from tests.builders.attestations import HANGZHOU, NOW, OTHER_KEY, a_city, a_key, a_roster
from tests.builders.crosswalks import an_override, published
from tests.builders.recognition import (
    CIVIL_ID,
    ID,
    RESIDENT,
    a_give_consent,
    a_redemption,
    an_issue_attestation,
)
from tests.builders.recognition_files import ALLIANCE_KEY, TEXT_VERSION, write_node

pytestmark = pytest.mark.recognition

PATIENCE = 60.0


def clock():
    return NOW


def until(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        eventlet.sleep(0.02)


class Running:
    """Fuzhou's recognition in this process; nobody takes its announcements, so they stay."""

    def __init__(self, settings):
        self.bus_url = f"inprocess://localhost/{uuid.uuid4().hex}"
        self.database_url = settings.recognition_database
        self.engine = open_database(self.database_url)
        upgrade(self.engine, "services.recognition")
        self.settings = settings
        self.config = container_config(
            bus_url=self.bus_url, settings=settings, database_url=self.database_url, clock=clock
        )
        self.services = Services().add(RecognitionService, self.config)
        self.bus = Bus(self.bus_url, clock, PATIENCE)

    def restart(self):
        self.services = Services().add(RecognitionService, self.config)
        self.services.start()

    def publish_roster(self, roster):
        self.settings.roster_file.write_text(sign_roster(roster, ALLIANCE_KEY))

    def announced(self, kind):
        with self.engine.connect() as connection:
            rows = connection.execute(messages.outbox.select()).all()
        bodies = [wire.decode(json.loads(row.envelope)).body for row in rows]
        return [body for body in bodies if type(body) is kind]

    def reported_lines(self):
        """Return the grants of the usage lines that were reported, in their order."""
        read = [jws.read(notice.token, limit=jws.LARGE) for notice in self.announced(NoticeReady)]
        told = [each.payload["events"].get(USAGE_LINES_REPORTED, {"lines": []}) for each in read]
        return [line["grant_id"] for body in told for line in body["lines"]]

    def announce(self, event):
        wake = outbox_signal(self.engine).wake
        with make_unit_of_work(self.engine, clock, None, wake) as uow:
            uow.outbox.add(event)
            uow.commit()

    def stop(self):
        self.services.stop()
        self.close()

    def close(self):
        self.bus.close()
        close_database(self.database_url)
        forget(self.bus_url.rsplit("/", 1)[1])


@contextmanager
def running(settings):
    home = Running(settings)
    home.services.start()
    yield home
    home.stop()


@pytest.fixture
def home(tmp_path):
    with running(write_node(tmp_path)) as home:
        yield home


def test_from_consent_to_withdrawal_over_the_bus(home):
    home.bus.call(a_give_consent(text_version=TEXT_VERSION))
    issued = home.bus.call(an_issue_attestation())

    withdrawn = home.bus.call(WithdrawConsent(consent_id=ID, resident=RESIDENT))

    assert issued.recipient == HANGZHOU
    assert withdrawn.state is ConsentState.WITHDRAWN
    assert home.bus.call(ListConsents(resident=RESIDENT)).consents == (withdrawn,)
    assert home.bus.call(ShowStatusList(list=0)).token
    assert home.bus.call(OpenChallenge(challenge_id=ID)).audience == "https://fuzhou.example"
    assert {notice.recipient for notice in home.announced(NoticeReady)} == {HANGZHOU}


def test_a_status_list_of_the_past_over_the_bus(home):
    home.bus.call(a_give_consent(text_version=TEXT_VERSION))
    home.bus.call(an_issue_attestation())

    shown = home.bus.call(ShowStatusList(list=0, at=NOW))

    assert jws.read(shown.token, limit=jws.LARGE).payload["iat"] == to_seconds(NOW)
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)):
        with pytest.raises(NotFound, match="time: "):
            home.bus.call(ShowStatusList(list=0, at=at))


def test_a_crosswalk_that_both_cities_signed_is_kept_told_and_shown(tmp_path):
    settings = write_node(tmp_path)
    overriding = published(an_override())
    (settings.crosswalks_directory / "sports.jws").write_text(overriding.text)

    with running(settings) as home:
        until(lambda: home.announced(NoticeReady))
        shown = home.bus.call(ShowCrosswalk(table=overriding.name))
        table = home.bus.call(ShowCrosswalk(table="alliance"))

    [notice] = home.announced(NoticeReady)
    assert notice.recipient == HANGZHOU
    assert list(jws.read(notice.token).payload["events"]) == [CROSSWALK_PUBLISHED]
    assert (shown.document, shown.digest) == (overriding.text, overriding.digest)
    assert "category: sports" in shown.draft
    assert table.version == 1


def test_a_node_without_a_crosswalk_starts_and_attests_nothing(tmp_path):
    settings = write_node(tmp_path)
    (settings.crosswalks_directory / "alliance-1.jws").unlink()

    with running(settings) as home:
        home.bus.call(a_give_consent(text_version=TEXT_VERSION))
        with pytest.raises(Refused, match="no_score"):
            home.bus.call(an_issue_attestation())


def test_a_refusal_keeps_its_word_over_the_bus(home):
    with pytest.raises(Refused, match="consent_missing"):
        home.bus.call(an_issue_attestation())


def test_the_roster_is_announced_at_the_start(home):
    until(lambda: home.announced(RosterAdopted))

    [announced] = home.announced(RosterAdopted)
    assert announced.version == 7


def test_grants_on_another_city_s_attestations_are_reported_to_it_together(tmp_path):
    settings = replace(write_node(tmp_path), usage_seconds=0.5)
    redeemed = [a_redemption(home=HANGZHOU) for _ in range(5)]
    with running(settings) as home:
        for event in redeemed:
            home.announce(event)

        until(lambda: len(home.reported_lines()) == len(redeemed))

        notices = home.announced(NoticeReady)
        assert {notice.recipient for notice in notices} == {HANGZHOU}
        assert home.reported_lines() == [str(event.grant_id) for event in redeemed]


def test_a_score_that_fell_is_noticed_and_told(tmp_path):
    settings = replace(write_node(tmp_path), score_check_seconds=1)
    with running(settings) as home:
        home.bus.call(a_give_consent(text_version=TEXT_VERSION))
        home.bus.call(an_issue_attestation())

        settings.scores_file.write_text(f"civil_id,score,as_of\n{CIVIL_ID},610,2026-05-02\n")

        until(lambda: home.announced(NoticeReady))


def a_local_roster(**overrides):
    """List a Hangzhou that does not answer, on this machine."""
    return a_roster(a_city(), a_city(HANGZHOU, gateway="http://127.0.0.1:9"), **overrides)


@pytest.mark.parametrize("dead", [False, True], ids=["an older file", "no file"])
def test_a_restart_goes_by_the_roster_that_was_kept(tmp_path, dead):
    settings = write_node(tmp_path, roster=a_local_roster())
    with running(settings) as home:
        shown = home.bus.call(ShowAllianceDocument(kind=DocumentKind.ROSTER))
        home.publish_roster(a_local_roster(version=6))
    if dead:
        settings.roster_file.unlink()

    with running(settings) as again:
        again.bus.call(a_give_consent(text_version=TEXT_VERSION))

        assert again.bus.call(an_issue_attestation()).recipient == HANGZHOU
        assert again.bus.call(ShowAllianceDocument(kind=DocumentKind.ROSTER)) == shown
        assert shown.version == 7


def test_each_city_s_state_is_announced_with_the_roster(home):
    until(lambda: home.announced(CityStateChanged))

    changes = home.announced(CityStateChanged)
    assert {(change.city, change.state) for change in changes} == {
        ("350100", "online"),
        (HANGZHOU, "online"),
    }


def test_the_pseudonym_keys_are_handed_on_as_they_were_signed(home):
    kind = DocumentKind.PSEUDONYM_KEYS

    def shown():
        try:
            return home.bus.call(ShowAllianceDocument(kind=kind))
        except NotFound:
            return None

    until(shown)
    text = home.settings.pseudonym_keys_file.read_text()
    assert shown().text == text


def test_what_cannot_be_signed_is_told_when_the_roster_has_the_key(home):
    home.bus.call(a_give_consent(text_version=TEXT_VERSION))
    home.bus.call(an_issue_attestation())
    home.services.stop()
    home.publish_roster(a_roster(a_city(keys=[a_key(OTHER_KEY)]), a_city(HANGZHOU), version=8))
    home.restart()

    withdrawn = home.bus.call(WithdrawConsent(consent_id=ID, resident=RESIDENT))
    told_before = home.announced(NoticeReady)
    home.services.stop()
    home.publish_roster(a_roster(version=9))
    home.restart()

    assert withdrawn.state is ConsentState.WITHDRAWN
    assert told_before == []
    until(lambda: home.announced(NoticeReady))
