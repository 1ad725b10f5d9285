"""Evidence: the city and its sources enter it, everybody may read the catalogue."""

from typing import Final

from contracts import evidence, http
from contracts.access import Role, Scope
from contracts.fields import Slug
from contracts.routes.route import AFTER, BODY, BUS, PATH, TOKEN, Audience, Query, Route
from contracts.subjects import OrganisationCode

_ENTRY: Final = (
    "item_not_live",
    "source_not_registered",
    "subject_not_covered",
    "document_not_accepted",
    "evidence_over",
    "document_used",
    "already_decided",
    "id_reused",
)

_CATALOGUE: Final = (
    Route(
        method="GET",
        path="/v1/evidence-items",
        audience=Audience.PUBLIC,
        operation_id="list_evidence_items",
        summary="See the evidence catalogue with legal bases, a hundred items at a time",
        summary_zh="查阅信用信息目录及法律依据，每页一百项",
        reply=evidence.EvidenceItemRecords,
        query=(
            Query(
                name="after", type=Slug, summary="Those after this one", summary_zh="从该项之后开始"
            ),
        ),
        errors=(*PATH, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/evidence-items/{item_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.JURIST,
        operation_id="publish_evidence_item",
        summary="Put an item into the evidence catalogue, or a new version of it",
        summary_zh="发布信用信息目录项或其新版本",
        body=http.EvidenceItemBody,
        reply=evidence.EvidenceItemRecord,
        errors=(
            *TOKEN,
            *BODY,
            "private_class",
            "legal_basis_missing",
            "not_found",
            "id_reused",
            *BUS,
        ),
    ),
)

_SOURCES: Final = (
    Route(
        method="PUT",
        path="/v1/administration/evidence/{evidence_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="enter_evidence",
        summary="Enter what an effective document says of a subject",
        summary_zh="依据生效文书录入信用信息",
        body=http.EvidenceBody,
        reply=evidence.EvidenceRecord,
        errors=(*TOKEN, *BODY, *_ENTRY, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/evidence/{evidence_id}",
        audience=Audience.OPERATOR,
        scope=Scope.EVIDENCE,
        operation_id="report_evidence",
        summary="Enter evidence of an item that names one as a source",
        summary_zh="作为登记来源录入信用信息",
        body=http.EvidenceBody,
        reply=evidence.EvidenceRecord,
        errors=(*TOKEN, *BODY, *_ENTRY, *BUS),
    ),
)

_ADMINISTRATORS: Final = (
    Route(
        method="GET",
        path="/v1/administration/evidence",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="list_evidence_about_organisation",
        summary="See the evidence about an organisation, a hundred at a time",
        summary_zh="查看某一组织的信用信息，每页一百项",
        reply=evidence.EvidenceRecords,
        query=(
            Query(
                name="organisation",
                type=OrganisationCode,
                required=True,
                summary="Its unified social credit code",
                summary_zh="统一社会信用代码",
            ),
            AFTER,
        ),
        errors=(*TOKEN, *PATH, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/evidence/{evidence_id}/repair",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="repair_evidence",
        summary="Let evidence stop early, as its item allows",
        summary_zh="依规办理信用修复，提前终止信息效力",
        body=http.EvidenceRepairBody,
        reply=evidence.EvidenceRecord,
        errors=(
            *TOKEN,
            *BODY,
            "not_found",
            "not_repairable",
            "repair_too_early",
            "already_decided",
            "already_open",
            *BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/evidence/{evidence_id}/annulment",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="annul_evidence",
        summary="Take evidence out for good, as its document was revoked or it was wrong",
        summary_zh="文书被撤销或信息有误时永久失效",
        body=http.AnnulmentBody,
        reply=evidence.EvidenceRecord,
        errors=(*TOKEN, *BODY, "not_found", "already_decided", *BUS),
    ),
)

_HOLDERS: Final = (
    Route(
        method="GET",
        path="/v1/evidence",
        audience=Audience.HOLDER,
        operation_id="list_evidence",
        summary="See the evidence about oneself, a hundred at a time",
        summary_zh="查看本人的信用信息，每页一百项",
        reply=evidence.EvidenceRecords,
        query=(AFTER,),
        errors=(*TOKEN, *PATH, *BUS),
    ),
)

EVIDENCE: Final[tuple[Route, ...]] = (*_CATALOGUE, *_SOURCES, *_ADMINISTRATORS, *_HOLDERS)
