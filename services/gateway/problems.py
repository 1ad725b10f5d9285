"""The one place where an error becomes an HTTP response (RFC 9457)."""

import json
import random
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import falcon
import structlog

from contracts.errors import ContractError, Malformed, TooMany, Unavailable
from contracts.problems import PROBLEMS, type_of
from services.gateway.authentication.scopes import InsufficientScope
from services.plumbing.database import AWAY

CONTENT_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = (1, 4)  # at random, so that those turned away do not return together

_log = structlog.get_logger("gateway")

_HTTP_ERRORS: Final = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


def _body(code: str, language: str, detail: str = "", errors: Mapping[str, str] = {}) -> bytes:
    entry = PROBLEMS[code]
    problem: dict[str, Any] = {
        "type": type_of(code),
        "title": entry.title.said(language),
        "status": entry.status,
        "code": code,
        "detail": detail,
        "next_step": entry.next_step.said(language),
        "errors": [{"field": field, "message": text} for field, text in errors.items()],
    }
    return json.dumps(problem, ensure_ascii=False).encode()


ORDINARY_TERMS: Final = _body("ordinary_terms", "both")
"""The one answer whatever the reason: it depends on nothing, not even the language asked for."""


def render(request: falcon.Request, response: falcon.Response, error: ContractError) -> None:
    """Answer with the problem that an error stands for."""
    language = language_of(request)
    errors = error.errors if isinstance(error, Malformed) else {}
    _write(response, error.code, _body(error.code, language, error.detail, errors), language)
    if isinstance(error, TooMany):
        response.set_header("Retry-After", str(int(error.seconds) + 1))
    if error.code == "unauthenticated" and request.get_header("Authorization"):
        response.set_header("WWW-Authenticate", 'Bearer error="invalid_token"')  # RFC 6750 §3.1
    if isinstance(error, InsufficientScope):
        challenge = f'Bearer error="insufficient_scope", scope="{error.wanted}"'
        response.set_header("WWW-Authenticate", challenge)


def _write(response: falcon.Response, code: str, body: bytes, language: str) -> None:
    status = PROBLEMS[code].status
    response.status = status
    response.content_type = CONTENT_TYPE
    response.set_header("Cache-Control", "no-store")
    if code == "ordinary_terms":
        response.data = ORDINARY_TERMS
        return
    response.data = body
    response.set_header("Content-Language", language)
    response.set_header("Vary", "Accept-Language")
    if status == HTTPStatus.UNAUTHORIZED:
        response.set_header("WWW-Authenticate", "Bearer")
    if status == HTTPStatus.REQUEST_TIMEOUT:
        response.set_header("Connection", "close")  # RFC 9110 §15.5.9
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.set_header("Retry-After", str(random.randint(*RETRY_AFTER_SECONDS)))  # noqa: S311  scatter, not secrecy


def language_of(request: falcon.Request) -> str:
    """Choose Chinese or English by Accept-Language (RFC 9110 §12.5.4); Chinese by default."""
    best, best_weight = "zh", 0.0
    for part in (request.get_header("Accept-Language") or "")[:200].split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        value = _weight(weight)
        if language in {"zh", "en"} and value > best_weight:
            best, best_weight = language, value
    return best


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0


def on_contract_error(
    request: falcon.Request, response: falcon.Response, error: ContractError, _params: object
) -> None:
    render(request, response, error)


def on_http_error(
    request: falcon.Request, response: falcon.Response, error: falcon.HTTPError, _params: object
) -> None:
    """Give Falcon's own errors (no such path, wrong method) the same shape as ours."""
    code = _HTTP_ERRORS.get(error.status_code, "malformed")
    if error.headers:
        response.set_headers(error.headers)
    language = language_of(request)
    errors = {"request": error.title or "Cannot be read."} if code == "malformed" else {}
    _write(response, code, _body(code, language, errors=errors), language)


def on_unexpected(
    request: falcon.Request, response: falcon.Response, error: Exception, _params: object
) -> None:
    """Answer a fault of ours without telling about it; the log has it all."""
    _log.error("unexpected error", request_id=getattr(request.context, "id", ""), exc_info=error)
    language = language_of(request)
    _write(response, "internal", _body("internal", language), language)


def on_database_away(
    request: falcon.Request, response: falcon.Response, error: Exception, _params: object
) -> None:
    """Ask for patience when the gateway's own database does not answer."""
    _log.warning("database away", error=type(error).__name__)
    render(request, response, Unavailable("unavailable"))


def install(app: "falcon.App[Any, Any]") -> None:
    """Let every error of the application pass here."""
    app.add_error_handler(Exception, on_unexpected)
    for away in AWAY:
        app.add_error_handler(away, on_database_away)
    app.add_error_handler(falcon.HTTPError, on_http_error)
    app.add_error_handler(ContractError, on_contract_error)
