"""Recognition's storage and sources in memory; they keep the promises of the ports."""

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import chain
from uuid import NAMESPACE_OID, uuid5

from contracts.errors import Conflict, Unavailable
from services.recognition.adapters.downloads import Download
from services.recognition.domain.consent import Consent
from services.recognition.domain.dispute import Dispute
from services.recognition.domain.document import AdoptedDocument, Document
from services.recognition.domain.effect import Effect
from services.recognition.domain.issuance import Issuance
from services.recognition.domain.status_list import Status, index_of
from services.recognition.ports import Punctuality
from tests.builders.attestations import NOW
from tests.fakes.crosswalks import FakeCrosswalkOffers, FakeCrosswalks

SECRET = bytes(32)


class FakeTable:
    """Entities by id."""

    def __init__(self, id_of):
        self.id_of, self.rows, self.unreadable = id_of, {}, {}

    def get(self, id):
        return deepcopy(self.rows.get(id))

    def add(self, entity):
        if self.id_of(entity) in self.rows or self.id_of(entity) in self.unreadable:
            raise Conflict("id_reused")
        self.save(entity)

    def save(self, entity):
        self.rows[self.id_of(entity)] = deepcopy(entity)

    def where(self, condition):
        return [deepcopy(row) for row in self.rows.values() if condition(row)]

    def every(self):
        return [*self.rows.values(), *self.unreadable.values()]

    def erase(self, condition):
        gone = {key: row for key, row in self.rows.items() if condition(row)}
        self.unreadable |= gone
        self.rows = {key: row for key, row in self.rows.items() if key not in gone}
        return bool(gone)


class FakeSubjects:
    """What is erased stays, and is not found."""

    def __init__(self, settlements, *tables):
        self.settlements, self.tables = settlements, tables

    def resident_of(self, subject):
        known = {owner(row) for table in self.tables for row in table.rows.values()}
        return next((each for each in known if subject_named(each) == subject), None)

    def hold(self, resident):
        return any(table.where(lambda row: owner(row) == resident) for table in self.tables)

    def erase(self, resident):
        self.settlements.forget(resident)
        gone = [table.erase(lambda row: owner(row) == resident) for table in self.tables]
        return subject_named(resident) if any(gone) else None


def subject_named(resident):
    """Name a subject; the real ones are random, and another each time."""
    return uuid5(NAMESPACE_OID, resident)


def owner(entity):
    match entity:
        case Consent():
            return entity.terms.resident
        case Dispute():
            return entity.contest.resident
        case _:
            return entity.resident


class FakeConsents(FakeTable):
    def __init__(self):
        super().__init__(lambda consent: consent.id)

    def for_recipient(self, resident, recipient):
        return [each for each in self.newest_first(resident) if each.terms.recipient == recipient]

    def beside(self, id):
        its = self.get(id)
        return self.for_recipient(its.terms.resident, its.terms.recipient) if its else []

    def of(self, resident, after=None, limit=None) -> list[Consent]:
        return page(self.newest_first(resident), after, limit)

    def newest_first(self, resident):
        found = self.where(lambda consent: consent.terms.resident == resident)
        return sorted(sorted(found, key=lambda c: c.id), key=lambda c: c.given_at, reverse=True)


def page(rows, after, limit):
    """Return the rows that follow one of them."""
    ids = [getattr(row, "attestation_id", None) or row.id for row in rows]
    wanted = getattr(after, "attestation_id", None) or getattr(after, "id", None)
    start = ids.index(wanted) + 1 if wanted else 0
    return rows[start:][:limit]


class FakeSnapshots:
    def __init__(self):
        self.kept = {}

    def add(self, snapshot, until):
        self.kept.setdefault(snapshot.digest, snapshot)

    def get(self, digest):
        return self.kept.get(digest)


