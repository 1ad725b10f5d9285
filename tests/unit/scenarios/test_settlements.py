"""Settlements: both cities close a month, compare it line by line, and agree (ADR 0036)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import NotFound, Refused
from contracts.settlements import (
    DrawSettlement,
    ListSettlementDifferences,
    ListSettlementLines,
    ListSettlements,
)
from contracts.words import CityState, DifferenceKind, Funding, SettlementState, UsageFact
from services.scenarios.domain.settlement import Seal, Sum, balance, digest_of
from services.scenarios.handlers import comparing
from services.scenarios.handlers.settlements import (
    draw_settlement,
    list_settlement_differences,
    list_settlement_lines,
    list_settlements,
)
from tests.builders.scenarios import FUZHOU, HANGZHOU, NOW, ZHENGZHOU
from tests.builders.settlements import (
    DECEMBER,
    IN_DECEMBER,
    IN_JANUARY,
    NOVEMBER,
    a_line,
    book,
    close,
    compare,
    resolve,
)
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios

CITIES = (HANGZHOU, FUZHOU, ZHENGZHOU)


@pytest.fixture
def hangzhou(tmp_path):
    (tmp_path / "hangzhou").mkdir()
    with storages.sqlite(tmp_path / "hangzhou") as uow:
        hear_of(uow, FUZHOU)
        yield uow


@pytest.fixture
def fuzhou(tmp_path):
    (tmp_path / "fuzhou").mkdir()
    with storages.sqlite(tmp_path / "fuzhou") as uow:
        hear_of(uow, HANGZHOU)
        yield uow


def hear_of(uow, city):
    with uow:
        uow.plan.note_city(city, CityState.ONLINE, NOW)
        uow.commit()


def draw(uow, own, other, period=NOVEMBER):
    return draw_settlement(DrawSettlement(period=period, city=other), uow=uow, city=own)


def differences(uow, other):
    asked = ListSettlementDifferences(period=NOVEMBER, city=other)
    return list_settlement_differences(asked, uow=uow).differences


# --- what is owed ----------------------------------------------------------------------------


def test_home_owes_what_its_residents_used_at_its_expense(hangzhou):
    back = a_line(2, host=FUZHOU, home=HANGZHOU, value_fen=200)
    book(hangzhou, a_line(1), back)

    drawn = draw(hangzhou, HANGZHOU, FUZHOU)

    assert (drawn.due_fen, drawn.owed_fen, drawn.net_fen) == (500, 200, 300)
    assert drawn.state is SettlementState.OPEN


def test_home_owes_a_deposit_at_its_expense_as_far_as_it_was_called(hangzhou):
    waived = a_line(1, value_fen=0)
    book(hangzhou, waived, a_line(2, fact=UsageFact.CALLED, value_fen=4000))

    assert draw(hangzhou, HANGZHOU, FUZHOU).net_fen == 4000


@pytest.mark.parametrize("funding", [Funding.HOST_OPERATOR, Funding.HOST_CITY, None])
def test_what_the_host_pays_for_is_owed_by_nobody_elsewhere(hangzhou, funding):
    book(hangzhou, a_line(funding=funding))

    assert draw(hangzhou, HANGZHOU, FUZHOU).net_fen == 0


def test_a_grant_that_nobody_used_costs_nothing(hangzhou):
    book(hangzhou, a_line(fact=UsageFact.ISSUED), a_line(2, fact=UsageFact.EXPIRED))

    assert draw(hangzhou, HANGZHOU, FUZHOU).net_fen == 0


SUMS = st.builds(
    Sum,
    host=st.sampled_from(CITIES),
    home=st.sampled_from(CITIES),
    fact=st.sampled_from(list(UsageFact)),
    funding=st.sampled_from([None, *Funding]),
    lines=st.integers(1, 9),
    value_fen=st.integers(0, 10**9),
    adjusting=st.just(0),
    adjusting_fen=st.just(0),
).filter(lambda each: each.host != each.home)


@settings(deadline=None)
@given(st.lists(SUMS))
def test_what_all_cities_owe_each_other_adds_up_to_nothing(sums):
    def net(own, other):
        between = [each for each in sums if {each.host, each.home} == {own, other}]
        return balance(between, own).net_fen

    nets = [net(own, other) for own in CITIES for other in CITIES if own != other]

    assert sum(nets) == 0


def test_a_month_is_listed_with_every_city(hangzhou):
    book(hangzhou, a_line(1), a_line(2, home=ZHENGZHOU, value_fen=700))

    listed = list_settlements(ListSettlements(period=NOVEMBER), uow=hangzhou, city=HANGZHOU)

    assert [(each.city, each.net_fen) for each in listed.settlements] == [
        (FUZHOU, 500),
        (ZHENGZHOU, 700),
    ]


def test_a_city_settles_nothing_with_itself(hangzhou):
    with pytest.raises(NotFound):
        draw(hangzhou, HANGZHOU, HANGZHOU)


# --- closing ---------------------------------------------------------------------------------


def test_a_closed_month_takes_no_further_line(hangzhou):
    book(hangzhou, a_line(1))
    closed = close(hangzhou, HANGZHOU, FUZHOU)
    book(hangzhou, a_line(2))

    assert close(hangzhou, HANGZHOU, FUZHOU, now=IN_JANUARY) == closed
    assert draw(hangzhou, HANGZHOU, FUZHOU) == closed
    assert (closed.state, closed.lines) == (SettlementState.CLOSED, 1)


def test_a_late_line_is_an_adjustment_of_the_next_month(hangzhou):
    book(hangzhou, a_line(1))
    close(hangzhou, HANGZHOU, FUZHOU)
    book(hangzhou, a_line(2), a_line(3, at=IN_DECEMBER))

    december = close(hangzhou, HANGZHOU, FUZHOU, period=DECEMBER, now=IN_JANUARY)

    assert (december.lines, december.adjustments, december.net_fen) == (2, 1, 1000)
    [summed] = december.sums
    assert (summed.adjusting, summed.adjusting_fen) == (1, 500)


def test_a_month_that_is_not_over_cannot_be_closed(hangzhou):
    with pytest.raises(Refused, match="period_not_over"):
        close(hangzhou, HANGZHOU, FUZHOU, now=NOW)


def test_months_are_closed_in_order(hangzhou):
    book(hangzhou, a_line(1), a_line(2, at=IN_DECEMBER))

    with pytest.raises(Refused, match="period_out_of_order"):
        close(hangzhou, HANGZHOU, FUZHOU, period=DECEMBER, now=IN_JANUARY)


def test_no_month_is_closed_behind_a_later_one(hangzhou):
    close(hangzhou, HANGZHOU, FUZHOU, period=DECEMBER, now=IN_JANUARY)

    with pytest.raises(Refused, match="period_out_of_order"):
        close(hangzhou, HANGZHOU, FUZHOU, now=IN_JANUARY)


@pytest.mark.parametrize("settle", [draw, close])
def test_nothing_is_settled_with_a_city_that_nobody_has_heard_of(hangzhou, settle):
    with pytest.raises(NotFound, match="city 999999"):
        settle(hangzhou, HANGZHOU, "999999")

    assert (
        list_settlements(ListSettlements(period=NOVEMBER), uow=hangzhou, city=HANGZHOU).settlements
        == ()
    )


@pytest.mark.parametrize("settle", [draw, close])
def test_what_there_are_lines_of_is_settled_also_with_a_city_nobody_has_heard_of(hangzhou, settle):
    book(hangzhou, a_line(1, home=ZHENGZHOU))

    assert settle(hangzhou, HANGZHOU, ZHENGZHOU).lines == 1


def test_a_month_that_was_closed_without_lines_is_listed(hangzhou):
    close(hangzhou, HANGZHOU, FUZHOU)

    [listed] = list_settlements(
        ListSettlements(period=NOVEMBER), uow=hangzhou, city=HANGZHOU
    ).settlements

    assert (listed.city, listed.state, listed.lines) == (FUZHOU, SettlementState.CLOSED, 0)


def test_lines_with_another_city_are_not_closed_with_it(hangzhou):
    book(hangzhou, a_line(1), a_line(2, home=ZHENGZHOU))
    close(hangzhou, HANGZHOU, FUZHOU)

    assert draw(hangzhou, HANGZHOU, ZHENGZHOU).state is SettlementState.OPEN


# --- comparing -------------------------------------------------------------------------------


LINES = st.lists(
    st.builds(
        a_line,
        st.integers(1, 40),
        host=st.sampled_from([HANGZHOU, FUZHOU]),
        value_fen=st.integers(0, 3),
        funding=st.sampled_from(list(Funding)),
    ).map(lambda line: replace(line, home=FUZHOU if line.host == HANGZHOU else HANGZHOU)),
    max_size=30,
    unique_by=lambda line: (line.id, line.host),
)


@settings(deadline=None)
@given(LINES, st.randoms())
def test_digests_are_equal_in_whatever_order_and_however_often_lines_came(lines, random):
    again = [*lines, *lines[: len(lines) // 2]]
    random.shuffle(again)
    booked = {(line.id, line.host): line for line in again}

    def digest(known):
        return digest_of(sorted(Seal(line.id, line.host, line.entry.seal) for line in known))

    assert digest(booked.values()) == digest(lines)


def test_both_cities_agree_when_their_lines_are_the_same(hangzhou, fuzhou):
    lines = [a_line(number) for number in range(1, 8)]
    book(hangzhou, *lines)
    book(fuzhou, *reversed(lines), *lines)
    close(hangzhou, HANGZHOU, FUZHOU)
    theirs = close(fuzhou, FUZHOU, HANGZHOU)

    ours = compare(hangzhou, fuzhou)

    assert ours.state is draw(fuzhou, FUZHOU, HANGZHOU).state is SettlementState.AGREED
    assert ours.digest == ours.their_digest == theirs.digest
    assert ours.net_fen == -draw(fuzhou, FUZHOU, HANGZHOU).net_fen == 3500


def test_a_month_the_other_city_has_not_closed_cannot_be_compared(hangzhou, fuzhou):
    close(hangzhou, HANGZHOU, FUZHOU)

    with pytest.raises(Refused, match="period_not_closed"):
        compare(hangzhou, fuzhou)


def test_differences_are_told_line_by_line_to_both(hangzhou, fuzhou):
    book(hangzhou, a_line(1), a_line(2), a_line(3))
    book(fuzhou, a_line(1), a_line(2, value_fen=400), a_line(4))
    close(hangzhou, HANGZHOU, FUZHOU)
    close(fuzhou, FUZHOU, HANGZHOU)

    ours = compare(hangzhou, fuzhou)

    assert ours.state is draw(fuzhou, FUZHOU, HANGZHOU).state is SettlementState.DISPUTED
    here = {each.line_id: each for each in differences(hangzhou, FUZHOU)}
    assert {line_id: each.kind for line_id, each in here.items()} == {
        a_line(2).id: DifferenceKind.DIFFERING,
        a_line(3).id: DifferenceKind.MISSING_THERE,
        a_line(4).id: DifferenceKind.MISSING_HERE,
    }
    changed = here[a_line(2).id]
    assert (changed.field, changed.here, changed.there) == ("value_fen", "500", "400")
    there = {each.line_id: each.kind for each in differences(fuzhou, HANGZHOU)}
    assert there[a_line(3).id] is DifferenceKind.MISSING_HERE
    assert there[a_line(4).id] is DifferenceKind.MISSING_THERE


def test_what_differs_goes_into_the_next_month_and_the_rest_is_resolved(hangzhou, fuzhou):
    book(hangzhou, a_line(1), a_line(2))
    book(fuzhou, a_line(1))
    close(hangzhou, HANGZHOU, FUZHOU)
    close(fuzhou, FUZHOU, HANGZHOU)
    compare(hangzhou, fuzhou)
    book(fuzhou, a_line(2))

    resolve(hangzhou, HANGZHOU, FUZHOU)
    resolve(fuzhou, FUZHOU, HANGZHOU)
    resolved = compare(fuzhou, hangzhou, cities=(FUZHOU, HANGZHOU))

    assert resolved.state is SettlementState.RESOLVED
    assert draw(hangzhou, HANGZHOU, FUZHOU).state is SettlementState.RESOLVED
    assert draw(hangzhou, HANGZHOU, FUZHOU).closed_digest != resolved.digest
    for uow, own, other in ((hangzhou, HANGZHOU, FUZHOU), (fuzhou, FUZHOU, HANGZHOU)):
        december = close(uow, own, other, period=DECEMBER, now=IN_JANUARY)
        assert (december.lines, december.adjustments) == (1, 1)
    agreed = compare(hangzhou, fuzhou, period=DECEMBER, now=IN_JANUARY)
    assert agreed.state is SettlementState.AGREED


def test_an_agreed_settlement_is_neither_disputed_nor_resolved_again(hangzhou, fuzhou):
    close(hangzhou, HANGZHOU, FUZHOU)
    close(fuzhou, FUZHOU, HANGZHOU)
    agreed = compare(hangzhou, fuzhou)

    assert compare(hangzhou, fuzhou) == resolve(hangzhou, HANGZHOU, FUZHOU) == agreed


def test_only_a_dispute_is_resolved(hangzhou):
    close(hangzhou, HANGZHOU, FUZHOU)

    with pytest.raises(Refused, match="not_disputed"):
        resolve(hangzhou, HANGZHOU, FUZHOU)


@settings(max_examples=10, deadline=None)
@given(lines=LINES, data=st.data())
def test_any_two_records_of_a_month_are_resolved(tmp_path_factory, lines, data):
    def some():
        kept = [line for line in lines if data.draw(st.booleans())]
        return [
            replace(line, value_fen=9) if data.draw(st.integers(0, 5)) == 0 else line
            for line in kept
        ]

    first, second = (tmp_path_factory.mktemp(name) for name in ("hangzhou", "fuzhou"))
    with (
        storages.sqlite(first) as hangzhou,
        storages.sqlite(second) as fuzhou,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(comparing, "MOST_SEALS", data.draw(st.integers(1, 4)))
        hear_of(hangzhou, FUZHOU)
        hear_of(fuzhou, HANGZHOU)
        book(hangzhou, *some())
        book(fuzhou, *some())
        close(hangzhou, HANGZHOU, FUZHOU)
        close(fuzhou, FUZHOU, HANGZHOU)

        if compare(hangzhou, fuzhou).state is SettlementState.DISPUTED:
            assert differences(hangzhou, FUZHOU)
            assert len({each.line_id for each in differences(hangzhou, FUZHOU)}) == len(
                {each.line_id for each in differences(fuzhou, HANGZHOU)}
            )
            resolve(hangzhou, HANGZHOU, FUZHOU)
            resolve(fuzhou, FUZHOU, HANGZHOU)
        ended = compare(hangzhou, fuzhou)

        assert ended.state in {SettlementState.AGREED, SettlementState.RESOLVED}
        assert ended.digest == draw(fuzhou, FUZHOU, HANGZHOU).digest
        assert ended.net_fen == -draw(fuzhou, FUZHOU, HANGZHOU).net_fen


def test_lines_are_listed_page_by_page(hangzhou):
    book(hangzhou, *(a_line(number) for number in range(1, 8)))

    listed, after = [], None
    while True:
        asked = ListSettlementLines(period=NOVEMBER, city=FUZHOU, after=after, limit=3)
        page = list_settlement_lines(asked, uow=hangzhou, city=HANGZHOU).lines
        listed += page
        if len(page) < 3:
            break
        after = page[-1].line_id

    assert [line.line_id for line in listed] == sorted(a_line(number).id for number in range(1, 8))
