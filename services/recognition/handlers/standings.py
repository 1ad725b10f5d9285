"""Attestations that their home suspended or resumed, at a host that may rely on them."""

from uuid import UUID

from contracts.corrections import RecognitionResumed, RecognitionSuspended
from contracts.notices import AttestationResumed, AttestationSuspended
from services.recognition.domain.recognition import Recognition
from services.recognition.domain.standing import Standing
from services.recognition.handlers.heard import Heard


def on_attestation_suspended(heard: Heard) -> None:
    """Suspend what rests on an attestation, and remember it for what is yet to come."""
    told = heard.read_for_any_reason(AttestationSuspended)
    if not _is_news(told.attestation_id, Standing(told.reason, told.at), heard):
        return
    for recognition in heard.uow.recognitions.standing_on(heard.sender, told.attestation_id):
        if recognition.suspend(told.at):
            heard.uow.recognitions.save(recognition)
            heard.uow.outbox.add(_suspended(recognition, told, heard))


def on_attestation_resumed(heard: Heard) -> None:
    """Let what rests on an attestation stand again, unless it was suspended anew since."""
    told = heard.read(AttestationResumed)
    if not _is_news(told.attestation_id, Standing(None, told.at), heard):
        return
    for recognition in heard.uow.recognitions.standing_on(heard.sender, told.attestation_id):
        if recognition.resume():
            heard.uow.recognitions.save(recognition)
            heard.uow.outbox.add(_resumed(recognition, told, heard))


def _is_news(attestation_id: UUID, standing: Standing, heard: Heard) -> bool:
    """Remember home's word if it is the last one; say whether it is."""
    standings = heard.uow.standings
    known = standings.get(heard.sender, attestation_id, heard.now)
    if not standing.overrides(known):
        return False
    standings.save(heard.sender, attestation_id, standing)
    return True


def _suspended(
    recognition: Recognition, told: AttestationSuspended, heard: Heard
) -> RecognitionSuspended:
    return RecognitionSuspended(
        recognition_id=recognition.id,
        holder=recognition.holder,
        home=recognition.home,
        reason=told.reason,
        suspended_at=told.at,
        notice_id=heard.notice.id,
    )


def _resumed(
    recognition: Recognition, told: AttestationResumed, heard: Heard
) -> RecognitionResumed:
    return RecognitionResumed(
        recognition_id=recognition.id,
        holder=recognition.holder,
        home=recognition.home,
        resumed_at=told.at,
        notice_id=heard.notice.id,
    )
