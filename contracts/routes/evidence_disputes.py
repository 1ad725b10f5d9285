"""Disputes about evidence: a holder's own, and the city's desk."""

from typing import Final

from contracts import evidence_disputes, http
from contracts.access import Role
from contracts.routes.route import AFTER, BODY, BUS, PATH, TOKEN, Audience, Route

_OPENING: Final = (
    "not_found",
    "already_open",
    "already_decided",
    "withdrawn_too_often",
    "id_reused",
)

_HOLDERS: Final = (
    Route(
        method="PUT",
        path="/v1/evidence-disputes/{dispute_id}",
        audience=Audience.HOLDER,
        operation_id="open_evidence_dispute",
        summary="Contest evidence about oneself; it counts for nothing until it is decided",
        summary_zh="对本人的信用信息提出异议，办结前该信息不作为依据",
        body=http.EvidenceDisputeBody,
        reply=evidence_disputes.EvidenceDisputeRecord,
        errors=(*TOKEN, *BODY, *_OPENING, *BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/evidence-disputes/{dispute_id}",
        audience=Audience.HOLDER,
        operation_id="withdraw_evidence_dispute",
        summary="Contest it no more",
        summary_zh="撤回异议",
        reply=evidence_disputes.EvidenceDisputeRecord,
        errors=(*TOKEN, *PATH, "not_found", "already_decided", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/evidence-disputes",
        audience=Audience.HOLDER,
        operation_id="list_evidence_disputes",
        summary="See what one contested here",
        summary_zh="查看本人提出的异议",
        reply=evidence_disputes.EvidenceDisputeRecords,
        query=(AFTER,),
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
)

_ADMINISTRATORS: Final = (
    Route(
        method="GET",
        path="/v1/administration/evidence-disputes",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="list_evidence_dispute_cases",
        summary="See open disputes about evidence by when they are due, a hundred at a time",
        summary_zh="按办理期限查看未办结的信用信息异议，每页一百项",
        reply=evidence_disputes.EvidenceDisputeRecords,
        query=(AFTER,),
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/administration/evidence-disputes/{dispute_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="open_dispute_of_organisation",
        summary="Take in what an organisation contests",
        summary_zh="受理组织提出的异议",
        body=http.EvidenceDisputeBody,
        reply=evidence_disputes.EvidenceDisputeRecord,
        errors=(*TOKEN, *BODY, *_OPENING, *BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/administration/evidence-disputes/{dispute_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="withdraw_dispute_of_organisation",
        summary="Note that an organisation contests it no more",
        summary_zh="登记组织撤回异议",
        reply=evidence_disputes.EvidenceDisputeRecord,
        errors=(*TOKEN, *PATH, "not_found", "already_decided", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/evidence-disputes/{dispute_id}/decision",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="decide_evidence_dispute",
        summary="Decide a dispute: the evidence was wrong and is annulled, or counts again",
        summary_zh="作出异议处理决定：有误则失效，无误则恢复",
        body=http.EvidenceDisputeDecisionBody,
        reply=evidence_disputes.EvidenceDisputeRecord,
        errors=(*TOKEN, *BODY, "not_found", "already_decided", *BUS),
    ),
)

EVIDENCE_DISPUTES: Final[tuple[Route, ...]] = (*_HOLDERS, *_ADMINISTRATORS)
