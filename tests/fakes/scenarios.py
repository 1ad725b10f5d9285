"""The storage of scenarios in memory; it keeps the promises of ports.py."""

from copy import copy
from dataclasses import dataclass, field, fields, replace

from contracts import wire
from contracts.errors import Conflict, NotFound
from contracts.words import GrantState, IncentiveState, MoveKind, VersionState
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.limits import Tally, names_of


class FakeTable:
    """Entities by id."""

    def __init__(self):
        self.rows = {}

    def get(self, id):
        return copy(self.rows.get(id))

    def add(self, entity):
        if entity.id in self.rows:
            raise Conflict("id_reused")
        self.save(entity)

    def save(self, entity):
        self.rows[entity.id] = copy(entity)

    def all(self):
        return [copy(self.rows[key]) for key in sorted(self.rows)]

    def where(self, condition):
        return [copy(row) for row in self.rows.values() if condition(row)]


class FakeIncentives:
    """Lives by id; every version as it stands; every step."""

    scenarios: FakeTable

    def __init__(self, tallies):
        self.tallies = tallies
        self.rows, self.versions, self.steps, self.settled = {}, {}, {}, {}

    def life(self, id):
        return self.rows.get(id)

    def in_force(self, id, at):
        versions = [
            version
            for version in self._versions_of(id)
            if version.state is VersionState.PUBLISHED
            and max(version.published_at, version.terms.offered_from) <= at
        ]
        return self._incentive(id, versions[-1], state=self._state(id, at)) if versions else None

    def with_scenario(self, id, at):
        found = self.in_force(id, at)
        return found and (found, self.scenarios.get(found.scenario_id))

    def version(self, id, number):
        version = self.versions.get((id, number))
        return version and self._incentive(id, version)

    def numbered(self, id, number):
        return self.versions.get((id, number))

    def on_offer(self, scenario_id, at):
        found = []
        for life in sorted(self.rows.values(), key=lambda life: life.id):
            if life.scenario_id != scenario_id:
                continue
            several = []
            for version in reversed(self._versions_of(life.id)):
                if version.state is VersionState.PUBLISHED:
                    several.insert(0, self._incentive(life.id, version))
                    if version.terms.offered_from <= at:
                        break
            found += several
        return found

    def after(self, id, *, operator_id, state, most):
        assert operator_id is None, "ask the SQL storage for an operator's own"
        found = [life for life in self.rows.values() if life.id > id]
        if state is not None:
            found = [life for life in found if state in {life.state, life.newest.state}]
        return sorted(found, key=lambda life: life.id)[:most]

    def add(self, life):
        if life.id in self.rows:
            raise Conflict("id_reused")
        self.tallies.rows[life.id] = Tally()
        self.save(life)

    def save(self, life):
        newest = life.newest
        for number in range(1, newest.number):
            version = self.versions[life.id, number]
            waits = version.state in {VersionState.DRAFT, VersionState.REVIEWED}
            comes = (
                newest.published_at is not None
                and version.state is VersionState.PUBLISHED
                and version.terms.offered_from > newest.published_at
            )
            if waits or comes:
                self.versions[life.id, number] = replace(version, state=VersionState.REPLACED)
        self.rows[life.id] = life
        self.versions[life.id, newest.number] = newest

    def unsettled(self):
        lives = self.rows.values()
        return [life.id for life in lives if life.withdrawn and life.id not in self.settled]

    def settle(self, id):
        self.settled[id] = True

    def note(self, move):
        self.steps[move.incentive_id, move.number] = move

    def moves(self, id, *, after, most):
        found = [move for move in self.steps.values() if move.incentive_id == id]
        return [move for move in found if move.number > after][:most]

    def _versions_of(self, id):
        return [version for (each, _), version in sorted(self.versions.items()) if each == id]

    def _incentive(self, id, version, state=IncentiveState.PUBLISHED):
        life = replace(self.rows[id], newest=version)
        return replace(life.offer, state=state)

    def _state(self, id, at):
        stopping = {
            MoveKind.PAUSED: IncentiveState.PAUSED,
            MoveKind.WITHDRAWN: IncentiveState.WITHDRAWN,
            MoveKind.RESUMED: IncentiveState.PUBLISHED,
        }
        state = IncentiveState.PUBLISHED
        for move in self.moves(id, after=0, most=len(self.steps)):
            if move.at <= at:
                state = stopping.get(move.kind, state)
        return state


