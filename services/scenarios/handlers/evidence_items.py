"""The catalogue of evidence: the city keeps it, everybody may read it."""

from datetime import datetime
from typing import Final

from contracts.errors import Conflict, NotFound
from contracts.evidence import (
    EvidenceItemRecord,
    EvidenceItemRecords,
    ListEvidenceItems,
    PublishEvidenceItem,
)
from contracts.pages import next_of
from services.scenarios.domain.catalogue_item import CatalogueItem
from services.scenarios.domain.private_class import check_not_private
from services.scenarios.handlers.evidence_records import item_record, read_terms
from services.scenarios.ports import UnitOfWork

PAGE: Final = 100


def publish_evidence_item(
    command: PublishEvidenceItem, *, uow: UnitOfWork, now: datetime
) -> EvidenceItemRecord:
    """Put an item into the catalogue, or a new version of it when the terms differ.

    Safe to repeat: the same terms are the same version.  Raises Refused private_class or
    legal_basis_missing, Malformed for terms that contradict themselves, NotFound for a source that
    is no operator, and Conflict("id_reused") when the item's class would change.
    """
    terms = read_terms(command)
    check_not_private(command.item_id)
    terms.check(now)
    with uow:
        known = uow.evidence_items.get(command.item_id)
        if any(uow.operators.get(source) is None for source in terms.sources):
            raise NotFound("not_found", "operator")
        if known is None:
            item = CatalogueItem(id=command.item_id, version=1, published_at=now, terms=terms)
            uow.evidence_items.add(item)
        elif known.terms.evidence_class is not terms.evidence_class:
            raise Conflict("id_reused", "evidence_class")
        else:
            item = known.revised(terms, now)
            if item is not known:
                uow.evidence_items.save(item)
        uow.commit()
    return item_record(item)


def list_evidence_items(command: ListEvidenceItems, *, uow: UnitOfWork) -> EvidenceItemRecords:
    """Return a page of the catalogue."""
    with uow:
        items = uow.evidence_items.page(command.after or "", PAGE)
    return EvidenceItemRecords(
        items=tuple(map(item_record, items)), next=next_of(items, PAGE, "id")
    )
