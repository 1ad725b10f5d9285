"""A city fetches its notices itself (RFC 8936): at this gateway's door, and as its guest."""

import io
import json
import queue
import threading
from dataclasses import replace
from uuid import uuid4

import pytest
import requests
from joserfc.jwk import OKPKey

from contracts.errors import (
    Conflict,
    Forbidden,
    Internal,
    Malformed,
    NotFound,
    Refused,
    Unavailable,
)
from contracts.recognition import NoticeReady, NoticeReceipt
from contracts.words import CityState
from services.gateway.adapters import roster
from services.gateway.courier import intake, upkeep
from services.gateway.courier.calling import CityCalls, NoAnswer
from services.gateway.courier.deliveries import State
from services.gateway.courier.polling import AtOnce, Poller
from services.gateway.courier.round import Courier
from services.gateway.courier.sending import NotSent
from tests.builders.gateway import CITY, PARTNER, URL, a_roster
from tests.fakes.gateway import FakeBus

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

PATH = "/v1/notices/poll"
JSON = "application/json"


@pytest.fixture
def door(door):
    door.adopt()
    return door


def wait_for(door, subject=None, recipient=PARTNER, text="a.b.c"):
    event = NoticeReady(notice_id=uuid4(), recipient=recipient, token=text, subject=subject)
    with door.engine.begin() as connection:
        intake.take_notice(connection, event, now=door.clock())
    return str(event.notice_id)


def poll(door, **body):
    text = json.dumps({"returnImmediately": True, **body}).encode()
    headers = door.signed("POST", PATH, text, nonce=uuid4().hex, content_type=JSON)
    return door.ask("POST", PATH, headers=headers, body=text)


def states(door):
    return {str(each.id): each.state for each in upkeep.listed(door.engine, limit=1000)}


# --- what the RFC says of the one who is asked -----------------------------------------------


def test_what_waits_is_given_by_its_jti(door):
    waiting = wait_for(door, text="header.payload.signature")

    answer = poll(door)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(JSON)
    assert answer.json == {"sets": {waiting: "header.payload.signature"}, "moreAvailable": False}


def test_nothing_that_waits_is_an_empty_object(door):
    assert poll(door).json == {"sets": {}, "moreAvailable": False}


def test_a_long_poll_is_answered_at_once(door):
    assert poll(door, returnImmediately=False).json == {"sets": {}, "moreAvailable": False}


def test_what_is_not_acknowledged_is_given_again(door):
    waiting = wait_for(door)

    answers = [poll(door).json["sets"] for _ in range(2)]

    assert answers == [{waiting: "a.b.c"}] * 2


def test_what_is_acknowledged_is_delivered_and_given_no_more(door):
    waiting = wait_for(door)
    poll(door)

    answer = poll(door, ack=[waiting])

    assert answer.json["sets"] == {}
    assert states(door) == {waiting: State.DELIVERED}
    assert [each.body for each in upkeep.listed(door.engine)] == [""]


def test_with_no_events_wanted_a_poll_acknowledges_only(door):
    first, second = wait_for(door), wait_for(door)

    answer = poll(door, ack=[first], maxEvents=0)

    assert answer.json == {"sets": {}, "moreAvailable": True}
    assert states(door) == {first: State.DELIVERED, second: State.WAITING}


def test_no_more_than_wanted_is_given(door):
    for _ in range(3):
        wait_for(door)

    answer = poll(door, maxEvents=2)

    assert len(answer.json["sets"]) == 2
    assert answer.json["moreAvailable"] is True


def test_what_will_never_do_is_parked_with_its_error(door):
    waiting = wait_for(door)

    poll(door, setErrs={waiting: {"err": "invalid_request", "description": "Not a token."}})

    [delivery] = upkeep.listed(door.engine)
    assert (delivery.state, delivery.error) == (State.PARKED, "invalid_request: Not a token.")
    assert poll(door).json["sets"] == {}


def test_of_each_subject_the_oldest_is_given_and_the_next_after_it_was_taken(door):
    first, second, other = wait_for(door, "a"), wait_for(door, "a"), wait_for(door, "b")

    before = poll(door).json
    after = poll(door, ack=[first]).json

    assert (set(before["sets"]), before["moreAvailable"]) == ({first, other}, True)
    assert (set(after["sets"]), after["moreAvailable"]) == ({second, other}, False)


