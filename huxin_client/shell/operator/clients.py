"""`huxin operator clients`: what each of one's clients may, and its secrets."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.access import Scope
from contracts.http import ClientBody, ClientMade
from huxin_client.shell.language import spoken
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, NewId, Profile, SecretFile
from huxin_client.shell.private import write_private
from huxin_client.shell.screen import note, say, tell, tell_all

clients_app = typer.Typer(no_args_is_help=True, help="One's clients and secrets (客户端与密钥).")

COLUMNS = ("client", "client_id", "scopes", "secret_since", "former_secrets_until")
Client = Annotated[str, typer.Argument(help="Its name among one's own. 客户端名称。")]


@clients_app.command("list")
def list_clients(profile: Profile = DEFAULT, *, as_json: AsJson = False) -> None:
    """List one's clients and what each may (列出客户端及其权限范围)."""
    with as_operator(profile) as operator:
        tell_all(operator.list_own_clients().clients, COLUMNS, as_json=as_json)


@clients_app.command("set")
def set_client(
    client: Client,
    scope: Annotated[list[Scope], typer.Option(help="What it may; repeat it. 权限范围，可重复。")],
    secret_file: SecretFile = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a client, or say anew what one may; then its tokens end (新增或调整客户端)."""
    with as_operator(profile) as operator:
        made = operator.set_own_client(ClientBody(scopes=tuple(scope)), client=client)
        _keep(made, secret_file, as_json=as_json)


@clients_app.command()
def rotate(
    client: Client,
    id: NewId = None,
    secret_file: SecretFile = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Get a new secret; the one before is good for another day (更换客户端密钥)."""
    with as_operator(profile) as operator:
        made = operator.rotate_own_client_secret(client=client, rotation_id=id)
        _keep(made, secret_file, as_json=as_json)


@clients_app.command("stop-former")
def stop_former(client: Client, profile: Profile = DEFAULT, *, as_json: AsJson = False) -> None:
    """Stop all secrets but the newest, and the tokens given until now (停用旧密钥及令牌)."""
    with as_operator(profile) as operator:
        tell(operator.stop_own_former_secrets(client=client), as_json=as_json)


@clients_app.command()
def remove(
    client: Client,
    profile: Profile = DEFAULT,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. 不再询问。")] = False,
) -> None:
    """Remove a client; its tokens end with it (移除客户端)."""
    if not yes:
        typer.confirm(spoken(f"remove {client}?", f"确认移除 {client}？"), abort=True, err=True)
    with as_operator(profile) as operator:
        operator.remove_own_client(client=client)
        say(f"{client}: {spoken('removed', '已移除')}")


def _keep(made: ClientMade, file: Path | None, *, as_json: bool) -> None:
    if made.client_secret is None:
        tell(made, as_json=as_json)
        note(
            spoken(
                "No secret was made now; `rotate` makes one.", "未生成新密钥，可用 rotate 更换。"
            )
        )
    elif file is None:
        tell(made, as_json=as_json)
        note(spoken("Keep the secret; it is not shown again.", "请妥善保存密钥，不再显示。"))
    else:
        write_private(file, f"{made.client_secret}\n")
        say(f"{made.client_id}: {spoken(f'secret in {file}', f'密钥已写入 {file}')}")
