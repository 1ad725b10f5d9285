"""One key of a caller stands for one request: a repeat gets the same answer, and does nothing."""

import contextlib
import re
import threading
from dataclasses import fields
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from contracts import scenarios
from contracts.catalogue import PauseIncentive
from contracts.errors import Malformed, Refused, Unavailable
from contracts.routes import ROUTES
from services.gateway.adapters.idempotency_keys import IdempotencyKeys, Keyed, forget_keys
from services.gateway.adapters.tables import idempotency_keys
from services.gateway.idempotency import read_key
from tests.builders.gateway import an_incentive_record
from tests.components.gateway.test_answers import a_grant

pytestmark = pytest.mark.gateway

ID = UUID("b3f1a7c2-0000-4000-8000-000000000009")
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
PATH = "/v1/incentives/long-ride/pause"


def pause(door, key=KEY, note="a", path=PATH, operator="hello-bike"):
    headers = {"Idempotency-Key": key} if key else {}
    return door.ask("PUT", path, door.operator(operator), json={"note": note}, headers=headers)


def take(door, key=KEY, incentive="long-ride", grant=ID):
    body, headers = {"incentive_id": incentive}, {"Idempotency-Key": key}
    return door.ask("PUT", f"/v1/grants/{grant}", door.holder(), json=body, headers=headers)


def known(door):
    with door.engine.connect() as connection:
        return connection.execute(select(idempotency_keys)).mappings().all()


@pytest.fixture
def asked():
    return Keyed(id="i", target="t", body="b")


@pytest.fixture
def keys(door):
    return IdempotencyKeys(door.engine, door.clock)


def test_a_step_is_taken_once_under_its_key_and_answered_alike(door):
    paused, other = an_incentive_record(), an_incentive_record(version=7)
    door.bus.answer(PauseIncentive, paused, other)

    first, second = pause(door), pause(door)

    assert len(door.bus.sent) == 1
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["Content-Type"] == second.headers["Content-Type"]


def test_without_a_key_a_step_is_taken_each_time_and_nothing_is_kept(door):
    door.bus.answer(PauseIncentive, an_incentive_record())

    for _ in range(2):
        pause(door, key=None)

    assert len(door.bus.sent) == 2
    assert known(door) == []


def test_what_is_made_under_an_id_is_asked_for_again_and_its_answer_is_not_kept(door):
    door.bus.answer(scenarios.IssueGrant, a_grant())

    first, second = take(door), take(door)

    assert first.content == second.content
    assert len(door.bus.sent) == 2
    assert [row["answer"] for row in known(door)] == [None]


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({"incentive": "short-ride"}, "body"),
        ({"grant": UUID(int=7, version=4)}, "path or query"),
    ],
)
def test_another_request_under_the_same_key_is_refused_naming_what_differs(door, other, differs):
    door.bus.answer(scenarios.IssueGrant, a_grant())
    take(door)

    refused = take(door, **other)

    assert (refused.status_code, refused.json["code"]) == (409, "id_reused")
    assert differs in refused.json["detail"]
    assert len(door.bus.sent) == 1


def test_callers_do_not_share_keys(door):
    door.bus.answer(PauseIncentive, an_incentive_record())

    answers = [pause(door, operator=who, note=who) for who in ("hello-bike", "gym")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(door.bus.sent) == 2


def test_no_callers_key_is_anothers_though_both_have_blanks_in_them(door):
    path, body = "/v1/operators/hello-bike", {"name": "骑行", "name_en": "Ride"}
    record = scenarios.OperatorRecord(operator_id="hello-bike", **body)
    door.bus.answer(scenarios.RegisterOperator, record)

    for subject, key in (("li", '"ming 1"'), ("li ming", "1")):
        official = door.identity_token(sub=subject, roles=["administrator"])
        door.ask("PUT", path, official, json=body, headers={"Idempotency-Key": key})

    assert len(known(door)) == 2


def test_a_quoted_key_is_the_bare_one(door):
    door.bus.answer(PauseIncentive, an_incentive_record())

    pause(door, KEY)
    pause(door, f'"{KEY}"')

    assert len(door.bus.sent) == 1


@pytest.mark.parametrize("key", [" ", "a b", '"a", "b"'])
def test_a_request_under_what_is_no_key_is_malformed(door, key):
    refused = pause(door, key)

    assert (refused.status_code, refused.json["code"]) == (400, "malformed")
    assert [error["field"] for error in refused.json["errors"]] == ["header.Idempotency-Key"]
    assert door.bus.sent == []


@pytest.mark.parametrize(
    "key", ["", '""', '"', '"a', '"a"b', "a,b", "ä", '"\\a"', "x" * 256, "a\n", '"a"\n']
)
def test_what_is_no_string_and_no_token_is_no_key(key):
    with pytest.raises(Malformed):
        read_key(key)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=255))
