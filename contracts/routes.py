"""Every endpoint of the gateway: who may call it, what goes in, what comes out.

The Falcon application serves exactly these routes and the OpenAPI document is generated from them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from contracts import http, recognition, scenarios
from contracts.fields import CityCode, Count, Identifier, MonthName, NumericDate, Slug
from contracts.words import Category

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
JOSE: Final = "application/jose"
YAML: Final = "application/yaml"
NOTICE: Final = "application/secevent+jwt"
STATUS_LIST: Final = "application/statuslist+jwt"
SVG: Final = "image/svg+xml"
METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"

PATH_PARAMETERS: Final[dict[str, Any]] = {
    "attestation_id": Identifier,
    "consent_id": Identifier,
    "grant_id": Identifier,
    "incentive_id": Slug,
    "list": Count,
    "operator_id": Slug,
    "period": MonthName,
    "recognition_id": Identifier,
    "redemption_id": Identifier,
    "scenario_id": Slug,
}
"""What each parameter of a path may be; one name means one thing on every path."""

_PARAMETER = re.compile(r"{([a-z_]+)}")


class Audience(StrEnum):
    """Who an endpoint is for; each proves who they are in a way of their own."""

    CITIZEN = "citizen"  # at home: a token of the city's identity provider
    HOLDER = "holder"  # at a host: the session a recognition opened
    OPERATOR = "operator"  # an OAuth 2.0 access token
    ADMINISTRATOR = "administrator"  # an identity token with the role
    CITY = "city"  # an HTTP message signature (RFC 9421) by a key of the roster
    PUBLIC = "public"  # everyone


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query parameter; `type` is an annotated field type or a vocabulary."""

    name: str
    type: Any
    required: bool = False
    summary: str
    summary_zh: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """Invariant: what is not stated here is not served.  `errors` are codes of contracts.errors.

    `reply` is None when the answer is empty or no JSON.  `refusal` is the body of errors where it
    is not a Problem.
    """

    method: str
    path: str
    audience: Audience
    operation_id: str
    summary: str
    summary_zh: str
    body: type | None = None
    content_type: str = JSON
    reply: type | None = None
    status: int = 200
    reply_content_type: str = JSON
    query: tuple[Query, ...] = ()
    errors: tuple[str, ...] = ()
    refusal: type = http.Problem

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the path, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.content_type != JSON


_ALWAYS: Final = ("internal",)
_BUS: Final = ("unavailable", *_ALWAYS)
_PATH: Final = ("malformed",)
_BODY: Final = ("malformed", "too_large", "unsupported_media_type")
_TOKEN: Final = ("unauthenticated", "forbidden")
_CITIZEN: Final = (*_TOKEN, "bad_civil_id")
_SIGNED: Final = ("unauthenticated", "bad_signature", "forbidden")

_CITIZENS: Final = (
    Route(
        method="PUT",
        path="/v1/consents/{consent_id}",
        audience=Audience.CITIZEN,
        operation_id="give_consent",
        summary="Let one city learn band and tier, for named purposes, until a moment",
        summary_zh="授权某一城市在限定目的和期限内获知等级",
        body=http.ConsentBody,
        reply=recognition.ConsentRecord,
        errors=(*_CITIZEN, *_BODY, "recipient_not_member", "consent_over", "id_reused", *_BUS),
    ),
    Route(
        method="GET",
        path="/v1/consents",
        audience=Audience.CITIZEN,
        operation_id="list_consents",
        summary="See one's consents",
        summary_zh="查看本人的授权",
        reply=recognition.ConsentRecords,
        errors=(*_CITIZEN, *_BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/consents/{consent_id}",
        audience=Audience.CITIZEN,
        operation_id="withdraw_consent",
        summary="Withdraw a consent; what rests on it ends",
        summary_zh="撤回授权，并终止据此产生的证明与权益",
        reply=recognition.ConsentRecord,
        errors=(*_CITIZEN, *_PATH, "not_found", *_BUS),
    ),
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
            *_CITIZEN,
            *_BODY,
            "recipient_not_member",
            "consent_missing",
            "consent_withdrawn",
            "consent_over",
            "no_score",
            "key_not_usable",
            "stale_roster",
            "id_reused",
            *_BUS,
        ),
    ),
)

