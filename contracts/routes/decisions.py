"""Why decisions came out as they did, for whom they are about."""

from typing import Final

from contracts import http
from contracts.routes.route import AFTER, BUS, PATH, TOKEN, Audience, Route

DECISIONS: Final = (
    Route(
        method="GET",
        path="/v1/decisions",
        audience=Audience.HOLDER,
        operation_id="list_decisions",
        summary="See the newest decisions about oneself, granted and refused, fifty at a time",
        summary_zh="查看有关本人的最近决定（含未授予），每页五十项",
        reply=http.DecisionsAnswer,
        query=(AFTER,),
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/decisions/{decision_id}",
        audience=Audience.HOLDER,
        operation_id="explain_decision",
        summary="See why a decision about oneself came out as it did, and what helps",
        summary_zh="查看有关本人的决定的理由及下一步",
        reply=http.DecisionAnswer,
        errors=(*TOKEN, *PATH, "not_found", *BUS),
    ),
)
