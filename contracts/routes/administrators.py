"""What the city's officials do."""

from typing import Final

from contracts import http, passes, recognition
from contracts.access import Role
from contracts.routes.route import (
    BODY,
    BUS,
    PATH,
    TOKEN,
    Audience,
    Query,
    Route,
)

ADMINISTRATORS: Final = (
    Route(
        method="PUT",
        path="/v1/operators/{operator_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="register_operator",
        summary="Admit an operator and make its client",
        summary_zh="准入场景运营方并建立其客户端",
        body=http.OperatorBody,
        reply=http.OperatorAdmitted,
        query=(
            Query(
                name="rotate",
                type=bool,
                summary="Give the first client a new secret; its old ones and tokens stop at once",
                summary_zh="更换首个客户端的密钥，其旧密钥及令牌立即失效",
            ),
        ),
        errors=(*TOKEN, *BODY, "id_reused", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/recalls/{grant_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REVIEWER,
        operation_id="recall_any_grant",
        summary="Recall a grant of any operator, with notice to its holder",
        summary_zh="收回任一权益（提前通知持有人）",
        body=http.RecallBody,
        reply=passes.RecallRecord,
        errors=(*TOKEN, *BODY, "not_found", "already_recalled", "grant_ended", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/attestations/{attestation_id}/revocation",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="revoke_attestation",
        summary="Take an attestation back and tell the host",
        summary_zh="撤销信用分证明并通知到访城市",
        body=http.RevocationBody,
        reply=recognition.Revocation,
        errors=(*TOKEN, *BODY, "not_found", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/attestations/{attestation_id}/suspension",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="suspend_attestation",
        summary="Suspend an attestation and tell the host",
        summary_zh="暂停信用分证明并通知到访城市",
        kept=True,
        body=http.SuspensionBody,
        reply=recognition.Suspension,
        errors=(*TOKEN, *BODY, "not_found", "attestation_revoked", *BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/attestations/{attestation_id}/suspension",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="resume_attestation",
        summary="End the suspension of an attestation and tell the host",
        summary_zh="恢复被暂停的信用分证明并通知到访城市",
        kept=True,
        reply=recognition.Suspension,
        errors=(*TOKEN, *PATH, "not_found", "attestation_revoked", *BUS),
    ),
)
