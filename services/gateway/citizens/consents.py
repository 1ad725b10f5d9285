"""Residents' consents."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from contracts.consents import ConsentBody, ConsentDetail, ConsentExport, ShowConsent
from contracts.recognition import (
    ConsentRecord,
    ConsentRecords,
    GiveConsent,
    ListConsents,
    WithdrawConsent,
)
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call, Content
from services.gateway.json_text import to_json
from services.plumbing.clock import Clock

AT_A_TIME: Final = 50
MOST_AT_A_TIME: Final = 200


class Consents:
    """Each operation acts for the calling resident and nobody else."""

    def __init__(self, bus: Bus, city: str, clock: Clock) -> None:
        self._bus, self._city, self._clock = bus, city, clock

    def give_consent(self, call: Call[Citizen, ConsentBody]) -> ConsentRecord:
        command = GiveConsent(
            consent_id=call.path["consent_id"],
            resident=call.caller.resident,
            recipient=call.body.recipient,
            purposes=call.body.purposes,
            text_version=call.body.text_version,
            until=call.body.until,
            text_digest=call.body.text_digest,
        )
        record: ConsentRecord = self._bus.call(command, cause=call.cause)
        return record

    def list_consents(self, call: Call[Citizen, None]) -> ConsentRecords:
        command = ListConsents(
            resident=call.caller.resident,
            cursor=call.query["after"],
            limit=call.query["limit"] or AT_A_TIME,
        )
        records: ConsentRecords = self._bus.call(command, cause=call.cause)
        return records

    def show_consent(self, call: Call[Citizen, None]) -> ConsentDetail:
        command = ShowConsent(
            consent_id=call.path["consent_id"],
            resident=call.caller.resident,
            cursor=call.query["after"],
            limit=call.query["limit"] or AT_A_TIME,
        )
        detail: ConsentDetail = self._bus.call(command, cause=call.cause)
        return detail

    def export_consents(self, call: Call[Citizen, None]) -> Content:
        """Give residents their own copy, page by page from recognition, as a file to keep."""
        export = ConsentExport(
            home=self._city, exported_at=self._clock(), consents=tuple(self._all(call))
        )
        attached = {"Content-Disposition": 'attachment; filename="consents.json"'}
        return Content(to_json(export), headers=attached)

    def withdraw_consent(self, call: Call[Citizen, None]) -> ConsentRecord:
        command = WithdrawConsent(consent_id=call.path["consent_id"], resident=call.caller.resident)
        record: ConsentRecord = self._bus.call(command, cause=call.cause)
        return record

    def _all(self, call: Call[Citizen, None]) -> Iterator[ConsentDetail]:
        cursor: UUID | None = None
        while True:
            command = ListConsents(
                resident=call.caller.resident, cursor=cursor, limit=MOST_AT_A_TIME
            )
            page: ConsentRecords = self._bus.call(command, cause=call.cause)
            for consent in page.consents:
                yield self._whole(consent.consent_id, call)
            if page.next is None:
                return
            cursor = page.next

    def _whole(self, consent_id: UUID, call: Call[Citizen, None]) -> ConsentDetail:
        """Return a consent with all of its attestations."""
        command = ShowConsent(
            consent_id=consent_id, resident=call.caller.resident, limit=MOST_AT_A_TIME
        )
        whole: ConsentDetail = self._bus.call(command, cause=call.cause)
        while whole.next is not None:
            more: ConsentDetail = self._bus.call(
                replace(command, cursor=whole.next), cause=call.cause
            )
            attestations = (*whole.attestations, *more.attestations)
            whole = replace(more, attestations=attestations)
        return whole
