"""One caller of each kind at one city, made anew from time to time: some calls end their caller."""

import json
import secrets
from collections.abc import Iterator
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

TESTED, VISITORS_HOME, PARTNER = FUZHOU, ZHENGZHOU, HANGZHOU


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

    def __init__(
        self, world: World, newcomers: dict[str, Iterator[str]], shop: tuple[str, str, str]
    ) -> None:
        self.world, self._newcomers, self._shop = world, newcomers, shop
        self.signature = Signature(read_transport_key(world.cities[PARTNER].keys))

    @property
    def url(self) -> str:
        return self.world.cities[TESTED].url

    def newcomer(self, home: str) -> App:
        access = self.world.cities[home]
        token = access.identity.resident_token(next(self._newcomers[home]), access.url)
        return App(self.world.door(home, token))

    def _operator(self) -> Operator:
        """Sign in; with a secret that was replaced meanwhile, as another operator."""
        try:
            return Operator(self.url, *self._shop)
        except KeyError:
            return open_shop(self, TESTED).operator

    def token(self, audience: Audience) -> str:
        """Return a bearer token of a caller of this kind."""
        match audience:
            case Audience.CITIZEN:
                citizen = self.newcomer(TESTED)
                assert citizen.consent(PARTNER, PURPOSES).ok
                return bearer_of(citizen.home)
            case Audience.HOLDER:
                return bearer_of(visit(self, VISITORS_HOME, TESTED).door)
            case Audience.OPERATOR:
                return bearer_of(self._operator().door)
            case Audience.ADMINISTRATOR:
                return bearer_of(self.world.administrator(TESTED))
            case Audience.ERASED:
                erasure = self.newcomer(TESTED).home.put(f"/v1/erasures/{uuid4()}")
                return str(erasure["receipt"])
        raise LookupError(f"{audience} has no token")


def write_callers(alliance: Alliance, file: Path, people: int) -> dict[str, list[str]]:
    """Write down what another process needs to act as anybody, as so many people of each city.

    Return what there is in the city already, by the name of the parameter or field that names it.
    """
    world, newcomers = alliance.world, alliance.newcomers
    shop = open_shop(alliance, TESTED)
    visitor = visit(alliance, VISITORS_HOME, TESTED)
    grants = [visitor.take(shop.incentive_id) for _ in range(5)]
    citizen = alliance.newcomer(TESTED)
    consent = citizen.consent(PARTNER, PURPOSES)
    attestation = citizen.attestation(PARTNER)
    cities = {
        code: {
            "url": access.url,
            "issuer": access.identity.issuer,
            "directory": str(access.keys.parent),
            "newcomers": [next(newcomers[code]) for _ in range(people)],
        }
        for code, access in world.cities.items()
    }
    written = {"alliance": str(world.alliance), "cities": cities}
    written["shop"] = [shop.operator.id, *shop.credentials]
    file.write_text(json.dumps(written))
    return {
        "path.incentive_id": [shop.incentive_id],
        "path.scenario_id": [shop.incentive_id],
        "path.operator_id": [shop.operator.id],
        "path.grant_id": [grant["grant_id"] for grant in grants],
        "path.consent_id": [consent["consent_id"]],
        "path.attestation_id": [attestation["attestation_id"]],
        "path.problem": ["malformed", "not_found", "ordinary_terms"],
        "path.city": [PARTNER, VISITORS_HOME],
        "path.period": [utc_now().strftime("%Y-%m")],
        "body.incentive_id": [shop.incentive_id],
        "body.scenario_id": [shop.incentive_id],
        "body.pass_token": [grant["pass_token"] for grant in grants],
        "body.recipient": [PARTNER, VISITORS_HOME],
        "body.text_version": [consent["text_version"]],
    }


def read_callers(file: Path) -> Callers:
    written = json.loads(file.read_text())
    cities = {}
    for code, city in written["cities"].items():
        directory = Path(city["directory"])
        key = ECKey.import_key(json.loads((directory / "identity.jwk").read_text()))
        identity = IdentityProvider(city["issuer"], key)
        cities[code] = CityAccess(code, city["url"], identity, directory / "keys")
    newcomers = {code: cycle(city["newcomers"]) for code, city in written["cities"].items()}
    world = World(Path(written["alliance"]), cities, {})
    operator_id, client_id, secret = written["shop"]
    return Callers(world, newcomers, (operator_id, client_id, secret))
