"""Keys that their own cities warned of, in a table of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from services.plumbing.rows import insert_once
from services.recognition.adapters.notice_tables import distrusted_keys
from services.recognition.domain.distrust import Distrust

_KEY: Final = select(distrusted_keys).where(
    distrusted_keys.c.home == bindparam("home"), distrusted_keys.c.kid == bindparam("kid")
)


class SqlDistrustedKeys:
    """Keeps each key once, under the city whose it is; it is never forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, home: str, kid: str) -> Distrust | None:
        row = self._connection.execute(_KEY, {"home": home, "kid": kid}).one_or_none()
        return None if row is None else _distrust(row)

    def add(self, distrust: Distrust, now: datetime) -> None:
        insert_once(
            self._connection,
            distrusted_keys,
            home=distrust.home,
            kid=distrust.kid,
            since=distrust.since,
            noted_at=now,
            notice_id=distrust.notice_id,
        )
        later = and_(
            distrusted_keys.c.home == distrust.home,
            distrusted_keys.c.kid == distrust.kid,
            distrusted_keys.c.since > distrust.since,
        )
        earlier = {"since": distrust.since, "notice_id": distrust.notice_id}
        self._connection.execute(update(distrusted_keys).where(later).values(earlier))

    def every(self) -> Sequence[Distrust]:
        found = select(distrusted_keys).order_by(distrusted_keys.c.home, distrusted_keys.c.kid)
        return [_distrust(row) for row in self._connection.execute(found)]


def _distrust(row: Row[tuple[object, ...]]) -> Distrust:
    return Distrust(home=row.home, kid=row.kid, since=row.since, notice_id=row.notice_id)
