"""Databases: moments, the one writer, what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert, select
from sqlalchemy.exc import StatementError

from services.plumbing.clock import utc_now
from services.plumbing.database import UtcDateTime, close_database, empty_log, open_database
from services.plumbing.sqlite_reading import open_reader

metadata = MetaData()
moments = Table(
    "moments", metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime)
)


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/test.db"
    yield url
    close_database(url)


@pytest.fixture
def engine(url):
    engine = open_database(url)
    metadata.create_all(engine)
    return engine


def test_the_clock_is_aware_and_in_utc():
    assert utc_now().tzinfo is UTC


def test_a_moment_comes_back_aware_and_in_utc(engine):
    beijing = datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=8)))

    with engine.begin() as connection:
        connection.execute(insert(moments).values(at=beijing))
        read = connection.scalar(select(moments.c.at))

    assert read == beijing
    assert read.tzinfo is UTC


def test_a_naive_moment_is_refused(engine):
    naive = datetime(2026, 11, 1)  # noqa: DTZ001  the point of the test

    with engine.begin() as connection, pytest.raises(StatementError, match="no time zone"):
        connection.execute(insert(moments).values(at=naive))


def test_moments_compare_in_the_database(engine):
    with engine.begin() as connection:
        for hour in (7, 9):
            moment = datetime(2026, 11, 1, hour, tzinfo=UTC)
            connection.execute(insert(moments).values(at=moment))
        early = select(moments.c.at).where(moments.c.at < datetime(2026, 11, 1, 8, tzinfo=UTC))

        assert [moment.hour for moment in connection.scalars(early)] == [7]


def test_a_database_is_opened_once_in_a_process(url):
    assert open_database(url) is open_database(url)


def test_it_survives_power_loss_and_checks_its_references(engine):
    with engine.connect() as connection:
        read = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert read == ["wal", 2, 1]


def test_a_reader_sees_what_is_committed_and_cannot_write(engine, url):
    with engine.begin() as connection:
        connection.execute(insert(moments).values(at=datetime(2026, 11, 1, tzinfo=UTC)))

    reader = open_reader(url)

    assert reader.execute("SELECT count(*) FROM moments").fetchone() == (1,)
    with pytest.raises(Exception, match="readonly"):
        reader.execute("DELETE FROM moments")
    reader.close()


def test_a_new_file_and_its_log_are_their_owner_s_alone(engine, tmp_path):
    with engine.begin() as connection:
        connection.execute(insert(moments).values(at=datetime(2026, 11, 1, tzinfo=UTC)))

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("*.db*")}

    assert modes == dict.fromkeys(("test.db", "test.db-wal", "test.db-shm"), 0o600)


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        open_database(f"sqlite:///{tmp_path}/nowhere/test.db")


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://"])
def test_other_databases_are_refused(url):
    with pytest.raises(ValueError, match=r"database|file"):
        open_database(url)


def test_what_is_deleted_lies_in_no_file_on(engine, tmp_path):
    texts = Table("texts", metadata, Column("id", Integer, primary_key=True), Column("text", Text))
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(texts).values(text="somebody's name, and more of it" * 1000))

    with engine.begin() as connection:
        connection.execute(delete(texts))
    empty_log(engine)

    for file in tmp_path.iterdir():
        assert b"somebody" not in file.read_bytes()
