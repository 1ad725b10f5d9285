"""The endpoints of erasure: asked for by a citizen, followed by whoever holds the receipt."""

from typing import Final

from contracts import erasures, http
from contracts.routes.route import Audience, Route

_ERRORS: Final = ("malformed", "unauthenticated", "forbidden", "unavailable", "internal")

ERASURES: Final = (
    Route(
        method="PUT",
        path="/v1/erasures/{erasure_id}",
        audience=Audience.CITIZEN,
        operation_id="erase_resident",
        summary="Be forgotten here and by every city told of one; the receipt shows how far it is",
        summary_zh="删除本人信息，并通知曾接收证明的城市；凭回执查询进度",
        reply=http.ErasureAnswer,
        errors=("bad_civil_id", "id_reused", *_ERRORS),
    ),
    Route(
        method="GET",
        path="/v1/erasures/{erasure_id}",
        audience=Audience.ERASED,
        operation_id="show_erasure",
        summary="See how many cities have forgotten the person, by the receipt",
        summary_zh="凭回执查看各城市的删除进度",
        reply=erasures.ErasureRecord,
        errors=("not_found", *_ERRORS),
    ),
)
