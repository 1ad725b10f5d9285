"""`huxin erasures`: who was erased, by names that lead to nobody, and erasing them again."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from contracts.errors import Malformed
from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.parts import PARTS
from services.cli.repair import database_of
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.erasures import read_erased
from services.recognition.adapters.node import make_node
from services.recognition.adapters.unit_of_work import RecognitionUnitOfWork, make_unit_of_work
from services.recognition.handlers.erasures import erase_again
from services.recognition.handlers.holders import forget_again

erasures_app = typer.Typer(no_args_is_help=True, help="Persons who were erased (个人信息删除).")


@erasures_app.command("export")
def export(settings: SettingsFile = None) -> None:
    """Write who was erased, one a line, to be kept apart from backups (导出删除名单)."""
    with plain_errors(), database_of("recognition", settings).connect() as connection:
        for erased in read_erased(connection):
            typer.echo(json.dumps(erased))


@erasures_app.command("reapply")
def reapply(
    file: Annotated[Path, typer.Argument(help="What `export` wrote. 删除名单。")],
    settings: SettingsFile = None,
) -> None:
    """After a backup was restored: erase again who was erased since (恢复备份后重新删除)."""
    with plain_errors():
        lines = list(_read(file))
        uow = make_unit_of_work(database_of("recognition", settings), utc_now, None, _nobody_waits)
        done = [_erase(line, uow, settings) for line in lines]
    again, known = sum(done), len(done)
    say(
        spoken(
            f"{again} of {known} were to be erased again, and are",
            f"{known} 人中有 {again} 人须重新删除，现已删除",
        )
    )


def _erase(line: dict[str, str], uow: RecognitionUnitOfWork, settings: Path | None) -> bool:
    if "holder" in line:
        return forget_again(line["holder"], uow=uow, now=utc_now())
    values = read_values(settings, os.environ)
    node = make_node(load_settings(PARTS["recognition"].settings, values), utc_now)
    subject, erasure_id = UUID(line["subject"]), UUID(line["erasure_id"])
    return erase_again(subject, erasure_id, uow=uow, node=node, now=utc_now())


def _read(file: Path) -> Iterator[dict[str, str]]:
    """Read all lines before anything is done; raise Malformed naming one that is not understood."""
    for number, text in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            line: Any = json.loads(text)
            if "holder" not in line:
                UUID(line["subject"]), UUID(line["erasure_id"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Malformed(
                "malformed",
                spoken(
                    f"{file.name}: line {number} is no erasure",
                    f"{file.name}：第 {number} 行不是删除记录",
                ),
            ) from None
        yield line


def _nobody_waits() -> None:
    """Wake nobody: the running node finds what is to be announced."""
