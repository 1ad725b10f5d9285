"""`huxin roster`, pseudonym keys: make them for hosts, and seal them to the cities that issue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from huxin_client.shell.language import spoken
from services.cli.roster.book import Book
from services.cli.roster.drafts import Force, Moment
from services.cli.roster.files import check_city_code, load_alliance_keys, open_signed, write_file
from services.cli.roster.signing import Trusted, counted, signer
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.pseudonym_file import (
    TYPE,
    countersign,
    load_pseudonym_keys,
    sign_pseudonym_keys,
)
from services.recognition.adapters.suites import SuiteSignatures

OVERLAP_DAYS: Final = 366  # limits count in periods of a year at most

BookFile = Annotated[
    Path, typer.Option("--book", help="The office's secret book. 密钥簿，须保密。")
]
Signed = Annotated[Path, typer.Option("--out", help="The signed document. 已签名文件。")]
Keys = Annotated[list[Path], typer.Option("--key", help="To sign by. 签名私钥。")]


def pseudonym_key(
    host: Annotated[str, typer.Argument(help="GB/T 2260 code. 到访城市行政区划代码。")],
    *,
    book: BookFile,
    use_from: Annotated[datetime | None, Moment] = None,
    overlap_days: Annotated[
        int, typer.Option(help="The former key counts on so long. 旧密钥保留天数。", min=31)
    ] = OVERLAP_DAYS,
) -> None:
    """Make a host's key, or its next one, in the office's book (新建到访城市的假名密钥)."""
    with plain_errors():
        check_city_code(host)
        start = use_from.replace(tzinfo=UTC) if use_from else utc_now()
        known = Book.load(book) if book.exists() else Book()
        after = known.with_key(host, use_from=start, overlap=timedelta(days=overlap_days))
        after.save(book)
    name, day = after.keys[-1].id, f"{start:%Y-%m-%d %H:%MZ}"
    told = spoken(
        f"key {name} of city {host} from {day}", f"城市 {host} 的密钥 {name}，自 {day} 起"
    )
    say(f"{book}: {told}")


def seal_keys(
    *,
    book: BookFile,
    roster: Annotated[Path, typer.Option(help="The roster in force. 现行名册。")],
    alliance_keys: Trusted,
    keys: Keys,
    signed: Signed,
    previous: Annotated[
        Path | None, typer.Option(help="The document in force. 现行文件；首版不需要。")
    ] = None,
    force: Force = False,
) -> None:
    """Seal the book's keys to each issuing city, and sign that (加密分发假名密钥并签名)."""
    with plain_errors():
        alliance = load_alliance_keys(alliance_keys)
        version = 1
        if previous is not None:
            former = load_pseudonym_keys(
                previous.read_text("ascii"), alliance_keys=alliance, signatures=SuiteSignatures()
            )
            version = former.version + 1
        members = open_signed(roster.read_text("utf-8"), alliance)
        sealed = Book.load(book).seal(members, version=version, now=utc_now())
        first, *others = [signer(path, alliance) for path in keys]
        write_file(signed, sign_pseudonym_keys(sealed, first, *others) + "\n", force=force)
    for key in sealed.keys:
        cities = ", ".join(key.sealed) or spoken("nobody", "无")
        say(
            spoken(
                f"key {key.id} of city {key.host}: sealed to {cities}",
                f"城市 {key.host} 的密钥 {key.id}：已加密给 {cities}",
            )
        )
        left_out = sorted(members.cities.keys() - key.sealed.keys() - {key.host})
        if left_out:
            names = ", ".join(left_out)
            say(
                spoken(
                    f"! not to {names}: no encryption key, or not a member that issues",
                    f"! 未给 {names}：没有加密密钥，或不是可签发信用分证明的成员",
                )
            )
    made = spoken(f"version {version}", f"第 {version} 版")
    say(f"{signed}: {made}{spoken(', ', '，')}{_signed_by(len(keys), alliance)}")


def countersign_keys(
    file: Annotated[Path, typer.Argument(help="What seal-keys wrote. 待联署文件。")],
    *,
    keys: Keys,
    alliance_keys: Trusted,
    signed: Signed,
    force: Force = False,
) -> None:
    """Add a signature to sealed keys (联署假名密钥文件)."""
    with plain_errors():
        alliance = load_alliance_keys(alliance_keys)
        text = file.read_text("ascii").strip()
        counted(text, alliance, typ=TYPE, threshold=1)
        for path in keys:
            text = countersign(text, signer(path, alliance))
        count = len(counted(text, alliance, typ=TYPE, threshold=1))
        write_file(signed, text + "\n", force=force)
    say(f"{signed}: {_signed_by(count, alliance)}")


def _signed_by(count: int, alliance: AllianceKeys) -> str:
    needed = alliance.threshold
    return spoken(f"signed by {count}, {needed} needed", f"已签 {count} 方，须 {needed} 方")
