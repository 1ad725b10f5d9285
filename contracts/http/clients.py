"""An operator's clients: what each may, and the secrets by which it signs in."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.access import Scope
from contracts.fields import Moment, Slug, Token

ClientId = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(
            r"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)?\Z"
        ),
        metadata={
            "description": "What a client signs in as: the operator's id, a dot and its own id.",
            "examples": ["city-bikes.till-1"],
        },
    ),
]


@dataclass(frozen=True, kw_only=True)
class ClientBody:
    """What a client may; with no scope it may nothing for the time being."""

    scopes: tuple[Scope, ...]


@dataclass(frozen=True, kw_only=True)
class ClientRecord:
    """A client; its former secrets are good until then, when there are any."""

    client: Slug
    client_id: ClientId
    scopes: tuple[Scope, ...]
    secret_since: Moment | None = None
    former_secrets_until: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class ClientMade(ClientRecord):
    """A client, and its new secret if one was made: it is shown once."""

    client_secret: Token | None = None


@dataclass(frozen=True, kw_only=True)
class ClientRecords:
    """All clients of an operator."""

    clients: tuple[ClientRecord, ...]
