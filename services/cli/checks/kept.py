"""What recognition keeps of the alliance's documents: it goes by them, whatever the files say."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from contracts.errors import ContractError
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.crosswalk import Crosswalk


@dataclass(frozen=True)
class Kept:
    """The text of the roster adopted last, and every version of the alliance's crosswalk."""

    roster: str | None = None
    crosswalks: Sequence[Crosswalk] = ()


def read_kept(url: str) -> Kept:
    """Look into recognition's database; one that is new or away has nothing to say here."""
    try:
        with make_unit_of_work(open_database(url), utc_now, None, lambda: None) as uow:
            adopted = uow.adopted_rosters.newest()
            published = [each.document for each in uow.crosswalks.all()]
    except (OSError, ValueError, ContractError, SQLAlchemyError):
        return Kept()
    finally:
        close_database(url)
    tables = [document for document in published if isinstance(document, Crosswalk)]
    return Kept(adopted.text if adopted else None, tables)
