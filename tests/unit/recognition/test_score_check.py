"""Home looks whether what it attested is still so, and takes back what is not."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.recognition import NoticeReady
from services.recognition.domain.issuance import Revoked
from services.recognition.handlers import score_check
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.score_check import check_scores
from tests.builders.attestations import HANGZHOU, NOW, a_crosswalk
from tests.builders.recognition import (
    ID,
    RESIDENT,
    a_score,
    an_issue_attestation,
    an_issued_attestation,
    home_node,
)
from tests.fakes.recognition import FakeScores

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)


def checked(uow, record, after=None, now=NOW + DAY, **node):
    scores = FakeScores({} if record is None else {RESIDENT: record})
    return check_scores(uow=uow, node=home_node(scores=scores, **node), now=now, after=after)


def revoked(uow):
    return [each.revoked for each in uow.state.issuances.rows.values()]


def test_an_attestation_is_taken_back_when_the_score_fell_to_another_band(uow):
    an_issued_attestation(uow)

    checked(uow, a_score(score=Decimal(610)))

    assert revoked(uow) == [Revoked("score_changed", NOW + DAY)]
    [notice] = uow.announced_of(NoticeReady)
    assert notice.recipient == HANGZHOU


def test_an_attestation_is_taken_back_when_its_resident_has_no_score_any_more(uow):
    an_issued_attestation(uow)

    checked(uow, None)

    assert revoked(uow) == [Revoked("score_changed", NOW + DAY)]


@pytest.mark.parametrize(
    "record",
    [
        a_score(score=Decimal(700 + 52)),
        a_score(as_of=NOW),
        a_score(score=Decimal(610), as_of=NOW + 2 * DAY),
        a_score(score=Decimal(-5)),
    ],
    ids=["same band", "newer", "from the future", "outside the scale"],
)
def test_an_attestation_stands_while_nothing_says_that_the_band_changed(uow, record):
    an_issued_attestation(uow)

    checked(uow, record)

    assert revoked(uow) == [None]


def test_an_attestation_stands_while_no_crosswalk_is_in_force(uow):
    an_issued_attestation(uow)
    over = {1: a_crosswalk(effective_until=NOW)}

    checked(uow, a_score(), crosswalks=lambda: over)

    assert revoked(uow) == [None]


def test_an_attestation_that_is_over_is_not_looked_at(uow):
    an_issued_attestation(uow)

    checked(uow, None, now=NOW + 60 * DAY)

    assert revoked(uow) == [None]


def test_a_changed_score_is_told_once(uow):
    an_issued_attestation(uow)

    for _ in range(2):
        checked(uow, None)

    assert len(uow.announced_of(NoticeReady)) == 1


def test_attestations_are_looked_at_some_at_a_time_until_there_are_no_more(uow, monkeypatch):
    monkeypatch.setattr(score_check, "AT_A_TIME", 2)
    an_issued_attestation(uow)
    for _ in range(2):
        again = an_issue_attestation(attestation_id=uuid4())
        issue_attestation(again, uow=uow, node=home_node(), now=NOW)

    last = checked(uow, None)
    done = revoked(uow).count(None)
    end = checked(uow, None, after=last)

    assert (done, end) == (1, None)
    assert revoked(uow).count(None) == 0


def test_scores_are_looked_up_while_no_transaction_is_open(uow):
    an_issued_attestation(uow)
    seen = []

    class Scores:
        def find(self, resident):
            seen.append((resident, uow.is_open))

    check_scores(uow=uow, node=home_node(scores=Scores()), now=NOW)

    assert seen == [(RESIDENT, False)]
    assert uow.state.issuances.get(ID).revoked is not None
