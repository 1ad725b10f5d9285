"""Events the gateway hears, with what matters to a test in `overrides`."""

from datetime import timedelta
from uuid import UUID, uuid4

from contracts.corrections import GrantRestored
from contracts.recognition import RecognitionEnded, ScoreRecognised
from contracts.rules import QuotaCount
from contracts.scenarios import GrantIssued, GrantRedeemed
from contracts.words import Category
from tests.builders.gateway import HOLDER, PARTNER, RECOGNITION, a_recognition
from tests.fakes.gateway import FakeClock

NOW = FakeClock.START


def recognised(**overrides):
    record = a_recognition()
    values = {
        "recognition_id": RECOGNITION,
        "attestation_id": UUID(int=1),
        "holder": HOLDER,
        "home": PARTNER,
        "tier": 4,
        "purposes": (Category.TRANSPORT,),
        "crosswalk": 1,
        "recognised_at": record.recognised_at,
        "until": record.until,
    }
    return ScoreRecognised(**(values | overrides))


def ended(**overrides):
    values = {
        "recognition_id": RECOGNITION,
        "attestation_id": UUID(int=1),
        "holder": HOLDER,
        "home": PARTNER,
        "reason": "consent_withdrawn",
        "ended_at": NOW,
    }
    return RecognitionEnded(**(values | overrides))


def issued(**overrides):
    values = {
        "grant_id": uuid4(),
        "incentive_id": "long-ride",
        "scenario_id": "bikes",
        "operator_id": "hello-bike",
        "holder": HOLDER,
        "home": PARTNER,
        "attestation_id": UUID(int=1),
        "value_fen": 0,
        "holder_period": "2026-11-05",
        "holder_issued": 1,
        "quota_period": None,
        "period_issued": 0,
        "budget_left_fen": None,
        "issued_at": NOW,
        "until": NOW + timedelta(days=1),
    }
    values |= overrides
    if values["quota_period"]:
        values = {"counts": (counted(values["quota_period"], values["period_issued"]),)} | values
    return GrantIssued(**({"count_number": values["period_issued"]} | values))


def counted(window, units, *, fen=0, district=None):
    return QuotaCount(window=window, district=district, units=units, fen=fen)


def redeemed(**overrides):
    values = {
        "grant_id": UUID(int=2),
        "redemption_id": UUID(int=4),
        "incentive_id": "long-ride",
        "scenario_id": "bikes",
        "operator_id": "hello-bike",
        "home": PARTNER,
        "attestation_id": UUID(int=1),
        "value_fen": 0,
        "uses_left": 0,
        "redeemed_at": NOW,
    }
    return GrantRedeemed(**(values | overrides))


def restored(**overrides):
    values = {
        "grant_id": UUID(int=2),
        "incentive_id": "long-ride",
        "scenario_id": "bikes",
        "operator_id": "hello-bike",
        "home": PARTNER,
        "attestation_id": UUID(int=1),
        "value_fen": 0,
        "uses_left": 1,
        "restored": 1,
        "restored_at": NOW,
        "until": NOW + timedelta(days=1),
    }
    return GrantRestored(**(values | overrides))
