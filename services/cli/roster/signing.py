"""`huxin roster`, from signing on: keys of the alliance's offices, signatures, and who believes."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from huxin_client.shell.language import spoken
from services.cli.check import tell
from services.cli.checks.finding import right
from services.cli.new_keys import ALGORITHM
from services.cli.roster.drafts import Force
from services.cli.roster.files import (
    is_signed,
    load_alliance_keys,
    load_either,
    open_signed,
    public_text,
    read_public_key,
    write_file,
)
from services.cli.roster.report import describe, differences
from services.cli.screen import note, plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.adapters.documents import (
    AllianceKeys,
    check_signatures,
    write_alliance_keys,
)
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_draft import read_draft
from services.recognition.adapters.roster_file import TYPE, add_signature, load_roster, sign_roster
from services.recognition.adapters.suites import SuiteSignatures, public_part, thumbprint
from services.recognition.domain import jws_json
from services.recognition.domain.roster import Roster
from services.recognition.domain.roster_changes import check_follows

Trusted = Annotated[Path, typer.Option("--alliance-keys", help="The key set. 联盟公钥集。")]


def new_key(file: Annotated[Path, typer.Argument(help="A new file. 新文件。")]) -> None:
    """Make an office's own signing key; print its public part (新建联盟签名密钥)."""
    with plain_errors():
        key = PrivateKey.generate(ALGORITHM)
        key.save(file)
    typer.echo(public_text({**key.public_jwk, "kid": key.kid}))


def key_set(
    keys: Annotated[list[Path], typer.Argument(help="What new-key printed. 各方公钥文件。")],
    *,
    file: Annotated[Path, typer.Option("--out", help="A new file. 新文件。")],
    threshold: Annotated[int, typer.Option(help="How many have to sign. 签名门限。", min=1)] = 1,
    force: Force = False,
) -> None:
    """Write the alliance's key set, which every node believes (生成联盟公钥集)."""
    with plain_errors():
        public = [public_part(read_public_key(path)) for path in keys]
        listed = {thumbprint(jwk): jwk for jwk in public}
        write_file(file, write_alliance_keys(AllianceKeys(listed, threshold)), force=force)
    count = len(listed)
    told = spoken(
        f"{threshold} of {count} keys have to sign", f"{count} 把密钥中须有 {threshold} 把签名"
    )
    say(f"{file}: {told}")


def sign(
    file: Annotated[Path, typer.Argument(help="A draft, or a signed roster. 草稿或已签名名册。")],
    *,
    keys: Annotated[list[Path], typer.Option("--key", help="To sign by. 签名私钥。")],
    alliance_keys: Trusted,
    signed: Annotated[Path, typer.Option("--out", help="The signed roster. 已签名名册。")],
    previous: Annotated[
        Path | None, typer.Option(help="The roster in force. 现行名册；首版不需要。")
    ] = None,
    force: Force = False,
) -> None:
    """Sign a draft, or add a signature to what other offices signed (签名或联署)."""
    with plain_errors():
        alliance = load_alliance_keys(alliance_keys)
        any_office = replace(alliance, threshold=1)
        text = file.read_text("utf-8")
        roster = open_signed(text, any_office) if is_signed(text) else read_draft(text)
        _check(roster, previous, alliance, utc_now())
        signers = [signer(path, alliance) for path in keys]
        if not is_signed(text):
            text, signers = sign_roster(roster, signers[0]), signers[1:]
        for each in signers:
            text = add_signature(text, each)
        count = len(counted(text, alliance, threshold=1))
        write_file(signed, text + "\n", force=force)
    missing = alliance.threshold - count
    more = spoken(f"; {missing} more needed", f"，还须 {missing} 方") if missing > 0 else ""
    told = spoken(
        f"version {roster.version}, signed by {count}", f"第 {roster.version} 版，已签 {count} 方"
    )
    say(f"{signed}: {told}{more}")


def verify(
    file: Annotated[Path, typer.Argument(help="A signed roster. 已签名名册。")],
    *,
    alliance_keys: Trusted,
) -> None:
    """Say whether nodes believe a roster, what it lists and what ends soon (核验名册)."""
    with plain_errors():
        now = utc_now()
        alliance = load_alliance_keys(alliance_keys)
        text = file.read_text("utf-8")
        signers = counted(text, alliance)
        roster = load_roster(text, alliance_keys=alliance, signatures=SuiteSignatures())
        count, needed, names = len(signers), alliance.threshold, ", ".join(signers)
        told = spoken(
            f"{count}, {needed} needed: {names}", f"已签 {count} 方，须 {needed} 方：{names}"
        )
        tell(right(spoken("signatures", "签名"), told))
        for finding in describe(roster, now):
            tell(finding)
        roster.check_age(now)


def diff(
    old: Annotated[Path, typer.Argument(help="A draft or signed roster. 旧名册。")],
    new: Annotated[Path, typer.Argument(help="A draft or signed roster. 新名册。")],
) -> None:
    """Say what changed from one roster or draft to another (比较两版名册)."""
    with plain_errors():
        before, after = load_either(old), load_either(new)
    for line in differences(before, after):
        say(line)
    note(
        spoken(
            "huxin: signatures were not checked; `huxin roster verify` does",
            "huxin: 未核验签名；请用 huxin roster verify 核验",
        )
    )


def _check(roster: Roster, previous: Path | None, alliance: AllianceKeys, now: datetime) -> None:
    """Refuse to sign what no node would take; raises ValueError."""
    former = None if previous is None else open_signed(previous.read_text("utf-8"), alliance)
    check_follows(roster, former)
    if roster.valid_until <= now:
        version = roster.version
        raise ValueError(
            spoken(
                f"version {version} is over; begin a new draft",
                f"第 {version} 版已过有效期；请新建草稿",
            )
        )


def signer(path: Path, alliance: AllianceKeys) -> PrivateKey:
    """Read an office's key; raises ValueError for one that the alliance does not list."""
    key = PrivateKey.load(path)
    if key.kid not in alliance.keys:
        raise ValueError(
            spoken(
                f"{path}: key {key.kid} is not in the alliance's key set",
                f"{path}：密钥 {key.kid} 不在联盟公钥集中",
            )
        )
    return key


def counted(
    text: str, alliance: AllianceKeys, *, typ: str = TYPE, threshold: int | None = None
) -> list[str]:
    """Name the alliance's keys that signed; raises Unauthenticated("bad_signature")."""
    asked = alliance if threshold is None else replace(alliance, threshold=threshold)
    tokens = check_signatures(
        jws_json.read(text.strip()),
        typ=typ,
        alliance_keys=asked,
        signatures=SuiteSignatures(),
    )
    return [token.kid for token in tokens]
