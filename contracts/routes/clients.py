"""An operator's clients, managed by itself or by the city: a till that only redeems, an office."""

from typing import Final

from contracts import http
from contracts.access import Role, Scope
from contracts.routes.route import ALWAYS, BODY, PATH, TOKEN, Audience, Route

_OWN: Final = (
    Route(
        method="GET",
        path="/v1/clients",
        audience=Audience.OPERATOR,
        scope=Scope.CLIENTS,
        operation_id="list_own_clients",
        summary="See one's clients and what each may",
        summary_zh="查看本机构的客户端及其权限范围",
        reply=http.ClientRecords,
        errors=(*TOKEN, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/clients/{client}",
        audience=Audience.OPERATOR,
        scope=Scope.CLIENTS,
        operation_id="set_own_client",
        summary="Make a client of one's own, or say anew what it may; tokens from before end",
        summary_zh="新增本机构客户端，或调整其权限范围（此前的令牌随即失效）",
        body=http.ClientBody,
        reply=http.ClientMade,
        errors=(*TOKEN, *BODY, "limit_reached", *ALWAYS),
    ),
    Route(
        method="DELETE",
        path="/v1/clients/{client}",
        audience=Audience.OPERATOR,
        scope=Scope.CLIENTS,
        operation_id="remove_own_client",
        summary="Remove a client of one's own; its tokens end with it",
        summary_zh="移除本机构客户端，其令牌随即失效",
        status=204,
        errors=(*TOKEN, *PATH, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/clients/{client}/secrets/{rotation_id}",
        audience=Audience.OPERATOR,
        scope=Scope.CLIENTS,
        operation_id="rotate_own_client_secret",
        summary="Get a new secret, shown once; the one before is good for another day",
        summary_zh="更换客户端密钥（仅显示一次），旧密钥一天之内仍有效",
        reply=http.ClientMade,
        errors=(*TOKEN, *PATH, "not_found", "limit_reached", *ALWAYS),
    ),
    Route(
        method="DELETE",
        path="/v1/clients/{client}/former-secrets",
        audience=Audience.OPERATOR,
        scope=Scope.CLIENTS,
        operation_id="stop_own_former_secrets",
        summary="Stop all secrets but the newest at once, and the tokens given until now",
        summary_zh="立即停用除最新密钥外的全部密钥及此前签发的令牌",
        reply=http.ClientRecord,
        errors=(*TOKEN, *PATH, "not_found", *ALWAYS),
    ),
)

_OPERATORS: Final = (
    Route(
        method="GET",
        path="/v1/operators/{operator_id}/clients",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="list_clients",
        summary="See an operator's clients and what each may",
        summary_zh="查看某运营方的客户端及其权限范围",
        reply=http.ClientRecords,
        errors=(*TOKEN, *PATH, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/operators/{operator_id}/clients/{client}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="set_client",
        summary="Make a client of an operator, or say anew what it may; tokens from before end",
        summary_zh="为运营方新增客户端，或调整其权限范围（此前的令牌随即失效）",
        body=http.ClientBody,
        reply=http.ClientMade,
        errors=(*TOKEN, *BODY, "not_found", "limit_reached", *ALWAYS),
    ),
    Route(
        method="DELETE",
        path="/v1/operators/{operator_id}/clients/{client}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="remove_client",
        summary="Remove an operator's client; its tokens end with it",
        summary_zh="移除运营方客户端，其令牌随即失效",
        status=204,
        errors=(*TOKEN, *PATH, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/operators/{operator_id}/clients/{client}/secrets/{rotation_id}",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="rotate_client_secret",
        summary="Get a new secret for a client, shown once; the one before is good for another day",
        summary_zh="更换客户端密钥（仅显示一次），旧密钥一天之内仍有效",
        reply=http.ClientMade,
        errors=(*TOKEN, *PATH, "not_found", "limit_reached", *ALWAYS),
    ),
    Route(
        method="DELETE",
        path="/v1/operators/{operator_id}/clients/{client}/former-secrets",
        audience=Audience.ADMINISTRATOR,
        scope=Role.REGISTRAR,
        operation_id="stop_former_secrets",
        summary="Stop all secrets of a client but the newest at once, and its tokens until now",
        summary_zh="立即停用除最新密钥外的全部密钥及此前签发的令牌",
        reply=http.ClientRecord,
        errors=(*TOKEN, *PATH, "not_found", *ALWAYS),
    ),
)

CLIENTS: Final = (*_OWN, *_OPERATORS)
