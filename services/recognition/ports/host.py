"""What a host stores: who came, what was recognised, and what home said of it since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.recognition.domain.challenge import Challenge
from services.recognition.domain.distrust import Distrust
from services.recognition.domain.footing import Supersession
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.recognition import Recognition
from services.recognition.domain.routed_dispute import RoutedDispute
from services.recognition.domain.standing import Standing


class Holders(Protocol):
    """Whom a host knows, under random names of its own."""

    def name(self, subs: Sequence[str], new: str, now: datetime) -> str:
        """Return the holder behind these names that a home city gave one person.

        Nobody known yet is called `new`.  Two holders that turn out to be one go by the older name
        from now on.  Until the transaction ends nobody else names or forgets them.
        """

    def known(self, subs: Sequence[str]) -> Sequence[str]:
        """Return and lock the holders behind these names."""

    def is_known(self, holder: str) -> bool:
        """Say whether any name given outside leads to a holder."""

    def forget(self, holder: str, now: datetime) -> None:
        """Destroy what ties a holder to any name given outside; note that this was done."""

    def forget_later(self, holder: str, now: datetime) -> None:
        """Note that a city erased a holder by whom another one stands."""

    def to_forget(self, now: datetime, limit: int) -> Sequence[str]:
        """Return and lock holders noted so, by whom no city stands any more."""


class Challenges(Protocol):
    def get(self, id: UUID) -> Challenge | None:
        """Return a challenge, without a lock: whether it is still unused `spend` says."""

    def begin(self, challenge: Challenge) -> Challenge:
        """Store a challenge unless one has its id; return the one that has it."""

    def spend(self, challenge: Challenge) -> bool:
        """Keep that it was used; False, and nothing changes, when it had been used before."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many challenges that ended before a moment; say how many."""


class Recognitions(Protocol):
    def get(self, id: UUID) -> Recognition | None:
        """Return and lock a recognition."""

    def look(self, id: UUID) -> Recognition | None:
        """Return a recognition, without a lock."""

    def add(self, recognition: Recognition) -> None: ...
    def save(self, recognition: Recognition) -> None: ...
    def standing_on(self, home: str, attestation_id: UUID) -> Sequence[Recognition]:
        """Return and lock the recognitions of an attestation that have not ended."""

    def forget_keys(self, holder: str) -> None:
        """Forget by which keys a holder proved themselves: a device keeps its key for long."""

    def of_holder(self, holder: str) -> Sequence[Recognition]:
        """Return and lock all recognitions of a holder, whatever became of them."""

    def signers(self) -> Sequence[tuple[str, str]]:
        """Return home city and key of all recognitions that have not ended, each pair once."""

    def standing_by(self, home: str, kid: str, now: datetime, limit: int) -> Sequence[Recognition]:
        """Return and lock recognitions by city and key, not ended and not over."""

    def standing_under(
        self, distrust: Distrust, now: datetime, limit: int
    ) -> Sequence[Recognition]:
        """Return and lock those of them that rest on what a distrusted key signed since then.

        Where it is not known when it signed, the moment of recognition counts.
        """


class Revocations(Protocol):
    """What other cities said they took back, kept under the name of the city that said it."""

    def reason(self, home: str, attestation_id: UUID, now: datetime) -> str | None:
        """Say why a city revoked an attestation, or None.

        Until the transaction ends nobody else learns or changes it: a recognition and the
        revocation of its attestation never miss each other.
        """

    def said(
        self, home: str, attestation_id: UUID, kid: str, now: datetime
    ) -> tuple[str | None, Standing | None, Distrust | None]:
        """Say `reason`, Standings.get and, of the key, Distrusts.get together, in one reading."""

    def add(self, home: str, attestation_id: UUID, revoked: Revoked, now: datetime) -> None:
        """Remember a revocation; the first one stands."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of what was noted before a moment; say how many."""


class Standings(Protocol):
    """Whether other cities stand by their attestations for now, as each of them said last."""

    def get(self, home: str, attestation_id: UUID, now: datetime) -> Standing | None:
        """Return and lock a city's last word on an attestation, as Revocations.reason does."""

    def save(self, home: str, attestation_id: UUID, standing: Standing) -> None:
        """Replace the last word that `get` returned."""


class Supersessions(Protocol):
    """Which attestations took the place of which, as the city said that issued them."""

    def get(self, home: str, attestation_id: UUID) -> Supersession | None:
        """Return what took the place of an attestation; whoever needs it to stay locks that."""

    def add(self, home: str, attestation_id: UUID, told: Supersession) -> None:
        """Remember what took the place of an attestation; the first word stands."""

    def forget_keys(self, holder: str) -> None:
        """Forget what is known of a holder by what took another one's place."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of before a moment; say how many."""


class Withdrawals(Protocol):
    """Who withdrew consent at home, by the name that home gave them."""

    def at(self, home: str, subject: str, now: datetime) -> datetime | None:
        """Say when a person withdrew last, or None.

        Until the transaction ends nobody else learns or changes it: a recognition and a withdrawal
        of the same person never miss each other.
        """

    def add(self, home: str, subject: str, at: datetime, now: datetime) -> None:
        """Remember a withdrawal; the latest one stands."""

    def forget(self, home: str, subject: str) -> None:
        """Forget what is known of a person whom that city erased."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop at most so many of what was noted before a moment; say how many."""


class RoutedDisputes(Protocol):
    """What holders contested at this host, for their home cities to decide."""

    def get(self, id: UUID) -> RoutedDispute | None: ...
    def add(self, dispute: RoutedDispute) -> None: ...
    def save(self, dispute: RoutedDispute) -> None: ...
    def of(self, holder: str) -> Sequence[RoutedDispute]:
        """Return what a holder contested here, newest first."""
