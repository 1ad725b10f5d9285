"""The rules of RFC 9901, SD-JWT VC, JWT and Token Status List that the steps do not name.

docs/verification.md lists every rule with its test; those that belong to one step of the
verification are in test_verification.py, those of the format in test_sd_jwt.py.
"""

import itertools
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ContractError, Malformed, Refused
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.roster_claims import roster_claims
from services.recognition.adapters.roster_file import load_roster, sign_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.attestation import (
    DISCLOSABLE,
    MANDATORY,
    TYPE,
    issue,
    present,
)
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.notice import read_notice
from services.recognition.domain.status_list import StatusList, read_status_list
from services.recognition.domain.verification import NotVerified, Verified, verify
from tests.builders.attestations import (
    CHALLENGE,
    GATEWAY,
    HOLDER_KEY,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_host,
    a_presentation,
    a_roster,
    an_attestation,
    salts,
)
from tests.builders.recognition import a_notice

pytestmark = pytest.mark.recognition

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON, LATE = to_seconds(NOW + HOUR), to_seconds(NOW - MINUTE)
LIST = "https://fuzhou.example/v1/status-lists/0"
NO_MOMENTS = {
    "a boolean": True,
    "a fraction": 1780304400.5,
    "negative": -1,
    "text": "1780304400",
    "null": None,
    "beyond 9999": 253_402_300_800,
    "a list": [1780304400],
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def verdict(presentation):
    return verify(presentation, challenge=CHALLENGE, host=a_host(), now=NOW)


def refusal(presentation):
    answer = verdict(presentation)
    assert isinstance(answer, NotVerified), answer
    return answer.step, answer.code


def signed(header, payload, signer=HOME_KEY):
    """Sign a header and a payload to the letter; text is taken as the JSON it is."""
    parts = (
        each if isinstance(each, bytes) else jws.write_json(each) for each in (header, payload)
    )
    message = ".".join(jws.encode(part) for part in parts)
    return f"{message}.{jws.encode(signer.sign(message.encode()))}"


def presented(header=None, payload=None):
    """Present an attestation whose token has members of the header, or a payload, of its own."""
    claims, disclosures = sd_jwt.conceal(an_attestation().claims(), DISCLOSABLE, salts())
    honest = {"alg": HOME_KEY.alg, "kid": HOME_KEY.kid, "typ": TYPE}
    if not isinstance(header, bytes):
        header = {**honest, **(header or {})}
    token = signed(header, claims if payload is None else payload)
    shown = sd_jwt.SdJwt(token, disclosures)
    proof = {
        "aud": GATEWAY,
        "nonce": CHALLENGE,
        "iat": to_seconds(NOW),
        "sd_hash": sd_jwt.digest(shown.bound_text),
    }
    return shown.bound_text + jws.write(proof, typ="kb+jwt", signer=HOLDER_KEY)


# --- the header ----------------------------------------------------------------------------


def test_a_token_made_member_by_member_is_honest_to_begin_with():
    assert isinstance(verdict(presented()), Verified)


@pytest.mark.parametrize("kid", [None, 7, ["k"], "", "k" * 43], ids=str)
def test_a_key_is_named_by_its_one_name(kid):
    assert refusal(presented({"kid": kid})) == (7, "unknown_key")


def test_a_key_that_a_token_brings_along_is_not_believed():
    own = presented({"jwk": OTHER_KEY.public_jwk, "kid": OTHER_KEY.kid})

    assert refusal(own) == (7, "unknown_key")


@pytest.mark.parametrize("name", ["crit", "b64"])
def test_a_header_that_changes_how_a_token_is_read_is_not_understood(name):
    value = [name] if name == "crit" else False

    assert refusal(presented({name: value})) == (1, "malformed_presentation")


@pytest.mark.parametrize("typ", [None, "JWT", "vc+sd-jwt", "DC+SD-JWT", ["dc+sd-jwt"]], ids=str)
def test_a_token_says_its_one_type(typ):
    assert refusal(presented({"typ": typ})) == (2, "wrong_type")


@pytest.mark.parametrize("alg", [None, 1, ["EdDSA"], "eddsa"], ids=str)
def test_an_algorithm_is_named_by_its_one_name(alg):
    assert refusal(presented({"alg": alg})) == (8, "wrong_algorithm")


def test_a_member_of_the_header_is_there_once():
    twice = b'{"alg":"none","alg":"EdDSA","typ":"dc+sd-jwt"}'

    assert refusal(presented(twice)) == (1, "malformed_presentation")


def test_a_claim_is_there_once():
    claims, _ = sd_jwt.conceal(an_attestation().claims(), DISCLOSABLE, salts())
    twice = jws.write_json(claims).replace(b'"crosswalk":1', b'"crosswalk":1,"crosswalk":1')

    assert refusal(presented(payload=twice)) == (1, "malformed_presentation")


def test_a_member_of_a_disclosure_is_there_once():
    twice = jws.encode(b'["salt","cnf",{"a":1,"a":2}]')

    with pytest.raises(Refused, match="not base64url of JSON"):
        sd_jwt.resolve({"_sd": [sd_jwt.digest(twice)]}, [twice])


# --- claims that decide validity -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"), list(itertools.product(["iat", "nbf", "exp"], NO_MOMENTS))
)
def test_a_moment_is_a_whole_number_of_seconds(name, kind):
    odd = a_presentation(claims={name: NO_MOMENTS[kind]})

    assert refusal(odd) == (4, "malformed_presentation")


