"""What holders see of screenings and vettings about themselves, and say against them."""

from contracts.http import EmploymentBody, ObjectionBody
from contracts.screening import ListScreenings, ScreeningEntries
from contracts.subjects import HolderSubject
from contracts.trust_codes import (
    BeginEmployment,
    EmploymentRecord,
    EndEmployment,
    ShowTrustCode,
    TrustCode,
)
from contracts.vettings import ListVettings, ObjectToFinding, VettingRecord, VettingRecords
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call


class OwnScreenings:
    """Each operation is about the holder of the session and nobody else."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def list_own_screenings(self, call: Call[Holder, None]) -> ScreeningEntries:
        subject = HolderSubject(holder=call.caller.holder)
        command = ListScreenings(subject=subject, after=call.query["after"])
        entries: ScreeningEntries = self._bus.call(command, cause=call.cause)
        return entries

    def list_vettings(self, call: Call[Holder, None]) -> VettingRecords:
        command = ListVettings(holder=call.caller.holder, after=call.query["after"])
        records: VettingRecords = self._bus.call(command, cause=call.cause)
        return records

    def object_to_finding(self, call: Call[Holder, ObjectionBody]) -> VettingRecord:
        command = ObjectToFinding(
            vetting_id=call.path["vetting_id"],
            holder=call.caller.holder,
            objection=call.body.objection,
        )
        record: VettingRecord = self._bus.call(command, cause=call.cause)
        return record


class TrustCodes:
    """A housekeeper names the employer and shows the code; nobody does it for them."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def begin_employment(self, call: Call[Holder, EmploymentBody]) -> EmploymentRecord:
        command = BeginEmployment(
            employment_id=call.path["employment_id"],
            holder=call.caller.holder,
            scenario_id=call.body.scenario_id,
        )
        record: EmploymentRecord = self._bus.call(command, cause=call.cause)
        return record

    def end_employment(self, call: Call[Holder, None]) -> EmploymentRecord:
        command = EndEmployment(employment_id=call.path["employment_id"], holder=call.caller.holder)
        record: EmploymentRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_trust_code(self, call: Call[Holder, None]) -> TrustCode:
        code: TrustCode = self._bus.call(ShowTrustCode(holder=call.caller.holder), cause=call.cause)
        return code
