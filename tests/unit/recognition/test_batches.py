"""A host takes attestations in bulk: each line has its own verdict, and a batch can go on."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.exchange import (
    LineVerdict,
    ListVerdicts,
    OpenBatch,
    ShowBatch,
    TakeLines,
    digest_after,
)
from contracts.recognition import RecognitionEnded, ScoreRecognised
from contracts.words import BatchState
from services.recognition.handlers import batches
from services.recognition.handlers.batches import (
    list_verdicts,
    open_batch,
    show_batch,
    take_lines,
)
from services.recognition.handlers.forgetting import forget_old
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import (
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_key,
    a_presentation,
    a_roster,
    an_attestation,
)
from tests.builders.recognition import (
    a_receive_notice,
    a_recognise_attestation,
    a_revocation_notice,
    an_open_challenge,
    host_node,
)

pytestmark = pytest.mark.recognition

BATCH = uuid4()
ZHENGZHOU = "410100"


def a_credential(**overrides):
    overrides = {"id": uuid4(), "subject": f"{uuid4().hex:A<43}", **overrides}
    return a_presentation(an_attestation(**overrides), holder=None)


def a_line(**overrides):
    return json.dumps({"attestation": a_credential(**overrides)})


def opened(uow, lines, node=None, **overrides):
    values = {
        "sender": FUZHOU,
        "batch_id": BATCH,
        "total": len(lines),
        "digest": digest_after("", lines),
    }
    command = OpenBatch(**{**values, **overrides})
    return open_batch(command, uow=uow, node=node or host_node(), now=NOW)


def taken(uow, lines, after=0, node=None, **overrides):
    values = {"sender": FUZHOU, "batch_id": BATCH, "after": after, "lines": tuple(lines)}
    command = TakeLines(**{**values, **overrides})
    return take_lines(command, uow=uow, node=node or host_node(), now=NOW)


def sent(uow, lines, node=None):
    opened(uow, lines, node)
    return taken(uow, lines, node=node)


def verdicts(uow, after=0):
    command = ListVerdicts(sender=FUZHOU, batch_id=BATCH, after=after)
    return list_verdicts(command, uow=uow).verdicts


def codes(uow):
    return [verdict.code for verdict in verdicts(uow)]


def counts(progress):
    return progress.received, progress.taken, progress.repeated, progress.refused


def test_attestations_of_a_batch_are_recognised(uow):
    progress = sent(uow, [a_line(), a_line()])

    announced = uow.announced_of(ScoreRecognised)
    assert (counts(progress), progress.state) == ((2, 2, 0, 0), BatchState.COMPLETE)
    assert [each.recognition_id for each in announced] == [
        verdict.recognition_id for verdict in verdicts(uow)
    ]


BAD_LINES = {
    "": "malformed",
    "null": "malformed",
    "[]": "malformed",
    "{": "malformed",
    '{"attestation": 1}': "malformed",
    '{"attestation": "a", "attestation": "b"}': "malformed",
    '{"attestation": "a~", "more": 1}': "malformed",
    '{"attestation": "a~"}': "malformed_presentation",
    json.dumps({"attestation": "a" * 20_000}): "too_large",
    json.dumps({"attestation": a_presentation()}): "bad_key_binding",
    a_line(audience="https://elsewhere.example"): "wrong_audience",
    a_line(tier=5): "crosswalk_mismatch",
    a_line(expires_at=NOW): "expired",
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_refused_with_its_code_and_the_rest_is_taken(uow, bad):
    progress = sent(uow, [a_line(), bad, a_line()])

    assert counts(progress) == (3, 2, 0, 1)
    assert codes(uow)[0] == codes(uow)[2] == "taken"
    assert codes(uow)[1] in {BAD_LINES[bad], "malformed_presentation"}


def test_a_city_sends_attestations_of_its_own_only(uow):
    zhengzhou = a_city(ZHENGZHOU, keys=[a_key(OTHER_KEY)], gateway="https://zhengzhou.example")
    node = host_node(roster=lambda: a_roster(a_city(FUZHOU), a_city(HANGZHOU), zhengzhou))
    lines = [a_line()]
    opened(uow, lines, node, sender=ZHENGZHOU)

    progress = taken(uow, lines, node=node, sender=ZHENGZHOU)

    assert (progress.taken, progress.refused) == (0, 1)
    assert not uow.announced


def test_an_attestation_that_is_recognised_already_is_repeated(uow):
    line = a_line()

    progress = sent(uow, [line, line])

    [first, second] = verdicts(uow)
    assert counts(progress) == (2, 1, 1, 0)
    assert first.recognition_id == second.recognition_id
    assert len(uow.announced) == 1


def test_what_home_took_back_by_notice_is_not_recognised(uow):
    revoked = uuid4()
    token = a_revocation_notice(revoked)
    receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW)

    sent(uow, [a_line(id=revoked)])

    assert codes(uow) == ["status_invalid"]


def test_who_presents_an_attestation_of_a_batch_is_the_same_holder_and_both_end_together(uow):
    attestation_id = uuid4()
    credential = a_credential(id=attestation_id)
    sent(uow, [json.dumps({"attestation": credential})])
    challenge = an_open_challenge(uow)

    record = recognise_attestation(
        a_recognise_attestation(credential, challenge), uow=uow, node=host_node(), now=NOW
    )
    token = a_revocation_notice(attestation_id)
    receive_notice(a_receive_notice(token), uow=uow, node=host_node(), now=NOW)

    [in_bulk, presented] = uow.announced_of(ScoreRecognised)
    assert record.recognition_id == presented.recognition_id != in_bulk.recognition_id
    assert in_bulk.holder == presented.holder
    assert {each.recognition_id for each in uow.announced_of(RecognitionEnded)} == {
        in_bulk.recognition_id,
        presented.recognition_id,
    }


def test_nobody_has_proved_to_hold_the_key_of_an_attestation_that_came_in_bulk(uow):
    sent(uow, [a_line()])

    [verdict] = verdicts(uow)
    with uow:
        assert uow.recognitions.get(verdict.recognition_id).holder_key is None


def test_a_batch_goes_on_where_it_was_cut_off(uow):
    lines = [a_line() for _ in range(5)]
    opened(uow, lines)

    first = taken(uow, lines[:2])
    repeated = taken(uow, lines[:2])
    overlapping = taken(uow, lines[1:4], after=1)
    gap = taken(uow, lines[4:], after=5)
    last = taken(uow, lines[4:], after=4)

    assert [each.received for each in (first, repeated, overlapping, gap, last)] == [2, 2, 4, 4, 5]
    assert (counts(last), last.state) == ((5, 5, 0, 0), BatchState.COMPLETE)
    assert len(uow.announced_of(ScoreRecognised)) == 5


def test_how_far_a_batch_has_come_can_be_asked_by_its_sender_alone(uow):
    lines = [a_line(), a_line()]
    opened(uow, lines)
    taken(uow, lines[:1])

    asked = show_batch(ShowBatch(sender=FUZHOU, batch_id=BATCH), uow=uow)

    assert (asked.received, asked.state) == (1, BatchState.OPEN)
    for question, handler in (
        (ShowBatch(sender=ZHENGZHOU, batch_id=BATCH), show_batch),
        (ListVerdicts(sender=ZHENGZHOU, batch_id=BATCH, after=0), list_verdicts),
    ):
        with pytest.raises(NotFound):
            handler(question, uow=uow)


def test_the_same_batch_with_another_digest_or_number_of_lines_is_a_conflict(uow):
    lines = [a_line()]
    opened(uow, lines)

    again = opened(uow, lines)

    assert again.received == 0
    for other in ({"digest": "f" * 64}, {"total": 2}):
        with pytest.raises(Conflict, match="id_reused"):
            opened(uow, lines, **other)


def test_lines_that_differ_from_what_was_announced_show(uow):
    lines = [a_line(), a_line()]
    opened(uow, lines)

    progress = taken(uow, [lines[0], a_line()])

    assert progress.state is BatchState.DIFFERENT


def test_more_lines_than_announced_are_refused(uow):
    lines = [a_line()]
    opened(uow, lines)

    with pytest.raises(Malformed) as refused:
        taken(uow, [*lines, a_line()])

    assert refused.value.errors.keys() == {"lines"}
    assert not uow.announced


def test_a_batch_larger_than_any_is_refused(uow):
    with pytest.raises(Malformed) as refused:
        opened(uow, [], total=100_001, digest="0" * 64)

    assert refused.value.errors.keys() == {"total"}


def test_lines_of_no_batch_are_not_found(uow):
    with pytest.raises(NotFound):
        taken(uow, [a_line()])


def test_only_an_online_city_sends_a_batch(uow):
    suspended = a_roster(replace(a_city(FUZHOU), state="suspended"), a_city(HANGZHOU))
    node = host_node(roster=lambda: suspended)

    with pytest.raises(Refused, match="city_not_online"):
        opened(uow, [a_line()], node)


def test_the_same_lines_sent_twice_at_once_are_taken_once(uow, monkeypatch):
    lines = [a_line()]
    opened(uow, lines)
    real, inner = batches.judge, []

    def judge_while_they_come_again(*arguments):
        if not inner:
            inner.append(True)
            taken(uow, lines)
        return real(*arguments)

    monkeypatch.setattr(batches, "judge", judge_while_they_come_again)
    progress = taken(uow, lines)

    assert counts(progress) == (1, 1, 0, 0)
    assert len(uow.announced_of(ScoreRecognised)) == 1


def test_verdicts_come_page_by_page(uow, monkeypatch):
    monkeypatch.setattr(batches, "AT_A_TIME", 2)
    sent(uow, [a_line() for _ in range(3)])

    pages = [[each.line for each in verdicts(uow, after)] for after in (0, 2, 3)]

    assert pages == [[1, 2], [3], []]


def test_a_refused_line_names_no_recognition(uow):
    sent(uow, ["{"])

    assert verdicts(uow) == (LineVerdict(line=1, code="malformed"),)


def test_old_batches_are_forgotten(uow):
    sent(uow, [a_line()])

    forget_old(uow=uow, now=NOW + timedelta(days=89))
    kept = len(verdicts(uow))
    for _ in range(2):
        forget_old(uow=uow, now=NOW + timedelta(days=91))

    assert kept == 1
    with pytest.raises(NotFound):
        verdicts(uow)


def test_a_key_of_the_city_signs_its_lines(uow):
    sent(uow, [json.dumps({"attestation": a_presentation(signer=OTHER_KEY, holder=None)})])

    assert codes(uow) == ["unknown_key"]
    assert HOME_KEY.kid != OTHER_KEY.kid
