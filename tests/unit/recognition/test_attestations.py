"""Home attests only by a live consent, never the score, and can take its word back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.notices import ATTESTATION_REVOKED
from contracts.pseudonyms import holder_of
from contracts.recognition import (
    NoticeReady,
    RevokeAttestation,
    ShowStatusList,
    WithdrawConsent,
)
from contracts.words import Category, RevocationReason
from services.recognition.adapters.keys import CityKey
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.issuance import Revoked
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.domain.status_list import read_status_list
from services.recognition.handlers.attestations import issue_attestation, revoke_attestation
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.status_lists import LIFE, show_status_list
from tests.builders.attestations import (
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOLDER_KEY,
    HOME_GATEWAY,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_crosswalk,
    a_key,
    a_roster,
)
from tests.builders.recognition import (
    CIVIL_ID,
    ID,
    RESIDENT,
    STRANGER,
    a_give_consent,
    a_score,
    an_issue_attestation,
    an_issued_attestation,
    holder_keys,
    home_node,
)
from tests.fakes.recognition import FakeScores, FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
WITHDRAW = WithdrawConsent(consent_id=ID, resident=RESIDENT)
REVOKE = RevokeAttestation(attestation_id=ID, reason=RevocationReason.SCORE_CHANGED)


def issued(uow, node=None, now=NOW, **overrides):
    command = an_issue_attestation(**overrides)
    return issue_attestation(command, uow=uow, node=node or home_node(), now=now)


def claims_of(credential):
    read = sd_jwt.read(credential)
    return sd_jwt.resolve(jws.read(read.token).payload, read.disclosures)


def revoked(uow, command=REVOKE, now=NOW):
    return revoke_attestation(command, uow=uow, node=home_node(), now=now)


def asked_list(uow, number=0, now=NOW, node=None, at=None):
    command = ShowStatusList(list=number, at=at)
    return show_status_list(command, uow=uow, node=node or home_node(), now=now)


def shown_token(uow, number=0, now=NOW, at=None):
    return read_status_list(
        asked_list(uow, number, now, at=at).token,
        uri=f"{HOME_GATEWAY}/v1/status-lists/{number}",
        city=a_city(FUZHOU),
        signatures=SuiteSignatures(),
        now=at or now,
    )


def shown_list(uow, number=0, now=NOW, at=None):
    return shown_token(uow, number, now, at).statuses


def test_an_attestation_says_band_and_tier_to_one_city_and_never_the_score(uow):
    record = an_issued_attestation(uow)

    claims = claims_of(record.credential)
    assert (claims["iss"], claims["aud"]) == (HOME_GATEWAY, GATEWAY)
    assert claims["jti"] == str(ID)
    assert (claims["band"], claims["tier"], claims["score_name"]) == ("优秀", 4, "茉莉分")
    assert claims["sub"] == holder_of(b"h" * 32, CIVIL_ID)
    assert claims["cnf"] == {"jwk": HOLDER_KEY.public_jwk}
    assert "783" not in str(claims)


def test_an_attestation_serves_the_purposes_of_its_consent(uow):
    record = an_issued_attestation(uow)

    assert claims_of(record.credential)["purposes"] == ["sports", "transport"]


def test_an_attestation_lives_as_long_as_the_city_says(uow):
    assert an_issued_attestation(uow).until == NOW + 30 * DAY


def test_an_attestation_never_outlives_its_consent(uow):
    give_consent(a_give_consent(until=NOW + DAY), uow=uow, node=home_node(), now=NOW)

    assert issued(uow).until == NOW + DAY


def test_asking_again_gives_the_very_same_credential(uow):
    first = an_issued_attestation(uow)

    assert issued(uow, now=NOW + DAY) == first


@pytest.mark.parametrize(
    "other",
    [{"holder_key": OTHER_KEY.public_jwk}, {"recipient": FUZHOU}, {"resident": STRANGER}],
)
def test_an_attestation_id_stands_for_one_attestation(uow, other):
    an_issued_attestation(uow)

    with pytest.raises(Conflict, match="id_reused"):
        issued(uow, **other)


def test_nothing_is_attested_without_a_consent(uow):
    with pytest.raises(Refused, match="consent_missing"):
        issued(uow)


def test_a_consent_for_one_city_is_none_for_another(uow):
    give_consent(a_give_consent(), uow=uow, node=home_node(), now=NOW)

    with pytest.raises(Refused, match="consent_missing"):
        issued(uow, recipient="410100")


def test_nothing_is_attested_after_the_consent_was_withdrawn(uow):
    give_consent(a_give_consent(), uow=uow, node=home_node(), now=NOW)
    withdraw_consent(WITHDRAW, uow=uow, node=home_node(), now=NOW)

    with pytest.raises(Refused, match="consent_withdrawn"):
        issued(uow)


def test_nothing_is_attested_when_the_consent_is_over(uow):
    give_consent(a_give_consent(), uow=uow, node=home_node(), now=NOW)

    with pytest.raises(Refused, match="consent_over"):
        issued(uow, now=NOW + 90 * DAY)


def test_a_consent_given_anew_counts_and_the_withdrawn_one_does_not(uow):
    give_consent(a_give_consent(), uow=uow, node=home_node(), now=NOW)
    withdraw_consent(WITHDRAW, uow=uow, node=home_node(), now=NOW)
    again = a_give_consent(consent_id=uuid4(), purposes=(Category.LIBRARY,))
    give_consent(again, uow=uow, node=home_node(), now=NOW)

    assert claims_of(issued(uow).credential)["purposes"] == ["library"]


@pytest.mark.parametrize(
    "records",
    [
        {},
        {RESIDENT: a_score(as_of=NOW + DAY)},
        {RESIDENT: a_score(score=Decimal(1001))},
    ],
    ids=["unknown", "not yet computed", "outside the scale"],
)
def test_nothing_is_attested_without_a_score(uow, records):
    with pytest.raises(Refused, match="no_score") as caught:
        an_issued_attestation(uow, home_node(scores=FakeScores(records)))

    assert "1001" not in str(caught.value)


def test_nothing_is_attested_without_a_crosswalk_in_force(uow):
    over = a_crosswalk(effective_until=NOW)

    with pytest.raises(Refused, match="no_score"):
        an_issued_attestation(uow, home_node(crosswalks=lambda: {1: over}))


def test_the_newest_crosswalk_in_force_is_used(uow):
    versions = {
        1: a_crosswalk(),
        2: a_crosswalk(version=2, effective_from=NOW),
        3: a_crosswalk(version=3, effective_from=NOW + DAY),
    }

    record = an_issued_attestation(uow, home_node(crosswalks=lambda: versions))

    assert claims_of(record.credential)["crosswalk"] == 2


@pytest.mark.parametrize(
    "key",
    [
        a_key(HOME_KEY, use_until=NOW),
        a_key(HOME_KEY, state=KeyState.NEXT),
        a_key(HOME_KEY, state=KeyState.RETIRED),
        a_key(HOME_KEY, use=KeyUse.TRANSPORT),
        a_key(OTHER_KEY),
    ],
    ids=["out of use", "next", "retired", "for transport", "not in the roster"],
)
def test_home_signs_only_with_a_key_that_hosts_will_believe(uow, key):
    roster = a_roster(a_city(FUZHOU, keys=[key]), a_city(HANGZHOU))
    signer = CityKey(HOME_KEY, FUZHOU, HOME_GATEWAY, lambda: roster, lambda: NOW)

    with pytest.raises(Refused, match="key_not_usable"):
        an_issued_attestation(uow, home_node(signer=signer, roster=lambda: roster))

    assert uow.state.issuances.get(ID) is None


def test_nothing_is_attested_to_a_city_that_left_the_roster(uow):
    give_consent(a_give_consent(), uow=uow, node=home_node(), now=NOW)
    node = home_node(roster=lambda: a_roster(a_city(FUZHOU)))

    with pytest.raises(Refused, match="recipient_not_member"):
        issue_attestation(an_issue_attestation(), uow=uow, node=node, now=NOW)


def test_home_names_nobody_to_a_host_without_that_host_s_pseudonym_key(uow):
    with pytest.raises(Refused, match="key_not_usable"):
        an_issued_attestation(uow, home_node(holder_keys=holder_keys({})))


@pytest.mark.parametrize(
    "holder_key",
    [
        {},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {**HOLDER_KEY.public_jwk, "d": "A" * 43},
        {**HOLDER_KEY.public_jwk, "x": "AAAA"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {**HOLDER_KEY.public_jwk, "y": HOLDER_KEY.public_jwk["x"]},
    ],
    ids=["none", "RSA", "private", "short", "another curve", "off the curve"],
)
def test_an_attestation_is_bound_to_a_public_signing_key(uow, holder_key):
    with pytest.raises(Malformed) as caught:
        an_issued_attestation(uow, holder_key=holder_key)

    assert caught.value.errors.keys() == {"holder_key"}


def test_no_stray_member_of_the_holder_s_key_gets_into_the_credential(uow):
    key = {**HOLDER_KEY.public_jwk, "kid": CIVIL_ID}

    record = an_issued_attestation(uow, holder_key=key)

    assert claims_of(record.credential)["cnf"] == {"jwk": HOLDER_KEY.public_jwk}


def test_every_attestation_has_a_status_entry_of_its_own_and_lists_follow_each_other():
    uow = FakeUnitOfWork(list_size=4)
    an_issued_attestation(uow)

    for _ in range(4):
        issued(uow, attestation_id=uuid4())

    issuances = uow.state.issuances.where(lambda _: True)
    entries = {(each.status_list, each.status_index) for each in issuances}
    assert len(entries) == 5
    assert {number for number, _ in entries} == {0, 1}


def test_each_list_says_what_became_of_its_own_attestations_alone():
    uow = FakeUnitOfWork(list_size=4)
    an_issued_attestation(uow)
    names = [ID, *(uuid4() for _ in range(8))]
    for name in names[1:]:
        issued(uow, attestation_id=name)

    for name in names[::2]:
        revoked(uow, RevokeAttestation(attestation_id=name, reason=REVOKE.reason))

    issuances = [uow.state.issuances.get(name) for name in names]
    shown = {number: shown_list(uow, number) for number in range(3)}
    said = [shown[each.status_list][each.status_index] for each in issuances]
    assert said == [1, 0] * 4 + [1]
    assert sum(shown[number][index] for number in shown for index in range(4)) == 5
    with pytest.raises(NotFound):
        shown_list(uow, 3)


def test_a_revoked_attestation_is_told_to_its_host_and_to_everyone_by_the_list(uow):
    an_issued_attestation(uow)
    index = uow.state.issuances.get(ID).status_index

    record = revoked(uow)

    [notice] = uow.announced_of(NoticeReady)
    assert notice.recipient == HANGZHOU
    token = jws.read(notice.token)
    assert (token.typ, token.payload["jti"]) == ("secevent+jwt", str(notice.notice_id))
    told = token.payload["events"][ATTESTATION_REVOKED]
    assert (told["attestation_id"], told["reason"]) == (str(ID), record.reason)
    assert shown_list(uow)[index] == 1


def test_a_list_of_the_past_counts_what_was_revoked_by_then(uow):
    an_issued_attestation(uow)
    index = uow.state.issuances.get(ID).status_index
    revoked(uow, now=NOW + DAY)

    later = NOW + 2 * DAY
    before = shown_list(uow, now=later, at=NOW + DAY - timedelta(seconds=1))
    since = shown_list(uow, now=later, at=NOW + DAY)

    assert (before[index], since[index]) == (0, 1)


def test_a_list_of_the_past_is_of_that_moment_and_may_be_kept_from_now(uow):
    an_issued_attestation(uow)
    at, now = NOW + DAY, NOW + 2 * DAY

    token = shown_token(uow, now=now, at=at)

    assert (token.issued_at, token.fresh_until) == (at, at + LIFE)
    assert asked_list(uow, now=now, at=at).until == now + LIFE


def test_a_list_of_the_past_does_not_pass_for_the_one_of_today(uow):
    an_issued_attestation(uow)
    text = asked_list(uow, now=NOW + DAY, at=NOW).token

    with pytest.raises(Refused, match="status_unavailable"):
        read_status_list(
            text,
            uri=f"{HOME_GATEWAY}/v1/status-lists/0",
            city=a_city(FUZHOU),
            signatures=SuiteSignatures(),
            now=NOW + DAY,
        )


def test_the_list_of_this_very_moment_is_shown(uow):
    an_issued_attestation(uow)

    assert shown_token(uow, at=NOW).issued_at == NOW


def test_there_is_no_list_of_the_future(uow):
    an_issued_attestation(uow)

    with pytest.raises(NotFound, match="time: it is in the future"):
        asked_list(uow, at=NOW + timedelta(seconds=1))


def test_there_is_no_list_of_a_time_before_its_first_attestation(uow):
    an_issued_attestation(uow)

    with pytest.raises(NotFound, match="time: the list was not begun then"):
        asked_list(uow, at=NOW - timedelta(seconds=1))


def test_there_is_no_past_of_a_list_without_attestations(uow):
    with pytest.raises(NotFound, match="time: the list was not begun then"):
        asked_list(uow, at=NOW)


def test_there_is_no_list_of_a_time_before_the_key_that_signs(uow):
    an_issued_attestation(uow)
    new = a_city(FUZHOU, keys=[a_key(use_from=NOW + DAY)])
    node = home_node(roster=lambda: a_roster(new, a_city(HANGZHOU)))
    now = NOW + 2 * DAY

    with pytest.raises(NotFound, match="time: the key that signs today was not in use then"):
        asked_list(uow, now=now, node=node, at=NOW)
    assert asked_list(uow, now=now, node=node, at=NOW + DAY).token


def test_a_list_that_is_not_there_has_no_past_either(uow):
    with pytest.raises(NotFound, match="status list"):
        asked_list(uow, number=1, at=NOW)


def test_an_attestation_is_revoked_once_and_the_first_reason_stands(uow):
    an_issued_attestation(uow)
    first = revoked(uow)

    other = RevokeAttestation(attestation_id=ID, reason=RevocationReason.CITY_DECISION)
    again = revoked(uow, other, now=NOW + DAY)

    assert again == first
    assert len(uow.announced_of(NoticeReady)) == 1


def test_an_unknown_attestation_cannot_be_revoked(uow):
    with pytest.raises(NotFound):
        revoked(uow)


def test_a_standing_attestation_is_valid_in_the_list(uow):
    an_issued_attestation(uow)

    statuses = shown_list(uow)

    assert statuses[uow.state.issuances.get(ID).status_index] == 0


def test_the_first_list_is_there_from_the_start(uow):
    assert shown_list(uow)[0] == 0


def test_a_list_that_was_never_started_is_not_shown(uow):
    with pytest.raises(NotFound):
        shown_list(uow, number=1)


def test_a_new_attestation_takes_back_one_that_says_otherwise_to_the_same_city(uow):
    an_issued_attestation(uow)
    fallen = home_node(scores=FakeScores({RESIDENT: a_score(score=Decimal(610))}))

    issued(uow, fallen, attestation_id=uuid4())

    assert uow.state.issuances.get(ID).revoked == Revoked("score_changed", NOW)
    [notice] = uow.announced_of(NoticeReady)
    assert notice.recipient == HANGZHOU


def test_a_new_attestation_of_the_same_band_leaves_the_older_one(uow):
    an_issued_attestation(uow)

    issued(uow, attestation_id=uuid4())

    assert uow.state.issuances.get(ID).revoked is None


def test_a_new_attestation_leaves_what_is_said_to_another_city(uow):
    zhengzhou = a_city("410100")
    roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU), zhengzhou)
    an_issued_attestation(uow)
    fallen = home_node(
        roster=lambda: roster,
        scores=FakeScores({RESIDENT: a_score(score=Decimal(610))}),
        holder_keys=holder_keys({"410100": (b"z" * 32,)}),
    )
    give_consent(
        a_give_consent(consent_id=uuid4(), recipient="410100"), uow=uow, node=fallen, now=NOW
    )

    issued(uow, fallen, attestation_id=uuid4(), recipient="410100")

    assert uow.state.issuances.get(ID).revoked is None
