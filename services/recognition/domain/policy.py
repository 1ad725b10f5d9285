"""Policies: what a host asks of verified facts before it relies on them for one purpose.

The verification says what is so; a policy says what is enough.  A policy that asks nothing is a
mistake, not a permission, and refuses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from contracts.errors import Refused
from services.recognition.domain.verification import Verified


class Policy(Protocol):
    """Judges facts; raises Refused naming what is not enough."""

    def judge(self, facts: Verified, now: datetime) -> None: ...


@dataclass(frozen=True)
class ForPurpose:
    """The holder consented to this purpose (PIPL articles 14 and 23)."""

    purpose: str

    def judge(self, facts: Verified, now: datetime) -> None:
        if self.purpose not in facts.purposes:
            raise Refused("purpose_missing", self.purpose)


@dataclass(frozen=True)
class ScoreNotOlderThan:
    """The score behind the band was computed within this age."""

    age: timedelta

    def judge(self, facts: Verified, now: datetime) -> None:
        if now - facts.as_of > self.age:
            raise Refused("score_too_old")


@dataclass(frozen=True)
class StatusNotOlderThan:
    """Home said within this age that the attestation still stands."""

    age: timedelta

    def judge(self, facts: Verified, now: datetime) -> None:
        if now - facts.status_as_of > self.age:
            raise Refused("status_unavailable", "older than the policy allows")


@dataclass(frozen=True)
class AllOf:
    """Every part must be satisfied; with no part nothing is."""

    parts: tuple[Policy, ...]

    def judge(self, facts: Verified, now: datetime) -> None:
        if not self.parts:
            raise Refused("empty_policy")
        for part in self.parts:
            part.judge(facts, now)
