"""What scenarios asks of the storage of redemptions."""

from typing import Protocol
from uuid import UUID

from services.scenarios.domain.redemption import Redemption


class Redemptions(Protocol):
    def get(self, operator_id: str, id: UUID) -> Redemption | None: ...
    def reversed_by(self, operator_id: str, reversal_id: UUID) -> Redemption | None:
        """Return the redemption that this id of the operator's reversed."""

    def save(self, redemption: Redemption) -> None:
        """Store how it ended: reversed, or its deposit called."""

    def is_shown(self, grant_id: UUID, pass_id: str) -> bool:
        """Say whether a pass of a locked grant was redeemed before."""

    def add(self, redemption: Redemption) -> bool:
        """Store a redemption; say False when the operator used its id before."""
