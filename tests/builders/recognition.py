"""A home and a host, and the commands their gateways send.

`home_node()` is Fuzhou's and `host_node()` Hangzhou's; a resident of Fuzhou has a score of 780.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from contracts import wire
from contracts.errors import Refused
from contracts.notices import (
    ATTESTATION_RESUMED,
    ATTESTATION_REVOKED,
    ATTESTATION_SUSPENDED,
    CONSENT_WITHDRAWN,
    USAGE_LINES_REPORTED,
    USAGE_REPORTED,
    AttestationResumed,
    AttestationRevoked,
    AttestationSuspended,
    ConsentWithdrawn,
    UsageLinesReported,
)
from contracts.pseudonyms import resident_of
from contracts.recognition import (
    GiveConsent,
    IssueAttestation,
    OpenChallenge,
    ReceiveNotice,
    RecogniseAttestation,
    UsageReported,
)
from contracts.scenarios import GrantRedeemed
from contracts.words import Category, Gravity, TextChange, UsageFact
from contracts.working_days import WorkingDays
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.attestation import DISCLOSABLE, present, subject_of
from services.recognition.domain.consent_text import (
    PLACEHOLDERS,
    ConsentText,
    ConsentTexts,
    Party,
    Wording,
)
from services.recognition.domain.fact import FactPeriod
from services.recognition.domain.notice import Notice, sign_notice
from services.recognition.domain.policy import (
    AllOf,
    Freshness,
    GraceForStatus,
    ScoreNotOlderThan,
)
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.challenges import open_challenge
from services.recognition.handlers.consents import give_consent
from services.recognition.ports import FactRules, Node, ScoreRecord
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOLDER_KEY,
    HOME_GATEWAY,
    HOME_KEY,
    HOST_KEY,
    NOW,
    KnownStatuses,
    a_crosswalk,
    a_roster,
)
from tests.fakes.crosswalks import FakeCrosswalkSource
from tests.fakes.recognition import FakeMeasures, FakeScores, FakeSource

CIVIL_ID = "99010019500102001X"  # passes the check, belongs to nobody: no region starts with 99
SCORE = Decimal("783.25")
RESIDENT_KEY = b"r" * 32
RESIDENT = resident_of(RESIDENT_KEY, CIVIL_ID)
ZHENGZHOU = "410100"
STRANGER = "S" * 43
FACT_RULES = FactRules(
    periods={
        Gravity.MINOR: FactPeriod(0, 3),
        Gravity.GENERAL: FactPeriod(3, 12),
        Gravity.SERIOUS: FactPeriod(12, 36),
    },
    working_days=WorkingDays(),
    dispute_days=7,
    repair_days=10,
)
ID = UUID("0192f3a0-0000-7000-8000-000000000001")


def secrets():
    numbers = count()
    return lambda: f"secret-{next(numbers):036}"


def a_score(**overrides: Any) -> ScoreRecord:
    values = {"civil_id": CIVIL_ID, "score": SCORE, "as_of": NOW - timedelta(days=20)}
    return ScoreRecord(**{**values, **overrides})


def a_consent_text(version="2026-05", **overrides: Any) -> ConsentText:
    places = " ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
    values = {
        "version": version,
        "effective_from": NOW - timedelta(days=60),
        "effective_until": None,
        "changes": frozenset(),
        "wording": Wording(f"{version} 授权文本 {places}", f"{version} consent text {places}"),
    }
    return ConsentText(**{**values, **overrides})


def consent_texts(*versions: ConsentText, **overrides: Any) -> ConsentTexts:
    """Two versions in force, of which the later changes words alone; three cities."""
    later = a_consent_text(
        "2026-06",
        effective_from=NOW - timedelta(days=30),
        changes=frozenset({TextChange.WORDING}),
    )
    values = {
        "versions": versions or (a_consent_text(), later),
        "parties": {
            city: Party(contact=Wording(f"{city} 联系方式", f"{city} contact"), **assessed)
            for city, assessed in {
                FUZHOU: {},
                HANGZHOU: {"impact_assessment": "PIA-1"},
                ZHENGZHOU: {"impact_assessment": "PIA-2"},
            }.items()
        },
        "purposes": {each: Wording(f"{each} 目的", each.value) for each in Category},
    }
    return ConsentTexts(**{**values, **overrides})


def holder_keys(keys):
    """Give the pseudonym keys for each host: the one in use, then a former one."""

    def find(host, _now):
        if host not in keys:
            raise Refused("key_not_usable", f"no pseudonym key for city {host}")
        return keys[host]

    return find


def home_node(**overrides: Any) -> Node:
    values = {
        "city": FUZHOU,
        "gateway": HOME_GATEWAY,
        "roster": a_roster,
        "rosters": FakeSource(),
        "pseudonym_keys": FakeSource(),
        "crosswalks": lambda: {1: a_crosswalk()},
        "overrides": lambda: (),
        "crosswalk_source": FakeCrosswalkSource(),
        "consent_texts": consent_texts,
        "signer": HOME_KEY,
        "signatures": SuiteSignatures(),
        "statuses": KnownStatuses(),
        "freshness": Freshness(GraceForStatus(timedelta(hours=1))),
        "policy": AllOf((ScoreNotOlderThan(timedelta(days=400)),)),
        "scores": FakeScores({RESIDENT: a_score()}),
        "fact_rules": FACT_RULES,
        "holder_keys": holder_keys({HANGZHOU: (b"h" * 32,)}),
        "attestation_life": timedelta(days=30),
        "make_secret": secrets(),
        "measures": FakeMeasures(),
    }
    return Node(**{**values, **overrides})


def host_node(**overrides: Any) -> Node:
    values = {
        "city": HANGZHOU,
        "gateway": GATEWAY,
        "signer": HOST_KEY,
        "scores": FakeScores(),
        "holder_keys": holder_keys({FUZHOU: (b"f" * 32,)}),
    }
    return home_node(**{**values, **overrides})


def a_give_consent(**overrides: Any) -> GiveConsent:
    values = {
        "consent_id": ID,
        "resident": RESIDENT,
        "recipient": HANGZHOU,
        "purposes": (Category.TRANSPORT, Category.SPORTS),
        "text_version": "2026-05",
        "until": NOW + timedelta(days=90),
    }
    return GiveConsent(**{**values, **overrides})


def an_issue_attestation(**overrides: Any) -> IssueAttestation:
    values = {
        "attestation_id": ID,
        "resident": RESIDENT,
        "recipient": HANGZHOU,
        "holder_key": HOLDER_KEY.public_jwk,
    }
    return IssueAttestation(**{**values, **overrides})


def an_issued_attestation(uow, node=None, now=NOW, **overrides: Any):
    """Give consent unless there is one, and issue."""
    node = node or home_node()
    give_consent(a_give_consent(), uow=uow, node=node, now=now)
    return issue_attestation(an_issue_attestation(**overrides), uow=uow, node=node, now=now)


def an_open_challenge(uow, node=None, now=NOW, **overrides: Any):
    command = OpenChallenge(**{"challenge_id": uuid4(), **overrides})
    return open_challenge(command, uow=uow, node=node or host_node(), now=now)


def a_recognise_attestation(credential: str, challenge, now=NOW, **overrides: Any):
    """Present a credential with every claim, as the holder's app does."""
    presentation = present(
        credential,
        DISCLOSABLE,
        gateway=challenge.audience,
        challenge=challenge.nonce,
        now=now,
        signer=HOLDER_KEY,
    )
    values = {
        "recognition_id": uuid4(),
        "challenge_id": challenge.challenge_id,
        "presentation": presentation,
    }
    return RecogniseAttestation(**{**values, **overrides})


