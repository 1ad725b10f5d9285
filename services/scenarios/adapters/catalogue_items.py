"""Items of the evidence catalogue in tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from contracts import evidence as contract
from contracts.errors import Conflict
from contracts.words import DocumentType, EvidenceClass, SubjectKind
from services.plumbing import rows
from services.scenarios.adapters.evidence_tables import evidence_item_versions as versions
from services.scenarios.adapters.evidence_tables import evidence_items as heads
from services.scenarios.domain.catalogue_item import (
    CatalogueItem,
    ItemTerms,
    LegalBasis,
    RepairRule,
)


class SqlCatalogueItems:
    """Stores every version; the head row names the newest and is what is locked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> CatalogueItem | None:
        # Two statements: a join would miss the version that a lock was waited for.
        head = select(heads).where(heads.c.id == id).with_for_update()
        row = self._connection.execute(head).one_or_none()
        if row is None:
            return None
        found = select(versions).where(versions.c.item_id == id, versions.c.version == row.version)
        return _item(self._connection.execute(found).one())

    def at(self, id: str, at: datetime) -> CatalogueItem | None:
        found = (
            select(versions)
            .where(versions.c.item_id == id, versions.c.published_at <= at)
            .order_by(versions.c.version.desc())
            .limit(1)
        )
        row = self._connection.execute(found).one_or_none()
        return _item(row) if row else None

    def page(self, after: str, most: int) -> Sequence[CatalogueItem]:
        found = (
            select(versions)
            .join(
                heads, (heads.c.id == versions.c.item_id) & (heads.c.version == versions.c.version)
            )
            .where(heads.c.id > after)
            .order_by(heads.c.id)
            .limit(most)
        )
        return [_item(row) for row in self._connection.execute(found)]

    def add(self, item: CatalogueItem) -> None:
        rows.insert(self._connection, heads, id=item.id, version=item.version)
        self._add_version(item)

    def save(self, item: CatalogueItem) -> None:
        advanced = self._connection.execute(
            update(heads)
            .where(heads.c.id == item.id, heads.c.version < item.version)
            .values(version=item.version)
        )
        if advanced.rowcount != 1:
            raise Conflict("id_reused", "evidence_items")
        self._add_version(item)

    def _add_version(self, item: CatalogueItem) -> None:
        terms = item.terms
        self._connection.execute(
            insert(versions).values(
                item_id=item.id,
                version=item.version,
                published_at=item.published_at,
                name=terms.name,
                name_en=terms.name_en,
                evidence_class=terms.evidence_class,
                basis=terms.basis,
                subjects=sorted(terms.subjects),
                documents=sorted(terms.documents),
                live_from=terms.live_from,
                live_until=terms.live_until,
                keeps_months=terms.keeps_months,
                repair=terms.repair,
                grades=list(terms.grades),
                states_amount=terms.states_amount,
                sources=sorted(terms.sources),
            )
        )


def _item(row: Row[Any]) -> CatalogueItem:
    basis: contract.LegalBasis = row.basis
    repair: contract.RepairRule | None = row.repair
    terms = ItemTerms(
        name=row.name,
        name_en=row.name_en,
        evidence_class=EvidenceClass(row.evidence_class),
        basis=LegalBasis(**vars(basis)),
        subjects=frozenset(map(SubjectKind, row.subjects)),
        documents=frozenset(map(DocumentType, row.documents)),
        live_from=row.live_from,
        live_until=row.live_until,
        keeps_months=row.keeps_months,
        repair=RepairRule(**vars(repair)) if repair else None,
        grades=tuple(row.grades),
        states_amount=row.states_amount,
        sources=frozenset(row.sources),
    )
    return CatalogueItem(
        id=row.item_id, version=row.version, published_at=row.published_at, terms=terms
    )
