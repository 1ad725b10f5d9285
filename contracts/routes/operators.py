"""What an operator does: its scenarios, incentives, redemptions, webhook."""

from typing import Final

from contracts import http, scenarios
from contracts.routes.route import (
    ALWAYS,
    BODY,
    BUS,
    FORM,
    TOKEN,
    Audience,
    Route,
)

OPERATORS: Final = (
    Route(
        method="POST",
        path="/v1/oauth/token",
        audience=Audience.PUBLIC,
        operation_id="issue_token",
        summary="Get an access token by client credentials (RFC 6749 §4.4)",
        summary_zh="以客户端凭据换取访问令牌",
        body=http.TokenForm,
        content_type=FORM,
        reply=http.TokenAnswer,
        errors=("malformed", "unauthenticated", "too_large", "unsupported_media_type", *ALWAYS),
        refusal=http.TokenRefusal,
    ),
    Route(
        method="PUT",
        path="/v1/scenarios/{scenario_id}",
        audience=Audience.OPERATOR,
        operation_id="register_scenario",
        summary="Register a scenario of one's own",
        summary_zh="登记本机构的信用场景",
        body=http.ScenarioBody,
        reply=scenarios.ScenarioRecord,
        errors=(*TOKEN, *BODY, "not_found", "id_reused", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/incentives/{incentive_id}",
        audience=Audience.OPERATOR,
        operation_id="publish_incentive",
        summary="Offer an incentive, or a new version of it",
        summary_zh="发布激励措施或其新版本",
        body=http.IncentiveBody,
        reply=scenarios.IncentiveRecord,
        errors=(
            *TOKEN,
            *BODY,
            "not_found",
            "id_reused",
            "score_not_allowed",
            "legal_basis_missing",
            *BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/redemptions/{redemption_id}",
        audience=Audience.OPERATOR,
        operation_id="redeem_pass",
        summary="Use a pass once; every no is the same answer",
        summary_zh="核销权益码；任何否定结果均为同一答复",
        body=http.RedemptionBody,
        reply=scenarios.RedemptionRecord,
        errors=(*TOKEN, *BODY, "ordinary_terms", "id_reused", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/webhook",
        audience=Audience.OPERATOR,
        operation_id="set_webhook",
        summary="Say where to deliver events of one's grants",
        summary_zh="设置接收权益事件的地址",
        body=http.WebhookBody,
        reply=http.WebhookRecord,
        errors=(*TOKEN, *BODY, *ALWAYS),
    ),
)
