"""Whether databases and bus answer from here."""

from collections.abc import Iterator

from kombu.connection import Connection
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.cli.checks.finding import Finding, right, wrong
from services.cli.checks.settings import NodeSettings
from services.plumbing.database import close_database, open_database
from services.plumbing.topology import BROKER_AWAY

CONNECT_SECONDS = 5


def check_servers(settings: NodeSettings) -> Iterator[Finding]:
    """Knock at every door once."""
    yield _check_database("recognition", settings.recognition.recognition_database)
    yield _check_database("scenarios", settings.scenarios.scenarios_database)
    yield _check_database("gateway", settings.gateway.gateway_database)
    yield _check_bus(settings.gateway.bus_url)


def _check_database(owner: str, url: str) -> Finding:
    """Run an empty question; the text of the driver's error may hold a password and is not told."""
    subject = f"database {owner}"
    try:
        with open_database(url).connect() as connection:
            connection.execute(select(1))
            return right(subject, f"answers ({connection.dialect.name})")
    except (OSError, ValueError) as error:
        return wrong(subject, str(error))
    except SQLAlchemyError as error:
        return wrong(subject, f"does not answer ({type(error).__name__})")
    finally:
        close_database(url)


def _check_bus(url: str) -> Finding:
    if url.startswith("inprocess:"):
        return right("bus", "in this process")
    try:
        with Connection(url, connect_timeout=CONNECT_SECONDS) as connection:
            connection.connect()
    except BROKER_AWAY as error:
        return wrong("bus", f"does not answer ({type(error).__name__})")
    except (KeyError, ValueError):
        return wrong("bus", "the address cannot be read")
    return right("bus", "answers")
