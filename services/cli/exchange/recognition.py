"""The recognition of this city, opened by a command beside the running service.

What a command announces goes into the outbox; the service's relay carries it on.
"""

import os
from pathlib import Path

from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.node import kept_by, make_node
from services.recognition.adapters.unit_of_work import (
    RecognitionUnitOfWork,
    make_unit_of_work,
)
from services.recognition.ports import Node
from services.recognition.settings import RecognitionSettings


def open_recognition(file: Path | None) -> tuple[RecognitionUnitOfWork, Node]:
    """Open database and node as the settings say; raise what is wrong with them."""
    settings = load_settings(RecognitionSettings, read_values(file, os.environ))
    engine = open_database(settings.recognition_database)
    upgrade(engine, "services.recognition")
    uow = make_unit_of_work(engine, utc_now, None, lambda: None)
    return uow, make_node(settings, utc_now, kept_by(uow))