class FakeIssuances(FakeTable):
    def __init__(self):
        super().__init__(lambda issuance: issuance.attestation_id)

    def standing_under(self, consent_id) -> list[Issuance]:
        return self.where(lambda each: each.consent_id == consent_id and each.revoked is None)

    def under(self, consent_id, after, limit) -> list[Issuance]:
        found = self.where(lambda each: each.consent_id == consent_id)
        found = sorted(found, key=lambda each: each.attestation_id)
        return page(sorted(found, key=lambda each: each.issued_at, reverse=True), after, limit)

    def standing_by_text(self, versions, now, limit) -> list[Issuance]:
        found = self.where(lambda each: each.revoked is None and each.until > now)
        texts = {each.id: each.terms.text_version for each in self.consents.where(bool)}
        found = [each for each in found if texts[each.consent_id] in versions]
        return sorted(found, key=lambda each: each.attestation_id)[:limit]

    def standing_for(self, resident, recipient, now) -> list[Issuance]:
        wanted = (resident, recipient)
        found = self.where(lambda each: (each.resident, each.recipient) == wanted)
        return [each for each in found if each.revoked is None and each.until > now]

    def recipient_of(self, attestation_id):
        found = self.rows.get(attestation_id) or self.unreadable.get(attestation_id)
        return found and found.recipient

    def issued_to(self, recipient, attestation_ids):
        return {each for each in attestation_ids if self.recipient_of(each) == recipient}

    def ever_of(self, resident) -> list[Issuance]:
        found = self.where(lambda each: each.resident == resident)
        return sorted(found, key=lambda each: each.attestation_id)

    def of(self, resident, now, limit) -> list[Issuance]:
        found = self.where(lambda each: each.resident == resident and each.until > now)
        by_id = sorted(found, key=lambda each: each.attestation_id)
        return sorted(by_id, key=lambda each: each.issued_at, reverse=True)[:limit]

    def recipients_of(self, resident, now):
        found = self.where(lambda each: each.resident == resident and each.revoked is None)
        return sorted({each.recipient for each in found if each.until > now})

    def standing_to(self, recipient, now, after, limit):
        found = self.where(
            lambda each: (
                each.recipient == recipient
                and each.revoked is None
                and each.until > now
                and not each.is_suspended
                and each.attestation_id > after
            )
        )
        return sorted(found, key=lambda each: each.attestation_id)[:limit]

    def standing_after(self, until, attestation_id, limit) -> list[Issuance]:
        def place(each):
            return (each.until, each.attestation_id)

        after = (until, attestation_id)
        found = self.where(lambda each: each.revoked is None and place(each) > after)
        return sorted(found, key=place)[:limit]


class FakeCases(FakeTable):
    """Disputes or repairs: what is due by a moment."""

    def __init__(self):
        super().__init__(lambda case: case.id)

    def of(self, resident):
        found = self.where(lambda each: owner(each) == resident)
        by_id = sorted(found, key=lambda each: each.id)
        return sorted(by_id, key=lambda each: each.opened_at, reverse=True)

    def in_state(self, state, after, limit):
        found = self.where(lambda each: each.state == state and (each.due_at, each.id) > after)
        return sorted(found, key=lambda each: (each.due_at, each.id))[:limit]

    def open_ones(self, after, limit):
        return self.in_state("open", after, limit)

    def overdue(self, now):
        return len(self.where(lambda each: each.state == "open" and each.due_at < now))

    def punctuality(self, at):
        closed = [row for row in self.unreadable.values() if row.closed_at]
        due = [each for each in (*self.rows.values(), *closed) if each.due_at <= at]
        in_time = [each for each in due if each.closed_at and each.closed_at <= each.due_at]
        return Punctuality(due=len(due), in_time=len(in_time))


class FakeSettlements:
    def __init__(self):
        self.settled = {}

    def hold(self, resident):
        pass

    def add(self, resident, settled):
        if any(settled.id == each.id for each in chain(*self.settled.values())):
            raise Conflict("id_reused")
        self.settled.setdefault(resident, []).append(settled)

    def of(self, resident):
        return sorted(self.settled.get(resident, ()), key=lambda each: (each.at, each.id))

    def forget(self, resident):
        self.settled.pop(resident, None)


