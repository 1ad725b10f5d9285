"""The transaction of recognition: its repositories over one connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Engine

from services.plumbing.clock import Clock
from services.plumbing.unit_of_work import MessageContext, SqlUnitOfWork
from services.recognition.adapters.alliance_repositories import (
    SqlAdoptedDocuments,
    SqlMemberships,
)
from services.recognition.adapters.alliance_tables import adopted_pseudonym_keys, adopted_rosters
from services.recognition.adapters.batches import SqlBatches
from services.recognition.adapters.consents import SqlConsents
from services.recognition.adapters.corrections import SqlCorrections
from services.recognition.adapters.crosswalk_repositories import (
    SqlCrosswalkOffers,
    SqlCrosswalks,
)
from services.recognition.adapters.dispute_repositories import SqlDisputes, SqlRepairs
from services.recognition.adapters.distrusted_keys import SqlDistrustedKeys
from services.recognition.adapters.effects import SqlEffects
from services.recognition.adapters.erasures import SqlErasures
from services.recognition.adapters.foreign_attestations import SqlRevocations, SqlStandings
from services.recognition.adapters.holders import SqlHolders
from services.recognition.adapters.home_repositories import SqlIssuances
from services.recognition.adapters.host_repositories import (
    SqlChallenges,
    SqlReceivedNotices,
    SqlRecognitions,
)
from services.recognition.adapters.old_records import SqlOldRecords
from services.recognition.adapters.routed_disputes import SqlRoutedDisputes
from services.recognition.adapters.settlements import SqlSettlements
from services.recognition.adapters.snapshots import SqlSnapshots
from services.recognition.adapters.status_lists import SqlStatusLists
from services.recognition.adapters.subjects import SqlSubjects
from services.recognition.adapters.supersessions import SqlSupersessions
from services.recognition.adapters.tables import messages
from services.recognition.adapters.unreported_lines import SqlUnreportedLines
from services.recognition.adapters.unsigned_notices import SqlUnsignedNotices
from services.recognition.adapters.withdrawals import SqlWithdrawals
from services.recognition.domain.batch import Batches
from services.recognition.domain.crosswalk_keeping import CrosswalkOffers, Crosswalks
from services.recognition.domain.distrust import Distrusts
from services.recognition.ports import (
    AdoptedDocuments,
    Challenges,
    Consents,
    Corrections,
    Disputes,
    Effects,
    Erasures,
    Holders,
    Issuances,
    Memberships,
    OldRecords,
    ReceivedNotices,
    Recognitions,
    Repairs,
    Revocations,
    RoutedDisputes,
    Settlements,
    Snapshots,
    Standings,
    StatusLists,
    Subjects,
    Supersessions,
    UnreportedLines,
    UnsignedNotices,
    Withdrawals,
)


class RecognitionUnitOfWork(SqlUnitOfWork):
    """Invariant: every repository works on the transaction that is open now."""

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

    def open(self) -> None:
        self.subjects = SqlSubjects(self.connection)
        self.consents = SqlConsents(self.connection)
        self.snapshots = SqlSnapshots(self.connection)
        self.issuances = SqlIssuances(self.connection)
        self.disputes = SqlDisputes(self.connection)
        self.repairs = SqlRepairs(self.connection)
        self.settlements = SqlSettlements(self.connection)
        self.routed_disputes = SqlRoutedDisputes(self.connection)
        self.status_lists = SqlStatusLists(self.connection)
        self.old_records = SqlOldRecords(self.connection)
        self.erasures = SqlErasures(self.connection)
        self.challenges = SqlChallenges(self.connection)
        self.holders = SqlHolders(self.connection)
        self.recognitions = SqlRecognitions(self.connection)
        self.revocations = SqlRevocations(self.connection)
        self.standings = SqlStandings(self.connection)
        self.supersessions = SqlSupersessions(self.connection)
        self.withdrawals = SqlWithdrawals(self.connection)
        self.received_notices = SqlReceivedNotices(self.connection)
        self.unsigned_notices = SqlUnsignedNotices(self.connection)
        self.unreported_lines = SqlUnreportedLines(self.connection)
        self.distrusted_keys = SqlDistrustedKeys(self.connection)
        self.batches = SqlBatches(self.connection)
        self.effects = SqlEffects(self.connection)
        self.corrections = SqlCorrections(self.connection)
        self.adopted_rosters = SqlAdoptedDocuments(self.connection, adopted_rosters)
        self.adopted_pseudonym_keys = SqlAdoptedDocuments(self.connection, adopted_pseudonym_keys)
        self.memberships = SqlMemberships(self.connection)
        self.crosswalks = SqlCrosswalks(self.connection)
        self.crosswalk_offers = SqlCrosswalkOffers(self.connection)

    @contextmanager
    def at_once(self) -> Iterator[Self]:
        """Open for one statement, which is a transaction of its own and announces nothing."""
        with self.glance():
            yield self


def make_unit_of_work(
    engine: Engine, clock: Clock, message: MessageContext | None, wake: Callable[[], None]
) -> RecognitionUnitOfWork:
    """Make the unit of work of one message."""
    return RecognitionUnitOfWork(engine, messages, clock, message, wake)
