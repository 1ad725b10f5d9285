"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        envvar="HUXIN_SETTINGS",
        help="Settings file (TOML); HUXIN_<NAME> in the environment overrides it. 设置文件。",
    ),
]
