"""What a citizen asks of home about attestations."""

from typing import Final

from contracts import http, recognition
from contracts.routes.route import (
    BODY,
    BUS,
    CITIZEN,
    Audience,
    Route,
)

CITIZENS: Final = (
    Route(
        method="PUT",
        path="/v1/attestations/{attestation_id}",
        audience=Audience.CITIZEN,
        operation_id="issue_attestation",
        summary="Get an attestation for one city, bound to one's key",
        summary_zh="申领发往某一城市、绑定本人密钥的信用分证明",
        body=http.AttestationBody,
        reply=recognition.IssuedAttestation,
        errors=(
            *CITIZEN,
            *BODY,
            "recipient_not_member",
            "consent_missing",
            "consent_withdrawn",
            "consent_over",
            "consent_renewal_needed",
            "no_score",
            "key_not_usable",
            "attestation_suspended",
            "stale_roster",
            "id_reused",
            *BUS,
        ),
    ),
)
