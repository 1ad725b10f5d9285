"""Substitutions: evidence takes the place of a deposit, and is looked at again while it does.

1. An operator asks for a decision: the rule in force is judged, every shortfall is named.
2. A change of evidence, and a timer, judge each standing one again, by the rule that decided it.
   What is missing calls it back, with the rule's notice; what is there again in time opens it.
3. When the notice is over it ends.  Each step is announced.
"""

from datetime import datetime, timedelta
from typing import Final

from contracts.errors import Conflict, NotFound, Refused
from contracts.evidence import EvidenceChanged
from contracts.states import SubstitutionState
from contracts.substitutions import (
    DecideSubstitution,
    ReportBreach,
    ShowSubstitution,
    SubstitutionRecord,
)
from contracts.words import ScenarioKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.substitution import (
    Substitution,
    SubstitutionRule,
    is_met,
    judge,
)
from services.scenarios.handlers.evidence_records import read_subject
from services.scenarios.handlers.explaining import explain_substitution
from services.scenarios.handlers.looking_up import facts_of, own_scenario
from services.scenarios.handlers.substitution_records import (
    read_commitment,
    substitution_changed,
    substitution_record,
)
from services.scenarios.ports.screening import SubstitutionWork

CHECK_EVERY: Final = timedelta(minutes=1)
BATCH: Final = 100  # per transaction, so that nobody waits long for a lock


def decide_substitution(
    command: DecideSubstitution, *, uow: SubstitutionWork, city: str, now: datetime
) -> SubstitutionRecord:
    """Decide by the rule in force; a decline names what is missing.

    Safe to repeat: the same id gets the same decision, as it stands; a commitment that is forgotten
    is not compared.  Raises NotFound for another operator's scenario, Refused("not_offered")
    without a rule in force, and Conflict("id_reused").
    """
    subject, commitment = read_subject(command.subject), read_commitment(command.commitment)
    with uow:
        known = uow.substitutions.get(command.substitution_id)
        if known is not None:
            _check_same(known, command, subject)
            return substitution_record(known, _rule_of(known, uow=uow))
        own_scenario(command.scenario_id, command.operator_id, ScenarioKind.SUBSTITUTION, uow=uow)
        rule = uow.substitution_rules.active_in(command.scenario_id)
        if rule is None:
            raise Refused("not_offered", command.scenario_id)
        checks = judge(rule, facts_of(subject, rule.items, uow=uow, now=now), commitment, now)
        substitution = Substitution(
            id=command.substitution_id,
            operator_id=command.operator_id,
            scenario_id=command.scenario_id,
            rule_id=rule.id,
            subject=subject,
            commitment=commitment,
            state=SubstitutionState.OPEN if is_met(checks) else SubstitutionState.DECLINED,
            checks=checks,
            replaces_fen=rule.replaces_fen,
            decided_at=now,
            checked_at=now,
        )
        uow.substitutions.add(substitution)
        uow.outbox.add(substitution_changed(substitution))
        explain_substitution(substitution, rule, city=city, uow=uow)
        uow.commit()
    return substitution_record(substitution, rule)


def show_substitution(command: ShowSubstitution, *, uow: SubstitutionWork) -> SubstitutionRecord:
    """Show an operator one of its substitutions; raises NotFound for anybody else's."""
    with uow:
        found = _found(command, uow=uow)
        return substitution_record(found, _rule_of(found, uow=uow))


def report_breach(
    command: ReportBreach, *, uow: SubstitutionWork, now: datetime
) -> SubstitutionRecord:
    """Note by which document a commitment was found broken: it is called back, with notice.

    Safe to repeat: the first document stands.  Raises NotFound, also without a commitment.
    """
    with uow:
        known = _found(command, uow=uow)
        if known.commitment is None:
            raise NotFound("not_found", "commitment")
        rule = _rule_of(known, uow=uow)
        broken = known.breached(command.document_number, now)
        if broken != known:
            broken = _check(broken, rule, uow=uow, now=now)
            uow.commit()
    return substitution_record(broken, rule)


def on_evidence_changed(event: EvidenceChanged, *, uow: SubstitutionWork, now: datetime) -> None:
    """Judge anew what stands of the subject whose evidence changed.  Safe to repeat."""
    with uow:
        evidence = uow.evidence.get(event.evidence_id)
        if evidence is not None:
            for each in uow.substitutions.standing_of(evidence.subject):
                _check(each, _rule_of(each, uow=uow), uow=uow, now=now)
        uow.commit()


def check_substitutions(*, uow: SubstitutionWork, now: datetime, batch: int = BATCH) -> int:
    """Judge every standing substitution again; return how many.  Safe to repeat."""
    checked, found = 0, batch
    while found == batch:
        with uow:
            standing = uow.substitutions.to_check(now - CHECK_EVERY, batch)
            for each in standing:
                _check(each, _rule_of(each, uow=uow), uow=uow, now=now)
            uow.commit()
        found = len(standing)
        checked += found
    return checked


def _check(
    known: Substitution, rule: SubstitutionRule, *, uow: SubstitutionWork, now: datetime
) -> Substitution:
    facts = facts_of(known.subject, rule.items, uow=uow, now=now)
    checked = known.checked(rule, facts, now)
    uow.substitutions.save(checked)
    if checked.state is not known.state:
        uow.outbox.add(substitution_changed(checked))
    return checked


def _check_same(known: Substitution, command: DecideSubstitution, subject: Subject) -> None:
    asked = command.operator_id, command.scenario_id, subject
    same = (known.operator_id, known.scenario_id, known.subject) == asked
    signed = known.commitment
    if same and not (signed and signed.is_forgotten):
        same = (signed and signed.as_signed) == read_commitment(command.commitment)
    if not same:
        raise Conflict("id_reused", "substitution")


def _found(command: ShowSubstitution | ReportBreach, *, uow: SubstitutionWork) -> Substitution:
    found = uow.substitutions.get(command.substitution_id)
    if found is None or found.operator_id != command.operator_id:
        raise NotFound("not_found", "substitution")
    return found


def _rule_of(substitution: Substitution, *, uow: SubstitutionWork) -> SubstitutionRule:
    rule = uow.substitution_rules.get(substitution.rule_id)
    if rule is None:
        raise LookupError(f"substitution {substitution.id} without its rule")
    return rule