class FakeRoutedDisputes(FakeTable):
    def __init__(self, recognitions):
        super().__init__(lambda dispute: dispute.id)
        self.recognitions = recognitions

    def of(self, holder):
        theirs = {each.id for each in self.recognitions.where(lambda each: each.holder == holder)}
        found = self.where(lambda each: each.recognition_id in theirs)
        by_id = sorted(found, key=lambda each: each.id)
        return sorted(by_id, key=lambda each: each.opened_at, reverse=True)


class FakeStatusLists:
    def __init__(self, issuances, size):
        self.issuances, self.size, self.taken = issuances, size, []
        self.past = []

    def take(self):
        if not self.taken or self.taken[-1] == self.size:
            self.taken.append(0)
        self.taken[-1] += 1
        return len(self.taken) - 1, index_of(self.taken[-1] - 1, SECRET, self.size)

    def not_valid(self, number, at=None):
        if number >= len(self.taken):
            return None
        found = {
            index: Status.SUSPENDED
            for place, index, suspension in self.past
            if at and place == number and lasts(suspension, at)
        }
        for each in self._in_list(number):
            if each.suspension and lasts(each.suspension, at):
                found[each.status_index] = Status.SUSPENDED
            if each.revoked and (at is None or each.revoked.at <= at):
                found[each.status_index] = Status.INVALID
        return list(found.items())

    def remember(self, number, index, suspension):
        self.past.append((number, index, suspension))

    def begun_at(self, number):
        return min((each.issued_at for each in self._in_list(number)), default=None)

    def _in_list(self, number):
        return [each for each in self.issuances.every() if each.status_list == number]


def lasts(suspension, at):
    if at is None:
        return suspension.resumed_at is None
    until = suspension.resumed_at
    return suspension.at <= at and (until is None or at < until)


class FakeChallenges(FakeTable):
    def __init__(self):
        super().__init__(lambda challenge: challenge.id)

    def begin(self, challenge):
        if challenge.id not in self.rows:
            self.save(challenge)
        return self.get(challenge.id)

    def spend(self, challenge):
        if self.rows[challenge.id].used_at is not None:
            return False
        self.save(challenge)
        return True

    def forget_before(self, moment, limit):
        old = [key for key, row in self.rows.items() if row.until < moment][:limit]
        return forget(self.rows, old)


class FakeWithdrawals:
    def __init__(self):
        self.noted, self.withdrawn = {}, {}

    def at(self, home, subject, now):
        self.noted.setdefault((home, subject), now)
        return self.withdrawn.get((home, subject))

    def add(self, home, subject, at, now):
        known = self.at(home, subject, now)
        self.withdrawn[(home, subject)] = max(at, known or at)
        self.noted[(home, subject)] = now

    def forget(self, home, subject):
        self.noted.pop((home, subject), None)
        self.withdrawn.pop((home, subject), None)

    def forget_before(self, moment, limit):
        old = [name for name, at in self.noted.items() if at < moment][:limit]
        for name in old:
            self.withdrawn.pop(name, None)
        return forget(self.noted, old)


class FakeOldRecords:
    def __init__(self, issuances, consents, recognitions, erasures):
        self.issuances, self.consents = issuances, consents
        self.recognitions, self.erasures = recognitions, erasures

    def forget_before(self, moment, limit):
        rested_on = {row.consent_id for row in self.issuances.every()}
        over = [
            self._forget(self.issuances, lambda row: row.until < moment, limit),
            self._forget(
                self.consents,
                lambda row: row.terms.until < moment and row.id not in rested_on,
                limit,
            ),
            self._forget(self.recognitions, lambda row: row.until < moment, limit),
            self._forget(self.erasures, lambda row: row.erased_at < moment, limit),
        ]
        return max(over)

    def _forget(self, table, condition, limit):
        old = [table.id_of(row) for row in table.every() if condition(row)][:limit]
        for key in old:
            table.rows.pop(key, None)
            table.unreadable.pop(key, None)
        return len(old)


