"""What the commands print: tables and errors for the person who runs a node."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from contracts.errors import ContractError, Malformed, Refused
from contracts.problems import PROBLEMS
from services.plumbing.settings import SettingsError

PIPED_WIDTH = 200  # columns, where there is no terminal to ask: nothing is cut or wrapped early

out = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what is wrong with settings, files, ports or arguments into a line each and exit 1.

    A refusal is told in words as well.
    """
    try:
        yield
    except (SettingsError, ContractError, OSError, ValueError) as error:
        err.print(Text.assemble(("huxin:", "red"), f" {error}"), soft_wrap=True)
        for field, problem in (error.errors if isinstance(error, Malformed) else {}).items():
            err.print(Text(f"  {field}: {problem}"), soft_wrap=True)
        if isinstance(error, Refused):
            told = PROBLEMS[error.code]
            for text in (told.title, told.next_step):
                err.print(Text(f"  {text.zh} {text.en}"), soft_wrap=True)
        raise typer.Exit(1) from error


def say(text: str) -> None:
    """Print one line as it is."""
    out.print(text, highlight=False, markup=False, soft_wrap=True)
