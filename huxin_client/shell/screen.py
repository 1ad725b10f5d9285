"""What commands print: records, lists and errors; and how they end.

0 is done; 1 is a no, or something here is wrong; 2 is a command line that cannot be read; 3 is no
answer: nobody knows whether it was done, and the same may be repeated by the same id.
"""

import errno
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import typer
from marshmallow import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts import wire
from contracts.errors import ContractError, Malformed
from contracts.problems import PROBLEMS
from contracts.problems import Text as Said
from huxin_client import Away, NotGood, Problem
from huxin_client.shell.headings import heading
from huxin_client.shell.language import language, spoken

NO: Final = 1
NO_ANSWER: Final = 3
ENDINGS: Final = (
    "Ends with 0 when it is done, 1 when the answer is no, 3 when there is none: repeat it then by"
    " the same id. 退出码：0 完成，1 被拒绝，3 无应答（可用相同编号重复）。"
)
REPEAT: Final = Said(
    "Nobody knows whether it was done. Repeat it by the same id (--id).",
    "无法确认是否已完成，请以相同编号（--id）重复。",
)
WHY: Final = {
    errno.ENOENT: "文件或目录不存在",
    errno.EACCES: "没有权限",
    errno.EEXIST: "已存在",
    errno.EISDIR: "是目录，不是文件",
    errno.ENOTDIR: "不是目录",
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "文件系统只读",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有该地址",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ETIMEDOUT: "连接超时",
}
PIPED_WIDTH: Final = 200  # columns, where there is no terminal to ask: nothing is cut or wrapped

out = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)

Hints = Mapping[str, Said]
"""What helps at the shell, by code, where that is more than the gateway can say."""
NO_HINTS: Final[Hints] = {}


@contextmanager
def plain_answers(hints: Hints = NO_HINTS) -> Iterator[None]:
    """Say a no, no answer, or what is wrong with a file in some lines, and exit."""
    try:
        yield
    except Problem as problem:
        _complain(f"{problem.code} {problem.detail}".strip())
        _explain(problem, hints)
        if not problem.is_passing:
            raise typer.Exit(NO) from problem
        _repeat(problem.named)
        raise typer.Exit(NO_ANSWER) from problem
    except Away as away:
        _complain(f"{spoken('no answer', '无应答')}: {away}")
        _repeat(away.named)
        raise typer.Exit(NO_ANSWER) from away
    except NotGood as found:
        _complain(found.reason)
        raise typer.Exit(NO) from found
    except (ContractError, ValidationError, OSError, ValueError) as error:
        _complain(what(error))
        _fields(error.errors if isinstance(error, Malformed) else {})
        raise typer.Exit(NO) from error


def what(error: Exception) -> str:
    """Return what is wrong; of a file its name first, and no number of the system's."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {why(error)}"
    return str(error)


def why(error: OSError) -> str:
    """Return what the system says; in Chinese what is known of it."""
    told = error.strerror or str(error)
    return spoken(told, WHY.get(error.errno or 0, f"无法读写或连接（{told}）"))


def say(text: str) -> None:
    """Print one line as it is."""
    out.print(text, highlight=False, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Say something beside what was asked for: it does not get into a pipe."""
    err.print(Text(text), soft_wrap=True)


def ask_secret(name: str) -> str:
    """Ask for what nobody else may see, without showing it, or read its line from a pipe."""
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def tell(record: Any, *, as_json: bool) -> None:
    """Print one record: as JSON, or field by field without those that say nothing."""
    said = wire.dump(record)
    if as_json:
        say(json.dumps(said, ensure_ascii=False))
        return
    for name, value in _flat(said):
        say(f"{name}: {value}")


def tell_all(records: Iterable[Any], columns: tuple[str, ...], *, as_json: bool) -> int:
    """Print records, as JSON one a line, or in a table of these columns; return how many."""
    count, table = 0, Table(*map(heading, columns))
    for record in records:
        count += 1
        said = wire.dump(record)
        if as_json:
            say(json.dumps(said, ensure_ascii=False))
        else:
            flat = dict(_flat(said))
            table.add_row(*(Text(flat.get(column, "")) for column in columns))
    if not as_json:
        out.print(table)
    return count


def _flat(said: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        match value:
            case None | "" | []:
                continue
            case dict():
                yield from _flat(value, f"{path}{name}.")
            case list() if all(isinstance(each, str | int) for each in value):
                yield f"{path}{name}", " ".join(map(str, value))
            case list():
                for number, each in enumerate(value, 1):
                    yield from _flat(each, f"{path}{name}.{number}.")
            case bool():
                yield f"{path}{name}", spoken("yes", "是") if value else spoken("no", "否")
            case _:
                yield f"{path}{name}", str(value)


def _complain(text: str) -> None:
    err.print(Text.assemble(("huxin:", "red"), f" {text}"), soft_wrap=True)


def _explain(problem: Problem, hints: Hints) -> None:
    _fields(problem.errors)
    known = PROBLEMS.get(problem.code)
    if known:
        _say(known.title)
    elif problem.title:
        note(f"  {problem.title}")
    if problem.code in hints:
        _say(hints[problem.code])
    elif known:
        _say(known.next_step)
    if problem.request_id:
        note(f"  {spoken('request', '请求编号')} {problem.request_id}")


def _fields(errors: Mapping[str, str]) -> None:
    for field, text in errors.items():
        note(f"  {field}: {text}")


def _say(text: Said) -> None:
    note(f"  {text.said(language())}")


def _repeat(named: Mapping[str, Any]) -> None:
    if named:
        _say(REPEAT)
        for name, value in named.items():
            note(f"  {name}: {value}")