class FakeRecognitions(FakeTable):
    def __init__(self):
        super().__init__()
        self.endings, self.revisions, self.suspensions = {}, {}, {}

    def get(self, id):
        known, ending = super().get(id), self.endings.get(id)
        if known is None:
            return None
        changes = {"suspended": self.is_suspended(id)}
        if ending:
            changes |= {"ended_at": ending.ended_at, "ended_reason": ending.reason}
        if revision := self.revisions.get(id):
            told = ("attestation_id", "tier", "tiers", "purposes", "crosswalk", "until", "evidence")
            changes |= {name: getattr(revision, name) for name in told}
        return replace(known, **changes)

    def is_suspended(self, id):
        return self.suspensions.get(id, (None, False))[1]

    def revise(self, revision):
        named = revision.recognition_id
        known = self.revisions.get(named)
        if known is None or known.revised_at < revision.revised_at:
            self.revisions[named] = revision
        self.suspend(named, revision.revised_at, suspended=False)

    def suspend(self, id, at, *, suspended):
        known = self.suspensions.get(id)
        if known is None or known[0] < at or (suspended and known[0] == at):
            self.suspensions[id] = (at, suspended)

    def with_current(self, id, holder):
        theirs = self.where(lambda recognition: recognition.holder == holder)
        newest = max(theirs, key=lambda each: (each.recognised_at, each.id), default=None)
        return self.get(id), newest and self.get(newest.id)

    def add(self, recognition):
        self.rows.setdefault(recognition.id, recognition)
        return self.get(recognition.id)

    def end(self, ending):
        self.endings.setdefault(ending.recognition_id, ending)


class FakeGrants(FakeTable):
    incentives: FakeIncentives
    reservations: FakeTable

    def is_taken(self, id):
        return id in self.rows or id in self.reservations.rows

    def recognition_of(self, id):
        known = self.get(id)
        return known and known.basis.recognition_id

    def held_by(self, holder, now):
        held = {}
        for grant in self.where(lambda grant: grant.holder == holder and grant.until > now):
            if grant.state is GrantState.OPEN:
                terms = self.incentives.version(grant.incentive_id, grant.basis.incentive_version)
                conditions = terms.terms.conditions
                excluded = frozenset(conditions.excludes if conditions else ())
                held[grant.incentive_id] = held.get(grant.incentive_id, frozenset()) | excluded
        return held

    def newest_of(self, holder, most, after=None):
        theirs = self.where(lambda grant: grant.holder == holder)
        newest = sorted(theirs, key=lambda grant: (grant.issued_at, grant.id), reverse=True)
        ids = [grant.id for grant in newest]
        if after is not None and after not in ids:
            raise NotFound("not_found", "after")
        return newest[ids.index(after) + 1 if after else 0 :][:most]

    def open_under(self, recognition_id):
        wanted = (GrantState.OPEN, recognition_id)
        found = self.where(lambda grant: (grant.state, grant.basis.recognition_id) == wanted)
        return sorted(found, key=lambda grant: grant.id)

    def open_of(self, incentive_id, *, after, most):
        wanted = (GrantState.OPEN, incentive_id)
        found = self.where(lambda grant: (grant.state, grant.incentive_id) == wanted)
        later = [grant for grant in found if after is None or grant.id > after]
        return sorted(later, key=lambda grant: grant.id)[:most]

    def concerned_by(self, recognition_id, holder):
        def is_concerned(grant):
            if grant.state is GrantState.OPEN:
                mine = grant.holder == holder and grant.recall
                return mine or grant.basis.recognition_id == recognition_id
            return (grant.state, grant.holder) == (GrantState.REVOKED, holder)

        return sorted(self.where(is_concerned), key=lambda grant: grant.id)

    def holding(self, now, most):
        found = self.where(lambda grant: grant.held_fen and grant.held_until <= now)
        return sorted(found, key=lambda grant: (grant.incentive_id, grant.id))[:most]

    def due(self, now, most):
        found = self.where(lambda grant: grant.state_at(now) is not grant.state)
        return sorted(found, key=lambda grant: (grant.until, grant.id))[:most]


class FakeRedemptions:
    def __init__(self):
        self.rows = {}

    def get(self, operator_id, id):
        return self.rows.get((operator_id, id))

    def reversed_by(self, operator_id, reversal_id):
        wanted = operator_id, reversal_id
        theirs = self.rows.values()
        return next((row for row in theirs if (row.operator_id, row.reversal_id) == wanted), None)

    def save(self, redemption):
        self.rows[redemption.operator_id, redemption.id] = redemption

    def is_shown(self, grant_id, pass_id):
        shown = {(each.grant_id, each.pass_id) for each in self.rows.values()}
        return (grant_id, pass_id) in shown

    def add(self, redemption):
        key = redemption.operator_id, redemption.id
        return self.rows.setdefault(key, redemption) is redemption


