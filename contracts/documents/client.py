"""huxin_client/calls/: a class for each audience, with one method for each route.

Written as `ruff format` writes, so that nobody has to format what is generated.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, get_args, get_origin
from uuid import UUID

from contracts import http
from contracts.routes import PATH_PARAMETERS, ROUTES
from contracts.routes.route import Audience, Query, Route

WIDTH: Final = 100
FORMAT: Final = "format"
CSV_ONLY: Final = {"bom", "titles"}
ARGUMENTS: Final = {"from": "start", "list": "number", "problem": "code"}
"""Parameters whose name Python uses otherwise, or that say too little without their path."""
MADE_BEFORE: Final = {"recall_any_grant"}
"""Calls by PUT whose path ends in the id of a thing that is there already."""
EMPTY: Final = {HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT}
NAMES: Final = {
    Audience.CITIZEN: ("Citizen", "a resident, at home"),
    Audience.HOLDER: ("Holder", "a holder of a session, at a host"),
    Audience.OPERATOR: ("Operator", "an operator of scenarios"),
    Audience.ADMINISTRATOR: ("Administrator", "an administrator of the city"),
    Audience.CITY: ("City", "another city of the alliance"),
    Audience.ERASED: ("Erased", "whoever holds the receipt of an erasure"),
    Audience.PUBLIC: ("Everyone", "everyone"),
}


class Imports:
    """Names that a module takes from elsewhere; naming a type takes it."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {"huxin_client.caller": {"Caller"}}

    def take(self, module: str, name: str) -> str:
        self._taken.setdefault(module, set()).add(name)
        return name

    def name(self, kind: type) -> str:
        """Return how a class is written here: `str`, `UUID`, `Category`, `http.ScenarioBody`."""
        module, name = kind.__module__, kind.__qualname__
        if module == "builtins":
            return name
        if module.startswith(http.__name__):
            return f"{self.take('contracts', 'http')}.{name}"
        package, _, topic = module.rpartition(".")
        if package == "contracts" and topic != "words":
            return f"{self.take(package, topic)}.{name}"
        return self.take(module, name)

    def lines(self) -> Iterator[str]:
        """Yield the statements: the standard library, a blank line, and the project."""
        ours = {"contracts", "huxin_client"}
        was_ours = True
        for module in sorted(self._taken, key=lambda name: (name.split(".")[0] in ours, name)):
            is_ours = module.split(".")[0] in ours
            if is_ours and not was_ours:
                yield ""
            was_ours = is_ours
            names = sorted(self._taken[module])
            line = f"from {module} import {', '.join(names)}"
            if len(line) <= WIDTH:
                yield line
            else:
                yield from (f"from {module} import (", *(f"    {name}," for name in names), ")")


def write(audience: Audience) -> str:
    """Return the module of an audience."""
    name, meaning = NAMES[audience]
    imports = Imports()
    methods: list[str] = []
    for route in ROUTES:
        if route.audience is audience:
            methods += ["", *_method(route, imports)]
            if any(query.name == FORMAT for query in route.query):
                methods += ["", *_method(route, imports, as_csv=True)]
    lines = [
        f'"""What {meaning} may ask; written by `make contracts`."""',
        "",
        *imports.lines(),
        "",
        "",
        f"class {name}Calls(Caller):",
        f'    """A method for each endpoint that is for {meaning}."""',
        *methods,
    ]
    return "".join(f"{line}\n" for line in lines)


MODULES: Final[dict[str, Callable[[], str]]] = {
    f"huxin_client/calls/{name.lower()}.py": partial(write, audience)
    for audience, (name, _) in NAMES.items()
}


