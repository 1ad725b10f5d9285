"""Partners' status lists over real HTTP: what a partner does wrong, or not at all, does no harm."""

import socket
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from services.recognition.adapters import status_source
from services.recognition.adapters.status_source import LONGEST, SHORTEST, HttpStatuses
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.attestation import StatusEntry
from services.recognition.domain.status_list import StatusList, sign_status_list
from tests.builders.attestations import FUZHOU, HANGZHOU, HOME_KEY, NOW, OTHER_KEY, a_city, a_roster

pytestmark = pytest.mark.recognition

LIFE = timedelta(minutes=10)
GRACE = timedelta(hours=1)
SECOND = timedelta(seconds=1)
MOMENT = timedelta(milliseconds=1)
REVOKED, STANDING = 7, 8
PATH = "/v1/status-lists/0"
WHOLE_SECONDS = 0.5
PATIENCE = 60


def serving(body, status=200, **headers):
    """Answer with a body."""

    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class Partner:
    """A city's gateway on a port of its own; `answer(handler)` is what it does when asked."""

    def __init__(self):
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.partner = partner
                partner.asked += 1
                partner.answer(self)

            def log_message(self, *_args):
                pass

        self.asked, self.stopping = 0, False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.answer = serving(self.a_list())
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        """Accept until stopped; `serve_forever` would poll and stop every green thread."""
        while not self.stopping:
            self.server.process_request(*self.server.get_request())

    def stop(self):
        self.stopping = True
        with suppress(OSError), closing(socket.create_connection(self.server.server_address)):
            self.thread.join()
        self.server.server_close()

    def a_list(self, *, now=NOW, revoked=(REVOKED,), signer=HOME_KEY, path=PATH):
        statuses = StatusList.blank(bits=1)
        for index in revoked:
            statuses[index] = 1
        uri = self.url + path
        return sign_status_list(statuses, uri=uri, now=now, ttl=LIFE, signer=signer).encode()


@pytest.fixture
def partner():
    partner = Partner()
    yield partner
    partner.stop()


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def statuses(partner, clock):
    return believing(partner, clock, WHOLE_SECONDS)


def believing(partner, clock, whole_seconds):
    roster = a_roster(a_city(FUZHOU, gateway=partner.url), a_city(HANGZHOU))
    return HttpStatuses(
        roster=lambda: roster,
        signatures=SuiteSignatures(),
        clock=clock,
        grace=GRACE,
        whole_seconds=whole_seconds,
    )


def value(statuses, partner, index=STANDING):
    reading = statuses.read(StatusEntry(partner.url + PATH, index))
    return None if reading is None else reading.value


def test_a_list_says_which_attestations_are_revoked_and_when_it_was_signed(partner, statuses):
    reading = statuses.read(StatusEntry(partner.url + PATH, REVOKED))

    assert (reading.value, reading.as_of) == (1, NOW)
    assert value(statuses, partner, STANDING) == 0


def test_a_list_is_fetched_once_for_as_long_as_it_is_fresh(partner, statuses, clock):
    value(statuses, partner)
    clock.now += LIFE - SECOND

    value(statuses, partner)

    assert partner.asked == 1


def test_a_list_is_fetched_anew_when_it_is_over(partner, statuses, clock):
    assert value(statuses, partner) == 0
    clock.now += LIFE
    partner.answer = serving(partner.a_list(now=clock.now, revoked=(STANDING,)))

    assert value(statuses, partner) == 1


def test_a_list_is_fetched_anew_before_it_is_too_old_for_a_rule(partner, clock):
    roster = a_roster(a_city(FUZHOU, gateway=partner.url), a_city(HANGZHOU))
    statuses = HttpStatuses(
        roster=lambda: roster,
        signatures=SuiteSignatures(),
        clock=clock,
        grace=GRACE,
        renewed_after=60 * SECOND,
    )
    value(statuses, partner)
    clock.now += 59 * SECOND
    value(statuses, partner)
    asked = partner.asked
    clock.now += SECOND
    partner.answer = serving(partner.a_list(now=clock.now))

    value(statuses, partner)

    assert (asked, partner.asked) == (1, 2)


def test_many_who_need_a_list_at_a_time_fetch_it_once(partner, statuses):
    body = partner.a_list()

    def slowly(handler):
        time.sleep(0.1)
        serving(body)(handler)

    partner.answer = slowly
    found = []
    readers = [
        threading.Thread(target=lambda: found.append(value(statuses, partner))) for _ in range(5)
    ]

    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert (found, partner.asked) == ([0] * 5, 1)


def test_an_entry_beyond_the_list_has_no_status(partner, statuses):
    assert value(statuses, partner, 10**6) is None


@pytest.mark.parametrize("path", ["/status/0", f"{PATH}0/0", f"{PATH}?n=1", "/v1/status-lists/x"])
def test_only_a_status_list_of_a_gateway_is_fetched(partner, statuses, path):
    assert statuses.read(StatusEntry(partner.url + path, 0)) is None
    assert partner.asked == 0


def test_lists_that_were_not_used_for_long_are_dropped(partner, statuses, monkeypatch):
    monkeypatch.setattr(status_source, "LISTS_KEPT", 2)
    paths = [f"/v1/status-lists/{number}" for number in range(3)]
    partner.answer = lambda handler: serving(partner.a_list(path=handler.path))(handler)

    for path in (*paths, paths[2], paths[0]):
        statuses.read(StatusEntry(partner.url + path, STANDING))

    assert partner.asked == 4


