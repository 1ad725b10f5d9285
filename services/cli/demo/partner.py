"""A partner city: it signs its calls with its transport key (RFC 9421)."""

import secrets
from typing import Any

import requests

from services.cli.demo.http import TIMEOUT_SECONDS, Answer, read
from services.cli.demo.world import World
from services.gateway.authentication.signatures import sign
from services.gateway.keys import read_transport_key
from services.plumbing.clock import utc_now


class PartnerCity:
    """One city's node as another city's gateway hears it."""

    def __init__(self, world: World, code: str) -> None:
        self._world = world
        self._key = read_transport_key(world.cities[code].keys)

    def get(self, city: str, path: str, **query: str) -> Answer:
        """Ask another city's gateway."""
        return self._send("GET", city, path, params=query)

    def post(self, city: str, path: str, body: Any) -> Answer:
        return self._send("POST", city, path, json=body)

    def _send(self, method: str, city: str, path: str, **content: Any) -> Answer:
        url = self._world.cities[city].url + path
        prepared = requests.Request(method, url, **content).prepare()
        sign(prepared, key=self._key, now=utc_now(), nonce=secrets.token_urlsafe(16))
        with requests.Session() as session:
            return read(session.send(prepared, timeout=TIMEOUT_SECONDS))
