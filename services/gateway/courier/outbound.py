"""The way out: sessions that carry nothing along, and reach no address inside for an operator.

An operator names its webhook itself.  Without a check the courier would be its way into the city's
own network, so its name is resolved once, the address is checked, and exactly that address is
connected to: what the name means a moment later does not matter.  Cities are named by the signed
roster, and may well be reached inside.
"""

import socket
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from services.gateway.courier.answers import Bounded
from services.gateway.courier.deliveries import Kind

_UNICAST: Final = ip_network("2000::/3")
"""All of IPv6 that the internet is (RFC 4291 §2.4); what lies beyond may be translated to IPv4."""

_NOT_HOSTS: Final = (ip_network("2002::/16"), ip_network("3fff::/20"), ip_network("192.0.0.0/24"))
"""Stands for an IPv4 address (RFC 3056), is for examples (RFC 9637), for protocols (RFC 6890)."""


class NotPublic(requests.ConnectionError):
    """The name of a webhook leads inside."""


class PublicOnly(Bounded):
    """Connects to public addresses only; the certificate is checked for the name all the same."""

    def send(  # type: ignore[override]  # its further arguments are passed on as they come
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        request.headers.setdefault("Host", urlsplit(str(request.url)).netloc.rpartition("@")[2])
        return super().send(request, **options)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Put the address that was checked in the place of the name."""
        place, options = super().build_connection_pool_key_attributes(request, verify, cert)
        name = place["host"]
        address = public_address(name, place["port"] or socket.getservbyname(place["scheme"]))
        return {**place, "host": address}, {
            **options,
            "server_hostname": name,
            "assert_hostname": name,
        }


def public_address(name: str, port: int) -> str:
    """Resolve a name to one address, IPv4 first; raise NotPublic when any of them is inside."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise requests.ConnectionError("the name does not resolve") from error
    addresses = [str(place[0]) for *_, place in sorted(found, key=lambda each: each[0])]
    if not addresses or not all(map(is_public, addresses)):
        raise NotPublic(name)
    return f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]


def is_public(text: str) -> bool:
    """Say whether an address is somewhere in the internet, and one host."""
    address = ip_address(text)
    if any(address in network for network in _NOT_HOSTS):
        return False
    if address.version == 6 and address not in _UNICAST:  # noqa: PLR2004  of the protocol
        return False
    return address.is_global and not address.is_multicast


def make_sessions(*, webhooks_to_private: bool) -> Mapping[Kind, requests.Session]:
    """Make the session of each kind of delivery."""
    webhooks = city_session()
    if not webhooks_to_private:
        webhooks.adapters.clear()  # nothing but https
        webhooks.mount("https://", PublicOnly())
    return {Kind.NOTICE: city_session(), Kind.WEBHOOK: webhooks}


class Unled(requests.Session):
    """Takes a redirect for an answer like any other.

    Without this requests reads the whole of one, and where it leads, also when told not to follow.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Lead nowhere."""


def city_session() -> requests.Session:
    """Make a session for calls to other cities."""
    session = Unled()
    for scheme in ("http://", "https://"):
        session.mount(scheme, Bounded())
    session.trust_env = False  # no proxy or netrc of the environment
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return session
