"""Vettings: nothing that was found about a person has effect before they could object.

1. The operator opens a vetting: what the rule's lists say is proposed, with no effect.
2. The operator serves it on the holder; the rule's days to object begin.
3. The holder objects: nothing has effect until the city has decided.
4. The days are over without an objection: it takes effect, if it is still so.
"""

from datetime import datetime
from typing import Final

from contracts.errors import Conflict, NotFound
from contracts.pages import next_of
from contracts.vettings import (
    DecideObjection,
    ListVettings,
    ObjectToFinding,
    OpenVetting,
    ServeFinding,
    ShowVetting,
    VettingRecord,
    VettingRecords,
)
from contracts.words import ScenarioKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import StatutoryEvidence
from services.scenarios.domain.screening import ScreeningRule
from services.scenarios.domain.vetting import Vetting, open_finding
from services.scenarios.handlers.looking_up import own_scenario, statutory_evidence
from services.scenarios.handlers.screening_records import vetting_changed, vetting_record
from services.scenarios.ports.screening import ScreeningWork

MOST_LISTED: Final = 100
BATCH: Final = 100  # per transaction, so that nobody waits long for a lock


def open_vetting(command: OpenVetting, *, uow: ScreeningWork, now: datetime) -> VettingRecord:
    """Look a holder up and propose what is found.  Safe to repeat.

    Raises NotFound for another operator's scenario, Conflict("id_reused") for another vetting.
    """
    with uow:
        known = uow.vettings.get(command.vetting_id)
        if known is not None:
            asked = command.operator_id, command.scenario_id, command.holder
            if (known.operator_id, known.scenario_id, known.holder) != asked:
                raise Conflict("id_reused", "vetting")
            return vetting_record(known)
        own_scenario(command.scenario_id, command.operator_id, ScenarioKind.SCREENING, uow=uow)
        rule = uow.screening_rules.active_in(command.scenario_id)
        subject = Subject.holder(command.holder)
        evidence, _coverage = statutory_evidence(subject, rule, uow=uow, now=now)
        vetting = open_finding(
            command.vetting_id,
            operator_id=command.operator_id,
            scenario_id=command.scenario_id,
            holder=command.holder,
            rule=rule,
            evidence=evidence,
            now=now,
        )
        uow.vettings.add(vetting)
        uow.outbox.add(vetting_changed(vetting))
        uow.commit()
    return vetting_record(vetting)


def show_vetting(command: ShowVetting, *, uow: ScreeningWork) -> VettingRecord:
    """Show an operator one of its vettings; raises NotFound for anybody else's."""
    with uow:
        vetting = _found(uow.vettings.get(command.vetting_id), operator_id=command.operator_id)
    return vetting_record(vetting)


def serve_finding(command: ServeFinding, *, uow: ScreeningWork, now: datetime) -> VettingRecord:
    """Note that the holder was told; the days to object begin.  Safe to repeat; raises NotFound."""
    with uow:
        vetting = _found(uow.vettings.get(command.vetting_id), operator_id=command.operator_id)
        rule = _rule_of(vetting, uow=uow)
        if rule is None:  # nothing was proposed
            return vetting_record(vetting)
        return _save(vetting, vetting.notified(rule, now), uow=uow)


def list_vettings(command: ListVettings, *, uow: ScreeningWork) -> VettingRecords:
    """Show a holder their vettings; raises NotFound when `after` names none of them."""
    with uow:
        found = uow.vettings.newest_of(command.holder, MOST_LISTED, command.after)
    return VettingRecords(
        vettings=tuple(map(vetting_record, found)), next=next_of(found, MOST_LISTED, "id")
    )


def object_to_finding(
    command: ObjectToFinding, *, uow: ScreeningWork, now: datetime
) -> VettingRecord:
    """Let a holder object.  Safe to repeat; raises NotFound, Refused("objection_too_late")."""
    with uow:
        vetting = _found(uow.vettings.get(command.vetting_id), holder=command.holder)
        return _save(vetting, vetting.objected(command.objection, now), uow=uow)


def decide_objection(
    command: DecideObjection, *, uow: ScreeningWork, now: datetime
) -> VettingRecord:
    """Decide an objection.  Safe to repeat; raises NotFound, Refused("already_decided")."""
    with uow:
        vetting = _found(uow.vettings.get(command.vetting_id))
        rule, evidence = _seen(vetting, uow=uow, now=now)
        return _save(vetting, vetting.decided(command.outcome, rule, evidence, now), uow=uow)


def settle_vettings(*, uow: ScreeningWork, now: datetime, batch: int = BATCH) -> int:
    """Let what nobody objected to take effect, or drop what is no longer so; return how many."""
    settled, found = 0, batch
    while found == batch:
        with uow:
            due = uow.vettings.due(now, batch)
            for vetting in due:
                changed = vetting.settled(*_seen(vetting, uow=uow, now=now), now)
                uow.vettings.save(changed)
                uow.outbox.add(vetting_changed(changed))
            uow.commit()
        found = len(due)
        settled += found
    return settled


def _found(
    vetting: Vetting | None, *, operator_id: str | None = None, holder: str | None = None
) -> Vetting:
    if (
        vetting is None
        or operator_id not in {None, vetting.operator_id}
        or holder not in {None, vetting.holder}
    ):
        raise NotFound("not_found", "vetting")
    return vetting


def _rule_of(vetting: Vetting, *, uow: ScreeningWork) -> ScreeningRule | None:
    return uow.screening_rules.get(vetting.rule_id) if vetting.rule_id else None


def _seen(
    vetting: Vetting, *, uow: ScreeningWork, now: datetime
) -> tuple[ScreeningRule | None, StatutoryEvidence]:
    rule = _rule_of(vetting, uow=uow)
    subject = Subject.holder(vetting.holder)
    evidence, _coverage = statutory_evidence(subject, rule, uow=uow, now=now)
    return rule, evidence


def _save(known: Vetting, changed: Vetting, *, uow: ScreeningWork) -> VettingRecord:
    if changed != known:
        uow.vettings.save(changed)
        uow.outbox.add(vetting_changed(changed))
        uow.commit()
    return vetting_record(changed)
