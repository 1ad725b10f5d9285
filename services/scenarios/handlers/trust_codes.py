"""Housekeepers' trust codes: one employer at a time, a colour of the moment, a short-lived code.

The housekeeper names the employer, shows the code, and alone sees what is missing.  Whoever is
shown the code learns the colour and the employer.
"""

from datetime import UTC, datetime
from typing import Final

from contracts.errors import Conflict, NotFound, Refused
from contracts.states import Colour
from contracts.trust_codes import (
    BeginEmployment,
    CheckTrustCode,
    EmploymentChanged,
    EmploymentRecord,
    EndEmployment,
    ShowTrustCode,
    TrustCode,
    TrustCodeChecked,
)
from contracts.words import ScenarioKind
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.trust_code import CODE_LIFE, Employment, colour_of
from services.scenarios.handlers.looking_up import facts_of, own_scenario
from services.scenarios.handlers.substitution_records import check_lines
from services.scenarios.ports.screening import TrustCodeWork
from services.scenarios.ports.signing import CitySignatures

KIND: Final = "huxin-trust-code+jwt"


def begin_employment(
    command: BeginEmployment, *, uow: TrustCodeWork, now: datetime
) -> EmploymentRecord:
    """Name one's employer.  Safe to repeat.

    Raises NotFound for the scenario, Refused("employed_elsewhere") while another is active, and
    Conflict("id_reused") when the id stands for another employment.
    """
    with uow:
        known = uow.employments.get(command.employment_id)
        if known is not None:
            if (known.holder, known.scenario_id) != (command.holder, command.scenario_id):
                raise Conflict("id_reused", "employment")
            return _record(known)
        if uow.employments.active_of(command.holder) is not None:
            raise Refused("employed_elsewhere")
        scenario = own_scenario(command.scenario_id, None, ScenarioKind.SUBSTITUTION, uow=uow)
        employment = Employment(
            id=command.employment_id,
            holder=command.holder,
            operator_id=scenario.operator_id,
            scenario_id=scenario.id,
            since=now,
        )
        uow.employments.add(employment)
        uow.outbox.add(_changed(employment))
        uow.commit()
    return _record(employment)


def end_employment(
    command: EndEmployment, *, uow: TrustCodeWork, now: datetime
) -> EmploymentRecord:
    """Work for an employer no more.  Safe to repeat; raises NotFound for anybody else's."""
    with uow:
        known = uow.employments.get(command.employment_id)
        if known is None or known.holder != command.holder:
            raise NotFound("not_found", "employment")
        ended = known.ended(now)
        if ended != known:
            uow.employments.save(ended)
            uow.outbox.add(_changed(ended))
            uow.commit()
    return _record(ended)


def show_trust_code(
    command: ShowTrustCode,
    *,
    uow: TrustCodeWork,
    signatures: CitySignatures,
    city: str,
    now: datetime,
) -> TrustCode:
    """Compute a housekeeper's colour now, and sign it for a few minutes.

    Raises NotFound without an active employer, Refused("not_offered") without a rule in force.
    """
    with uow:
        employment = uow.employments.active_of(command.holder)
        if employment is None:
            raise NotFound("not_found", "employment")
        rule = uow.substitution_rules.active_in(employment.scenario_id)
        if rule is None:
            raise Refused("not_offered", employment.scenario_id)
        operator = uow.operators.get(employment.operator_id)
        if operator is None:
            raise LookupError(f"employment {employment.id} without its operator")
        facts = facts_of(Subject.holder(command.holder), rule.items, uow=uow, now=now)
    colour, missing = colour_of(rule, facts, now)
    shown_at = datetime.fromtimestamp(int(now.timestamp()), UTC)
    until = shown_at + CODE_LIFE
    claims = {
        "iss": city,
        "colour": colour.value,
        "operator": operator.id,
        "employer": operator.name,
        "employer_en": operator.name_en,
        "iat": int(shown_at.timestamp()),
        "exp": int(until.timestamp()),
    }
    return TrustCode(
        colour=colour,
        missing=check_lines(missing),
        scenario_id=employment.scenario_id,
        operator_id=employment.operator_id,
        rule_id=rule.id,
        shown_at=shown_at,
        until=until,
        code=signatures.sign(KIND, claims),
    )


def check_trust_code(
    command: CheckTrustCode, *, signatures: CitySignatures, now: datetime
) -> TrustCodeChecked:
    """Say what a code says; raises NotFound for what is not this city's, and for an old one."""
    claims = signatures.read(KIND, command.code)
    if claims is None or now.timestamp() >= claims["exp"]:
        raise NotFound("not_found", "trust_code")
    return TrustCodeChecked(
        colour=Colour(claims["colour"]),
        operator_id=claims["operator"],
        employer=claims["employer"],
        employer_en=claims["employer_en"],
        shown_at=datetime.fromtimestamp(claims["iat"], UTC),
        until=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _record(employment: Employment) -> EmploymentRecord:
    return EmploymentRecord(
        employment_id=employment.id,
        scenario_id=employment.scenario_id,
        operator_id=employment.operator_id,
        state=employment.state,
        since=employment.since,
        ended_at=employment.ended_at,
    )


def _changed(employment: Employment) -> EmploymentChanged:
    return EmploymentChanged(
        employment_id=employment.id,
        scenario_id=employment.scenario_id,
        operator_id=employment.operator_id,
        state=employment.state,
        changed_at=employment.ended_at or employment.since,
    )
