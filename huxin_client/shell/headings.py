"""What the columns of lists are called: in English by their fields' names, as in JSON."""

from typing import Final

from huxin_client.shell.language import spoken

CHINESE: Final = {
    "at": "时间",
    "attempts": "尝试次数",
    "by": "操作方",
    "client": "客户端",
    "client_id": "客户端编号",
    "code": "结果",
    "consent_id": "授权编号",
    "created_at": "创建时间",
    "decided_at": "决定时间",
    "decision_id": "决定编号",
    "delivery_id": "推送编号",
    "eligible": "可享",
    "error": "错误",
    "fact": "事项",
    "former_secrets_until": "旧密钥有效至",
    "funding": "资金来源",
    "grant_id": "权益编号",
    "incentive_id": "激励措施",
    "kind": "类型",
    "line": "行",
    "line_id": "明细编号",
    "lines": "条数",
    "minimum_tier": "最低联盟等级",
    "move": "流转",
    "note": "说明",
    "number": "序号",
    "outcome": "决定结果",
    "purposes": "目的",
    "reason": "原因",
    "reasons": "原因",
    "recipient": "接收方",
    "recognition_id": "互认编号",
    "rule_id": "规则",
    "scopes": "权限范围",
    "secret_since": "密钥启用于",
    "state": "状态",
    "title": "名称",
    "title.en": "说明（英文）",
    "title.zh": "说明（中文）",
    "title_en": "英文名称",
    "type": "类型",
    "until": "有效期至",
    "uses_left": "剩余次数",
    "value_fen": "金额（分）",
    "version": "版本",
    "version_state": "版本状态",
}


def heading(column: str) -> str:
    """Return the heading of a column; raise KeyError for one that has no Chinese."""
    return spoken(column, CHINESE[column])