@pytest.mark.parametrize(("name", "step"), [("vct", 3), ("cnf", 15), ("nbf", 17)])
def test_what_decides_validity_is_not_disclosed_but_there(name, step):
    """The claims that test_step_4 does not have: their absence is no error of form."""
    claims = {"nbf": to_seconds(NOW + HOUR)} if name == "nbf" else {}
    every = DISCLOSABLE | {name}

    answer = verdict(a_presentation(claims=claims, concealed=every, shown=every))

    assert isinstance(answer, NotVerified)
    assert answer.step == step


def test_a_holder_key_is_not_hidden_inside_its_claim():
    text = sd_jwt.disclosure("salt", "jwk", dict(HOLDER_KEY.public_jwk))
    claims, disclosures = sd_jwt.conceal(an_attestation().claims(), DISCLOSABLE, salts())
    claims["cnf"] = {"_sd": [sd_jwt.digest(text)]}
    token = jws.write(claims, typ=TYPE, signer=HOME_KEY)

    shown = str(sd_jwt.SdJwt(token, (*disclosures, text)))

    assert refusal(shown) == (15, "no_holder_key")


@pytest.mark.parametrize(
    "entry",
    [
        {"idx": True, "uri": LIST},
        {"idx": "1", "uri": LIST},
        {"idx": 1.0, "uri": LIST},
        {"idx": 2**31, "uri": LIST},
        {"idx": 1, "uri": 7},
        [1, LIST],
    ],
    ids=str,
)
def test_a_status_entry_is_an_index_and_an_address(entry):
    odd = a_presentation(claims={"status": {"status_list": entry}})

    assert refusal(odd) == (4, "malformed_presentation")


@pytest.mark.parametrize("algorithm", ["md5", "SHA-256", None, ["sha-256"], 256], ids=str)
def test_the_hash_algorithm_is_one_that_is_deemed_secure(algorithm):
    claims, disclosures = sd_jwt.conceal(an_attestation().claims(), DISCLOSABLE, salts())
    token = jws.write({**claims, "_sd_alg": algorithm}, typ=TYPE, signer=HOME_KEY)

    assert refusal(str(sd_jwt.SdJwt(token, disclosures))) == (16, "bad_disclosure")


# --- key binding ---------------------------------------------------------------------------


@pytest.mark.parametrize("proof", [{"exp": LATE}, {"exp": to_seconds(NOW)}, {"nbf": SOON}], ids=str)
def test_a_proof_is_a_valid_jwt_in_every_other_respect(proof):
    assert refusal(a_presentation(proof=proof)) == (24, "bad_key_binding")


