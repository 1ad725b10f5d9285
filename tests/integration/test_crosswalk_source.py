"""Crosswalks from a directory and from another city's gateway, over real HTTP."""

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contracts.errors import Malformed, Refused, Unauthenticated, Unavailable
from services.recognition.adapters.crosswalk_source import CrosswalkSource
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    HOST_KEY,
    NOW,
    a_city,
    a_crosswalk,
    a_roster,
)
from tests.builders.crosswalks import (
    OFFICE,
    SECOND_OFFICE,
    an_override,
    published,
    signed_by,
    what_is_trusted,
)

pytestmark = pytest.mark.recognition

OVERRIDE = published(an_override())
FIRST, SECOND = published(CROSSWALK), published(a_crosswalk(version=2))


class Gateway:
    """Fuzhou's gateway, which answers as a test says and notes what it was asked."""

    def __init__(self):
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                gateway.asked.append(self.path)
                body = gateway.body.encode()
                self.send_response(gateway.status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Location", gateway.elsewhere)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        self.asked, self.body, self.status, self.elsewhere = [], OVERRIDE.text, 200, ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway():
    with closing(Gateway()) as gateway:
        yield gateway


def a_source(directory, url="https://fuzhou.example", **home):
    trusted = what_is_trusted()
    roster = a_roster(a_city(FUZHOU, gateway=url, **home), a_city(HANGZHOU))
    return CrosswalkSource(
        directory,
        roster=lambda: roster,
        alliance_keys=lambda: trusted.alliance_keys,
        signatures=trusted.signatures,
        clock=lambda: NOW,
    )


def an_offer(**overrides):
    values = {
        "sender": FUZHOU,
        "name": OVERRIDE.name,
        "version": 1,
        "digest": OVERRIDE.digest,
    }
    return CrosswalkOffer(**{**values, **overrides})


def test_what_lies_signed_by_all_in_the_directory_is_found_and_known(tmp_path):
    (tmp_path / "b.jws").write_text(FIRST.text)
    (tmp_path / "a.jws").write_text(SECOND.text)
    (tmp_path / "c.jws").write_text(OVERRIDE.text)

    source = a_source(tmp_path)

    assert [each.digest for each in source.found()] == [
        each.digest for each in (OVERRIDE, FIRST, SECOND)
    ]
    assert sorted(source.tables()) == [1, 2]
    assert list(source.overrides()) == [an_override()]
    assert source.size == 3


@pytest.mark.parametrize(
    "text",
    [
        signed_by(CROSSWALK, OFFICE),
        signed_by(CROSSWALK, HOME_KEY, HOST_KEY),
        "nonsense",
        "\udcff",
        "x" * (1024 * 1024 + 1),
    ],
    ids=["proposed", "by others", "nonsense", "no ASCII", "too large"],
)
def test_what_is_not_signed_by_all_is_left_alone_and_told_once(tmp_path, text, capfd):
    (tmp_path / "good.jws").write_text(OVERRIDE.text)
    (tmp_path / "bad.jws").write_text(text, errors="surrogateescape")

    source = a_source(tmp_path)

    assert source.found() == source.found() == [OVERRIDE]
    told = [line for line in capfd.readouterr().out.splitlines() if "bad.jws" in line]
    assert len(told) == 1


def test_what_the_other_party_signs_later_is_found_then(tmp_path):
    (tmp_path / "it.jws").write_text(signed_by(an_override(), HOME_KEY))
    source = a_source(tmp_path)
    before = source.found()

    (tmp_path / "it.jws").write_text(signed_by(an_override(), HOME_KEY, HOST_KEY))

    assert before == []
    assert [each.document for each in source.found()] == [an_override()]


def test_a_node_without_the_directory_does_not_start(tmp_path):
    with pytest.raises(FileNotFoundError, match="crosswalks"):
        a_source(tmp_path / "none")


def test_what_another_city_offers_is_fetched_from_its_gateway(tmp_path, gateway):
    fetched = a_source(tmp_path, gateway.url).fetch(an_offer())

    assert fetched == OVERRIDE
    assert gateway.asked == ["/v1/crosswalks/350100-330100-sports?version=1"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (signed_by(an_override(), HOME_KEY), Unauthenticated),
        (published(an_override(version=2)).text, Malformed),
        (signed_by(an_override(effective_until=NOW), HOME_KEY, HOST_KEY), Unauthenticated),
        (signed_by(CROSSWALK, OFFICE, SECOND_OFFICE), Malformed),
        ("nonsense", Malformed),
    ],
    ids=["not by all", "another version", "another content", "another document", "nonsense"],
)
def test_what_is_not_what_was_offered_is_refused(tmp_path, gateway, text, error):
    gateway.body = text

    with pytest.raises(error):
        a_source(tmp_path, gateway.url).fetch(an_offer())


def test_a_city_that_does_not_serve_it_is_asked_another_time(tmp_path, gateway):
    gateway.status = 503

    with pytest.raises(Unavailable):
        a_source(tmp_path, gateway.url).fetch(an_offer())


def test_no_redirect_is_followed(tmp_path, gateway):
    gateway.status, gateway.elsewhere = 302, f"{gateway.url}/elsewhere"

    with pytest.raises(Unavailable):
        a_source(tmp_path, gateway.url).fetch(an_offer())
    assert len(gateway.asked) == 1


def test_no_more_than_a_document_is_read(tmp_path, gateway):
    gateway.body = "x" * (1024 * 1024 + 1)

    with pytest.raises(Unavailable):
        a_source(tmp_path, gateway.url).fetch(an_offer())


def test_a_city_that_is_not_online_is_not_asked(tmp_path, gateway):
    with pytest.raises(Refused, match="city_not_online"):
        a_source(tmp_path, gateway.url, state="suspended").fetch(an_offer())
    assert gateway.asked == []