class FakeCounters:
    def __init__(self, grants):
        self.grants, self.rows = grants, {}

    def take(self, incentive_id, taking, bounds, step):
        counted = [self._begin(incentive_id, bound) for bound in bounds]
        allowed = [bound.allows(count, step) for bound, count in zip(bounds, counted, strict=True)]
        self.move(incentive_id, taking, step)
        return [
            self.rows[incentive_id, bound.key] if allows else None
            for bound, allows in zip(bounds, allowed, strict=True)
        ]

    def move(self, incentive_id, taking, step):
        for key in taking.keys:
            if (incentive_id, key) in self.rows:
                self.rows[incentive_id, key] += step

    def look(self, incentive_id, bounds):
        return [self._count(incentive_id, bound) for bound in bounds]

    def _begin(self, incentive_id, bound):
        return self.rows.setdefault((incentive_id, bound.key), self._count(incentive_id, bound))

    def _count(self, incentive_id, bound):
        if (incentive_id, bound.key) in self.rows:
            return self.rows[incentive_id, bound.key]

        def counts(grant):
            return (
                grant.incentive_id == incentive_id
                and bound.holder in (None, grant.holder)
                and bound.district in (None, grant.district)
                and bound.window.since <= grant.counted_at < bound.window.until
            )

        grants = self.grants.where(counts)
        return Count(
            issued=len(grants),
            reserved_fen=sum(grant.reserved_fen for grant in grants),
            spent_fen=sum(grant.spent_fen for grant in grants),
        )

    def forget_over(self, moment, limit):
        def is_over(name):
            return any(len(name) == len(current) and name < current for current in names_of(moment))

        over = [key for key in self.rows if is_over(key[1].period)][:limit]
        for key in over:
            del self.rows[key]
        return len(over)


class FakeTallies:
    def __init__(self):
        self.rows = {}

    def get(self, incentive_id):
        return self.rows[incentive_id]

    lock = get

    def issue(self, incentive_id, value_fen, budget_fen):
        tally = self.rows[incentive_id]
        if budget_fen is not None and tally.reserved_fen + tally.spent_fen + value_fen > budget_fen:
            return None
        return self._put(
            incentive_id,
            issued=tally.issued + 1,
            open=tally.open + 1,
            reserved_fen=tally.reserved_fen + value_fen,
        )

    def use(self, incentive_id, step, redeemed=0):
        tally = self.rows[incentive_id]
        return self._put(
            incentive_id,
            open=tally.open - redeemed,
            redeemed=tally.redeemed + redeemed,
            reserved_fen=tally.reserved_fen + step.reserved_fen,
            spent_fen=tally.spent_fen + step.spent_fen,
        )

    def end(self, incentive_id, state, released_fen):
        tally = self.rows[incentive_id]
        return self._put(
            incentive_id,
            open=tally.open - 1,
            reserved_fen=tally.reserved_fen - released_fen,
            **{state.value: getattr(tally, state.value) + 1},
        )

    def restore(self, incentive_id, reserved_fen, budget_fen):
        tally = self.rows[incentive_id]
        committed = tally.reserved_fen + tally.spent_fen + reserved_fen
        if reserved_fen and budget_fen is not None and committed > budget_fen:
            return None
        return self._put(
            incentive_id,
            open=tally.open + 1,
            revoked=tally.revoked - 1,
            reserved_fen=tally.reserved_fen + reserved_fen,
        )

    def _put(self, incentive_id, **changes):
        known = self.rows[incentive_id]
        self.rows[incentive_id] = replace(known, changes=known.changes + 1, **changes)
        return self.rows[incentive_id]


class FakeUsageLines:
    def __init__(self):
        self.rows = {}

    def add(self, line):
        self.rows.setdefault((line.host, line.id), line)

    def of_month(self, month, *, home, host, most=10, after=None):
        lines = sorted(self.rows.values(), key=lambda line: (line.at, line.id))
        wanted = month, home, host
        found = [line for line in lines if (line.month, line.home, line.host) == wanted]
        if after is not None:
            ids = [line.id for line in found]
            if after not in ids:
                raise NotFound("not_found", "after")
            found = found[ids.index(after) + 1 :]
        return found[:most]

    def after(self, line):
        every = self.of_month(line.month, home=line.home, host=line.host, most=len(self.rows))
        return (each.entry for each in every[every.index(line) + 1 :])


class FakeRefusals:
    def __init__(self):
        self.counts = {}

    def count(self, operator_id, day, reason):
        key = operator_id, day, reason
        self.counts[key] = self.counts.get(key, 0) + 1

    def forget_before(self, day, limit):
        old = [key for key in self.counts if key[1] < day][:limit]
        for key in old:
            del self.counts[key]
        return len(old)


