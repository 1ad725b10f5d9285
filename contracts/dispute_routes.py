"""The endpoints of facts, disputes and repairs: for citizens, officials, and holders at a host."""

from typing import Final

from contracts import disputes, http, recognition
from contracts.fields import Identifier, NumericDate
from contracts.route import Audience, Query, Route
from contracts.words import DisputeState

_BUS: Final = ("unavailable", "internal")
_PATH: Final = ("malformed",)
_BODY: Final = ("malformed", "too_large", "unsupported_media_type")
_TOKEN: Final = ("unauthenticated", "forbidden")
_CITIZEN: Final = (*_TOKEN, "bad_civil_id")

_CITIZENS: Final = (
    Route(
        method="GET",
        path="/v1/attestations",
        audience=Audience.CITIZEN,
        operation_id="list_attestations",
        summary="See one's attestations, and what took the place of which",
        summary_zh="查看本人的信用分证明及其替代关系",
        reply=recognition.IssuedAttestations,
        errors=(
            *_CITIZEN,
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/attestations/{attestation_id}",
        audience=Audience.CITIZEN,
        operation_id="show_attestation",
        summary="Get an attestation of one's own again",
        summary_zh="重新获取本人的一份信用分证明",
        reply=recognition.IssuedAttestation,
        errors=(
            *_CITIZEN,
            *_PATH,
            "not_found",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/facts",
        audience=Audience.CITIZEN,
        operation_id="list_facts",
        summary="See the facts that lower one's score",
        summary_zh="查看影响本人信用分的信息",
        reply=disputes.FactRecords,
        errors=(
            *_CITIZEN,
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/disputes/{dispute_id}",
        audience=Audience.CITIZEN,
        operation_id="open_dispute",
        summary="Contest a fact, or what an attestation says; meanwhile the fact does not count",
        summary_zh="对信息或证明提出异议；办理期间该信息不影响评分",
        body=http.DisputeBody,
        reply=disputes.DisputeRecord,
        errors=(
            *_CITIZEN,
            *_BODY,
            "not_found",
            "already_open",
            "already_decided",
            "id_reused",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/disputes",
        audience=Audience.CITIZEN,
        operation_id="list_disputes",
        summary="See one's disputes",
        summary_zh="查看本人的异议",
        reply=disputes.DisputeRecords,
        errors=(
            *_CITIZEN,
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/disputes/{dispute_id}",
        audience=Audience.CITIZEN,
        operation_id="show_dispute",
        summary="See one dispute",
        summary_zh="查看一项异议",
        reply=disputes.DisputeRecord,
        errors=(
            *_CITIZEN,
            *_PATH,
            "not_found",
            *_BUS,
        ),
    ),
    Route(
        method="DELETE",
        path="/v1/disputes/{dispute_id}",
        audience=Audience.CITIZEN,
        operation_id="withdraw_dispute",
        summary="Contest it no more",
        summary_zh="撤回异议",
        reply=disputes.DisputeRecord,
        errors=(
            *_CITIZEN,
            *_PATH,
            "not_found",
            "already_decided",
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/disputes/{dispute_id}/fact",
        audience=Audience.CITIZEN,
        operation_id="name_disputed_fact",
        summary="Say which fact one's dispute is about",
        summary_zh="指明异议所涉信息",
        body=http.FactBody,
        reply=disputes.DisputeRecord,
        errors=(
            *_CITIZEN,
            *_BODY,
            "not_found",
            "already_open",
            "already_decided",
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/repairs/{repair_id}",
        audience=Audience.CITIZEN,
        operation_id="ask_for_repair",
        summary="Ask that a fact lose its effect",
        summary_zh="申请信用修复",
        body=http.FactBody,
        reply=disputes.RepairRecord,
        errors=(
            *_CITIZEN,
            *_BODY,
            "not_found",
            "already_open",
            "repair_too_early",
            "id_reused",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/repairs",
        audience=Audience.CITIZEN,
        operation_id="list_repairs",
        summary="See what one asked to be repaired",
        summary_zh="查看本人的修复申请",
        reply=disputes.RepairRecords,
        errors=(
            *_CITIZEN,
            *_BUS,
        ),
    ),
)

_ADMINISTRATORS: Final = (
    Route(
        method="GET",
        path="/v1/administration/disputes",
        audience=Audience.ADMINISTRATOR,
        operation_id="list_dispute_cases",
        summary="See disputes by when they are due, a hundred at a time",
        summary_zh="按办理期限查看异议，每页一百项",
        reply=disputes.DisputeCases,
        query=(
            Query(
                name="state",
                type=DisputeState,
                summary="Those in this state; open ones when left out",
                summary_zh="处于该状态的异议；省略则为未办结",
            ),
            Query(
                name="after",
                type=Identifier,
                summary="Those after this one",
                summary_zh="从该项之后开始",
            ),
        ),
        errors=(
            *_TOKEN,
            *_PATH,
            "not_found",
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/administration/disputes/{dispute_id}/fact",
        audience=Audience.ADMINISTRATOR,
        operation_id="name_fact_in_dispute",
        summary="Say which fact a dispute is about",
        summary_zh="指明异议所涉信息",
        body=http.FactBody,
        reply=disputes.DisputeRecord,
        errors=(
            *_TOKEN,
            *_BODY,
            "not_found",
            "already_open",
            "already_decided",
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/disputes/{dispute_id}/decision",
        audience=Audience.ADMINISTRATOR,
        operation_id="decide_dispute",
        summary="Decide a dispute: the fact was corrected, or is upheld",
        summary_zh="作出异议处理决定：更正或维持",
        body=http.DisputeDecisionBody,
        reply=disputes.DisputeRecord,
        errors=(
            *_TOKEN,
            *_BODY,
            "not_found",
            "already_decided",
            "fact_not_named",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/administration/repairs",
        audience=Audience.ADMINISTRATOR,
        operation_id="list_repair_cases",
        summary="See repairs to be decided by when they are due, a hundred at a time",
        summary_zh="按办理期限查看待办修复申请，每页一百项",
        reply=disputes.RepairRecords,
        query=(
            Query(
                name="after",
                type=Identifier,
                summary="Those after this one",
                summary_zh="从该项之后开始",
            ),
        ),
        errors=(
            *_TOKEN,
            *_PATH,
            "not_found",
            *_BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/repairs/{repair_id}/decision",
        audience=Audience.ADMINISTRATOR,
        operation_id="decide_repair",
        summary="Complete a repair, or refuse it for a reason",
        summary_zh="作出修复决定：完成或说明理由不予修复",
        body=http.RepairDecisionBody,
        reply=disputes.RepairRecord,
        errors=(
            *_TOKEN,
            *_BODY,
            "not_found",
            "already_decided",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/administration/deadlines",
        audience=Audience.ADMINISTRATOR,
        operation_id="show_deadlines",
        summary="See how many cases were closed in time",
        summary_zh="查看按期办结情况",
        reply=disputes.Deadlines,
        query=(
            Query(
                name="time",
                type=NumericDate,
                summary="The moment to look from; now when left out",
                summary_zh="统计截止时刻；省略则为当前",
            ),
        ),
        errors=(
            *_TOKEN,
            *_PATH,
            *_BUS,
        ),
    ),
)

_HOLDERS: Final = (
    Route(
        method="PUT",
        path="/v1/session/disputes/{dispute_id}",
        audience=Audience.HOLDER,
        operation_id="contest_recognition",
        summary="Contest the attestation behind one's session; its home city decides",
        summary_zh="对会话所依据的证明提出异议，由归属城市处理",
        body=http.ContestBody,
        reply=disputes.RoutedDisputeRecord,
        errors=(
            *_TOKEN,
            *_BODY,
            "not_found",
            "id_reused",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/session/disputes",
        audience=Audience.HOLDER,
        operation_id="list_contested",
        summary="See what one contested here, and what became of it",
        summary_zh="查看在本城市提出的异议及结果",
        reply=disputes.RoutedDisputeRecords,
        errors=(
            *_TOKEN,
            "not_found",
            *_BUS,
        ),
    ),
)

DISPUTES: Final[tuple[Route, ...]] = (*_CITIZENS, *_ADMINISTRATORS, *_HOLDERS)
