"""A resident contests a fact: meanwhile it does not count, and every host hears what follows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.disputes import (
    DecideDispute,
    ListDisputes,
    ListFacts,
    NameDisputedFact,
    OpenDispute,
    ShowDispute,
    WithdrawDispute,
)
from contracts.errors import Conflict, NotFound, Refused
from contracts.notices import ATTESTATION_SUPERSEDED
from contracts.recognition import ListAttestations, NoticeReady, ShowAttestation
from contracts.words import DisputeGround, DisputeOutcome, DisputeState, Gravity
from services.recognition.domain import jws
from services.recognition.handlers import attestations, disputes
from services.recognition.handlers.dockets import list_facts
from services.recognition.handlers.score_check import check_scores
from tests.builders.attestations import HANGZHOU, NOW
from tests.builders.facts import a_fact
from tests.builders.recognition import (
    ID,
    RESIDENT,
    STRANGER,
    a_score,
    an_issued_attestation,
    holder_keys,
    home_node,
)
from tests.fakes.recognition import FakeScores

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
DISPUTE = uuid4()
WITH_FACT, WITHOUT = "良好", "优秀"  # 683 and 783 of the scale


def lowered(*facts, score=Decimal(683), **overrides):
    """Make home's node: the score is 683, 783 but for a fact."""
    record = a_score(score=score, facts=facts or (a_fact(),))
    return home_node(scores=FakeScores({RESIDENT: record}), **overrides)


NODE = lowered()


def opened(uow, node=NODE, now=NOW, **overrides):
    values = {
        "dispute_id": DISPUTE,
        "resident": RESIDENT,
        "ground": DisputeGround.WRONG_CONTENT,
        "statement": "该处罚决定已被撤销。",
        "fact_id": "fz-1",
    }
    command = OpenDispute(**{**values, **overrides})
    return disputes.open_dispute(command, uow=uow, node=node, now=now)


def decided(uow, outcome=DisputeOutcome.UPHELD, node=NODE, now=NOW + DAY, **overrides):
    command = DecideDispute(**{"dispute_id": DISPUTE, "outcome": outcome, **overrides})
    return disputes.decide_dispute(command, uow=uow, node=node, now=now)


def withdrawn(uow, node=NODE, now=NOW + DAY, resident=RESIDENT, dispute_id=DISPUTE):
    command = WithdrawDispute(dispute_id=dispute_id, resident=resident)
    return disputes.withdraw_dispute(command, uow=uow, node=node, now=now)


def named(uow, fact_id="fz-1", node=NODE, now=NOW, resident=None):
    command = NameDisputedFact(dispute_id=DISPUTE, fact_id=fact_id, resident=resident)
    return disputes.name_disputed_fact(command, uow=uow, node=node, now=now)


def standing(uow):
    """Return the band of the one attestation that stands."""
    [issuance] = uow.state.issuances.where(lambda each: each.revoked is None)
    return issuance.band


def told(uow, event=ATTESTATION_SUPERSEDED):
    bodies = [jws.read(notice.token).payload["events"] for notice in uow.announced_of(NoticeReady)]
    return [body[event] for body in bodies if event in body]


def facts_of(uow, node=NODE, now=NOW):
    return list_facts(ListFacts(resident=RESIDENT), uow=uow, node=node, now=now).facts


# --- while it is open ------------------------------------------------------------------------


def test_a_disputed_fact_does_not_count_and_the_host_gets_another_attestation(uow):
    an_issued_attestation(uow, NODE)
    before = standing(uow)

    record = opened(uow)

    assert (before, standing(uow)) == (WITH_FACT, WITHOUT)
    assert (record.state, record.fact_id) == (DisputeState.OPEN, "fz-1")
    [notice] = told(uow)
    [new] = uow.state.issuances.where(lambda each: each.revoked is None)
    assert (notice["attestation_id"], notice["by"]) == (str(ID), str(new.attestation_id))
    assert notice["credential"] == new.credential


