"""A special credit report for people: plain HTML without scripts, in Chinese or English."""

from datetime import datetime
from typing import Any, Final

from contracts.coverage import CoverageRecord
from contracts.fact_lines import FactLine
from contracts.periods import HOST_TIME
from contracts.special_reports import ReportContent, ReportLine, ReportSpan
from contracts.states import SpanState
from services.gateway.html_pages import page

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "title": "专项信用报告",
        "organisation": "统一社会信用代码：",
        "span": "报告期间：",
        "drawn": "出具时间：",
        "covered": "信息来源：",
        "period": "期间",
        "found": "查询结果",
        "source": "{source}：{periods}（{reported_at} 报送）",
        "city": "本市",
        "no_source": "无信息来源",
        "facts": "有记录",
        "no_record": "所覆盖来源中无记录",
        "not_covered": "未覆盖，不代表没有记录",
        "partly": "本期未全部覆盖",
        "fact": "{issuer}，{number}，{day}",
        "note": "本页供阅读；以经本市签名的报告文件为准。本报告不含任何信用分。",
    },
    "en": {
        "title": "Special credit report",
        "organisation": "Unified social credit code: ",
        "span": "Period: ",
        "drawn": "Drawn at: ",
        "covered": "Sources: ",
        "period": "Period",
        "found": "Result",
        "source": "{source}: {periods} (reported {reported_at})",
        "city": "the city",
        "no_source": "no source",
        "facts": "on record",
        "no_record": "no record in the sources that cover it",
        "not_covered": "not covered; this does not mean none",
        "partly": "not all of this period is covered",
        "fact": "{issuer}, {number}, {day}",
        "note": "This page is for reading; the report signed by the city counts. It has no score.",
    },
}


def report_page(report: ReportContent, language: str) -> bytes:
    """Return the page; English when asked for, else Chinese."""
    lang = "en" if language == "en" else "zh"
    return page(
        "report.html",
        language=lang,
        texts=_TEXTS[lang],
        code=report.organisation,
        since=_day(report.since),
        until=_day(report.until),
        at=report.drawn_at.astimezone(HOST_TIME).strftime("%Y-%m-%d %H:%M"),
        lines=[_line(line, lang) for line in report.lines],
    )


def _line(line: ReportLine, lang: str) -> dict[str, Any]:
    texts = _TEXTS[lang]
    return {
        "title": line.title_en if lang == "en" else line.title,
        "sources": "; ".join(_coverage(each, texts) for each in line.coverage)
        or texts["no_source"],
        "spans": [_span(span, texts) for span in line.spans],
    }


def _coverage(coverage: CoverageRecord, texts: dict[str, str]) -> str:
    periods = ", ".join(f"{_day(each.since)} – {_day(each.until)}" for each in coverage.periods)
    source = texts["city"] if coverage.source is None else coverage.source
    return texts["source"].format(
        source=source, periods=periods, reported_at=_day(coverage.reported_at)
    )


def _span(span: ReportSpan, texts: dict[str, str]) -> dict[str, Any]:
    on_record = span.state is SpanState.FACTS
    return {
        "since": _day(span.since),
        "until": _day(span.until),
        "said": texts[span.state.value],
        "facts": [_fact(fact, texts) for fact in span.facts] if on_record else [],
        "partly": on_record and bool(span.gaps),
    }


def _fact(fact: FactLine, texts: dict[str, str]) -> str:
    return texts["fact"].format(issuer=fact.issuer, number=fact.document_number, day=fact.issued_on)


def _day(moment: datetime) -> str:
    return moment.astimezone(HOST_TIME).strftime("%Y-%m-%d")
