"""The life of an incentive: reviewed by the city, published, paused, withdrawn."""

import pytest

from contracts import wire
from contracts.catalogue import (
    ListIncentives,
    ListMoves,
    PauseIncentive,
    ReleaseIncentive,
    ResumeIncentive,
    ShowIncentive,
    WithdrawIncentive,
)
from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.scenarios import GrantEnded, IncentivePublished, IncentiveRecord
from contracts.tags import tag_of
from contracts.words import (
    GrantState,
    IncentiveState,
    MoveKind,
    Mover,
    ReviewOutcome,
    VersionState,
)
from services.scenarios.handlers.catalogue import publish_incentive
from services.scenarios.handlers.lives import (
    list_incentives,
    list_moves,
    pause_incentive,
    release_incentive,
    resume_incentive,
    review_incentive,
    show_incentive,
    withdraw_incentive,
)
from services.scenarios.handlers.withdrawals import settle_withdrawals
from tests.builders.scenarios import (
    BIKES,
    DAY,
    GYM,
    HANGZHOU,
    HOUR,
    KEEP_STARTED,
    NOW,
    a_catalogue,
    a_holder,
    a_publish_incentive,
    a_review,
    an_offer,
    issue,
    publish,
    redeem,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

RETURNED = {"outcome": ReviewOutcome.RETURNED, "note": "请写明每月名额。"}
THIS = {"incentive_id": "late-return"}


def submit(uow, *, now=NOW, **overrides):
    return publish_incentive(a_publish_incentive(**overrides), uow=uow, city=HANGZHOU, now=now)


def review(uow, draft, *, now=NOW, **overrides):
    return review_incentive(a_review(draft, **overrides), uow=uow, now=now)


def release(uow, version=1, *, now=NOW, operator_id=BIKES):
    command = ReleaseIncentive(**THIS, version=version, operator_id=operator_id)
    return release_incentive(command, uow=uow, now=now)


def pause(uow, operator_id=BIKES, *, now=NOW):
    return pause_incentive(PauseIncentive(**THIS, operator_id=operator_id), uow=uow, now=now)


def resume(uow, operator_id=BIKES, *, now=NOW):
    return resume_incentive(ResumeIncentive(**THIS, operator_id=operator_id), uow=uow, now=now)


def withdraw(uow, operator_id=BIKES, *, now=NOW):
    command = WithdrawIncentive(**THIS, operator_id=operator_id, note="合作到期。")
    return withdraw_incentive(command, uow=uow, now=now)


def settle(uow, **overrides):
    settle_withdrawals(uow=uow, city=HANGZHOU, now=NOW + HOUR, **overrides)


def moves(uow):
    return list_moves(ListMoves(**THIS), uow=uow).moves


def refusal(step, *args, **options):
    with pytest.raises(Refused) as refused:
        step(*args, **options)
    return refused.value.code


# --- review and publication ------------------------------------------------------------------


def test_nothing_is_given_before_the_city_has_accepted_it(uow):
    a_catalogue(uow)
    draft = submit(uow)
    holder = a_holder(uow)

    assert refusal(issue, uow, holder) == "not_offered"
    review(uow, draft, **RETURNED)
    assert refusal(issue, uow, holder) == "not_offered"
    assert uow.announced_of(IncentivePublished) == []


def test_what_is_sent_back_says_what_has_to_be_changed(uow):
    a_catalogue(uow)

    with pytest.raises(Malformed) as refused:
        review(uow, submit(uow), outcome=ReviewOutcome.RETURNED, note=" ")

    assert list(refused.value.errors) == ["note"]


@pytest.mark.parametrize("storage", [storages.fake, storages.sqlite])
def test_a_draft_can_be_held_afterwards(storage, tmp_path):
    with storage(tmp_path) as uow:
        a_catalogue(uow)
        submit(uow)

        held, again = submit(uow, hold=True), submit(uow, hold=True)

        assert (held.version, held.hold) == (1, True)
        assert again == held
        assert [step.move for step in moves(uow)] == [MoveKind.SUBMITTED] * 2
        assert review(uow, held).state is IncentiveState.REVIEWED


@pytest.mark.parametrize("storage", [storages.fake, storages.sqlite])
def test_what_was_sent_back_awaits_review_again_once_it_is_held(storage, tmp_path):
    with storage(tmp_path) as uow:
        a_catalogue(uow)
        review(uow, submit(uow), **RETURNED)

        held, again = submit(uow, hold=True), submit(uow, hold=True)

        assert (held.version, held.version_state) == (1, VersionState.DRAFT)
        assert again == held
        assert [step.move for step in moves(uow)] == [
            MoveKind.SUBMITTED,
            MoveKind.RETURNED,
            MoveKind.SUBMITTED,
        ]


def test_what_the_city_accepts_is_published_at_once_and_announced(uow):
    a_catalogue(uow)

    record = review(uow, submit(uow), now=NOW + HOUR)

    [published] = uow.announced_of(IncentivePublished)
    assert (record.state, record.published_at) == (IncentiveState.PUBLISHED, NOW + HOUR)
    assert (published.offered_from, published.published_at) == (NOW, NOW + HOUR)
    assert issue(uow, a_holder(uow), now=NOW + HOUR).incentive_version == 1


def test_an_incentive_on_hold_is_published_when_its_operator_says_so(uow):
    a_catalogue(uow)

    reviewed = review(uow, submit(uow, hold=True))
    holder = a_holder(uow)
    before = refusal(issue, uow, holder)
    released = release(uow)

    assert (reviewed.state, before) == (IncentiveState.REVIEWED, "not_offered")
    assert (released.state, released.version_state) == (
        IncentiveState.PUBLISHED,
        VersionState.PUBLISHED,
    )
    assert issue(uow, holder)


def test_every_step_is_kept_with_who_took_it_and_when(uow):
    a_catalogue(uow)
    draft = submit(uow, hold=True)
    review(uow, draft, **RETURNED)
    review(uow, draft, now=NOW + HOUR)
    release(uow, now=NOW + DAY)

    kept = [(move.number, move.move, move.by, move.at, move.note) for move in moves(uow)]

    assert kept == [
        (1, MoveKind.SUBMITTED, Mover.OPERATOR, NOW, ""),
        (2, MoveKind.RETURNED, Mover.CITY, NOW, "请写明每月名额。"),
        (3, MoveKind.ACCEPTED, Mover.CITY, NOW + HOUR, ""),
        (4, MoveKind.PUBLISHED, Mover.OPERATOR, NOW + DAY, ""),
    ]


def test_every_step_is_safe_to_repeat(uow):
    a_catalogue(uow)
    draft = submit(uow, hold=True)
    steps = (
        lambda: review(uow, draft, **RETURNED),
        lambda: review(uow, draft),
        lambda: release(uow),
        lambda: pause(uow),
        lambda: resume(uow),
        lambda: withdraw(uow),
    )
    for step in steps:
        first = step()
        announced = list(uow.announced)

        assert step() == first
        assert uow.announced == announced


def test_a_version_that_was_not_accepted_is_not_published(uow):
    a_catalogue(uow)
    draft = submit(uow)

    assert refusal(release, uow) == "not_reviewed"
    review(uow, draft, **RETURNED)
    assert refusal(release, uow) == "not_reviewed"


def test_what_was_accepted_is_not_sent_back(uow):
    a_catalogue(uow)
    draft = submit(uow, hold=True)
    review(uow, draft)

    assert refusal(review, uow, draft, **RETURNED) == "already_decided"


def test_the_version_in_force_stays_until_the_next_one_is_accepted(uow):
    an_offer(uow)
    holder = a_holder(uow)
    draft = submit(uow, minimum_tier=5)

    before = issue(uow, holder)
    review(uow, draft, now=NOW + HOUR)

    assert (before.incentive_version, draft.state) == (1, IncentiveState.PUBLISHED)
    assert draft.version_state is VersionState.DRAFT
    assert refusal(issue, uow, holder, now=NOW + HOUR) == "tier_below_minimum"


def test_a_version_comes_into_force_on_its_date(uow):
    an_offer(uow)
    publish(uow, minimum_tier=5, offered_from=NOW + DAY)
    holder = a_holder(uow)

    assert issue(uow, holder, now=NOW + HOUR).incentive_version == 1
    assert refusal(issue, uow, holder, now=NOW + DAY) == "tier_below_minimum"


def test_only_the_newest_version_is_reviewed_and_published(uow):
    a_catalogue(uow)
    first = submit(uow, hold=True)
    review(uow, first)
    submit(uow, minimum_tier=5)

    assert refusal(review, uow, first, **RETURNED) == "version_replaced"
    assert refusal(release, uow) == "version_replaced"
    shown = show_incentive(ShowIncentive(**THIS, version=1), uow=uow)
    assert shown.version_state is VersionState.REPLACED


def test_repeating_what_was_done_to_an_older_version_is_harmless(uow):
    an_offer(uow)
    submit(uow, minimum_tier=5)

    assert release(uow).version == 1
    assert [move.move for move in moves(uow)][-1] is MoveKind.SUBMITTED


def test_an_unknown_version_is_not_found(uow):
    an_offer(uow)

    with pytest.raises(NotFound, match="version"):
        release(uow, 2)


# --- pause -----------------------------------------------------------------------------------


def test_a_pause_gives_nothing_new_and_takes_nothing_away(uow):
    an_offer(uow)
    holder = a_holder(uow)
    grant = issue(uow, holder)

    paused = pause(uow)

    assert paused.state is IncentiveState.PAUSED
    assert refusal(issue, uow, holder) == "not_offered"
    assert redeem(uow, grant).uses_left == 0
    assert resume(uow).state is IncentiveState.PUBLISHED
    assert issue(uow, holder)


def test_what_the_city_paused_only_the_city_resumes(uow):
    an_offer(uow)
    pause(uow, BIKES)
    pause(uow, None)
    pause(uow, BIKES)

    assert refusal(resume, uow, BIKES) == "paused_by_city"
    assert resume(uow, None).state is IncentiveState.PUBLISHED


def test_what_was_never_published_cannot_be_paused(uow):
    a_catalogue(uow)
    submit(uow)

    assert refusal(pause, uow) == "not_published"


# --- withdrawal ------------------------------------------------------------------------------


def test_a_withdrawal_is_for_good(uow):
    an_offer(uow)
    draft = submit(uow, hold=True, minimum_tier=5)
    withdraw(uow)

    for step in (
        lambda: submit(uow, minimum_tier=1),
        lambda: review(uow, draft),
        lambda: release(uow, 2),
        lambda: pause(uow),
        lambda: resume(uow),
    ):
        assert refusal(step) == "incentive_withdrawn"
    assert refusal(issue, uow, a_holder(uow)) == "not_offered"


def test_open_grants_of_a_withdrawn_incentive_end(uow):
    an_offer(uow)
    holder = a_holder(uow)
    grants = [issue(uow, holder) for _ in range(3)]
    withdraw(uow)

    settle(uow, batch=2)
    settle(uow)

    ended = uow.announced_of(GrantEnded)
    assert {event.grant_id for event in ended} == {grant.grant_id for grant in grants}
    assert len(ended) == len(grants)
    assert {event.reason for event in ended} == {"incentive_withdrawn"}
    assert uow.state.tallies.get("late-return").revoked == len(grants)


def test_a_grant_that_was_begun_runs_on_when_its_terms_say_so(uow):
    an_offer(uow, **KEEP_STARTED)
    holder = a_holder(uow)
    begun, unused = issue(uow, holder), issue(uow, holder)
    redeem(uow, begun)
    withdraw(uow)

    settle(uow)

    states = [uow.state.grants.get(grant.grant_id).state for grant in (begun, unused)]
    assert states == [GrantState.OPEN, GrantState.REVOKED]
    assert redeem(uow, begun).uses_left == 1


def test_only_what_was_withdrawn_is_settled(uow):
    an_offer(uow)
    grant = issue(uow, a_holder(uow))
    pause(uow)

    settle(uow)

    assert uow.state.grants.get(grant.grant_id).state is GrantState.OPEN


# --- whose it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("step", [pause, resume, withdraw])
def test_no_operator_moves_the_incentive_of_another(uow, step):
    an_offer(uow)

    with pytest.raises(NotFound, match="incentive"):
        step(uow, GYM)

    assert [move.move for move in moves(uow)][-1] is MoveKind.PUBLISHED


def test_no_operator_sees_or_publishes_the_incentive_of_another(uow):
    an_offer(uow)

    with pytest.raises(NotFound):
        release(uow, operator_id=GYM)
    with pytest.raises(NotFound):
        show_incentive(ShowIncentive(**THIS, operator_id=GYM), uow=uow)
    with pytest.raises(NotFound):
        list_moves(ListMoves(**THIS, operator_id=GYM), uow=uow)


def test_the_city_lists_what_awaits_its_review(uow):
    an_offer(uow)
    submit(uow, incentive_id="waits")
    submit(uow, incentive_id="waits-too")

    listed = list_incentives(ListIncentives(state=IncentiveState.DRAFT), uow=uow)
    rest = list_incentives(ListIncentives(state=IncentiveState.DRAFT, after="waits"), uow=uow)

    assert [each.incentive_id for each in listed.incentives] == ["waits", "waits-too"]
    assert [each.incentive_id for each in rest.incentives] == ["waits-too"]
    assert not listed.more


# --- what was seen -----------------------------------------------------------------------------


def test_a_step_is_taken_while_the_incentive_is_as_it_was_seen(uow):
    a_catalogue(uow)
    seen = tag_of(submit(uow))

    taken = withdraw_incentive(WithdrawIncentive(**THIS, seen=seen), uow=uow, now=NOW)

    assert taken.state is IncentiveState.WITHDRAWN


def test_who_saw_another_version_takes_no_step(uow):
    a_catalogue(uow)
    seen = tag_of(submit(uow))
    newer = submit(uow, minimum_tier=5)

    with pytest.raises(Conflict, match="precondition_failed"):
        withdraw_incentive(WithdrawIncentive(**THIS, seen=seen), uow=uow, now=NOW)

    assert show_incentive(ShowIncentive(**THIS), uow=uow) == newer


def test_of_two_who_change_what_both_saw_the_second_is_told(uow):
    a_catalogue(uow)
    seen = tag_of(submit(uow))

    submit(uow, minimum_tier=4, seen=seen)
    with pytest.raises(Conflict, match="precondition_failed"):
        submit(uow, minimum_tier=5, seen=seen)

    assert show_incentive(ShowIncentive(**THIS), uow=uow).minimum_tier == 4


def test_a_change_that_was_made_already_is_not_compared(uow):
    a_catalogue(uow)
    seen = tag_of(submit(uow))

    first, again = (submit(uow, minimum_tier=4, seen=seen) for _ in range(2))

    assert first == again


def test_what_was_never_there_was_not_seen(uow):
    a_catalogue(uow)

    with pytest.raises(Conflict, match="precondition_failed"):
        submit(uow, seen="0" * 32)


def test_a_tag_is_of_what_arrives(uow):
    a_catalogue(uow)
    record = submit(uow)

    arrived = wire.load(IncentiveRecord, wire.dump(record))

    assert tag_of(arrived) == tag_of(record)