def test_the_new_attestation_is_for_the_same_key_and_lives_no_longer(uow):
    an_issued_attestation(uow, NODE)
    old = uow.state.issuances.get(ID)

    opened(uow, now=NOW + DAY)

    [new] = uow.state.issuances.where(lambda each: each.revoked is None)
    assert (new.holder_key, new.until, new.consent_id) == (
        old.holder_key,
        old.until,
        old.consent_id,
    )
    old = uow.state.issuances.get(ID)
    assert (old.superseded_by, old.revoked.at) == (new.attestation_id, NOW + DAY)
    assert (old.status_list, old.status_index) != (new.status_list, new.status_index)


def test_nothing_of_a_fact_or_a_dispute_is_told_to_the_host(uow):
    an_issued_attestation(uow, NODE)

    opened(uow)

    [notice] = told(uow)
    assert notice.keys() == {"attestation_id", "by", "credential", "reason", "at"}
    assert notice["reason"] == "score_changed"


def test_that_the_host_did_it_is_waited_for(uow):
    an_issued_attestation(uow, NODE)

    opened(uow)

    [effect] = uow.state.effects.of(DISPUTE)
    [ready] = uow.announced_of(NoticeReady)
    assert (effect.notice_id, effect.recipient) == (ready.notice_id, HANGZHOU)


def test_an_attestation_issued_while_a_fact_is_disputed_does_not_reckon_with_it(uow):
    opened(uow)

    an_issued_attestation(uow, NODE)

    assert standing(uow) == WITHOUT


def test_points_given_back_lead_no_higher_than_the_scale(uow):
    node = lowered(a_fact(points=Decimal(-300)), score=Decimal(900))

    opened(uow, node)
    an_issued_attestation(uow, node)

    assert standing(uow) == "极好"


def test_a_dispute_is_opened_though_nothing_can_be_signed_and_is_made_up_for_later(uow):
    an_issued_attestation(uow, NODE)

    opened(uow, replace(NODE, holder_keys=holder_keys({})), now=NOW + DAY)
    before = standing(uow)
    check_scores(uow=uow, node=NODE, now=NOW + 2 * DAY)

    assert (before, standing(uow)) == (WITH_FACT, WITHOUT)


def test_a_fact_that_changes_no_band_leaves_the_attestation_alone(uow):
    node = lowered(a_fact(points=Decimal(-1)))
    an_issued_attestation(uow, node)

    opened(uow, node)

    assert uow.state.issuances.get(ID).revoked is None
    assert told(uow) == []


# --- how it ends -----------------------------------------------------------------------------


def test_an_upheld_fact_counts_again(uow):
    an_issued_attestation(uow, NODE)
    opened(uow)

    record = decided(uow, note="核实无误。")

    assert standing(uow) == WITH_FACT
    assert (record.state, record.note, record.closed_at) == ("upheld", "核实无误。", NOW + DAY)
    assert len(told(uow)) == 2


def test_a_fact_whose_dispute_is_withdrawn_counts_again(uow):
    an_issued_attestation(uow, NODE)
    opened(uow)

    record = withdrawn(uow)

    assert (standing(uow), record.state) == (WITH_FACT, DisputeState.WITHDRAWN)


def test_a_corrected_fact_does_not_count_however_often_it_is_delivered(uow):
    an_issued_attestation(uow, NODE)
    opened(uow)

    decided(uow, DisputeOutcome.CORRECTED)
    check_scores(uow=uow, node=NODE, now=NOW + 2 * DAY)

    assert standing(uow) == WITHOUT


def test_a_corrected_version_of_a_fact_counts(uow):
    opened(uow)
    decided(uow, DisputeOutcome.CORRECTED)
    corrected = lowered(a_fact(points=Decimal(-90)))

    an_issued_attestation(uow, corrected, now=NOW + 2 * DAY)

    assert standing(uow) == WITH_FACT
    assert [fact.counts for fact in facts_of(uow, corrected, NOW + 2 * DAY)] == [True]


