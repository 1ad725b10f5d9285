"""Access tokens by client credentials (RFC 6749 §4.4); refusals as its §5.2 wants them."""

import base64
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from contracts.access import Scope
from contracts.http import TokenAnswer, TokenRefusal
from services.gateway.adapters.clients import Clients
from services.gateway.adapters.webhooks import Webhooks
from services.gateway.authentication.callers import Anyone
from services.gateway.authentication.sessions import ACCESS_LIFE, Operators
from services.gateway.calls import Call, Content
from services.gateway.json_text import to_json

GRANT_TYPE: Final = "client_credentials"
_UNCACHED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class Tokens:
    """A token is given for right credentials only; why others are wrong is not told.

    Every operator asks for one each few minutes, so here it is told that its webhook is disabled.
    """

    def __init__(self, clients: Clients, access: Operators, webhooks: Webhooks) -> None:
        self._clients, self._access, self._webhooks = clients, access, webhooks

    def issue_token(self, call: Call[Anyone, dict[str, str]]) -> Content:
        """Give a token with the scopes that are asked for, or with all that the client has."""
        form, header = call.body, call.request.get_header("Authorization")
        asked = form.get("scope", "").split()
        if wrong := _why_not(form, asked, has_header=header is not None):
            return _refuse(*wrong)
        client_id, secret = _basic(header) if header is not None else _posted(form)
        client = self._clients.authenticate(client_id, secret)
        if client is None:
            return _refuse("invalid_client", "client authentication failed")
        given = [scope for scope in client.scopes if scope in asked or not asked]
        if not given or not set(asked) <= set(given):
            return _refuse("invalid_scope", "the client may not do that")
        webhook = self._webhooks.get(client.operator_id)
        answer = TokenAnswer(
            access_token=self._access.open(
                client.operator_id, client_id, given, stopped_at=client.stopped_at
            ),
            token_type="Bearer",  # noqa: S106  the name of a scheme, no secret
            expires_in=int(ACCESS_LIFE.total_seconds()),
            scope=" ".join(given),
            webhook_disabled_at=webhook.disabled_at if webhook is not None else None,
        )
        return Content(to_json(answer), headers=_UNCACHED)


def _why_not(form: dict[str, str], asked: list[str], *, has_header: bool) -> tuple[str, str] | None:
    """Return error and description of a form that nobody could be given a token for."""
    grant_type = form.get("grant_type")
    if not grant_type:
        return "invalid_request", "grant_type is missing"
    if grant_type != GRANT_TYPE:
        return "unsupported_grant_type", f"only {GRANT_TYPE}"
    if has_header and "client_secret" in form:
        return "invalid_request", "credentials in the header or in the body, not both"
    if not set(asked) <= set(Scope):
        return "invalid_scope", "there is no such scope"
    return None


def _posted(form: dict[str, str]) -> tuple[str, str]:
    return form.get("client_id", ""), form.get("client_secret", "")


def _basic(header: str) -> tuple[str, str]:
    """Read HTTP Basic credentials, form-encoded as RFC 6749 §2.3.1 says; empty when unreadable."""
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no base64, not ASCII, or not UTF-8
        return "", ""
    return (
        (unquote_plus(client_id), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")
    )


def _refuse(error: str, description: str) -> Content:
    body = to_json(TokenRefusal(error=error, error_description=description))
    if error != "invalid_client":
        return Content(body, HTTPStatus.BAD_REQUEST, _UNCACHED)
    challenge = {"WWW-Authenticate": 'Basic realm="huxin"'}
    return Content(body, HTTPStatus.UNAUTHORIZED, {**_UNCACHED, **challenge})
