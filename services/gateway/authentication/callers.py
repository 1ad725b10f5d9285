"""Who is calling, one kind per audience; each is made only by its authenticator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.words import CityState


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """A resident at home, already without a civil identifier."""

    resident: str


@dataclass(frozen=True, kw_only=True)
class Administrator:
    """An official, by the roles that the city's identity provider gives."""

    subject: str
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person at this host, by the recognition that the session rests on."""

    holder: str
    recognition_id: UUID
    recognised_at: datetime


@dataclass(frozen=True, kw_only=True)
class Operator:
    """An operator's system, by one of its clients and the scopes of its token."""

    operator_id: str
    client_id: str
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PartnerCity:
    """A city of the adopted roster."""

    code: str
    state: CityState


@dataclass(frozen=True, kw_only=True)
class Erased:
    """Who holds the receipt of an erasure."""

    erasure_id: UUID


@dataclass(frozen=True)
class Anyone:
    """Nobody was asked to prove anything."""


Caller = Citizen | Administrator | Holder | Operator | PartnerCity | Erased | Anyone
