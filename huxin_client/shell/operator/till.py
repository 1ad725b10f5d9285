"""`huxin operator redeem` and what may follow: reverse, recall, deposit."""

from typing import Annotated
from uuid import UUID

import typer

from contracts.http import DepositBody, RecallBody, RedemptionBody, ReversalBody
from contracts.words import RecallReason
from huxin_client.shell.language import spoken
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, GrantId, NewId, Profile
from huxin_client.shell.screen import ask_secret, tell

Pass = Annotated[
    str,
    typer.Argument(
        help="The pass; left out (or -) it is asked for, or read from a pipe. On the command line"
        " others at this machine see it."
        " 权益码；缺省（或 -）时询问或从管道读取，写在命令行上则他人可见。"
    ),
]
Amount = Annotated[
    int | None,
    typer.Option(min=0, help="Price, sum to pay or deposit, in fen. 价款或押金（分）。"),
]
Minutes = Annotated[int | None, typer.Option(min=0, help="Of the ride or stay. 使用分钟数。")]
RedemptionId = Annotated[UUID, typer.Argument(help="The redemption's id. 核销编号。")]


def redeem(
    pass_token: Pass = "-",  # noqa: S107  a dash
    id: NewId = None,
    amount_fen: Amount = None,
    minutes: Minutes = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Use a pass once, and show what is owed and charged (核销权益码)."""
    with as_operator(profile) as operator:
        shown = ask_secret(spoken("pass", "权益码")) if pass_token == "-" else pass_token  # noqa: S105  a dash
        if not shown:
            raise ValueError(spoken("no pass", "未提供权益码"))
        use = RedemptionBody(pass_token=shown, amount_fen=amount_fen, minutes=minutes)
        tell(operator.redeem_pass(use, redemption_id=id), as_json=as_json)


def reverse(
    redemption_id: RedemptionId,
    id: NewId = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Take a redemption back, within the time its incentive allows (冲正核销)."""
    with as_operator(profile) as operator:
        body = ReversalBody(redemption_id=redemption_id)
        tell(operator.reverse_redemption(body, reversal_id=id), as_json=as_json)


def recall(
    grant_id: GrantId,
    reason: Annotated[RecallReason, typer.Option(help="Why. 收回原因。")],
    notice_days: Annotated[int, typer.Option(min=1, help="Of notice. 提前通知天数。")],
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Recall a grant of one's own, with notice to its holder (收回权益)."""
    with as_operator(profile) as operator:
        body = RecallBody(reason=reason, notice_days=notice_days)
        tell(operator.recall_grant(body, grant_id=grant_id), as_json=as_json)


def call_deposit(
    redemption_id: RedemptionId,
    called_fen: Annotated[int, typer.Option(min=0, help="0 gives it back. 追索金额（分）。")],
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Call a waived deposit, or give it back with 0 (追索或解除已免押金)."""
    with as_operator(profile) as operator:
        body = DepositBody(called_fen=called_fen)
        tell(operator.call_deposit(body, redemption_id=redemption_id), as_json=as_json)
