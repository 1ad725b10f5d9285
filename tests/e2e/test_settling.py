"""Two running cities settle a month by `huxin settlement`, and each believes the other's calls."""

import os
import subprocess
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from services.cli.demo.world import FUZHOU, ZHENGZHOU
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.scenarios.adapters.tables import usage_lines
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from tests.builders.settlements import a_line, book
from tests.e2e.runtimes import HUXIN
from tests.e2e.storage import database_url

pytestmark = pytest.mark.scenarios

ALIKE, UNLIKE = datetime(2025, 9, 4, 6, tzinfo=UTC), datetime(2025, 10, 4, 6, tzinfo=UTC)


@pytest.fixture
def settle(alliance):
    """Run a step of a city with the other one, as its official types it."""

    def run(step, city, moment):
        other = ZHENGZHOU if city == FUZHOU else FUZHOU
        words = [step, "--period", f"{moment:%Y-%m}", "--city", other]
        return subprocess.run(
            [HUXIN, "settlement", *words, "--settings", alliance.sandbox.settings[city]],
            env=os.environ | {"COLUMNS": "200"} | alliance.runtime.environment(city),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


def at_zhengzhou(number, at, **changed):
    """A line between two cities whose account no other test looks at: the difference stays."""
    return a_line(number, at=at, host=ZHENGZHOU, **changed)


def test_two_cities_agree_on_a_month_and_resolve_what_differs_in_the_next(alliance, settle):
    lines = [at_zhengzhou(901, ALIKE), at_zhengzhou(902, UNLIKE), at_zhengzhou(903, UNLIKE)]
    urls = {city: database_url(alliance, city, "scenarios") for city in (ZHENGZHOU, FUZHOU)}
    for url in urls.values():
        book(make_unit_of_work(open_database(url), utc_now, None, lambda: None), *lines)
    changed = at_zhengzhou(903, UNLIKE, value_fen=700)
    with open_database(urls[FUZHOU]).begin() as connection:
        connection.execute(
            update(usage_lines)
            .where(usage_lines.c.line_id == changed.id)
            .values(value_fen=changed.value_fen, seal=changed.entry.seal)
        )
    for url in urls.values():
        close_database(url)

    assert settle("close", ZHENGZHOU, ALIKE).returncode == 0
    early = settle("compare", ZHENGZHOU, ALIKE)
    assert (early.returncode, "at the other city" in early.stderr) == (1, True)
    for city, moment in ((FUZHOU, ALIKE), (ZHENGZHOU, UNLIKE), (FUZHOU, UNLIKE)):
        assert settle("close", city, moment).returncode == 0

    agreed, differing = settle("compare", ZHENGZHOU, ALIKE), settle("compare", ZHENGZHOU, UNLIKE)
    assert (agreed.returncode, "agreed" in agreed.stdout) == (0, True)
    assert (differing.returncode, "disputed" in differing.stdout) == (2, True)
    assert f"differing {ZHENGZHOU} {changed.id} value_fen: 500 / 700" in differing.stdout
    for city in (ZHENGZHOU, FUZHOU):
        assert settle("resolve", city, UNLIKE).returncode == 0
    resolved = settle("compare", FUZHOU, UNLIKE)
    assert (resolved.returncode, "resolved" in resolved.stdout) == (0, True), resolved
