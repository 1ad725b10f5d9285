"""The scenarios of this city, opened by a command beside the running service.

What a command announces goes into the outbox; the service's relay carries it on.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import NestedTransaction

from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values
from services.scenarios.adapters.tables import messages
from services.scenarios.adapters.unit_of_work import ScenariosUnitOfWork
from services.scenarios.settings import ScenariosSettings


class Together(ScenariosUnitOfWork):
    """Invariant: inside a `whole`, each handler's transaction is a part of it.

    What is refused is undone alone; what is committed lasts when the whole is kept, and a whole
    that is not kept is a dry run.
    """

    _part: NestedTransaction

    @contextmanager
    def whole(self, *, kept: bool) -> Iterator[None]:
        super().__enter__()
        try:
            yield
            if kept:
                super().commit()
        finally:
            super().__exit__(None, None, None)

    def __enter__(self) -> Self:
        self._part = self.connection.begin_nested()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._part.is_active:
            self._part.rollback()

    def commit(self) -> None:
        self._part.commit()


def open_scenarios(file: Path | None) -> Together:
    """Open the database as the settings say; raise what is wrong with them."""
    settings = load_settings(ScenariosSettings, read_values(file, os.environ))
    engine = open_database(settings.scenarios_database)
    upgrade(engine, "services.scenarios")
    return Together(engine, messages, utc_now)