def test_a_parked_notice_holds_back_later_ones_of_its_subject(door):
    first, _second = wait_for(door, "a"), wait_for(door, "a")

    answer = poll(door, setErrs={first: {"err": "invalid_request"}})

    assert answer.json == {"sets": {}, "moreAvailable": False}


def test_a_city_gets_and_settles_its_own_notices_only(door):
    other = wait_for(door, recipient="350100")

    answer = poll(door, ack=[other], setErrs={other: {"err": "invalid_request"}})

    assert answer.json["sets"] == {}
    assert states(door) == {other: State.WAITING}


def test_what_names_nothing_here_does_not_matter(door):
    names = ["", "not-a-uuid", str(uuid4())]

    answer = poll(door, ack=names, setErrs={name: {"err": "invalid_request"} for name in names})

    assert answer.json == {"sets": {}, "moreAvailable": False}


def test_what_was_delivered_is_not_parked_by_a_late_error(door):
    waiting = wait_for(door)
    poll(door, ack=[waiting])

    poll(door, setErrs={waiting: {"err": "invalid_request"}})

    assert states(door) == {waiting: State.DELIVERED}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"maxEvents": -1}, "maxEvents"),
        ({"maxEvents": "many"}, "maxEvents"),
        ({"returnImmediately": "soon"}, "returnImmediately"),
        ({"ack": "one"}, "ack"),
        ({"ack": ["x"] * 1001}, "ack"),
        ({"setErrs": {"x": {}}}, "setErrs.x.value.err"),
        ({"setErrs": ["x"]}, "setErrs"),
    ],
)
def test_a_poll_that_cannot_be_read_names_the_field(door, body, field):
    answer = poll(door, **body)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_nobody_polls_without_a_signature(door):
    answer = door.ask("POST", PATH, headers={"Content-Type": JSON}, body=b"{}")

    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


# --- the guest: a node that catches up -------------------------------------------------------


class Wire:
    """Carries a city's calls to another city's door; may break before or after the call."""

    def __init__(self, door):
        self.door, self.asked, self.breaks = door, [], []

    def send(self, request, **_options):
        failure = self.breaks.pop(0) if self.breaks else None
        if failure == "before":
            raise requests.ConnectionError
        path = request.url.removeprefix(URL)
        self.asked.append(json.loads(request.body))
        answer = self.door.ask(
            request.method, path, headers=dict(request.headers), body=request.body
        )
        if failure == "after":
            raise requests.ConnectionError
        response = requests.Response()
        response.status_code, response.raw = answer.status_code, io.BytesIO(answer.content)
        return response


class Recognition(FakeBus):
    """Takes notices in once each, or refuses them as told."""

    def __init__(self):
        super().__init__()
        self.taken, self.refusals = [], {}

    def call(self, command, *, cause=None):
        if refusal := self.refusals.get(command.token):
            raise refusal
        repeated = command.token in self.taken
        if not repeated:
            self.taken.append(command.token)
        return NoticeReceipt(notice_id=uuid4(), repeated=repeated)


@pytest.fixture
def settings():
    return {"delivery_attempts": 36}  # so that what waits for a day is parked


@pytest.fixture
def guest(door):
    calls = CityCalls(session=Wire(door), transport_key=door.partner, clock=door.clock, timeout=1)
    return Poller(
        engine=door.engine,
        calls=calls,
        bus=Recognition(),
        city=PARTNER,
        spawn=lambda work: work(),
        stopping=lambda: False,
    )


def fetch(guest):
    guest.poll(CITY, URL)


def test_what_waits_is_taken_in_and_acknowledged(door, guest):
    wait_for(door, text="a.1.c")
    wait_for(door, text="a.2.c")

    fetch(guest)

    assert sorted(guest.bus.taken) == ["a.1.c", "a.2.c"]
    assert set(states(door).values()) == {State.DELIVERED}


