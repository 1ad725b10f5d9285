"""Messages about the alliance's cities: how their membership changes, and what the alliance signs.

Every node tells the same story, as each change has the moment of the roster that told it.
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts.fields import CityCode, Count, Document, Moment, Title
from contracts.wire import command, event, reply
from contracts.words import CityState


@event("recognition.city.state_changed.v1")
@dataclass(frozen=True, kw_only=True)
class CityStateChanged:
    """The roster says that a city stands elsewhere now; `former` is None for one that is new."""

    city: CityCode
    name: Title
    name_en: Title
    state: CityState
    roster: Count
    changed_at: Moment
    former: CityState | None = None
    reason: Title | None = None


class DocumentKind(StrEnum):
    """What the alliance signs for all cities."""

    ROSTER = "roster"
    PSEUDONYM_KEYS = "pseudonym_keys"


@reply("recognition.document.record.v1")
@dataclass(frozen=True, kw_only=True)
class AllianceDocument:
    """A document as the alliance signed it, in the version that this node goes by."""

    kind: DocumentKind
    version: Count
    digest: Title
    text: Document


@command("recognition.document.show.v1", reply=AllianceDocument)
@dataclass(frozen=True, kw_only=True)
class ShowAllianceDocument:
    """Ask for a document of the alliance, to hand it on."""

    kind: DocumentKind