@pytest.mark.parametrize("proof", [{"exp": SOON}, {"nbf": LATE}], ids=str)
def test_a_proof_within_its_own_time_counts(proof):
    assert isinstance(verdict(a_presentation(proof=proof)), Verified)


@pytest.mark.parametrize(
    ("name", "kind"), list(itertools.product(["iat", "nbf", "exp"], NO_MOMENTS))
)
def test_a_moment_of_a_proof_is_a_whole_number_of_seconds(name, kind):
    odd = a_presentation(proof={name: NO_MOMENTS[kind]})

    assert refusal(odd) == (24, "bad_key_binding")


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [
        (22, "aud", [GATEWAY]),
        (22, "aud", None),
        (23, "nonce", [CHALLENGE]),
        (23, "nonce", None),
        (25, "sd_hash", None),
        (25, "sd_hash", ""),
    ],
)
def test_a_proof_names_its_gateway_its_challenge_and_what_it_covers_as_one_text(step, name, value):
    assert refusal(a_presentation(proof={name: value})) == (step, "bad_key_binding")


def test_a_proof_by_the_key_of_the_issuer_is_none_of_the_holder():
    assert refusal(a_presentation(holder=HOME_KEY)) == (21, "bad_key_binding")


@given(
    name=st.sampled_from(["aud", "nonce", "iat", "nbf", "exp", "sd_hash", "jti", "more"]),
    value=JSON,
)
def test_no_claim_of_a_proof_makes_the_verification_raise(name, value):
    answer = verdict(a_presentation(proof={name: value}))

    assert isinstance(answer, NotVerified | Verified)


@given(challenge=st.text())
def test_no_challenge_but_the_one_that_was_answered_is_answered(challenge):
    answer = verify(a_presentation(), challenge=challenge, host=a_host(), now=NOW)

    assert isinstance(answer, Verified) is (challenge == CHALLENGE)


@given(header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), JSON))
def test_no_signed_header_makes_the_verification_raise(header):
    assert isinstance(verdict(presented(header)), NotVerified | Verified)


# --- the holder's side (RFC 9901 §7.2) -----------------------------------------------------


def shown_by_holder(issued):
    return present(
        issued, MANDATORY, gateway=GATEWAY, challenge=CHALLENGE, now=NOW, signer=HOLDER_KEY
    )


def test_a_holder_takes_no_attestation_that_is_bound_already():
    with pytest.raises(Malformed, match="no key binding"):
        shown_by_holder(a_presentation())


def test_a_holder_shows_no_disclosure_that_nobody_signed():
    issued = issue(an_attestation(), signer=HOME_KEY, make_salt=salts())

    with pytest.raises(Refused, match="not referenced"):
        shown_by_holder(issued + sd_jwt.disclosure("salt", "tier", 5) + "~")


# --- status lists --------------------------------------------------------------------------


def read_list(text):
    return read_status_list(text, uri=LIST, city=a_city(), signatures=SuiteSignatures(), now=NOW)


def a_list(header=None, **claims):
    said = {
        "sub": LIST,
        "iat": to_seconds(NOW),
        "exp": to_seconds(NOW) + 600,
        "ttl": 600,
        "status_list": {"bits": 2, "lst": StatusList.blank(64).compress()},
        **claims,
    }
    honest = {"alg": HOME_KEY.alg, "kid": HOME_KEY.kid, "typ": "statuslist+jwt"}
    return signed({**honest, **(header or {})}, said)


def test_a_list_made_member_by_member_is_honest_to_begin_with():
    assert read_list(a_list()).issued_at == NOW


@pytest.mark.parametrize("alg", ["none", "ES256", "HS256", None], ids=str)
def test_the_roster_key_decides_the_algorithm_of_a_list(alg):
    with pytest.raises(ContractError, match="bad_signature"):
        read_list(a_list({"alg": alg}))


