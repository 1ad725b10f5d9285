"""What recognition's handlers ask of the outside: storage in one transaction, and the node.

The protocols of the core (Signer, Signatures, Statuses, Policy) stand beside the rules that use
them.  A repository's `get` locks what it returns until the transaction ends, so that a rule
checked on a row still holds when the row is written.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

from services.recognition.domain.batch import Batches
from services.recognition.domain.crosswalk_keeping import CrosswalkOffers, Crosswalks
from services.recognition.domain.distrust import Distrusts
from services.recognition.ports.between_cities import (
    AdoptedDocuments,
    Corrections,
    Effects,
    Memberships,
    ReceivedNotices,
    UnreportedLines,
    UnsignedNotices,
)
from services.recognition.ports.home import (
    Consents,
    Disputes,
    Erasures,
    Issuances,
    OldRecords,
    Punctuality,
    Repairs,
    Settlements,
    Snapshots,
    StatusLists,
    Subjects,
)
from services.recognition.ports.host import (
    Challenges,
    Holders,
    Recognitions,
    Revocations,
    RoutedDisputes,
    Standings,
    Supersessions,
    Withdrawals,
)
from services.recognition.ports.node import (
    FactRules,
    Measures,
    Node,
    ScoreRecord,
    ScoreSource,
    Source,
)

__all__ = [
    "AdoptedDocuments",
    "Challenges",
    "Consents",
    "Corrections",
    "Disputes",
    "Effects",
    "Erasures",
    "FactRules",
    "Holders",
    "Issuances",
    "Measures",
    "Memberships",
    "Node",
    "OldRecords",
    "Outbox",
    "Punctuality",
    "ReceivedNotices",
    "Recognitions",
    "Repairs",
    "Revocations",
    "RoutedDisputes",
    "ScoreRecord",
    "ScoreSource",
    "Settlements",
    "Snapshots",
    "Source",
    "Standings",
    "StatusLists",
    "Subjects",
    "Supersessions",
    "UnitOfWork",
    "UnreportedLines",
    "UnsignedNotices",
    "Withdrawals",
]


class Outbox(Protocol):
    @property
    def added(self) -> Sequence[Any]:
        """What was announced in this transaction, in order."""

    def add(self, event: Any) -> None: ...


class UnitOfWork(Protocol):
    """One transaction; leaving it without `commit` undoes everything."""

    subjects: Subjects
    consents: Consents
    snapshots: Snapshots
    issuances: Issuances
    disputes: Disputes
    repairs: Repairs
    settlements: Settlements
    routed_disputes: RoutedDisputes
    status_lists: StatusLists
    erasures: Erasures
    old_records: OldRecords
    challenges: Challenges
    holders: Holders
    recognitions: Recognitions
    revocations: Revocations
    standings: Standings
    supersessions: Supersessions
    withdrawals: Withdrawals
    received_notices: ReceivedNotices
    unsigned_notices: UnsignedNotices
    unreported_lines: UnreportedLines
    distrusted_keys: Distrusts
    batches: Batches
    effects: Effects
    corrections: Corrections
    adopted_rosters: AdoptedDocuments
    adopted_pseudonym_keys: AdoptedDocuments
    memberships: Memberships
    crosswalks: Crosswalks
    crosswalk_offers: CrosswalkOffers

    @property
    def outbox(self) -> Outbox: ...
    def glance(self) -> AbstractContextManager[object]:
        """Open for reading alone: nothing that is seen stays as it is, and nothing can be kept."""

    def at_once(self) -> AbstractContextManager[object]:
        """Open for one statement, lasting once it is done; nothing can be announced."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def commit(self) -> None: ...
