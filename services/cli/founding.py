"""`huxin init` and `huxin key`: what a city makes once, and what it sends to the alliance."""

import json
from pathlib import Path
from typing import Annotated

import typer

from contracts.problems import Text
from huxin_client.shell.language import language, spoken
from services.cli.new_keys import ALGORITHM, NewKey, make_key, make_keys, roster_entry, write_secret
from services.cli.parts import PARTS
from services.cli.screen import err, plain_errors
from services.cli.settings_file import settings_text
from services.plumbing.settings import BadSetting, load_settings
from services.recognition.domain.roster import KeyUse, is_gateway

SCORES_HEAD = "civil_id,score,as_of\n"
PUBLISHED_BY_THE_NODE = Text(
    "The node publishes it itself: as pass-next.jwk beside pass.jwk it is known before it signs.",
    "节点会自行公布该公钥：先以 pass-next.jwk 与 pass.jwk 并存，再启用签名。",
)
Algorithm = Annotated[str, typer.Option(help="EdDSA or ES256. 签名算法。")]
NEXT = Text(
    """\
Send the text above to the alliance for the roster; it is public.
Put into {directory}:
  alliance/alliance-keys.json                        from the alliance
  alliance/roster.jws, alliance/pseudonym-keys.jws   from the alliance, or by alliance_urls
  alliance/crosswalks/alliance-….jws                 from the alliance, one file a version
  identity-keys.json                                 from the city's identity provider
  consent-texts.yaml                                 like deploy/alliance has it, signed off here
  scores.csv                                         from the city's scoring system
Back up {directory}/keys.  Then: huxin check --settings {settings}""",
    """\
请将上面的文本（公开信息）提交联盟，以列入成员名册。
请在 {directory} 中放置：
  alliance/alliance-keys.json                        由联盟提供
  alliance/roster.jws、alliance/pseudonym-keys.jws   由联盟提供，或经 alliance_urls 获取
  alliance/crosswalks/alliance-….jws                 由联盟提供，每版一个文件
  identity-keys.json                                 由本市统一身份认证提供
  consent-texts.yaml                                 参照 deploy/alliance，由本市核定
  scores.csv                                         由本市信用分系统提供
请备份 {directory}/keys。然后执行：huxin check --settings {settings}""",
)


def init(
    directory: Annotated[Path, typer.Argument(help="Where the node will live. 节点目录。")],
    *,
    city: Annotated[str, typer.Option(help="GB/T 2260 code. 行政区划代码。")],
    gateway_url: Annotated[str, typer.Option(help="Public address. 网关公网地址。")],
    identity_issuer: Annotated[str, typer.Option(help="`iss` of identity tokens. 签发方。")],
    bus_url: Annotated[
        str | None, typer.Option(help="amqp://…; without it, one process. 消息总线。")
    ] = None,
    http_port: Annotated[int, typer.Option(help="To listen at. 端口。", min=1, max=65535)] = 8000,
    algorithm: Algorithm = ALGORITHM,
) -> None:
    """Make keys and settings of a new node; overwrite nothing (新建节点)."""
    with plain_errors():
        place = directory.absolute()
        values = _values(place, city, gateway_url, identity_issuer)
        values |= {"bus_url": bus_url or f"inprocess://localhost/{city}"}
        values |= {"http_port": str(http_port)}
        make_key(KeyUse.ATTESTATION, algorithm)  # nothing is written for one that is unknown
        _check(place, values)
        keys = make_keys(place / "keys", algorithm)
        (place / "data").mkdir(mode=0o700)
        (place / "alliance/crosswalks").mkdir(parents=True)
        write_secret(place / "scores.csv", SCORES_HEAD)
        write_secret(place / "node.toml", settings_text(values))  # may hold passwords
    listed = [roster_entry(key, use) for use, key in keys.items()]
    _tell({"city": city, "gateway": gateway_url, "keys": listed})
    steps = NEXT.said(language()).format(directory=place, settings=place / "node.toml")
    err.print(steps, highlight=False, soft_wrap=True)


def key(
    use: Annotated[NewKey, typer.Argument(help="What it is for. 用途。")],
    file: Annotated[Path, typer.Argument(help="A new file. 新文件。")],
    *,
    algorithm: Algorithm = ALGORITHM,
) -> None:
    """Make one key, to follow another (新建密钥，用于轮换)."""
    with plain_errors():
        new = make_key(use, algorithm)
        new.save(file)
    if use is NewKey.PASS:
        err.print(PUBLISHED_BY_THE_NODE.said(language()), highlight=False, soft_wrap=True)
    else:
        _tell(roster_entry(new, KeyUse(use)))


def _values(place: Path, city: str, gateway_url: str, identity_issuer: str) -> dict[str, str]:
    return {
        "city": city,
        "gateway_url": gateway_url,
        "identity_issuer": identity_issuer,
        "identity_keys_file": f"{place}/identity-keys.json",
        "recognition_database": f"sqlite:///{place}/data/recognition.db",
        "scenarios_database": f"sqlite:///{place}/data/scenarios.db",
        "gateway_database": f"sqlite:///{place}/data/gateway.db",
        "keys_directory": f"{place}/keys",
        "roster_file": f"{place}/alliance/roster.jws",
        "alliance_keys_file": f"{place}/alliance/alliance-keys.json",
        "crosswalks_directory": f"{place}/alliance/crosswalks",
        "consent_texts_file": f"{place}/consent-texts.yaml",
        "scores_file": f"{place}/scores.csv",
    }


def _check(place: Path, values: dict[str, str]) -> None:
    """Raise BadSetting or FileExistsError before anything is written."""
    for part in PARTS.values():
        load_settings(part.settings, values)
    if not is_gateway(values["gateway_url"]):
        wanted = spoken(
            "scheme://host[:port][/path] in lower case, without / at the end",
            "须为小写的 scheme://host[:port][/path]，末尾不带 /",
        )
        raise BadSetting({"gateway_url": wanted})
    for name in ("keys", "data", "alliance", "scores.csv", "node.toml"):
        if (place / name).exists():
            there = place / name
            raise FileExistsError(
                spoken(f"{there} exists; nothing was written", f"{there} 已存在，未写入任何文件")
            )


def _tell(public: object) -> None:
    typer.echo(json.dumps(public, indent=2))
