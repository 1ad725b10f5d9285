"""Whoever is shown a trust code or a special report checks it with foreign code, offline."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.special_reports import DrawSpecialReport, PutReportField
from contracts.trust_codes import BeginEmployment, ShowTrustCode
from contracts.words import ScenarioKind
from services.scenarios.adapters.pass_keys import PassKeys
from services.scenarios.handlers import special_reports, trust_codes
from tests.builders.evidence import FIRM, LISTED, an_item, evidence_about
from tests.builders.scenarios import HANGZHOU, HOLDER, NOW, PASSES
from tests.builders.screening import (
    AGENCIES,
    DEPOSIT,
    SIGNATURES,
    TRUST,
    a_place,
    a_trust_code_scenario,
    covered,
)
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios

HERE = Path(__file__).parent
OTHERS = PassKeys(HANGZHOU, [Ed25519PrivateKey.from_private_bytes(bytes(32))])


def check(token, kind, *, keys=PASSES, now=NOW):
    asked = {
        "token": token,
        "kind": kind,
        "jwks": {"keys": keys.published()},
        "city": HANGZHOU,
        "now": now.isoformat(),
    }
    answer = subprocess.run(
        ["node", HERE / "document.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with sqlite(tmp_path_factory.mktemp("reports")) as uow:
        a_place(uow, DEPOSIT, AGENCIES, ScenarioKind.SUBSTITUTION)
        an_item(uow)
        covered(uow, LISTED)
        evidence_about(uow)
        field = PutReportField(field="labour", title="劳动", title_en="Labour", items=(LISTED,))
        special_reports.put_report_field(field, uow=uow, now=NOW)
        command = DrawSpecialReport(
            report_id=uuid4(), operator_id=AGENCIES, scenario_id=DEPOSIT, organisation=FIRM
        )
        drawn = special_reports.draw_special_report(
            command, uow=uow, signatures=SIGNATURES, city=HANGZHOU, now=NOW
        )
        yield drawn.signed


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    with sqlite(tmp_path_factory.mktemp("codes")) as uow:
        a_trust_code_scenario(uow)
        hired = BeginEmployment(employment_id=uuid4(), holder=HOLDER, scenario_id=TRUST)
        trust_codes.begin_employment(hired, uow=uow, now=NOW)
        shown = trust_codes.show_trust_code(
            ShowTrustCode(holder=HOLDER), uow=uow, signatures=SIGNATURES, city=HANGZHOU, now=NOW
        )
        yield shown.code


def test_a_report_is_read_and_says_facts_and_their_documents(report):
    found = check(report, special_reports.KIND)

    [line] = found["claims"]["report"]["lines"]
    assert line["spans"][-1]["facts"][0]["document_number"] == "杭人社列〔2026〕17号"
    assert line["coverage"][0]["source"] is None


def test_a_customer_reads_the_colour_of_a_trust_code(code):
    found = check(code, trust_codes.KIND)

    assert (found["claims"]["colour"], found["claims"]["employer"]) == ("yellow", "公共自行车")


def test_a_trust_code_is_good_for_ten_minutes(code):
    late = check(code, trust_codes.KIND, now=NOW + timedelta(minutes=10))

    assert late == {"ok": False, "error": "ERR_JWT_EXPIRED"}


def test_one_kind_of_document_is_not_taken_for_another(code, report):
    for token, kind in ((code, special_reports.KIND), (report, trust_codes.KIND)):
        assert not check(token, kind)["ok"]


def test_a_document_of_another_city_is_not_believed(report):
    assert not check(report, special_reports.KIND, keys=OTHERS)["ok"]
