"""`huxin evidence catalogue`: a file of items, each with its law, becomes the catalogue."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import yaml
from marshmallow import RAISE, ValidationError
from rich.table import Table

from contracts.errors import ContractError, Malformed
from contracts.evidence import EvidenceItemRecord, ListEvidenceItems, PublishEvidenceItem
from contracts.periods import HOST_TIME, beginning
from contracts.schemas import schema_of
from contracts.wire import flatten
from huxin_client.shell.language import spoken
from services.cli.evidence.scenarios import Together, open_scenarios
from services.cli.options import SettingsFile
from services.cli.reasons.saying import in_words
from services.cli.screen import out, plain_errors, reason, say
from services.plumbing.clock import utc_now
from services.scenarios.handlers.evidence_items import list_evidence_items, publish_evidence_item

MOMENTS: Final = ("live_from", "live_until")  # a day stands for its beginning

ItemsFile = Annotated[Path, typer.Argument(help="YAML with `items`. 目录文件。")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and do nothing. 只试算。")
]


def import_items(
    file: ItemsFile, settings: SettingsFile = None, *, dry_run: DryRun = False
) -> None:
    """Publish each item of a file; the same again changes nothing (导入信用信息目录)."""
    with plain_errors():
        raw = _read(file)
        uow = open_scenarios(settings)
        with uow.whole(kept=not dry_run):
            taken = [_publish(number, item, uow) for number, item in enumerate(raw, 1)]
    count, whole = sum(taken), len(raw)
    done = spoken(f"{count} of {whole} items", f"{whole} 个目录项中有 {count} 个已接受")
    tried = spoken(
        f"{count} of {whole} items would be taken", f"{whole} 个目录项中有 {count} 个可接受"
    )
    say(tried if dry_run else done)
    if not all(taken):
        raise typer.Exit(1)


def list_items(settings: SettingsFile = None) -> None:
    """List the items of the catalogue with their law (列出信用信息目录)."""
    with plain_errors():
        uow = open_scenarios(settings)
        with uow.whole(kept=False):
            items = list(_all(uow))
    table = Table(
        spoken("item", "目录项"),
        spoken("version", "版本"),
        spoken("name", "名称"),
        spoken("class", "信息类别"),
        spoken("live", "施行期间"),
        spoken("kept", "保存"),
        spoken("basis", "法定依据"),
    )
    for item in items:
        months = item.keeps_months
        until = f" – {_day(item.live_until)}" if item.live_until else " –"
        table.add_row(
            item.item_id,
            str(item.version),
            f"{item.name} {item.name_en}",
            item.evidence_class,
            _day(item.live_from) + until,
            "" if months is None else spoken(f"{months} months", f"{months} 个月"),
            f"{item.basis.title} {item.basis.article}",
        )
    out.print(table)
    count = len(items)
    say(spoken(f"{count} items", f"{count} 个目录项"))


def read_item(raw: Any) -> PublishEvidenceItem:
    """Read one item of a file; raise Malformed naming each field that is wrong."""
    if not isinstance(raw, dict):
        raise Malformed("malformed", spoken("an item is a mapping", "目录项须为映射"))
    try:
        item: PublishEvidenceItem = schema_of(PublishEvidenceItem, RAISE).load(_plain(raw))
    except ValidationError as error:
        raise Malformed(errors=flatten(error.messages)) from error
    return item


def _publish(number: int, raw: Any, uow: Together) -> bool:
    now = utc_now()
    try:
        command = read_item(raw)
        with uow:
            before = uow.evidence_items.at(command.item_id, now)
        item = publish_evidence_item(command, uow=uow, now=now)
    except ContractError as error:
        where = spoken(f"item {number}", f"第 {number} 项")
        say(f"{where}{_named(raw)}: {what_is_wrong(error)}")
        return False
    version = item.version
    if before is None:
        said = spoken("new", "新增")
    elif before.version == version:
        said = spoken("unchanged", "不变")
    else:
        said = spoken(f"version {version}", f"版本 {version}")
    say(f"{item.item_id}: {said}")
    return True


def what_is_wrong(error: ContractError) -> str:
    """Say an error in one line, by field where it names fields."""
    if isinstance(error, Malformed) and error.errors:
        return "; ".join(f"{field}: {in_words(text)}" for field, text in error.errors.items())
    return reason(error)


def _read(file: Path) -> list[Any]:
    try:
        document = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    items = document.get("items") if isinstance(document, dict) else None
    if isinstance(items, list):
        return items
    name = file.name
    raise ValueError(spoken(f"{name}: there is no list of `items`", f"{name}：没有列表 items"))


def _plain(value: Any, name: str = "") -> Any:
    """Write days and moments of YAML as a message does."""
    match value:
        case datetime():
            return value.isoformat()
        case date() if name in MOMENTS:
            return beginning(value).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(inner, str(key)) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
    return value


def _named(raw: Any) -> str:
    item_id = raw.get("item_id") if isinstance(raw, dict) else None
    return f" ({item_id})" if isinstance(item_id, str) else ""


def _all(uow: Together) -> Iterator[EvidenceItemRecord]:
    after = None
    while page := list_evidence_items(ListEvidenceItems(after=after), uow=uow).items:
        yield from page
        after = page[-1].item_id


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(HOST_TIME):%Y-%m-%d}"
