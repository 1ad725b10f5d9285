"""Evidence: what an effective document says of a subject, as far as an item of the catalogue asks.

Whether evidence counts is never stored: it follows, for any moment, from its dates, its turns, and
the item as it was then.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self
from uuid import UUID

from contracts.errors import Malformed, Refused
from contracts.periods import beginning
from contracts.words import DocumentType, EvidenceState, SubjectKind
from services.scenarios.domain.catalogue_item import CatalogueItem, ItemTerms

DAY: Final = timedelta(days=1)

FOR_GOOD: Final = frozenset({EvidenceState.EXPIRED, EvidenceState.REPAIRED, EvidenceState.ANNULLED})


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom evidence is about: a holder by pseudonym, or an organisation by its GB 32100 code."""

    kind: SubjectKind
    id: str

    @classmethod
    def holder(cls, pseudonym: str) -> "Subject":
        return cls(kind=SubjectKind.HOLDER, id=pseudonym)

    @classmethod
    def organisation(cls, code: str) -> "Subject":
        return cls(kind=SubjectKind.ORGANISATION, id=code)


@dataclass(frozen=True, kw_only=True)
class EffectiveDocument:
    """A document with legal effect since its day; its issuer is an organisation, by its name.

    `first_day` and `last_day` are those on which it has effect, where it says so itself.
    """

    type: DocumentType
    number: str
    issuer: str
    issued_on: date
    first_day: date | None = None
    last_day: date | None = None

    @property
    def effective_from(self) -> datetime:
        return beginning(max(self.issued_on, self.first_day or self.issued_on))

    @property
    def effective_until(self) -> datetime | None:
        return beginning(self.last_day) + DAY if self.last_day else None

    def problems(self, now: datetime) -> dict[str, str]:
        """Name each field for which it has no effect, and what is wrong with it."""
        found = {}
        if beginning(self.issued_on) > now:
            found["document.issued_on"] = "In the future: it has no effect yet."
        if self.last_day and beginning(self.last_day) < self.effective_from:
            found["document.last_day"] = "Before it takes effect."
        return found


