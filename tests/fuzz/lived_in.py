"""Cities in which something has happened: what is there, and by whom, so that it can be found."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from rich.console import Console

from contracts.routes import PATH_PARAMETERS, ROUTES
from contracts.routes.route import Audience
from services.cli.demo.script import Script
from services.cli.demo.story import Story
from tests.e2e.runtimes import Alliance
from tests.e2e.test_story import Machines

BEARERS = {Audience.CITIZEN, Audience.HOLDER}  # their things are their own
NAMES = {*PATH_PARAMETERS, "pass_token", "text_version"} - {"list", "period", "version"}
PATHS = {
    route: re.compile(re.sub(r"{([a-z_]+)}", r"(?P<\1>[^/]+)", route.path)) for route in ROUTES
}


@dataclass
class Left:
    """What there is in a city by the names of parameters and fields, and who may ask for it."""

    ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bearers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    clients: list[tuple[str, str, str]] = field(default_factory=list)  # operator, id, secret

    def note(self, response: requests.Response) -> None:
        """Remember what a call that went well was about, and whose it was."""
        request = response.request
        path = urlsplit(str(request.url)).path
        body = response.json() if "json" in response.headers.get("Content-Type", "") else {}
        self._note_names(body)
        for route, pattern in PATHS.items():
            if route.method == request.method and (found := pattern.fullmatch(path)):
                self._note_names(named := found.groupdict())
                if route.audience in BEARERS:
                    self.bearers[route.audience].add(request.headers["Authorization"].split()[-1])
                if route.operation_id == "register_operator":
                    client = named["operator_id"], body["client_id"], body["client_secret"]
                    self.clients.append(client)

    def _note_names(self, body: Any) -> None:
        if isinstance(body, list):
            for each in body:
                self._note_names(each)
        elif isinstance(body, dict):
            for name in NAMES & body.keys():
                if isinstance(body[name], str):
                    self.ids[name].add(body[name])
            for each in body.values():
                self._note_names(each)


@contextmanager
def watched(alliance: Alliance) -> Iterator[dict[str, Left]]:
    """Note every answer that this process gets from a city."""
    cities = alliance.world.cities
    left = {code: Left() for code in cities}
    send = requests.Session.send

    def look(self: Any, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = send(self, request, **options)
        for code, city in cities.items():
            if response.ok and str(request.url).startswith(f"{city.url}/"):
                left[code].note(response)
        return response

    requests.Session.send = look
    try:
        yield left
    finally:
        requests.Session.send = send


def live(alliance: Alliance) -> None:
    """Let the story of the demo happen."""
    script = Script(Console(file=io.StringIO()))
    Story(alliance.world, Machines(alliance), script).play()
    assert script.held == len(script.steps), [step for step in script.steps if not step.held]
