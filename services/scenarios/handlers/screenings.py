"""Screenings: an operator looks a subject up by the rule in force, and the subject can see that.

The answer is a fact, its basis and its expiry, or that there is none; nothing of the subject beside
the lists that the rule names is ever read.
"""

from datetime import datetime
from typing import Final

from contracts.errors import Conflict
from contracts.screening import ListScreenings, Screen, ScreeningEntries, ScreeningRecord
from contracts.states import ScreeningState
from contracts.words import ScenarioKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.evidence_facts import FORGOTTEN
from services.scenarios.domain.screening import Screening, ScreeningRule, screen
from services.scenarios.handlers.evidence_records import read_subject
from services.scenarios.handlers.explaining import explain_screening
from services.scenarios.handlers.looking_up import own_scenario, statutory_evidence
from services.scenarios.handlers.screening_records import (
    screening_answered,
    screening_entry,
    screening_record,
)
from services.scenarios.ports.screening import ScreeningWork

PAGE: Final = 100


def screen_subject(
    command: Screen, *, uow: ScreeningWork, city: str, now: datetime
) -> ScreeningRecord:
    """Look a subject up, once for each id.

    Safe to repeat: the same id gets the same answer, as of its moment.  Raises NotFound for another
    operator's scenario, Conflict("id_reused") when the id stands for another question.
    """
    subject = read_subject(command.subject)
    with uow:
        known = uow.screenings.get(command.screening_id)
        if known is not None:
            _check_same(known, command, subject)
            return screening_record(known, _rule_of(known, uow=uow))
        own_scenario(command.scenario_id, command.operator_id, ScenarioKind.SCREENING, uow=uow)
        rule = uow.screening_rules.active_in(command.scenario_id)
        evidence, coverage = statutory_evidence(subject, rule, uow=uow, now=now)
        state, facts = screen(rule, evidence, now)
        decided = rule if state is not ScreeningState.NO_RULE_IN_FORCE else None
        screening = Screening(
            id=command.screening_id,
            operator_id=command.operator_id,
            scenario_id=command.scenario_id,
            rule_id=decided.id if decided else None,
            subject=subject,
            why=command.why,
            state=state,
            facts=facts,
            coverage=coverage,
            screened_at=now,
        )
        uow.screenings.add(screening)
        uow.outbox.add(screening_answered(screening))
        explain_screening(screening, decided, city=city, uow=uow)
        uow.commit()
    return screening_record(screening, decided)


def list_screenings(command: ListScreenings, *, uow: ScreeningWork) -> ScreeningEntries:
    """List who looked a subject up, and why."""
    with uow:
        found = uow.screenings.of(read_subject(command.subject), command.after, PAGE + 1)
    page = found[:PAGE]
    more = len(found) > PAGE
    return ScreeningEntries(
        entries=tuple(map(screening_entry, page)), next=page[-1].id if more else None
    )


def _check_same(known: Screening, command: Screen, subject: Subject) -> None:
    why = FORGOTTEN if known.why == FORGOTTEN else command.why  # nothing is left to compare
    asked = command.operator_id, command.scenario_id, subject, why
    if (known.operator_id, known.scenario_id, known.subject, known.why) != asked:
        raise Conflict("id_reused", "screening")


def _rule_of(screening: Screening, *, uow: ScreeningWork) -> ScreeningRule | None:
    return uow.screening_rules.get(screening.rule_id) if screening.rule_id else None
