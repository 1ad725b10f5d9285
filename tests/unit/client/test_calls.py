"""Calls are written as the gateway reads them, and lists are read to their end."""

import inspect
import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import falcon.testing
import pytest

from contracts.http import GrantBody, OperatorBody
from contracts.routes import ROUTES
from contracts.words import Category, DeliveryState
from huxin_client import (
    Administrator,
    Citizen,
    City,
    Everyone,
    Holder,
    Operator,
    Problem,
    pages,
)
from services.gateway.parameters import read_query
from tests.unit.client.lines import over_a_line

pytestmark = pytest.mark.gateway

URL = "https://hangzhou.example"
ROUTE = {route.operation_id: route for route in ROUTES}
NO = (404, b'{"code": "not_found"}', {})
CURSOR = UUID(int=9)


def as_read(line, operation):
    """Read the last query as the gateway does."""
    query = urlsplit(line.sent[-1].url).query
    environment = falcon.testing.create_environ(query_string=query)
    return read_query(falcon.Request(environment), ROUTE[operation].query)


def asked(caller, operation, *body, **words):
    caller, line = over_a_line(caller, NO)
    with pytest.raises(Problem, match="not_found"):
        getattr(caller, operation)(*body, **words)
    return as_read(line, operation) if ROUTE[operation].query else line.sent[-1]


def test_several_values_and_a_moment_of_any_zone_are_read_as_they_were_meant():
    until = datetime(2026, 12, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))

    read = asked(
        Everyone(URL),
        "show_consent_text",
        recipient="330100",
        purpose=[Category.TRANSPORT, Category.SPORTS],
        until=until,
    )

    assert read["purpose"] == (Category.TRANSPORT, Category.SPORTS)
    assert read["until"] == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("rotate", [True, False])
def test_yes_and_no_are_read_as_they_were_meant(rotate):
    body = OperatorBody(name="一家店", name_en="A shop")

    read = asked(
        Administrator(URL, "t"), "register_operator", body, operator_id="shop", rotate=rotate
    )

    assert read["rotate"] is rotate


def test_words_ids_and_numbers_are_read_as_they_were_meant():
    asker = Operator(URL, client_id="shop", client_secret="s")
    asker.door.auth = None

    read = asked(asker, "list_deliveries", state=DeliveryState.PARKED, after=CURSOR, limit=7)

    assert read == {"state": DeliveryState.PARKED, "after": CURSOR, "limit": 7}


def test_what_is_not_said_is_not_asked():
    read = asked(Citizen(URL, "t"), "list_consents")

    assert read == {"after": None, "limit": None}


def test_an_id_is_made_up_for_what_is_made_unless_one_is_given():
    taker, line = over_a_line(Holder(URL), NO, NO, NO)

    for words in ({}, {}, {"grant_id": CURSOR}):
        with pytest.raises(Problem):
            taker.issue_grant(GrantBody(incentive_id="long-ride"), **words)

    first, second, third = (sent.url.rpartition("/")[2] for sent in line.sent)
    assert UUID(first) != UUID(second)
    assert third == str(CURSOR)


def test_a_step_is_repeated_under_one_key_and_taken_anew_under_another():
    away = (503, b'{"code": "unavailable"}', {"Retry-After": "0"})
    asker = Operator(URL, client_id="shop", client_secret="s")
    asker.door.auth = None
    asker, line = over_a_line(asker, away, NO, NO)

    for _ in range(2):
        with pytest.raises(Problem, match="not_found"):
            asker.resume_own_incentive(incentive_id="long-ride")

    first, again, anew = (sent.headers["Idempotency-Key"] for sent in line.sent)
    assert first == again
    assert first != anew


def test_a_step_is_the_same_after_a_crash_under_a_key_of_ones_own():
    asker, line = over_a_line(Administrator(URL, "t"), NO, NO)

    for _ in range(2):
        with asker.step("k-1"), pytest.raises(Problem, match="not_found"):
            asker.resume_incentive(incentive_id="long-ride")

    assert {sent.headers["Idempotency-Key"] for sent in line.sent} == {"k-1"}


@pytest.mark.parametrize("operation", ["recall_any_grant", "annul_evidence", "decide_dispute"])
def test_no_id_is_made_up_for_what_is_there_already(operation):
    parameters = inspect.signature(getattr(Administrator, operation)).parameters

    (named,) = (one for name, one in parameters.items() if name.endswith("_id"))
    assert named.default is inspect.Parameter.empty


def test_a_file_is_asked_for_as_one():
    reader, line = over_a_line(Everyone(URL), (200, "﻿month,…".encode(), {}))

    file = reader.show_usage_as_csv(period="2026-11", bom=True)

    assert file.decode("utf-8-sig") == "month,…"
    assert parse_qs(urlsplit(line.sent[0].url).query) == {"format": ["csv"], "bom": ["true"]}


def test_what_is_removed_answers_nothing():
    asker = Operator(URL, client_id="shop", client_secret="s")
    asker.door.auth = None
    asker, line = over_a_line(asker, (204, b"", {}))

    assert asker.remove_webhook() is None
    assert line.sent[0].method == "DELETE"


def test_a_list_that_names_its_next_page_is_read_to_its_end():
    first = {"consents": [], "next": str(CURSOR)}
    last = {"consents": [], "next": None}
    answers = [(200, json.dumps(each).encode(), {}) for each in (first, last)]
    reader, line = over_a_line(Citizen(URL, "t"), *answers)

    assert len(list(pages(reader.list_consents, limit=1))) == 2

    assert [parse_qs(urlsplit(sent.url).query) for sent in line.sent] == [
        {"limit": ["1"]},
        {"limit": ["1"], "after": [str(CURSOR)]},
    ]


def test_a_list_goes_on_after_whatever_its_pages_name():
    first = {"verdicts": [{"line": 4, "code": "taken"}], "next": 4}
    answers = [(200, json.dumps(each).encode(), {}) for each in (first, {"verdicts": []})]
    reader, line = over_a_line(City(URL, None), *answers)
    reader.door.auth = None

    found = list(pages(reader.list_verdicts, batch_id=CURSOR))

    assert [len(page.verdicts) for page in found] == [1, 0]
    assert line.sent[1].url.endswith("?after=4")
