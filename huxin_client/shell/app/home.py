"""`huxin app consent`, `attest` and what else a resident does at home."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from contracts.http import AttestationBody
from contracts.problems import Text
from contracts.words import Category
from huxin_client import Citizen, Everyone, pages
from huxin_client.shell.app.wallet import Wallet, WalletFile, identity_token, open_wallet
from huxin_client.shell.language import spoken
from huxin_client.shell.options import AsJson, NewId
from huxin_client.shell.screen import note, plain_answers, say, tell, tell_all

HINTS: Final = {
    "unauthenticated": Text(
        "The identity token is wrong or over: get another from the city's identity provider.",
        "居民令牌无效或已过期：请向城市统一身份认证重新获取。",
    )
}
COLUMNS: Final = ("consent_id", "recipient", "purposes", "state", "until")

City = Annotated[str, typer.Argument(help="GB/T 2260 code of the host. 到访城市代码。")]
Home = Annotated[
    str,
    typer.Option(envvar="HUXIN_HOME", help="The home city's gateway; remembered. 归属城市网关。"),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(help="The identity token; else HUXIN_IDENTITY_TOKEN. 居民令牌文件。"),
]


def consent(
    city: City,
    purpose: Annotated[list[Category], typer.Option(help="May be repeated. 用途，可重复。")],
    *,
    home: Home = "",
    days: Annotated[int, typer.Option(min=1, max=731, help="For how long. 授权天数。")] = 30,
    id: NewId = None,
    token_file: TokenFile = None,
    wallet: WalletFile = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Agree without being asked. 直接同意。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the text, and consent to exactly that (阅读文本并授权)."""
    until = datetime.now(UTC) + timedelta(days=days)
    with _resident(home, token_file, wallet) as (citizen, kept):
        with Everyone(kept.home) as anyone:
            shown = anyone.show_consent_text(recipient=city, purpose=purpose, until=until)
        note(f"{shown.text_zh}\n{shown.text_en}")
        if not yes:
            typer.confirm(spoken("consent?", "同意授权？"), abort=True, err=True)
        given = citizen.consent_to(shown, city, purpose, until, consent_id=id)
        kept.save()  # before anything is printed that nobody may take
        tell(given, as_json=as_json)


def consents(
    home: Home = "",
    token_file: TokenFile = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List one's consents, newest first (列出授权)."""
    with _resident(home, token_file, wallet) as (citizen, kept):
        listed = [each for page in pages(citizen.list_consents) for each in page.consents]
        kept.save()
        tell_all(listed, COLUMNS, as_json=as_json)


def withdraw(
    consent_id: Annotated[UUID, typer.Argument(help="The consent's id. 授权编号。")],
    home: Home = "",
    token_file: TokenFile = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Withdraw a consent; what rests on it ends (撤回授权)."""
    with _resident(home, token_file, wallet) as (citizen, kept):
        withdrawn = citizen.withdraw_consent(consent_id=consent_id)
        kept.save()
        tell(withdrawn, as_json=as_json)


def attest(
    city: City,
    home: Home = "",
    id: NewId = None,
    token_file: TokenFile = None,
    wallet: WalletFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Get an attestation for a city, bound to the key of this app, and keep it (申领证明)."""
    with _resident(home, token_file, wallet) as (citizen, kept):
        kept.save()  # the key, before anything is bound to it
        body = AttestationBody(recipient=city, holder_key=kept.holder_key.public)
        issued = citizen.issue_attestation(body, attestation_id=id)
        kept.hold(issued)
        if as_json:
            tell(issued, as_json=True)
        else:
            until = f"{issued.until:%Y-%m-%d %H:%M}Z"
            told = spoken(f"for {city} until {until}", f"用于 {city}，有效期至 {until}")
            say(f"{issued.attestation_id} {told}")


@contextmanager
def _resident(
    home: str, token_file: Path | None, file: Path | None
) -> Iterator[tuple[Citizen, Wallet]]:
    """Be the resident of the token at the home that was named, now or before.

    Where home is, is kept by who saves what comes with it, once home has answered.
    """
    with plain_answers(HINTS):
        kept = open_wallet(file, new=True)
        kept.home = home or kept.home
        if not kept.home:
            raise ValueError(
                spoken(
                    "which home? --home or HUXIN_HOME", "未指定归属城市网关：--home 或 HUXIN_HOME"
                )
            )
        with Citizen(kept.home, identity_token(token_file)) as citizen:
            yield citizen, kept
