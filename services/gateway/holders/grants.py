"""Holders' grants and passes."""

import io
from typing import Final

import segno

from contracts.errors import Refused
from contracts.http import GrantBody, PassAnswer
from contracts.scenarios import GrantRecord, GrantRecords, IssueGrant, ListGrants, ShowGrant
from services.gateway.authentication.callers import Holder
from services.gateway.calls import Bus, Call, Content
from services.gateway.holders.patience import PatientBus
from services.gateway.waiting import Waiters

QR_SCALE: Final = 4


class Grants:
    """Each operation acts for the holder of the session and nobody else."""

    def __init__(self, bus: Bus, waiters: Waiters) -> None:
        self._bus, self._patience = bus, PatientBus(bus, waiters)

    def issue_grant(self, call: Call[Holder, GrantBody]) -> GrantRecord:
        """Take an incentive; a recognition that scenarios has not heard of yet is waited for."""
        command = IssueGrant(
            grant_id=call.path["grant_id"],
            holder=call.caller.holder,
            recognition_id=call.caller.recognition_id,
            incentive_id=call.body.incentive_id,
            district=call.body.district,
        )
        record: GrantRecord = self._patience.call(command, cause=call.cause)
        return record

    def list_grants(self, call: Call[Holder, None]) -> GrantRecords:
        records: GrantRecords = self._bus.call(
            ListGrants(holder=call.caller.holder, after=call.query["after"]), cause=call.cause
        )
        return records

    def show_grant(self, call: Call[Holder, None]) -> GrantRecord:
        command = ShowGrant(grant_id=call.path["grant_id"], holder=call.caller.holder)
        record: GrantRecord = self._bus.call(command, cause=call.cause)
        return record

    def show_pass_token(self, call: Call[Holder, None]) -> PassAnswer:
        """Tell a fresh pass; raise Refused grant_ended, with its state, when it is not open."""
        grant = self.show_grant(call)
        if grant.pass_token is None or grant.pass_until is None:
            raise Refused("grant_ended", grant.state)
        return PassAnswer(
            grant_id=grant.grant_id, pass_token=grant.pass_token, until=grant.pass_until
        )

    def show_pass(self, call: Call[Holder, None]) -> Content:
        """Draw a fresh pass; raise Refused grant_ended when the grant is not open."""
        token = self.show_pass_token(call).pass_token
        picture = io.BytesIO()
        segno.make(token, micro=False).save(picture, kind="svg", scale=QR_SCALE)
        return Content(picture.getvalue())
