"""What the commands print: tables and errors for the person who runs a node."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from contracts.errors import ContractError
from services.plumbing.settings import SettingsError

out = Console()
err = Console(stderr=True)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what is wrong with settings, files, ports or arguments into one line and exit 1."""
    try:
        yield
    except (SettingsError, ContractError, OSError, ValueError) as error:
        err.print(Text.assemble(("huxin:", "red"), f" {error}"), soft_wrap=True)
        raise typer.Exit(1) from error
