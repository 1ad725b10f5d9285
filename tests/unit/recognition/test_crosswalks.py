"""Signed crosswalks at a node: kept, told of, followed up; and what recognitions make of them."""

from uuid import uuid4

import pytest

from contracts import wire
from contracts.crosswalks import ShowCrosswalk
from contracts.errors import NotFound, Refused, Unauthenticated
from contracts.notices import CROSSWALK_PUBLISHED, CrosswalkPublished
from contracts.recognition import CategoryTier, NoticeReady, ScoreRecognised
from contracts.words import Category
from services.recognition.domain import jws
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from services.recognition.domain.crosswalk_versions import reference
from services.recognition.handlers.crosswalks import (
    follow_up_offers,
    replay,
    show_crosswalk,
    take_in_crosswalks,
    tier_as_of,
)
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    NOW,
    a_city,
    a_crosswalk,
    a_roster,
)
from tests.builders.crosswalks import DAY, a_table_with, an_override, published
from tests.builders.recognition import (
    a_notice,
    a_receive_notice,
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    host_node,
)
from tests.fakes.crosswalks import FakeCrosswalkSource
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

FIRST, OVERRIDE = published(CROSSWALK), published(an_override())
SECOND = published(a_crosswalk(version=2, effective_from=NOW + DAY))


def a_node(*found, offered=None, **overrides):
    source = FakeCrosswalkSource(found, offered)
    return host_node(crosswalk_source=source, **overrides)


def taken_in(uow, *found, **overrides):
    node = a_node(*found, **overrides)
    take_in_crosswalks(uow=uow, node=node, now=NOW)
    return node


def told(uow):
    """Return the recipient, name and version of each notice."""
    found = []
    for ready in uow.announced_of(NoticeReady):
        [(event, body)] = jws.read(ready.token).payload["events"].items()
        assert event == CROSSWALK_PUBLISHED
        found.append((ready.recipient, body["name"], body["version"]))
    return sorted(found)


def heard_of(uow, document, node, **overrides):
    values = {"name": document.name, "version": document.version, "digest": document.digest}
    body = wire.dump(CrosswalkPublished(at=NOW, **{**values, **overrides}))
    token = a_notice(event=CROSSWALK_PUBLISHED, body=body, id=uuid4())
    receive_notice(a_receive_notice(token), uow=uow, node=node, now=NOW)


def an_offer(document, **overrides):
    values = {
        "sender": FUZHOU,
        "name": document.name,
        "version": document.version,
        "digest": document.digest,
    }
    return CrosswalkOffer(**{**values, **overrides})


def kept(uow):
    return [reference(each.document) for each in uow.state.crosswalks.all()]


def test_what_all_parties_signed_is_kept_and_known(uow):
    node = taken_in(uow, FIRST, OVERRIDE)

    assert kept(uow) == ["350100-330100-sports@1", "alliance@1"]
    assert node.crosswalk_source.known == [OVERRIDE, FIRST]


def test_a_new_table_is_told_to_every_other_online_city_once(uow):
    roster = a_roster(
        a_city(FUZHOU),
        a_city(HANGZHOU),
        a_city("410100", keys=[], gateway="https://zhengzhou.example"),
        a_city("371000", keys=[], gateway="https://weihai.example", state="testing"),
    )

    for _ in range(2):
        taken_in(uow, FIRST, SECOND, roster=lambda: roster)

    assert told(uow) == [(FUZHOU, "alliance", 2), ("410100", "alliance", 2)]


def test_an_override_is_told_to_the_other_party_alone(uow):
    taken_in(uow, OVERRIDE)

    assert told(uow) == [(FUZHOU, "350100-330100-sports", 1)]


def test_an_override_of_two_other_cities_is_left_alone(uow):
    taken_in(uow, published(an_override(host="410100")))

    assert kept(uow) == []
    assert told(uow) == []


def test_a_version_with_another_content_changes_nothing_and_leaves_a_trace(uow):
    taken_in(uow, FIRST)
    other = published(a_table_with(FUZHOU, {"良好": 4}, version=1))

    node = taken_in(uow, other)

    assert uow.state.crosswalks.all() == [FIRST]
    assert [code for _, code in node.crosswalk_source.refused] == ["id_reused"]


def test_what_another_city_published_is_fetched_from_it(uow):
    offer = an_offer(OVERRIDE)
    node = a_node(offered={offer: OVERRIDE})

    heard_of(uow, OVERRIDE, node)
    follow_up_offers(uow=uow, node=node, now=NOW)

    assert kept(uow) == ["350100-330100-sports@1"]
    assert node.crosswalk_source.known == [OVERRIDE]
    assert not uow.state.crosswalk_offers.offers
    assert told(uow) == []


def test_what_is_known_already_is_not_fetched(uow):
    node = taken_in(uow, FIRST)

    heard_of(uow, FIRST, node)

    assert not uow.state.crosswalk_offers.offers


