"""Who may do what: scopes of operators' clients (RFC 6749 §3.3), roles of the city's officials.

A route for operators asks for one scope, one for officials for one role (contracts/routes/);
contracts/access.csv lists who comes in where, and a test compares it with the running gateway.
"""

from enum import StrEnum
from typing import Final

from contracts.problems import Text


class Scope(StrEnum):
    """A group of what an operator may do; a client has some of them, a token some of those."""

    REDEMPTIONS = "redemptions"
    CATALOGUE = "catalogue"
    CATALOGUE_READ = "catalogue:read"
    STATEMENTS = "statements"
    WEBHOOKS = "webhooks"
    WEBHOOKS_READ = "webhooks:read"
    EVIDENCE = "evidence"
    SUBSTITUTIONS = "substitutions"
    SCREENINGS = "screenings"
    REPORTS = "reports"
    CLIENTS = "clients"


class Role(StrEnum):
    """What the city's identity provider says an official is; an administrator may everything."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    CASEWORKER = "caseworker"
    JURIST = "jurist"
    ACCOUNTANT = "accountant"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"


SCOPES: Final[dict[Scope, Text]] = {
    Scope.REDEMPTIONS: Text(
        "Redeem passes, reverse a redemption, call a deposit: all that a till does.",
        "核销权益码、冲正、追索押金：收银终端所需的全部权限。",
    ),
    Scope.CATALOGUE: Text(
        "Register scenarios; submit, publish, pause and withdraw incentives; recall grants.",
        "登记信用场景；提交、发布、暂停、撤回激励措施；收回权益。",
    ),
    Scope.CATALOGUE_READ: Text(
        "See one's incentives, their steps and what was given; try terms.",
        "查看本机构激励措施及其流转与发放情况；试算条件。",
    ),
    Scope.STATEMENTS: Text("See what one is owed.", "查看应得款项。"),
    Scope.WEBHOOKS: Text(
        "Say where events go, get the secret that signs them, have them sent again.",
        "设置事件回调地址、获取回调密钥、重新投递事件。",
    ),
    Scope.WEBHOOKS_READ: Text(
        "See how the webhook fares and what was delivered.", "查看事件回调状态与投递记录。"
    ),
    Scope.EVIDENCE: Text(
        "Enter evidence as a source, and say what was reported.", "作为信息来源录入信息并申报覆盖。"
    ),
    Scope.SUBSTITUTIONS: Text(
        "Let evidence take the place of deposits.", "办理以信用信息替代保证金等事项。"
    ),
    Scope.SCREENINGS: Text(
        "Look up statutory lists: tender checks and vettings.", "查询法定名单：招标核查与资格审核。"
    ),
    Scope.REPORTS: Text("Draw special credit reports.", "出具专项信用报告。"),
    Scope.CLIENTS: Text(
        "Make, limit and remove one's clients, and change their secrets.",
        "新增、限定、移除本机构的客户端，更换其密钥。",
    ),
}

ROLES: Final[dict[Role, Text]] = {
    Role.ADMINISTRATOR: Text("Everything.", "全部事项。"),
    Role.REVIEWER: Text(
        "Review, pause and withdraw incentives; recall grants.",
        "审核、暂停、撤回激励措施；收回权益。",
    ),
    Role.CASEWORKER: Text(
        "Evidence, disputes, repairs and objections; suspend and revoke attestations.",
        "信用信息、异议、修复与申辩；暂停、撤销信用分证明。",
    ),
    Role.JURIST: Text(
        "The evidence catalogue and the rules of substitution and screening.",
        "信用信息目录、替代规则与筛查规则。",
    ),
    Role.ACCOUNTANT: Text("Close and settle months.", "关账与结算。"),
    Role.REGISTRAR: Text("Admit operators, and give them clients.", "准入运营方并管理其客户端。"),
    Role.AUDITOR: Text("See everything, change nothing.", "查看全部事项，不作任何变更。"),
}


def let_in(scope: Scope | Role, *, reads: bool) -> tuple[str, ...]:
    """Return the words of which a caller needs one.

    For officials that is the role itself, `administrator`, and `auditor` where nothing is changed.
    """
    if isinstance(scope, Scope):
        return (scope,)
    others = (Role.AUDITOR, Role.ADMINISTRATOR) if reads else (Role.ADMINISTRATOR,)
    return tuple(dict.fromkeys((scope, *others)))
