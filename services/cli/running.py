"""Who runs on an SQLite file: one process that is a whole node, or processes of its parts.

A whole node has its bus inside, so that a second one on the same files would not hear what the
first says, nor the first the second.  Parts hear one another over RabbitMQ.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from sqlalchemy.engine import make_url

from huxin_client.shell.language import spoken
from services.plumbing.database import open_database
from services.plumbing.locks import FileLock

RUNNING: Final = "running"


class Occupied(OSError):
    """Somebody else runs on a database."""


@contextmanager
def running(urls: Iterable[str], *, alone: bool) -> Iterator[None]:
    """Run on databases inside, on SQLite files `alone` or beside other parts; raise Occupied.

    The system lets go when this process dies, however it does.  Commands that look into a file ask
    nobody.  On PostgreSQL any number of processes may run.
    """
    with ExitStack() as held:
        for url in urls:
            if make_url(url).get_backend_name() == "sqlite":
                lock = FileLock(open_database(url), RUNNING, share=not alone)
                if not lock.acquire():
                    raise Occupied(_said(url))
                held.callback(lock.release)
        yield


def _said(url: str) -> str:
    file = make_url(url).database
    return spoken(
        f"{file}: a node runs on this file already; stop it first, or give this one other files",
        f"{file}：已有节点在使用该数据库文件，请先停止该节点，或改用其他文件",
    )
