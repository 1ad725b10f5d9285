"""`huxin roster`, before signing: begin a draft and change it, step by step, in its file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from contracts.words import CityState
from huxin_client.shell.language import spoken
from services.cli.roster.files import (
    load_alliance_keys,
    load_draft,
    open_signed,
    read_city_key,
    read_city_keys,
    save_draft,
)
from services.cli.roster.report import differences
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.recognition.domain import roster_changes as changes
from services.recognition.domain.roster import City, KeyUse, Roster

ROSTER_DAYS: Final = 180
GRACE_DAYS: Final = 30
KEY_DAYS: Final = 365

Draft = Annotated[Path, typer.Argument(help="A draft; it is changed. 草稿，就地修改。")]
Moment = typer.Option(
    "--from",
    help="When it comes into use, UTC. 启用日期。",
    formats=["%Y-%m-%d", "%Y-%m-%dT%H:%MZ"],
)
KeyDays = Annotated[int, typer.Option(help="How long a key is in use. 密钥有效天数。", min=1)]
Force = Annotated[bool, typer.Option("--force", help="Replace a file. 覆盖已有文件。")]


def create(
    file: Annotated[Path, typer.Argument(help="A new draft. 新草稿。")],
    *,
    previous: Annotated[
        Path | None, typer.Option(help="The signed roster to follow. 上一版已签名名册。")
    ] = None,
    alliance_keys: Annotated[
        Path | None, typer.Option(help="To check the previous one by. 用于核验上一版的联盟公钥。")
    ] = None,
    days: Annotated[int, typer.Option(help="How long it serves. 有效天数。", min=1)] = ROSTER_DAYS,
    grace_days: Annotated[int, typer.Option(help="And after that. 宽限天数。", min=0)] = GRACE_DAYS,
    force: Force = False,
) -> None:
    """Begin a draft: of the first version, or of the one after a signed roster (新建草稿)."""
    with plain_errors():
        now, life, grace = utc_now(), timedelta(days=days), timedelta(days=grace_days)
        if previous is None:
            roster = changes.first_roster(now=now, life=life, grace=grace)
        elif alliance_keys is None:
            raise ValueError(
                spoken(
                    "--previous is believed by --alliance-keys only",
                    "使用 --previous 须同时提供 --alliance-keys 以供核验",
                )
            )
        else:
            former = open_signed(previous.read_text("utf-8"), load_alliance_keys(alliance_keys))
            roster = changes.next_roster(former, now=now, life=life, grace=grace)
        save_draft(file, roster, force=force)
    version, cities = roster.version, len(roster.cities)
    what = spoken(
        f"version {version} with {cities} cities, not signed",
        f"第 {version} 版，共 {cities} 个城市，尚未签名",
    )
    say(f"{file}: {what}")


def add_city(
    draft: Draft,
    *,
    code: Annotated[str, typer.Option(help="GB/T 2260 code. 行政区划代码。")],
    name: Annotated[str, typer.Option(help="In Chinese. 中文名称。")],
    name_en: Annotated[str, typer.Option(help="In English. 英文名称。")],
    gateway: Annotated[str, typer.Option(help="Public address. 网关公网地址。")],
    keys: Annotated[Path, typer.Option(help="What `huxin init` printed. 该市公钥文件。")],
    use_from: Annotated[datetime | None, Moment] = None,
    key_days: KeyDays = KEY_DAYS,
    applied: Annotated[
        bool, typer.Option("--applied", help="It is not tested yet. 仅为申请状态。")
    ] = False,
) -> None:
    """List a new city, to be tested, or one that applied (新增成员城市，状态为测试或申请)."""

    def change(roster: Roster) -> Roster:
        start = use_from.replace(tzinfo=UTC) if use_from else roster.issued_at
        end = start + timedelta(days=key_days)
        listed = read_city_keys(keys, code=code, gateway=gateway, use_from=start, use_until=end)
        city = City(
            code=code,
            name=name,
            name_en=name_en,
            gateway=gateway,
            state=CityState.APPLIED if applied else CityState.TESTING,
            keys=listed,
        )
        return changes.add_city(roster, city)

    _edit(draft, change)


def rotate_key(
    draft: Draft,
    *,
    city: Annotated[str, typer.Option(help="GB/T 2260 code. 行政区划代码。")],
    use: Annotated[KeyUse, typer.Option(help="What it is for. 用途。")],
    key: Annotated[Path, typer.Option(help="What `huxin key` printed. 新公钥文件。")],
    use_from: Annotated[datetime, Moment],
    key_days: KeyDays = KEY_DAYS,
    overlap_days: Annotated[
        int | None,
        typer.Option(help="End the former so long after. 旧密钥在新密钥启用后保留的天数。", min=1),
    ] = None,
) -> None:
    """List a city's next key, before its last one ends (登记下一把密钥)."""

    def change(roster: Roster) -> Roster:
        start = use_from.replace(tzinfo=UTC)
        end = start + timedelta(days=key_days)
        following = read_city_key(key, code=city, use_from=start, use_until=end)
        if following.use is not use:
            raise ValueError(
                spoken(
                    f"{key} is for {following.use}, not for {use}",
                    f"{key} 的用途是 {following.use}，不是 {use}",
                )
            )
        overlap = None if overlap_days is None else timedelta(days=overlap_days)
        return changes.rotate_key(roster, city, following, overlap=overlap)

    _edit(draft, change)


def retire_key(
    draft: Draft,
    *,
    # An option, because a name may start with "-".
    kid: Annotated[str, typer.Option(help="The key's name. 密钥标识。")],
) -> None:
    """List a key as retired: nothing it ever signed is believed (停用密钥，立即不再信任)."""
    _edit(draft, lambda roster: changes.retire_key(roster, kid))


def set_state(
    draft: Draft,
    code: Annotated[str, typer.Argument(help="GB/T 2260 code. 行政区划代码。")],
    state: Annotated[CityState, typer.Argument(help="Where it stands now. 新状态。")],
    *,
    reason: Annotated[str, typer.Option(help="For all cities to read. 原因，各城市可见。")] = "",
) -> None:
    """Say where a city stands, and why (变更城市状态)."""
    _edit(draft, lambda roster: changes.set_state(roster, code, state, reason))


def _edit(path: Path, change: Callable[[Roster], Roster]) -> None:
    """Change a draft in its file, and say what changed."""
    with plain_errors():
        before = load_draft(path)
        after = change(before)
        save_draft(path, after, force=True)
    for line in differences(before, after):
        say(line)