@dataclass(frozen=True, kw_only=True)
class Content:
    """What evidence says beside that it is there: a grade of its item, a sum in fen."""

    grade: str | None = None
    amount_fen: int | None = None

    def problems(self, terms: ItemTerms) -> dict[str, str]:
        """Name each field that is not as the item's terms ask, and what is wrong with it."""
        found, grades = {}, terms.grades
        if self.grade not in (grades or (None,)):
            found["content.grade"] = f"One of: {', '.join(grades)}." if grades else "None here."
        if (self.amount_fen is not None) != terms.states_amount:
            found["content.amount_fen"] = "Needed." if terms.states_amount else "None here."
        return found


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Evidence came into a state at a moment; the reason is a machine word."""

    state: EvidenceState
    at: datetime
    reason: str


@dataclass(eq=False, kw_only=True)
class Evidence:
    """Invariant: changes by further turns alone; only annulment leaves a state that is for good.

    Between `live_from` and `live_until` its document has effect and its item keeps it, as the item
    was when it was entered.  `source` is the operator who entered it, None for the city.
    """

    id: UUID
    item_id: str
    item_version: int
    subject: Subject
    document: EffectiveDocument
    source: str | None
    live_from: datetime
    live_until: datetime | None
    content: Content
    turns: tuple[Turn, ...]

    @classmethod
    def enter(
        cls,
        id: UUID,
        item: CatalogueItem,
        subject: Subject,
        document: EffectiveDocument,
        content: Content,
        *,
        source: str | None,
        now: datetime,
    ) -> Self:
        """Decide by item, source, subject, document, content and time, in this order.

        Raises Refused item_not_live, source_not_registered, subject_not_covered,
        document_not_accepted and evidence_over; Malformed for a document without effect, and for
        another content than the item's.
        """
        terms = item.terms
        if not item.is_live(now):
            raise Refused("item_not_live", item.id)
        if source is not None and source not in terms.sources:
            raise Refused("source_not_registered", item.id)
        if subject.kind not in terms.subjects:
            raise Refused("subject_not_covered", item.id)
        if document.type not in terms.documents:
            raise Refused("document_not_accepted", document.type)
        if problems := document.problems(now) | content.problems(terms):
            raise Malformed(errors=problems)
        ends = (document.effective_until, item.keeps_until(document.issued_on))
        evidence = cls(
            id=id,
            item_id=item.id,
            item_version=item.version,
            subject=subject,
            document=document,
            source=source,
            live_from=document.effective_from,
            live_until=min((end for end in ends if end), default=None),
            content=content,
            turns=(Turn(state=EvidenceState.LIVE, at=now, reason="entered"),),
        )
        if evidence.is_over(now):
            raise Refused("evidence_over", item.id)
        return evidence

    @property
    def entered_at(self) -> datetime:
        return self.turns[0].at

    @property
    def state(self) -> EvidenceState:
        """The state as it was noted last; time ends evidence before the timer notes it."""
        return self.turns[-1].state

    def state_at(self, at: datetime) -> EvidenceState | None:
        """Return the state in truth at a moment; None before it was entered."""
        past = [turn.state for turn in self.turns if turn.at <= at]
        if not past:
            return None
        over = past[-1] not in FOR_GOOD and self.is_over(at)
        return EvidenceState.EXPIRED if over else past[-1]

    def is_over(self, at: datetime) -> bool:
        return self.live_until is not None and at >= self.live_until

    def is_current(self, item: CatalogueItem, at: datetime) -> bool:
        """Whether it counts at a moment; `item` is its item as it was then."""
        if item.id != self.item_id or not item.is_live(at):
            return False
        kept_until = item.keeps_until(self.document.issued_on)
        if at < self.live_from or (kept_until is not None and at >= kept_until):
            return False
        return self.state_at(at) is EvidenceState.LIVE

    def expire(self, now: datetime) -> bool:
        """Note that its time was up, as of that moment; say whether that was done now."""
        if self.live_until is None or now < self.live_until or self.state in FOR_GOOD:
            return False
        self._turn(EvidenceState.EXPIRED, "time_over", self.live_until)
        return True

    def dispute(self, now: datetime) -> bool:
        """Let it count for nothing until it is decided on.

        Raises Refused: already_open, or already_decided: it is over for good.
        """
        self.expire(now)
        if self.state is EvidenceState.DISPUTED:
            raise Refused("already_open", "dispute")
        if self.state in FOR_GOOD:
            raise Refused("already_decided", "evidence")
        self._turn(EvidenceState.DISPUTED, "disputed", now)
        return True

    def resume(self, reason: str, now: datetime) -> bool:
        """Let it count again after a dispute; say whether it does since now."""
        self.expire(now)
        if self.state is not EvidenceState.DISPUTED:
            return False
        self._turn(EvidenceState.LIVE, reason, now)
        return True

    def annul(self, reason: str, now: datetime) -> bool:
        """Take it out for good, whatever its state; say whether that was done now."""
        if self.state is EvidenceState.ANNULLED:
            return False
        self._turn(EvidenceState.ANNULLED, reason, now)
        return True

    def repair(self, item: CatalogueItem, fulfilled_on: date, now: datetime) -> bool:
        """Let it stop early, when the item allows; say whether that was done now.

        Raises Refused already_decided, already_open while it is disputed, not_repairable, and
        repair_too_early with the first moment; Malformed for a duty that is not fulfilled yet.
        """
        rule = item.terms.repair
        if self.state is EvidenceState.REPAIRED:
            return False
        self.expire(now)
        if self.state in FOR_GOOD:
            raise Refused("already_decided", "evidence")
        if self.state is EvidenceState.DISPUTED:
            raise Refused("already_open", "dispute")
        if rule is None:
            raise Refused("not_repairable", item.id)
        if beginning(fulfilled_on) > now:
            raise Malformed(errors={"fulfilled_on": "In the future."})
        earliest = rule.repairable_at(self.document.issued_on, fulfilled_on)
        if now < earliest:
            raise Refused("repair_too_early", f"from {earliest.isoformat()}")
        self._turn(EvidenceState.REPAIRED, "repaired", now)
        return True

    def _turn(self, state: EvidenceState, reason: str, at: datetime) -> None:
        self.turns = (*self.turns, Turn(state=state, at=at, reason=reason))
