"""Consents at the door: one recipient each, a text to read, a record to take along."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from contracts.consents import (
    ConsentDetail,
    ConsentedAttestation,
    ConsentText,
    ShowConsent,
    ShowConsentText,
)
from contracts.errors import Malformed, NotFound, Refused
from contracts.recognition import (
    ConsentRecord,
    ConsentRecords,
    GiveConsent,
    ListConsents,
    WithdrawConsent,
)
from contracts.words import Category, ConsentState
from tests.builders.gateway import CITY, PARTNER

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

AT = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
ID = UUID(int=7, version=4)
TEXT = ConsentText(version="2026-11", digest="d" * 64, text_zh="我同意。", text_en="I consent.")
BODY = {
    "recipient": PARTNER,
    "purposes": ["sports"],
    "text_version": "2026-11",
    "text_digest": "d" * 64,
    "until": "2027-01-01T00:00:00Z",
}
RECORD = ConsentRecord(
    consent_id=ID,
    recipient=PARTNER,
    purposes=(Category.SPORTS,),
    text_version="2026-11",
    given_at=AT,
    until=AT + timedelta(days=57),
    state=ConsentState.LIVE,
    text_digest="d" * 64,
)
TEXT_PATH = f"/v1/consent-text?recipient={PARTNER}&until=2027-01-01T00:00:00Z"


def detail(*attestations, **overrides):
    values = {"consent": RECORD, "text": TEXT, "impact_assessment": "PIA-1"}
    return ConsentDetail(attestations=attestations, **{**values, **overrides})


def an_attestation():
    return ConsentedAttestation(
        attestation_id=uuid4(),
        recipient=PARTNER,
        claims={"tier": 4},
        issued_at=AT,
        until=AT + timedelta(days=30),
    )


def put(door, body):
    text = json.dumps(body)
    headers = {"Content-Type": "application/json"}
    return door.ask("PUT", f"/v1/consents/{ID}", door.citizen(), body=text, headers=headers)


@pytest.mark.parametrize(
    "recipient",
    [[PARTNER], [PARTNER, "350100"], f"{PARTNER},350100", "all", "*", None, {"city": PARTNER}],
)
def test_a_consent_that_bundles_recipients_is_refused_at_the_door(door, recipient):
    answer = put(door, {**BODY, "recipient": recipient})

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert [error["field"] for error in answer.json["errors"]] == ["recipient"]
    assert not door.bus.sent


def test_a_second_recipient_beside_the_first_is_refused(door):
    answer = put(door, {**BODY, "recipients": ["350100"]})

    assert [error["field"] for error in answer.json["errors"]] == ["recipients"]


def test_the_digest_of_the_text_that_was_shown_goes_along(door):
    door.bus.answer(GiveConsent, RECORD)

    answer = put(door, BODY)

    [command] = door.bus.sent
    assert answer.json["text_digest"] == "d" * 64
    assert (command.text_version, command.text_digest) == ("2026-11", "d" * 64)


@pytest.mark.parametrize("digest", ["", "D" * 64, "d" * 63, 7])
def test_what_is_no_digest_is_refused_by_its_name(door, digest):
    answer = put(door, {**BODY, "text_digest": digest})

    assert [error["field"] for error in answer.json["errors"]] == ["text_digest"]


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [(None, "zh", "我同意。"), ("en", "en", "I consent."), ("zh-CN,en;q=0.5", "zh", "我同意。")],
)
def test_anybody_reads_the_text_in_their_language_and_it_is_not_cached(door, asked, language, text):
    door.bus.answer(ShowConsentText, TEXT)

    answer = door.ask(
        "GET",
        f"{TEXT_PATH}&purpose=sports&purpose=transport",
        headers={"Accept-Language": asked} if asked else {},
    )

    [command] = door.bus.sent
    assert command.purposes == (Category.SPORTS, Category.TRANSPORT)
    assert (command.recipient, command.until) == (PARTNER, datetime(2027, 1, 1, tzinfo=UTC))
    assert (answer.json["language"], answer.json["text"]) == (language, text)
    assert (answer.json["text_zh"], answer.json["text_en"]) == ("我同意。", "I consent.")
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "query.purpose"),
        ("&purpose=sports&purpose=gambling", "query.purpose.1"),
        ("&purpose=sports&recipient=350100", "query.recipient"),
        ("&purpose=sports,transport", "query.purpose.0"),
    ],
)
def test_a_text_for_several_recipients_or_for_no_purpose_is_refused(door, query, field):
    answer = door.ask("GET", TEXT_PATH + query)

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_what_the_home_finds_wrong_with_the_end_is_named_as_it_was_asked(door):
    door.bus.answer(ShowConsentText, Malformed(errors={"until": "Not in the future."}))

    answer = door.ask("GET", f"{TEXT_PATH}&purpose=sports")

    assert [error["field"] for error in answer.json["errors"]] == ["query.until"]


def test_an_end_with_an_offset_is_read_when_its_plus_is_escaped(door):
    door.bus.answer(ShowConsentText, TEXT)
    until = quote("2027-01-01T08:00:00+08:00")

    door.ask("GET", f"/v1/consent-text?recipient={PARTNER}&purpose=sports&until={until}")

    assert door.bus.sent[0].until == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_recipient_that_was_not_assessed_is_told_in_both_languages(door):
    door.bus.answer(ShowConsentText, Refused("recipient_not_assessed"))

    answer = door.ask("GET", f"{TEXT_PATH}&purpose=sports")

    assert (answer.status_code, answer.json["code"]) == (422, "recipient_not_assessed")


def test_a_withdrawal_is_one_call_without_body_or_reason(door):
    door.bus.answer(WithdrawConsent, RECORD)

    answer = door.ask("DELETE", f"/v1/consents/{ID}", door.citizen())

    assert answer.status_code == 200
    assert [type(command) for command in door.bus.sent] == [WithdrawConsent]


def test_a_list_is_asked_for_page_by_page(door):
    door.bus.answer(ListConsents, ConsentRecords(consents=(RECORD,), next=ID))

    answer = door.ask("GET", f"/v1/consents?limit=1&after={ID}", door.citizen())

    [command] = door.bus.sent
    assert (command.limit, command.cursor) == (1, ID)
    assert answer.json["next"] == str(ID)


def test_one_consent_is_shown_in_full_to_its_resident(door):
    door.bus.answer(ShowConsent, detail(an_attestation()))

    answer = door.ask("GET", f"/v1/consents/{ID}", door.citizen())

    assert answer.json["text"]["text_zh"] == "我同意。"
    assert answer.json["attestations"][0]["claims"] == {"tier": 4}


def test_a_consent_of_somebody_else_is_not_found(door):
    door.bus.answer(ShowConsent, NotFound("not_found", "consent"))

    assert door.ask("GET", f"/v1/consents/{ID}", door.citizen()).status_code == 404


def test_the_export_holds_every_consent_with_every_attestation(door):
    second = uuid4()
    door.bus.answer(
        ListConsents,
        ConsentRecords(consents=(RECORD,), next=ID),
        ConsentRecords(consents=(RECORD,)),
    )
    door.bus.answer(
        ShowConsent,
        detail(an_attestation(), next=second),
        detail(an_attestation()),
        detail(),
    )

    answer = door.ask("GET", "/v1/consents/export", door.citizen())

    consents = answer.json["consents"]
    lists = [command for command in door.bus.sent if isinstance(command, ListConsents)]
    assert [len(each["attestations"]) for each in consents] == [2, 0]
    assert [command.cursor for command in lists] == [None, ID]
    assert len({command.resident for command in door.bus.sent}) == 1
    assert answer.json["home"] == CITY
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/consents/export", f"/v1/consents/{ID}"])
def test_nobody_else_reads_the_record(door, path):
    for token in (None, door.administrator(), door.holder(), door.operator()):
        answer = door.ask("GET", path, token)
        assert answer.status_code in {401, 403}
    assert not door.bus.sent
