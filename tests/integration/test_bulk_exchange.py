"""Two nodes: home sends attestations in bulk to a host's gateway, over a way that breaks."""

import io
import json
from collections import Counter
from dataclasses import replace
from uuid import uuid4

import pytest
import requests
from sqlalchemy import func, select

from contracts import wire
from contracts.errors import Malformed, Unavailable
from contracts.exchange import ListVerdicts, OpenBatch, ShowBatch, TakeLines
from contracts.pseudonyms import resident_of
from contracts.recognition import RevokeAttestation
from contracts.words import BatchState
from services.cli.exchange import sending
from services.cli.exchange.selection import standing_lines
from services.cli.exchange.sending import ATTEMPTS, BatchSender
from services.cli.synthetic import synthetic_civil_id
from services.gateway.adapters import roster
from services.gateway.courier.calling import CityCalls
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.recognition.adapters.tables import recognitions
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.handlers import batches
from services.recognition.handlers.attestations import issue_attestation, revoke_attestation
from services.recognition.handlers.consents import give_consent
from tests.builders.attestations import FUZHOU, HANGZHOU, HOLDER_KEY, NOW
from tests.builders.gateway import URL, a_door, a_roster
from tests.builders.recognition import (
    RESIDENT_KEY,
    a_give_consent,
    a_score,
    an_issue_attestation,
    home_node,
    host_node,
)
from tests.fakes.recognition import FakeScores

pytestmark = pytest.mark.recognition

PEOPLE = 25
CHUNK = 4


class Storage:
    """A database of recognition of its own."""

    def __init__(self, file):
        self.url = f"sqlite:///{file}"
        self.engine = open_database(self.url)
        upgrade(self.engine, "services.recognition")

    def uow(self):
        return make_unit_of_work(self.engine, utc_now, None, lambda: None)

    def count(self, table):
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(table))


class HostBus:
    """Hands the gateway's commands to the host's handlers."""

    def __init__(self, storage):
        self.storage, self.node = storage, host_node()

    def call(self, command, *, cause=None):
        heard = wire.decode(wire.encode(command, at=NOW, cause=cause)).body
        uow, node = self.storage.uow(), self.node
        match heard:
            case OpenBatch():
                return batches.open_batch(heard, uow=uow, node=node, now=NOW)
            case TakeLines():
                return batches.take_lines(heard, uow=uow, node=node, now=NOW)
            case ShowBatch():
                return batches.show_batch(heard, uow=uow)
            case ListVerdicts():
                return batches.list_verdicts(heard, uow=uow)


class Way:
    """The way to the host's gateway; `cuts` says at which calls it breaks, and when."""

    def __init__(self, door):
        self.door, self.calls, self.cuts = door, 0, {}

    def send(self, request, **_options):
        self.calls += 1
        cut = self.cuts.get(self.calls)
        if cut == "before":
            raise requests.ConnectionError
        path = request.url.removeprefix(URL)
        answer = self.door.ask(
            request.method, path, headers=dict(request.headers), body=request.body or b""
        )
        if cut == "after":
            raise requests.ConnectionError
        response = requests.Response()
        response.status_code, response.raw = answer.status_code, io.BytesIO(answer.content)
        return response


@pytest.fixture
def host(tmp_path):
    storage = Storage(tmp_path / "host.db")
    door = a_door(tmp_path)
    door.bus = HostBus(storage)
    door = replace(door, bus=door.bus)
    with door.engine.begin() as connection:
        roster.adopt(connection, a_roster(door.partner, code=FUZHOU))
    yield door
    close_database(door.settings.gateway_database)
    close_database(storage.url)


@pytest.fixture
def home(tmp_path):
    storage = Storage(tmp_path / "home.db")
    people = [synthetic_civil_id(number) for number in range(PEOPLE)]
    residents = {resident_of(RESIDENT_KEY, each): a_score(civil_id=each) for each in people}
    node = home_node(scores=FakeScores(residents))
    for resident in residents:
        consent = a_give_consent(consent_id=uuid4(), resident=resident)
        give_consent(consent, uow=storage.uow(), node=node, now=NOW)
        command = an_issue_attestation(
            attestation_id=uuid4(), resident=resident, holder_key=HOLDER_KEY.public_jwk
        )
        issue_attestation(command, uow=storage.uow(), node=node, now=NOW)
    storage.node = node
    yield storage
    close_database(storage.url)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(sending, "LARGEST_CHUNK", CHUNK)


