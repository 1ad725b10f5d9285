"""What terms would decide, asked before they are published."""

from typing import Final

from contracts import http, trials
from contracts.access import Role, Scope
from contracts.routes.route import BODY, BUS, TOKEN, Audience, Route

_ERRORS: Final = (*TOKEN, *BODY, "not_found", *BUS)

TRIALS: Final = (
    Route(
        method="POST",
        path="/v1/incentives/{incentive_id}/dry-run",
        audience=Audience.OPERATOR,
        scope=Scope.CATALOGUE_READ,
        operation_id="try_incentive",
        summary="See what terms of one's own would decide on samples; nothing is kept",
        summary_zh="以样例试算本机构激励条件的结果，不保存任何内容",
        body=http.TrialBody,
        reply=trials.TrialRecord,
        errors=_ERRORS,
    ),
    Route(
        method="POST",
        path="/v1/administration/incentives/{incentive_id}/dry-run",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REVIEWER,
        reads=True,
        operation_id="try_any_incentive",
        summary="See what terms would decide on samples; nothing is kept",
        summary_zh="以样例试算激励条件的结果，不保存任何内容",
        body=http.TrialBody,
        reply=trials.TrialRecord,
        errors=_ERRORS,
    ),
)
