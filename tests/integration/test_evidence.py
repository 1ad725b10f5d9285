"""Evidence stays right when many act at once, on both databases."""

from collections import Counter
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from contracts.coverage import ReportCoverage
from contracts.errors import Refused
from contracts.evidence import AnnulEvidence, EvidenceRecord
from contracts.evidence_disputes import DecideEvidenceDispute, OpenEvidenceDispute
from contracts.words import AnnulmentReason, DisputeGround, DisputeOutcome, EvidenceState
from services.cli.evidence.scenarios import Together
from services.plumbing.clock import utc_now
from services.scenarios.adapters.evidence_tables import (
    evidence,
    evidence_disputes,
    evidence_turns,
)
from services.scenarios.adapters.tables import messages
from services.scenarios.handlers.coverage import report_coverage
from services.scenarios.handlers.evidence import (
    annul_evidence,
    enter_evidence,
    expire_evidence,
)
from services.scenarios.handlers.evidence_disputes import (
    decide_evidence_dispute,
    open_evidence_dispute,
)
from services.scenarios.handlers.evidence_records import read_subject
from services.scenarios.settings import ScenariosSettings
from tests.builders.evidence import (
    HOLDER_SUBJECT,
    LISTED,
    a_document,
    an_enter_evidence,
    an_item,
    evidence_about,
)
from tests.builders.scenarios import DAY, HANGZHOU, HOLDER, NOW
from tests.integration.test_quotas import CROWD, storage  # noqa: F401  a fixture

pytestmark = pytest.mark.scenarios

SETTINGS = ScenariosSettings(city=HANGZHOU, scenarios_database="", keys_directory=None)


def enter(**overrides):
    command = an_enter_evidence(subject=HOLDER_SUBJECT, **overrides)
    return partial(enter_evidence, command, now=NOW)


def contest(record):
    command = OpenEvidenceDispute(
        dispute_id=uuid4(),
        evidence_id=record.evidence_id,
        ground=DisputeGround.OTHER,
        holder=HOLDER,
    )
    return partial(open_evidence_dispute, command, deadlines=SETTINGS, now=NOW)


def decide(dispute, outcome):
    command = DecideEvidenceDispute(dispute_id=dispute.dispute_id, outcome=outcome)
    return partial(decide_evidence_dispute, command, now=NOW + DAY)


def current(storage, at):  # noqa: F811  the fixture
    with storage.uow() as uow:
        return uow.evidence.current(read_subject(HOLDER_SUBJECT), [LISTED], at)


def test_a_document_enters_once_however_many_bring_it(storage):  # noqa: F811  the fixture
    an_item(storage.uow())

    outcomes = storage.all_at_once([enter() for _ in range(CROWD)])

    assert storage.count(evidence) == storage.count(evidence_turns) == 1
    entered = [each for each in outcomes if isinstance(each, EvidenceRecord)]
    assert len(entered) == 1
    assert {each for each in outcomes if isinstance(each, str)} <= {"document_used", "id_reused"}


def test_evidence_has_one_open_dispute_however_many_open_one(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    record = evidence_about(storage.uow(), HOLDER_SUBJECT)

    outcomes = storage.all_at_once([contest(record) for _ in range(CROWD)])

    assert Counter(map(type, outcomes))[str] == CROWD - 1
    assert storage.count(evidence_disputes) == 1
    assert not current(storage, NOW)


def test_a_dispute_is_decided_one_way(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    dispute = contest(evidence_about(storage.uow(), HOLDER_SUBJECT))(uow=storage.uow())

    outcomes = storage.all_at_once([decide(dispute, outcome) for outcome in DisputeOutcome] * 5)

    assert outcomes.count("already_decided") == 5
    assert storage.count(evidence_turns) == 3


def test_an_annulment_and_a_decision_at_once_leave_it_annulled(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    record = evidence_about(storage.uow(), HOLDER_SUBJECT)
    dispute = contest(record)(uow=storage.uow())
    command = AnnulEvidence(evidence_id=record.evidence_id, reason=AnnulmentReason.DOCUMENT_REVOKED)

    storage.all_at_once(
        [
            decide(dispute, DisputeOutcome.UPHELD),
            partial(annul_evidence, command, now=NOW + DAY),
        ]
    )

    with storage.uow() as uow:
        assert uow.evidence.get(record.evidence_id).state is EvidenceState.ANNULLED


def test_what_is_over_is_noted_once_by_several_timers(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    for number in range(10):
        enter(document=a_document(number=str(number)))(uow=storage.uow())
    late = NOW.replace(year=2029, month=4)

    noted = storage.all_at_once([partial(expire_evidence, now=late, batch=3)] * 4)

    assert sum(noted) == 10
    with storage.engine.begin() as connection:
        expired = select(func.count()).where(evidence_turns.c.state == EvidenceState.EXPIRED)
        assert connection.execute(expired).scalar_one() == 10


def test_coverage_loses_no_report(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    reports = [
        ReportCoverage(item_id=LISTED, since=NOW - (n + 1) * DAY, until=NOW - n * DAY)
        for n in range(20)
    ]

    storage.all_at_once([partial(report_coverage, each, now=NOW) for each in reports])

    with storage.uow() as uow:
        [coverage] = uow.coverage.of(LISTED)
    assert coverage.covers(NOW - 20 * DAY, NOW)


def test_an_older_document_stays_out_after_a_repair(storage):  # noqa: F811  the fixture
    an_item(storage.uow())
    record = evidence_about(storage.uow(), HOLDER_SUBJECT)
    with storage.uow() as uow:
        known = uow.evidence.get(record.evidence_id)
        known.repair(uow.evidence_items.at(LISTED, NOW), date(2026, 4, 1), NOW)
        uow.evidence.save(known)
        uow.commit()

    with pytest.raises(Refused, match="already_decided"):
        enter(document=a_document(number="2", issued_on=date(2026, 1, 5)))(uow=storage.uow())


@pytest.mark.parametrize("kept", [True, False])
def test_lines_of_one_transaction_are_refused_one_by_one(storage, kept):  # noqa: F811  the fixture
    an_item(storage.uow())
    uow = Together(storage.engine, messages, utc_now)
    numbers = ["1", "2", "1", "3"]

    with uow.whole(kept=kept):
        outcomes = [_refusal(enter(document=a_document(number=n)), uow) for n in numbers]

    assert outcomes == [None, None, "document_used", None]
    assert storage.count(evidence) == (3 if kept else 0)
    assert storage.count(evidence_turns) == (3 if kept else 0)


def _refusal(call, uow):
    try:
        call(uow=uow)
    except Refused as refused:
        return refused.code
    return None
