"""Challenges at a host: the nonce a holder's app signs with its presentation."""

from datetime import datetime

from contracts.recognition import Challenge as OpenedChallenge
from contracts.recognition import OpenChallenge
from services.recognition.domain.challenge import Challenge
from services.recognition.ports import Node, UnitOfWork


def open_challenge(
    command: OpenChallenge, *, uow: UnitOfWork, node: Node, now: datetime
) -> OpenedChallenge:
    """Open a challenge of this gateway.  Safe to repeat: the same id has the same nonce."""
    new = Challenge.open(command.challenge_id, node.make_secret(), now)
    with uow.at_once():
        challenge = uow.challenges.begin(new)
    return OpenedChallenge(
        challenge_id=challenge.id,
        nonce=challenge.nonce,
        audience=node.gateway,
        until=challenge.until,
    )
