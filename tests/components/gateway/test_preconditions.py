"""What somebody has is not sent again, and what somebody did not see is not changed."""

import pytest

from contracts.catalogue import PauseIncentive, ShowIncentive
from contracts.errors import Conflict
from contracts.routes import ROUTES
from contracts.routes.route import Audience
from contracts.scenarios import PublishIncentive
from contracts.tags import tag_of
from tests.builders.gateway import an_incentive_record

pytestmark = pytest.mark.gateway

PATH = "/v1/incentives/long-ride"
URL = {"url": "https://a.example"}
TERMS = {
    "scenario_id": "bikes",
    "title": "免费时长延长",
    "title_en": "Longer free ride",
    "benefit": {"type": "rental_extension", "minutes": 30},
    "minimum_tier": 3,
    "per_holder": {"count": 2, "period": "day"},
}
OTHER = f'"{"0" * 32}"'


def show(door, method="GET", **headers):
    return door.ask(method, PATH, door.operator(), headers=headers)


def webhook(door, method, **headers):
    body = {"json": URL} if method == "PUT" else {}
    return door.ask(method, "/v1/webhook", door.operator(), headers=headers, **body)


@pytest.fixture
def record(door):
    record = an_incentive_record()
    door.bus.answer(ShowIncentive, record)
    return record


def test_an_answer_is_tagged_as_the_service_would_tag_it(door, record):
    assert show(door).headers["ETag"] == f'"{tag_of(record)}"'


def test_who_has_an_answer_still_is_told_so(door, record):
    first = show(door)

    again = show(door, **{"If-None-Match": first.headers["ETag"]})
    door.bus.answer(ShowIncentive, an_incentive_record(version=2))
    newer = show(door, **{"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (
        first.headers["ETag"],
        "no-store",
    )
    assert "Content-Type" not in again.headers
    assert newer.json["version"] == record.version + 1


def test_a_no_has_no_tag(door):
    answer = show(door, **{"If-None-Match": "*"})

    assert answer.status_code == 503
    assert "ETag" not in answer.headers


def test_a_head_is_what_a_get_begins_with(door, record):
    head, get = show(door, "HEAD"), show(door)

    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert head.headers["Content-Length"] == str(len(get.content))
    assert record.incentive_id in get.text


def test_a_head_without_credentials_is_refused_as_a_get_is(door):
    assert door.ask("HEAD", PATH).status_code == 401


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH"])
def test_what_can_be_done_with_a_thing_is_told(door, method):
    answer = door.ask(method, "/v1/webhook")

    allowed = {each.strip() for each in answer.headers["Allow"].split(",")}
    assert {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"} == allowed | {"OPTIONS"}
    assert answer.status_code == (200 if method == "OPTIONS" else 405)


@pytest.mark.parametrize(
    ("body", "command", "path"),
    [
        ({"note": ""}, PauseIncentive, f"{PATH}/pause"),
        (TERMS, PublishIncentive, PATH),
    ],
)
def test_what_a_caller_saw_goes_with_the_change(door, body, command, path):
    door.bus.answer(command, Conflict("precondition_failed"))

    refused = door.ask("PUT", path, door.operator(), json=body, headers={"If-Match": OTHER})

    assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
    assert door.bus.sent[-1].seen == "0" * 32


@pytest.mark.parametrize("given", ["*", "x", f"W/{OTHER}", f"{OTHER}, {OTHER}", "0" * 32])
def test_one_tag_is_named_or_none(door, given):
    refused = webhook(door, "PUT", **{"If-Match": given})

    assert (refused.status_code, refused.json["code"]) == (400, "malformed")
    assert refused.json["errors"][0]["field"] == "header.If-Match"


def test_where_nothing_is_compared_nobody_may_rely_on_it(door):
    answer = door.ask(
        "PUT",
        "/v1/scenarios/bikes",
        door.operator(),
        json={"name": "x"},
        headers={"If-Match": OTHER},
    )
    unread = door.ask("POST", "/v1/challenges", headers={"If-Match": OTHER})

    assert (answer.status_code, unread.status_code) == (400, 400)
    assert unread.json["errors"][0]["field"] == "header.If-Match"
    assert door.bus.sent == []


def test_a_webhook_is_changed_only_as_it_was_seen(door):
    webhook(door, "PUT")
    seen = {"If-Match": webhook(door, "GET").headers["ETag"]}
    door.ask("PUT", "/v1/webhook", door.operator(), json={"url": "https://b.example"})

    changed, removed = webhook(door, "PUT", **seen), webhook(door, "DELETE", **seen)

    assert (changed.status_code, removed.status_code) == (412, 412)
    assert webhook(door, "GET").json["url"] == "https://b.example"


def test_a_webhook_that_is_as_it_was_seen_is_changed_and_may_be_repeated(door):
    door.ask("PUT", "/v1/webhook", door.operator(), json={"url": "https://b.example"})
    seen = {"If-Match": webhook(door, "GET").headers["ETag"]}

    answers = [webhook(door, "PUT", **seen) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    now = {"If-Match": webhook(door, "GET").headers["ETag"]}
    assert [webhook(door, "DELETE", **now).status_code for _ in range(2)] == [204, 204]


def test_a_webhook_that_is_not_there_was_not_seen(door):
    assert webhook(door, "PUT", **{"If-Match": OTHER}).status_code == 412


def test_every_answer_is_tagged_but_those_that_are_never_the_same():
    fresh = {route.operation_id for route in ROUTES if route.fresh}

    assert fresh == {
        "list_cities",  # as of now
        "list_grants",  # each with a pass of this moment
        "show_eligibility",  # asked for most of all
        "show_grant",
        "show_liveness",
        "show_metrics",
        "show_pass",
        "show_pass_token",
        "show_readiness",
        "show_trust_code",
        "show_webhook",  # has a tag of its own, without the counts
    }
    assert not any(route.guarded for route in ROUTES if route.audience is Audience.PUBLIC)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/webhook", {"url": "https://operator.example/hook"}), ("/v1/scenarios/bikes", {})],
)
def test_whoever_relies_on_being_the_first_is_told_that_nobody_looks(door, path, body):
    headers = {"If-None-Match": "*"}

    answer = door.ask("PUT", path, door.operator(), json=body, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert door.ask("GET", "/v1/webhook", door.operator()).status_code == 404
