"""The catalogue of problems: a list for programs, and a page about each for people."""

from contracts.errors import NotFound
from contracts.http import ProblemKind, ProblemKinds
from contracts.problems import PROBLEMS, Entry, type_of
from contracts.routes import ROUTES
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Call, Content
from services.gateway.html_pages import headers, page
from services.gateway.json_text import to_json

_CACHED = {"Cache-Control": "public, max-age=300"}


class ProblemPages:
    """Says of every code what it means; the same to everybody, and in both languages at once."""

    def list_problems(self, call: Call[Anyone, None]) -> Content:
        kinds = tuple(_kind(code, entry) for code, entry in sorted(PROBLEMS.items()))
        return Content(to_json(ProblemKinds(problems=kinds)), headers=_CACHED)

    def show_problem(self, call: Call[Anyone, None]) -> Content:
        code = call.path["problem"]
        if code not in PROBLEMS:
            raise NotFound("not_found", "problem")
        return Content(_page(code, PROBLEMS[code]), headers=_CACHED | headers())


def _kind(code: str, entry: Entry) -> ProblemKind:
    return ProblemKind(
        type=type_of(code),
        code=code,
        status=entry.status,
        title=entry.title.zh,
        title_en=entry.title.en,
        next_step=entry.next_step.zh,
        next_step_en=entry.next_step.en,
    )


def _page(code: str, entry: Entry) -> bytes:
    places = [route for route in ROUTES if code in route.refusals]
    return page("problem.html", language="zh", code=code, entry=entry, routes=places)
