"""What operators are owed, and what everybody may know of a month."""

from uuid import uuid4

import pytest

from contracts.errors import NotFound, Refused
from contracts.statements import DrawOperatorStatement, ListStatementLines, SummariseUsage
from contracts.words import Funding, UsageFact
from services.scenarios.handlers.operator_statements import draw_operator_statement
from services.scenarios.handlers.statements import list_statement_lines
from services.scenarios.handlers.usage_summaries import summarise_usage
from tests.builders.scenarios import BIKES, FUZHOU, HANGZHOU, NOW, ZHENGZHOU, an_offer
from tests.builders.settlements import IN_DECEMBER, NOVEMBER, a_line, book
from tests.unit.scenarios import storages

pytestmark = pytest.mark.scenarios


@pytest.fixture
def city(tmp_path):
    with storages.sqlite(tmp_path) as uow:
        an_offer(uow)
        yield uow


def own(city, **asked):
    command = DrawOperatorStatement(**{"period": NOVEMBER, "operator_id": BIKES} | asked)
    return draw_operator_statement(command, uow=city, city=HANGZHOU)


def summary(city, *, now=IN_DECEMBER, smallest=10):
    command = SummariseUsage(period=NOVEMBER)
    return summarise_usage(command, uow=city, city=HANGZHOU, smallest_cell=smallest, now=now)


@pytest.mark.parametrize(
    ("funding", "due", "borne"),
    [
        (Funding.HOST_OPERATOR, 0, 500),
        (Funding.HOST_CITY, 500, 0),
        (Funding.HOME_CITY, 500, 0),
    ],
)
def test_an_operator_is_owed_what_a_city_pays_for(city, funding, due, borne):
    book(city, a_line(operator_id=BIKES, funding=funding))

    drawn = own(city)

    assert (drawn.due_fen, drawn.borne_fen) == (due, borne)


def test_what_is_taken_back_is_not_owed(city):
    taken = {"operator_id": BIKES, "funding": Funding.HOST_CITY}
    book(city, a_line(1, **taken), a_line(2, fact=UsageFact.REVERSED, **taken))

    assert own(city).due_fen == 0


def test_an_operator_sees_its_own_lines_only(city):
    other = a_line(2, operator_id="another")
    book(city, a_line(1, operator_id=BIKES), other)

    assert [line.line_id for line in own(city).lines] == [a_line(1).id]
    with pytest.raises(NotFound):
        own(city, after=other.id)


def test_an_operator_is_not_told_why_a_grant_ended(city):
    facts = (UsageFact.EXPIRED, UsageFact.REVOKED)
    book(city, *(a_line(n, fact=fact, operator_id=BIKES) for n, fact in enumerate(facts)))

    drawn = own(city)

    assert {line.fact for line in drawn.lines} == {"ended"}
    assert [(each.fact, each.lines) for each in drawn.sums] == [("ended", 2)]


def test_the_lines_of_an_operator_come_page_by_page(city):
    book(city, *(a_line(number, operator_id=BIKES) for number in range(5)))

    first = own(city, limit=3).lines
    second = own(city, limit=3, after=first[-1].line_id).lines

    assert len({line.line_id for line in (*first, *second)}) == 5


def test_an_unknown_operator_has_no_statement(city):
    with pytest.raises(NotFound):
        own(city, operator_id="nobody")


def test_a_small_cell_is_not_published_nor_what_would_give_it_back(city):
    book(city, *(a_line(number) for number in range(12)))
    book(city, *(a_line(number, home=ZHENGZHOU) for number in range(20, 23)))

    published = summary(city)

    assert [(cell.home, cell.lines) for cell in published.cells] == [
        (FUZHOU, None),
        (ZHENGZHOU, None),
    ]
    assert [total.lines for total in published.incentives] == [15]


def test_a_month_that_lasts_is_not_published(city):
    with pytest.raises(Refused, match="period_not_over"):
        summary(city, now=NOW)


def test_the_lines_of_a_statement_come_page_by_page(city):
    book(city, *(a_line(number) for number in range(5)))
    between = {"period": NOVEMBER, "home": FUZHOU, "host": HANGZHOU}

    first = list_statement_lines(
        ListStatementLines(**between, limit=3), uow=city, city=HANGZHOU
    ).lines
    second = list_statement_lines(
        ListStatementLines(**between, limit=3, after=first[-1].line_id), uow=city, city=HANGZHOU
    ).lines

    assert len({line.line_id for line in (*first, *second)}) == 5
    for stranger, asked in ((ZHENGZHOU, {}), (HANGZHOU, {"after": uuid4()})):
        with pytest.raises(NotFound):
            list_statement_lines(ListStatementLines(**between, **asked), uow=city, city=stranger)
