"""Special credit reports: signed, and as a page for people."""

from contracts.http import SpecialReportBody
from contracts.special_reports import DrawSpecialReport, ShowSpecialReport, SpecialReport
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call, Content
from services.gateway.html_pages import headers
from services.gateway.operators.report_page import report_page
from services.gateway.problems import language_of


class SpecialReports:
    """The page says what the signed report says; the signature counts."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def draw_special_report(self, call: Call[Operator, SpecialReportBody]) -> SpecialReport:
        command = DrawSpecialReport(
            report_id=call.path["report_id"],
            operator_id=call.caller.operator_id,
            **vars(call.body),
        )
        report: SpecialReport = self._bus.call(command, cause=call.cause)
        return report

    def show_special_report(self, call: Call[Operator, None]) -> SpecialReport:
        command = ShowSpecialReport(
            report_id=call.path["report_id"], operator_id=call.caller.operator_id
        )
        report: SpecialReport = self._bus.call(command, cause=call.cause)
        return report

    def show_report_page(self, call: Call[Operator, None]) -> Content:
        language = language_of(call.request)
        shown = report_page(self.show_special_report(call).content, language)
        return Content(shown, headers={"Content-Language": language, **headers()})
