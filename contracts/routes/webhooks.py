"""What an operator does about its webhook: set it, see how it fares, have events sent again."""

from typing import Final

from contracts import http
from contracts.access import Scope
from contracts.fields import Identifier, PageSize
from contracts.routes.route import ALWAYS, BODY, PATH, TOKEN, Audience, Query, Route
from contracts.words import DeliveryState

WEBHOOKS: Final = (
    Route(
        method="PUT",
        path="/v1/webhook",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS,
        operation_id="set_webhook",
        summary="Say where to deliver events of one's grants; what rested goes out again",
        summary_zh="设置接收权益事件的地址；已停用的投递随之恢复",
        body=http.WebhookBody,
        reply=http.WebhookRecord,
        errors=(*TOKEN, *BODY, *ALWAYS),
    ),
    Route(
        method="GET",
        path="/v1/webhook",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS_READ,
        operation_id="show_webhook",
        summary="How one's webhook fares, and whether its deliveries rest",
        summary_zh="查看事件回调的状态，以及投递是否已停用",
        reply=http.WebhookStanding,
        errors=(*TOKEN, "not_found", *ALWAYS),
    ),
    Route(
        method="DELETE",
        path="/v1/webhook",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS,
        operation_id="remove_webhook",
        summary="Have nothing delivered any more",
        summary_zh="取消事件回调",
        kept=True,
        status=204,
        errors=(*TOKEN, *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/webhook/secrets/{rotation_id}",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS,
        operation_id="rotate_webhook_secret",
        summary="Get a new secret; for a day every delivery is signed by both",
        summary_zh="更换回调密钥；一天之内每次投递均以新旧两个密钥签名",
        reply=http.WebhookRecord,
        errors=(*TOKEN, *PATH, "not_found", *ALWAYS),
    ),
    Route(
        method="GET",
        path="/v1/webhook/deliveries",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS_READ,
        operation_id="list_deliveries",
        summary="One's deliveries of the last 30 days, newest first",
        summary_zh="最近 30 天的投递记录，由新到旧",
        reply=http.DeliveryRecords,
        query=(
            Query(
                name="state",
                type=DeliveryState,
                summary="Of this state only",
                summary_zh="仅限该状态",
            ),
            Query(
                name="cursor",
                type=Identifier,
                summary="After this delivery: the `next` of the page before",
                summary_zh="自该投递之后：上一页的 `next`",
            ),
            Query(
                name="limit",
                type=PageSize,
                summary="At most so many; 100 when left out",
                summary_zh="最多条数；省略则为 100",
            ),
        ),
        errors=(*TOKEN, *PATH, *ALWAYS),
    ),
    Route(
        method="GET",
        path="/v1/webhook/deliveries/{delivery_id}",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS_READ,
        operation_id="show_delivery",
        summary="What became of one delivery",
        summary_zh="查看单次投递",
        reply=http.DeliveryRecord,
        errors=(*TOKEN, *PATH, "not_found", *ALWAYS),
    ),
    Route(
        method="PUT",
        path="/v1/webhook/deliveries/{delivery_id}/replay",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS,
        operation_id="replay_delivery",
        summary="Send one again, under the same `webhook-id`",
        summary_zh="以相同的 `webhook-id` 重新投递一次",
        kept=True,
        reply=http.DeliveryRecord,
        errors=(*TOKEN, *PATH, "not_found", *ALWAYS),
    ),
    Route(
        method="POST",
        path="/v1/webhook/replay",
        audience=Audience.OPERATOR,
        scope=Scope.WEBHOOKS,
        operation_id="replay_parked_deliveries",
        summary="Send all again that were given up",
        summary_zh="重新投递全部已搁置的事件",
        kept=True,
        reply=http.WebhookReplay,
        errors=(*TOKEN, *ALWAYS),
    ),
)