class FakeDecisions:
    def __init__(self):
        self.rows, self.erased = {}, {}

    def record(self, record, *, most_refused):
        if record.holder in self.erased:
            return
        key = record.id, record.holder
        known = self.rows.get(key)
        if known is None:
            self.rows[key] = record
            for old in self._refused_of(record.holder)[most_refused:]:
                del self.rows[old.id, old.holder]
        elif known.outcome == "refused" and known.decided_at <= record.decided_at:
            self.rows[key] = replace(record, attempts=known.attempts + 1)

    def of_holder(self, id, holder):
        return self.rows.get((id, holder))

    def named(self, id):
        return [each for each in self.rows.values() if each.id == id]

    def newest_of(self, holder, most, after):
        theirs = self._newest([each for each in self.rows.values() if each.holder == holder])
        if after is not None:
            known = self.rows.get((after, holder))
            if known is None:
                raise NotFound("not_found", "decision")
            theirs = theirs[theirs.index(known) + 1 :]
        return theirs[:most]

    def erase_holder(self, holder, at):
        self.erased.setdefault(holder, at)
        self.rows = {key: each for key, each in self.rows.items() if key[1] != holder}

    def forget(self, *, refused_before, others_before, most):
        def is_old(record):
            before = refused_before if record.outcome == "refused" else others_before
            return record.decided_at < before

        old = [key for key, each in self.rows.items() if is_old(each)][:most]
        for key in old:
            del self.rows[key]
        return len(old)

    def forget_erased(self, before, most):
        old = [holder for holder, at in self.erased.items() if at < before][:most]
        for holder in old:
            del self.erased[holder]
        return len(old)

    def _refused_of(self, holder):
        found = (each for each in self.rows.values() if each.outcome == "refused")
        return self._newest(each for each in found if each.holder == holder)

    def _newest(self, records):
        return sorted(records, key=lambda each: (each.decided_at, each.id), reverse=True)


class FakeOutbox:
    def __init__(self):
        self.events = []

    def add(self, event):
        assert wire.load(type(event), wire.dump(event)) == event, "what is said is what is heard"
        self.events.append(event)


@dataclass
class FakeState:
    operators: FakeTable = field(default_factory=FakeTable)
    scenarios: FakeTable = field(default_factory=FakeTable)
    tallies: FakeTallies = field(default_factory=FakeTallies)
    recognitions: FakeRecognitions = field(default_factory=FakeRecognitions)
    grants: FakeGrants = field(default_factory=FakeGrants)
    reservations: FakeTable = field(default_factory=FakeTable)
    redemptions: FakeRedemptions = field(default_factory=FakeRedemptions)
    usage_lines: FakeUsageLines = field(default_factory=FakeUsageLines)
    refusals: FakeRefusals = field(default_factory=FakeRefusals)
    decisions: FakeDecisions = field(default_factory=FakeDecisions)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)

    def __post_init__(self):
        self.incentives = FakeIncentives(self.tallies)
        self.counters = FakeCounters(self.grants)
        self.grants.incentives, self.grants.reservations = self.incentives, self.reservations
        self.incentives.scenarios = self.scenarios

    @property
    def taken(self):
        """Everything but what is on record of decisions, to be compared."""
        names = [each.name for each in fields(self)] + ["incentives", "counters"]
        return {
            (name, attribute): value.copy()
            for name in names
            for attribute, value in vars(getattr(self, name)).items()
            if isinstance(value, dict | list) and name != "decisions"
        }

    def copy(self):
        """Copy every dict and list; entities are copied when they go in or out."""
        twin = FakeState()
        for name in [each.name for each in fields(self)] + ["incentives", "counters"]:
            for attribute, value in vars(getattr(self, name)).items():
                if isinstance(value, dict | list):
                    setattr(getattr(twin, name), attribute, value.copy())
        return twin


class FakeUnitOfWork:
    """Works on a copy; `commit` keeps the copy, leaving without it drops the copy."""

    def __init__(self):
        self.state = FakeState()
        self.is_open = False

    def __enter__(self):
        assert not self.is_open, "one transaction at a time"
        self.is_open = True
        self._work = self.state.copy()
        return self

    def __exit__(self, *_error):
        self.is_open = False
        del self._work

    def __getattr__(self, name):
        if name == "_work":
            raise AttributeError("no transaction is open")
        return getattr(self._work, name)

    def alone(self) -> None: ...

    def commit(self):
        self.state = self._work.copy()

    @property
    def announced(self):
        return self.state.outbox.events

    def announced_of(self, kind):
        return [event for event in self.announced if type(event) is kind]
