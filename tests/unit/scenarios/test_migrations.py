"""The migrations make the tables that the code uses."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.scenarios.adapters import unit_of_work  # noqa: F401 - knows every table
from services.scenarios.adapters.tables import metadata

pytestmark = pytest.mark.scenarios


def test_a_migrated_database_has_the_tables_the_code_uses(tmp_path):
    url = f"sqlite:///{tmp_path}/scenarios.db"
    engine = open_database(url)

    upgrade(engine, "services.scenarios")

    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    close_database(url)
    assert differences == []
