"""`huxin operator login` and `logout`; and who the other commands are."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Annotated, Final

import typer

from contracts.access import Scope
from contracts.problems import Text
from huxin_client import Operator
from huxin_client.shell.language import spoken
from huxin_client.shell.options import Profile
from huxin_client.shell.private import keep, place_of, read_private
from huxin_client.shell.screen import NO_HINTS, Hints, ask_secret, plain_answers, say

DEFAULT: Final = "default"
ENVIRONMENT: Final = {
    "gateway": "HUXIN_GATEWAY",
    "client_id": "HUXIN_CLIENT_ID",
    "client_secret": "HUXIN_CLIENT_SECRET",
}
ALL_OF_THEM: Final = ", ".join(ENVIRONMENT.values())
HINTS: Final = {
    "invalid_client": Text(
        "Client id or secret is wrong, or was replaced: `huxin operator login` with what the city"
        " gave you.",
        "客户端编号或密钥有误或已更换：请以城市提供的凭据执行 huxin operator login。",
    ),
    "invalid_scope": Text(
        "The client may not do all of this: ask for less (--scope), or have the city allow it.",
        "该客户端无此权限范围：请减少 --scope，或联系城市开通。",
    ),
    "forbidden": Text(
        "Neither this client nor these credentials have the scope: `huxin operator login` without"
        " --scope, or another client.",
        "当前凭据无所需权限范围：请重新登录（不限定 --scope）或使用其他客户端。",
    ),
}
NO_GATEWAY: Final = {
    "not_found": Text(
        "No gateway is at this address: leave out what comes after the host, such as /v1.",
        "该地址不是网关：请去掉主机名之后的部分（如 /v1）。",
    )
}
Gateway = Annotated[str, typer.Option(envvar="HUXIN_GATEWAY", help="Its address. 网关地址。")]
ClientId = Annotated[
    str, typer.Option(envvar="HUXIN_CLIENT_ID", help="As the city gave it. 客户端编号。")
]


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An operator's way in."""

    gateway: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: Sequence[str] = ()

    def enter(self) -> Operator:
        return Operator(
            self.gateway,
            client_id=self.client_id,
            client_secret=self.client_secret,
            scopes=[Scope(each) for each in self.scopes],
        )


@contextmanager
def as_operator(profile: str, hints: Hints = NO_HINTS) -> Iterator[Operator]:
    """Be the operator of a profile, or of the environment; say in words what does not work."""
    with plain_answers({**HINTS, **hints}), _credentials(profile).enter() as operator:
        yield operator


def login(
    gateway: Gateway,
    client_id: ClientId,
    profile: Profile = DEFAULT,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="Tokens good for this only; may be repeated. 权限范围，可重复。"),
    ] = None,
) -> None:
    """Try the credentials that the city gave, and keep them for the other commands (保存凭据).

    The secret is asked for, or read from a pipe or HUXIN_CLIENT_SECRET.  They are kept in
    ~/.config/huxin, which nobody else can read.
    """
    with plain_answers(HINTS | NO_GATEWAY):
        file = place_of("operator", profile)
        given = Credentials(
            gateway=gateway,
            client_id=client_id,
            client_secret=_secret(),
            scopes=tuple(scope or ()),
        )
        with given.enter() as operator:
            operator.sign_in()
        keep(file, asdict(given))
        say(f"{spoken(f'{client_id} at {gateway}', f'{client_id}，网关 {gateway}')}: {file}")


def logout(profile: Profile = DEFAULT) -> None:
    """Forget the credentials of a profile (删除凭据)."""
    with plain_answers():
        file = place_of("operator", profile)
        try:
            file.unlink()
        except FileNotFoundError as error:
            raise ValueError(spoken(f"not signed in: {profile}", f"尚未登录：{profile}")) from error
        say(f"{file}: {spoken('forgotten', '已删除')}")


def _secret() -> str:
    secret = os.environ.get("HUXIN_CLIENT_SECRET", "") or ask_secret(
        spoken("client secret", "客户端密钥")
    )
    if not secret:
        raise ValueError(
            spoken(
                "no secret: by a prompt, a pipe or HUXIN_CLIENT_SECRET",
                "未提供密钥：可在提示时输入、经管道或 HUXIN_CLIENT_SECRET 提供",
            )
        )
    return secret


def _credentials(profile: str) -> Credentials:
    """Return the environment's credentials, else the profile's, unless some of it differ."""
    named = {field: os.environ.get(name, "") for field, name in ENVIRONMENT.items()}
    given = {field: value for field, value in named.items() if value}
    if len(given) == len(ENVIRONMENT):
        return Credentials(**given)
    kept = _kept(profile)
    other = [ENVIRONMENT[field] for field in given if getattr(kept, field) != given[field]]
    if other:
        names = ", ".join(other)
        raise ValueError(
            spoken(
                f"{names} differs from profile {profile}: set all of {ALL_OF_THEM}, or none",
                f"{names} 与已存凭据 {profile} 不符：{ALL_OF_THEM} 须全部设置或全部不设",
            )
        )
    return kept


def _kept(profile: str) -> Credentials:
    file = place_of("operator", profile)
    try:
        return Credentials(**read_private(file))
    except FileNotFoundError as error:
        raise ValueError(
            spoken(
                f"no credentials: `huxin operator login`, or set all of {ALL_OF_THEM}",
                f"没有凭据：请执行 huxin operator login，或设置全部 {ALL_OF_THEM}",
            )
        ) from error
    except TypeError as error:
        raise ValueError(
            spoken(
                f"{file} is damaged: `huxin operator login` writes it anew",
                f"{file} 已损坏：请重新执行 huxin operator login",
            )
        ) from error