_VERIFICATION: Final = (
    "malformed_presentation",
    "wrong_type",
    "wrong_vct",
    "wrong_algorithm",
    "unknown_city",
    "city_not_online",
    "issuer_is_host",
    "unknown_key",
    "key_not_current",
    "bad_issuer_signature",
    "wrong_audience",
    "issued_in_future",
    "not_yet_valid",
    "expired",
    "lifetime_too_long",
    "no_holder_key",
    "bad_disclosure",
    "missing_claim",
    "unknown_crosswalk",
    "crosswalk_mismatch",
    "bad_key_binding",
    "challenge_unknown",
    "challenge_used",
    "challenge_expired",
    "status_unavailable",
    "status_invalid",
    "status_suspended",
    "score_too_old",
    "purpose_missing",
    "empty_policy",
    "stale_roster",
)

_HOLDERS: Final = (
    Route(
        method="POST",
        path="/v1/challenges",
        audience=Audience.PUBLIC,
        operation_id="open_challenge",
        summary="Get a nonce to present an attestation with",
        summary_zh="获取出示信用分证明所需的一次性随机数",
        reply=recognition.Challenge,
        status=201,
        errors=_BUS,
    ),
    Route(
        method="PUT",
        path="/v1/recognitions/{recognition_id}",
        audience=Audience.PUBLIC,
        operation_id="recognise_attestation",
        summary="Present an attestation; get a session when it is recognised",
        summary_zh="出示信用分证明；互认成功后取得会话",
        body=http.PresentationBody,
        reply=http.RecognitionAnswer,
        errors=(*_BODY, *_VERIFICATION, "recognition_ended", "id_reused", *_BUS),
    ),
    Route(
        method="GET",
        path="/v1/eligibility",
        audience=Audience.HOLDER,
        operation_id="show_eligibility",
        summary="See which incentives one may take, and why not the others",
        summary_zh="查看可享受的激励措施及不可享受的原因",
        reply=http.EligibilityAnswer,
        query=(
            Query(
                name="category",
                type=Category,
                summary="Only incentives of this category",
                summary_zh="仅限该类别的激励措施",
            ),
        ),
        errors=(
            *_TOKEN,
            "malformed",
            "recognition_ended",
            "not_yet_visible",
            *_ALWAYS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/grants/{grant_id}",
        audience=Audience.HOLDER,
        operation_id="issue_grant",
        summary="Take an incentive",
        summary_zh="领取权益",
        body=http.GrantBody,
        reply=scenarios.GrantRecord,
        errors=(
            *_TOKEN,
            *_BODY,
            "not_found",
            "not_recognised",
            "recognition_ended",
            "purpose_not_covered",
            "tier_below_minimum",
            "not_offered",
            "holder_limit_reached",
            "quota_exhausted",
            "budget_exhausted",
            "id_reused",
            "not_yet_visible",
            *_BUS,
        ),
    ),
    Route(
        method="GET",
        path="/v1/grants",
        audience=Audience.HOLDER,
        operation_id="list_grants",
        summary="See one's newest grants",
        summary_zh="查看本人最近的权益",
        reply=scenarios.GrantRecords,
        errors=(*_TOKEN, *_BUS),
    ),
    Route(
        method="GET",
        path="/v1/grants/{grant_id}",
        audience=Audience.HOLDER,
        operation_id="show_grant",
        summary="See one grant",
        summary_zh="查看一项权益",
        reply=scenarios.GrantRecord,
        errors=(*_TOKEN, *_PATH, "not_found", *_BUS),
    ),
    Route(
        method="GET",
        path="/v1/grants/{grant_id}/pass.svg",
        audience=Audience.HOLDER,
        operation_id="show_pass",
        summary="Get the pass of an open grant as a QR code",
        summary_zh="获取权益码（二维码）",
        reply_content_type=SVG,
        errors=(*_TOKEN, *_PATH, "not_found", *_BUS),
    ),
)

_OPERATORS: Final = (
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
        errors=("malformed", "unauthenticated", "too_large", "unsupported_media_type", *_ALWAYS),
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
        errors=(*_TOKEN, *_BODY, "not_found", "id_reused", *_BUS),
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
            *_TOKEN,
            *_BODY,
            "not_found",
            "id_reused",
            "score_not_allowed",
            "legal_basis_missing",
            *_BUS,
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
        errors=(*_TOKEN, *_BODY, "ordinary_terms", "id_reused", *_BUS),
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
        errors=(*_TOKEN, *_BODY, *_ALWAYS),
    ),
)

