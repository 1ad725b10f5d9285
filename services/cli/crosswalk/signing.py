"""`huxin crosswalk`: sign what was agreed on, and say whether nodes believe it."""

from pathlib import Path
from typing import Annotated

import typer

from huxin_client.shell.language import spoken
from services.cli.crosswalk.files import load_either, load_signed, trusted_by
from services.cli.crosswalk.report import differences, parties
from services.cli.roster.drafts import Force
from services.cli.roster.files import write_file
from services.cli.roster.signing import Trusted as AllianceKeys
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.adapters.crosswalk_documents import (
    Signed,
    Trusted,
    add_signature,
    is_party,
    open_signed,
)
from services.recognition.adapters.crosswalk_documents import propose as write_proposal
from services.recognition.adapters.crosswalk_file import load_draft
from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_versions import Document, check_follows, reference
from services.recognition.domain.override import Override

Roster = Annotated[
    Path | None, typer.Option("--roster", help="For what two cities agree on. 双边约定须提供名册。")
]
Key = Annotated[Path, typer.Option("--key", help="To sign by. 签名私钥。")]
Out = Annotated[Path, typer.Option("--out", help="The signed document, .jws. 已签名文件。")]
Version = Annotated[
    int | None, typer.Option(help="Of several in a draft; else the newest. 草稿中的版本。", min=1)
]


def propose(
    draft: Annotated[Path, typer.Argument(help="YAML. 草稿。")],
    *,
    key: Key,
    alliance_keys: AllianceKeys,
    signed: Out,
    roster: Roster = None,
    previous: Annotated[
        Path | None, typer.Option(help="The version before, signed. 上一版；首版不需要。")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(help="For an override: the alliance's, signed. 双边约定所依据的联盟对照表。"),
    ] = None,
    version: Version = None,
    force: Force = False,
) -> None:
    """Sign a draft as the first of its parties (提出对照表并首签)."""
    with plain_errors():
        trusted = trusted_by(alliance_keys, roster, utc_now())
        document = load_draft(draft, version)
        former = None if previous is None else _complete(load_signed(previous, trusted)).document
        check_follows(document, former, trusted.now)
        if isinstance(document, Override):
            _check_fits(document, table, trusted)
        text = write_proposal(document, _signer(key, document, trusted), trusted.now)
        _save(signed, text, trusted, force=force)


def sign(
    file: Annotated[Path, typer.Argument(help="What another party signed. 他方已签文件。")],
    *,
    key: Key,
    alliance_keys: AllianceKeys,
    signed: Out,
    roster: Roster = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            help="What was agreed on; nothing else is signed. 已商定的草稿，不一致则拒签。"
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Add a signature to what another party signed (联署)."""
    with plain_errors():
        trusted = trusted_by(alliance_keys, roster, utc_now())
        document = load_signed(file, trusted).document
        if draft is not None:
            _check_same(document, load_either(draft, document.version), draft)
        text = add_signature(file.read_text("ascii"), _signer(key, document, trusted))
        _save(signed, text, trusted, force=force)


def verify(
    file: Annotated[Path, typer.Argument(help="A signed document. 已签名文件。")],
    *,
    alliance_keys: AllianceKeys,
    roster: Roster = None,
) -> None:
    """Say whether nodes believe a document; exit 1 while a party has not signed (核验)."""
    with plain_errors():
        signed = load_signed(file, trusted_by(alliance_keys, roster, utc_now()))
        say(f"{file}: {parties(signed)}")
        _complete(signed)


def _save(path: Path, text: str, trusted: Trusted, *, force: bool) -> None:
    """Write a document if every signature is good; raises Unauthenticated."""
    signed = open_signed(text, trusted)
    write_file(path, text + "\n", force=force)
    say(f"{path}: {parties(signed)}")


def _signer(path: Path, document: Document, trusted: Trusted) -> PrivateKey:
    key = PrivateKey.load(path)
    if not is_party(document, key.kid, trusted):
        of_alliance = spoken("the alliance's key set", "联盟公钥集")
        of_cities = spoken("either city, now", "两市目前的密钥")
        of = of_alliance if isinstance(document, Crosswalk) else of_cities
        raise ValueError(
            spoken(
                f"{path}: key {key.kid} is no key of {of}; it is no party",
                f"{path}：密钥 {key.kid} 不属于{of}，不是签名方",
            )
        )
    return key


def _check_fits(override: Override, table: Path | None, trusted: Trusted) -> None:
    if table is None:
        raise ValueError(
            spoken(
                "an override is for the bands of the alliance's table; name it by --table",
                "双边约定以联盟等级对照表的等级为准；请用 --table 指明",
            )
        )
    alliance = _complete(load_signed(table, trusted)).document
    scale = alliance.scales.get(override.home) if isinstance(alliance, Crosswalk) else None
    if scale is None:
        raise ValueError(
            spoken(
                f"{table} has no bands of city {override.home}",
                f"{table} 中没有城市 {override.home} 的等级",
            )
        )
    if not override.fits(scale):
        wanted = ", ".join(band.label for band in scale.bands)
        raise ValueError(
            spoken(
                f"the bands of city {override.home} are, lowest first: {wanted}",
                f"城市 {override.home} 的等级由低到高为：{wanted}",
            )
        )


def _check_same(document: Document, agreed: Document, draft: Path) -> None:
    if document != agreed:
        changed = "; ".join(differences(agreed, document)) or f"{reference(document)}"
        raise ValueError(
            spoken(
                f"this is not what {draft} says: {changed}", f"与 {draft} 的内容不一致：{changed}"
            )
        )


def _complete(signed: Signed) -> Signed:
    if signed.missing:
        name, missing = reference(signed.document), signed.missing
        raise ValueError(
            spoken(f"{name}: {missing} more have to sign", f"{name}：还须 {missing} 方签名")
        )
    return signed
