"""An operator's webhook leads out of the city's network, never into it."""

import socket

import pytest
import requests

from services.gateway.courier.deliveries import Kind
from services.gateway.courier.outbound import NotPublic, make_sessions, public_address
from tests.builders.gateway import a_door

pytestmark = pytest.mark.gateway

PUBLIC = "93.184.215.14"


def resolve_to(monkeypatch, *addresses):
    """Let every name mean these addresses."""

    def found(_name, port, **_options):
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(families[":" in each], 1, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104  nothing is bound
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "64:ff9b:1::7f00:1",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "fec0::1",
        "3fff::1",
        "5f00::1",
        "2001::1",
    ],
)
def test_a_webhook_never_leads_inside(monkeypatch, address):
    resolve_to(monkeypatch, address)

    with pytest.raises(NotPublic):
        make_sessions(webhooks_to_private=False)[Kind.WEBHOOK].post("https://operator.example/")


def test_a_name_that_also_leads_inside_leads_nowhere(monkeypatch):
    resolve_to(monkeypatch, PUBLIC, "10.0.0.5")

    with pytest.raises(NotPublic):
        public_address("operator.example", 443)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_name_is_resolved_once_and_its_checked_address_is_where_the_connection_goes(
    monkeypatch, address
):
    resolve_to(monkeypatch, address)
    adapter = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK].get_adapter(
        "https://x.example"
    )
    request = requests.Request("POST", "https://x.example:8443/hook").prepare()

    pool = adapter.get_connection_with_tls_context(request, verify=True)

    assert (pool.host, pool.port) == (address, 8443)
    assert pool.assert_hostname == pool.conn_kw["server_hostname"] == "x.example"


def test_a_name_that_means_nothing_is_a_failed_attempt(monkeypatch):
    def nothing(*_arguments, **_options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nothing)

    with pytest.raises(requests.ConnectionError, match="resolve"):
        public_address("operator.example", 443)


def test_a_webhook_goes_over_tls_only():
    session = make_sessions(webhooks_to_private=False)[Kind.WEBHOOK]

    with pytest.raises(requests.exceptions.InvalidSchema):
        session.post("http://operator.example/")


def test_an_address_without_tls_is_refused_unless_the_node_may_deliver_inside(door, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    trying = a_door(inside, webhooks_to_private_addresses=True)
    body = {"url": "http://operator.example/hook"}

    refused = door.ask("PUT", "/v1/webhook", door.operator(), json=body)
    taken = trying.ask("PUT", "/v1/webhook", trying.operator(), json=body)

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (400, "url")
    assert taken.status_code == 200


def test_an_address_with_a_name_or_password_in_it_is_refused(door):
    body = {"url": "https://hangzhou.example@operator.example/hook"}

    refused = door.ask("PUT", "/v1/webhook", door.operator(), json=body)

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (400, "url")