def test_a_host_that_was_down_for_three_days_gets_everything_once_and_in_order(door, guest):
    down = FakeSenderThatIsDown()
    courier = Courier(
        engine=door.engine,
        sender=down,
        settings=door.settings,
        clock=door.clock,
        spawn=lambda send: send(),
    )
    subjects = [f"attestation-{number}" for number in range(7)]
    made = {subject: [] for subject in subjects}
    for number in range(72 * 5):
        subject = subjects[number % 7]
        made[subject].append(f"{subject}.{number}.c")
        wait_for(door, subject, text=made[subject][-1])
        door.clock.move(minutes=12)
        courier.start_due()
    before = set(states(door).values())

    fetch(guest)

    assert before == {State.WAITING, State.PARKED}
    taken = {subject: [] for subject in subjects}
    for token in guest.bus.taken:
        taken[token.split(".")[0]].append(token)
    assert taken == made
    assert set(states(door).values()) == {State.DELIVERED}


class FakeSenderThatIsDown:
    def send(self, _delivery):
        raise NotSent("ConnectTimeout")


def test_who_dies_between_taking_in_and_acknowledging_gets_it_again_and_knows_it(door, guest):
    wait_for(door, "a", text="a.1.c")
    wait_for(door, "a", text="a.2.c")
    guest.calls.session.breaks = [None, "before"]

    with pytest.raises(NoAnswer):
        fetch(guest)
    after_the_crash = list(guest.bus.taken), set(states(door).values())
    fetch(guest)

    assert after_the_crash == (["a.1.c"], {State.WAITING})
    assert guest.bus.taken == ["a.1.c", "a.2.c"]
    assert set(states(door).values()) == {State.DELIVERED}


def test_an_answer_that_is_lost_costs_nothing(door, guest):
    wait_for(door, "a", text="a.1.c")
    wait_for(door, "a", text="a.2.c")
    guest.calls.session.breaks = [None, "after"]

    with pytest.raises(NoAnswer):
        fetch(guest)
    fetch(guest)

    assert guest.bus.taken == ["a.1.c", "a.2.c"]
    assert set(states(door).values()) == {State.DELIVERED}


def test_what_is_refused_for_good_is_reported_and_the_rest_is_taken(door, guest):
    bad, good = wait_for(door, "a", text="a.bad.c"), wait_for(door, "b", text="a.good.c")
    guest.bus.refusals["a.bad.c"] = Malformed("malformed", "a compact JWS has three parts")

    fetch(guest)

    assert states(door) == {bad: State.PARKED, good: State.DELIVERED}
    [parked] = upkeep.listed(door.engine, State.PARKED)
    assert parked.error == "invalid_request: malformed: a compact JWS has three parts"


@pytest.mark.parametrize(
    "refusal",
    [
        Forbidden("forbidden", "a city reports its own grants"),
        NotFound("not_found", "attestation"),
        Conflict("id_reused", "dispute"),
    ],
)
def test_what_nothing_can_change_is_refused_for_good(door, guest, refusal):
    bad = wait_for(door, text="a.bad.c")
    guest.bus.refusals["a.bad.c"] = refusal

    fetch(guest)

    assert states(door) == {bad: State.PARKED}


def test_notices_that_nobody_can_take_in_keep_no_later_one_from_being_fetched(door, guest):
    for number in range(120):
        wait_for(door, text=f"a.{number}.c")
        guest.bus.refusals[f"a.{number}.c"] = NotFound("not_found", "attestation")
    door.clock.move(minutes=1)
    good = wait_for(door, text="a.good.c")

    fetch(guest)

    assert states(door)[good] == State.DELIVERED


def test_what_broke_something_here_is_left_and_keeps_no_other_from_being_taken(door, guest):
    bad, good = wait_for(door, text="a.bad.c"), wait_for(door, text="a.good.c")
    guest.bus.refusals["a.bad.c"] = Internal("internal")

    fetch(guest)

    assert states(door) == {bad: State.WAITING, good: State.DELIVERED}


def test_a_report_of_many_words_is_cut_and_stops_nothing(door, guest):
    bad, good = wait_for(door, text="a.bad.c"), wait_for(door, text="a.good.c")
    guest.bus.refusals["a.bad.c"] = Malformed("malformed", "x" * 5000)

    fetch(guest)

    assert states(door) == {bad: State.PARKED, good: State.DELIVERED}


def test_what_is_refused_for_what_passes_is_left_for_the_next_time(door, guest):
    waiting = wait_for(door, text="a.new.c")
    guest.bus.refusals["a.new.c"] = Refused("unknown_key", "a key of a newer roster")

    fetch(guest)
    before = states(door)
    guest.bus.refusals.clear()
    fetch(guest)

    assert before == {waiting: State.WAITING}
    assert states(door) == {waiting: State.DELIVERED}


