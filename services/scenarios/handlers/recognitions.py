"""What recognition announces: tiers that stand, and their ends.

The two events of a recognition may come in any order, and each more than once.
"""

from datetime import datetime

from contracts.recognition import RecognitionEnded, ScoreRecognised
from contracts.words import GrantState
from services.scenarios.domain.recognition import Ending, Recognition
from services.scenarios.handlers.corrections import decide_again, tell_applied
from services.scenarios.handlers.recalls import withdraw_grants
from services.scenarios.ports import UnitOfWork


def on_score_recognised(
    event: ScoreRecognised, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Remember a recognition, and restore what its holder lost by what home has corrected since.

    Safe to repeat; what came before it, such as its end, stands.
    """
    recognition = Recognition(
        id=event.recognition_id,
        attestation_id=event.attestation_id,
        holder=event.holder,
        home=event.home,
        tier=event.tier,
        purposes=frozenset(event.purposes),
        crosswalk=event.crosswalk,
        recognised_at=event.recognised_at,
        until=event.until,
        tiers={each.category: each.tier for each in event.tiers},
        evidence=event.evidence,
    )
    with uow:
        known = uow.recognitions.add(recognition)
        decide_again(known, uow=uow, city=city, now=now)
        uow.commit()


def on_recognition_ended(
    event: RecognitionEnded, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Remember the end, and revoke or recall the open grants that rest on the recognition.

    A started grant whose incentive says so runs on; one whose time is up is left to expire.
    """
    ending = Ending(
        recognition_id=event.recognition_id, reason=event.reason, ended_at=event.ended_at
    )
    with uow:
        uow.recognitions.end(ending)
        ended = [
            grant
            for grant in uow.grants.open_under(event.recognition_id)
            if grant.state_at(now) is GrantState.OPEN and not grant.outlives_recognition
        ]
        withdraw_grants(ended, event.reason, uow=uow, city=city, now=now)
        tell_applied(event, uow=uow, now=now)
        uow.commit()
