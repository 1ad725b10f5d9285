"""What operators decide by evidence: substitutions, screenings, vettings."""

from contracts.http import (
    BreachBody,
    DecideSubstitutionBody,
    ScreeningBody,
    VettingBody,
)
from contracts.screening import Screen, ScreeningRecord
from contracts.substitutions import (
    DecideSubstitution,
    ReportBreach,
    ShowSubstitution,
    SubstitutionRecord,
)
from contracts.vettings import OpenVetting, ServeFinding, ShowVetting, VettingRecord
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call


class Substitutions:
    """An operator asks in its own scenarios only: the command names it, scenarios checks."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def decide_substitution(
        self, call: Call[Operator, DecideSubstitutionBody]
    ) -> SubstitutionRecord:
        command = DecideSubstitution(
            substitution_id=call.path["substitution_id"],
            operator_id=call.caller.operator_id,
            **vars(call.body),
        )
        record: SubstitutionRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_substitution(self, call: Call[Operator, None]) -> SubstitutionRecord:
        command = ShowSubstitution(
            substitution_id=call.path["substitution_id"], operator_id=call.caller.operator_id
        )
        record: SubstitutionRecord = self._bus.call(command, cause=call.cause)
        return record

    def report_breach(self, call: Call[Operator, BreachBody]) -> SubstitutionRecord:
        command = ReportBreach(
            substitution_id=call.path["substitution_id"],
            operator_id=call.caller.operator_id,
            document_number=call.body.document_number,
        )
        record: SubstitutionRecord = self._bus.call(command, cause=call.cause)
        return record


class Screenings:
    """Every look-up says what for, and its subject can read that."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def screen(self, call: Call[Operator, ScreeningBody]) -> ScreeningRecord:
        command = Screen(
            screening_id=call.path["screening_id"],
            operator_id=call.caller.operator_id,
            **vars(call.body),
        )
        record: ScreeningRecord = self._bus.call(command, cause=call.cause)
        return record


class Vettings:
    """An operator proposes and serves; it never lets a finding take effect."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def open_vetting(self, call: Call[Operator, VettingBody]) -> VettingRecord:
        command = OpenVetting(
            vetting_id=call.path["vetting_id"],
            operator_id=call.caller.operator_id,
            **vars(call.body),
        )
        record: VettingRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_vetting(self, call: Call[Operator, None]) -> VettingRecord:
        command = ShowVetting(
            vetting_id=call.path["vetting_id"], operator_id=call.caller.operator_id
        )
        record: VettingRecord = self._bus.call(command, cause=call.cause)
        return record

    def serve_finding(self, call: Call[Operator, None]) -> VettingRecord:
        command = ServeFinding(
            vetting_id=call.path["vetting_id"], operator_id=call.caller.operator_id
        )
        record: VettingRecord = self._bus.call(command, cause=call.cause)
        return record
