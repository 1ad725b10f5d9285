"""Which stored rows are whose, at home: the one place that ties a resident to them.

Every table that tells of a resident has a column `subject`: a random name that means nothing once
its row here is gone.  A repository takes and gives the resident all the same; it asks `id_of` when
it writes, and joins `residents` when it reads, so that what belongs to an erased person is not
found any more.
"""

from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, select

from services.plumbing.rows import insert_once
from services.recognition.adapters.sealing import new_key
from services.recognition.adapters.tables import residents


class SqlSubjects:
    """Invariant: one resident is one subject with one key, until they are erased."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, resident: str) -> bool:
        """Lock the row that says who a resident is; say whether there is one."""
        found = select(residents.c.subject).where(residents.c.resident == resident)
        return self._connection.scalars(found.with_for_update()).one_or_none() is not None

    def id_of(self, resident: str) -> UUID:
        """Return the subject under which to write of a resident, made at the first time.

        It is locked until the transaction ends: nobody is erased while something is written.
        """
        subject, _ = self.with_key(resident)
        return subject

    def with_key(self, resident: str) -> tuple[UUID, bytes]:
        """Return subject and key, as `id_of` does."""
        found = select(residents).where(residents.c.resident == resident).with_for_update()
        row = self._connection.execute(found).one_or_none()
        if row is None:
            new = {"subject": uuid4(), "key": new_key()}
            insert_once(self._connection, residents, resident=resident, **new)
            row = self._connection.execute(found).one()
        return row.subject, row.key

    def resident_of(self, subject: UUID) -> str | None:
        """Return whose rows these are; None when the resident was erased."""
        found = select(residents.c.resident).where(residents.c.subject == subject)
        resident: str | None = self._connection.scalars(found).one_or_none()
        return resident

    def erase(self, resident: str) -> UUID | None:
        """Destroy name and key; return the subject whose rows nobody can tell the owner of now."""
        gone = delete(residents).where(residents.c.resident == resident)
        subject: UUID | None = self._connection.scalars(
            gone.returning(residents.c.subject)
        ).one_or_none()
        return subject
