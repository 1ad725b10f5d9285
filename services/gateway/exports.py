"""Lists as CSV (RFC 4180) that spreadsheets open without running anything in it."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final
from urllib.parse import urlencode

from contracts.routes.route import CSV, JSON
from contracts.schemas import schema_of
from contracts.words import ExportFormat, Titles
from services.gateway.calls import Call, Content

BOM: Final = "\ufeff"  # by which Excel knows UTF-8
VARIED: Final = {"Vary": "Accept"}
"""What a cache must know of an answer that may be CSV as well."""

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""

ZH: Final[Mapping[str, str]] = {
    "line_id": "明细编号",
    "grant_id": "权益编号",
    "attestation_id": "证明编号",
    "incentive_id": "激励措施",
    "fact": "事实",
    "value_fen": "金额（分）",
    "at": "时间",
    "funding": "资金来源",
    "host": "到访城市",
    "home": "归属城市",
    "period": "所属月份",
    "kind": "差异类型",
    "field": "差异字段",
    "here": "本方",
    "there": "对方",
    "lines": "条数",
    "counter": "指标",
    "title": "名称",
    "title_en": "英文名称",
    "value": "数值",
    "of": "总数",
    "target": "目标",
    "reached": "是否达标",
    "label": "分类",
}

TRUTHS: Final = {Titles.EN: ("no", "yes"), Titles.ZH: ("否", "是")}


def wants_csv(call: Call[Any, None]) -> bool:
    """Say whether CSV is asked for: by the query, else by the Accept header (RFC 9110 §12.5.1)."""
    if call.query.get("format") is not None:
        return bool(call.query["format"] is ExportFormat.CSV)
    return call.request.client_prefers((JSON, "text/csv")) == "text/csv"


def csv_answer(call: Call[Any, None], kind: type, rows: Iterable[Any], *, limit: int) -> Content:
    """Answer with a page of rows; a full one links to the next (RFC 8288)."""
    listed = list(rows)
    text = csv_text(kind, listed, titles=call.query["titles"], bom=bool(call.query["bom"]))
    headers = {"Content-Type": CSV, **VARIED}
    if len(listed) >= limit and (last := getattr(listed[-1], "line_id", None)) is not None:
        given = {**call.request.params, "after": str(last)}
        headers["Link"] = f'<{call.request.path}?{urlencode(given)}>; rel="next"'
    return Content(text.encode(), headers=headers)


def csv_text(kind: type, rows: Iterable[Any], *, titles: Titles | None, bom: bool = False) -> str:
    """Write rows of one class under its fields' names."""
    names = [field.name for field in fields(kind)]
    schema = schema_of(kind)
    written = io.StringIO()
    if bom:
        written.write(BOM)
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(ZH.get(name, name) if titles is Titles.ZH else name for name in names)
    for row in rows:
        said = schema.dump(row)
        writer.writerow([_cell(said.get(name), titles) for name in names])
    return written.getvalue()


def _cell(value: Any, titles: Titles | None) -> Any:
    if isinstance(value, bool):
        return TRUTHS[titles or Titles.EN][value]
    return harmless(value)


def harmless(value: Any) -> Any:
    """Return a value as it may stand in a cell: a text that looks like a formula is quoted."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value
