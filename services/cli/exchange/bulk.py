"""`huxin exchange send`: send a host the attestations of consenting holders, all at once."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from contracts.exchange import BatchProgress
from huxin_client.shell.language import spoken
from services.cli.exchange.recognition import open_recognition
from services.cli.exchange.selection import Lines, standing_lines
from services.cli.exchange.sending import BatchSender
from services.cli.options import SettingsFile
from services.cli.screen import err, plain_errors, say
from services.gateway.courier.calling import CityCalls
from services.gateway.courier.outbound import city_session
from services.gateway.keys import read_transport_key
from services.gateway.settings import GatewaySettings
from services.plumbing.clock import utc_now
from services.plumbing.settings import load_settings, read_values
from services.recognition.domain.batch import REPEATED, TAKEN

LARGEST: Final = 20_000  # lines of one batch; more go into the next

Host = Annotated[str, typer.Argument(help="GB/T 2260 code of the host. 到访城市代码。")]


def send(
    host: Host,
    settings: SettingsFile = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be sent. 仅显示将发送的内容。")
    ] = False,
    refused: Annotated[
        Path | None, typer.Option(help="File for refused lines. 被拒行的输出文件。")
    ] = None,
) -> None:
    """Send a host every standing attestation of holders who consented (批量发送信用分证明)."""
    with plain_errors():
        uow, node = open_recognition(settings)
        gateway = node.roster().online_city(host).gateway
        groups = standing_lines(node.city, host, uow=uow, now=utc_now(), most=LARGEST)
        bad = batches = 0
        for lines in groups:
            batches += 1
            batch, count = lines.batch_id, len(lines.texts)
            say(
                spoken(
                    f"batch {batch}: {count} attestations for {host} at {gateway}",
                    f"批次 {batch}：{count} 份信用分证明，发往 {host}（{gateway}）",
                )
            )
            if not dry_run:
                sender = _sender(gateway, settings)
                bad += _send(sender, lines, refused or Path(f"refused-{host}.ndjson"))
        if not batches:
            say(spoken(f"no attestation for {host} stands", f"没有面向 {host} 的有效信用分证明"))
    if bad:
        raise typer.Exit(1)


def _sender(gateway: str, file: Path | None) -> BatchSender:
    settings = load_settings(GatewaySettings, read_values(file, os.environ))
    calls = CityCalls(
        session=city_session(),
        transport_key=read_transport_key(settings.keys_directory),
        clock=utc_now,
        timeout=settings.delivery_timeout,
    )
    return BatchSender(calls=calls, gateway=gateway, sleep=time.sleep)


def _send(sender: BatchSender, lines: Lines, refused: Path) -> int:
    """Send one batch and say what became of it; return how many lines were refused."""
    with _bar(len(lines.texts)) as bar:
        progress = sender.send(lines, bar)
    counts, bad = Counter[str](), list[str]()
    for verdict in sender.verdicts(lines):
        counts[verdict.code] += 1
        if verdict.code not in {TAKEN, REPEATED}:
            name = str(lines.attestations[verdict.line - 1])
            bad.append(
                json.dumps({"line": verdict.line, "attestation_id": name, "code": verdict.code})
            )
    for code, count in counts.most_common():
        say(f"{count} {code}")
    received, total, state = progress.received, progress.total, progress.state
    say(
        spoken(
            f"{received} of {total} received: {state}",
            f"共 {total} 行，已收 {received} 行：{state}",
        )
    )
    if bad:
        with refused.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in bad)
        say(spoken(f"refused lines: {refused}", f"被拒的行：{refused}"))
    return len(bad)


class _Bar:
    """Moves the bar to where a batch has come."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._task = (
            progress,
            progress.add_task(spoken("sent", "已发送"), total=total),
        )

    def __call__(self, reached: BatchProgress) -> None:
        self._progress.update(self._task, completed=reached.received)


@contextmanager
def _bar(total: int) -> Iterator[_Bar]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err) as progress:
        yield _Bar(progress, total)
