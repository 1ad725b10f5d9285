"""The scenarios of this city, opened by a command beside the running service; and which city it is.

What a command announces goes into the outbox; the service's relay carries it on.
"""

import os
from pathlib import Path

from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork, make_unit_of_work
from services.scenarios.settings import ScenariosSettings


def open_scenarios(file: Path | None) -> ScenariosUnitOfWork:
    """Open the database as the settings say; raise what is wrong with them."""
    settings = load_settings(ScenariosSettings, read_values(file, os.environ))
    engine = open_database(settings.scenarios_database)
    upgrade(engine, "services.scenarios")
    return make_unit_of_work(engine, utc_now, None, lambda: None)


def city_of(file: Path | None) -> str:
    """Return the code of the city whose settings these are."""
    return load_settings(ScenariosSettings, read_values(file, os.environ)).city
