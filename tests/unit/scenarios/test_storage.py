"""What the handlers rely on of their storage: one suite, for the fake and for SQL."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.benefits import Discount, FreeUse, RentalExtension, Voucher
from contracts.errors import Conflict, NotFound
from contracts.recognition import RecognitionEvidence
from contracts.words import (
    Category,
    GrantState,
    IncentiveState,
    MoveKind,
    Mover,
    OnWithdrawal,
    Period,
    UsageFact,
    VersionState,
)
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.decision import decide
from services.scenarios.domain.facts import Facts
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.incentive import Terms
from services.scenarios.domain.life import Life, Move, Version
from services.scenarios.domain.limits import Limit, Tally
from services.scenarios.domain.operator import Operator
from services.scenarios.domain.recognition import Ending, Recognition, Revision
from services.scenarios.domain.redemption import Redemption
from services.scenarios.domain.scenario import Scenario
from services.scenarios.domain.statement import UsageLine
from tests.builders.scenarios import (
    BIKES,
    DAY,
    FUZHOU,
    HANGZHOU,
    HOLDER,
    HOUR,
    NOW,
    RIDES,
    STRANGER,
    ZHENGZHOU,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

A_SECOND = timedelta(seconds=1)
OPERATOR = Operator(id=BIKES, name="公共自行车", name_en="Public bikes")
SCENARIO = Scenario(
    id=RIDES,
    operator_id=BIKES,
    name="信用骑行",
    name_en="Rides on credit",
    category=Category.TRANSPORT,
    district="330106",
)
MONTH = Limit(count=2, period=Period.MONTH)


@pytest.fixture(params=[storages.fake, storages.sqlite], ids=["fake", "sqlite"])
def uow(request, tmp_path):
    with request.param(tmp_path) as uow:
        yield uow


def newest_of(uow, holder):
    _session, newest = uow.recognitions.with_current(uuid4(), holder)
    return newest


def some_terms(**overrides):
    values = {
        "title": "延时还车",
        "title_en": "Return late",
        "benefit": RentalExtension(minutes=120),
        "minimum_tier": 3,
        "per_holder": Limit(count=30, period=Period.DAY),
        "quota": None,
        "budget_fen": None,
        "on_withdrawal": OnWithdrawal.REVOKE_OPEN,
        "offered_from": NOW,
        "offered_until": None,
        "grant_days": 30,
    }
    return Terms(**{**values, **overrides})


def a_version(number=1, **overrides):
    values = {
        "number": number,
        "terms": some_terms(),
        "state": VersionState.PUBLISHED,
        "published_at": NOW,
    }
    return Version(**{**values, **overrides})


def a_life(**overrides):
    values = {
        "id": "late-return",
        "scenario_id": RIDES,
        "newest": a_version(),
        "was_published": True,
    }
    return Life(**{**values, **overrides})


def a_move(number, kind, at, **overrides):
    values = {
        "incentive_id": "late-return",
        "number": number,
        "version": 1,
        "kind": kind,
        "by": Mover.CITY,
        "note": "请补充名额。",
        "at": at,
    }
    return Move(**{**values, **overrides})


def a_recognition(**overrides):
    values = {
        "id": uuid4(),
        "attestation_id": uuid4(),
        "holder": HOLDER,
        "home": FUZHOU,
        "tier": 4,
        "purposes": frozenset({Category.TRANSPORT, Category.SPORTS}),
        "crosswalk": 2,
        "recognised_at": NOW,
        "until": NOW + 20 * DAY,
        "evidence": RecognitionEvidence(
            key_id="fuzhou-2026", roster=7, status_as_of=NOW - HOUR, attested_at=NOW - DAY
        ),
    }
    return Recognition(**{**values, **overrides})


def a_line(**overrides):
    values = {
        "id": uuid4(),
        "host": HANGZHOU,
        "home": FUZHOU,
        "grant_id": uuid4(),
        "attestation_id": uuid4(),
        "incentive_id": "late-return",
        "fact": UsageFact.ISSUED,
        "value_fen": 0,
        "at": NOW,
    }
    return UsageLine(**{**values, **overrides})


def put(uow, *, life=None):
    """Store what grants refer to; returns the incentive that is in force."""
    life = life or a_life()
    with uow:
        uow.operators.add(OPERATOR)
        uow.scenarios.add(SCENARIO)
        uow.incentives.add(life)
        uow.commit()
    return life.offer


def save(uow, *lives):
    with uow:
        for life in lives:
            uow.incentives.save(life)
        uow.commit()


def put_grant(uow, incentive, *, recognition=None, now=NOW, **overrides):
    recognition = recognition or a_recognition()
    facts = Facts.of(recognition, SCENARIO.category, at=now)
    decision = decide(incentive, SCENARIO.category, facts)
    grant = Grant.issue(uuid4(), incentive, SCENARIO, recognition, decision)
    for name, value in overrides.items():
        setattr(grant, name, value)
    with uow:
        uow.recognitions.add(recognition)
        uow.grants.add(grant)
        uow.commit()
    return grant


def ids(grants):
    return [grant.id for grant in grants]


# --- transactions ----------------------------------------------------------------------------


def test_leaving_without_commit_leaves_nothing_behind(uow):
    put(uow)

    with uow:
        uow.operators.save(replace(OPERATOR, name="小红车"))
        uow.tallies.issue("late-return", 100, None)

    with uow:
        assert uow.operators.get(BIKES) == OPERATOR
        assert uow.tallies.get("late-return") == Tally()


# --- catalogue -------------------------------------------------------------------------------


def test_operators_and_scenarios_come_back_as_they_were_saved_last(uow):
    put(uow)
    renamed = replace(SCENARIO, name="骑行", district=None)
    with uow:
        uow.operators.save(replace(OPERATOR, name_en="Red bikes"))
        uow.scenarios.save(renamed)
        uow.commit()

    with uow:
        assert uow.operators.get(BIKES).name_en == "Red bikes"
        assert uow.scenarios.get(RIDES) == renamed
        assert uow.operators.get("nobody") is uow.scenarios.get("nowhere") is None


@pytest.mark.parametrize(
    "terms",
    [
        some_terms(),
        some_terms(benefit=FreeUse(uses=3), quota=MONTH),
        some_terms(benefit=FreeUse(uses=3, minutes_each=30), offered_until=NOW + DAY),
        some_terms(benefit=Discount(percent_off=10, cap_fen=500), budget_fen=10**13),
        some_terms(benefit=Voucher(face_fen=1), on_withdrawal=OnWithdrawal.KEEP_STARTED),
    ],
    ids=["plain", "quota", "dates", "budget", "voucher"],
)
def test_an_incentive_comes_back_as_it_was_stored(uow, terms):
    life = a_life(newest=a_version(terms=terms))
    incentive = put(uow, life=life)

    with uow:
        assert uow.incentives.life("late-return") == life
        assert uow.incentives.in_force("late-return", NOW) == incentive
        assert uow.incentives.version("late-return", 1) == incentive
        assert uow.incentives.numbered("late-return", 1) == life.newest
        assert uow.incentives.on_offer(RIDES, NOW) == [incentive]
        assert uow.incentives.on_offer("nowhere", NOW) == []
        assert uow.incentives.life("museum") is uow.incentives.in_force("museum", NOW) is None
        assert uow.incentives.numbered("late-return", 2) is None


def test_a_version_is_in_force_from_its_date_until_the_next_one_is(uow):
    first = put(uow)
    later = some_terms(minimum_tier=5, offered_from=NOW + DAY)
    second = a_life(newest=a_version(2, terms=later, published_at=NOW + HOUR))
    save(uow, second)

    with uow:
        in_force = [
            uow.incentives.in_force("late-return", at)
            for at in (NOW - A_SECOND, NOW, NOW + DAY - A_SECOND, NOW + DAY)
        ]
        on_offer = uow.incentives.on_offer(RIDES, NOW + HOUR)
        at_last = uow.incentives.on_offer(RIDES, NOW + DAY)

    assert in_force == [None, first, first, second.offer]
    assert on_offer == [first, second.offer]
    assert at_last == [second.offer]


def test_a_draft_is_never_in_force(uow):
    first = put(uow)
    draft = a_version(2, state=VersionState.DRAFT, published_at=None)
    save(uow, a_life(newest=draft))

    with uow:
        assert uow.incentives.in_force("late-return", NOW + DAY) == first
        assert uow.incentives.life("late-return").newest == draft


def test_a_newer_version_replaces_a_draft_and_one_that_was_still_to_come(uow):
    first = put(uow)
    coming = a_version(2, terms=some_terms(offered_from=NOW + DAY))
    draft = a_version(3, state=VersionState.DRAFT, published_at=None)
    last = a_version(4, terms=some_terms(offered_from=NOW + 2 * DAY), published_at=NOW + HOUR)
    save(uow, *(a_life(newest=version) for version in (coming, draft, last)))

    with uow:
        states = [uow.incentives.numbered("late-return", number).state for number in range(1, 5)]
        assert uow.incentives.in_force("late-return", NOW + DAY) == first

    assert states == [
        VersionState.PUBLISHED,
        VersionState.REPLACED,
        VersionState.REPLACED,
        VersionState.PUBLISHED,
    ]


def test_the_state_of_an_incentive_is_known_for_any_moment(uow):
    incentive = put(uow)
    steps = (MoveKind.PAUSED, MoveKind.RESUMED, MoveKind.WITHDRAWN)
    with uow:
        for number, kind in enumerate(steps, start=1):
            uow.incentives.note(a_move(number, kind, NOW + number * HOUR))
        uow.incentives.save(a_life(withdrawn=True, moves=3))
        uow.commit()

    with uow:
        states = [
            uow.incentives.in_force("late-return", NOW + hours * HOUR).state for hours in range(4)
        ]

    assert incentive.state is IncentiveState.PUBLISHED
    assert states == [
        IncentiveState.PUBLISHED,
        IncentiveState.PAUSED,
        IncentiveState.PUBLISHED,
        IncentiveState.WITHDRAWN,
    ]


def test_steps_come_back_as_they_were_kept_oldest_first(uow):
    put(uow)
    first, second = (a_move(number, MoveKind.PAUSED, NOW) for number in (1, 2))
    with uow:
        uow.incentives.note(first)
        uow.incentives.note(second)
        uow.commit()

    with uow:
        assert uow.incentives.moves("late-return", after=0, most=9) == [first, second]
        assert uow.incentives.moves("late-return", after=1, most=9) == [second]
        assert uow.incentives.moves("late-return", after=0, most=1) == [first]


@pytest.mark.parametrize(
    ("life", "listed"),
    [
        ({}, IncentiveState.PUBLISHED),
        ({"paused_by": Mover.CITY}, IncentiveState.PAUSED),
        ({"withdrawn": True}, IncentiveState.WITHDRAWN),
        ({"newest": a_version(2, state=VersionState.DRAFT)}, IncentiveState.DRAFT),
        ({"newest": a_version(2, state=VersionState.RETURNED)}, IncentiveState.RETURNED),
    ],
)
def test_incentives_are_listed_by_state(uow, life, listed):
    put(uow)
    save(uow, a_life(**life))

    with uow:
        found = {
            state: [
                each.id for each in uow.incentives.after("", operator_id=None, state=state, most=9)
            ]
            for state in IncentiveState
        }
        after = uow.incentives.after("late-return", operator_id=None, state=None, most=9)

    assert found[listed] == ["late-return"]
    assert found[IncentiveState.REVIEWED] == list(after) == []


def test_a_withdrawn_incentive_is_settled_once(uow):
    put(uow)
    save(uow, a_life(withdrawn=True))
    with uow:
        before = uow.incentives.unsettled()
        uow.incentives.settle("late-return")
        uow.commit()

    with uow:
        assert (list(before), list(uow.incentives.unsettled())) == (["late-return"], [])


@pytest.mark.parametrize(
    "again",
    [
        lambda uow: uow.operators.add(OPERATOR),
        lambda uow: uow.scenarios.add(SCENARIO),
        lambda uow: uow.incentives.add(a_life()),
    ],
    ids=["operator", "scenario", "incentive"],
)
def test_an_id_is_taken_once(uow, again):
    put(uow)

    with uow, pytest.raises(Conflict, match="id_reused"):
        again(uow)


# --- recognitions ----------------------------------------------------------------------------


def test_a_recognition_comes_back_as_it_was_told_first(uow):
    first = a_recognition()
    with uow:
        uow.recognitions.add(first)
        uow.recognitions.add(replace(first, tier=1))
        uow.commit()

    with uow:
        assert uow.recognitions.get(first.id) == first


def test_the_first_end_stands_whichever_came_first(uow):
    known, unknown = a_recognition(), a_recognition(holder=STRANGER)
    with uow:
        uow.recognitions.add(known)
        for recognition in (known, unknown):
            for at in (NOW, NOW + HOUR):
                uow.recognitions.end(
                    Ending(recognition_id=recognition.id, reason="over", ended_at=at)
                )
        assert uow.recognitions.get(unknown.id) is newest_of(uow, STRANGER) is None
        uow.recognitions.add(unknown)
        uow.commit()

    with uow:
        for recognition in (known, unknown):
            ended = replace(recognition, ended_at=NOW, ended_reason="over")
            assert uow.recognitions.get(recognition.id) == ended
            assert newest_of(uow, recognition.holder) == ended


def test_the_current_recognition_of_a_holder_is_the_newest(uow):
    newest = a_recognition(recognised_at=NOW + HOUR)
    with uow:
        for recognition in (a_recognition(), newest, a_recognition(recognised_at=NOW - HOUR)):
            uow.recognitions.add(recognition)
        uow.commit()

    with uow:
        assert newest_of(uow, HOLDER) == newest
        assert newest_of(uow, STRANGER) is None


def test_the_recognition_of_a_session_is_found_beside_the_newest(uow):
    older, newest, theirs = (
        a_recognition(),
        a_recognition(recognised_at=NOW + HOUR),
        a_recognition(holder=STRANGER),
    )
    with uow:
        for recognition in (older, newest, theirs):
            uow.recognitions.add(recognition)
        uow.commit()

    with uow:
        assert uow.recognitions.with_current(older.id, HOLDER) == (older, newest)
        assert uow.recognitions.with_current(newest.id, HOLDER) == (newest, newest)
        assert uow.recognitions.with_current(theirs.id, HOLDER) == (theirs, newest)


# --- grants ----------------------------------------------------------------------------------


def test_a_grant_comes_back_as_it_was_saved_last(uow):
    incentive = put(uow, life=a_life(newest=a_version(terms=some_terms(benefit=FreeUse(uses=2)))))
    grant = put_grant(uow, incentive)
    grant.use(uuid4(), NOW)
    grant.end(GrantState.REVOKED, "score_changed", NOW + HOUR)
    with uow:
        uow.grants.save(grant)
        uow.commit()

    with uow:
        assert vars(uow.grants.get(grant.id)) == vars(grant)
        assert uow.grants.get(uuid4()) is None


def test_a_grant_id_is_taken_once(uow):
    grant = put_grant(uow, put(uow))

    with uow, pytest.raises(Conflict, match="id_reused"):
        uow.grants.add(grant)


def test_grants_of_a_holder_are_listed_newest_first_up_to_a_number(uow):
    incentive = put(uow)
    first, second, third = (put_grant(uow, incentive, now=NOW + n * HOUR) for n in range(3))
    put_grant(uow, incentive, recognition=a_recognition(holder=STRANGER))

    with uow:
        assert ids(uow.grants.newest_of(HOLDER, 2)) == [third.id, second.id]
        assert ids(uow.grants.newest_of(HOLDER, 9))[-1] == first.id
        assert ids(uow.grants.newest_of(HOLDER, 9, third.id)) == [second.id, first.id]


def test_a_page_of_grants_begins_after_one_of_theirs(uow):
    incentive = put(uow)
    put_grant(uow, incentive)
    strange = put_grant(uow, incentive, recognition=a_recognition(holder=STRANGER))

    for after in (strange.id, uuid4()):
        with uow, pytest.raises(NotFound):
            uow.grants.newest_of(HOLDER, 9, after)


def test_pages_join_to_the_whole_whatever_comes_in_meanwhile(uow):
    incentive = put(uow)

    @settings(max_examples=10)
    @given(st.lists(st.integers(0, 3), max_size=6), st.integers(1, 4), st.integers(0, 3))
    def holds(ages, size, late):
        holder = f"{HOLDER}-{uuid4()}"

        def take(hours):
            theirs = a_recognition(holder=holder)
            return put_grant(uow, incentive, recognition=theirs, now=NOW + hours * HOUR)

        def page_of(most, after=None):
            with uow:
                return ids(uow.grants.newest_of(holder, most, after))

        for hours in ages:
            take(hours)
        whole, read = page_of(99), page_of(size)
        while read and (more := page_of(size, read[-1])):
            read += more
            take(4 + late)

        assert read == whole

    holds()


def test_open_grants_are_found_under_their_recognition(uow):
    incentive, recognition = put(uow), a_recognition()
    grant = put_grant(uow, incentive, recognition=recognition)
    put_grant(uow, incentive, recognition=recognition, state=GrantState.REDEEMED)
    put_grant(uow, incentive)

    with uow:
        assert ids(uow.grants.open_under(recognition.id)) == [grant.id]


def test_due_are_open_grants_whose_time_is_up_the_longest_due_first(uow):
    incentive = put(uow)
    later, sooner = (put_grant(uow, incentive, until=NOW + n * HOUR) for n in (2, 1))
    put_grant(uow, incentive, until=NOW, state=GrantState.REVOKED)

    with uow:
        assert ids(uow.grants.due(later.until, 9)) == [sooner.id, later.id]
        assert ids(uow.grants.due(later.until, 1)) == [sooner.id]
        assert ids(uow.grants.due(sooner.until - A_SECOND, 9)) == []


def test_a_redemption_id_is_taken_once_by_each_operator(uow):
    grant = put_grant(uow, put(uow))
    first = Redemption(
        id=uuid4(), operator_id=BIKES, grant_id=grant.id, uses_left=0, redeemed_at=NOW
    )
    other = replace(first, operator_id="somebody-else")

    with uow:
        taken = [uow.redemptions.add(each) for each in (first, replace(first, uses_left=1), other)]

        assert taken == [True, False, True]
        assert uow.redemptions.get(BIKES, first.id) == first
        assert uow.redemptions.get("nobody", first.id) is None


# --- exact numbers ---------------------------------------------------------------------------


def test_a_tally_follows_a_grant_from_issue_to_end(uow):
    put(uow)

    with uow:
        issued = [uow.tallies.issue("late-return", 100, 399) for _ in range(4)]
        uow.tallies.use("late-return", Count(reserved_fen=-100, spent_fen=100), redeemed=1)
        uow.tallies.use("late-return", Count())
        uow.tallies.end("late-return", GrantState.EXPIRED, 100)
        uow.tallies.end("late-return", GrantState.REVOKED, 50)

        assert issued[2] == Tally(issued=3, open=3, reserved_fen=300)
        assert issued[3] is None
        assert uow.tallies.get("late-return") == Tally(
            issued=3, redeemed=1, expired=1, revoked=1, reserved_fen=50, spent_fen=100
        )


def test_without_a_budget_everything_is_counted_and_nothing_bounded(uow):
    put(uow)

    with uow:
        tally = uow.tallies.issue("late-return", 10**13, None)

    assert tally == Tally(issued=1, open=1, reserved_fen=10**13)


# --- usage lines -----------------------------------------------------------------------------


def test_usage_lines_come_by_moment_then_id_and_once(uow):
    late, early = a_line(at=NOW + timedelta(microseconds=1)), a_line(id=UUID(int=2))
    twin = replace(early, id=UUID(int=1))
    with uow:
        for line in (late, early, twin, replace(early, value_fen=5)):
            uow.usage_lines.add(line)
        for other in (a_line(home=ZHENGZHOU), a_line(host=ZHENGZHOU), a_line(at=NOW + 9 * DAY)):
            uow.usage_lines.add(other)
        uow.commit()

    with uow:
        between = {"home": FUZHOU, "host": HANGZHOU}
        lines = list(uow.usage_lines.of_month("2026-11", **between, most=9))
        first = list(uow.usage_lines.of_month("2026-11", **between, most=1))

    assert lines == [twin, early, late]
    assert first == [twin]


def test_what_follows_a_usage_line_is_counted_in_the_same_order(uow):
    first, second, third = (a_line(id=UUID(int=n), value_fen=n) for n in (1, 2, 3))
    with uow:
        for line in (third, first, second, a_line(host=ZHENGZHOU), a_line(at=NOW + 9 * DAY)):
            uow.usage_lines.add(line)
        uow.commit()

    with uow:
        assert list(uow.usage_lines.after(first)) == [second.entry, third.entry]
        assert list(uow.usage_lines.after(third)) == []


# --- corrections -------------------------------------------------------------------------------


def a_revision(recognition, **overrides):
    values = {
        "recognition_id": recognition.id,
        "attestation_id": UUID(int=9),
        "holder": recognition.holder,
        "home": recognition.home,
        "tier": 2,
        "purposes": frozenset({Category.SPORTS}),
        "crosswalk": 3,
        "revised_at": NOW + HOUR,
        "until": NOW + DAY,
        "evidence": RecognitionEvidence(key_id="fuzhou-2027", roster=8, status_as_of=NOW),
    }
    return Revision(**{**values, **overrides})


def told(uow, *words):
    """Let a recognition's events come in, each in a transaction of its own."""
    for word in words:
        with uow:
            word(uow.recognitions)
            uow.commit()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_a_recognition_says_is_the_latest_whatever_comes_first(uow, order):
    recognition = a_recognition()
    latest = a_revision(recognition, tier=5, revised_at=NOW + 2 * HOUR)
    words = (
        lambda known: known.add(recognition),
        lambda known: known.revise(a_revision(recognition)),
        lambda known: known.revise(latest),
    )

    told(uow, *(words[place] for place in order))

    with uow:
        assert newest_of(uow, HOLDER) == replace(
            recognition,
            attestation_id=UUID(int=9),
            tier=5,
            purposes=frozenset({Category.SPORTS}),
            crosswalk=3,
            until=NOW + DAY,
            evidence=latest.evidence,
        )


