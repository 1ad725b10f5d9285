"""Special credit reports: drawn from what is current, signed by the city, kept as they were signed.

They show what the catalogue lets count on that day: what was repaired, annulled or is disputed is
in none, and penalties by simple procedure are in none when their item answers for no field.
"""

import base64
import json
from datetime import UTC, datetime
from typing import Final

from contracts import wire
from contracts.coverage import CoveredPeriod
from contracts.errors import Conflict, Malformed, NotFound
from contracts.fact_lines import FactLine
from contracts.periods import HOST_TIME, beginning
from contracts.special_reports import (
    DrawSpecialReport,
    ListReportFields,
    PutReportField,
    ReportContent,
    ReportFieldRecord,
    ReportFields,
    ReportLine,
    ReportSpan,
    ShowSpecialReport,
    SpecialReport,
    SpecialReportIssued,
)
from contracts.words import ScenarioKind
from services.scenarios.domain import special_report as domain
from services.scenarios.domain.evidence import Subject
from services.scenarios.domain.special_report import (
    MOST_YEARS,
    DrawnReport,
    ReportField,
    draw_report,
)
from services.scenarios.handlers.looking_up import (
    check_items,
    coverage_of,
    facts_of,
    own_scenario,
)
from services.scenarios.handlers.screening_records import coverage_said
from services.scenarios.ports.screening import ReportWork
from services.scenarios.ports.signing import CitySignatures

KIND: Final = "huxin-special-report+jwt"
MOST_FIELDS: Final = 200


def put_report_field(
    command: PutReportField, *, uow: ReportWork, now: datetime
) -> ReportFieldRecord:
    """Add a field to reports, or say anew what answers for it.  Safe to repeat."""
    field = ReportField(
        id=command.field, title=command.title, title_en=command.title_en, items=command.items
    )
    with uow:
        check_items(field.items, uow=uow, now=now)
        known = {each.id for each in uow.report_fields.all()}
        if len(known | {field.id}) > MOST_FIELDS:
            raise Malformed(errors={"field": f"At most {MOST_FIELDS} fields."})
        uow.report_fields.put(field)
        uow.commit()
    return _field_record(field)


def list_report_fields(_command: ListReportFields, *, uow: ReportWork) -> ReportFields:
    """List every field of reports."""
    with uow:
        return ReportFields(fields=tuple(map(_field_record, uow.report_fields.all())))


def draw_special_report(
    command: DrawSpecialReport,
    *,
    uow: ReportWork,
    signatures: CitySignatures,
    city: str,
    now: datetime,
) -> SpecialReport:
    """Draw a report of an organisation and sign it.

    Safe to repeat: the same id gets the same report.  Raises NotFound for another operator's
    scenario, Malformed for an unknown field or a span of more than five years, Conflict.
    """
    until = command.until or beginning(now.astimezone(HOST_TIME).date())
    since = command.since or _years_before(until, MOST_YEARS)
    if until > now:
        raise Malformed(errors={"until": "In the future: nobody has reported it yet."})
    if not _years_before(until, MOST_YEARS) <= since < until:
        raise Malformed(errors={"since": f"Within {MOST_YEARS} years before the end."})
    with uow:
        known = uow.special_reports.get(command.report_id)
        if known is not None:
            asked = command.operator_id, command.scenario_id, command.organisation
            if (known.operator_id, known.scenario_id, known.organisation) != asked:
                raise Conflict("id_reused", "special_report")
            shown = _shown(known)
            if not _answers(shown.content, command):
                raise Conflict("id_reused", "special_report")
            return shown
        own_scenario(command.scenario_id, command.operator_id, ScenarioKind.SUBSTITUTION, uow=uow)
        fields = _chosen(command.fields, uow=uow)
        items = {item for field in fields for item in field.items}
        subject = Subject.organisation(command.organisation)
        facts = facts_of(subject, items, uow=uow, now=now).facts
        coverage = coverage_of(sorted(items), uow=uow)
        lines = draw_report(fields, facts, coverage, since=since, until=until)
        content = ReportContent(
            report_id=command.report_id,
            organisation=command.organisation,
            since=since,
            until=until,
            drawn_at=now,
            lines=tuple(map(_line, lines)),
        )
        claims = {"iss": city, "iat": int(now.timestamp()), "report": wire.dump(content)}
        report = DrawnReport(
            id=command.report_id,
            operator_id=command.operator_id,
            scenario_id=command.scenario_id,
            organisation=command.organisation,
            signed=signatures.sign(KIND, claims),
            drawn_at=now,
        )
        uow.special_reports.add(report)
        event = SpecialReportIssued(
            report_id=report.id,
            scenario_id=report.scenario_id,
            operator_id=report.operator_id,
            fields=tuple(field.id for field in fields),
            issued_at=now,
        )
        uow.outbox.add(event)
        uow.commit()
    return _shown(report)


def show_special_report(command: ShowSpecialReport, *, uow: ReportWork) -> SpecialReport:
    """Show an operator a report it drew; raises NotFound for anybody else's."""
    with uow:
        known = uow.special_reports.get(command.report_id)
    if known is None or known.operator_id != command.operator_id:
        raise NotFound("not_found", "special_report")
    return _shown(known)


def _answers(content: ReportContent, command: DrawSpecialReport) -> bool:
    """Whether a report has the span and the fields that are asked for; what is left out, any."""
    fields = [line.field for line in content.lines]
    return (
        command.since in {None, content.since}
        and command.until in {None, content.until}
        and list(dict.fromkeys(command.fields)) in ([], fields)
    )


def _chosen(wanted: tuple[str, ...], *, uow: ReportWork) -> list[ReportField]:
    fields = {field.id: field for field in uow.report_fields.all()}
    if unknown := [each for each in wanted if each not in fields]:
        raise Malformed(errors={"fields": f"No field of reports: {unknown[0]}."})
    if not fields:
        raise Malformed(errors={"fields": "Reports have no field yet."})
    return [fields[each] for each in dict.fromkeys(wanted)] if wanted else list(fields.values())


def _line(line: domain.ReportLine) -> ReportLine:
    return ReportLine(
        field=line.field.id,
        title=line.field.title,
        title_en=line.field.title_en,
        coverage=tuple(map(coverage_said, line.coverage)),
        spans=tuple(
            ReportSpan(
                since=span.since,
                until=span.until,
                state=span.state,
                gaps=tuple(CoveredPeriod(**vars(gap)) for gap in span.gaps),
                facts=tuple(FactLine(**vars(fact)) for fact in span.facts),
            )
            for span in line.spans
        ),
    )


def _field_record(field: ReportField) -> ReportFieldRecord:
    return ReportFieldRecord(
        field=field.id, title=field.title, title_en=field.title_en, items=field.items
    )


def _shown(report: DrawnReport) -> SpecialReport:
    """Show a report by what was signed, which is all that is kept of it."""
    payload = report.signed.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    content: ReportContent = wire.load(ReportContent, claims["report"])
    return SpecialReport(content=content, signed=report.signed)


def _years_before(now: datetime, years: int) -> datetime:
    day = now.astimezone(HOST_TIME)
    try:
        earlier = day.replace(year=day.year - years)
    except ValueError:  # of 29 February
        earlier = day.replace(year=day.year - years, day=28)
    return earlier.astimezone(UTC)
