"""A holder was erased at home: what this city decided about them and knows of them is forgotten."""

from contracts.erasures import HolderErased
from services.scenarios.domain.evidence import Subject
from services.scenarios.ports.screening import ErasureWork


def on_holder_erased(event: HolderErased, *, uow: ErasureWork) -> None:
    """Forget every decision about a holder, also what is decided from now on, and all evidence.

    Of screenings, substitutions and vettings no fact stays, and nothing that the holder said or
    committed to; an employment ends.  A substitution stands until it is checked next: one whose
    rule asks for evidence is called back then, one on a commitment alone goes on.  Safe to repeat.
    """
    holder = Subject.holder(event.holder)
    with uow:
        uow.decisions.erase_holder(event.holder, event.erased_at)
        uow.evidence.forget(holder)
        uow.evidence_disputes.forget(holder)
        uow.screenings.forget_facts(holder)
        uow.substitutions.forget(holder)
        uow.vettings.forget(event.holder, event.erased_at)
        uow.employments.end_all(event.holder, event.erased_at)
        uow.commit()
