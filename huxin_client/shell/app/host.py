"""`huxin app present` and what a holder does at a host by the session it opens."""

from json import dumps
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from contracts.http import DecisionAnswer, GrantBody
from contracts.problems import Text
from contracts.words import Category
from huxin_client import Holder, pages
from huxin_client.shell.app.home import City
from huxin_client.shell.app.wallet import WalletFile, open_wallet
from huxin_client.shell.language import spoken
from huxin_client.shell.options import AsJson, GrantId, NewId
from huxin_client.shell.private import privately
from huxin_client.shell.screen import plain_answers, say, tell, tell_all

HINTS: Final = {
    "unauthenticated": Text(
        "The session is over: `huxin app present` opens another.",
        "会话已结束：请执行 huxin app present 重新出示证明。",
    )
}
OFFERS: Final = ("eligible", "incentive_id", "title", "title_en", "minimum_tier", "reasons")
GRANTS: Final = ("grant_id", "incentive_id", "state", "uses_left", "until")
DECISIONS: Final = (
    "decision_id",
    "outcome",
    "rule_id",
    "reason",
    "decided_at",
    "title.zh",
    "title.en",
)

District = Annotated[str | None, typer.Option(help="Where it is to be used. 使用所在区县。")]


def present(
    city: City,
    host: Annotated[
        str,
        typer.Option(
            envvar="HUXIN_HOST", help="The host city's gateway; remembered. 到访城市网关。"
        ),
    ] = "",
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the attestation for a city, prove the key, and keep the session (出示证明)."""
    with plain_answers():
        kept = open_wallet(wallet)
        credential, gateway = kept.credential(city), host or kept.host
        if not gateway:
            raise ValueError(
                spoken(
                    "which host? --host or HUXIN_HOST", "未指定到访城市网关：--host 或 HUXIN_HOST"
                )
            )
        with Holder(gateway) as holder:
            entered = holder.enter(kept.holder_key, credential)
        kept.sit(gateway, entered.session.token, entered.session.until)
        tell(entered.recognition, as_json=as_json)


def eligibility(
    category: Annotated[Category | None, typer.Option(help="Only of it. 仅该类别。")] = None,
    district: District = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show which incentives one may take, and why not the others (查看可享激励)."""
    with plain_answers(HINTS), open_wallet(wallet).holder() as holder:
        answer = holder.show_eligibility(category=category, district=district)
        if not as_json:
            until = f"{answer.until:%Y-%m-%d %H:%M}Z"
            tier, home = answer.tier, answer.home
            say(
                spoken(
                    f"tier {tier} of {home} until {until}",
                    f"联盟等级 {tier}，归属城市 {home}，有效期至 {until}",
                )
            )
        tell_all(answer.offers, OFFERS, as_json=as_json)


def take(
    incentive_id: Annotated[str, typer.Argument(help="What to take. 激励措施编号。")],
    id: NewId = None,
    district: District = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take an incentive; the answer has its first pass (领取激励)."""
    with plain_answers(HINTS), open_wallet(wallet).holder() as holder:
        body = GrantBody(incentive_id=incentive_id, district=district)
        tell(holder.issue_grant(body, grant_id=id), as_json=as_json)


def grants(wallet: WalletFile = None, *, as_json: AsJson = False) -> None:
    """List one's newest grants (列出权益)."""
    with plain_answers(HINTS), open_wallet(wallet).holder() as holder:
        listed = (each for page in pages(holder.list_grants) for each in page.grants)
        tell_all(listed, GRANTS, as_json=as_json)


def show_pass(
    grant_id: GrantId,
    qr: Annotated[
        Path | None, typer.Option("--qr", help="Write a QR code to this SVG file. 二维码文件。")
    ] = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Get a fresh pass of an open grant, good for five minutes (获取权益码)."""
    with plain_answers(HINTS), open_wallet(wallet).holder() as holder:
        if qr is not None:
            with open(qr, "wb", opener=privately) as file:
                file.write(holder.show_pass(grant_id=grant_id))
            say(dumps({"qr": str(qr)}, ensure_ascii=False) if as_json else str(qr))
            return
        answer = holder.show_pass_token(grant_id=grant_id)
        if as_json:
            tell(answer, as_json=True)
        else:
            say(answer.pass_token)


def decision(
    decision_id: Annotated[
        UUID | None, typer.Argument(help="One of them; else they are listed. 决定编号。")
    ] = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List decisions about oneself, or say why one came out as it did (查看决定及理由)."""
    with plain_answers(HINTS), open_wallet(wallet).holder() as holder:
        if decision_id is None:
            listed = (each for page in pages(holder.list_decisions) for each in page.decisions)
            tell_all(listed, DECISIONS, as_json=as_json)
            return
        answer = holder.explain_decision(decision_id=decision_id)
        if as_json:
            tell(answer, as_json=True)
        else:
            _explain(answer)


def _explain(answer: DecisionAnswer) -> None:
    say(spoken(answer.title.en, answer.title.zh))
    for each in answer.conditions:
        say(f"{'✓' if each.held else '✗'} {spoken(each.text.en, each.text.zh)}")
    say(f"→ {spoken(answer.next_step.en, answer.next_step.zh)}")
