"""What notices change here, until the whole node acted on it; then their sender is told.

A notice that ends, revises, suspends or resumes recognitions is applied when scenarios has said of
each of them that it is done; one that touched none is applied at once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from contracts import wire
from contracts.corrections import CorrectionApplied
from contracts.notices import ACKNOWLEDGED, NOTICE_APPLIED, NoticeApplied
from services.recognition.domain.correction import Correction
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

_APPLIED: Final = UUID("5d5b8f0e-6a0f-4d8e-9a43-0b8c6f2f7d11")  # the namespace of acknowledgements


def acknowledge(heard: Heard, announced: Iterable[Any]) -> None:
    """Wait for what a notice touched, by what was announced because of it; or say it is applied."""
    if heard.notice.event not in ACKNOWLEDGED:
        return
    touched = {
        event.recognition_id
        for event in announced
        if getattr(event, "notice_id", None) == heard.notice.id and hasattr(event, "recognition_id")
    }
    for recognition_id in touched:
        await_correction(
            heard.notice.id, recognition_id, sender=heard.sender, uow=heard.uow, now=heard.now
        )
    if not touched:
        _tell(heard.sender, heard.notice.id, uow=heard.uow, node=heard.node, now=heard.now)


def await_correction(
    notice_id: UUID, recognition_id: UUID, *, sender: str, uow: UnitOfWork, now: datetime
) -> None:
    """Let a notice not be applied before this recognition is done, within an open transaction.

    Its own id in the place of a recognition's stands for those that are still to be found.
    """
    uow.corrections.add(
        Correction(notice_id=notice_id, sender=sender, recognition_id=recognition_id, heard_at=now)
    )


def on_correction_applied(
    event: CorrectionApplied, *, uow: UnitOfWork, node: Node, now: datetime
) -> None:
    """Note that a notice has had its effect on one recognition; after the last, tell its sender.

    Safe to repeat.
    """
    with uow:
        corrected(event.notice_id, event.recognition_id, uow=uow, node=node, now=now)
        uow.commit()


def corrected(
    notice_id: UUID, recognition_id: UUID, *, uow: UnitOfWork, node: Node, now: datetime
) -> None:
    """Note it within an open transaction; what nobody waits for changes nothing."""
    done = uow.corrections.take(notice_id, recognition_id)
    if done is None or uow.corrections.waits_for(done.sender, notice_id):
        return
    node.measures.notice_applied(now - done.heard_at)
    _tell(done.sender, notice_id, uow=uow, node=node, now=now)


def _tell(sender: str, notice_id: UUID, *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    applied = UnsignedNotice(
        id=uuid5(_APPLIED, f"{sender}:{notice_id}"),
        recipient=sender,
        event=NOTICE_APPLIED,
        body=wire.dump(NoticeApplied(notice_id=notice_id, at=now)),
    )
    announce_notice(applied, uow=uow, node=node, now=now)
