"""The catalogue of problems: a list for programs, and a page about each for people."""

from html import escape

from contracts.errors import NotFound
from contracts.http import ProblemKind, ProblemKinds
from contracts.problems import PROBLEMS, Entry, type_of
from contracts.routes import ROUTES
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Call, Content
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
        return Content(_page(code, PROBLEMS[code]).encode(), headers=_CACHED)


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


def _page(code: str, entry: Entry) -> str:
    places = "".join(
        f"<li><code>{escape(f'{route.method} {route.path}')}</code> {escape(route.summary_zh)}"
        f" <span lang=en>{escape(route.summary)}</span></li>"
        for route in ROUTES
        if code in route.refusals
    )
    return f"""<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(code)} · 互信 Huxin</title>
<h1><code>{escape(code)}</code> <small>HTTP {entry.status}</small></h1>
<p>{escape(entry.title.zh)} <span lang=en>{escape(entry.title.en)}</span></p>
<h2>下一步 <span lang=en>Next step</span></h2>
<p>{escape(entry.next_step.zh)} <span lang=en>{escape(entry.next_step.en)}</span></p>
<h2>可能出现于 <span lang=en>Where it may come</span></h2>
<ul>{places}</ul>
<p><a href="/v1/problems">全部代码 <span lang=en>All codes</span></a></p>
</html>
"""
