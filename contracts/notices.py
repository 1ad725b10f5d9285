"""What cities tell each other in notices: the events of a Security Event Token (RFC 8417).

A notice carries one event under its URN.  `UsageReported` of contracts/recognition.py is the body
of the second kind.
"""

from dataclasses import dataclass
from typing import Final

from contracts.fields import Identifier, Moment, Reason

ATTESTATION_REVOKED: Final = "urn:huxin:event:attestation-revoked"
USAGE_REPORTED: Final = "urn:huxin:event:usage-reported"


@dataclass(frozen=True, kw_only=True)
class AttestationRevoked:
    """The issuer takes an attestation back.

    `reason` is any machine word, so that a reason a newer city knows does not keep a revocation
    from being obeyed.
    """

    attestation_id: Identifier
    reason: Reason
    at: Moment
