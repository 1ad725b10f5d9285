"""The format of RFC 9901: its own examples, one test per rule of its section 7.1, and fuzz."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed, Refused
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import jws, sd_jwt
from tests.builders.attestations import salts
from tests.unit.recognition import rfc9901

pytestmark = pytest.mark.recognition

EXAMPLES = {
    "5.1": (rfc9901.SECTION_5_1, rfc9901.SECTION_5_1_CLAIMS),
    "A.1": (rfc9901.APPENDIX_A_1, rfc9901.APPENDIX_A_1_CLAIMS),
    "A.2": (rfc9901.APPENDIX_A_2, rfc9901.APPENDIX_A_2_CLAIMS),
}


def resolve(payload, *disclosures):
    return sd_jwt.resolve(payload, disclosures)


def hidden(*parts):
    text = sd_jwt.disclosure("salt", *parts)
    return text, sd_jwt.digest(text)


@pytest.mark.parametrize("section", EXAMPLES)
def test_the_examples_of_the_rfc_verify_and_resolve(section):
    text, claims = EXAMPLES[section]

    parts = sd_jwt.read(text)
    token = jws.read(parts.token)

    assert str(parts) == text
    assert SuiteSignatures().verify(token, rfc9901.ISSUER_KEY)
    assert sd_jwt.resolve(token.payload, parts.disclosures) == claims


def test_the_key_binding_of_the_rfc_verifies():
    parts = sd_jwt.read(rfc9901.APPENDIX_A_4)
    token, proof = jws.read(parts.token), jws.read(parts.key_binding)

    resolved = sd_jwt.resolve(token.payload, parts.disclosures)

    assert SuiteSignatures().verify(token, rfc9901.ISSUER_KEY)
    assert SuiteSignatures().verify(proof, rfc9901.HOLDER_KEY)
    assert proof.payload["sd_hash"] == sd_jwt.digest(parts.bound_text)
    assert resolved["credentialSubject"] == rfc9901.APPENDIX_A_4_SUBJECT


def test_the_digest_covers_the_disclosure_as_it_was_written():
    assert sd_jwt.digest(rfc9901.GIVEN_NAME) == rfc9901.GIVEN_NAME_DIGEST


def test_what_is_concealed_comes_back_when_disclosed():
    claims = {"iss": "350100", "tier": 4, "band": "优秀"}

    payload, disclosures = sd_jwt.conceal(claims, {"tier", "band"}, salts())

    assert payload.keys() == {"iss", "_sd", "_sd_alg"}
    assert payload["_sd"] == sorted(payload["_sd"])
    assert sd_jwt.resolve(payload, disclosures) == claims
    assert sd_jwt.resolve(payload, ()) == {"iss": "350100"}


def test_the_holder_chooses_what_to_show():
    payload, disclosures = sd_jwt.conceal({"tier": 4, "band": "优秀"}, {"tier", "band"}, salts())

    shown = sd_jwt.select(sd_jwt.SdJwt("token", disclosures), {"tier"})

    assert sd_jwt.resolve(payload, shown.disclosures) == {"tier": 4}


def test_decoys_and_withheld_elements_leave_no_trace():
    _, withheld = hidden("DE")
    text, shown = hidden("US")

    resolved = resolve({"_sd": ["decoy"], "in": [{"...": withheld}, {"...": shown}]}, text)

    assert resolved == {"in": ["US"]}


def test_a_disclosure_may_hold_further_digests():
    inner, inner_digest = hidden("city", "杭州")
    outer, outer_digest = hidden("address", {"_sd": [inner_digest], "country": "CN"})

    resolved = resolve({"_sd": [outer_digest]}, inner, outer)

    assert resolved == {"address": {"country": "CN", "city": "杭州"}}


def payload_of(*texts, **claims):
    return {"_sd": [sd_jwt.digest(text) for text in texts], **claims}


CLAIM, CLAIM_DIGEST = hidden("tier", 5)
ELEMENT, ELEMENT_DIGEST = hidden("CN")
NOT_JSON = jws.encode(b"tier")
BROKEN_RULES = {
    "unknown hash algorithm": ({"_sd_alg": "md5"}, ()),
    "disclosure not referenced": ({}, (CLAIM,)),
    "disclosure repeated": (payload_of(CLAIM), (CLAIM, CLAIM)),
    "digest repeated": ({"_sd": [CLAIM_DIGEST, CLAIM_DIGEST]}, (CLAIM,)),
    "digest repeated, decoys too": ({"_sd": ["decoy"], "in": {"_sd": ["decoy"]}}, ()),
    "claim name taken": (payload_of(CLAIM, tier=1), (CLAIM,)),
    "not [salt, name, value]": (payload_of(ELEMENT), (ELEMENT,)),
    "not [salt, value]": ({"in": [{"...": CLAIM_DIGEST}]}, (CLAIM,)),
    "reserved name out of place": ({"in": {"...": ELEMENT_DIGEST}}, (ELEMENT,)),
    "reserved name out of place, two members": ({"in": [{"...": "decoy", "more": 1}]}, ()),
    "reserved name out of place, algorithm": ({"in": {"_sd_alg": "sha-256"}}, ()),
    "digest out of place": ({"_sd": "decoy"}, ()),
    "digest out of place, not text": ({"_sd": [1]}, ()),
    "digest out of place, element": ({"in": [{"...": 1}]}, ()),
    "not base64url of JSON": (payload_of(NOT_JSON), (NOT_JSON,)),
}
for reserved in ("_sd", "...", "_sd_alg"):
    text, _ = hidden(reserved, ["x"])
    BROKEN_RULES[f"reserved claim name, {reserved}"] = (payload_of(text), (text,))
for parts in ([], ["salt"], ["salt", "a", 1, 2], {"salt": 1}, "text"):
    text = jws.encode(jws.write_json(parts))
    BROKEN_RULES[f"not an array of two or three, {parts}"] = (payload_of(text), (text,))
for salt in (1, None):
    text = jws.encode(jws.write_json([salt, "tier", 5]))
    BROKEN_RULES[f"the salt is a string, {salt}"] = (payload_of(text), (text,))
for name in (1, None, [], {}):
    text = jws.encode(jws.write_json(["salt", name, 5]))
    BROKEN_RULES[f"reserved claim name, {name}"] = (payload_of(text), (text,))


@pytest.mark.parametrize("rule", BROKEN_RULES)
def test_a_payload_that_breaks_a_rule_is_refused(rule):
    payload, disclosures = BROKEN_RULES[rule]

    with pytest.raises(Refused) as refused:
        resolve(payload, *disclosures)

    assert refused.value.code == "bad_disclosure"
    assert rule.startswith(refused.value.detail)


def test_a_chain_of_disclosures_ends_at_the_depth_limit():
    text, digest = hidden("end", 1)
    texts = [text]
    for _ in range(sd_jwt.MAX_DEPTH):
        text, digest = hidden("deeper", {"_sd": [digest]})
        texts.append(text)

    with pytest.raises(Refused, match="nested too deeply"):
        resolve({"_sd": [digest]}, *texts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed_presentation"),
        ("a.b.c", "malformed_presentation"),
        ("~", "malformed_presentation"),
        ("a.b.c~~", "malformed_presentation"),
        ("a.b.c~" + "d~" * 33, "too_large"),
        ("a" * 16_385, "too_large"),
    ],
)
def test_what_is_no_sd_jwt_is_malformed(text, code):
    with pytest.raises(Malformed) as malformed:
        sd_jwt.read(text)

    assert malformed.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b"\xff",
        b"[" * 5000,
        b"[" * 9 + b"]" * 9,
        b"1" * 5000,
        b"",
    ],
)
def test_json_that_readers_may_take_differently_is_no_json(data):
    with pytest.raises(ValueError):  # noqa: PT011 - any, with any text
        jws.read_json(data)


@pytest.mark.parametrize("text", ["YQ==", "YR", "Y", "Y Q", "+/", "é", "YQ\n"])
def test_base64url_has_one_spelling(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any, with any text
        jws.decode(text)


@pytest.mark.parametrize(
    "text", ["", "a.b", "e30.e30", "W10.e30.", "e30.W10.", "e30.e30.!", "e30.e30.."]
)
def test_what_is_no_jws_is_malformed(text):
    with pytest.raises(Malformed, match="malformed"):
        jws.read(text)


def test_a_jws_of_any_length_is_not_even_looked_at():
    with pytest.raises(Malformed, match="too_large"):
        jws.read("e30.e30." + "A" * 16_384)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["_sd", "...", "_sd_alg", "a", "b"]) | st.text(max_size=2),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(text=st.text() | st.text(alphabet="abc~.=_-"))
def test_reading_raises_nothing_but_malformed(text):
    try:
        parts = sd_jwt.read(text)
        jws.read(parts.token)
    except Malformed:
        return

    assert str(parts) == text


@given(payload=st.dictionaries(st.text(max_size=4), JSON, max_size=4), opened=st.lists(JSON))
def test_resolving_raises_nothing_but_its_one_refusal(payload, opened):
    texts = [jws.encode(jws.write_json(parts)) for parts in opened]
    payload["_sd"] = [sd_jwt.digest(text) for text in texts]

    with suppress(Refused):
        assert "_sd" not in sd_jwt.resolve(payload, texts)


@given(data=st.binary())
def test_base64url_comes_back(data):
    assert jws.decode(jws.encode(data)) == data
