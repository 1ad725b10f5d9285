"""What notices of this city brought about elsewhere, as their recipients tell it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from contracts.notices import NoticeApplied
from services.recognition.handlers import erasures
from services.recognition.handlers.convergence import on_case_converged
from services.recognition.handlers.heard import Heard

CONVERGED: Final[tuple[Callable[[UUID, Heard], None], ...]] = (
    erasures.converged,
    on_case_converged,
)
"""What is done, in the same transaction, about a cause when the last of its effects is applied.

Each gets the cause, of whatever kind, and passes over one that is not its own.  It must be safe to
repeat: a cause that asks for more later converges again.
"""


def on_notice_applied(heard: Heard) -> None:
    """Note that a notice took effect at its recipient; of one that nobody waits for, nothing.

    A city speaks for what it was itself asked, and its first word on it stands.
    """
    asked, told = heard.uow.effects, heard.read(NoticeApplied)
    cause = asked.cause_of(told.notice_id, heard.sender)
    if cause is None or not asked.applied(told.notice_id, heard.sender, heard.now):
        return
    effects = {effect.notice_id: effect for effect in asked.of(cause)}
    heard.node.measures.effect_applied(heard.now - effects[told.notice_id].asked_at)
    if all(effect.applied_at for effect in effects.values()):
        for converged in CONVERGED:
            converged(cause, heard)