class FakeErasures(FakeTable):
    def __init__(self):
        super().__init__(lambda erasure: erasure.id)


class FakeHolders:
    def __init__(self, recognitions):
        self.recognitions, self.names, self.erased = recognitions, {}, set()

    def name(self, subs, new, now):
        for sub in subs:
            self.names.setdefault(sub, (now, new))
        oldest = min(self.names[sub] for sub in subs)
        alias = {self.names[sub][1] for sub in subs}
        for sub, (at, holder) in self.names.items():
            if holder in alias:
                self.names[sub] = (min(at, oldest[0]), oldest[1])
        return oldest[1]

    def known(self, subs):
        return sorted({self.names[sub][1] for sub in subs if sub in self.names})

    def is_known(self, holder):
        return any(name == holder for _, name in self.names.values())

    def forget_later(self, holder, now):
        self.erased.add(holder)

    def to_forget(self, now, limit):
        stood_by = {each.holder for each in self.recognitions.where(stands) if each.until > now}
        return sorted(self.erased - stood_by)[:limit]

    def forget(self, holder, now):
        self.erased.discard(holder)
        self.names = {sub: name for sub, name in self.names.items() if name[1] != holder}


class FakeRecognitions(FakeTable):
    def __init__(self):
        super().__init__(lambda recognition: recognition.id)

    def look(self, id):
        return self.get(id)

    def standing_on(self, home, attestation_id):
        wanted = (home, attestation_id, None)
        return self.where(lambda each: (each.home, each.attestation_id, each.ended_at) == wanted)

    def forget_keys(self, holder):
        for each in self.of_holder(holder):
            self.save(replace(each, holder_key=None))

    def of_holder(self, holder):
        found = self.where(lambda each: each.holder == holder)
        return sorted(found, key=lambda each: each.id)

    def signers(self):
        return sorted({(row.home, row.evidence.kid) for row in self.where(stands)})

    def standing_by(self, home, kid, now, limit):
        found = self.where(lambda each: (each.home, each.evidence.kid) == (home, kid))
        return [each for each in found if stands(each) and each.until > now][:limit]

    def standing_under(self, distrust, now, limit):
        found = self.standing_by(distrust.home, distrust.kid, now, len(self.rows))
        signed = [(each.evidence.attested_at or each.recognised_at, each) for each in found]
        return [each for at, each in signed if distrust.covers(at)][:limit]


def stands(recognition):
    return recognition.ended_at is None


def forget(rows, keys):
    for key in keys:
        del rows[key]
    return len(keys)


class FakeRevocations:
    def __init__(self):
        self.noted, self.reasons, self.standings = {}, {}, {}

    def said(self, home, attestation_id, kid, now):
        reason = self.reason(home, attestation_id, now)
        standing = self.standings.get((home, attestation_id))
        return reason, standing, self.distrusted_keys.get(home, kid)

    def reason(self, home, attestation_id, now):
        self.noted.setdefault((home, attestation_id), now)
        return self.reasons.get((home, attestation_id))

    def add(self, home, attestation_id, revoked, now):
        if self.reason(home, attestation_id, now) is None:
            self.reasons[(home, attestation_id)] = revoked.reason

    def forget_before(self, moment, limit):
        old = [name for name, at in self.noted.items() if at < moment][:limit]
        for name in old:
            self.reasons.pop(name, None)
            self.standings.pop(name, None)
        return forget(self.noted, old)


class FakeStandings:
    def __init__(self, revocations):
        self.revocations = revocations

    def get(self, home, attestation_id, now):
        self.revocations.reason(home, attestation_id, now)
        return self.revocations.standings.get((home, attestation_id))

    def save(self, home, attestation_id, standing):
        self.revocations.standings[(home, attestation_id)] = standing