def test_a_score_that_its_source_corrects_after_the_decision_is_superseded_not_revoked(uow):
    an_issued_attestation(uow, NODE)
    opened(uow)
    decided(uow, DisputeOutcome.CORRECTED)
    anew = home_node(scores=FakeScores({RESIDENT: a_score(score=Decimal(860))}))

    check_scores(uow=uow, node=lowered(a_fact(points=Decimal(20)), score=Decimal(860)), now=NOW)
    check_scores(uow=uow, node=anew, now=NOW + 2 * DAY)

    assert len(uow.state.issuances.where(lambda each: each.superseded_by is None)) == 1


def test_a_decision_is_repeated_without_effect(uow):
    an_issued_attestation(uow, NODE)
    opened(uow)

    assert decided(uow) == decided(uow, now=NOW + 2 * DAY)
    assert len(told(uow)) == 2


@pytest.mark.parametrize("end", [withdrawn, lambda uow: decided(uow, DisputeOutcome.CORRECTED)])
def test_a_decided_dispute_is_not_decided_otherwise(uow, end):
    opened(uow)
    decided(uow)

    with pytest.raises(Refused, match="already_decided"):
        end(uow)


# --- who may, and what is asked ---------------------------------------------------------------


def test_a_dispute_is_opened_once(uow):
    an_issued_attestation(uow, NODE)

    assert opened(uow) == opened(uow, now=NOW + DAY)
    assert len(told(uow)) == 1


def test_an_id_stands_for_one_dispute(uow):
    opened(uow)

    with pytest.raises(Conflict, match="id_reused"):
        opened(uow, ground=DisputeGround.NOT_MINE)


def test_a_fact_is_contested_in_one_dispute_at_a_time(uow):
    opened(uow)

    with pytest.raises(Refused, match="already_open"):
        opened(uow, dispute_id=uuid4())


def test_of_an_attestation_one_dispute_at_a_time_names_no_fact(uow):
    an_issued_attestation(uow, NODE)
    opened(uow, fact_id=None, attestation_id=ID)

    with pytest.raises(Refused, match="already_open"):
        opened(uow, fact_id=None, attestation_id=ID, dispute_id=uuid4())

    opened(uow, fact_id=None, dispute_id=uuid4())
    named(uow)
    opened(uow, fact_id=None, attestation_id=ID, dispute_id=uuid4())


def test_the_same_version_of_a_fact_is_not_contested_again_after_it_was_upheld(uow):
    opened(uow)
    decided(uow)

    with pytest.raises(Refused, match="already_decided"):
        opened(uow, dispute_id=uuid4(), now=NOW + 2 * DAY)


def test_a_version_of_a_fact_that_was_contested_and_withdrawn_twice_is_not_contested_again(uow):
    for _ in range(2):
        withdrawn(uow, dispute_id=opened(uow, dispute_id=uuid4()).dispute_id, now=NOW)

    with pytest.raises(Refused, match="withdrawn_too_often"):
        opened(uow, dispute_id=uuid4(), now=NOW + 2 * DAY)

    other = lowered(a_fact(document_no="榕市监罚〔2026〕13号"))
    assert opened(uow, other, dispute_id=uuid4(), now=NOW + 2 * DAY).state is DisputeState.OPEN


def test_nor_is_it_named_by_its_resident_in_a_dispute_that_was_opened_without_it(uow):
    for _ in range(2):
        withdrawn(uow, dispute_id=opened(uow, dispute_id=uuid4()).dispute_id, now=NOW)
    opened(uow, fact_id=None)

    with pytest.raises(Refused, match="withdrawn_too_often"):
        named(uow, resident=RESIDENT)

    assert named(uow).fact_id == "fz-1"  # an official may


def test_another_version_of_a_fact_may_be_contested_though_one_was_upheld(uow):
    opened(uow)
    decided(uow)

    other = lowered(a_fact(document_no="榕市监罚〔2026〕13号"))

    again = opened(uow, other, dispute_id=uuid4(), now=NOW + 2 * DAY)

    assert again.state is DisputeState.OPEN


