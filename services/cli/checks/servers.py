"""Whether databases and bus answer from here."""

from collections.abc import Iterator

from kombu.connection import Connection
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, right, wrong
from services.cli.checks.settings import NodeSettings
from services.cli.screen import reason
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
    subject = spoken(f"database {owner}", f"数据库 {owner}")
    try:
        with open_database(url).connect() as connection:
            connection.execute(select(1))
            dialect = connection.dialect.name
            return right(subject, spoken(f"answers ({dialect})", f"可连接（{dialect}）"))
    except (OSError, ValueError) as error:
        return wrong(subject, reason(error))
    except SQLAlchemyError as error:
        return wrong(subject, _silent(error))
    finally:
        close_database(url)


def _check_bus(url: str) -> Finding:
    bus = spoken("bus", "消息总线")
    if url.startswith("inprocess:"):
        return right(bus, spoken("in this process", "在本进程内"))
    try:
        with Connection(url, connect_timeout=CONNECT_SECONDS) as connection:
            connection.connect()
    except BROKER_AWAY as error:
        return wrong(bus, _silent(error))
    except (KeyError, ValueError):
        return wrong(bus, spoken("the address cannot be read", "地址无法识别"))
    return right(bus, spoken("answers", "可连接"))


def _silent(error: Exception) -> str:
    kind = type(error).__name__
    return spoken(f"does not answer ({kind})", f"无应答（{kind}）")
