"""Whether crosswalk, scores and identity keys are there and can be read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.errors import Refused
from huxin_client.shell.language import spoken
from services.cli.checks.crosswalks import check_crosswalks
from services.cli.checks.finding import Finding, right, tried, warning, wrong
from services.cli.checks.settings import NodeSettings
from services.cli.screen import reason
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
    subject = spoken("consent texts", "授权文本")
    texts = tried(subject, lambda: load_consent_texts(settings.consent_texts_file))
    if isinstance(texts, Finding):
        return texts
    try:
        texts.party(settings.city)
        version = texts.current(now).version
        return right(subject, spoken(f"version {version}", f"版本 {version}"))
    except Refused as refusal:
        why = reason(refusal)
        return wrong(subject, spoken(f"nobody can consent: {why}", f"居民无法授权：{why}"))


def _check_scores(settings: RecognitionSettings, now: datetime) -> Finding:
    """Count scores; never tell one."""
    key_file = settings.keys_directory / "resident.key"
    subject = spoken("scores", "信用分")
    scores = tried(subject, lambda: read_scores(settings.scores_file, read_resident_key(key_file)))
    if isinstance(scores, Finding):
        return scores
    oldest = now - timedelta(days=settings.score_days)
    fresh = sum(record.as_of >= oldest for record in scores.values())
    days = settings.score_days
    counted = spoken(
        f"{len(scores)} residents, {fresh} of them not older than {days} days",
        f"{len(scores)} 名居民，其中 {fresh} 名的信用分不早于 {days} 天",
    )
    if fresh:
        return right(subject, counted)
    return warning(subject, spoken(f"{counted}: no attestations", f"{counted}：不能签发信用分证明"))


def _check_facts(settings: RecognitionSettings) -> Iterator[Finding]:
    """Count facts, where the scoring system gives any; never tell one."""
    file, key_file = settings.facts_file, settings.keys_directory / "resident.key"
    if file is None:
        return
    subject = spoken("facts", "信用信息")
    facts = tried(subject, lambda: read_facts(file, read_resident_key(key_file)))
    if isinstance(facts, Finding):
        yield facts
        return
    count, people = sum(map(len, facts.values())), len(facts)
    yield right(
        subject, spoken(f"{count} of {people} residents", f"{count} 条，涉及 {people} 名居民")
    )


def _check_identity(settings: NodeSettings) -> Finding:
    path, subject = settings.gateway.identity_keys_file, spoken("identity keys", "身份认证公钥")
    keys = tried(subject, lambda: KeyFile(path).keys().keys)
    if isinstance(keys, Finding):
        return keys
    issuer = settings.gateway.identity_issuer
    if not keys:
        return wrong(subject, spoken("none: nobody can sign in", "没有公钥：无人能够登录"))
    return right(subject, spoken(f"{len(keys)} of {issuer}", f"{issuer} 的公钥 {len(keys)} 把"))
