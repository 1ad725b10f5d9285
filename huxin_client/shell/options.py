"""Options that several commands share."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

Profile = Annotated[
    str,
    typer.Option(
        "--profile", envvar="HUXIN_PROFILE", help="Which credentials of `login`. 使用哪组凭据。"
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="As JSON, one record a line. 以 JSON 输出，每行一条。")
]
NewId = Annotated[
    UUID | None,
    typer.Option(
        "--id",
        help="Its id: the same again means the same. Made up if left out. 编号，可用于重复。",
    ),
]
GrantId = Annotated[UUID, typer.Argument(help="The grant's id. 权益编号。")]
Note = Annotated[str, typer.Option("--note", help="Why, for people. 说明。")]
SecretFile = Annotated[
    Path | None,
    typer.Option(help="Keep the secret there, and do not show it. 将密钥写入文件而不显示。"),
]
