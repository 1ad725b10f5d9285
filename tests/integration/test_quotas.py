"""Quotas, limits, budgets and passes stay exact when many ask at once, on both databases."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from contracts.corrections import RecognitionRevised
from contracts.errors import ContractError
from contracts.passes import ReverseRedemption
from contracts.quotas import CancelReservation, ConfirmReservation, ReserveGrant
from contracts.rules import Conditions, Quota
from contracts.words import GrantState, Period
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.green import eventlet
from services.plumbing.migrate import upgrade
from services.scenarios.adapters.audit import audit
from services.scenarios.adapters.redemption_tables import redemptions
from services.scenarios.adapters.tables import grants, messages
from services.scenarios.adapters.unit_of_work import make_unit_of_work
from services.scenarios.domain.bounds import Bound, Count
from services.scenarios.domain.limits import Limit, Tally
from services.scenarios.handlers.corrections import on_recognition_revised
from services.scenarios.handlers.expiry import expire_grants
from services.scenarios.handlers.forgetting import forget_counters
from services.scenarios.handlers.grants import issue_grant
from services.scenarios.handlers.recognitions import on_recognition_ended
from services.scenarios.handlers.redemptions import redeem_pass
from services.scenarios.handlers.reservations import (
    cancel_reservation,
    confirm_reservation,
    expire_reservations,
    reserve_grant,
)
from services.scenarios.handlers.reversals import reverse_redemption
from tests.builders.scenarios import (
    BIKES,
    HANGZHOU,
    HOUR,
    NODE,
    NOW,
    TEN_YUAN,
    THREE_USES,
    a_holder,
    a_month,
    a_pass,
    a_recognition_ended,
    a_redeem_pass,
    an_issue_grant,
    an_offer,
    issue,
    redeem,
)
from tests.servers.postgresql import create_database, drop_database

pytestmark = pytest.mark.scenarios

CROWD = 40
ATTEMPTS = 5


class Storage:
    """A database, units of work on it, and a crowd to use them at the same time."""

    def __init__(self, url: str) -> None:
        self.engine = open_database(url)
        upgrade(self.engine, "services.scenarios")

    def uow(self):
        return make_unit_of_work(self.engine, utc_now, None, lambda: None)

    def all_at_once(self, calls):
        """Run every call in a green thread; return what each returned or raised.

        Who waits too long for a lock tries again, as a message that failed does.
        """

        def outcome(call):
            for _ in range(ATTEMPTS):
                try:
                    return call(uow=self.uow())
                except ContractError as error:
                    return error.code
                except OperationalError as error:
                    waited = error
            raise waited

        pool = eventlet.GreenPool(CROWD)
        return list(pool.imap(outcome, calls))

    def count(self, table):
        with self.engine.begin() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def tally(self):
        with self.uow() as uow:
            return uow.tallies.get("late-return")


@contextlib.contextmanager
def sqlite(directory: Path) -> Iterator[str]:
    yield f"sqlite:///{directory}/scenarios.db"


@contextlib.contextmanager
def a_postgresql_database(server_url: str) -> Iterator[str]:
    url = create_database(server_url, "scenarios")
    yield url
    drop_database(server_url, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def storage(request, tmp_path) -> Iterator[Storage]:
    if request.param == "sqlite":
        database = sqlite(tmp_path)
    else:
        database = a_postgresql_database(request.getfixturevalue("postgresql").url)
    with database as url:
        yield Storage(url)
        close_database(url)


def holders(storage, number):
    return [a_holder(storage.uow(), holder=f"holder-of-fuzhou-{n}") for n in range(number)]


def take(recognised, **overrides):
    return partial(issue_grant, an_issue_grant(recognised, **overrides), now=NOW, **NODE)


def codes(outcomes):
    return Counter(outcome for outcome in outcomes if isinstance(outcome, str))


def test_a_quota_gives_exactly_its_number_of_grants(storage):
    an_offer(storage.uow(), per_holder=a_month(1), quota=a_month(7))
    crowd = holders(storage, CROWD)
    announced = storage.count(messages.outbox)

    outcomes = storage.all_at_once([take(recognised) for recognised in crowd])

    assert codes(outcomes) == {"quota_exhausted": CROWD - 7}
    assert storage.count(grants) == storage.tally().issued == storage.tally().open == 7
    assert storage.count(messages.outbox) == announced + 7


def test_one_holder_does_not_exceed_the_limit_by_asking_at_once(storage):
    an_offer(storage.uow(), per_holder=a_month(3))
    [recognised] = holders(storage, 1)

    outcomes = storage.all_at_once([take(recognised) for _ in range(20)])

    assert codes(outcomes) == {"holder_limit_reached": 17}
    assert storage.count(grants) == 3


def test_a_budget_reserves_no_more_than_it_has_and_refusals_give_back_the_quota(storage):
    an_offer(storage.uow(), benefit=TEN_YUAN, budget_fen=5999, quota=a_month(CROWD))
    crowd = holders(storage, CROWD)

    outcomes = storage.all_at_once([take(recognised) for recognised in crowd])

    assert codes(outcomes) == {"budget_exhausted": CROWD - 5}
    assert (storage.tally().reserved_fen, storage.tally().issued) == (5000, 5)
    with storage.uow() as uow:
        month = Limit(count=CROWD, period=Period.MONTH).window(NOW)
        [counted] = uow.counters.look("late-return", [Bound(window=month, units=CROWD)])
    assert counted == Count(issued=5, reserved_fen=5000)


def test_one_grant_taken_many_times_at_once_is_one_grant(storage):
    an_offer(storage.uow())
    [recognised] = holders(storage, 1)

    outcomes = storage.all_at_once([take(recognised)] * 20)

    assert len({outcome.grant_id for outcome in outcomes}) == 1
    assert storage.tally().issued == 1


def test_passes_shown_at_many_gates_at_once_are_used_as_often_as_their_grant_allows(storage):
    an_offer(storage.uow(), benefit=THREE_USES)
    grant = issue(storage.uow(), *holders(storage, 1))
    tokens = [a_pass(storage.uow(), grant) for _ in range(20)]
    commands = [a_redeem_pass(grant, pass_token=token) for token in tokens]

    outcomes = storage.all_at_once(
        [partial(redeem_pass, command, now=NOW, **NODE) for command in commands]
    )

    assert codes(outcomes) == {"ordinary_terms": 17}
    assert storage.count(redemptions) == 3
    assert (storage.tally().redeemed, storage.tally().open) == (1, 0)


def test_one_redemption_sent_many_times_at_once_is_one_use(storage):
    an_offer(storage.uow())
    command = a_redeem_pass(issue(storage.uow(), *holders(storage, 1)))

    outcomes = storage.all_at_once([partial(redeem_pass, command, now=NOW, **NODE)] * 20)

    assert len(set(outcomes)) == 1
    assert storage.tally().redeemed == 1


def test_no_grant_survives_the_end_of_its_recognition_however_close_they_come(storage):
    an_offer(storage.uow())
    crowd = holders(storage, CROWD // 2)

    def end(recognised):
        return partial(
            on_recognition_ended, a_recognition_ended(recognised), city=HANGZHOU, now=NOW
        )

    storage.all_at_once(
        [call for recognised in crowd for call in (take(recognised), end(recognised))]
    )

    tally = storage.tally()
    assert (tally.open, tally.issued) == (0, tally.revoked)


def test_no_grant_that_a_revision_does_not_allow_stays_open_however_close_they_come(storage):
    an_offer(storage.uow())
    crowd = holders(storage, CROWD // 2)

    storage.all_at_once(
        [call for recognised in crowd for call in (take(recognised), revise(recognised, tier=2))]
    )

    tally = storage.tally()
    assert (tally.open, tally.issued) == (0, tally.revoked)


def test_no_budget_is_exceeded_by_what_is_restored_and_taken_at_once(storage):
    an_offer(storage.uow(), benefit=TEN_YUAN, budget_fen=CROWD // 4 * 1000)
    crowd = holders(storage, CROWD // 4)
    for recognised in crowd:
        issue(storage.uow(), recognised)
        revise(recognised, tier=2)(uow=storage.uow())
    others = [a_holder(storage.uow(), holder=f"holder-of-fuzhou-x{n}") for n in range(CROWD // 4)]

    storage.all_at_once(
        call
        for recognised, other in zip(crowd, others, strict=True)
        for call in (revise(recognised, hours=1, tier=4), take(other), revise(recognised, hours=1))
    )

    tally = storage.tally()
    assert tally.open == CROWD // 4
    assert tally.reserved_fen == tally.open * 1000
    assert tally.issued == tally.open + tally.revoked


def revise(recognised, *, hours=0, tier=4):
    event = RecognitionRevised(
        recognition_id=recognised.recognition_id,
        attestation_id=recognised.attestation_id,
        holder=recognised.holder,
        home=recognised.home,
        tier=tier,
        purposes=recognised.purposes,
        crosswalk=recognised.crosswalk,
        reason="score_changed",
        revised_at=NOW + hours * HOUR,
        until=recognised.until,
    )
    return partial(on_recognition_revised, event, city=HANGZHOU, now=NOW)


def test_grants_are_taken_used_revoked_and_expired_at_once_and_every_one_is_counted(storage):
    an_offer(storage.uow(), benefit=TEN_YUAN, budget_fen=10**6, grant_days=1)
    crowd = holders(storage, CROWD // 4)
    earlier = [issue(storage.uow(), recognised) for recognised in crowd for _ in range(3)]
    over = earlier[0].until

    calls = [partial(redeem_pass, a_redeem_pass(grant), now=NOW, **NODE) for grant in earlier[::3]]
    calls += [
        partial(on_recognition_ended, a_recognition_ended(each), city=HANGZHOU, now=NOW)
        for each in crowd[::2]
    ]
    calls += [take(recognised) for recognised in crowd]
    calls += [partial(expire_grants, city=HANGZHOU, now=over, batch=3)] * 3
    storage.all_at_once(sorted(calls, key=lambda _: uuid4()))

    tally = storage.tally()
    with storage.engine.begin() as connection:
        found = connection.execute(select(grants.c.state, func.count()).group_by(grants.c.state))
        states = Counter(dict(found.all()))
    assert {state: getattr(tally, state) for state in GrantState} == {
        state: states[state] for state in GrantState
    }
    assert tally.issued == states.total()
    assert tally.spent_fen == 1000 * tally.redeemed
    assert tally.reserved_fen == 1000 * tally.open


def test_nobody_waits_in_a_circle_who_reverses_takes_and_ends_at_once(storage):
    an_offer(storage.uow(), benefit=TEN_YUAN, budget_fen=10**6, reversible_minutes=30)
    calls, used = [], 0
    for recognised in holders(storage, CROWD // 4):
        for _ in range(4):
            used += 1
            redeemed = redeem(storage.uow(), issue(storage.uow(), recognised))
            command = ReverseRedemption(
                reversal_id=uuid4(),
                redemption_id=redeemed.redemption_id,
                operator_id=BIKES,
            )
            calls.append(partial(reverse_redemption, command, city=HANGZHOU, now=NOW))
            calls.append(take(recognised))
        event = a_recognition_ended(recognised)
        calls.append(partial(on_recognition_ended, event, city=HANGZHOU, now=NOW))

    outcomes = storage.all_at_once(sorted(calls, key=lambda _: uuid4()))

    assert set(codes(outcomes)) <= {"recognition_ended"}
    tally = storage.tally()
    assert (tally.open, tally.redeemed, tally.reserved_fen, tally.spent_fen) == (0, 0, 0, 0)
    assert tally.issued == tally.revoked >= used
    assert list(audit(storage.engine, repair=False)) == []


def test_a_transaction_that_fails_at_the_last_moment_takes_nothing(storage):
    an_offer(storage.uow(), per_holder=a_month(1), quota=a_month(1))
    [recognised] = holders(storage, 1)

    failing = storage.uow()

    def fail():
        raise ConnectionError("the process died")

    failing.commit = fail
    with pytest.raises(ConnectionError):
        take(recognised)(uow=failing)

    assert storage.tally().issued == storage.count(grants) == 0
    assert take(recognised)(uow=storage.uow()).state is GrantState.OPEN


def test_of_two_that_exclude_each_other_a_holder_who_asks_at_once_gets_one(storage):
    an_offer(storage.uow())
    excluding = Conditions(excludes=("late-return",))
    an_offer(storage.uow(), incentive_id="museum", conditions=excluding)
    [recognised] = holders(storage, 1)

    offers = ["late-return", "museum"] * 10
    outcomes = storage.all_at_once([take(recognised, incentive_id=each) for each in offers])

    assert codes(outcomes) == {"excluded_by_other": 10}
    assert len({each.incentive_id for each in outcomes if not isinstance(each, str)}) == 1


@pytest.mark.parametrize(
    "storage", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_who_is_recognised_anew_meanwhile_still_gets_one_of_two_that_exclude_each_other(storage):
    an_offer(storage.uow())
    excluding = Conditions(excludes=("late-return",))
    an_offer(storage.uow(), incentive_id="museum", conditions=excluding)
    [recognised] = holders(storage, 1)
    slow, asking = storage.uow(), []
    commit = slow.commit

    def while_asking_again():
        anew = a_holder(storage.uow(), holder=recognised.holder, recognised_at=NOW)
        museum = take(anew, incentive_id="museum")
        asking.append(eventlet.spawn(storage.all_at_once, [museum]))
        eventlet.sleep(0.2)
        commit()

    slow.commit = while_asking_again

    assert take(recognised)(uow=slow).state is GrantState.OPEN
    assert asking[0].wait() == ["excluded_by_other"]


# --- several incentives, quotas and reservations at once ---------------------------------------


def reserving(recognised, **overrides):
    command = ReserveGrant(
        reservation_id=overrides.pop("reservation_id", uuid4()),
        holder=recognised.holder,
        recognition_id=recognised.recognition_id,
        incentive_id=overrides.pop("incentive_id", "late-return"),
    )
    return command, partial(reserve_grant, command, city=HANGZHOU, minutes=15, now=NOW)


def ending(command, recognised, *, confirmed):
    if confirmed:
        confirm = ConfirmReservation(
            reservation_id=command.reservation_id,
            holder=command.holder,
            recognition_id=recognised.recognition_id,
        )
        return partial(confirm_reservation, confirm, now=NOW, **NODE)
    cancel = CancelReservation(reservation_id=command.reservation_id, holder=command.holder)
    return partial(cancel_reservation, cancel, now=NOW)


def test_crossing_orders_of_incentives_end_without_a_deadlock(storage):
    """Grants of two incentives are taken one way round and revoked, restored, expired the other."""
    quotas = (Quota(period=Period.DAY, count=900), Quota(period=Period.MONTH, fen=10**6))
    for incentive_id in ("a-voucher", "b-voucher"):
        an_offer(
            storage.uow(),
            incentive_id=incentive_id,
            benefit=TEN_YUAN,
            budget_fen=10**6,
            grant_days=1,
            quotas=quotas,
        )
    crowd = holders(storage, 10)
    for recognised in crowd:
        for incentive_id in ("b-voucher", "a-voucher"):
            issue(storage.uow(), recognised, incentive_id=incentive_id)
    calls = []
    for recognised in crowd:
        calls += [take(recognised, incentive_id=name) for name in ("b-voucher", "a-voucher")]
        calls += [reserving(recognised, incentive_id=n)[1] for n in ("a-voucher", "b-voucher")]
        calls += [revise(recognised, hours=hours, tier=2 + 2 * hours) for hours in (0, 1)]
    calls += [partial(expire_grants, city=HANGZHOU, now=NOW + 24 * HOUR, batch=3)] * 2
    calls += [partial(expire_reservations, now=NOW + HOUR, batch=3)] * 2
    calls += [partial(forget_counters, now=NOW + 48 * HOUR, batch=3)] * 2

    outcomes = storage.all_at_once(sorted(calls, key=lambda _: uuid4()))

    assert not codes(outcomes).keys() - {"not_offered", "tier_below_minimum"}
    assert list(audit(storage.engine, repair=False)) == []


def test_a_quota_holds_what_is_reserved_taken_and_given_back_at_once(storage):
    quota = CROWD // 4
    an_offer(
        storage.uow(),
        benefit=TEN_YUAN,
        per_holder=a_month(quota),
        quota=a_month(quota),
        quotas=(Quota(period=Period.DAY, fen=quota * 1000),),
    )
    crowd = holders(storage, 8)
    held = [(one, *reserving(one)) for one in crowd[: quota // 2]]
    storage.all_at_once([reserve for _, _, reserve in held])

    calls = [take(recognised) for recognised in crowd for _ in range(3)]
    calls += [reserving(recognised)[1] for recognised in crowd]
    for place, (recognised, command, _) in enumerate(held):
        calls += [ending(command, recognised, confirmed=bool(place % 2))] * 3
    storage.all_at_once(sorted(calls, key=lambda _: uuid4()))

    tally = storage.tally()
    assert tally.issued + tally.held <= quota
    assert storage.count(grants) == tally.issued
    assert list(audit(storage.engine, repair=False)) == []

    expire_reservations(uow=storage.uow(), now=NOW + HOUR)
    storage.all_at_once([take(recognised) for recognised in crowd for _ in range(3)])
    assert storage.tally() == Tally(issued=quota, open=quota, reserved_fen=quota * 1000)


def test_one_reservation_confirmed_and_cancelled_many_times_at_once_ends_once(storage):
    an_offer(storage.uow(), per_holder=a_month(9), quota=a_month(9))
    [recognised] = holders(storage, 1)
    command, reserve = reserving(recognised)
    storage.all_at_once([reserve] * 5)
    calls = [ending(command, recognised, confirmed=confirmed) for confirmed in (True, False)] * 8
    calls.append(partial(expire_reservations, now=NOW + HOUR))

    storage.all_at_once(sorted(calls, key=lambda _: uuid4()))

    tally = storage.tally()
    assert tally in (Tally(), Tally(issued=1, open=1))
    assert storage.count(grants) == tally.issued
    assert list(audit(storage.engine, repair=False)) == []