def test_a_revision_alone_makes_no_recognition(uow):
    recognition = a_recognition()

    told(uow, lambda known: known.revise(a_revision(recognition)))

    with uow:
        assert uow.recognitions.get(recognition.id) is None
        assert newest_of(uow, HOLDER) is None


def test_the_end_of_a_revised_recognition_stands(uow):
    recognition = a_recognition()
    ending = Ending(recognition_id=recognition.id, reason="score_changed", ended_at=NOW)

    told(
        uow,
        lambda known: known.end(ending),
        lambda known: known.revise(a_revision(recognition)),
        lambda known: known.add(recognition),
    )

    with uow:
        assert uow.recognitions.get(recognition.id).ended_at == NOW


@pytest.mark.parametrize(
    ("words", "suspended"),
    [
        ([], False),
        ([(1, True)], True),
        ([(1, True), (2, False)], False),
        ([(2, False), (1, True)], False),
        ([(1, True), (1, False)], True),
        ([(1, False), (1, True)], True),
        ([(1, True), (2, None)], False),
        ([(2, None), (1, True)], False),
        ([(2, None), (3, True)], True),
    ],
)
def test_of_suspension_resumption_and_revision_the_latest_holds(uow, words, suspended):
    recognition = a_recognition()

    for hours, word in words:
        at = NOW + hours * HOUR
        with uow:
            if word is None:
                uow.recognitions.revise(a_revision(recognition, revised_at=at))
            else:
                uow.recognitions.suspend(recognition.id, at, suspended=word)
            uow.commit()
    told(uow, lambda known: known.add(recognition))

    with uow:
        assert uow.recognitions.is_suspended(recognition.id) is suspended
        assert uow.recognitions.get(recognition.id).suspended is suspended