def test_every_visible_text_can_be_a_key(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')

    assert read_key(f'"{escaped}"') == text


@given(st.text(max_size=300))
def test_a_key_is_read_or_refused(text):
    with contextlib.suppress(Malformed):
        assert 1 <= len(read_key(text)) <= 255


def test_a_malformed_request_uses_no_key(door):
    door.bus.answer(PauseIncentive, an_incentive_record())
    refused = pause(door, note=7)

    answer = pause(door)

    assert (refused.status_code, answer.status_code) == (400, 200)


@pytest.mark.parametrize("no", [Refused("not_published"), Unavailable("unavailable")], ids=str)
def test_after_a_no_the_same_key_tries_again(door, no):
    door.bus.answer(PauseIncentive, no, an_incentive_record())

    answers = [pause(door).status_code for _ in range(3)]

    assert answers[1:] == [200, 200]
    assert len(door.bus.sent) == 2


def test_nothing_to_answer_is_kept_too(door):
    token, headers = door.operator(), {"Idempotency-Key": KEY}
    door.ask("PUT", "/v1/webhook", token, json={"url": "https://a.example"})
    first = door.ask("DELETE", "/v1/webhook", token, headers=headers)
    door.ask("PUT", "/v1/webhook", token, json={"url": "https://b.example"})

    second = door.ask("DELETE", "/v1/webhook", token, headers=headers)

    assert (first.status_code, second.status_code) == (204, 204)
    assert door.ask("GET", "/v1/webhook", token).json["url"] == "https://b.example"


def test_a_kept_answer_does_not_excuse_a_condition_that_is_none(door):
    token, headers = door.operator(), {"Idempotency-Key": KEY}
    door.ask("DELETE", "/v1/webhook", token, headers=headers)

    again = door.ask("DELETE", "/v1/webhook", token, headers={**headers, "If-Match": ""})

    assert again.status_code == 400
    assert [error["field"] for error in again.json["errors"]] == ["header.If-Match"]


def test_while_the_first_is_under_way_the_next_is_asked_to_wait(door):
    waiting = []

    def ask_meanwhile(_command, *, cause):
        assert cause
        waiting.append(pause(door))
        return an_incentive_record()

    door.bus.call = ask_meanwhile
    first = pause(door)

    [second] = waiting
    assert (first.status_code, second.status_code) == (200, 503)
    assert "under way" in second.json["detail"]
    assert int(second.headers["Retry-After"]) >= 1


def test_of_many_at_once_one_is_to_find_the_answer(keys, asked):
    began = threading.Barrier(8)
    outcomes = []

    def claim():
        began.wait()
        try:
            outcomes.append(keys.claim(asked))
        except Unavailable:
            outcomes.append("wait")

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [None, *["wait"] * 7]


def test_who_never_answered_is_not_waited_for_without_end(door, keys, asked):
    keys.claim(asked)
    door.clock.move(seconds=60)

    assert keys.claim(asked) is None
    with pytest.raises(Unavailable):
        keys.claim(asked)


def test_the_first_answer_stays(keys, asked):
    keys.claim(asked)
    keys.settle(asked, "first")
    keys.settle(asked, "second")
    keys.settle(asked, None)

    assert keys.claim(asked) == "first"


def test_after_a_day_a_key_is_free_and_forgotten(door, keys, asked):
    keys.claim(asked)
    keys.settle(asked, "yesterday's")
    door.clock.move(hours=24)
    assert keys.claim(Keyed(id="i", target="other", body="other")) is None

    door.clock.move(hours=24)
    assert forget_keys(door.engine, now=door.clock()) is False

    with door.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(idempotency_keys)) == 0


def test_a_row_names_neither_caller_nor_key_nor_content(door):
    door.bus.answer(scenarios.IssueGrant, a_grant())
    take(door)

    [row] = known(door)
    assert row["until"] == door.clock() + timedelta(hours=24)
    assert all(len(row[name]) == 64 for name in ("id", "target", "body"))


def test_no_answer_that_is_kept_holds_a_secret_or_names_a_person():
    kept = [route for route in ROUTES if route.kept]
    told = {field.name for route in kept if route.reply for field in fields(route.reply)}

    assert all(route.takes_key for route in kept)
    secret = re.compile("token|secret|(?<!per_)holder|subject|credential|receipt|resident")
    assert not list(filter(secret.search, told))
