"""The coverage register: sources speak for themselves, everybody may read it."""

from typing import Final

from contracts import coverage, http
from contracts.access import Role, Scope
from contracts.routes.route import BODY, BUS, PATH, TOKEN, Audience, Route

_REPORTING: Final = (*TOKEN, *BODY, "item_not_live", "source_not_registered", *BUS)

COVERAGE: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/v1/evidence-items/{item_id}/coverage",
        audience=Audience.PUBLIC,
        operation_id="list_coverage",
        summary="See which sources have reported an item, and of which periods",
        summary_zh="查看目录项各来源的信息覆盖期间",
        reply=coverage.CoverageRecords,
        errors=(*PATH, *BUS),
    ),
    Route(
        method="PUT",
        path="/v1/evidence-items/{item_id}/coverage",
        audience=Audience.OPERATOR,
        scope=Scope.EVIDENCE,
        operation_id="report_coverage",
        summary="Say that one has reported everything of a period",
        summary_zh="声明本来源已完整报送某一期间的信息",
        body=http.CoverageBody,
        reply=coverage.CoverageRecords,
        errors=_REPORTING,
    ),
    Route(
        method="PUT",
        path="/v1/administration/evidence-items/{item_id}/coverage",
        audience=Audience.ADMINISTRATOR,
        scope=Role.CASEWORKER,
        operation_id="note_coverage",
        summary="Note that the city, or a source, has reported everything of a period",
        summary_zh="登记本市或某来源已完整报送某一期间的信息",
        body=http.SourceCoverageBody,
        reply=coverage.CoverageRecords,
        errors=_REPORTING,
    ),
)