def selected(home, most=PEOPLE):
    return list(standing_lines(FUZHOU, HANGZHOU, uow=home.uow(), now=NOW, most=most))


def a_sender(host, way=None):
    calls = CityCalls(
        session=way or Way(host), transport_key=host.partner, clock=host.clock, timeout=1
    )
    return BatchSender(calls=calls, gateway=URL, sleep=lambda _seconds: None)


def sent(sender, lines):
    steps = []
    progress = sender.send(lines, lambda reached: steps.append(reached.received))
    return progress, steps


def codes(sender, lines):
    return Counter(verdict.code for verdict in sender.verdicts(lines))


def test_what_stands_at_home_is_recognised_at_the_host(home, host):
    [lines] = selected(home)

    progress, steps = sent(a_sender(host), lines)

    assert (progress.taken, progress.state) == (PEOPLE, BatchState.COMPLETE)
    assert steps == [0, 4, 8, 12, 16, 20, 24, 25]
    assert codes(a_sender(host), lines) == {"taken": PEOPLE}
    assert host.bus.storage.count(recognitions) == PEOPLE


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_way_that_breaks_in_the_middle_costs_nothing(home, host, cut):
    [lines] = selected(home)
    way = Way(host)
    way.cuts = {4: cut, 5: cut, 7: cut}

    progress, _ = sent(a_sender(host, way), lines)

    assert (progress.received, progress.taken, progress.repeated) == (PEOPLE, PEOPLE, 0)
    assert host.bus.storage.count(recognitions) == PEOPLE


def test_a_command_that_died_goes_on_where_it_was(home, host):
    [lines] = selected(home)
    way = Way(host)
    way.cuts = dict.fromkeys(range(4, 4 + ATTEMPTS), "before")
    with pytest.raises(Unavailable):
        sent(a_sender(host, way), lines)

    [again] = selected(home)
    progress, steps = sent(a_sender(host), again)

    assert again == lines
    assert steps[0] == 2 * CHUNK
    assert (progress.taken, progress.repeated) == (PEOPLE, 0)


def test_what_was_sent_in_another_batch_is_repeated_and_what_was_revoked_is_not_sent(home, host):
    [first] = selected(home)
    sent(a_sender(host), first)
    revoke_attestation(
        RevokeAttestation(attestation_id=first.attestations[3], reason="city_decision"),
        uow=home.uow(),
        node=home.node,
        now=NOW,
    )

    [second] = selected(home)
    sent(a_sender(host), second)

    assert second.batch_id != first.batch_id
    assert codes(a_sender(host), second) == {"repeated": PEOPLE - 1}


def test_a_bad_line_is_named_and_the_rest_is_taken(home, host):
    [lines] = selected(home)
    texts = list(lines.texts)
    texts[5], texts[17] = "{", json.dumps({"attestation": "a~"})
    spoilt = replace(lines, texts=tuple(texts))

    sent(a_sender(host), spoilt)

    refused = {each.line: each.code for each in a_sender(host).verdicts(spoilt)}
    assert {line: code for line, code in refused.items() if code != "taken"} == {
        6: "malformed",
        18: "malformed_presentation",
    }


def test_many_attestations_go_in_several_batches(home, host):
    groups = selected(home, most=10)

    for lines in groups:
        sent(a_sender(host), lines)

    assert [len(lines.texts) for lines in groups] == [10, 10, 5]
    assert host.bus.storage.count(recognitions) == PEOPLE


def test_a_host_that_refuses_says_why(home, host):
    [lines] = selected(home)
    sender = a_sender(host)
    stranger = replace(sender, calls=replace(sender.calls, transport_key=host.identity))

    with pytest.raises(Malformed, match="401 bad_signature"):
        sent(stranger, lines)
