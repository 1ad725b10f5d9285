"""Operators whose systems answer anything at all: the courier goes on, in time and in memory."""

import gzip
import io
import itertools
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from services.gateway.adapters.webhooks import Webhooks
from services.gateway.courier import deliveries, outbound, upkeep
from services.gateway.courier.answers import Metered
from services.gateway.courier.deliveries import Kind
from services.gateway.courier.outbound import NotPublic, make_sessions
from services.gateway.courier.sending import NotSent, Sender
from services.plumbing.database import close_database
from services.plumbing.green import eventlet
from tests.builders.gateway import a_door
from tests.integration.test_outbound import a_certificate

pytestmark = pytest.mark.gateway

SOON = 0.3  # seconds, where an answer has to be given up
PATIENCE = 10.0  # seconds, where it has not
OPERATOR = "hello-bike"
NAME = "operator.example"
MUCH = 32 * 1024 * 1024  # no answer is read so far
BROKEN = {"ConnectionError", "ReadTimeout"}
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: %b\r\n"


class Hostile:
    """An operator's system that sends the pieces of an answer, each after so many seconds."""

    def __init__(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.port = self.server.getsockname()[1]
        self.pieces, self.pause = [], 0.0
        self.sent, self.requests, self.answers = 0, [], []
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
    sessions = make_sessions(webhooks_to_private=False)
    sessions[Kind.WEBHOOK].verify = str(certificate)
    dispatch = sessions[Kind.WEBHOOK].send

    def send(request, **options):
        operator.answers.append(dispatch(request, **options))
        return operator.answers[-1]

    monkeypatch.setattr(sessions[Kind.WEBHOOK], "send", send)
    door = a_door(tmp_path)
    operator.sender = Sender(
        engine=door.engine,
        sessions=sessions,
        transport_key=OKPKey.generate_key("Ed25519"),
        clock=door.clock,
        timeout=PATIENCE,
    )
    Webhooks(door.engine).put(OPERATOR, f"https://{NAME}:{operator.port}/hook")
    with door.engine.begin() as connection:
        deliveries.store(
            connection,
            id=UUID(int=1),
            kind=Kind.WEBHOOK,
            recipient=OPERATOR,
            body="{}",
            now=door.clock(),
        )
    [operator.delivery] = upkeep.listed(door.engine)
    yield operator
    operator.server.close()
    close_database(door.settings.gateway_database)


def post(operator, timeout=PATIENCE):
    """Let the courier post; return why it was not sent, None when it was."""
    try:
        replace(operator.sender, timeout=timeout).send(operator.delivery)
    except NotSent as error:
        return str(error)
    return None


def bytes_read(operator):
    """Return how much was read of the body of the only answer."""
    [answer] = operator.answers
    return answer.raw.tell()


def endless(*first):
    return itertools.chain(first, itertools.repeat(b"x" * 65536))


def test_a_redirect_is_not_followed(operator):
    inside = b"http://127.0.0.1:%d/" % operator.port
    operator.pieces = [REDIRECT % inside + b"Content-Length: 0\r\n\r\n"]

    assert post(operator) == "HTTP 302"
    assert len(operator.requests) == 1


def test_the_body_of_a_redirect_is_not_read(operator):
    operator.pieces = itertools.islice(endless(REDIRECT % b"/" + b"\r\n"), MUCH // 65536)

    assert post(operator) == "HTTP 302"
    assert operator.sent < MUCH / 2


def test_a_redirect_to_nonsense_is_an_answer_like_another(operator):
    operator.pieces = [REDIRECT % b"http://[::1" + b"Content-Length: 0\r\n\r\n"]

    assert post(operator) == "HTTP 302"


def test_a_body_that_unpacks_to_much_is_not_unpacked(operator):
    bomb = gzip.compress(b"0" * MUCH, 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    operator.pieces = [head, bomb]

    assert post(operator) is None
    assert bytes_read(operator) == 0


def test_a_body_without_end_is_not_waited_for(operator):
    operator.pieces = itertools.islice(endless(b"HTTP/1.1 200 OK\r\n\r\n"), MUCH // 65536)

    assert post(operator) is None
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

    assert post(operator, SOON) in BROKEN


def test_a_head_that_comes_byte_by_byte_is_given_up_though_none_comes_late(operator):
    """It would be whole after a hundred timeouts."""
    operator.pieces = [b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 500, b"\r\n\r\n"]
    operator.pause = SOON / 5

    assert post(operator, SOON) in BROKEN


class AlwaysThere(io.RawIOBase):
    """What has been sent already, however much is read: nobody has to wait for it."""

    def readable(self):
        return True

    def readinto(self, buffer):
        return len(buffer)


def test_while_one_sends_without_end_others_are_served():
    """An answer that is always there would keep a green thread from ever waiting."""
    served = []
    answer = io.BufferedReader(Metered(AlwaysThere(), seconds=PATIENCE, most=MUCH))
    eventlet.spawn(served.append, "another")

    answer.read(100_000)

    assert served


def test_neither_a_proxy_nor_a_password_of_the_environment_is_used(operator, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine {NAME} login who password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    operator.pieces = [b"HTTP/1.1 204 No Content\r\n\r\n"]

    assert post(operator) is None
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
        session.post(f"https://{host}:9/", timeout=SOON)