class FakeSupersessions:
    def __init__(self):
        self.told = {}

    def get(self, home, attestation_id):
        return self.told.get((home, attestation_id))

    def add(self, home, attestation_id, told):
        self.told.setdefault((home, attestation_id), told)

    def forget_keys(self, holder):
        self.told = {
            name: replace(told, footing=None)
            if told.footing and told.footing.holder == holder
            else told
            for name, told in self.told.items()
        }

    def forget_before(self, moment, limit):
        old = [name for name, told in self.told.items() if told.at < moment][:limit]
        return forget(self.told, old)


class FakeReceivedNotices:
    def __init__(self):
        self.received = {}

    def add(self, sender, notice_id, at):
        new = (sender, notice_id) not in self.received
        self.received.setdefault((sender, notice_id), at)
        return new

    def forget_before(self, moment, limit):
        old = [name for name, at in self.received.items() if at < moment][:limit]
        return forget(self.received, old)


class FakeUnsignedNotices:
    def __init__(self):
        self.kept = {}

    def add(self, notice, at):
        self.kept.setdefault(notice.id, (at, notice))

    def count(self):
        return len(self.kept)

    def to(self, recipient, limit):
        return [notice for _, notice in self.kept.values() if notice.recipient == recipient][:limit]

    def has(self, recipient, subject):
        kept = (notice for _, notice in self.kept.values())
        return any((each.recipient, each.subject) == (recipient, subject) for each in kept)

    def remove(self, id):
        self.kept.pop(id, None)


class FakeUnreportedLines:
    def __init__(self):
        self.kept = {}

    def add(self, line):
        self.kept.setdefault(line.id, line)

    def homes(self):
        return sorted({line.home for line in self.kept.values()})

    def take(self, home, limit):
        taken = [line for line in self.kept.values() if line.home == home][:limit]
        forget(self.kept, [line.id for line in taken])
        return taken


class FakeDistrustedKeys:
    def __init__(self):
        self.rows = {}

    def get(self, home, kid):
        return self.rows.get((home, kid))

    def add(self, distrust, now):
        known = self.rows.setdefault((distrust.home, distrust.kid), distrust)
        if distrust.since < known.since:
            self.rows[(distrust.home, distrust.kid)] = distrust

    def every(self):
        return [self.rows[place] for place in sorted(self.rows)]


class FakeBatches:
    def __init__(self):
        self.rows, self.lines = {}, {}

    def get(self, sender, id):
        return deepcopy(self.rows.get((sender, id)))

    def add(self, batch, now):
        if (batch.sender, batch.id) in self.rows:
            raise Conflict("id_reused")
        self.save(batch, now)

    def save(self, batch, now):
        for verdict in batch.verdicts:
            self.lines[(batch.sender, batch.id, verdict.number)] = (now, verdict)
        self.rows[(batch.sender, batch.id)] = row = deepcopy(batch)
        row.opened_at = getattr(row, "opened_at", now)
        row.verdicts = []

    def verdicts(self, sender, id, after, limit):
        found = [each for place, (_, each) in self.lines.items() if place[:2] == (sender, id)]
        later = [each for each in found if each.number > after]
        return sorted(later, key=lambda each: each.number)[:limit]

    def forget_before(self, moment, limit):
        old = [place for place, (at, _) in self.lines.items() if at < moment][:limit]
        over = [place for place, row in self.rows.items() if row.opened_at < moment][:limit]
        return forget(self.lines, old) or forget(self.rows, over)


