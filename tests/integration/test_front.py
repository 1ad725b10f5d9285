"""Between granian and the application: what is answered at once, what in a thread, and bodies."""

import signal
import socket
import sys
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path

import eventlet.wsgi
import pytest
import requests

from services.cli import node
from services.cli.node import InTime
from services.gateway.bodies import LARGEST, LARGEST_BODY
from services.gateway.front import MOST_ARRIVING, THREADS
from tests.integration.echo import BODY_SECONDS, app
from tests.servers.process import Process, free_port

pytestmark = pytest.mark.gateway

PATIENCE = 60
ROOT = Path(__file__).parents[2]
ON_LOOP = "MainThread"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.echo", str(port)]
    process = Process(command, home=tmp_path_factory.mktemp("echo"), env={"PYTHONPATH": str(ROOT)})
    url = f"http://127.0.0.1:{port}"

    def answers():
        try:
            return requests.get(url, timeout=PATIENCE).ok
        except requests.ConnectionError:
            return False

    try:
        process.wait_until(answers, seconds=PATIENCE)
        yield url
    finally:
        process.end(signal.SIGTERM)


def ask(url, path="/", method="GET", **options):
    return requests.request(method, url + path, timeout=PATIENCE, **options)


def connect(url):
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), PATIENCE)


def a_beginning(length=100, kind="application/json"):
    """A request whose body is announced, and does not come."""
    head = f"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    return head.encode()


def test_a_read_is_answered_on_the_event_loop(url):
    assert ask(url, "/quick").json()["thread"] == ON_LOOP


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/quick/wait"), ("POST", "/quick"), ("GET", "/")]
)
def test_what_may_have_to_wait_is_answered_in_a_thread(url, method, path):
    assert ask(url, path, method).json()["thread"].startswith("request")


