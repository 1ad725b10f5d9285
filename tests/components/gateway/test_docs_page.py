"""The documentation page holds the whole interface, and leads nowhere outside."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from contracts.journeys import STEPS
from contracts.problems import PROBLEMS
from contracts.routes import ROUTES
from contracts.routes.route import Audience

pytestmark = pytest.mark.gateway

EMPTY = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """What there is on a page: ids, links, text, and elements that were not closed."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.headings, self.seen, self.open = [], [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in {"href", "src", "action"}:
                self.links.append(value)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def pages():
    return {}


@pytest.fixture
def read(door, pages):
    """Read the page once in each language."""

    def read(language):
        if language not in pages:
            answer = door.ask("GET", "/v1/docs", headers={"Accept-Language": language})
            assert answer.status_code == 200
            pages[language] = answer, Page(answer.text)
        return pages[language]

    return read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_endpoint_has_its_place_and_its_summary(read, language):
    answer, page = read(language)

    for route in ROUTES:
        assert route.operation_id in page.ids
        assert f"<code>{route.method} {route.path}</code>" in answer.text
    summaries = {"zh": "登记本机构的信用场景", "en": "Register a scenario"}
    assert summaries[language] in answer.text
    assert set(Audience) <= set(page.ids)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_is_said_to_be_in_its_language(read, language):
    answer, _ = read(language)

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_leads_to_a_place_of_the_page_or_of_this_gateway(read, language):
    _, page = read(language)
    served = {route.path for route in ROUTES} | {f"/v1/problems/{code}" for code in PROBLEMS}

    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert link in served | {"data:,"}


def test_the_page_has_landmarks_and_no_heading_skips_a_level(read):
    _, page = read("en")

    assert {"header", "nav", "main"} <= page.seen
    assert page.open == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(lower - higher <= 1 for higher, lower in steps)


def test_the_page_runs_and_fetches_nothing(read):
    answer, page = read("en")
    policy = answer.headers["Content-Security-Policy"]
    [style] = re.findall(r"<style>(.*?)</style>", answer.text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert page.seen & {"script", "img", "iframe", "form", "object"} == set()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert " style=" not in answer.text


def test_who_has_the_page_is_told_that_it_is_the_same(door, read):
    answer, _ = read("en")

    again = door.ask(
        "GET",
        "/v1/docs",
        headers={"Accept-Language": "en", "If-None-Match": answer.headers["ETag"]},
    )

    assert again.status_code == 304
    assert again.content == b""
    assert answer.headers["Cache-Control"].startswith("public")


def test_an_example_stands_at_its_endpoint(read):
    answer, _ = read("en")

    for step in STEPS:
        section = answer.text.partition(f'<h3 id="{step.operation_id}">')[2].partition("<h3")[0]
        assert step.command.splitlines()[0].replace('"', "&#34;") in section


def test_a_field_has_its_type_its_limits_and_its_meaning(read):
    answer, _ = read("en")
    section = answer.text.partition('<h3 id="publish_incentive">')[2].partition("<h3")[0]
    [row] = re.findall(r"<tr><td><code>budget_fen.*?</tr>", section, flags=re.DOTALL)

    assert "integer" in row
    assert "≤ 10000000000000" in row
    assert "Money in fen" in row


def test_a_meaning_that_is_known_in_both_languages_is_told_in_that_of_the_page(read):
    (chinese, _), (english, _) = read("zh"), read("en")

    assert "<td>同一请求重复提交时使用同一值；24 小时内有效。</td>" in chinese.text
    assert "another request under it 409 <code>id_reused</code>.</td>" in english.text
    assert '<td><span lang="en">A readable id chosen by its owner.</span></td>' in chinese.text


def test_errors_lead_to_their_pages_and_back(door, read):
    answer, _ = read("en")

    assert '<a href="/v1/problems/wrong_kind"><code>wrong_kind</code></a>' in answer.text
    assert 'href="/v1/docs#publish_incentive"' in door.ask("GET", "/v1/problems/wrong_kind").text
