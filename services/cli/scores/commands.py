"""`huxin scores`: look at a file of the scoring system, and let the node go by it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.reasons.saying import in_words
from services.cli.scores.examining import FACTS, SCORES, Examined, examine
from services.cli.scores.taking import Taken, missing, take
from services.cli.screen import plain_errors, say
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.node import read_resident_key
from services.recognition.settings import RecognitionSettings

scores_app = typer.Typer(no_args_is_help=True, help="Scores from the scoring system (信用分文件).")

New = Annotated[Path, typer.Argument(help="What the scoring system wrote. 信用分系统写出的文件。")]


@scores_app.command("check")
def check(
    file: New,
    settings: SettingsFile = None,
    *,
    facts: Annotated[
        bool, typer.Option("--facts", help="It is a file of facts. 检查的是信息文件。")
    ] = False,
) -> None:
    """Name every bad line of a file and what is wrong with it; change nothing (试读)."""
    with plain_errors():
        own, key = _read(settings)
        found = examine(file, FACTS if facts else SCORES, key)
        _tell_bad(found)
        if not facts:
            _tell_missing(len(missing(examine(own.scores_file, SCORES, key), found)))
    if found.bad:
        raise typer.Exit(1)


@scores_app.command("put")
def put(
    file: New,
    settings: SettingsFile = None,
    *,
    set_aside: Annotated[
        Path | None,
        typer.Option(
            help="Take the good lines, and write the bad ones into this file, to be corrected."
            " 采用正确的行，将有误的行写入该文件以便更正。"
        ),
    ] = None,
) -> None:
    """Let the node go by a new score file: whole, or without its bad lines (启用新的信用分文件)."""
    with plain_errors():
        own, key = _read(settings)
        found = examine(file, SCORES, key)
        _tell_bad(found)
        if found.bad and set_aside is None:
            say(spoken("nothing was taken", "未采用任何内容"))
            raise typer.Exit(1)
        _tell_taken(take(file, own.scores_file, key, found, set_aside))


def _read(settings: Path | None) -> tuple[RecognitionSettings, bytes]:
    own = load_settings(RecognitionSettings, read_values(settings, os.environ))
    return own, read_resident_key(own.keys_directory / "resident.key")


def _tell_bad(found: Examined) -> None:
    """Name lines by their numbers alone: what stands in them is about persons."""
    for number, why in sorted(found.bad.items()):
        say(spoken(f"line {number}: {in_words(why)}", f"第 {number} 行：{in_words(why)}"))
    good, bad = len(found.good), len(found.bad)
    say(spoken(f"{good} good lines, {bad} bad", f"正确 {good} 行，有误 {bad} 行"))


def _tell_missing(number: int) -> None:
    say(
        spoken(
            f"{number} residents would lose their score, and with it their attestations",
            f"{number} 名居民将失去信用分，其信用分证明将被撤销",
        )
    )


def _tell_taken(done: Taken) -> None:
    say(spoken(f"{done.taken} lines taken", f"已采用 {done.taken} 行"))
    if done.aside:
        say(
            spoken(
                f"{done.aside} set aside; {done.kept} residents without a good line keep the score"
                " that they had",
                f"已另存 {done.aside} 行；{done.kept} 名没有正确行的居民保留原有信用分",
            )
        )
