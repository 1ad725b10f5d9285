"""When a dispute or repair has come to its end everywhere: the last host did what follows."""

from uuid import UUID

from services.recognition.domain.dispute import Dispute
from services.recognition.domain.repair import Repair
from services.recognition.handlers.heard import Heard
from services.recognition.ports import Node, UnitOfWork


def settle(case: Dispute | Repair, *, uow: UnitOfWork, node: Node) -> None:
    """Note since when a closed case has converged, if it has, within an open transaction.

    Safe to repeat: the first moment stands.  One that no host had to hear of converges at once,
    and is not measured.
    """
    effects = uow.effects.of(case.id)
    applied = [effect.applied_at for effect in effects if effect.applied_at is not None]
    if case.closed_at is None or case.converged_at is not None or len(applied) < len(effects):
        return
    case.converged_at = max((case.closed_at, *applied))
    if isinstance(case, Dispute):
        uow.disputes.save(case)
    else:
        uow.repairs.save(case)
    if applied:
        kind = type(case).__name__.lower()
        node.measures.converged(kind, case.converged_at - case.closed_at)


def on_case_converged(cause: UUID, heard: Heard) -> None:
    """Note that every host applied what it was told of a case; another cause is passed over."""
    case = heard.uow.disputes.get(cause) or heard.uow.repairs.get(cause)
    if case is not None:
        settle(case, uow=heard.uow, node=heard.node)
