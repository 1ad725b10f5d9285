"""A host's catalogue, its holders, and the messages that reach its scenarios.

`an_offer(uow)` has an incentive reviewed and published with everything it needs, `a_holder(uow)`
lets a holder of tier 4 be recognised; both by the handlers themselves.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.benefits import FreeUse, RentalExtension, Voucher
from contracts.catalogue import ReviewIncentive
from contracts.recognition import RecognitionEnded, ScoreRecognised, UsageReported
from contracts.rules import Limit
from contracts.scenarios import (
    IssueGrant,
    PublishIncentive,
    RedeemPass,
    RegisterOperator,
    RegisterScenario,
)
from contracts.words import Category, OnWithdrawal, Period, ReviewOutcome, UsageFact
from services.scenarios.adapters.pass_keys import PassKeys
from services.scenarios.handlers.catalogue import (
    publish_incentive,
    register_operator,
    register_scenario,
)
from services.scenarios.handlers.grants import issue_grant
from services.scenarios.handlers.lives import review_incentive
from services.scenarios.handlers.recognitions import on_score_recognised
from services.scenarios.handlers.redemptions import redeem_pass

HANGZHOU, FUZHOU, ZHENGZHOU = "330100", "350100", "410100"
BIKES, GYM = "hz-public-bike", "hz-sports-venue"
RIDES, SPORTS = "hz-bike-rides", "hz-sports"
HOLDER, STRANGER = "holder-of-fuzhou-7", "holder-of-fuzhou-8"
PASS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PASSES = PassKeys("330100", [PASS_KEY])

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # 14:30 in Hangzhou
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ONE_USE = RentalExtension(minutes=120)
THREE_USES = FreeUse(uses=3, minutes_each=30)
TEN_YUAN = Voucher(face_fen=1000)

NODE = {"city": HANGZHOU, "passes": PASSES}


def a_month(count):
    return Limit(count=count, period=Period.MONTH)


# --- messages --------------------------------------------------------------------------------


def a_register_operator(**overrides):
    values = {"operator_id": BIKES, "name": "公共自行车", "name_en": "Public bikes"}
    return RegisterOperator(**{**values, **overrides})


def a_register_scenario(**overrides):
    values = {
        "scenario_id": RIDES,
        "operator_id": BIKES,
        "name": "信用骑行",
        "name_en": "Rides on credit",
        "category": Category.TRANSPORT,
    }
    return RegisterScenario(**{**values, **overrides})


def a_publish_incentive(**overrides):
    values = {
        "incentive_id": "late-return",
        "scenario_id": RIDES,
        "operator_id": BIKES,
        "title": "延时还车",
        "title_en": "Return late",
        "benefit": ONE_USE,
        "minimum_tier": 3,
        "per_holder": a_month(30),
    }
    return PublishIncentive(**{**values, **overrides})


def a_score_recognised(**overrides):
    values = {
        "recognition_id": uuid4(),
        "attestation_id": uuid4(),
        "holder": HOLDER,
        "home": FUZHOU,
        "tier": 4,
        "purposes": (Category.TRANSPORT, Category.SPORTS),
        "crosswalk": 2,
        "recognised_at": NOW - HOUR,
        "until": NOW + 20 * DAY,
    }
    return ScoreRecognised(**{**values, **overrides})


def a_recognition_ended(recognised, **overrides):
    values = {
        "recognition_id": recognised.recognition_id,
        "attestation_id": recognised.attestation_id,
        "holder": recognised.holder,
        "home": recognised.home,
        "reason": "consent_withdrawn",
        "ended_at": NOW,
    }
    return RecognitionEnded(**{**values, **overrides})


def an_issue_grant(recognised, **overrides):
    values = {
        "grant_id": uuid4(),
        "holder": recognised.holder,
        "recognition_id": recognised.recognition_id,
        "incentive_id": "late-return",
    }
    return IssueGrant(**{**values, **overrides})


def a_redeem_pass(grant, **overrides):
    values = {
        "redemption_id": uuid4(),
        "operator_id": BIKES,
        "pass_token": grant.pass_token,
    }
    return RedeemPass(**{**values, **overrides})


def a_usage_reported(**overrides):
    values = {
        "line_id": uuid4(),
        "host": ZHENGZHOU,
        "grant_id": uuid4(),
        "attestation_id": UUID(int=5),
        "incentive_id": "museum",
        "fact": UsageFact.ISSUED,
        "value_fen": 0,
        "at": NOW,
    }
    return UsageReported(**{**values, **overrides})


# --- what has happened before ----------------------------------------------------------------


def a_catalogue(uow, **overrides):
    """Admit the operator of bikes with its scenario."""
    register_operator(a_register_operator(), uow=uow)
    register_scenario(a_register_scenario(**overrides), uow=uow, city=HANGZHOU, now=NOW)


def an_offer(uow, **overrides):
    """Let an incentive be submitted, accepted and published, in a catalogue made as needed."""
    a_catalogue(uow)
    return publish(uow, now=NOW - HOUR, **overrides)


def publish(uow, *, now=NOW, **overrides):
    """Let an incentive be submitted in a catalogue that is there, accepted and published."""
    draft = publish_incentive(a_publish_incentive(**overrides), uow=uow, city=HANGZHOU, now=now)
    return review_incentive(a_review(draft), uow=uow, now=now)


def a_review(draft, **overrides):
    values = {
        "incentive_id": draft.incentive_id,
        "version": draft.version,
        "outcome": ReviewOutcome.ACCEPTED,
    }
    return ReviewIncentive(**{**values, **overrides})


def a_holder(uow, **overrides):
    """Let a holder be recognised; returns the event that told so."""
    recognised = a_score_recognised(**overrides)
    on_score_recognised(recognised, uow=uow, city=HANGZHOU, now=recognised.recognised_at)
    return recognised


def issue(uow, recognised, *, now=NOW, **overrides):
    return issue_grant(an_issue_grant(recognised, **overrides), uow=uow, now=now, **NODE)


def a_pass(uow, grant, *, now=NOW, keys=PASSES):
    """Write a fresh pass of a grant, open or not."""
    with uow:
        token, _ = keys.write(uow.grants.get(grant.grant_id), now)
    return token


def without_pass(record):
    """Leave out of a grant what is written anew each time it is shown."""
    return replace(record, pass_token=None, pass_until=None)


def redeem(uow, grant, *, now=NOW, **overrides):
    """Redeem a fresh pass, unless another is given."""
    shown = {"pass_token": a_pass(uow, grant, now=now), **overrides}
    return redeem_pass(a_redeem_pass(grant, **shown), uow=uow, now=now, **NODE)


def a_grant(uow, *, now=NOW, **terms):
    """Offer something and let the holder take it."""
    an_offer(uow, **terms)
    return issue(uow, a_holder(uow), now=now)


KEEP_STARTED = {"benefit": THREE_USES, "on_withdrawal": OnWithdrawal.KEEP_STARTED}
