"""What a grant rests on."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from services.scenarios.domain.recognition import Recognition


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the decision to give a grant rested on: enough to explain it, and to take it again."""

    recognition_id: UUID
    attestation_id: UUID
    home: str
    tier: int
    crosswalk: int
    incentive_version: int

    @classmethod
    def on(cls, recognition: Recognition, tier: int, incentive_version: int) -> Self:
        return cls(
            recognition_id=recognition.id,
            attestation_id=recognition.attestation_id,
            home=recognition.home,
            tier=tier,
            crosswalk=recognition.crosswalk,
            incentive_version=incentive_version,
        )
