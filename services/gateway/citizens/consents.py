"""Residents' consents."""

from contracts.http import ConsentBody
from contracts.recognition import (
    ConsentRecord,
    ConsentRecords,
    GiveConsent,
    ListConsents,
    WithdrawConsent,
)
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call


class Consents:
    """Each operation acts for the calling resident and nobody else."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def give_consent(self, call: Call[Citizen, ConsentBody]) -> ConsentRecord:
        command = GiveConsent(
            consent_id=call.path["consent_id"],
            resident=call.caller.resident,
            recipient=call.body.recipient,
            purposes=call.body.purposes,
            text_version=call.body.text_version,
            until=call.body.until,
        )
        record: ConsentRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_consents(self, call: Call[Citizen, None]) -> ConsentRecords:
        command = ListConsents(resident=call.caller.resident)
        records: ConsentRecords = self._bus.call(command, cause=call.cause)
        return records

    def withdraw_consent(self, call: Call[Citizen, None]) -> ConsentRecord:
        command = WithdrawConsent(consent_id=call.path["consent_id"], resident=call.caller.resident)
        record: ConsentRecord = self._bus.call(command, cause=call.cause)
        return record
