"""Compose a node of recognition from its settings: the files and keys behind every port."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from contracts.errors import Malformed
from contracts.pseudonyms import KEY_BYTES
from contracts.words import Gravity
from contracts.working_days import WorkingDays
from services.plumbing.clock import Clock
from services.recognition.adapters.consent_text_file import load_consent_texts
from services.recognition.adapters.crosswalk_source import CrosswalkSource
from services.recognition.adapters.downloads import Downloads
from services.recognition.adapters.freshness import read_rules
from services.recognition.adapters.holder_keys import SealedHolderKeys
from services.recognition.adapters.keys import CityKey, PrivateKey
from services.recognition.adapters.measures import PrometheusMeasures
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.adapters.roster_source import RosterInUse
from services.recognition.adapters.scores import CsvScores
from services.recognition.adapters.sources import Sources
from services.recognition.adapters.status_source import HttpStatuses
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.document import AdoptedDocument
from services.recognition.domain.fact import FactPeriod
from services.recognition.domain.policy import AllOf, ScoreNotOlderThan
from services.recognition.ports import FactRules, Node, UnitOfWork
from services.recognition.settings import RecognitionSettings

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """What the database of a node says it went by last."""

    roster: AdoptedDocument | None = None
    pseudonym_keys: AdoptedDocument | None = None


NOTHING: Final = Kept()


def kept_by(uow: UnitOfWork) -> Kept:
    """Read what the node went by last."""
    with uow:
        return Kept(uow.adopted_rosters.newest(), uow.adopted_pseudonym_keys.newest())


def make_node(
    settings: RecognitionSettings,
    clock: Clock,
    kept: Kept = NOTHING,
    downloads: Downloads | None = None,
) -> Node:
    """Build the node; raise what reading its files raises.

    `kept` is what it went by before: not even a restart goes back behind it, or needs the files.

    A city that may not sign now starts all the same: residents withdraw their consent, and what
    other cities revoke ends.  What it cannot do it refuses, and its log says why.
    """
    keys = settings.keys_directory
    signatures, compromised = SuiteSignatures(), set[str]()
    sources = Sources(settings, clock, downloads or Downloads())
    rosters = sources.rosters(kept.roster)
    roster = RosterInUse(rosters)
    pseudonym_keys = sources.pseudonym_keys(kept.pseudonym_keys, roster)
    signer = CityKey(
        key=PrivateKey.load(keys / "attestation.jwk"),
        city=settings.city,
        gateway=settings.gateway_url,
        roster=roster,
        clock=clock,
        compromised=compromised,
    )
    rules = read_rules(settings.status_freshness, timedelta(seconds=settings.status_grace_seconds))
    if reason := signer.why_not_usable():
        log.error("key_not_usable", key=signer.kid, reason=reason)
    crosswalks = CrosswalkSource(
        settings.crosswalks_directory,
        roster=roster,
        alliance_keys=sources.alliance_keys,
        signatures=signatures,
        clock=clock,
    )
    return Node(
        city=settings.city,
        gateway=settings.gateway_url,
        roster=roster,
        rosters=rosters,
        pseudonym_keys=pseudonym_keys,
        crosswalks=crosswalks.tables,
        overrides=crosswalks.overrides,
        crosswalk_source=crosswalks,
        consent_texts=ReloadedFile(settings.consent_texts_file, load_consent_texts),
        signer=signer,
        signatures=signatures,
        statuses=HttpStatuses(
            roster=roster,
            signatures=signatures,
            clock=clock,
            grace=rules.longest_grace,
            renewed_after=rules.shortest_age,
        ),
        freshness=rules.freshness,
        policy=AllOf((ScoreNotOlderThan(timedelta(days=settings.score_days)),)),
        scores=CsvScores(
            settings.scores_file, read_resident_key(keys / "resident.key"), settings.facts_file
        ),
        fact_rules=fact_rules(settings),
        holder_keys=SealedHolderKeys(
            settings.city, keys / "encryption.jwk", lambda: pseudonym_keys.content
        ),
        attestation_life=timedelta(days=settings.attestation_days),
        make_secret=secrets.token_urlsafe,
        measures=PrometheusMeasures(),
        compromised=compromised,
    )


def fact_rules(settings: RecognitionSettings) -> FactRules:
    """Say how long facts count here; raises Malformed where a minimum exceeds its maximum."""
    return FactRules(
        periods={
            Gravity.MINOR: FactPeriod(*settings.fact_months_minor),
            Gravity.GENERAL: FactPeriod(*settings.fact_months_general),
            Gravity.SERIOUS: FactPeriod(*settings.fact_months_serious),
        },
        working_days=WorkingDays(frozenset(settings.holidays), frozenset(settings.worked_days)),
        dispute_days=settings.dispute_working_days,
        repair_days=settings.repair_working_days,
    )


def read_resident_key(path: Path) -> bytes:
    """Read the key under which home names its residents; raises Malformed naming the file."""
    return _read_key(path.read_text("ascii"), path)


def _read_key(text: object, path: Path) -> bytes:
    try:
        key = bytes.fromhex(str(text).strip())
    except ValueError:
        raise Malformed("malformed", f"{path.name}: not hexadecimal") from None
    if len(key) < KEY_BYTES:
        raise Malformed("malformed", f"{path.name}: fewer than {KEY_BYTES} bytes")
    return key