@pytest.mark.parametrize(
    "fact",
    [
        a_fact(id="fz-2"),
        a_fact(points=Decimal(10)),
        a_fact(gravity=Gravity.MINOR),
    ],
    ids=["another", "does not lower", "over"],
)
def test_only_a_fact_that_lowers_the_score_now_can_be_contested(uow, fact):
    with pytest.raises(NotFound):
        opened(uow, lowered(fact))

    assert uow.state.disputes.of(RESIDENT) == []


def test_nobody_contests_somebody_else_s_attestation(uow):
    an_issued_attestation(uow, NODE)

    with pytest.raises(NotFound):
        opened(uow, resident=STRANGER, fact_id=None, attestation_id=ID)


def test_a_dispute_about_an_attestation_names_its_fact_later(uow):
    an_issued_attestation(uow, NODE)
    opened(uow, fact_id=None, attestation_id=ID)
    before = standing(uow)

    named(uow, resident=RESIDENT)
    named(uow)

    assert (before, standing(uow)) == (WITH_FACT, WITHOUT)
    with pytest.raises(NotFound):
        named(uow, "fz-9")


def test_nothing_is_corrected_before_a_fact_is_named(uow):
    an_issued_attestation(uow, NODE)
    opened(uow, fact_id=None, attestation_id=ID)

    with pytest.raises(Refused, match="fact_not_named"):
        decided(uow, DisputeOutcome.CORRECTED)


@pytest.mark.parametrize(
    "act",
    [
        lambda uow: withdrawn(uow, resident=STRANGER),
        lambda uow: named(uow, resident=STRANGER),
        lambda uow: disputes.show_dispute(
            ShowDispute(dispute_id=DISPUTE, resident=STRANGER), uow=uow
        ),
    ],
)
def test_a_dispute_is_its_resident_s_own(uow, act):
    opened(uow)

    with pytest.raises(NotFound):
        act(uow)


def test_a_resident_sees_their_disputes_newest_first(uow):
    node = lowered(a_fact(), a_fact(id="fz-2"))
    opened(uow, node)
    second = opened(uow, node, now=NOW + DAY, dispute_id=uuid4(), fact_id="fz-2")

    records = disputes.list_disputes(ListDisputes(resident=RESIDENT), uow=uow).disputes

    assert [each.dispute_id for each in records] == [second.dispute_id, DISPUTE]
    assert records[1].due_at == NODE.fact_rules.dispute_due_at(NOW)


def test_a_resident_sees_which_facts_count(uow):
    node = lowered(a_fact(), a_fact(id="fz-2", decided_at=NOW - 30 * DAY))
    opened(uow, node)

    newer, disputed = facts_of(uow, node)

    assert (newer.fact_id, newer.counts, newer.dispute_id) == ("fz-2", True, None)
    assert (disputed.fact_id, disputed.counts, disputed.dispute_id) == ("fz-1", False, DISPUTE)
    assert disputed.repairable_at < NOW < disputed.ends_at


# --- the app learns of it ----------------------------------------------------------------------


def test_the_holder_s_app_finds_what_took_the_place_of_its_attestation(uow):
    an_issued_attestation(uow, NODE)
    opened(uow, now=NOW + DAY)

    new, old = attestations.list_attestations(
        ListAttestations(resident=RESIDENT), uow=uow, now=NOW + DAY
    ).attestations
    command = ShowAttestation(attestation_id=old.superseded_by, resident=RESIDENT)

    assert old.attestation_id == ID
    assert attestations.show_attestation(command, uow=uow) == new
    assert (new.revoked_at, old.revoked_at) == (None, NOW + DAY)


def test_nobody_gets_somebody_else_s_attestation(uow):
    an_issued_attestation(uow, NODE)

    with pytest.raises(NotFound):
        attestations.show_attestation(
            ShowAttestation(attestation_id=ID, resident=STRANGER), uow=uow
        )
