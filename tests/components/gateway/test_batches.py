"""Attestations in bulk at the door: chunks of lines, whatever is in them."""

from uuid import UUID, uuid4

import pytest

from contracts.errors import Conflict, NotFound
from contracts.exchange import (
    BatchProgress,
    LineVerdict,
    LineVerdicts,
    ListVerdicts,
    OpenBatch,
    ShowBatch,
    TakeLines,
)
from contracts.words import BatchState
from tests.builders.gateway import PARTNER

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

BATCH = UUID("b3f1a7c2-0000-4000-8000-00000000000b")
PATH = f"/v1/attestation-batches/{BATCH}"
NDJSON, JSON = "application/x-ndjson", "application/json"
PROGRESS = BatchProgress(
    batch_id=BATCH, total=3, received=1, taken=1, repeated=0, refused=0, state=BatchState.OPEN
)


@pytest.fixture
def door(door):
    door.adopt()
    for command in (OpenBatch, TakeLines, ShowBatch):
        door.bus.answer(command, PROGRESS)
    return door


def ask(door, method, path, body=b"", content_type=NDJSON):
    headers = door.signed(method, path, body, nonce=uuid4().hex, content_type=content_type)
    return door.ask(method, path, headers=headers, body=body)


def test_a_batch_is_opened_for_the_city_that_signed(door):
    body = b'{"total": 3, "digest": "%s"}' % (b"0" * 64)

    answer = ask(door, "PUT", PATH, body, JSON)

    assert (answer.status_code, answer.json["received"]) == (200, 1)
    assert door.bus.sent == [OpenBatch(sender=PARTNER, batch_id=BATCH, total=3, digest="0" * 64)]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"one", ("one",)),
        (b"one\n", ("one",)),
        (b"one\n\ntwo\n", ("one", "", "two")),
        ("一\n{\n".encode(), ("一", "{")),
        (b"x" * 40_000, ("x" * 40_000,)),
    ],
)
def test_lines_are_handed_on_as_they_are(door, body, lines):
    answer = ask(door, "PUT", f"{PATH}/lines?from=7", body)

    assert answer.status_code == 200
    assert door.bus.sent == [TakeLines(sender=PARTNER, batch_id=BATCH, after=7, lines=lines)]


@pytest.mark.parametrize(
    ("body", "sent_as", "status", "field"),
    [
        (b"\xff\n", (NDJSON, "?from=0"), 400, "body"),
        (b"a\n" * 201, (NDJSON, "?from=0"), 400, "body"),
        (b"\n" * 201, (NDJSON, "?from=0"), 400, "body"),
        (b"", (NDJSON, "?from=0"), 415, "header.Content-Type"),
        (b"a" * (1024 * 1024 + 1), (NDJSON, "?from=0"), 413, "body"),
        (b"a", (JSON, "?from=0"), 415, "header.Content-Type"),
        (b"a", (NDJSON, ""), 400, "query.from"),
        (b"a", (NDJSON, "?from=-1"), 400, "query.from"),
    ],
)
def test_a_chunk_that_cannot_be_read_names_what_is_wrong(door, body, sent_as, status, field):
    content_type, query = sent_as

    answer = ask(door, "PUT", f"{PATH}/lines{query}", body, content_type)

    assert answer.status_code == status
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert not door.bus.sent


def test_other_bodies_stay_as_small_as_they_were(door):
    answer = ask(door, "PUT", PATH, b" " * (64 * 1024 + 1), JSON)

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_progress_and_verdicts_are_shown(door):
    verdict = LineVerdict(line=4, code="expired")
    door.bus.answer(ListVerdicts, LineVerdicts(verdicts=(verdict,)))

    progress = ask(door, "GET", PATH)
    verdicts = ask(door, "GET", f"{PATH}/verdicts?after=3")
    ask(door, "GET", f"{PATH}/verdicts")

    assert progress.json["state"] == "open"
    line = {"line": 4, "code": "expired", "recognition_id": None}
    assert verdicts.json == {"verdicts": [line], "next": None}
    assert [each.after for each in door.bus.sent if type(each) is ListVerdicts] == [3, 0]


def test_what_the_service_refuses_is_said(door):
    door.bus.answer(OpenBatch, Conflict("id_reused", "batch"))
    door.bus.answer(ShowBatch, NotFound("not_found", "batch"))
    body = b'{"total": 3, "digest": "%s"}' % (b"0" * 64)

    answers = [ask(door, "PUT", PATH, body, JSON), ask(door, "GET", PATH)]

    assert [each.status_code for each in answers] == [409, 404]
