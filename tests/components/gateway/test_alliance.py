"""What the alliance signed is handed on by everyone, and where its cities stand is told to all."""

from datetime import timedelta

import pytest

from contracts.errors import NotFound, Unavailable
from contracts.membership import (
    AllianceDocument,
    CityStateChanged,
    DocumentKind,
    ShowAllianceDocument,
)
from services.gateway.adapters.memberships import note_change
from tests.builders.gateway import a_door

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

FUZHOU, HANGZHOU = "350100", "330100"
DAY = timedelta(days=1)


@pytest.fixture
def door(tmp_path):
    return a_door(tmp_path)


def a_document(**overrides):
    values = {
        "kind": DocumentKind.ROSTER,
        "version": 7,
        "digest": "0" * 64,
        "text": "header.payload.signature",
    }
    return AllianceDocument(**{**values, **overrides})


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/roster", "roster"), ("/v1/pseudonym-keys", "pseudonym_keys")],
)
def test_a_document_is_served_as_it_was_signed(door, path, kind):
    door.bus.answer(ShowAllianceDocument, a_document(kind=DocumentKind(kind)))

    answer = door.ask("GET", path)

    assert (answer.headers["Content-Type"], answer.text) == (
        "application/jose",
        "header.payload.signature\n",
    )
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_who_has_a_document_is_told_that_it_has_not_changed(door):
    door.bus.answer(
        ShowAllianceDocument, a_document(), a_document(version=8, text="header.payload.other")
    )
    tag = door.ask("GET", "/v1/roster").headers["ETag"]

    same = door.ask("GET", "/v1/roster", headers={"If-None-Match": tag})
    door.clock.move(minutes=1)
    newer = door.ask("GET", "/v1/roster", headers={"If-None-Match": tag})

    assert (same.status_code, same.text) == (304, "")
    assert (newer.status_code, newer.headers["ETag"] != tag) == (200, True)


def test_the_last_document_serves_on_while_recognition_is_away(door):
    door.bus.answer(ShowAllianceDocument, a_document(), Unavailable("unavailable"))
    door.ask("GET", "/v1/roster")

    door.clock.move(days=1)

    assert door.ask("GET", "/v1/roster").status_code == 200


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable("unavailable"), 503), (NotFound("not_found"), 404)]
)
def test_a_document_that_is_not_to_be_had_is_no_error_of_ours(door, error, status):
    door.bus.answer(ShowAllianceDocument, error)

    assert door.ask("GET", "/v1/roster").status_code == status


def a_change(door, **overrides):
    values = {
        "city": FUZHOU,
        "name": "福州",
        "name_en": "Fuzhou",
        "state": "online",
        "roster": 2,
        "changed_at": door.clock() - 2 * DAY,
    }
    with door.engine.begin() as connection:
        note_change(connection, CityStateChanged(**{**values, **overrides}))


def test_cities_are_listed_with_their_state_and_since_when(door):
    a_change(door)
    a_change(door, city=HANGZHOU, name="杭州", name_en="Hangzhou", state="testing")

    answer = door.ask("GET", "/v1/cities").json

    assert answer["online"] == 1
    assert answer["cities"][1] == {
        "code": FUZHOU,
        "name": "福州",
        "name_en": "Fuzhou",
        "state": "online",
        "since": "2026-11-03T02:00:00Z",
        "roster": 2,
    }


def test_cities_are_counted_as_of_any_moment_whatever_the_order_of_news(door):
    a_change(door, state="suspended", roster=3, changed_at=door.clock() - DAY)
    a_change(door)
    a_change(door)
    a_change(door, state="testing", roster=1, changed_at=door.clock() - 3 * DAY)

    def online(days_ago):
        at = f"{door.clock() - days_ago * DAY:%Y-%m-%dT%H:%M:%SZ}"
        answer = door.ask("GET", f"/v1/cities?at={at}").json
        return answer["online"], [city["state"] for city in answer["cities"]]

    assert online(4) == (0, [])
    assert online(3) == (0, ["testing"])
    assert online(2) == (1, ["online"])
    assert online(1) == (0, ["suspended"])


def test_cities_as_of_now_have_no_tag_as_now_is_always_another(door):
    assert "ETag" not in door.ask("GET", "/v1/cities").headers


def test_a_moment_that_is_none_is_named(door):
    answer = door.ask("GET", "/v1/cities?at=yesterday")

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "query.at")
