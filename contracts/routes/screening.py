"""The endpoints of screenings and vettings: for officials, operators, holders and everybody."""

from typing import Final

from contracts import http, screening, vettings
from contracts.access import Role, Scope
from contracts.routes.route import AFTER, BODY, BUS, PATH, TOKEN, Audience, Route

_ADMINISTRATORS: Final = (
    Route(
        method="PUT",
        path="/v1/screening-rules/{rule_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.JURIST,
        operation_id="register_screening_rule",
        summary="Register a screening rule with its legal basis; it can ask for no score",
        summary_zh="登记筛查规则及其法律依据；不得以信用分为条件",
        body=http.ScreeningRuleBody,
        reply=screening.ScreeningRuleRecord,
        errors=(
            *TOKEN,
            *BODY,
            "not_found",
            "wrong_kind",
            "id_reused",
            "score_not_allowed",
            "legal_basis_missing",
            *BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/screening-rules/{rule_id}/activation",
        audience=Audience.ADMINISTRATOR,
        scope=Role.JURIST,
        operation_id="activate_screening_rule",
        summary="Let a screening rule decide in its scenario, instead of the one before",
        summary_zh="启用筛查规则，取代该场景原有规则",
        kept=True,
        reply=screening.ScreeningRuleRecord,
        errors=(*TOKEN, *PATH, "not_found", "id_reused", "legal_basis_missing", *BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/screening-rules/{rule_id}/activation",
        audience=Audience.ADMINISTRATOR,
        scope=Role.JURIST,
        operation_id="stop_screening_rule",
        summary="Let a screening rule decide no more",
        summary_zh="停用筛查规则",
        kept=True,
        reply=screening.ScreeningRuleRecord,
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
    Route(
        method="POST",
        path="/v1/administration/screenings",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        reads=True,
        operation_id="list_screenings",
        summary="See who looked a subject up and why, a hundred at a time",
        summary_zh="查看某主体被查询的记录，每页一百项",
        body=http.ScreenedBody,
        reply=screening.ScreeningEntries,
        errors=(*TOKEN, *BODY, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/vettings/{vetting_id}/decision",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="decide_objection",
        summary="Decide an objection to a finding",
        summary_zh="对审核结果异议作出决定",
        body=http.ObjectionDecisionBody,
        reply=vettings.VettingRecord,
        errors=(*TOKEN, *BODY, "not_found", "already_decided", *BUS),
    ),
)

_OPERATORS: Final = (
    Route(
        method="PUT",
        path="/v1/screenings/{screening_id}",
        audience=Audience.OPERATOR,
        scope=Scope.SCREENINGS,
        operation_id="screen",
        summary="Look a subject up on the statutory lists of one's scenario",
        summary_zh="依法定名单对主体进行筛查",
        body=http.ScreeningBody,
        reply=screening.ScreeningRecord,
        errors=(*TOKEN, *BODY, "not_found", "wrong_kind", "id_reused", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/vettings/{vetting_id}",
        audience=Audience.OPERATOR,
        scope=Scope.SCREENINGS,
        operation_id="open_vetting",
        summary="Vet a holder: propose what the statutory lists say, without effect yet",
        summary_zh="发起个人信用审核：提出拟认定结果，暂不生效",
        body=http.VettingBody,
        reply=vettings.VettingRecord,
        errors=(*TOKEN, *BODY, "not_found", "wrong_kind", "id_reused", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/vettings/{vetting_id}",
        audience=Audience.OPERATOR,
        scope=Scope.SCREENINGS,
        operation_id="show_vetting",
        summary="See where a vetting stands",
        summary_zh="查看审核进展",
        reply=vettings.VettingRecord,
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/vettings/{vetting_id}/notice",
        audience=Audience.OPERATOR,
        scope=Scope.SCREENINGS,
        operation_id="serve_finding",
        summary="Say that the holder was told; the days to object begin",
        summary_zh="确认已告知本人，异议期开始计算",
        reply=vettings.VettingRecord,
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
)

_HOLDERS: Final = (
    Route(
        method="GET",
        path="/v1/session/screenings",
        audience=Audience.HOLDER,
        operation_id="list_own_screenings",
        summary="See who looked oneself up, and why",
        summary_zh="查看本人被查询的记录",
        reply=screening.ScreeningEntries,
        query=(AFTER,),
        errors=(*TOKEN, *PATH, *BUS),
    ),
    Route(
        method="GET",
        path="/v1/session/vettings",
        audience=Audience.HOLDER,
        operation_id="list_vettings",
        summary="See what was found about oneself, and until when one may object",
        summary_zh="查看对本人的审核结果及异议期限",
        reply=vettings.VettingRecords,
        errors=(*TOKEN, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/session/vettings/{vetting_id}/objection",
        audience=Audience.HOLDER,
        operation_id="object_to_finding",
        summary="Object; nothing has effect until the city has decided",
        summary_zh="提出异议；决定作出前不生效",
        body=http.ObjectionBody,
        reply=vettings.VettingRecord,
        errors=(*TOKEN, *BODY, "not_found", "objection_too_late", *BUS),
    ),
)

_EVERYONE: Final = (
    Route(
        method="GET",
        path="/v1/screening-rules/{rule_id}",
        audience=Audience.PUBLIC,
        operation_id="show_screening_rule",
        summary="Read a screening rule and its legal basis",
        summary_zh="查阅筛查规则及其法律依据",
        reply=screening.ScreeningRuleRecord,
        errors=(*PATH, "not_found", *BUS),
    ),
)

SCREENING: Final[tuple[Route, ...]] = (*_ADMINISTRATORS, *_OPERATORS, *_HOLDERS, *_EVERYONE)