def test_a_list_of_no_member_is_not_fetched(partner, statuses):
    assert statuses.read(StatusEntry("http://127.0.0.1:9/v1/status-lists/0", 0)) is None
    assert partner.asked == 0


def slow(handler):
    handler.send_response(200)
    handler.end_headers()
    drop_by_drop(handler, b"e")


def drip(handler):
    """Send the headers drop by drop, each in time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    drop_by_drop(handler, b"a")


def drop_by_drop(handler, drop):
    """Go on for as long as somebody listens, and far longer than anybody should."""
    with suppress(OSError):
        for _ in range(300):
            handler.wfile.write(drop)
            time.sleep(0.1)


def hang_up(handler):
    handler.connection.close()


WRONG = {
    "slow": slow,
    "dripping": drip,
    "hung up": hang_up,
    "huge": serving(b"e" * (2**20 + 2)),
    "broken": serving(b"\xff\x00 not a token"),
    "empty": serving(b""),
    "compressed": serving(b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"}),
    "failed": lambda handler: serving(handler.partner.a_list(), status=500)(handler),
    "forged": lambda handler: serving(handler.partner.a_list(signer=OTHER_KEY))(handler),
    "stale": lambda handler: serving(handler.partner.a_list(now=NOW - LIFE))(handler),
    "future": lambda handler: serving(handler.partner.a_list(now=NOW + LIFE))(handler),
    "another": lambda handler: serving(handler.partner.a_list(path=f"{PATH}1"))(handler),
    "elsewhere": serving(b"", status=302, Location="/v1/status-lists/1"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_is_no_status_and_does_not_hold_anybody_up(partner, statuses, wrong):
    partner.answer = WRONG[wrong]
    began = time.monotonic()

    assert value(statuses, partner) is None

    assert partner.asked == 1
    assert time.monotonic() - began < 20 * WHOLE_SECONDS


@pytest.mark.parametrize("wrong", ["failed", "forged", "broken"])
def test_a_wrong_answer_does_not_replace_what_is_known(partner, statuses, clock, wrong):
    value(statuses, partner)
    clock.now += LIFE
    partner.answer = WRONG[wrong]

    assert value(statuses, partner, REVOKED) == 1


def test_while_home_is_offline_its_last_word_is_believed_for_the_grace(partner, statuses, clock):
    value(statuses, partner)
    partner.answer = hang_up
    clock.now += LIFE + GRACE - SECOND

    reading = statuses.read(StatusEntry(partner.url + PATH, STANDING))

    assert reading.as_of == NOW  # its age stays visible
    assert clock.now < reading.fresh_until + reading.grace


def test_beyond_the_grace_the_last_word_of_an_offline_home_is_too_old(partner, statuses, clock):
    value(statuses, partner)
    partner.answer = hang_up
    clock.now += LIFE + GRACE

    reading = statuses.read(StatusEntry(partner.url + PATH, STANDING))

    assert clock.now >= reading.fresh_until


def test_an_offline_home_is_left_alone_for_a_while(partner, statuses, clock):
    partner.answer = hang_up
    value(statuses, partner)
    clock.now += SHORTEST - MOMENT

    value(statuses, partner)

    assert partner.asked == 1


def test_a_home_that_stays_away_is_asked_less_and_less(partner, statuses, clock):
    partner.answer = hang_up
    asked_after = []
    for second in range(200):
        clock.now, before = NOW + second * SECOND, partner.asked
        value(statuses, partner)
        asked_after += [second] * (partner.asked - before)

    assert asked_after[:6] == [0, 1, 3, 7, 15, 31]
    assert {later - one for one, later in pairwise(asked_after[5:])} == {LONGEST.seconds}


def test_a_home_that_was_back_is_asked_again_soon_when_it_fails_anew(partner, statuses, clock):
    for _ in range(3):
        partner.answer = hang_up
        value(statuses, partner)
        clock.now += LONGEST
    partner.answer = serving(partner.a_list(now=clock.now))
    value(statuses, partner)
    partner.answer, clock.now = hang_up, clock.now + LIFE
    value(statuses, partner)
    asked, clock.now = partner.asked, clock.now + SHORTEST

    value(statuses, partner)

    assert partner.asked == asked + 1


def test_a_home_that_failed_is_left_alone_for_all_of_its_lists(partner, statuses):
    partner.answer = hang_up
    value(statuses, partner)

    statuses.read(StatusEntry(partner.url + "/v1/status-lists/1", STANDING))

    assert partner.asked == 1


def test_nobody_waits_for_a_slow_home_whose_last_word_is_believed(partner, clock):
    statuses = believing(partner, clock, PATIENCE)
    value(statuses, partner)
    clock.now += LIFE
    asked, told, body = threading.Event(), threading.Event(), partner.a_list(now=clock.now)

    def when_told(handler):
        asked.set()
        told.wait(PATIENCE)
        serving(body)(handler)

    partner.answer = when_told
    asking = threading.Thread(target=lambda: value(statuses, partner))
    asking.start()
    assert asked.wait(PATIENCE)

    assert value(statuses, partner) == 0

    assert asking.is_alive()
    told.set()
    asking.join()


def test_a_home_that_comes_back_is_believed_anew(partner, statuses, clock):
    partner.answer = hang_up
    assert value(statuses, partner) is None
    clock.now += SHORTEST
    partner.answer = serving(partner.a_list())

    assert value(statuses, partner) == 0