class FakeEffects:
    def __init__(self):
        self.asked = {}

    def expect(self, notice_id, recipient, cause, at):
        effect = Effect(notice_id=notice_id, recipient=recipient, cause=cause, asked_at=at)
        if self.asked.setdefault(notice_id, effect).cause == notice_id:
            self.asked[notice_id] = replace(self.asked[notice_id], cause=cause)

    def cause_of(self, notice_id, recipient):
        effect = self.asked.get(notice_id)
        return effect.cause if effect and effect.recipient == recipient else None

    def applied(self, notice_id, recipient, at):
        effect = self.asked.get(notice_id)
        if effect is None or effect.recipient != recipient or effect.applied_at:
            return False
        self.asked[notice_id] = replace(effect, applied_at=at)
        return True

    def of(self, cause):
        found = [effect for effect in self.asked.values() if effect.cause == cause]
        return sorted(found, key=lambda effect: (effect.asked_at, effect.notice_id))

    def forget_before(self, moment, limit):
        old = [name for name, effect in self.asked.items() if effect.asked_at < moment][:limit]
        return forget(self.asked, old)


class FakeCorrections:
    def __init__(self):
        self.waiting = {}

    def add(self, correction):
        self.waiting.setdefault((correction.notice_id, correction.recognition_id), correction)

    def take(self, notice_id, recognition_id):
        return self.waiting.pop((notice_id, recognition_id), None)

    def waits_for(self, sender, notice_id):
        wanted = (sender, notice_id)
        return any((each.sender, each.notice_id) == wanted for each in self.waiting.values())

    def forget_before(self, moment, limit):
        old = [name for name, each in self.waiting.items() if each.heard_at < moment][:limit]
        return forget(self.waiting, old)


class FakeAdoptedDocuments:
    def __init__(self):
        self.adopted = {}

    def newest(self):
        return self.adopted[max(self.adopted)] if self.adopted else None

    def adopt(self, document, at):
        newest, version = self.newest(), document.version
        if newest and newest.version == version and newest.text is None:
            self.adopted[version.number] = replace(newest, text=document.text)
        if newest and version.number <= newest.version.number:
            return False
        kept = AdoptedDocument(version=version, text=document.text, at=at)
        self.adopted[version.number] = kept
        return True


class FakeMemberships:
    def __init__(self):
        self.changes = {}

    def states(self):
        ordered = sorted(self.changes.values(), key=lambda change: change.roster)
        return {change.city: change for change in ordered}

    def add(self, change):
        new = (change.city, change.roster) not in self.changes
        self.changes.setdefault((change.city, change.roster), change)
        return new

    def at(self, moment):
        by_then = [each for each in self.changes.values() if each.changed_at <= moment]
        last = {each.city: each for each in sorted(by_then, key=lambda each: each.roster)}
        return [last[city] for city in sorted(last)]


class FakeOutbox:
    def __init__(self):
        self.events = []

    @property
    def added(self):
        return self.events

    def add(self, event):
        self.events.append(event)


@dataclass
class FakeState:
    list_size: int
    snapshots: FakeSnapshots = field(default_factory=FakeSnapshots)
    consents: FakeConsents = field(default_factory=FakeConsents)
    issuances: FakeIssuances = field(default_factory=FakeIssuances)
    disputes: FakeCases = field(default_factory=FakeCases)
    repairs: FakeCases = field(default_factory=FakeCases)
    settlements: FakeSettlements = field(default_factory=FakeSettlements)
    challenges: FakeChallenges = field(default_factory=FakeChallenges)
    erasures: FakeErasures = field(default_factory=FakeErasures)
    recognitions: FakeRecognitions = field(default_factory=FakeRecognitions)
    revocations: FakeRevocations = field(default_factory=FakeRevocations)
    supersessions: FakeSupersessions = field(default_factory=FakeSupersessions)
    withdrawals: FakeWithdrawals = field(default_factory=FakeWithdrawals)
    received_notices: FakeReceivedNotices = field(default_factory=FakeReceivedNotices)
    unsigned_notices: FakeUnsignedNotices = field(default_factory=FakeUnsignedNotices)
    unreported_lines: FakeUnreportedLines = field(default_factory=FakeUnreportedLines)
    distrusted_keys: FakeDistrustedKeys = field(default_factory=FakeDistrustedKeys)
    batches: FakeBatches = field(default_factory=FakeBatches)
    effects: FakeEffects = field(default_factory=FakeEffects)
    corrections: FakeCorrections = field(default_factory=FakeCorrections)
    adopted_rosters: FakeAdoptedDocuments = field(default_factory=FakeAdoptedDocuments)
    adopted_pseudonym_keys: FakeAdoptedDocuments = field(default_factory=FakeAdoptedDocuments)
    memberships: FakeMemberships = field(default_factory=FakeMemberships)
    crosswalks: FakeCrosswalks = field(default_factory=FakeCrosswalks)
    crosswalk_offers: FakeCrosswalkOffers = field(default_factory=FakeCrosswalkOffers)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)

    def __post_init__(self):
        self.old_records = FakeOldRecords(
            self.issuances, self.consents, self.recognitions, self.erasures
        )
        self.holders = FakeHolders(self.recognitions)
        self.issuances.consents = self.consents
        self.subjects = FakeSubjects(
            self.settlements, self.consents, self.issuances, self.disputes, self.repairs
        )
        self.routed_disputes = FakeRoutedDisputes(self.recognitions)
        self.status_lists = FakeStatusLists(self.issuances, self.list_size)
        self.standings = FakeStandings(self.revocations)
        self.revocations.distrusted_keys = self.distrusted_keys


