"""What an app keeps: the holder's key, attestations, and the session at a host."""

import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from contracts.recognition import IssuedAttestation
from huxin_client import Holder, HolderKey
from huxin_client.shell.language import spoken
from huxin_client.shell.private import keep, place_of, read_private

WalletFile = Annotated[
    Path | None,
    typer.Option(
        "--wallet",
        envvar="HUXIN_WALLET",
        help="Where key and session are kept. 密钥与会话文件。",
    ),
]


@dataclass
class Wallet:
    """Invariant: its key was made here, and is in no other file."""

    file: Path
    key: dict[str, Any] = field(repr=False)
    home: str = ""
    host: str = ""
    attestations: dict[str, str] = field(default_factory=dict, repr=False)
    session: str = field(default="", repr=False)
    session_until: str = ""

    @property
    def holder_key(self) -> HolderKey:
        try:
            return HolderKey(ECKey.import_key(self.key))
        except (JoseError, ValueError, KeyError) as error:
            raise ValueError(
                spoken(f"{self.file} is damaged: no key", f"{self.file} 已损坏：缺少密钥")
            ) from error

    def hold(self, issued: IssuedAttestation) -> None:
        """Keep an attestation, in the place of the one for the same city."""
        self.attestations[issued.recipient] = issued.credential
        self.save()

    def sit(self, host: str, token: str, until: datetime) -> None:
        """Keep a session, in the place of the one before."""
        self.host, self.session, self.session_until = host, token, until.isoformat()
        self.save()

    def credential(self, city: str) -> str:
        """Return the attestation for a city; raise ValueError without one."""
        if city not in self.attestations:
            raise ValueError(
                spoken(
                    f"no attestation for {city}: `huxin app attest {city}`",
                    f"没有面向 {city} 的证明：请先执行 huxin app attest {city}",
                )
            )
        return self.attestations[city]

    def holder(self) -> Holder:
        """Be the holder of the session; raise ValueError without one."""
        if not self.session:
            raise ValueError(
                spoken(
                    "no session: `huxin app present` opens one",
                    "没有会话：请先执行 huxin app present 出示证明",
                )
            )
        return Holder.with_session(self.host, self.session)

    def save(self) -> None:
        said = asdict(self)
        del said["file"]
        keep(self.file, said)


def open_wallet(file: Path | None, *, new: bool = False) -> Wallet:
    """Open the app's file; with `new` make one where there is none.  Raise OSError, ValueError."""
    place = file or place_of("wallet")
    try:
        said = read_private(place)
    except FileNotFoundError:
        if not new:
            raise ValueError(
                spoken(
                    f"{place}: no such file; `huxin app attest` makes it",
                    f"{place}：文件不存在；请先执行 huxin app attest 申领证明",
                )
            ) from None
        return Wallet(place, key=ECKey.generate_key("P-256").as_dict(private=True))
    try:
        return Wallet(place, **said)
    except TypeError as error:
        raise ValueError(
            spoken(f"{place} is damaged: {error}", f"{place} 已损坏：{error}")
        ) from error


def identity_token(file: Path | None) -> str:
    """Return the resident's token, of a file or HUXIN_IDENTITY_TOKEN."""
    given = file.read_text(encoding="ascii") if file else os.environ.get("HUXIN_IDENTITY_TOKEN", "")
    if not given.strip():
        raise ValueError(
            spoken(
                "no identity token: --token-file or HUXIN_IDENTITY_TOKEN",
                "未提供居民令牌：--token-file 或 HUXIN_IDENTITY_TOKEN",
            )
        )
    return given.strip()