def _method(route: Route, imports: Imports, *, as_csv: bool = False) -> Iterator[str]:
    asked = [query for query in route.query if _is_asked(query, route, as_csv=as_csv)]
    answer = _answer(route, imports, as_csv=as_csv)
    name = f"{route.operation_id}_as_csv" if as_csv else route.operation_id
    made = _made_by(route)
    required = [_in_path(one, imports) for one in route.parameters if one != made]
    required += [_in_query(query, imports) for query in asked if query.required]
    optional = [_in_query(query, imports) for query in asked if not query.required]
    if made:
        optional.insert(0, f"{_argument(made)}: {imports.take('uuid', 'UUID')} | None = None")
    named = [*required, *optional]
    body = [f"body: {_body(route, imports)}"] if route.takes_body else []
    parameters = ["self", *body, *(["*", *named] if named else [])]
    yield from _bracketed(f"    def {name}(", parameters, f") -> {answer}:")
    summary = f"Get what `{route.operation_id}` shows, as CSV" if as_csv else route.summary
    yield f'        """{summary}."""'
    given = [f'"{query.name}": {_argument(query.name)}' for query in asked]
    if as_csv:
        csv = imports.take("contracts.words", "ExportFormat")
        given.append(f'"{FORMAT}": {csv}.CSV')
    if given:
        yield from _bracketed("        query = {", given, "}", is_literal=True)
    arguments = [f'"{route.operation_id}"', *(["body"] if body else [])]
    arguments += ["query=query"] if given else []
    arguments += [_handed_on(one, made, imports) for one in route.parameters]
    if answer == "None":
        yield from _bracketed("        self.door.fetch(", arguments, ")")
    elif answer == "bytes":
        yield from _bracketed("        return self.door.fetch(", arguments, ")")
    else:
        yield from _bracketed("        return self.door.ask(", [answer, *arguments], ")")


def _is_asked(query: Query, route: Route, *, as_csv: bool) -> bool:
    """Say whether a method asks for a parameter: the format is said by the method's name."""
    has_format = any(one.name == FORMAT for one in route.query)
    return not has_format or (query.name != FORMAT and (as_csv or query.name not in CSV_ONLY))


def _answer(route: Route, imports: Imports, *, as_csv: bool) -> str:
    if route.reply is None:
        return "None" if route.status in EMPTY else "bytes"
    return "bytes" if as_csv else imports.name(route.reply)


def _body(route: Route, imports: Imports) -> str:
    return imports.name(route.body) if route.body else "bytes"


def _made_by(route: Route) -> str | None:
    """Return the parameter that names what the call makes: whoever makes a thing chooses its id."""
    if route.method != "PUT" or route.operation_id in MADE_BEFORE or not route.parameters:
        return None
    last = route.parameters[-1]
    is_last = route.path.endswith(f"{{{last}}}")
    return last if is_last and _plain(PATH_PARAMETERS[last]) is UUID else None


def _in_path(name: str, imports: Imports) -> str:
    return f"{_argument(name)}: {imports.name(_plain(PATH_PARAMETERS[name]))}"


def _in_query(query: Query, imports: Imports) -> str:
    kind = imports.name(_plain(query.type))
    if query.many:
        kind = f"{imports.take('collections.abc', 'Collection')}[{kind}]"
    return f"{_argument(query.name)}: {kind}" + ("" if query.required else " | None = None")


def _handed_on(name: str, made: str | None, imports: Imports) -> str:
    argument = _argument(name)
    if name == made:
        argument += f" or {imports.take('uuid', 'uuid4')}()"
    return f"{name}={argument}"


def _argument(name: str) -> str:
    return ARGUMENTS.get(name, name)


def _plain(kind: Any) -> type:
    """Return the class under an annotated field type."""
    plain: type = kind if get_origin(kind) is None else get_args(kind)[0]
    return plain


def _bracketed(
    before: str, items: Sequence[str], after: str, *, is_literal: bool = False
) -> Iterator[str]:
    """Yield it on one line; or its items on one line between; or each item on a line."""
    said = ", ".join(items)
    indent = " " * (len(before) - len(before.lstrip()))
    inner = indent + "    "
    if len(before + said + after) <= WIDTH:
        yield before + said + after
        return
    yield before
    if len(inner + said) <= WIDTH and not is_literal:
        yield inner + said
    else:
        yield from (f"{inner}{item}," for item in items)
    yield indent + after