def a_notice(signer=HOME_KEY, **overrides: Any) -> str:
    """Sign a notice from Fuzhou to Hangzhou."""
    values = {
        "id": uuid4(),
        "issuer": HOME_GATEWAY,
        "recipient": GATEWAY,
        "at": NOW,
        "event": ATTESTATION_REVOKED,
        "body": {},
    }
    return sign_notice(Notice(**{**values, **overrides}), signer)


def a_revocation_notice(attestation_id=ID, signer=HOME_KEY, **overrides: Any) -> str:
    body = wire.dump(
        AttestationRevoked(attestation_id=attestation_id, reason="score_changed", at=NOW)
    )
    return a_notice(signer, body=body, **overrides)


def a_suspension_notice(at=NOW, reason="key_in_doubt", **overrides: Any) -> str:
    told = AttestationSuspended(attestation_id=ID, reason=reason, at=at)
    return a_notice(event=ATTESTATION_SUSPENDED, body=wire.dump(told), **overrides)


def a_resumption_notice(at=NOW, **overrides: Any) -> str:
    told = AttestationResumed(attestation_id=ID, at=at)
    return a_notice(event=ATTESTATION_RESUMED, body=wire.dump(told), **overrides)


def a_withdrawal_notice(credential: str, signer=HOME_KEY, at=NOW, **overrides: Any) -> str:
    """Tell that the holder of a credential withdrew consent."""
    body = wire.dump(ConsentWithdrawn(subject=subject_of(credential), at=at))
    return a_notice(signer, **{"event": CONSENT_WITHDRAWN, "body": body, "at": at, **overrides})


def a_redemption(**overrides: Any) -> GrantRedeemed:
    """Redeem, at Hangzhou, a grant on an attestation of Fuzhou's."""
    values = {
        "grant_id": uuid4(),
        "redemption_id": uuid4(),
        "incentive_id": "long-bike-ride",
        "scenario_id": "public-bike",
        "operator_id": "bike-company",
        "home": FUZHOU,
        "attestation_id": ID,
        "value_fen": 150,
        "uses_left": 0,
        "redeemed_at": NOW,
    }
    return GrantRedeemed(**{**values, **overrides})


def a_usage_report(**overrides: Any) -> UsageReported:
    values = {
        "line_id": uuid4(),
        "host": HANGZHOU,
        "grant_id": uuid4(),
        "attestation_id": ID,
        "incentive_id": "long-bike-ride",
        "fact": UsageFact.REDEEMED,
        "value_fen": 150,
        "at": NOW,
    }
    return UsageReported(**{**values, **overrides})


def a_usage_notice(report: UsageReported, signer=HOST_KEY, **overrides: Any) -> str:
    """Sign Hangzhou's report to Fuzhou."""
    values = {"issuer": GATEWAY, "recipient": HOME_GATEWAY, "event": USAGE_REPORTED}
    return a_notice(signer, body=wire.dump(report), **{**values, **overrides})


def a_usage_lines_notice(*reports: UsageReported, signer=HOST_KEY, **overrides: Any) -> str:
    """Sign Hangzhou's report of several lines to Fuzhou."""
    values = {
        "issuer": GATEWAY,
        "recipient": HOME_GATEWAY,
        "event": USAGE_LINES_REPORTED,
        "body": wire.dump(UsageLinesReported(lines=reports)),
    }
    return a_notice(signer, **{**values, **overrides})


def a_receive_notice(token: str, sender=FUZHOU) -> ReceiveNotice:
    return ReceiveNotice(sender=sender, token=token)
