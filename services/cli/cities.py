"""`huxin cities`: where the alliance's cities stand, or stood, as this node was told."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from huxin_client.shell.language import spoken
from services.cli.options import SettingsFile
from services.cli.screen import plain_errors, say
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.settings import RecognitionSettings

At = Annotated[
    datetime | None,
    typer.Option(help="As of then, UTC. 截至该时刻。", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%MZ"]),
]


def cities(settings: SettingsFile = None, *, at: At = None) -> None:
    """List cities with their state and since when, and count those online (列出成员城市)."""
    moment = at.replace(tzinfo=UTC) if at else utc_now()
    with plain_errors():
        own = load_settings(RecognitionSettings, read_values(settings, os.environ))
        engine = open_database(own.recognition_database)
        with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
            found = uow.memberships.at(moment)
    for each in found:
        reason = f" ({each.reason})" if each.reason else ""
        day = f"{each.changed_at:%Y-%m-%d}"
        since = spoken(
            f"since {day}, roster {each.roster}", f"自 {day} 起，成员名册第 {each.roster} 版"
        )
        say(f"{each.city} {each.name} {each.name_en}: {each.state}{reason}, {since}")
    count = sum(each.state == "online" for each in found)
    say(spoken(f"{count} online", f"{count} 个城市已上线"))
