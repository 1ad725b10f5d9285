"""What the story needs to know of a running alliance: addresses, people, and keys to act with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from services.cli.demo.app import App
from services.cli.demo.http import Door
from services.cli.demo.identity import IdentityProvider

HANGZHOU: Final = "330100"
FUZHOU: Final = "350100"
ZHENGZHOU: Final = "410100"
LINS_FACT: Final = "fz-2026-0017"


class Nodes(Protocol):
    """The machines of the cities, which the story switches off and on."""

    def stop(self, city: str) -> None: ...

    def start(self, city: str) -> None:
        """Start a node that was stopped, and wait until it is ready."""


@dataclass(frozen=True)
class Person:
    """A synthetic resident; no score means the city has not scored them."""

    civil_id: str
    score: str | None


@dataclass(frozen=True)
class CityAccess:
    """One city as its own people and officials reach it."""

    code: str
    url: str
    identity: IdentityProvider
    keys: Path


@dataclass(frozen=True)
class World:
    """Three cities and a few people; `alliance` is the office's directory."""

    alliance: Path
    cities: Mapping[str, CityAccess]
    people: Mapping[str, Person]

    def door(self, city: str, token: str | None = None) -> Door:
        return Door(self.cities[city].url, token)

    def administrator(self, city: str) -> Door:
        access = self.cities[city]
        return self.door(city, access.identity.administrator_token(access.url))

    def app(self, home: str, person: str) -> App:
        """Give a person a fresh app, signed in at home."""
        access = self.cities[home]
        civil_id = self.people[person].civil_id
        return App(self.door(home, access.identity.resident_token(civil_id, access.url)))
