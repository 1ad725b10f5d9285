"""Nobody sees or touches what another operator, holder or city has: records kept for long."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.exchange import BatchBody
from huxin_client import City, Problem, pages
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from services.gateway.keys import read_transport_key
from services.plumbing.clock import utc_now
from tests.e2e.bureau import FIRM, LAW, Bureau, holder_of, text
from tests.e2e.people import SHANGHAI, insist, offer_of, open_shop, until, visit

pytestmark = pytest.mark.gateway

NOWHERE = "http://127.0.0.1:9/huxin"


@pytest.fixture
def stranger(alliance):
    return open_shop(alliance)


def codes(*answers):
    return [answer.code for answer in answers]


def told(*answers):
    return {(answer.status, answer.code) for answer in answers}


def test_an_operator_reads_and_moves_no_substitution_or_report_of_another(alliance, stranger):
    theirs, mine = Bureau(alliance, "substitution"), Bureau(alliance, "substitution")
    rating = theirs.item("rating", "rating_notice", grades=["AA"])
    terms = {"requires": [{"item": rating, "accepts": ["AA"]}], "replaces_fen": 100}
    for bureau in (theirs, mine):
        bureau.rule("substitution", wants_commitment=True, by="insurance", **terms)
    theirs.enter(rating, "rating_notice", grade="AA")
    day = text(utc_now() - timedelta(days=1))
    letter = {"document_number": "承诺1号", "digest": "ab" * 32, "signed_at": day}
    asked = {"scenario_id": theirs.scenario_id, "subject": FIRM, "commitment": letter}
    field = f"field-{uuid4().hex[:8]}"
    shown = {"title": "市场监管", "title_en": "Market", "items": [rating]}
    assert theirs.official.put(f"/v1/report-fields/{field}", shown).ok
    drawn = {"scenario_id": theirs.scenario_id, "organisation": FIRM["organisation"]}
    drawn |= {"fields": [field]}
    substitution, report = f"/v1/substitutions/{uuid4()}", f"/v1/special-reports/{uuid4()}"
    opened = theirs.operator.put(substitution, asked)
    signed = theirs.operator.put(report, drawn)
    assert (opened["state"], signed.ok) == ("open", True)

    for door in (stranger.operator.door, mine.operator):
        answers = [
            door.get(substitution),
            door.put(f"{substitution}/breach", {"document_number": "x"}),
            door.put(substitution, asked),
            door.get(report),
            door.get(f"{report}/page"),
            door.put(report, drawn),
        ]
        assert codes(*answers) == ["not_found", "not_found", "id_reused"] * 2
    own = {"scenario_id": mine.scenario_id}
    taken = [
        mine.operator.put(substitution, {**asked, **own}),
        mine.operator.put(report, {**drawn, **own}),
    ]

    assert told(*taken) == {(409, "id_reused")}
    assert theirs.operator.get(substitution)["state"] == "open"
    assert theirs.operator.get(report)["signed"] == signed["signed"]


def test_an_operator_reads_and_moves_no_look_up_of_another(alliance, stranger):
    theirs, mine = Bureau(alliance, "screening"), Bureau(alliance, "screening")
    listed = theirs.item("serious_list", "list_decision")
    theirs.cover(listed)
    for bureau in (theirs, mine):
        bureau.rule("screening", lists=[listed], legal_basis=LAW)
    holder = holder_of(alliance, visit(alliance))
    theirs.enter(listed, "list_decision", {"type": "holder", "holder": holder})
    screening, vetting = f"/v1/screenings/{uuid4()}", f"/v1/vettings/{uuid4()}"
    looked = {"scenario_id": theirs.scenario_id, "subject": FIRM, "why": "项目119"}
    vetted = {"scenario_id": theirs.scenario_id, "holder": holder}
    said = theirs.operator.put(screening, looked)
    assert theirs.operator.put(vetting, vetted)["state"] == "proposed"

    for door in (stranger.operator.door, mine.operator):
        answers = [
            door.put(screening, looked),
            door.get(vetting),
            door.put(vetting, vetted),
            door.put(f"{vetting}/notice"),
        ]
        assert codes(*answers) == ["id_reused", "not_found"] * 2
    own = {"scenario_id": mine.scenario_id}
    taken = [
        mine.operator.put(screening, {**looked, **own}),
        mine.operator.put(vetting, {**vetted, **own}),
    ]

    assert told(*taken) == {(409, "id_reused")}
    assert theirs.operator.put(screening, looked).body == said.body
    assert theirs.operator.get(vetting)["state"] == "proposed"


def test_an_operator_enters_no_evidence_in_the_name_of_another(alliance, stranger):
    bureau, source = Bureau(alliance, "screening"), open_shop(alliance)
    item = bureau.item("serious_list", "list_decision", sources=[source.operator.id])
    day = (utc_now() - timedelta(days=30)).date().isoformat()
    document = {"type": "list_decision", "number": "1号", "issuer": "某局", "issued_on": day}
    body = {"item_id": item, "subject": FIRM, "document": document}
    span = {"since": text(utc_now() - timedelta(days=9)), "until": text(utc_now())}
    path = f"/v1/evidence/{uuid4()}"
    entered = source.operator.door.put(path, body)
    assert entered.ok, entered

    door = stranger.operator.door
    anew, same = door.put(f"/v1/evidence/{uuid4()}", body), door.put(path, body)
    covered = door.put(f"/v1/evidence-items/{item}/coverage", span)

    assert told(anew, covered) == {(422, "source_not_registered")}
    assert told(same) == {(409, "id_reused")}
    assert source.operator.door.put(path, body).body == entered.body


def test_an_operator_learns_nothing_of_anothers_incentives_and_moves_none(alliance, stranger):
    shop = open_shop(alliance)
    path, door = f"/v1/incentives/{shop.incentive_id}", stranger.operator.door
    note = {"note": "不再提供"}

    answers = [
        door.get(path),
        door.get(f"{path}/usage"),
        door.get(f"{path}/moves"),
        door.post(f"{path}/dry-run", {}),
        door.put(f"{path}/versions/1/publication"),
        door.put(f"{path}/pause", note),
        door.delete(f"{path}/pause"),
        door.put(f"{path}/withdrawal", note),
    ]
    listed = door.get("/v1/incentives")["incentives"]

    assert told(*answers) == {(404, "not_found")}
    assert [each["incentive_id"] for each in listed] == [stranger.incentive_id]
    assert shop.operator.door.get(path)["state"] == "published"


def test_an_operator_has_no_part_in_anothers_grants_deliveries_and_statements(alliance, stranger):
    shop, visitor, door = open_shop(alliance), visit(alliance), stranger.operator.door
    assert shop.operator.door.put("/v1/webhook", {"url": NOWHERE}).ok
    until(bool, lambda: offer_of(visitor.door, shop))
    grant, redemption_id = visitor.take(shop.incentive_id), uuid4()
    redeemed = shop.operator.redeem(grant["pass_token"], redemption_id)
    assert redeemed.ok, redeemed
    [delivery, *_] = until(
        bool, lambda: shop.operator.door.get("/v1/webhook/deliveries")["deliveries"]
    )
    month = utc_now().astimezone(SHANGHAI).strftime("%Y-%m")
    log = f"/v1/webhook/deliveries/{delivery['delivery_id']}"
    recall = {"reason": "misuse", "notice_days": 1}

    answers = [
        door.get(log),
        door.put(f"{log}/replay"),
        door.put(f"/v1/grants/{grant['grant_id']}/recall", recall),
        door.put(f"/v1/reversals/{uuid4()}", {"redemption_id": str(redemption_id)}),
        door.put(f"/v1/redemptions/{redemption_id}/deposit", {"called_fen": 0}),
    ]

    assert told(*answers) == {(404, "not_found")}
    assert door.get("/v1/webhook/deliveries")["deliveries"] == []
    assert door.get("/v1/webhook").code == "not_found"
    owed = f"/v1/own-statements/{month}"
    mine = until(bool, lambda: insist(lambda: shop.operator.door.get(owed))["lines"])
    assert {line["incentive_id"] for line in mine} == {shop.incentive_id}
    assert insist(lambda: door.get(owed))["lines"] == []


def test_a_holder_reads_no_decision_and_takes_no_reservation_of_another(alliance, stranger):
    one, other = visit(alliance), visit(alliance)
    until(bool, lambda: offer_of(one.door, stranger))
    grant = one.take(stranger.incentive_id)
    reservation = f"/v1/reservations/{uuid4()}"
    assert one.door.put(reservation, {"incentive_id": stranger.incentive_id}).ok
    decision = f"/v1/decisions/{grant['grant_id']}"
    assert one.door.get(decision).ok

    answers = [
        other.door.get(decision),
        other.door.get(reservation),
        other.door.put(f"{reservation}/confirmation"),
        other.door.put(f"{reservation}/cancellation"),
    ]

    assert told(*answers) == {(404, "not_found")}
    assert other.door.get("/v1/decisions")["decisions"] == []
    assert one.door.put(f"{reservation}/confirmation").ok


def test_a_city_reads_and_fills_no_batch_of_another(alliance):
    mine, theirs = a_city(alliance, ZHENGZHOU), a_city(alliance, FUZHOU)
    batch_id = uuid4()
    theirs.open_batch(BatchBody(total=2, digest="ab" * 32), batch_id=batch_id)

    refused = []
    for ask in (
        lambda: mine.show_batch(batch_id=batch_id),
        lambda: mine.list_verdicts(batch_id=batch_id),
        lambda: mine.take_lines(b"{}\n", batch_id=batch_id, start=0),
    ):
        with pytest.raises(Problem) as problem:
            ask()
        refused.append(problem.value.code)

    assert refused == ["not_found"] * 3
    assert theirs.show_batch(batch_id=batch_id).total == 2


def test_a_city_settles_for_itself_alone(alliance):
    shop, visitor = open_shop(alliance), visit(alliance, FUZHOU)
    until(bool, lambda: offer_of(visitor.door, shop))
    assert visitor.take(shop.incentive_id).ok
    mine, theirs = a_city(alliance, ZHENGZHOU), a_city(alliance, FUZHOU)
    month = utc_now().astimezone(SHANGHAI).strftime("%Y-%m")

    def lines(city):
        found = pages(city.list_shared_settlement_lines, period=month)
        lines = (line for page in found for line in page.lines)
        return [line for line in lines if line.incentive_id == shop.incentive_id]

    assert until(bool, lambda: lines(theirs))
    assert lines(mine) == []
    assert mine.show_shared_settlement(period=month).city == ZHENGZHOU
    with pytest.raises(Problem, match="forbidden"):
        mine.list_statement_lines(period=month, home=FUZHOU, host=HANGZHOU)


def a_city(alliance, code):
    """Let a city call Hangzhou."""
    key = read_transport_key(alliance.world.cities[code].keys)
    return City(alliance.world.cities[HANGZHOU].url, key)
