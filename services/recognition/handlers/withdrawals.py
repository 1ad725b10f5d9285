"""Consents withdrawn at home, at a host that may have acted on them (PIPL 15, 47)."""

from contracts.notices import ConsentWithdrawn
from contracts.words import RevocationReason
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.revocations import end


def on_consent_withdrawn(heard: Heard) -> None:
    """End everything of a holder that rests on this home, and remember it for what is under way.

    What was recognised after the withdrawal rests on a consent given after it, or on an attestation
    that home revokes by name: one notice may come later than the other.
    """
    told = heard.read(ConsentWithdrawn)
    uow, home = heard.uow, heard.sender
    uow.withdrawals.add(home, told.subject, told.at, heard.now)
    for holder in uow.holders.known((told.subject,)):
        for recognition in uow.recognitions.of_holder(holder):
            if recognition.home == home and recognition.recognised_at <= told.at:
                reason = RevocationReason.CONSENT_WITHDRAWN
                end(recognition, reason, uow=uow, now=heard.now, notice_id=heard.notice.id)
