"""Whether crosswalk, scores and identity keys are there and can be read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.errors import Refused
from services.cli.checks.crosswalks import check_crosswalks
from services.cli.checks.finding import Finding, right, tried, warning, wrong
from services.cli.checks.settings import NodeSettings
from services.gateway.authentication.identity import KeyFile
from services.recognition.adapters.consent_text_file import load_consent_texts
from services.recognition.adapters.facts import read_facts
from services.recognition.adapters.node import read_resident_key
from services.recognition.adapters.scores import read_scores
from services.recognition.settings import RecognitionSettings


def check_sources(settings: NodeSettings, now: datetime) -> Iterator[Finding]:
    """Look at each file that others write for this node."""
    yield from check_crosswalks(settings.recognition, now)
    yield _check_consent_texts(settings.recognition, now)
    yield _check_scores(settings.recognition, now)
    yield from _check_facts(settings.recognition)
    yield _check_identity(settings)


def _check_consent_texts(settings: RecognitionSettings, now: datetime) -> Finding:
    texts = tried("consent texts", lambda: load_consent_texts(settings.consent_texts_file))
    if isinstance(texts, Finding):
        return texts
    try:
        texts.party(settings.city)
        return right("consent texts", f"version {texts.current(now).version}")
    except Refused as refusal:
        return wrong("consent texts", f"nobody can consent: {refusal}")


def _check_scores(settings: RecognitionSettings, now: datetime) -> Finding:
    """Count scores; never tell one."""
    key_file = settings.keys_directory / "resident.key"
    scores = tried("scores", lambda: read_scores(settings.scores_file, read_resident_key(key_file)))
    if isinstance(scores, Finding):
        return scores
    oldest = now - timedelta(days=settings.score_days)
    fresh = sum(record.as_of >= oldest for record in scores.values())
    what = f"{len(scores)} residents, {fresh} of them not older than {settings.score_days} days"
    return right("scores", what) if fresh else warning("scores", f"{what}: no attestations")


def _check_facts(settings: RecognitionSettings) -> Iterator[Finding]:
    """Count facts, where the scoring system gives any; never tell one."""
    file, key_file = settings.facts_file, settings.keys_directory / "resident.key"
    if file is None:
        return
    facts = tried("facts", lambda: read_facts(file, read_resident_key(key_file)))
    if isinstance(facts, Finding):
        yield facts
    else:
        yield right("facts", f"{sum(map(len, facts.values()))} of {len(facts)} residents")


def _check_identity(settings: NodeSettings) -> Finding:
    path = settings.gateway.identity_keys_file
    keys = tried("identity keys", lambda: KeyFile(path).keys().keys)
    if isinstance(keys, Finding):
        return keys
    issuer = settings.gateway.identity_issuer
    return (
        right("identity keys", f"{len(keys)} of {issuer}")
        if keys
        else wrong("identity keys", "none: nobody can sign in")
    )
