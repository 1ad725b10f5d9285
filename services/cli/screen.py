"""What the commands print: tables and errors for the person who runs a node."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.text import Text

from contracts.errors import ContractError, Malformed, Refused
from contracts.problems import PROBLEMS
from huxin_client.shell.language import language
from huxin_client.shell.screen import err, note, out, say, what
from services.plumbing.settings import SettingsError

__all__ = ["err", "note", "out", "plain_errors", "say"]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what is wrong with settings, files, ports or arguments into a line each and exit 1.

    A refusal is told in words as well.
    """
    try:
        yield
    except (SettingsError, ContractError, OSError, ValueError) as error:
        err.print(Text.assemble(("huxin:", "red"), f" {what(error)}"), soft_wrap=True)
        for field, problem in (error.errors if isinstance(error, Malformed) else {}).items():
            err.print(Text(f"  {field}: {problem}"), soft_wrap=True)
        if isinstance(error, Refused):
            told = PROBLEMS[error.code]
            for text in (told.title, told.next_step):
                err.print(Text(f"  {text.said(language())}"), soft_wrap=True)
        raise typer.Exit(1) from error
