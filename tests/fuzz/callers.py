"""One caller of each kind at one city, made anew from time to time: some calls end their caller."""

import json
import secrets
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from joserfc.jwk import ECKey

from contracts.routes.route import Audience
from services.cli.demo.app import App
from services.cli.demo.identity import IdentityProvider
from services.cli.demo.operator import Operator
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU, CityAccess, World
from services.gateway.authentication.signatures import sign
from services.gateway.keys import read_transport_key
from services.plumbing.clock import utc_now
from tests.e2e.people import PURPOSES, open_shop, visit
from tests.e2e.runtimes import Alliance
from tests.e2e.test_isolation import bearer_of
from tests.fuzz.lived_in import Left

PARTNERS = {FUZHOU: HANGZHOU, HANGZHOU: FUZHOU}  # of the city that is asked
VISITORS_HOME = ZHENGZHOU


@dataclass(frozen=True)
class Signature(requests.auth.AuthBase):
    """Signs a request as the partner city, whatever the request has become by then."""

    key: Any

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        for name in ("Signature", "Signature-Input", "Content-Digest"):
            request.headers.pop(name, None)  # of another try of the same request
        if isinstance(request.body, str):
            request.body = request.body.encode()
        sign(request, key=self.key, now=utc_now(), nonce=secrets.token_urlsafe(16))
        return request


class Callers:
    """Invariant: each call of `token` gives somebody who can still call."""

    def __init__(self, world: World, tested: str, newcomers: dict[str, list[str]], left: Left):
        self.world, self.tested, self.partner = world, tested, PARTNERS[tested]
        self.signature = Signature(read_transport_key(world.cities[self.partner].keys))
        self._newcomers = {code: cycle(people) for code, people in newcomers.items()}
        self._clients = cycle(left.clients)
        self._known = {audience: cycle(sorted(them)) for audience, them in left.bearers.items()}
        self._knows = cycle((True, False))

    @property
    def url(self) -> str:
        return self.world.cities[self.tested].url

    def newcomer(self, home: str) -> App:
        access = self.world.cities[home]
        token = access.identity.resident_token(next(self._newcomers[home]), access.url)
        return App(self.world.door(home, token))

    def _operator(self) -> Operator:
        """Sign in; with a secret that was replaced meanwhile, as another operator."""
        try:
            return Operator(self.url, *next(self._clients))
        except KeyError:
            return open_shop(self, self.tested).operator

    def token(self, audience: Audience) -> str:
        """Return a bearer token of a caller of this kind, every second time of one with a past."""
        if audience in self._known and next(self._knows):
            return next(self._known[audience])
        match audience:
            case Audience.CITIZEN:
                citizen = self.newcomer(self.tested)
                assert citizen.consent(self.partner, PURPOSES).ok
                return bearer_of(citizen.home)
            case Audience.HOLDER:
                return bearer_of(visit(self, VISITORS_HOME, self.tested).door)
            case Audience.OPERATOR:
                return bearer_of(self._operator().door)
            case Audience.ADMINISTRATOR:
                return bearer_of(self.world.administrator(self.tested))
            case Audience.ERASED:
                erasure = self.newcomer(self.tested).home.put(f"/v1/erasures/{uuid4()}")
                return str(erasure["receipt"])
        raise LookupError(f"{audience} has no token")


def open_up(alliance: Alliance, tested: str) -> None:
    """Let there be a shop with grants, and a citizen with a consent and an attestation."""
    shop = open_shop(alliance, tested)
    visitor = visit(alliance, VISITORS_HOME, tested)
    for _ in range(5):
        visitor.take(shop.incentive_id)
    citizen = alliance.newcomer(tested)
    citizen.consent(PARTNERS[tested], PURPOSES)
    citizen.attestation(PARTNERS[tested])


def write_callers(alliance: Alliance, tested: str, left: Left, file: Path, people: int) -> None:
    """Write down what another process needs to act as anybody, as so many people of each city."""
    world = alliance.world
    cities = {
        code: {
            "url": access.url,
            "issuer": access.identity.issuer,
            "directory": str(access.keys.parent),
            "newcomers": [next(alliance.newcomers[code]) for _ in range(people)],
        }
        for code, access in world.cities.items()
    }
    written = {"alliance": str(world.alliance), "tested": tested, "cities": cities}
    written["clients"] = left.clients
    written["bearers"] = {audience: sorted(them) for audience, them in left.bearers.items()}
    file.write_text(json.dumps(written))


def read_callers(file: Path) -> Callers:
    written = json.loads(file.read_text())
    cities = {}
    for code, city in written["cities"].items():
        directory = Path(city["directory"])
        key = ECKey.import_key(json.loads((directory / "identity.jwk").read_text()))
        identity = IdentityProvider(city["issuer"], key)
        cities[code] = CityAccess(code, city["url"], identity, directory / "keys")
    newcomers = {code: city["newcomers"] for code, city in written["cities"].items()}
    left = Left(bearers=written["bearers"], clients=written["clients"])
    world = World(Path(written["alliance"]), cities, {})
    return Callers(world, written["tested"], newcomers, left)