def test_while_recognition_is_away_nothing_is_acknowledged_that_was_not_taken(door, guest):
    first, second = wait_for(door, text="a.1.c"), wait_for(door, text="a.2.c")
    tokens = dict(zip((first, second), ("a.1.c", "a.2.c"), strict=True))
    order = list(poll(door).json["sets"])
    guest.bus.refusals[tokens[order[1]]] = Unavailable("unavailable")

    with pytest.raises(Unavailable):
        fetch(guest)

    assert states(door) == {order[0]: State.DELIVERED, order[1]: State.WAITING}


def test_every_other_city_that_is_online_is_asked_and_no_failure_stops_the_rest(door, guest):
    online = a_roster(OKPKey.generate_key("Ed25519"), code=CITY, url=URL).cities
    applied = a_roster(OKPKey.generate_key("Ed25519"), code="440100", state=CityState.APPLIED)
    broken = a_roster(OKPKey.generate_key("Ed25519"), code="110000", url="ftp://nowhere")
    own = a_roster(door.partner)
    cities = (*broken.cities, *online, *applied.cities, *own.cities)
    with door.engine.begin() as connection:
        roster.adopt(connection, replace(own, version=2, cities=cities))
    waiting = wait_for(door)
    guest.calls.session.breaks = ["before"]

    guest.poll_all()

    assert states(door) == {waiting: State.DELIVERED}


def test_a_city_that_is_slow_is_asked_beside_the_others_and_once_at_a_time(door, guest):
    online = a_roster(OKPKey.generate_key("Ed25519"), code=CITY, url=URL).cities
    slow = a_roster(OKPKey.generate_key("Ed25519"), code="110000", url="https://slow.example")
    own = a_roster(door.partner)
    cities = (*slow.cities, *online, *own.cities)
    with door.engine.begin() as connection:
        roster.adopt(connection, replace(own, version=2, cities=cities))
    waiting, begun = wait_for(door), []
    guest = replace(guest, spawn=begun.append)

    guest.poll_all()
    _asks_the_slow_city, asks_the_other = begun
    asks_the_other()
    arrived = states(door)
    guest.poll_all()

    assert arrived == {waiting: State.DELIVERED}
    assert len(begun) == 3  # the slow one is still being asked, the other is asked again


def test_no_more_cities_are_asked_at_once_than_there_are_places():
    begun, done = queue.Queue(), threading.Event()
    at_once = AtOnce(2, begun.put)

    def bring():
        for _ in range(3):
            at_once(lambda: None)
        done.set()

    bringing = threading.Thread(target=bring)
    bringing.start()
    first, _second = begun.get(), begun.get()
    before = done.is_set()
    first()
    bringing.join()

    assert not before
    assert begun.qsize() == 1


def test_a_city_that_always_has_more_is_left_after_a_while_with_what_it_gave_acknowledged(
    door, guest
):
    notices = [wait_for(door, "a", text=f"a.{number}.c") for number in range(5)]

    class Slow(Wire):
        def send(self, request, **options):
            door.clock.move(seconds=50)
            return super().send(request, **options)

    slow = replace(guest, calls=replace(guest.calls, session=Slow(door)))
    fetch(slow)

    taken = [states(door)[each] for each in notices]
    assert taken == [State.DELIVERED] * 3 + [State.WAITING] * 2


def test_a_node_that_stops_asks_nobody_any_more(door, guest):
    waiting = wait_for(door)

    replace(guest, stopping=lambda: True).poll_all()

    assert states(door) == {waiting: State.WAITING}


def test_a_node_that_stops_acknowledges_what_it_has_taken_in(door, guest):
    first, second = wait_for(door, "a"), wait_for(door, "a")

    replace(guest, stopping=lambda: True).poll(CITY, URL)

    assert states(door) == {first: State.DELIVERED, second: State.WAITING}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"sets": 1}', b"[" * 100_000])
def test_an_answer_that_is_none_is_no_answer(guest, body):
    class Strange:
        def send(self, _request, **_options):
            response = requests.Response()
            response.status_code, response.raw = 200, io.BytesIO(body)
            return response

    strange = replace(guest, calls=replace(guest.calls, session=Strange()))

    with pytest.raises(NoAnswer):
        fetch(strange)
