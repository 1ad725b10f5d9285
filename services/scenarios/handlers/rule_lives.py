"""What rules of both kinds have in common: one decides in a scenario, until the next or a stop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, Self, TypeVar

from contracts.errors import NotFound
from contracts.states import RuleEnd, RuleState
from contracts.words import ScenarioKind
from services.scenarios.domain.rule_life import RuleLife
from services.scenarios.handlers.looking_up import own_scenario
from services.scenarios.ports.screening import Transaction


class Rule(Protocol):
    """A rule as far as its life goes."""

    @property
    def id(self) -> str: ...
    @property
    def scenario_id(self) -> str: ...
    @property
    def life(self) -> RuleLife: ...
    def activated(self, now: datetime) -> Self: ...
    def stopped(self, why: RuleEnd, now: datetime) -> Self: ...


R = TypeVar("R", bound=Rule)


class Rules(Protocol[R]):
    """Where rules of one kind are."""

    def get(self, id: str) -> R | None: ...
    def to_replace(self, scenario_id: str) -> R | None: ...
    def save(self, rule: R) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Lives(Generic[R]):
    """The lives of the rules of one kind, and the events that tell of them."""

    kind: ScenarioKind
    activated: Callable[..., Any]
    stopped: Callable[..., Any]

    def found(self, rule_id: str, *, rules: Rules[R]) -> R:
        """Return and lock a rule; raises NotFound."""
        rule = rules.get(rule_id)
        if rule is None:
            raise NotFound("not_found", f"{self.kind}_rule")
        return rule

    def activate(self, rule: R, *, rules: Rules[R], uow: Transaction, now: datetime) -> R:
        """Let a rule decide instead of the one before; raises Conflict for one that has stopped."""
        active = rule.activated(now)
        if earlier := rules.to_replace(rule.scenario_id):
            self.stop(earlier, RuleEnd.SUPERSEDED, rules=rules, uow=uow, now=now)
        rules.save(active)
        uow.outbox.add(self.activated(**self._named(rule, uow=uow), activated_at=now))
        return active

    def stop(self, rule: R, why: RuleEnd, *, rules: Rules[R], uow: Transaction, now: datetime) -> R:
        """Let a rule decide no more; one that has stopped stays as it is."""
        if rule.life.state is RuleState.STOPPED:
            return rule
        stopped = rule.stopped(why, now)
        rules.save(stopped)
        uow.outbox.add(self.stopped(**self._named(rule, uow=uow), reason=why, stopped_at=now))
        return stopped

    def _named(self, rule: R, *, uow: Transaction) -> dict[str, str]:
        scenario = own_scenario(rule.scenario_id, None, self.kind, uow=uow)
        return {
            "rule_id": rule.id,
            "scenario_id": rule.scenario_id,
            "operator_id": scenario.operator_id,
        }


def rule_text(rule: Rule) -> dict[str, object]:
    """Return what of a rule never changes."""
    return {name: value for name, value in vars(rule).items() if name != "life"}
