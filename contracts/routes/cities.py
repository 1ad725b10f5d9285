"""The endpoints that other cities of the alliance call, each by a signed request (RFC 9421)."""

from typing import Final

from contracts import exchange, http, scenarios
from contracts.fields import CityCode, Count
from contracts.routes.route import (
    ALWAYS,
    BODY,
    BUS,
    NDJSON,
    NOTICE,
    SIGNED,
    Audience,
    Query,
    Route,
)

_MEMBER: Final = ("unknown_city", "city_not_online", "stale_roster")

CITIES: Final = (
    Route(
        method="POST",
        path="/v1/notices",
        audience=Audience.CITY,
        operation_id="receive_notice",
        summary="Push a signed notice (RFC 8935)",
        summary_zh="推送经签名的通知",
        content_type=NOTICE,
        status=202,
        errors=(*SIGNED, *BODY, "key_not_current", "wrong_audience", *BUS),
    ),
    Route(
        method="POST",
        path="/v1/notices/poll",
        audience=Audience.CITY,
        operation_id="poll_notices",
        summary="Fetch one's waiting notices, acknowledge those taken in (RFC 8936)",
        summary_zh="拉取待收通知，并确认已收到的通知",
        body=exchange.PollBody,
        reply=exchange.PollAnswer,
        errors=(*SIGNED, *BODY, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/attestation-batches/{batch_id}",
        audience=Audience.CITY,
        operation_id="open_batch",
        summary="Announce attestations of consenting holders to send in bulk",
        summary_zh="登记将批量发送的信用分证明（持有人已授权）",
        body=exchange.BatchBody,
        reply=exchange.BatchProgress,
        errors=(*SIGNED, *BODY, *_MEMBER, "id_reused", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/attestation-batches/{batch_id}/lines",
        audience=Audience.CITY,
        operation_id="take_lines",
        summary="Send the next lines of a batch; the answer says where to go on",
        summary_zh="发送该批次的后续各行；答复指明从何处继续",
        content_type=NDJSON,
        reply=exchange.BatchProgress,
        query=(
            Query(
                name="from",
                type=Count,
                required=True,
                summary="How many lines come before the first of these",
                summary_zh="首行之前的行数",
            ),
        ),
        errors=(*SIGNED, *BODY, *_MEMBER, "not_found", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/attestation-batches/{batch_id}",
        audience=Audience.CITY,
        operation_id="show_batch",
        summary="See how far a batch of one's own has come",
        summary_zh="查看本城市批次的进度",
        reply=exchange.BatchProgress,
        errors=(*SIGNED, "malformed", "not_found", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/attestation-batches/{batch_id}/verdicts",
        audience=Audience.CITY,
        operation_id="list_verdicts",
        summary="See what became of each line, some at a time",
        summary_zh="分页查看每行的处理结果",
        reply=exchange.LineVerdicts,
        query=(
            Query(
                name="after",
                type=Count,
                summary="Only lines after this one",
                summary_zh="仅限该行之后",
            ),
        ),
        errors=(*SIGNED, "malformed", "not_found", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/statements/{period}",
        audience=Audience.CITY,
        operation_id="draw_statement",
        summary="See the statement of a month between two cities, one of them one's own",
        summary_zh="查看涉及本城市的月度对账单",
        reply=scenarios.Statement,
        query=(
            Query(
                name="home",
                type=CityCode,
                required=True,
                summary="The city that attested",
                summary_zh="归属城市",
            ),
            Query(
                name="host",
                type=CityCode,
                required=True,
                summary="The city that served",
                summary_zh="到访城市",
            ),
        ),
        errors=(*SIGNED, "malformed", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/membership",
        audience=Audience.CITY,
        operation_id="show_membership",
        summary="See how this city sees the caller: a check of keys and roster",
        summary_zh="查看本节点对调用城市的认定，用于核验密钥与名册",
        reply=http.Membership,
        errors=(*SIGNED, *ALWAYS),
    ),
)