_ADMINISTRATORS: Final = (
    Route(
        method="PUT",
        path="/v1/operators/{operator_id}",
        audience=Audience.ADMINISTRATOR,
        operation_id="register_operator",
        summary="Admit an operator and make its client",
        summary_zh="准入场景运营方并建立其客户端",
        body=http.OperatorBody,
        reply=http.OperatorAdmitted,
        query=(
            Query(
                name="rotate",
                type=bool,
                summary="Make a new secret; the old one stops at once",
                summary_zh="更换密钥，旧密钥立即失效",
            ),
        ),
        errors=(*_TOKEN, *_BODY, "id_reused", *_BUS),
    ),
    Route(
        method="PUT",
        path="/v1/attestations/{attestation_id}/revocation",
        audience=Audience.ADMINISTRATOR,
        operation_id="revoke_attestation",
        summary="Take an attestation back and tell the host",
        summary_zh="撤销信用分证明并通知到访城市",
        body=http.RevocationBody,
        reply=recognition.Revocation,
        errors=(*_TOKEN, *_BODY, "not_found", *_BUS),
    ),
)

_CITIES: Final = (
    Route(
        method="POST",
        path="/v1/notices",
        audience=Audience.CITY,
        operation_id="receive_notice",
        summary="Push a signed notice (RFC 8935)",
        summary_zh="推送经签名的通知",
        content_type=NOTICE,
        status=202,
        errors=(*_SIGNED, *_BODY, "key_not_current", "wrong_audience", *_BUS),
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
        errors=(*_SIGNED, *_PATH, *_BUS),
    ),
    Route(
        method="GET",
        path="/v1/membership",
        audience=Audience.CITY,
        operation_id="show_membership",
        summary="See how this city sees the caller: a check of keys and roster",
        summary_zh="查看本节点对调用城市的认定，用于核验密钥与名册",
        reply=http.Membership,
        errors=(*_SIGNED, *_ALWAYS),
    ),
)

_EVERYONE: Final = (
    Route(
        method="GET",
        path="/v1/roster",
        audience=Audience.PUBLIC,
        operation_id="show_roster",
        summary="The alliance's signed roster, as this node goes by it",
        summary_zh="本节点所依据的联盟成员名册（经签名）",
        reply_content_type=JOSE,
        errors=_BUS,
    ),
    Route(
        method="GET",
        path="/v1/crosswalk",
        audience=Audience.PUBLIC,
        operation_id="show_crosswalk",
        summary="The alliance's crosswalk of bands and tiers",
        summary_zh="联盟等级对照表",
        reply_content_type=YAML,
        errors=_BUS,
    ),
    Route(
        method="GET",
        path="/v1/status-lists/{list}",
        audience=Audience.PUBLIC,
        operation_id="show_status_list",
        summary="A signed list of attestation states (Token Status List)",
        summary_zh="信用分证明状态列表（经签名）",
        reply_content_type=STATUS_LIST,
        query=(
            Query(
                name="time",
                type=NumericDate,
                summary="The past moment to show the list of; now when left out",
                summary_zh="查询该历史时刻的列表；省略则为当前列表",
            ),
        ),
        errors=(*_PATH, "not_found", "key_not_usable", *_BUS),
    ),
    Route(
        method="GET",
        path="/.well-known/jwt-vc-issuer",
        audience=Audience.PUBLIC,
        operation_id="show_issuer",
        summary="The keys that sign this city's attestations (SD-JWT VC §5)",
        summary_zh="本城市签发信用分证明的公钥",
        reply=http.IssuerMetadata,
        errors=_BUS,
    ),
    Route(
        method="GET",
        path="/openapi.json",
        audience=Audience.PUBLIC,
        operation_id="show_openapi",
        summary="This interface as an OpenAPI document",
        summary_zh="本接口的 OpenAPI 文档",
        errors=_ALWAYS,
    ),
    Route(
        method="GET",
        path="/health/live",
        audience=Audience.PUBLIC,
        operation_id="show_liveness",
        summary="Whether the process answers",
        summary_zh="进程是否存活",
        reply=http.HealthReport,
        errors=_ALWAYS,
    ),
    Route(
        method="GET",
        path="/health/ready",
        audience=Audience.PUBLIC,
        operation_id="show_readiness",
        summary="Whether every part can do its work; 503 with the reason when not",
        summary_zh="各部分是否就绪；未就绪时返回 503 及原因",
        reply=http.HealthReport,
        errors=_BUS,
        refusal=http.HealthReport,
    ),
    Route(
        method="GET",
        path="/metrics",
        audience=Audience.PUBLIC,
        operation_id="show_metrics",
        summary="Metrics in the Prometheus text format",
        summary_zh="Prometheus 文本格式的运行指标",
        reply_content_type=METRICS,
        errors=_ALWAYS,
    ),
)

ROUTES: Final[tuple[Route, ...]] = (
    *_CITIZENS,
    *_HOLDERS,
    *_OPERATORS,
    *_ADMINISTRATORS,
    *_CITIES,
    *_EVERYONE,
)
