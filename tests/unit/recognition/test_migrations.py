"""The migrations make the tables that the code uses, and take along what is stored."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.plumbing.clock import utc_now
from services.plumbing.database import UtcDateTime, close_database, open_database
from services.plumbing.migrate import configure, upgrade
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from tests.builders.attestations import HANGZHOU
from tests.builders.recognition import ID, RESIDENT

pytestmark = pytest.mark.recognition

AT = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/recognition.db"
    yield open_database(url)
    close_database(url)


def upgrade_to(engine, revision):
    config = configure("services.recognition")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill(connection, name, **values):
    types = {UUID: sa.Uuid, datetime: UtcDateTime, list: sa.JSON, dict: sa.JSON}
    columns = [sa.column(key, types.get(type(value))) for key, value in values.items()]
    connection.execute(sa.table(name, *columns).insert().values(**values))


def test_a_migrated_database_has_the_tables_the_code_uses(engine):
    upgrade(engine, "services.recognition")

    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_what_was_stored_before_persons_had_keys_is_found_as_it_was(engine):
    upgrade_to(engine, "recognition_0002")
    consent = {"purposes": ["sports"], "text_version": "1", "given_at": AT, "until": LATER}
    issued = {
        "consent_id": ID,
        "status_list": 0,
        "status_index": 7,
        "issued_at": AT,
        "until": LATER,
        "tier": 4,
        "band": "优秀",
        "holder_key": {"kty": "OKP"},
        "credential": "a~b~",
    }
    with engine.begin() as connection:
        whose = {"resident": RESIDENT, "recipient": HANGZHOU}
        fill(connection, "consents", id=ID, **whose, **consent)
        fill(connection, "status_lists", number=0, secret=bytes(32), taken=1)
        fill(connection, "issuances", attestation_id=ID, **whose, **issued)

    upgrade(engine, "services.recognition")

    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        issuance = uow.issuances.get(ID)
        assert (issuance.resident, issuance.band, issuance.credential) == (RESIDENT, "优秀", "a~b~")
        assert issuance.holder_key == {"kty": "OKP"}
        assert [each.id for each in uow.consents.of(RESIDENT)] == [ID]


def test_whom_a_host_recognised_before_stays_the_same_holder(engine):
    upgrade_to(engine, "recognition_0002")
    with engine.begin() as connection:
        fill(
            connection,
            "recognitions",
            id=uuid4(),
            attestation_id=uuid4(),
            holder="H" * 43,
            home="350100",
            tier=4,
            purposes=[],
            presentation="",
            attestation="",
            kid="",
            crosswalk=1,
            roster=1,
            status_as_of=AT,
            recognised_at=AT,
            until=LATER,
        )

    upgrade(engine, "services.recognition")

    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        assert uow.holders.name(["H" * 43], "new", LATER) == "H" * 43
