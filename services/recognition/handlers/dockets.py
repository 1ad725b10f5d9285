"""Which facts count behind a score: the docket of its resident says."""

from dataclasses import replace
from datetime import datetime

from contracts.disputes import FactRecord, FactRecords, ListFacts
from contracts.errors import NotFound
from services.recognition.domain.docket import Docket
from services.recognition.domain.fact import Fact
from services.recognition.ports import Node, ScoreRecord, UnitOfWork


def docket_of(resident: str, *, uow: UnitOfWork, node: Node) -> Docket:
    """Read a resident's docket; until the transaction ends it stays as it is."""
    uow.settlements.hold(resident)
    return Docket(
        periods=node.fact_rules.periods,
        disputes=uow.disputes.of(resident),
        settled=uow.settlements.of(resident),
    )


def as_it_counts(record: ScoreRecord, docket: Docket, at: datetime) -> ScoreRecord:
    """Give a score the points back of the facts that have no effect at a moment."""
    return replace(record, given_back=docket.given_back(record.facts, at))


def fact_of(fact_id: str, score: ScoreRecord | None, docket: Docket, now: datetime) -> Fact:
    """Find a fact that lowers a score, as long as it may; raises NotFound.

    One that has no effect any more, for whatever reason, is not there.
    """
    for fact in lowering(score, docket, now):
        if fact.id == fact_id:
            return fact
    raise NotFound("not_found", "fact")


def lowering(score: ScoreRecord | None, docket: Docket, now: datetime) -> list[Fact]:
    """Return the facts that lower a score, or would but for a dispute, newest first."""
    facts = score.facts if score else ()
    found = (each for each in facts if each.lowers and not docket.is_settled(each, now))
    return sorted(found, key=lambda each: (each.decided_at, each.id), reverse=True)


def fact_record(fact: Fact, docket: Docket, now: datetime) -> FactRecord:
    period, dispute = docket.periods[fact.gravity], docket.open_dispute(fact, now)
    return FactRecord(
        fact_id=fact.id,
        catalogue_item=fact.catalogue_item,
        gravity=fact.gravity,
        document_no=fact.document_no,
        decided_at=fact.decided_at,
        repairable_at=period.repairable_at(fact),
        ends_at=period.ends_at(fact),
        counts=dispute is None,
        dispute_id=dispute.id if dispute else None,
    )


def list_facts(command: ListFacts, *, uow: UnitOfWork, node: Node, now: datetime) -> FactRecords:
    """Return the facts that lower a resident's score, or would but for a dispute."""
    score = node.scores.find(command.resident)
    with uow:
        docket = docket_of(command.resident, uow=uow, node=node)
    facts = lowering(score, docket, now)
    return FactRecords(facts=tuple(fact_record(each, docket, now) for each in facts))
