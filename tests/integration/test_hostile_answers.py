"""Operators whose systems answer anything at all: the courier goes on, in time and in memory."""

import gzip
import itertools
import socket
import ssl
import threading
import time
from contextlib import suppress

import pytest
import requests

from services.gateway.courier import outbound
from services.gateway.courier.deliveries import Kind
from services.gateway.courier.outbound import NotPublic, make_sessions
from services.plumbing.green import eventlet
from tests.integration.test_outbound import a_certificate

pytestmark = pytest.mark.gateway

TIMEOUT = 0.3
NAME = "operator.example"
MUCH = 32 * 1024 * 1024  # no answer is read so far
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: %b\r\n"


class Hostile:
    """An operator's system that sends the pieces of an answer, each after so many seconds."""

    def __init__(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.port = self.server.getsockname()[1]
        self.pieces, self.pause = [], 0.0
        self.sent, self.requests = 0, []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            with connection, suppress(OSError):
                heard = b""
                while not heard.endswith(b"{}"):
                    heard += connection.recv(65536)
                self.requests.append(heard)
                for piece in self.pieces:
                    connection.sendall(piece)
                    self.sent += len(piece)
                    time.sleep(self.pause)
                connection.recv(1)  # until the other side hangs up


@pytest.fixture
def operator(tmp_path, monkeypatch):
    """Start it at operator.example, which for once is this machine and in the internet."""
    certificate = tmp_path / "operator.pem"
    certificate.write_bytes(a_certificate(NAME))
    operator, look_up = Hostile(certificate), socket.getaddrinfo

    def found(_name, port, *arguments, **options):
        return look_up("127.0.0.1", port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(outbound, "is_public", lambda _address: True)
    operator.session = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK]
    operator.session.verify = str(certificate)
    yield operator
    operator.server.close()


def post(operator):
    """Post as the courier does, and return the status."""
    request = requests.Request("POST", f"https://{NAME}:{operator.port}/hook", data=b"{}")
    with operator.session.send(
        request.prepare(), timeout=TIMEOUT, allow_redirects=False, stream=True
    ) as response:
        return response.status_code


def endless(*first):
    return itertools.chain(first, itertools.repeat(b"x" * 65536))


def test_a_redirect_is_not_followed(operator):
    inside = b"http://127.0.0.1:%d/" % operator.port
    operator.pieces = [REDIRECT % inside + b"Content-Length: 0\r\n\r\n"]

    assert post(operator) == 302
    assert len(operator.requests) == 1


def test_the_body_of_a_redirect_is_not_read(operator):
    operator.pieces = itertools.islice(endless(REDIRECT % b"/" + b"\r\n"), MUCH // 65536)

    assert post(operator) == 302
    assert operator.sent < MUCH / 2


def test_a_redirect_to_nonsense_is_an_answer_like_another(operator):
    operator.pieces = [REDIRECT % b"http://[::1" + b"Content-Length: 0\r\n\r\n"]

    assert post(operator) == 302


def test_a_body_that_unpacks_to_much_is_not_unpacked(operator):
    bomb = gzip.compress(b"0" * MUCH, 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    operator.pieces = [head, bomb]

    assert post(operator) == 200


def test_a_body_without_end_is_not_waited_for(operator):
    operator.pieces = itertools.islice(endless(b"HTTP/1.1 200 OK\r\n\r\n"), MUCH // 65536)

    assert post(operator) == 200
    assert operator.sent < MUCH / 2


@pytest.mark.parametrize(
    "pieces",
    [
        itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        endless(b"HTTP/1.1 200 OK\r\nX: "),
        itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X: y\r\n" * 1000)),
    ],
    ids=["continue", "one long header", "many headers"],
)
def test_a_head_without_end_is_given_up(operator, pieces):
    operator.pieces = pieces

    with pytest.raises(requests.RequestException):
        post(operator)


def test_a_head_that_comes_byte_by_byte_has_as_long_as_a_whole_answer(operator):
    operator.pieces = itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"x"))
    operator.pause = TIMEOUT / 6
    began = time.monotonic()

    with pytest.raises(requests.RequestException):
        post(operator)

    assert time.monotonic() - began < 20 * TIMEOUT  # it would go on for days


def test_while_one_sends_without_end_others_are_served(operator):
    """An endless answer that is always there would keep a green thread from ever waiting."""
    operator.pieces = itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)
    turns, over = [], threading.Event()

    def other():
        while not over.is_set():
            turns.append(time.monotonic())
            time.sleep(0.01)

    thread = threading.Thread(target=other)
    thread.start()
    with pytest.raises(requests.RequestException):
        post(operator)
    over.set()
    thread.join()

    assert len(turns) > 5


def test_neither_a_proxy_nor_a_password_of_the_environment_is_used(operator, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine {NAME} login who password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    operator.pieces = [b"HTTP/1.1 204 No Content\r\n\r\n"]

    assert post(operator) == 204
    assert b"authorization" not in operator.requests[0].lower()


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:7f00:1]", "0", "localhost"],
)
def test_this_machine_is_not_reached_by_another_spelling_of_it(host, monkeypatch):
    by_the_system = eventlet.patcher.original("socket").getaddrinfo  # without asking a name server
    monkeypatch.setattr(socket, "getaddrinfo", by_the_system)
    session = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK]

    with pytest.raises(NotPublic):
        session.post(f"https://{host}:9/", timeout=TIMEOUT)
