"""`huxin operator redeem` and what may follow: reverse, recall, deposit."""

import sys
from typing import Annotated
from uuid import UUID

import typer

from contracts.http import DepositBody, RecallBody, RedemptionBody, ReversalBody
from contracts.words import RecallReason
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, NewId, Profile
from huxin_client.shell.screen import tell

Pass = Annotated[str, typer.Argument(help="The pass; - reads it from a pipe. 权益码。")]
Amount = Annotated[
    int | None,
    typer.Option(min=0, help="Price, sum to pay or deposit, in fen. 价款或押金（分）。"),
]
Minutes = Annotated[int | None, typer.Option(min=0, help="Of the ride or stay. 使用分钟数。")]
RedemptionId = Annotated[UUID, typer.Argument(help="The redemption's id. 核销编号。")]
GrantId = Annotated[UUID, typer.Argument(help="The grant's id. 权益编号。")]


def redeem(
    pass_token: Pass,
    id: NewId = None,
    amount_fen: Amount = None,
    minutes: Minutes = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Use a pass once, and show what is owed and charged (核销权益码)."""
    shown = sys.stdin.readline() if pass_token == "-" else pass_token  # noqa: S105  a dash
    with as_operator(profile) as operator:
        use = RedemptionBody(pass_token=shown.strip(), amount_fen=amount_fen, minutes=minutes)
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
