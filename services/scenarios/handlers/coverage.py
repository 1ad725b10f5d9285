"""The coverage register: what sources say they have reported in full."""

from datetime import datetime

from contracts import coverage as contract
from contracts.coverage import CoverageRecord, CoverageRecords, ListCoverage, ReportCoverage
from contracts.errors import Refused
from services.scenarios.domain.coverage import Coverage
from services.scenarios.ports import UnitOfWork


def report_coverage(command: ReportCoverage, *, uow: UnitOfWork, now: datetime) -> CoverageRecords:
    """Note that a source has reported everything of a period.  Safe to repeat.

    Raises Refused item_not_live and source_not_registered, and Malformed for a period that is none
    or not over yet.
    """
    with uow:
        item = uow.evidence_items.at(command.item_id, now)
        if item is None or not item.is_live(now):
            raise Refused("item_not_live", command.item_id)
        if command.source is not None and command.source not in item.terms.sources:
            raise Refused("source_not_registered", command.item_id)
        known = uow.coverage.get(command.item_id, command.source, now)
        uow.coverage.save(known.extended(command.since, command.until, now))
        found = uow.coverage.of(command.item_id)
        uow.commit()
    return CoverageRecords(item_id=command.item_id, sources=tuple(map(_record, found)))


def list_coverage(command: ListCoverage, *, uow: UnitOfWork) -> CoverageRecords:
    """Return what was reported of an item; nothing at all for one that nobody reports."""
    with uow:
        found = uow.coverage.of(command.item_id)
    return CoverageRecords(item_id=command.item_id, sources=tuple(map(_record, found)))


def _record(coverage: Coverage) -> CoverageRecord:
    return CoverageRecord(
        item_id=coverage.item_id,
        source=coverage.source,
        periods=tuple(contract.CoveredPeriod(**vars(each)) for each in coverage.periods),
        reported_at=coverage.reported_at,
    )