class FakeUnitOfWork:
    """Works on a copy; `commit` keeps the copy, leaving without it drops the copy."""

    def __init__(self, list_size=16):
        self.state = FakeState(list_size)
        self.is_open = False

    def __enter__(self):
        assert not self.is_open, "one transaction at a time"
        self.is_open = True
        self._work = deepcopy(self.state)
        return self

    def __exit__(self, *_error):
        self.is_open = False
        del self._work

    def __getattr__(self, name):
        if name == "_work":
            raise AttributeError("no transaction is open")
        return getattr(self._work, name)

    @contextmanager
    def glance(self):
        with self:
            yield

    @contextmanager
    def at_once(self):
        with self:
            yield
            self.commit()

    def commit(self):
        self.state = deepcopy(self._work)

    @property
    def announced(self):
        return self.state.outbox.events

    def announced_of(self, kind):
        return [event for event in self.announced if type(event) is kind]


class FakeDownloads:
    """What lies at addresses; every other one is as if it did not answer."""

    def __init__(self):
        self.texts, self.asked = {}, []

    def get(self, url, *, accept, known=None):
        self.asked.append(url)
        if url not in self.texts:
            raise Unavailable("unavailable", "ConnectionError")
        text = self.texts[url]
        return known if known and known.text == text else Download(text, f"tag of {text}")


class FakeSource:
    """Offers the first of these documents, can read all, and remembers what is gone by."""

    def __init__(self, *contents):
        self.documents = [Document(each, f"version {each.version}", NOW) for each in contents]
        self.used = None

    def look(self):
        return self.documents[0] if self.documents else None

    def read(self, adopted):
        [document] = [each for each in self.documents if each.text == adopted.text]
        return document

    def go_by(self, document):
        self.used = document


class FakeScores:
    """Scores by resident."""

    def __init__(self, records=()):
        self.records = dict(records)

    def find(self, resident):
        return self.records.get(resident)


class FakeMeasures:
    """What was measured, in order."""

    def __init__(self):
        self.notices, self.effects, self.recognitions = [], [], []
        self.convergences, self.overdue_cases = [], {}
        self.refused_lines = []

    def notice_applied(self, after):
        self.notices.append(after)

    def effect_applied(self, after):
        self.effects.append(after)

    def recognised(self, status_age, left_out):
        self.recognitions.append((status_age, left_out))

    def converged(self, kind, after):
        self.convergences.append((kind, after))

    def lines_refused(self, sender, line_ids):
        self.refused_lines += [(sender, line_id) for line_id in line_ids]

    def overdue(self, kind, count):
        self.overdue_cases[kind] = count
