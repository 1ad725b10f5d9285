"""How OpenAPI says who comes in: the schemes, the audiences, and what each operation asks for."""

from typing import Final

from contracts.access import ROLES, SCOPES
from contracts.problems import Text
from contracts.routes.route import Audience, Route

_SCHEME: Final[dict[Audience, str]] = {
    Audience.CITIZEN: "identity",
    Audience.HOLDER: "session",
    Audience.OPERATOR: "client",
    Audience.ADMINISTRATOR: "identity",
    Audience.CITY: "signature",
    Audience.ERASED: "receipt",
}
AUDIENCES: Final = {
    Audience.CITIZEN: "Residents, at home.",
    Audience.HOLDER: "Holders of a session, at a host.",
    Audience.OPERATOR: "Operators of scenarios.",
    Audience.ADMINISTRATOR: "The city's own administrators.",
    Audience.CITY: "Other cities of the alliance.",
    Audience.ERASED: "Whoever holds the receipt of an erasure.",
    Audience.PUBLIC: "Everyone.",
}


def _said(text: Text) -> str:
    return f"{text.en} / {text.zh}"


SCHEMES: Final = {
    "identity": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the city's identity provider. Officials have one of the `roles`:"
        + "".join(f"\n- `{role}`: {_said(text)}" for role, text in ROLES.items()),
    },
    "session": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The session that came with a recognition.",
    },
    "receipt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The receipt that came with an erasure.",
    },
    "client": {
        "type": "oauth2",
        "description": "Client credentials (RFC 6749, section 4.4).",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/oauth/token",
                "scopes": {scope.value: _said(text) for scope, text in SCOPES.items()},
            }
        },
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "HTTP message signature (RFC 9421) by a transport key of the roster.",
    },
}


def security_of(route: Route) -> list[dict[str, list[str]]]:
    """Return what a caller needs: one of these, each with the scope or role it names."""
    if route.audience is Audience.PUBLIC:
        return []
    scheme = _SCHEME[route.audience]
    if route.scope is None:
        return [{scheme: []}]
    return [{scheme: [word]} for word in route.let_in]