def test_revoked_grants_of_a_holder_are_found_and_what_they_rest_on_is_saved(uow):
    incentive, recognition = put(uow), a_recognition()
    ended = {"state": GrantState.REVOKED, "ended_reason": "correction", "ended_at": NOW}
    grant = put_grant(uow, incentive, **ended)
    put_grant(uow, incentive)
    put_grant(uow, incentive, recognition=a_recognition(holder=STRANGER), **ended)
    with uow:
        [found] = uow.grants.concerned_by(uuid4(), HOLDER)
        assert found.id == grant.id
        found.restore(recognition, 4)
        uow.recognitions.add(recognition)
        uow.grants.save(found)
        uow.commit()

    with uow:
        assert vars(uow.grants.get(grant.id)) == vars(found)
        assert uow.grants.concerned_by(uuid4(), HOLDER) == []


def test_a_version_of_an_incentive_stays_what_it_was(uow):
    first = put(uow)
    second = a_life(newest=a_version(2, terms=some_terms(minimum_tier=5)))
    save(uow, second)

    with uow:
        versions = [uow.incentives.version(first.id, number) for number in (1, 2, 3)]
        assert uow.incentives.version("nothing", 1) is None

    assert versions == [first, second.offer, None]


def test_what_is_restored_is_counted_as_open_and_bounded_by_the_budget(uow):
    put(uow)

    with uow:
        uow.tallies.issue("late-return", 100, 150)
        uow.tallies.end("late-return", GrantState.REVOKED, 100)
        assert uow.tallies.restore("late-return", 100, 99) is None
        assert uow.tallies.restore("late-return", 100, 100)
        assert uow.tallies.get("late-return") == Tally(issued=1, open=1, reserved_fen=100)


def test_what_reserves_nothing_is_restored_whatever_the_budget(uow):
    put(uow)

    with uow:
        uow.tallies.issue("late-return", 100, 150)
        uow.tallies.use("late-return", Count(reserved_fen=-100, spent_fen=100))
        uow.tallies.end("late-return", GrantState.REVOKED, 0)

        assert uow.tallies.restore("late-return", 0, 50)
