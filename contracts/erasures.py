"""Messages of erasure: a person is forgotten, at home and wherever home spoke of them (PIPL 47)."""

from dataclasses import dataclass

from contracts.fields import Count, Identifier, Moment, Pseudonym
from contracts.wire import command, event, reply

# --- home ----------------------------------------------------------------------------------


@reply("recognition.erasure.record.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureRecord:
    """How far an erasure is; it names nobody.

    Home forgot the person at `erased_at`.  Of the `hosts` that were told, so many `acknowledged`
    that nothing there leads to the person any more; `converged_at` is when the last one did.
    """

    erasure_id: Identifier
    erased_at: Moment
    hosts: Count
    acknowledged: Count
    converged_at: Moment | None = None


@command("recognition.resident.erase.v1", reply=ErasureRecord)
@dataclass(frozen=True, kw_only=True)
class EraseResident:
    """Withdraw all consents, take back all attestations, tell every host, and forget (PIPL 47)."""

    erasure_id: Identifier
    resident: Pseudonym


@command("recognition.erasure.show.v1", reply=ErasureRecord)
@dataclass(frozen=True, kw_only=True)
class ShowErasure:
    """Ask how far an erasure is."""

    erasure_id: Identifier


# --- host ----------------------------------------------------------------------------------


@event("recognition.holder.erased.v1")
@dataclass(frozen=True, kw_only=True)
class HolderErased:
    """Nobody can tell any more who this holder was; what describes them is to be forgotten."""

    holder: Pseudonym
    erased_at: Moment
