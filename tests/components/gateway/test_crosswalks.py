"""Signed crosswalks are served to everybody, as recognition keeps them."""

from datetime import timedelta

import pytest

from contracts.crosswalks import CrosswalkDocument, ShowCrosswalk
from contracts.errors import NotFound
from tests.fakes.gateway import FakeClock

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]


@pytest.fixture
def kept(door):
    """Let recognition keep some versions; return what it was asked for."""
    answers = [
        CrosswalkDocument(
            table="alliance",
            version=version,
            digest="ab" * 32,
            document=f'{{"payload":"{version}"}}',
            draft="crosswalks: [等级]\n",
            effective_from=FakeClock.START - timedelta(days=1),
        )
        for version in (1, 2, 3)
    ]
    door.bus.answer(ShowCrosswalk, *answers)
    return lambda: [command for command in door.bus.sent if isinstance(command, ShowCrosswalk)]


def test_the_table_in_force_is_served_as_it_was_signed_and_for_a_while(door, kept):
    answer = door.ask("GET", "/v1/crosswalk")
    door.clock.move(seconds=29)
    again = door.ask("GET", "/v1/crosswalk")
    door.clock.move(seconds=1)
    later = door.ask("GET", "/v1/crosswalk")

    assert (answer.text, again.text, later.text) == (
        '{"payload":"1"}\n',
        '{"payload":"1"}\n',
        '{"payload":"2"}\n',
    )
    assert answer.headers["Content-Type"] == "application/jose"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert kept() == [ShowCrosswalk(table="alliance")] * 2


def test_people_read_it_as_a_table(door, kept):
    answer = door.ask("GET", "/v1/crosswalk.yaml")

    assert answer.text == "crosswalks: [等级]\n"
    assert answer.headers["Content-Type"] == "application/yaml"
    assert kept() == [ShowCrosswalk(table="alliance")]


def test_any_version_of_any_document_can_be_asked_for(door, kept):
    door.ask("GET", "/v1/crosswalks/350100-330100-sports")
    door.ask("GET", "/v1/crosswalks/350100-330100-sports?version=3")

    assert kept() == [
        ShowCrosswalk(table="350100-330100-sports"),
        ShowCrosswalk(table="350100-330100-sports", version=3),
    ]


@pytest.mark.parametrize(
    "path", ["/v1/crosswalks/Alliance", "/v1/crosswalks/alliance?version=0", "/v1/crosswalks/-"]
)
def test_a_name_or_version_that_cannot_be_is_refused(door, kept, path):
    assert door.ask("GET", path).status_code == 400
    assert kept() == []


def test_what_is_not_kept_is_not_found_each_time(door):
    door.bus.answer(ShowCrosswalk, NotFound("not_found", "crosswalk"))

    assert [door.ask("GET", "/v1/crosswalks/none").status_code for _ in range(2)] == [404, 404]
