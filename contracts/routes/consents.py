"""The endpoints of consent at home: read what it is to, give it, see it, withdraw it."""

from typing import Final

from contracts import consents, recognition
from contracts.fields import CityCode, Identifier, Moment, PageSize
from contracts.routes.route import (
    BODY,
    BUS,
    CITIZEN,
    Audience,
    Query,
    Route,
)
from contracts.words import Category

_PAGE: Final = (
    Query(
        name="after",
        type=Identifier,
        summary="Those that follow it; `next` of the page before",
        summary_zh="上一页的 next，取其后的条目",
    ),
    Query(
        name="limit",
        type=PageSize,
        summary="At most so many; 50 when left out",
        summary_zh="每页条数，缺省为 50",
    ),
)

CONSENTS: Final = (
    Route(
        method="GET",
        path="/v1/consent-text",
        audience=Audience.PUBLIC,
        operation_id="show_consent_text",
        summary="The text to show before consent, in the language of Accept-Language",
        summary_zh="授权前应向本人展示的文本，语言依 Accept-Language",
        reply=consents.ConsentTextAnswer,
        query=(
            Query(
                name="recipient",
                type=CityCode,
                required=True,
                summary="The one city that would learn band and tier",
                summary_zh="接收方城市（仅限一个）",
            ),
            Query(
                name="purpose",
                type=Category,
                required=True,
                many=True,
                summary="Each purpose; to be repeated",
                summary_zh="授权目的，可重复",
            ),
            Query(
                name="until",
                type=Moment,
                required=True,
                summary="The end of the consent",
                summary_zh="授权截止时间",
            ),
        ),
        errors=(
            "malformed",
            "recipient_not_member",
            "recipient_not_assessed",
            "consent_text_not_in_force",
            *BUS,
        ),
    ),
    Route(
        method="PUT",
        path="/v1/consents/{consent_id}",
        audience=Audience.CITIZEN,
        operation_id="give_consent",
        summary="Let one city learn band and tier, for named purposes, until a moment",
        summary_zh="授权某一城市在限定目的和期限内获知等级",
        body=consents.ConsentBody,
        reply=recognition.ConsentRecord,
        errors=(
            *CITIZEN,
            *BUS,
            *BODY,
            "recipient_not_member",
            "recipient_not_assessed",
            "consent_text_unknown",
            "consent_text_not_in_force",
            "consent_text_differs",
            "id_reused",
        ),
    ),
    Route(
        method="GET",
        path="/v1/consents",
        audience=Audience.CITIZEN,
        operation_id="list_consents",
        summary="See one's consents, newest first",
        summary_zh="查看本人的授权，由新到旧",
        reply=recognition.ConsentRecords,
        query=_PAGE,
        errors=(*CITIZEN, "malformed", *BUS),
    ),
    Route(
        method="GET",
        path="/v1/consents/export",
        audience=Audience.CITIZEN,
        operation_id="export_consents",
        summary="One's own copy of everything recorded about one's consents (PIPL 45)",
        summary_zh="复制本人全部授权记录（个人信息保护法第四十五条）",
        reply=consents.ConsentExport,
        errors=(*CITIZEN, *BUS),
    ),
    Route(
        method="GET",
        path="/v1/consents/{consent_id}",
        audience=Audience.CITIZEN,
        operation_id="show_consent",
        summary="See one consent: the text it was given to, and the attestations under it",
        summary_zh="查看一项授权：所同意的文本及据此出具的证明",
        reply=consents.ConsentDetail,
        query=_PAGE,
        errors=(*CITIZEN, "malformed", "not_found", *BUS),
    ),
    Route(
        method="DELETE",
        path="/v1/consents/{consent_id}",
        audience=Audience.CITIZEN,
        operation_id="withdraw_consent",
        summary="Withdraw a consent; what rests on it ends",
        summary_zh="撤回授权，并终止据此产生的证明与权益",
        reply=recognition.ConsentRecord,
        errors=(*CITIZEN, "malformed", "not_found", *BUS),
    ),
)
