"""A host believes an attestation only if every step of the list holds; one test per step."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import CODES
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SUITES
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.attestation import (
    ALWAYS_VISIBLE,
    DISCLOSABLE,
    StatusEntry,
    issue,
    present,
)
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.roster import KeyState, KeyUse
from services.recognition.domain.verification import NotVerified, Verified, verify
from tests.builders.attestations import (
    CHALLENGE,
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOLDER_KEY,
    HOME_KEY,
    HOST_KEY,
    NOW,
    OTHER_KEY,
    KnownStatuses,
    a_city,
    a_crosswalk,
    a_host,
    a_key,
    a_presentation,
    a_roster,
    an_attestation,
    salts,
)

pytestmark = pytest.mark.recognition

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Forged:
    """Signs with one key and says it was another, or another algorithm."""

    def __init__(self, key: PrivateKey, *, kid: str | None = None, alg: str | None = None):
        self.key, self.kid = key, kid or key.kid
        self.alg = key.alg if alg is None else alg

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def verdict(presentation, now=NOW, **host):
    return verify(presentation, challenge=CHALLENGE, host=a_host(**host), now=now)


def refusal(presentation, now=NOW, **host):
    answer = verdict(presentation, now, **host)
    assert isinstance(answer, NotVerified), answer
    assert answer.code in CODES
    return answer.step, answer.code


def test_a_host_learns_band_and_tier_of_an_honest_presentation():
    attestation = an_attestation()
    issued = issue(attestation, signer=HOME_KEY, make_salt=salts())
    shown = present(
        issued,
        {"tier", "band", "as_of", "purposes"},
        gateway=GATEWAY,
        challenge=CHALLENGE,
        now=NOW,
        signer=HOLDER_KEY,
    )

    facts = verdict(shown)

    assert isinstance(facts, Verified)
    assert (facts.home, facts.host, facts.holder) == (FUZHOU, HANGZHOU, attestation.subject)
    assert (facts.tier, facts.band, facts.score_name) == (4, "优秀", None)
    assert facts.purposes == {"sports", "transport"}
    assert facts.attestation_id == attestation.id
    assert facts.status == attestation.status
    assert (facts.crosswalk, facts.roster, facts.kid) == (1, 7, HOME_KEY.kid)


@pytest.mark.parametrize("alg", SUITES)
def test_every_suite_serves_both_cities_and_holders(alg):
    home, holder = PrivateKey.generate(alg), PrivateKey.generate(alg)
    attestation = an_attestation(holder_key=holder.public_jwk)
    roster = a_roster(a_city(keys=[a_key(home)]), a_city(HANGZHOU))

    facts = verdict(a_presentation(attestation, signer=home, holder=holder), roster=roster)

    assert isinstance(facts, Verified)


@pytest.mark.parametrize("text", ["", "x", "~", "a.b.c~", "x" * 20_000, "e30.e30.~"])
def test_step_1_what_is_no_sd_jwt_is_refused(text):
    step, code = refusal(text)

    assert step <= 2
    assert code in {"malformed_presentation", "too_large", "wrong_type"}


def test_step_1_a_critical_header_is_not_understood():
    token, rest = a_presentation().split("~", 1)
    header = jws.encode(jws.write_json({"alg": "EdDSA", "crit": ["b64"], "typ": "dc+sd-jwt"}))
    forged = ".".join([header, *token.split(".")[1:]]) + "~" + rest

    assert refusal(forged) == (1, "malformed_presentation")


def test_step_2_another_type_of_token_is_refused():
    assert refusal(a_presentation(typ="statuslist+jwt")) == (2, "wrong_type")


def test_step_3_another_type_of_credential_is_refused():
    other = a_presentation(claims={"vct": "urn:huxin:score-attestation:2"})

    assert refusal(other) == (3, "wrong_vct")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score", 756),
        ("iss", "Fuzhou"),
        ("iss", FUZHOU),
        ("aud", [GATEWAY]),
        ("aud", HANGZHOU),
        ("sub", "110105194912310021"),
        ("jti", "1"),
        ("iat", True),
        ("iat", 1e9),
        ("exp", 10**20),
        ("nbf", "soon"),
        ("crosswalk", 0),
        ("status", {"status_list": {"idx": -1, "uri": "https://fuzhou.example/status/1"}}),
        ("status", {"status_list": {"idx": 1}}),
        ("status", "valid"),
    ],
)
def test_step_4_visible_claims_have_one_exact_shape(name, value):
    assert refusal(a_presentation(claims={name: value})) == (4, "malformed_presentation")


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "jti", "iat", "exp", "status", "crosswalk"])
def test_step_4_no_visible_claim_may_be_left_out_or_hidden(name):
    left_out = a_presentation(without={name})
    hidden = a_presentation(concealed={name}, shown={name})

    assert refusal(left_out) == (4, "malformed_presentation")
    assert refusal(hidden) == (4, "malformed_presentation")


def test_step_5_a_roster_beyond_its_grace_is_not_rested_on():
    roster = a_roster(valid_until=NOW - 20 * DAY, grace=14 * DAY)

    assert refusal(a_presentation(), roster=roster) == (5, "stale_roster")


def test_step_5_a_roster_in_its_grace_still_serves():
    roster = a_roster(valid_until=NOW - DAY, grace=14 * DAY)

    assert isinstance(verdict(a_presentation(), roster=roster), Verified)


def test_step_6_a_city_outside_the_roster_is_unknown():
    assert refusal(a_presentation(), roster=a_roster(a_city(HANGZHOU))) == (6, "unknown_city")


@pytest.mark.parametrize("iss", ["https://fuzhou.example/", "https://FUZHOU.example"])
def test_step_6_an_issuer_is_named_as_the_roster_writes_it(iss):
    assert refusal(a_presentation(claims={"iss": iss})) == (6, "unknown_city")


@pytest.mark.parametrize("state", ["applied", "testing", "suspended", "left"])
def test_step_6_a_city_that_is_not_online_is_not_believed(state):
    roster = a_roster(a_city(state=state), a_city(HANGZHOU))

    assert refusal(a_presentation(), roster=roster) == (6, "city_not_online")


def test_step_6_a_host_does_not_recognise_its_own_attestations():
    own = a_presentation(claims={"iss": GATEWAY}, signer=HOST_KEY)

    assert refusal(own) == (6, "issuer_is_host")


def test_step_7_a_key_outside_the_roster_is_unknown():
    assert refusal(a_presentation(signer=OTHER_KEY)) == (7, "unknown_key")


def test_step_7_one_city_does_not_sign_for_another():
    assert refusal(a_presentation(signer=HOST_KEY)) == (7, "unknown_key")


def test_step_7_a_transport_key_signs_no_attestation():
    roster = a_roster(a_city(keys=[a_key(use=KeyUse.TRANSPORT)]), a_city(HANGZHOU))

    assert refusal(a_presentation(), roster=roster) == (7, "unknown_key")


@pytest.mark.parametrize(
    "change",
    [
        {"state": KeyState.RETIRED},
        {"use_until": NOW - 2 * HOUR},
        {"use_from": NOW - timedelta(minutes=30)},
    ],
)
def test_step_7_a_key_counts_only_for_what_it_signed_while_in_use(change):
    roster = a_roster(a_city(keys=[a_key(**change)]), a_city(HANGZHOU))

    assert refusal(a_presentation(), roster=roster) == (7, "key_not_current")


def test_step_7_what_a_key_signed_in_its_time_outlives_a_planned_change():
    roster = a_roster(
        a_city(keys=[a_key(use_until=NOW - timedelta(minutes=1)), a_key(OTHER_KEY)]),
        a_city(HANGZHOU),
    )

    assert isinstance(verdict(a_presentation(), roster=roster), Verified)


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS256", "ES256", ""])
def test_step_8_the_roster_key_decides_the_algorithm_not_the_header(alg):
    forged = Forged(HOME_KEY, alg=alg)

    assert refusal(a_presentation(signer=forged)) == (8, "wrong_algorithm")


def test_step_9_a_forged_signature_is_refused():
    forged = Forged(OTHER_KEY, kid=HOME_KEY.kid)

    assert refusal(a_presentation(signer=forged)) == (9, "bad_issuer_signature")


def test_step_10_an_attestation_for_another_city_is_refused():
    other = a_presentation(claims={"aud": "https://zhengzhou.example"})

    assert refusal(other) == (10, "wrong_audience")


def test_step_11_an_attestation_from_the_future_is_refused():
    tomorrow = a_presentation(claims={"iat": to_seconds(NOW + DAY)})

    assert refusal(tomorrow) == (11, "issued_in_future")


def test_step_11_clocks_may_differ_by_a_minute():
    ahead = a_presentation(claims={"iat": to_seconds(NOW + timedelta(seconds=50))})

    assert isinstance(verdict(ahead), Verified)


def test_step_12_an_attestation_before_its_time_is_refused():
    early = a_presentation(claims={"nbf": to_seconds(NOW + HOUR)})

    assert refusal(early) == (12, "not_yet_valid")


def test_step_13_an_expired_attestation_is_refused_to_the_second():
    expired = a_presentation(claims={"exp": to_seconds(NOW)})

    assert refusal(expired) == (13, "expired")


def test_step_14_an_attestation_that_lives_too_long_is_refused():
    eternal = a_presentation(claims={"exp": to_seconds(NOW + 40 * DAY)})

    assert refusal(eternal) == (14, "lifetime_too_long")


@pytest.mark.parametrize(
    "confirmation",
    [None, {}, {"jwk": {}}, {"jwk": "key"}, {"jwk": {**HOLDER_KEY.public_jwk, "d": "AA"}}],
)
def test_step_15_an_attestation_bound_to_no_public_key_is_refused(confirmation):
    assert refusal(a_presentation(claims={"cnf": confirmation})) == (15, "no_holder_key")


def test_step_16_a_disclosure_nobody_signed_is_refused():
    token, *_ = a_presentation().split("~")
    own_tier = sd_jwt.disclosure("salt", "tier", 5)

    assert refusal(f"{token}~{own_tier}~") == (16, "bad_disclosure")


@pytest.mark.parametrize("name", ["tier", "band", "as_of", "purposes"])
def test_step_17_no_mandatory_claim_may_be_withheld(name):
    shown = {"tier", "band", "as_of", "purposes"} - {name}

    assert refusal(a_presentation(shown=shown)) == (17, "missing_claim")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tier", 6),
        ("tier", True),
        ("band", ""),
        ("band", "优\n秀"),
        ("band", "x" * 33),
        ("as_of", "yesterday"),
        ("purposes", []),
        ("purposes", "sports"),
        ("purposes", ["Sports!"]),
        ("purposes", [1]),
        ("score_name", 756),
    ],
)
def test_step_17_disclosed_claims_have_one_exact_shape(name, value):
    assert refusal(a_presentation(claims={name: value})) == (17, "malformed_presentation")


def test_step_17_a_city_cannot_slip_in_a_score():
    every = DISCLOSABLE | {"score"}
    told = a_presentation(claims={"score": 756}, concealed=every, shown=every)

    assert refusal(told) == (17, "bad_disclosure")


def test_step_18_an_unknown_crosswalk_is_refused():
    assert refusal(a_presentation(claims={"crosswalk": 2})) == (18, "unknown_crosswalk")


@pytest.mark.parametrize(
    "change", [{"effective_from": NOW - timedelta(minutes=1)}, {"effective_until": NOW}]
)
def test_step_18_a_crosswalk_out_of_force_at_issue_or_now_is_refused(change):
    crosswalks = {1: a_crosswalk(**change)}

    assert refusal(a_presentation(), crosswalks=crosswalks) == (18, "unknown_crosswalk")


@pytest.mark.parametrize("change", [{"tier": 5}, {"band": "良好"}, {"band": "卓越"}])
def test_step_19_a_tier_the_crosswalk_does_not_give_is_refused(change):
    assert refusal(a_presentation(claims=change)) == (19, "crosswalk_mismatch")


def test_step_20_an_attestation_alone_proves_no_holder():
    assert refusal(a_presentation(holder=None)) == (20, "bad_key_binding")


def test_step_20_another_token_in_place_of_the_proof_is_refused():
    assert refusal(a_presentation(proof_typ="JWT")) == (20, "bad_key_binding")


def test_step_20_a_proof_that_cannot_be_read_is_refused():
    assert refusal(a_presentation(holder=None) + "x.y.z") == (20, "malformed_presentation")


@pytest.mark.parametrize("alg", ["none", "EdDSA", "HS256"])
def test_step_21_the_holder_key_decides_the_algorithm(alg):
    forged = a_presentation(holder=Forged(HOLDER_KEY, alg=alg))

    assert verdict(forged) == NotVerified("bad_key_binding", 21, "algorithm")


def test_step_21_a_stolen_attestation_is_of_no_use():
    assert refusal(a_presentation(holder=PrivateKey.generate("ES256"))) == (21, "bad_key_binding")


@pytest.mark.parametrize(
    ("step", "proof"),
    [
        (22, {"aud": "https://fuzhou.example"}),
        (23, {"nonce": "another"}),
        (24, {"iat": to_seconds(NOW - HOUR)}),
        (24, {"iat": to_seconds(NOW + HOUR)}),
        (24, {"iat": "now"}),
        (25, {"sd_hash": "A" * 43}),
    ],
)
def test_steps_22_to_25_a_proof_answers_this_gateway_now_for_exactly_this(step, proof):
    assert refusal(a_presentation(proof=proof)) == (step, "bad_key_binding")


def test_step_25_a_disclosure_taken_away_breaks_the_proof():
    token, *disclosures, proof = a_presentation().split("~")
    names = [jws.read_json(jws.decode(text))[1] for text in disclosures]
    kept = [text for name, text in zip(names, disclosures, strict=True) if name != "score_name"]

    assert refusal("~".join([token, *kept, proof])) == (25, "bad_key_binding")


def test_step_26_an_unknown_status_is_not_taken_for_valid():
    assert refusal(a_presentation(), statuses=KnownStatuses(None)) == (26, "status_unavailable")


def test_step_26_a_status_past_its_freshness_is_refused():
    old = KnownStatuses(age=timedelta(minutes=10))

    assert refusal(a_presentation(), statuses=old) == (26, "status_unavailable")


@pytest.mark.parametrize(
    "uri", ["https://evil.example/1", "https://fuzhou.example@evil.example/1", "file:///etc/passwd"]
)
def test_step_26_a_status_list_elsewhere_than_at_the_issuer_is_never_asked(uri):
    elsewhere = an_attestation(status=StatusEntry(uri, 1))

    assert refusal(a_presentation(elsewhere)) == (26, "status_unavailable")


@pytest.mark.parametrize(
    ("value", "code"), [(1, "status_invalid"), (2, "status_suspended"), (3, "status_invalid")]
)
def test_step_27_only_valid_is_valid(value, code):
    assert refusal(a_presentation(), statuses=KnownStatuses(value)) == (27, code)


@given(text=st.text(max_size=200) | st.text(alphabet="~.eyJhbGciOiJ-_=", max_size=200))
def test_no_text_makes_the_verification_raise(text):
    assert isinstance(verdict(text), NotVerified)


PRESENTATION = a_presentation()


@given(
    at=st.integers(0, len(PRESENTATION) - 1),
    put=st.sampled_from("~._-aZ0=é"),
)
def test_no_single_changed_character_goes_unnoticed(at, put):
    changed = PRESENTATION[:at] + put + PRESENTATION[at + 1 :]

    assert isinstance(verdict(changed), NotVerified) or changed == PRESENTATION


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    name=st.sampled_from([*sorted(ALWAYS_VISIBLE | DISCLOSABLE), "_sd", "_sd_alg", "...", "extra"]),
    value=JSON,
)
def test_no_signed_claim_makes_the_verification_raise(name, value):
    try:
        presentation = a_presentation(claims={name: value})
    except (UnicodeEncodeError, ValueError):
        return

    assert isinstance(verdict(presentation), NotVerified | Verified)
