"""Residents' attestations."""

from contracts.http import AttestationBody
from contracts.recognition import (
    IssueAttestation,
    IssuedAttestation,
    IssuedAttestations,
    ListAttestations,
    ShowAttestation,
)
from services.gateway.authentication.callers import Citizen
from services.gateway.calls import Bus, Call


class Attestations:
    """A resident gets attestations of their own score only."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def issue_attestation(self, call: Call[Citizen, AttestationBody]) -> IssuedAttestation:
        command = IssueAttestation(
            attestation_id=call.path["attestation_id"],
            resident=call.caller.resident,
            recipient=call.body.recipient,
            holder_key=call.body.holder_key,
        )
        issued: IssuedAttestation = self._bus.call(command, cause=call.cause)
        return issued

    def list_attestations(self, call: Call[Citizen, None]) -> IssuedAttestations:
        command = ListAttestations(resident=call.caller.resident)
        issued: IssuedAttestations = self._bus.call(command, cause=call.cause)
        return issued

    def show_attestation(self, call: Call[Citizen, None]) -> IssuedAttestation:
        command = ShowAttestation(
            attestation_id=call.path["attestation_id"], resident=call.caller.resident
        )
        issued: IssuedAttestation = self._bus.call(command, cause=call.cause)
        return issued
