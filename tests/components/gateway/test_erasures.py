"""Erasure at the door: asked for by a citizen, followed by the receipt; sessions of the erased."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.erasures import EraseResident, ErasureRecord, HolderErased, ShowErasure
from contracts.errors import NotFound
from contracts.pseudonyms import resident_of
from contracts.scenarios import GrantRecords, ListGrants
from services.gateway.authentication.receipts import LIFE
from services.gateway.eligibility import forgetting
from tests.builders.gateway import CIVIL_ID, ERASURE, HOLDER
from tests.fakes.gateway import FakeClock

pytestmark = [pytest.mark.gateway, pytest.mark.recognition]

NOW = FakeClock.START


def a_record(**overrides):
    values = {"erasure_id": ERASURE, "erased_at": NOW, "hosts": 2, "acknowledged": 0}
    return ErasureRecord(**{**values, **overrides})


def erase(door):
    return door.ask("PUT", f"/v1/erasures/{ERASURE}", door.citizen())


def show(door, token, erasure_id=ERASURE):
    return door.ask("GET", f"/v1/erasures/{erasure_id}", token)


def test_a_citizen_erases_themselves(door):
    door.bus.answer(EraseResident, a_record())

    answer = erase(door)

    assert answer.status_code == 200
    assert answer.json["erasure"]["hosts"] == 2
    [sent] = door.bus.sent
    assert sent == EraseResident(
        erasure_id=ERASURE, resident=resident_of(bytes.fromhex("11" * 32), CIVIL_ID)
    )


def test_the_receipt_shows_how_far_the_erasure_is(door):
    door.bus.answer(EraseResident, a_record())
    door.bus.answer(ShowErasure, a_record(acknowledged=2, converged_at=NOW))
    receipt = erase(door).json["receipt"]

    answer = show(door, receipt)

    assert (answer.status_code, answer.json["acknowledged"]) == (200, 2)
    assert answer.json["converged_at"] is not None


def test_asking_again_gives_the_same_receipt(door):
    door.bus.answer(EraseResident, a_record())

    first, second = erase(door).json, erase(door).json

    assert first == second


def test_a_receipt_is_for_one_erasure(door):
    answer = show(door, door.receipt(), uuid4())

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert not door.bus.sent


def test_an_erasure_that_is_kept_no_more_is_not_found(door):
    door.bus.answer(ShowErasure, NotFound("not_found", "erasure"))

    assert show(door, door.receipt()).status_code == 404


def test_a_receipt_is_good_for_a_year(door):
    receipt = door.receipt()
    door.clock.move(seconds=LIFE.total_seconds())

    assert show(door, receipt).status_code == 401


def test_the_session_of_an_erased_holder_is_over(door):
    door.bus.answer(ListGrants, GrantRecords(grants=()))
    session, other = door.holder(), door.holder(holder="another-holder-of-this-test")
    assert door.ask("GET", "/v1/grants", session).status_code == 200

    with door.engine.begin() as connection:
        forgetting.erase_holder(connection, HolderErased(holder=HOLDER, erased_at=NOW))
    door.clock.move(seconds=timedelta(seconds=1).total_seconds())

    for path in ("/v1/grants", "/v1/eligibility"):
        assert door.ask("GET", path, session).status_code == 401
    assert door.ask("GET", "/v1/grants", other).status_code == 200