def test_a_request_is_told_in_the_words_of_wsgi(url):
    path = "/%E4%BF%A1/a%20b"
    headers = {"Content-Type": "text/x", "X-Two-Words": "1", "Connection": "close"}

    said = ask(url, f"{path}?c=%20d", "PUT", data=b"body", headers=headers).json()

    assert said["REQUEST_METHOD"] == "PUT"
    assert said["PATH_INFO"].encode("latin-1").decode() == "/信/a b"
    assert said["QUERY_STRING"] == "c=%20d"
    assert (said["CONTENT_TYPE"], said["CONTENT_LENGTH"]) == ("text/x", "4")
    assert (said["HTTP_X_TWO_WORDS"], said["SERVER_PROTOCOL"]) == ("1", "HTTP/1.1")
    assert (said["SERVER_NAME"], said["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert said["body"] == "4 bytes"


def test_a_field_that_is_said_twice_is_a_list(url):
    with closing(connect(url)) as client:
        client.sendall(b"GET / HTTP/1.0\r\nX-A: 1\r\nX-A: 2\r\n\r\n")
        said = client.makefile("rb").read()

    assert b'"HTTP_X_A": "1,2"' in said


def test_an_answers_fields_are_all_sent(url):
    assert ask(url).headers["X-One"] == "1, 2"


def test_a_head_has_no_content(url):
    assert ask(url, "/quick", "HEAD").content == b""


def test_a_chunked_body_is_told_with_its_length(url):
    said = ask(url, "/", "POST", data=iter([b"ab", b"c"])).json()

    assert (said["body"], said["CONTENT_LENGTH"]) == ("3 bytes", "3")


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("chunked", [False, True])
def test_of_a_body_that_is_too_large_only_the_beginning_is_kept(url, kind, chunked):
    largest = LARGEST.get(kind, LARGEST_BODY)
    body = b"x" * (4 * largest)

    said = ask(
        url, "/", "POST", data=iter([body]) if chunked else body, headers={"Content-Type": kind}
    ).json()

    kept = int(said["body"].split()[0])
    assert largest < kept < len(body)
    assert int(said["CONTENT_LENGTH"]) == (kept if chunked else len(body))


def test_a_body_that_does_not_come_is_not_waited_for(url):
    with closing(connect(url)) as client:
        client.sendall(a_beginning())
        said = client.makefile("rb").read()  # to the end: the connection is closed

    assert said.startswith(b"HTTP/1.1 408")
    assert said.endswith(b"too_slow")


CHUNKED = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"


def answer_to(url, text):
    """Send this and no more, and read to the end."""
    with closing(connect(url)) as client:
        client.sendall(text)
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


@pytest.mark.parametrize("cut", [b"4\r\nbody\r\n", b"4\r\nbo", b"4\r\nbody\r\nzz\r\n"])
def test_a_chunked_body_that_is_cut_short_is_not_taken_for_the_whole(url, cut):
    assert b'"body": ' not in answer_to(url, CHUNKED + cut)


def test_a_body_that_is_shorter_than_declared_is_not_taken_for_the_whole(url):
    assert b'"body": ' not in answer_to(url, a_beginning() + b"body")


def test_a_body_that_is_too_large_need_not_be_sent_when_the_sender_asks_first(url):
    beginning = a_beginning(10**9).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
    with closing(connect(url)) as client:
        client.sendall(beginning)
        said = client.makefile("rb").readline()

    assert said.startswith(b"HTTP/1.1 200")  # the application decides, and has all it needs


def test_a_field_is_not_taken_for_another(url):
    said = ask(url, headers={"X_Request_Id": "1"}).json()

    assert "HTTP_X_REQUEST_ID" not in said


def test_bodies_that_do_not_come_stop_nobody(url):
    silent = [connect(url) for _ in range(3 * THREADS)]
    for client in silent:
        client.sendall(a_beginning())

    assert ask(url, "/", "POST", data=b"body").json()["body"] == "4 bytes"
    for client in silent:
        client.close()


def test_what_is_only_announced_takes_no_room(url):
    most = 2 * LARGEST["application/x-ndjson"]
    silent = [connect(url) for _ in range(MOST_ARRIVING // most + 1)]
    for client in silent:
        client.sendall(a_beginning(most, "application/x-ndjson"))

    answers = {client.makefile("rb").read().rpartition(b"\n")[2] for client in silent}

    assert answers == {b"too_slow"}
    assert ask(url, "/", "POST", data=b"body").json()["body"] == "4 bytes"


def test_only_so_much_is_on_its_way_at_once(url):
    most = 2 * LARGEST["application/x-ndjson"]
    clients = [connect(url) for _ in range(MOST_ARRIVING // most + 2)]
    for client in clients:
        client.sendall(a_beginning(most, "application/x-ndjson") + b"x" * (most - 1))

    answers = [client.makefile("rb").read().rpartition(b"\n")[2] for client in clients]

    assert {*answers} <= {b"too_slow", b"unavailable"}
    assert answers.count(b"unavailable") >= 1
    assert ask(url, "/", "POST", data=b"body").json()["body"] == "4 bytes"


def test_a_connection_that_says_nothing_is_closed(url):
    with closing(connect(url)) as client:
        assert client.makefile("rb").read() in {b"", b"HTTP/1.1 408 Request Timeout\r\n"}


def answer_in_one_process(request):
    listener = eventlet.listen(("127.0.0.1", 0))
    server = eventlet.spawn(eventlet.wsgi.server, listener, InTime(app), log_output=False)
    with closing(eventlet.connect(listener.getsockname())) as client:
        client.settimeout(PATIENCE)
        client.sendall(request)
        answer = HTTPResponse(client)
        answer.begin()
        said = answer.read()
    server.kill()
    return said


def test_in_one_process_a_body_that_does_not_come_is_not_waited_for_either(monkeypatch):
    monkeypatch.setattr(node, "BODY_SECONDS", BODY_SECONDS)

    assert answer_in_one_process(a_beginning()) == b"too_slow"


def test_in_one_process_what_is_not_well_chunked_is_the_senders_fault():
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"

    answer = answer_in_one_process(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}")

    assert answer == b"malformed"
