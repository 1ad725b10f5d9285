"""Evidence at the door: the city and its sources enter it, holders see and contest their own."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.coverage import CoverageRecords, ListCoverage, ReportCoverage
from contracts.errors import Refused
from contracts.evidence import (
    AnnulEvidence,
    EffectiveDocument,
    EnterEvidence,
    EvidenceChanged,
    EvidenceContent,
    EvidenceItemRecords,
    EvidenceRecord,
    EvidenceRecords,
    ListEvidence,
    ListEvidenceItems,
    PublishEvidenceItem,
    RepairEvidence,
)
from contracts.evidence_disputes import (
    DecideEvidenceDispute,
    EvidenceDisputeRecord,
    EvidenceDisputeRecords,
    ListEvidenceDisputeCases,
    ListEvidenceDisputes,
    OpenEvidenceDispute,
    WithdrawEvidenceDispute,
)
from contracts.subjects import HolderSubject, OrganisationSubject
from contracts.words import (
    AnnulmentReason,
    DisputeGround,
    DisputeOutcome,
    DisputeState,
    DocumentType,
    EvidenceState,
)
from services.gateway.courier.bodies import evidence_body
from tests.builders.gateway import HOLDER

pytestmark = [pytest.mark.gateway, pytest.mark.scenarios]

AT = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
ID = UUID(int=7, version=4)
FIRM = "91350100M000100Y43"
DOCUMENT = {
    "type": "list_decision",
    "number": "杭人社列〔2026〕17号",
    "issuer": "杭州市人力资源和社会保障局",
    "issued_on": "2026-03-02",
}
BODY = {
    "item_id": "wage-arrears-list",
    "subject": {"type": "organisation", "organisation": FIRM.lower()},
    "document": DOCUMENT,
}
ITEM = {
    "name": "拖欠农民工工资失信联合惩戒对象名单",
    "name_en": "List of employers who withhold wages",
    "evidence_class": "serious_list",
    "basis": {"title": "办法", "article": "第五条", "in_force_from": "2022-01-01"},
    "subjects": ["organisation"],
    "documents": ["list_decision"],
    "live_from": "2022-01-01T00:00:00+08:00",
}
RECORD = EvidenceRecord(
    evidence_id=ID,
    item_id="wage-arrears-list",
    item_version=1,
    subject=OrganisationSubject(organisation=FIRM),
    document=EffectiveDocument(
        **{**DOCUMENT, "type": DocumentType.LIST_DECISION, "issued_on": date(2026, 3, 2)}
    ),
    content=EvidenceContent(),
    source=None,
    state=EvidenceState.LIVE,
    counts=True,
    reason="entered",
    entered_at=AT,
    changed_at=AT,
    live_from=AT,
    live_until=None,
)
DISPUTE = EvidenceDisputeRecord(
    dispute_id=ID,
    evidence_id=ID,
    item_id="wage-arrears-list",
    ground=DisputeGround.NOT_MINE,
    state=DisputeState.OPEN,
    opened_at=AT,
    due_at=AT,
)
CONTEST = {"evidence_id": str(ID), "ground": "not_mine"}
NO_COVERAGE = CoverageRecords(item_id="wage-arrears-list", sources=())


def sent(door):
    [command] = door.bus.sent
    return command


def test_the_city_enters_evidence_of_its_own(door):
    door.bus.answer(EnterEvidence, RECORD)

    answer = door.ask("PUT", f"/v1/administration/evidence/{ID}", door.administrator(), json=BODY)

    assert answer.json["counts"]
    assert (sent(door).source, sent(door).subject) == (None, RECORD.subject)


def test_an_operator_enters_evidence_as_itself(door):
    door.bus.answer(EnterEvidence, RECORD)

    answer = door.ask("PUT", f"/v1/evidence/{ID}", door.operator("hello-bike"), json=BODY)

    assert answer.status_code == 200
    assert sent(door).source == "hello-bike"


def test_no_source_can_be_named_by_whoever_enters(door):
    said = {**BODY, "source": "somebody-else"}

    answer = door.ask("PUT", f"/v1/evidence/{ID}", door.operator(), json=said)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "source")


@pytest.mark.parametrize("missing", ["type", "number", "issuer", "issued_on"])
def test_a_document_that_is_not_complete_is_malformed(door, missing):
    document = {name: value for name, value in DOCUMENT.items() if name != missing}

    answer = door.ask(
        "PUT",
        f"/v1/administration/evidence/{ID}",
        door.administrator(),
        json={**BODY, "document": document},
    )

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json["errors"]] == [f"document.{missing}"]
    assert not door.bus.sent


@pytest.mark.parametrize("subject", ["330100190001010019", "11010519491231002X"])
def test_a_civil_identifier_comes_in_nowhere(door, subject):
    said = {**BODY, "subject": {"type": "holder", "holder": subject}}

    answer = door.ask("PUT", f"/v1/administration/evidence/{ID}", door.administrator(), json=said)

    assert answer.status_code == 400
    assert subject not in answer.text
    assert not door.bus.sent


@pytest.mark.parametrize("private", ["religion", "petition", "disease", "blood_type", "genes"])
def test_a_private_class_has_no_place(door, private):
    answer = door.ask(
        "PUT",
        "/v1/evidence-items/some-item",
        door.administrator(),
        json={**ITEM, "evidence_class": private},
    )

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, "evidence_class")


def test_a_private_name_is_refused_with_the_law(door):
    law = "征信业管理条例 (2013) 14"
    door.bus.answer(PublishEvidenceItem, Refused("private_class", law))

    answer = door.ask("PUT", "/v1/evidence-items/some-item", door.administrator(), json=ITEM)

    assert (answer.status_code, answer.json["code"]) == (422, "private_class")
    assert law in answer.json["detail"]


def test_everybody_reads_the_catalogue_and_what_is_covered(door):
    door.bus.answer(ListEvidenceItems, EvidenceItemRecords(items=()))
    door.bus.answer(ListCoverage, NO_COVERAGE)

    items = door.ask("GET", "/v1/evidence-items?after=insurance")
    covered = door.ask("GET", "/v1/evidence-items/insurance/coverage")

    assert (items.json, covered.json["sources"]) == ({"items": [], "next": None}, [])
    assert door.bus.sent == [
        ListEvidenceItems(after="insurance"),
        ListCoverage(item_id="insurance"),
    ]


def test_a_holder_sees_their_own_evidence(door):
    door.bus.answer(ListEvidence, EvidenceRecords(evidence=()))

    answer = door.ask("GET", "/v1/evidence", door.holder())

    assert answer.json == {"evidence": [], "next": None}
    assert sent(door).subject == HolderSubject(holder=HOLDER)


def test_officials_look_up_organisations_by_a_checked_code(door):
    door.bus.answer(ListEvidence, EvidenceRecords(evidence=(RECORD,)))
    place = "/v1/administration/evidence"

    found = door.ask("GET", f"{place}?organisation={FIRM}", door.administrator())
    wrong = door.ask("GET", f"{place}?organisation={FIRM[:-1]}4", door.administrator())

    assert found.json["evidence"][0]["evidence_id"] == str(ID)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (400, "query.organisation")
    assert sent(door).subject == RECORD.subject


@pytest.mark.parametrize(
    ("method", "place", "body", "command"),
    [
        (
            "PUT",
            f"/v1/evidence/{ID}/repair",
            {"fulfilled_on": "2026-05-01"},
            RepairEvidence(evidence_id=ID, fulfilled_on=date(2026, 5, 1)),
        ),
        (
            "PUT",
            f"/v1/evidence/{ID}/annulment",
            {"reason": "document_revoked"},
            AnnulEvidence(evidence_id=ID, reason=AnnulmentReason.DOCUMENT_REVOKED),
        ),
        (
            "PUT",
            f"/v1/evidence-disputes/{ID}/decision",
            {"outcome": "upheld"},
            DecideEvidenceDispute(dispute_id=ID, outcome=DisputeOutcome.UPHELD),
        ),
        (
            "PUT",
            f"/v1/administration/evidence-disputes/{ID}",
            CONTEST,
            OpenEvidenceDispute(
                dispute_id=ID, evidence_id=ID, ground=DisputeGround.NOT_MINE, holder=None
            ),
        ),
        (
            "DELETE",
            f"/v1/administration/evidence-disputes/{ID}",
            None,
            WithdrawEvidenceDispute(dispute_id=ID, holder=None),
        ),
        (
            "GET",
            f"/v1/administration/evidence-disputes?after={ID}",
            None,
            ListEvidenceDisputeCases(after=ID),
        ),
        (
            "PUT",
            "/v1/administration/evidence-items/insurance/coverage",
            {"since": "2026-01-01T00:00:00Z", "until": "2026-11-05T02:00:00Z", "source": "bikes"},
            ReportCoverage(
                item_id="insurance",
                since=datetime(2026, 1, 1, tzinfo=UTC),
                until=AT,
                source="bikes",
            ),
        ),
    ],
)
def test_the_desk_says_what_it_was_told(door, method, place, body, command):
    replies = {
        RepairEvidence: RECORD,
        AnnulEvidence: RECORD,
        ListEvidenceDisputeCases: EvidenceDisputeRecords(disputes=(DISPUTE,)),
        ReportCoverage: NO_COVERAGE,
    }
    door.bus.answer(type(command), replies.get(type(command), DISPUTE))

    answer = door.ask(method, place, door.administrator(), json=body)

    assert answer.status_code == 200
    assert sent(door) == command


def test_a_holder_contests_for_themselves_and_withdraws(door):
    door.bus.answer(OpenEvidenceDispute, DISPUTE)
    door.bus.answer(WithdrawEvidenceDispute, DISPUTE)
    door.bus.answer(ListEvidenceDisputes, EvidenceDisputeRecords(disputes=(DISPUTE,)))
    place = f"/v1/evidence-disputes/{ID}"

    door.ask("PUT", place, door.holder(), json=CONTEST)
    door.ask("DELETE", place, door.holder())
    listed = door.ask("GET", "/v1/evidence-disputes", door.holder())

    assert listed.json["disputes"][0]["ground"] == "not_mine"
    assert {command.holder for command in door.bus.sent} == {HOLDER}


def test_an_operator_says_what_it_covers_itself(door):
    door.bus.answer(ReportCoverage, NO_COVERAGE)
    said = {"since": "2026-01-01T00:00:00Z", "until": "2026-11-05T02:00:00Z"}

    answer = door.ask("PUT", "/v1/evidence-items/insurance/coverage", door.operator(), json=said)

    assert answer.status_code == 200
    assert sent(door).source == "hello-bike"


def test_a_source_is_told_of_its_evidence_and_not_about_whom_it_is():
    event = EvidenceChanged(
        evidence_id=ID,
        item_id="insurance",
        state=EvidenceState.DISPUTED,
        reason="disputed",
        changed_at=AT,
        operator_id="hello-bike",
    )

    body = json.loads(evidence_body(event))

    assert body["type"] == "evidence.changed"
    assert set(body["data"]) == {"evidence_id", "item_id", "state", "reason", "changed_at"}
