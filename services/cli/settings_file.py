"""node.toml: every setting of a node with its meaning in two languages."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

from services.cli.parts import PARTS

HEAD: Final = """\
# Settings of one Huxin node.  HUXIN_<NAME> in the environment overrides a line.
# 互信节点设置。环境变量 HUXIN_<NAME> 优先于本文件。
"""

# name → (English, Chinese), in the order in which an operator thinks of them
MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "city": ("GB/T 2260 code of this city", "本市行政区划代码"),
    "gateway_url": (
        "public address of this gateway, exactly as the roster has it",
        "网关公网地址，须与成员名册完全一致",
    ),
    "identity_issuer": (
        "`iss` of the tokens of the city's identity provider",
        "本市统一身份认证令牌的签发方（iss）",
    ),
    "identity_keys_file": (
        "its public keys, a JWK Set; read again when it changes",
        "统一身份认证的公钥（JWK Set）",
    ),
    "bus_url": (
        "amqp://user:password@server:5672// or inprocess://localhost/<name>",
        "消息总线：RabbitMQ，或进程内总线",
    ),
    "recognition_database": (
        "postgresql://user:password@server/name or sqlite:///file",
        "互认服务数据库",
    ),
    "scenarios_database": (
        "likewise for scenarios; one database per service",
        "场景服务数据库，各服务独立",
    ),
    "gateway_database": ("likewise for the gateway", "网关数据库"),
    "keys_directory": (
        "the private keys; back them up, mode 600",
        "私钥目录；须备份，权限 600",
    ),
    "roster_file": (
        "the alliance's signed roster; pseudonym-keys.jws lies beside it",
        "联盟签名的成员名册；假名密钥文件 pseudonym-keys.jws 在同一目录",
    ),
    "alliance_urls": (
        "addresses that serve newer ones under /v1/, by commas: the alliance's, any gateway's",
        "提供更新版本的地址（/v1/ 之下），以逗号分隔：联盟或任一网关",
    ),
    "alliance_keys_file": (
        "the alliance's public keys, a JWK Set with a `threshold`; check it by another channel",
        "联盟公钥（JWK Set）及签名门限 threshold，须另经可靠渠道核对",
    ),
    "crosswalks_directory": (
        "signed crosswalks (*.jws), the alliance's and this city's bilateral ones",
        "经签名的等级对照表与双边约定（*.jws）所在目录",
    ),
    "consent_texts_file": (
        "what residents are shown before they consent; the city's own, read again when it changes",
        "本市授权文本，变更后自动重新读取",
    ),
    "scores_file": (
        "CSV civil_id,score,as_of by the city's scoring system; never leaves the node",
        "本市信用分（CSV），不出节点",
    ),
    "facts_file": (
        "CSV of the facts behind the scores (docs/operations.md); never leaves the node",
        "信用分所依据的信息（CSV），不出节点",
    ),
    "fact_months_minor": (
        "minor facts: months until a repair, and until they stop to count",
        "轻微失信：可修复的最短月数、停止计分的最长月数",
    ),
    "fact_months_general": ("general facts, likewise", "一般失信，同上"),
    "fact_months_serious": ("serious facts, likewise", "严重失信，同上"),
    "dispute_working_days": (
        "working days in which a dispute is to be decided",
        "异议办理期限（工作日）",
    ),
    "repair_working_days": (
        "working days in which a repair is to be decided",
        "信用修复办理期限（工作日）",
    ),
    "holidays": ("days of the week that are free, by date", "放假的工作日（日期列表）"),
    "worked_days": ("weekend days that are worked, by date", "调休上班的周末（日期列表）"),
    "http_host": ("address to listen at", "监听地址"),
    "http_port": ("port to listen at; TLS ends in front of it", "监听端口；TLS 由前端代理终结"),
    "log_level": ("DEBUG, INFO, WARNING or ERROR", "日志级别"),
    "attestation_days": ("how long an attestation lives, 1 to 31", "证明有效天数，1 至 31"),
    "score_days": (
        "how old the score behind an attestation may be",
        "据以出具证明的信用分最长天数",
    ),
    "roster_seconds": (
        "seconds between looks for a new roster, and for a key that may sign again",
        "查找新名册及可用密钥的间隔（秒）",
    ),
    "usage_seconds": (
        "seconds between notices of usage to the home cities, above 0 and at most 3600",
        "向归属城市报送使用明细的间隔（秒），大于 0，至多 3600",
    ),
    "score_check_seconds": (
        "seconds between looks whether the scores behind attestations changed",
        "检查证明所依据的信用分是否变动的间隔（秒）",
    ),
    "processing_record_years": (
        "how long it stays on record what was processed and why, 3 or more",
        "个人信息处理记录的保存年数，不少于 3 年",
    ),
    "reservation_minutes": ("how long a reservation of a grant is held", "权益预留的分钟数"),
    "decision_days": (
        "days for which a decision of scenarios is kept with what it rested on",
        "场景决定及其依据的保存天数",
    ),
    "refused_decision_days": (
        "the same of a refusal, and of the counts of refused redemptions",
        "未授予决定及核销被拒次数的保存天数",
    ),
    "status_grace_seconds": (
        "how long past its end a partner's status list is believed while it is offline",
        "对方城市离线时，其状态列表过期后仍可采信的秒数",
    ),
    "status_freshness": (
        "rules for single categories instead: finance=age:600, transport=grace:86400",
        "个别类别另定规则：签发不早于若干秒（age），或过期后可采信的秒数（grace）",
    ),
    "smallest_cell": (
        "the least that public numbers tell; a smaller one is suppressed",
        "公开数字的最小值，小于该值的不予公开",
    ),
    "districts": (
        "GB/T 2260 codes of the city's districts, which the plan's counters all list",
        "本市各区、县（市）代码，逗号分隔；年度指标逐一列出",
    ),
    "visibility_wait": (
        "seconds a reader waits for their own recognition to arrive",
        "等待本人互认结果可见的秒数",
    ),
    "person_requests_per_minute": (
        "requests that one citizen or holder may make in a minute, to each worker",
        "每位市民每分钟可发出的请求数（按每个进程计）",
    ),
    "operator_requests_per_minute": (
        "the same of one operator, or one administrator",
        "每个运营方或管理员，同上",
    ),
    "city_requests_per_minute": ("the same of one partner city", "每个对方城市，同上"),
    "delivery_attempts": ("attempts before a delivery is parked", "投递搁置前的尝试次数"),
    "delivery_first_delay": (
        "seconds before the second attempt; doubled each time",
        "首次重试前的秒数，逐次加倍",
    ),
    "delivery_longest_delay": ("no longer than that", "重试间隔上限（秒）"),
    "delivery_timeout": ("seconds an attempt may take", "单次投递超时（秒）"),
    "delivery_poll": ("seconds between looks for what is due", "检查到期投递的间隔（秒）"),
    "breaker_failures": (
        "failures in a row before a destination rests",
        "连续失败多少次后暂停该目的地",
    ),
    "breaker_rest": ("seconds a destination rests", "暂停秒数"),
    "poll_seconds": (
        "seconds between looks for notices that wait at other cities",
        "向其他城市拉取通知的间隔秒数",
    ),
    "webhooks_to_private_addresses": (
        "also deliver webhooks inside this network and without TLS; only to try things",
        "允许向内网地址且不经 TLS 投递回调；仅供试用",
    ),
}


def defaults() -> dict[str, Any]:
    """Return every setting that a node reads, with its default, or MISSING."""
    declared = [field for part in PARTS.values() for field in fields(part.settings)]
    found: dict[str, Any] = {field.name: field.default for field in declared}
    return {name: found[name] for name in sorted(found)}


def settings_text(values: Mapping[str, str]) -> str:
    """Write a settings file; what has no value stands there as a comment with its default."""
    known = defaults()
    lines = [HEAD]
    for name, (english, chinese) in MEANINGS.items():
        lines.append(f"# {english}\n# {chinese}")
        if name in values:
            lines.append(f"{name} = {json.dumps(values[name], ensure_ascii=False)}\n")
        else:
            default = "" if known[name] is MISSING else json.dumps(known[name])
            lines.append(f"# {name} = {default}\n")
    return "\n".join(lines)