@pytest.mark.parametrize(
    ("name", "kind"), list(itertools.product(["iat", "nbf", "exp", "ttl"], NO_MOMENTS))
)
def test_a_moment_of_a_list_is_a_whole_number_of_seconds(name, kind):
    with pytest.raises(Malformed):
        read_list(a_list(**{name: NO_MOMENTS[kind]}))


def test_a_list_before_its_time_is_refused():
    with pytest.raises(Refused, match="status_unavailable"):
        read_list(a_list(nbf=SOON))


def test_a_list_that_may_be_kept_for_no_time_is_refused():
    with pytest.raises(Refused, match="status_unavailable"):
        read_list(a_list(ttl=0))


@pytest.mark.parametrize("bits", [0, 3, 4, 8, 2.0, "2", None], ids=str)
def test_a_list_of_other_widths_than_one_or_two_bits_is_malformed(bits):
    lst = StatusList.blank(64).compress()

    with pytest.raises(Malformed):
        read_list(a_list(status_list={"bits": bits, "lst": lst}))


@given(
    name=st.sampled_from(["sub", "iat", "nbf", "exp", "ttl", "status_list", "aggregation_uri"]),
    value=JSON
    | st.fixed_dictionaries(
        {"bits": st.sampled_from([1, 2, 4]), "lst": st.binary().map(jws.encode)}
    ),
)
def test_no_signed_claim_of_a_list_raises_anything_but_contract_errors(name, value):
    with suppress(ContractError):
        read_list(a_list(**{name: value}))


# --- notices and rosters -------------------------------------------------------------------


def read_told(text):
    return read_notice(
        text, sender=a_city(), recipient=GATEWAY, signatures=SuiteSignatures(), now=NOW
    )


@given(text=st.text() | st.text(alphabet="eyJ.-_0"))
def test_no_text_for_a_notice_raises_anything_but_contract_errors(text):
    with pytest.raises(ContractError):
        read_told(text)


@given(name=st.sampled_from(["iss", "aud", "iat", "jti", "events", "exp", "more"]), value=JSON)
def test_no_signed_claim_of_a_notice_raises_anything_but_contract_errors(name, value):
    claims = {**jws.read(a_notice()).payload, name: value}

    with suppress(ContractError):
        read_told(jws.write(claims, typ="secevent+jwt", signer=HOME_KEY))


ALLIANCE = AllianceKeys({OTHER_KEY.kid: OTHER_KEY.public_jwk})


def read_roster(text):
    return load_roster(text, alliance_keys=ALLIANCE, signatures=SuiteSignatures())


@given(text=st.text() | st.text(alphabet='eyJ.-_0{}:,"'))
def test_no_text_for_a_roster_raises_anything_but_contract_errors(text):
    with pytest.raises(ContractError):
        read_roster(text)


PLACES = [*roster_claims(a_roster()), "more"]
CITY_PLACES = [*roster_claims(a_roster())["cities"][0], "more"]


@given(
    place=st.sampled_from(PLACES),
    in_city=st.sampled_from(CITY_PLACES),
    value=JSON,
    deep=st.booleans(),
)
def test_no_signed_claim_of_a_roster_raises_anything_but_contract_errors(
    place, in_city, value, deep
):
    claims = roster_claims(a_roster())
    if deep:
        claims["cities"][0][in_city] = value
    else:
        claims[place] = value

    with suppress(ContractError):
        read_roster(jws.write(claims, typ="huxin-roster+jwt", signer=OTHER_KEY))


@pytest.mark.parametrize("grace", [10**20, 10**12, -1, 1.5, True, None, "60"], ids=str)
def test_a_grace_is_a_whole_number_of_seconds_while_there_are_moments(grace):
    claims = {**roster_claims(a_roster()), "grace": grace}

    with pytest.raises(Malformed, match="roster"):
        read_roster(jws.write(claims, typ="huxin-roster+jwt", signer=OTHER_KEY))


def test_a_roster_signed_by_the_alliance_is_honest_to_begin_with():
    assert read_roster(sign_roster(a_roster(), OTHER_KEY)).version == 7