def test_a_city_that_does_not_answer_is_asked_another_time(uow):
    node = a_node()
    heard_of(uow, SECOND, node)
    heard_of(uow, OVERRIDE, node)

    follow_up_offers(uow=uow, node=node, now=NOW)

    assert [code for _, code in node.crosswalk_source.refused] == ["unavailable"]
    assert len(uow.state.crosswalk_offers.offers) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Unauthenticated("bad_signature", "not by all"),
        Refused("unknown_city"),
        published(an_override(host="410100")),
    ],
    ids=["not signed", "a city that left", "of two other cities"],
)
def test_what_cannot_be_verified_or_does_not_concern_us_changes_nothing(uow, answer):
    offer = an_offer(OVERRIDE)
    node = a_node(offered={offer: answer})
    heard_of(uow, OVERRIDE, node)

    follow_up_offers(uow=uow, node=node, now=NOW)

    assert kept(uow) == []
    assert len(node.crosswalk_source.refused) == 1
    assert not uow.state.crosswalk_offers.offers


def test_the_table_in_force_is_shown_unless_a_version_is_asked_for(uow):
    node = taken_in(uow, FIRST, SECOND)

    def shown(at=NOW, **asked):
        return show_crosswalk(ShowCrosswalk(**asked), uow=uow, node=node, now=at)

    assert shown(table="alliance").document == FIRST.text
    assert shown(table="alliance", at=NOW + DAY).version == 2
    assert shown(table="alliance", version=2).digest == SECOND.digest
    with pytest.raises(NotFound):
        shown(table="alliance", version=3)
    with pytest.raises(NotFound):
        shown(table="350100-330100-sports")


def test_one_that_is_not_in_force_yet_is_shown_when_there_is_no_other(uow):
    node = taken_in(uow, SECOND)

    shown = show_crosswalk(ShowCrosswalk(table="alliance"), uow=uow, node=node, now=NOW)

    assert shown.version == 2


def recognised(uow, node):
    credential = an_issued_attestation(FakeUnitOfWork()).credential
    challenge = an_open_challenge(uow, node)
    command = a_recognise_attestation(credential, challenge)
    record = recognise_attestation(command, uow=uow, node=node, now=NOW)
    return record, uow.state.recognitions.get(record.recognition_id)


def test_a_recognition_yields_the_tiers_both_cities_agreed_on_and_names_them(uow):
    node = host_node(overrides=lambda: [an_override()])

    record, _ = recognised(uow, node)

    agreed = (CategoryTier(category=Category.SPORTS, tier=5),)
    [announced] = uow.announced_of(ScoreRecognised)
    assert (record.tier, record.tiers, announced.tiers) == (4, agreed, agreed)
    assert (record.crosswalk, record.overrides) == (1, ("350100-330100-sports@1",))


def test_without_an_agreement_there_is_one_tier_for_all(uow):
    record, _ = recognised(uow, host_node())

    assert (record.tier, record.tiers, record.overrides) == (4, (), ())


def test_a_decision_replays_after_later_versions_and_without_the_files(uow):
    later = published(an_override(version=2, effective_from=NOW + DAY, tiers={
        "极差": 1, "较差": 1, "一般": 1, "良好": 1, "优秀": 1, "极好": 1,
    }))  # fmt: skip
    taken_in(uow, FIRST, OVERRIDE)
    _, decided = recognised(uow, host_node(overrides=lambda: [an_override()]))
    table = published(a_table_with(FUZHOU, {"优秀": 5}, effective_from=NOW + DAY))
    taken_in(uow, later, table)

    again = replay(decided, "优秀", host=HANGZHOU, uow=uow)

    assert (again.tier, again.by_category) == (decided.tier, decided.tiers)
    assert again.overrides == decided.evidence.overrides


def test_a_decision_by_versions_that_are_not_kept_does_not_replay(uow):
    _, decided = recognised(uow, host_node(overrides=lambda: [an_override()]))

    with pytest.raises(NotFound):
        replay(decided, "优秀", host=HANGZHOU, uow=uow)
    taken_in(uow, FIRST)
    with pytest.raises(NotFound):
        replay(decided, "优秀", host=HANGZHOU, uow=uow)


def test_the_tier_of_any_day_can_be_asked_for(uow):
    taken_in(uow, FIRST, published(an_override(effective_from=NOW)))

    def asked(at, category=Category.SPORTS):
        return tier_as_of("良好", home=FUZHOU, host=HANGZHOU, category=category, at=at, uow=uow)

    assert [asked(NOW - DAY), asked(NOW), asked(NOW, None)] == [3, 4, 3]
    assert asked(CROSSWALK.effective_from - DAY) is None


def test_an_attestation_of_a_superseded_table_stands_while_the_new_one_says_the_same(uow):
    tables = {1: CROSSWALK, 2: a_table_with(FUZHOU, {"良好": 4}, effective_from=NOW)}

    record, _ = recognised(uow, host_node(crosswalks=lambda: tables))

    assert record.crosswalk == 1


def test_an_attestation_of_a_superseded_table_is_refused_when_the_new_one_says_otherwise(uow):
    tables = {1: CROSSWALK, 2: a_table_with(FUZHOU, {"优秀": 5}, effective_from=NOW)}

    with pytest.raises(Refused, match=r"unknown_crosswalk.*superseded"):
        recognised(uow, host_node(crosswalks=lambda: tables))
