"""A rule of substitution or screening cannot be given a score or a tier: the types do not allow it.

Each snippet is what somebody might try; mypy refuses every one of them, and takes the honest one.
"""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.scenarios

HEAD = """
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.screening import RegisterScreeningRule
from contracts.substitutions import RegisterSubstitutionRule
from services.scenarios.domain.catalogue_item import LegalBasis
from services.scenarios.domain.evidence_facts import EvidenceFacts, Fact, StatutoryEvidence
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.screening import ScreeningRule, screen
from services.scenarios.domain.substitution import Commitment, SubstitutionRule, judge
from services.scenarios.domain.vetting import open_finding
from services.scenarios.ports.screening import ScreeningWork, SubstitutionWork


def attempt(
    rule: ScreeningRule,
    other: SubstitutionRule,
    law: LegalBasis,
    listed: StatutoryEvidence,
    facts: EvidenceFacts,
    fact: Fact,
    signed: Commitment,
    person: Recognition,
    work: ScreeningWork,
    deposit: SubstitutionWork,
    at: datetime,
) -> None:
"""
HONEST = """
    screen(rule, listed, at)
    judge(other, facts, signed, at)
    replace(rule, legal_basis=law)
    work.screening_rules.active()
"""
ATTEMPTS = {
    "a recognition as evidence": "screen(rule, person, at)",
    "a tier as evidence": "screen(rule, person.tier, at)",
    "a tier beside the evidence": "screen(rule, listed, at, person.tier)",
    "a named tier beside the evidence": "screen(rule, listed, at, tier=4)",
    "any facts instead of statutory ones": "screen(rule, facts, at)",
    "a rule of another kind": "screen(other, listed, at)",
    "a recognition as facts": "judge(other, person, signed, at)",
    "a tier instead of a commitment": "judge(other, facts, person.tier, at)",
    "a recognition as an entry of a list": "StatutoryEvidence([person])",
    "a tier as a fact": "EvidenceFacts([person.tier])",
    "a fact with a tier": "replace(fact, tier=4)",
    "a rule with a tier": "replace(rule, minimum_tier=3)",
    "a tier of a rule": "rule.minimum_tier",
    "a substitution with a tier": "replace(other, minimum_tier=3)",
    "a rule without a legal basis": "replace(rule, legal_basis=None)",
    "a legal basis that is a text": "replace(rule, legal_basis='some law')",
    "recognitions in a screening": "work.recognitions",
    "recognitions in a substitution": "deposit.recognitions",
    "grants in a screening": "work.grants",
    "decisions, which tell of tiers": "work.decisions.named(UUID(int=1))",
    "incentives in a substitution": "deposit.incentives",
    "a command without a legal basis": (
        "RegisterScreeningRule(rule_id='r', scenario_id='s', title='t', title_en='t', lists=())"
    ),
    "a command with a tier": (
        "RegisterSubstitutionRule(rule_id='r', scenario_id='s', title='t', title_en='t',"
        " requires=(), minimum_tier=3)"
    ),
    "a vetting by a recognition": (
        "open_finding(UUID(int=1), operator_id='o', scenario_id='s', holder='h', rule=rule,"
        " evidence=person, now=at)"
    ),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Let mypy judge every snippet at once; return what it says of each file."""
    place = tmp_path_factory.mktemp("kinds")
    snippets = {"honest": HONEST} | {
        f"attempt_{n}": f"    {code}\n" for n, code in enumerate(ATTEMPTS.values())
    }
    for name, body in snippets.items():
        (place / f"{name}.py").write_text(HEAD + body, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty"]
    done = subprocess.run(
        [*command, "--cache-dir", ROOT / ".mypy_cache", *sorted(place.glob("*.py"))],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert not done.stderr, done.stderr
    lines = done.stdout.splitlines()
    return {name: [line for line in lines if f"/{name}.py:" in line] for name in snippets}


def test_what_a_rule_may_see_is_given_to_it_without_complaint(verdicts):
    assert verdicts["honest"] == []


@pytest.mark.parametrize("number", range(len(ATTEMPTS)), ids=list(ATTEMPTS))
def test_mypy_refuses(verdicts, number):
    assert verdicts[f"attempt_{number}"]
