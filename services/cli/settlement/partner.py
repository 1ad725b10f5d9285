"""Asking another city's gateway to compare a settlement, by signed calls (RFC 9421)."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contracts import wire
from contracts.errors import NotFound, Refused, Unavailable
from contracts.routes.route import JSON
from contracts.settlements import ComparisonBody, SettlementComparison
from huxin_client.shell.language import spoken
from services.gateway.adapters.roster import url_of
from services.gateway.courier.calling import Answer, CityCalls, NoAnswer
from services.gateway.courier.outbound import city_session
from services.gateway.json_text import to_json
from services.gateway.keys import read_transport_key
from services.gateway.settings import GatewaySettings
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.settings import load_settings, read_values

OK: Final = 200

Ask = Callable[[ComparisonBody], SettlementComparison]


def ask_of(city: str, period: str, file: Path | None) -> Ask:
    """Return how to ask a city; raise NotFound for one that the roster does not name."""
    settings = load_settings(GatewaySettings, read_values(file, os.environ))
    with open_database(settings.gateway_database).connect() as connection:
        gateway = url_of(connection, city)
    if gateway is None:
        raise NotFound("not_found", spoken(f"city {city}", f"城市 {city}"))
    calls = CityCalls(
        session=city_session(),
        transport_key=read_transport_key(settings.keys_directory),
        clock=utc_now,
        timeout=settings.delivery_timeout,
    )
    url = f"{gateway.rstrip('/')}/v1/settlements/{period}/comparison"

    def ask(body: ComparisonBody) -> SettlementComparison:
        try:
            answer = calls.ask("POST", url, to_json(body), JSON)
        except NoAnswer as error:
            raise Unavailable("unavailable", f"{gateway}: {error}") from error
        return _read(answer, gateway)

    return ask


def _read(answer: Answer, gateway: str) -> SettlementComparison:
    try:
        said: Any = json.loads(answer.body)
    except ValueError as error:
        raise Unavailable("unavailable", f"{gateway}: HTTP {answer.status}") from error
    if answer.status != OK:
        code = said.get("code") if isinstance(said, dict) else None
        if code == "period_not_closed":
            raise Refused(code, spoken("at the other city", "对方城市"))
        status = answer.status
        what = spoken(
            f"{gateway} refuses: HTTP {status} {code}", f"{gateway} 拒绝：HTTP {status} {code}"
        )
        raise Unavailable("unavailable", what)
    read: SettlementComparison = wire.load(SettlementComparison, said)
    return read
