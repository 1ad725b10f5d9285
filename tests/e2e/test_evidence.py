"""Evidence over HTTP: from the catalogue to the holder who contests it, and to its source."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.cli.demo.world import FUZHOU, HANGZHOU
from services.plumbing.clock import utc_now
from tests.e2e.people import PURPOSES, open_shop, until

pytestmark = pytest.mark.scenarios

FIRM = "91350100M000100Y43"


def an_item(official, source):
    item_id = f"insurance-{uuid4().hex[:12]}"
    item = {
        "name": "责任保险",
        "name_en": "Liability insurance",
        "evidence_class": "voluntary",
        "basis": {"title": "保险法", "article": "第十三条", "in_force_from": "2009-10-01"},
        "subjects": ["holder", "organisation"],
        "documents": ["insurance_policy"],
        "live_from": "2026-01-01T00:00:00Z",
        "states_amount": True,
        "sources": [source],
    }
    assert official.put(f"/v1/evidence-items/{item_id}", item).ok
    return item_id


def a_policy(item_id, subject, number="1"):
    day = (utc_now() - timedelta(days=30)).date().isoformat()
    return {
        "item_id": item_id,
        "subject": subject,
        "document": {
            "type": "insurance_policy",
            "number": number,
            "issuer": "某保险公司",
            "issued_on": day,
        },
        "content": {"amount_fen": 20_000_000},
    }


def test_a_source_enters_evidence_and_its_subject_sees_and_contests_it(alliance):
    world, shop = alliance.world, open_shop(alliance)
    official, source = world.administrator(HANGZHOU), shop.operator.door
    item_id = an_item(official, shop.operator.id)
    app = alliance.newcomer(FUZHOU)
    app.consent(HANGZHOU, PURPOSES, 90)
    entered = app.enter(world.door(HANGZHOU), app.attestation(HANGZHOU)["credential"])
    subject = {"type": "holder", "holder": entered["recognition"]["holder"]}
    holder = world.door(HANGZHOU, entered["session"]["token"])
    evidence, dispute = f"/v1/evidence/{uuid4()}", f"/v1/evidence-disputes/{uuid4()}"

    said = source.put(evidence, a_policy(item_id, subject))
    assert (said.ok, said["counts"]) == (True, True), said
    assert source.put(evidence, a_policy(item_id, subject)).body == said.body

    [seen] = holder.get("/v1/evidence")["evidence"]
    assert (seen["evidence_id"], seen["source"]) == (said["evidence_id"], shop.operator.id)

    contest = {"evidence_id": seen["evidence_id"], "ground": "not_mine"}
    assert holder.put(dispute, contest).ok
    [disputed] = holder.get("/v1/evidence")["evidence"]
    assert (disputed["state"], disputed["counts"]) == ("disputed", False)

    assert official.put(f"{dispute}/decision", {"outcome": "corrected"}).ok
    [annulled] = holder.get("/v1/evidence")["evidence"]
    assert (annulled["state"], annulled["reason"]) == ("annulled", "corrected")
    again = source.put(f"/v1/evidence/{uuid4()}", a_policy(item_id, subject))
    assert (again.status, again.code) == (422, "document_used")


def test_nothing_enters_for_somebody_who_is_no_source_or_without_an_item(alliance):
    official = alliance.world.administrator(HANGZHOU)
    shop, other = open_shop(alliance), open_shop(alliance)
    item_id = an_item(official, shop.operator.id)
    subject = {"type": "organisation", "organisation": FIRM}

    no_source = other.operator.door.put(f"/v1/evidence/{uuid4()}", a_policy(item_id, subject))
    no_item = official.put(
        f"/v1/administration/evidence/{uuid4()}", a_policy("no-such-item", subject)
    )

    assert (no_source.code, no_item.code) == ("source_not_registered", "item_not_live")


def test_an_organisation_is_looked_up_by_its_code_and_coverage_is_published(alliance):
    world, shop = alliance.world, open_shop(alliance)
    official = world.administrator(HANGZHOU)
    item_id = an_item(official, shop.operator.id)
    subject = {"type": "organisation", "organisation": FIRM}
    place = f"/v1/administration/evidence/{uuid4()}"
    assert official.put(place, a_policy(item_id, subject, number=item_id)).ok

    now = utc_now()
    period = {"since": (now - timedelta(days=9)).isoformat(), "until": now.isoformat()}
    assert shop.operator.door.put(f"/v1/evidence-items/{item_id}/coverage", period).ok

    found = official.get("/v1/administration/evidence", organisation=FIRM)["evidence"]
    assert item_id in {each["item_id"] for each in found}
    covered = world.door(HANGZHOU).get(f"/v1/evidence-items/{item_id}/coverage")["sources"]
    assert [each["source"] for each in covered] == [shop.operator.id]
    items = until(bool, lambda: world.door(HANGZHOU).get("/v1/evidence-items")["items"])
    assert all(item["basis"]["title"] for item in items)
