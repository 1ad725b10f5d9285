"""What the commands print: tables and errors for the person who runs a node."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from contracts.errors import ContractError, Malformed, Refused
from contracts.problems import PROBLEMS
from huxin_client.shell.language import language, spoken
from huxin_client.shell.screen import err, note, out, say, what
from services.cli.reasons.saying import in_words
from services.plumbing.settings import BadSetting, SettingsError

__all__ = ["err", "note", "out", "plain_errors", "reason", "say"]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what is wrong with settings, files, ports or arguments into a line each and exit 1.

    A refusal is told in words as well; of a database's error the kind alone, as a driver's text may
    hold a password.
    """
    try:
        yield
    except (SettingsError, ContractError, OSError, ValueError) as error:
        err.print(Text.assemble(("huxin:", "red"), f" {reason(error)}"), soft_wrap=True)
        for field, problem in (error.errors if isinstance(error, Malformed) else {}).items():
            err.print(Text(f"  {field}: {in_words(problem)}"), soft_wrap=True)
        if isinstance(error, Refused):
            told = PROBLEMS[error.code]
            for text in (told.title, told.next_step):
                err.print(Text(f"  {text.said(language())}"), soft_wrap=True)
        raise typer.Exit(1) from error
    except SQLAlchemyError as error:
        kind = type(error).__name__
        trouble = spoken(
            f"the database does not answer, or no service has set it up yet ({kind})",
            f"数据库无应答，或尚未由服务建表（{kind}）",
        )
        err.print(Text.assemble(("huxin:", "red"), f" {trouble}"), soft_wrap=True)
        raise typer.Exit(1) from error


def reason(error: Exception) -> str:
    """Return what is wrong, in the language of whoever runs the command."""
    if isinstance(error, BadSetting):
        said = (f"{name}: {in_words(problem)}" for name, problem in error.problems.items())
        return "; ".join(said)
    return in_words(what(error))
