"""One step of a journey: a request by curl, or a small program where something is signed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.journeys.variables import VARIABLES
from contracts.problems import Text
from contracts.routes import ROUTES
from contracts.routes.route import FORM, Route


@dataclass(frozen=True, kw_only=True)
class Step:
    """A request of one operation; `$NAME` in it stands for a variable of the journey.

    `at` is the variable of the node's address, `bearer` that of the token, if one is needed.  Each
    parameter of the path is a variable.  `keeps` says where in the answer the value of a variable
    is.  A `program` is Python and prints the answer; it stands in for curl.
    """

    operation_id: str
    says: Text
    at: str = "HOST_GATEWAY"
    bearer: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    keeps: Mapping[str, str] = field(default_factory=dict)
    program: str = ""

    @property
    def route(self) -> Route:
        return next(route for route in ROUTES if route.operation_id == self.operation_id)

    @property
    def command(self) -> str:
        """What to type: for a shell, or for Python when it is a program."""
        return self.program or "\n".join(self._curl())

    @property
    def sample(self) -> Any:
        """Its body with a sample in the place of each variable; None without one."""
        return None if self.body is None else _sampled(self.body)

    def _curl(self) -> "list[str]":
        route = self.route
        place = route.path
        for name, variable in self.path.items():
            place = place.replace(f"{{{name}}}", f"${variable}")
        lines = [f'curl --silent --show-error --request {route.method} "${self.at}{place}"']
        if self.bearer:
            lines.append(f'--header "Authorization: Bearer ${self.bearer}"')
        if self.query:
            lines[0] += " --get"
            lines += [f'--data-urlencode "{name}={value}"' for name, value in self.query]
        if self.body is None:
            return _continued(lines)
        if route.content_type == FORM:
            lines += [f'--data-urlencode "{name}={value}"' for name, value in self.body.items()]
            return _continued(lines)
        lines += [f'--header "Content-Type: {route.content_type}"', "--data @- <<JSON"]
        return [*_continued(lines), _written(self.body), "JSON"]


def _continued(lines: "list[str]") -> "list[str]":
    first, *others = lines
    indented = [first, *(f"  {line}" for line in others)]
    return [f"{line} \\" for line in indented[:-1]] + [indented[-1]]


def _written(body: Mapping[str, Any]) -> str:
    """Write JSON for a shell, where a variable that holds no string stands without quotes."""
    text = json.dumps(body, ensure_ascii=False, indent=2)
    for name, variable in VARIABLES.items():
        if not isinstance(variable.sample, str):
            text = text.replace(f'"${name}"', f"${name}")
    return text


_MARK: Final = "$"


def _sampled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _sampled(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_sampled(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_MARK):
        return VARIABLES[value.removeprefix(_MARK)].sample
    return value
