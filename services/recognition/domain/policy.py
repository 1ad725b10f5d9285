"""Policies: what a host asks of verified facts before it relies on them for one purpose.

The verification says what is so; a policy says what is enough.  A policy that asks nothing is a
mistake, not a permission, and refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class GraceForStatus:
    """Home's word on the status is not over, or has not been for longer than this."""

    grace: timedelta

    def judge(self, facts: Verified, now: datetime) -> None:
        if now >= facts.status_until + self.grace:
            raise Refused("status_unavailable", "over for longer than the policy allows")


@dataclass(frozen=True)
class AllOf:
    """Every part must be satisfied; with no part nothing is."""

    parts: tuple[Policy, ...]

    def judge(self, facts: Verified, now: datetime) -> None:
        if not self.parts:
            raise Refused("empty_policy")
        for part in self.parts:
            part.judge(facts, now)


@dataclass(frozen=True)
class Freshness:
    """What a status must be like to count for each purpose; `otherwise` is for those not named.

    A purpose it does not permit falls away, and the recognition serves the others: one careful
    class of scenarios must not take the bicycle from everybody while a partner is away.
    """

    otherwise: Policy
    named: Mapping[str, Policy] = field(default_factory=dict)

    def permits(self, purpose: str, facts: Verified, now: datetime) -> bool:
        try:
            self.named.get(purpose, self.otherwise).judge(facts, now)
        except Refused:
            return False
        return True
