"""People read the gateway's pages in a browser, and axe finds nothing that keeps anybody out.

Chromium opens every page, narrow and light, wide and dark: nothing in its console or among its
issues, nothing fetched from elsewhere, nothing beyond the edge, no violation of WCAG 2.1 A or AA.
"""

import json
import re
import shutil
import subprocess
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest

from contracts.problems import PROBLEMS
from contracts.routes import ROUTES
from contracts.routes.route import HTML
from contracts.special_reports import ShowSpecialReport
from services.gateway.html_pages import headers
from services.plumbing.database import close_database
from tests.builders.gateway import a_door
from tests.builders.special_reports import a_report
from tests.foreign.conftest import install

pytestmark = pytest.mark.gateway

HERE = Path(__file__).with_name("pages")
NARROW = [360]
WIDTHS = [*NARROW, 1280]
ASKED = {"zh": "zh-CN,zh;q=0.9,en;q=0.5", "en": "en-GB,en;q=0.9"}
FAULTY = b"""<!doctype html>
<html><head><title>Faulty</title></head>
<body><h1>Faulty</h1><img src="http://127.0.0.2/picture"><script>alert(1)</script>
<pre>%s</pre></body></html>
""" % (b"wide" * 500)


class Threads(ThreadingMixIn, WSGIServer):
    """Chromium opens connections beforehand, and would keep a single thread waiting for them."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    door = a_door(tmp_path_factory.mktemp("pages"))
    yield door
    close_database(door.settings.gateway_database)


@pytest.fixture(scope="module")
def origin(door):
    """Serve the gateway, and one page more, in which everything is wrong."""

    def app(environ, start_response):
        if environ["PATH_INFO"] != "/faulty":
            return door.app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html"), *headers().items()])
        return [FAULTY]

    with Threads(("127.0.0.1", 0), Quiet) as server:
        server.set_app(app)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def a_page(url, said, *, judged=True, widths=WIDTHS):
    return {"url": url, "headers": said, "judged": judged, "widths": widths}


@pytest.fixture(scope="module")
def pages(door):
    """Name every page: how to ask for it, at which widths, and whether axe sees it.

    The pages about problems are of one template and say the same to everybody, in both languages:
    axe sees the longest and a short one.
    """
    report = a_report()
    door.bus.answer(ShowSpecialReport, report)
    own = f"/v1/special-reports/{report.content.report_id}/page"
    token = {"Authorization": f"Bearer {door.operator()}"}
    pages = {}
    for language, accepted in ASKED.items():
        said = {"Accept-Language": accepted}
        pages[f"docs {language}"] = a_page("/v1/docs", said)
        pages[f"report {language}"] = a_page(own, said | token)
    said = {"Accept-Language": ASKED["en"]}
    for code in PROBLEMS:
        seen = {} if code in {"malformed", "too_slow"} else {"judged": False, "widths": NARROW}
        pages[f"problem {code}"] = a_page(f"/v1/problems/{code}", said, **seen)
    return pages | {"faulty": a_page("/faulty", {})}


@pytest.fixture(scope="module")
def seen(origin, pages):
    """Let one browser read all pages."""
    install(HERE)
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: run deploy/install-test-servers"
    asked = {"chromium": chromium, "origin": origin, "pages": pages}
    answer = subprocess.run(
        ["node", HERE / "read.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    return found.pop("faulty"), found


def test_every_page_of_the_interface_is_read(pages):
    read = " ".join(page["url"] for page in pages.values())

    for route in ROUTES:
        if route.reply_content_type == HTML:
            assert re.search(re.sub(r"{\w+}", r"[\\w-]+", route.path), read), route.path


def test_a_browser_finds_nothing_wrong_with_any_page(seen):
    _, found = seen

    assert {name: page["wrong"] for name, page in found.items() if page["wrong"]} == {}
    assert {page["status"] for page in found.values()} == {200}
    assert {page["h1"] for page in found.values()} == {1}


def test_a_page_is_in_the_language_that_was_asked_for_and_one_about_a_problem_in_both(seen):
    _, found = seen

    for name, page in found.items():
        assert page["lang"] == ("en" if name.endswith(" en") else "zh"), name


def test_every_link_leads_to_what_answers_and_to_a_place_on_it(seen, door, origin):
    _, found = seen
    links = {link for page in found.values() for link in page["links"]} - {"data:,"}
    places = {}
    for link in links:
        url, _, place = link.partition("#")
        places.setdefault(url, set()).add(place)

    for url, wanted in places.items():
        answer = door.ask("GET", url.removeprefix(origin))
        assert answer.status_code == 200, url
        assert all(f'id="{place}"' in answer.text for place in wanted - {""})


def test_a_browser_sees_what_is_wrong(seen):
    faulty, _ = seen
    said = "\n".join(faulty["wrong"])

    assert "fetches http://127.0.0.2/picture" in said
    assert "issue: ContentSecurityPolicyIssue" in said
    assert "console: " in said
    for width in WIDTHS:
        assert f"{width} wide: html-has-lang at html" in said
        assert f"{width} wide: image-alt at img" in said
        assert re.search(rf"{width} wide: \d+ pixels beyond the edge", said)
