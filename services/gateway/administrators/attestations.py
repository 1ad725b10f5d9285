"""Taking attestations back, for good or for the time being."""

from contracts.http import RevocationBody, SuspensionBody
from contracts.recognition import (
    ResumeAttestation,
    Revocation,
    RevokeAttestation,
    SuspendAttestation,
    Suspension,
)
from services.gateway.authentication.callers import Administrator
from services.gateway.calls import Bus, Call


class Revocations:
    """The city's own decision; a holder's is to withdraw the consent."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def revoke_attestation(self, call: Call[Administrator, RevocationBody]) -> Revocation:
        command = RevokeAttestation(
            attestation_id=call.path["attestation_id"], reason=call.body.reason
        )
        revocation: Revocation = self._bus.call(command, cause=call.cause)
        return revocation

    def suspend_attestation(self, call: Call[Administrator, SuspensionBody]) -> Suspension:
        command = SuspendAttestation(
            attestation_id=call.path["attestation_id"], reason=call.body.reason
        )
        suspension: Suspension = self._bus.call(command, cause=call.cause)
        return suspension

    def resume_attestation(self, call: Call[Administrator, None]) -> Suspension:
        command = ResumeAttestation(attestation_id=call.path["attestation_id"])
        suspension: Suspension = self._bus.call(command, cause=call.cause)
        return suspension
