"""Where each city of the alliance stands, and the documents that say so, to be handed on."""

from contracts.errors import NotFound
from contracts.membership import (
    AllianceDocument,
    CityStateChanged,
    DocumentKind,
    ShowAllianceDocument,
)
from services.recognition.domain.membership import StateChange, changes
from services.recognition.domain.roster import Roster
from services.recognition.ports import AdoptedDocuments, UnitOfWork


def note_changes(roster: Roster, *, uow: UnitOfWork) -> None:
    """Remember and announce, within an open transaction, what a roster changes in memberships.

    Safe to repeat: what was noted is no change any more.
    """
    for change in changes(roster, uow.memberships.states()):
        if uow.memberships.add(change):
            uow.outbox.add(_announcement(change))


def show_alliance_document(command: ShowAllianceDocument, *, uow: UnitOfWork) -> AllianceDocument:
    """Show a document of the alliance as this node goes by it; raises NotFound."""
    with uow:
        kept = _adopted(command.kind, uow).newest()
    if kept is None or kept.text is None:
        raise NotFound("not_found", f"no {command.kind} yet")
    return AllianceDocument(
        kind=command.kind,
        version=kept.version.number,
        digest=kept.version.digest,
        text=kept.text,
    )


def _adopted(kind: DocumentKind, uow: UnitOfWork) -> AdoptedDocuments:
    return uow.adopted_rosters if kind is DocumentKind.ROSTER else uow.adopted_pseudonym_keys


def _announcement(change: StateChange) -> CityStateChanged:
    return CityStateChanged(
        city=change.city,
        name=change.name,
        name_en=change.name_en,
        former=change.former,
        state=change.state,
        reason=change.reason or None,
        roster=change.roster,
        changed_at=change.changed_at,
    )
