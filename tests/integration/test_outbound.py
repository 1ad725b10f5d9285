"""Webhooks over real TLS: to the address that was checked, by a certificate of the name."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.gateway.courier import outbound
from services.gateway.courier.deliveries import Kind
from services.gateway.courier.outbound import NotPublic, make_sessions

pytestmark = pytest.mark.gateway


class Operator:
    """An operator's system at operator.example, which this machine stands for."""

    def __init__(self, directory):
        operator = self
        self.heard = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                operator.heard.append(dict(self.headers))
                self.send_response(204)
                self.send_header("Set-Cookie", "who=you")
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.certificate = directory / "operator.pem"
        self.certificate.write_bytes(a_certificate("operator.example"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def a_certificate(name):
    """Make a key and a certificate for a name, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(pem)


@pytest.fixture
def operator(tmp_path):
    operator = Operator(tmp_path)
    yield operator
    operator.stop()


@pytest.fixture
def resolved(monkeypatch):
    """Let every name mean this machine, and list the names that were asked for."""
    asked, look_up = [], socket.getaddrinfo

    def found(name, port, *arguments, **options):
        asked.append(name)
        return look_up("127.0.0.1", port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


@pytest.fixture
def session(monkeypatch, operator):
    """Make the session of webhooks, for which this machine is in the internet."""
    monkeypatch.setattr(outbound, "is_public", lambda _address: True)
    session = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK]
    session.verify = str(operator.certificate)
    return session


def post(session, host, port):
    request = requests.Request("POST", f"https://{host}:{port}/hook", data=b"{}").prepare()
    return session.send(request, timeout=60)


def test_an_operator_is_reached_by_its_name_and_leaves_nothing_behind(session, operator, resolved):
    answer = post(session, "operator.example", operator.port)

    assert answer.status_code == 204
    assert resolved[0] == "operator.example"
    assert resolved.count("operator.example") == 1
    assert operator.heard[0]["Host"] == f"operator.example:{operator.port}"
    assert not session.cookies


@pytest.mark.usefixtures("resolved")
def test_a_certificate_of_another_name_is_not_believed(session, operator):
    with pytest.raises(requests.exceptions.SSLError):
        post(session, "other.example", operator.port)

    assert not operator.heard


@pytest.mark.usefixtures("resolved")
def test_this_machine_is_not_reached_though_its_certificate_is_right(operator):
    session = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK]
    session.verify = str(operator.certificate)

    with pytest.raises(NotPublic):
        post(session, "operator.example", operator.port)

    assert not operator.heard
