"""Taking attestations back."""

from contracts.http import RevocationBody
from contracts.recognition import Revocation, RevokeAttestation
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
