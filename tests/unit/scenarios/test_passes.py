"""Passes: only this city can write one, anybody can check it, and it fits a QR code."""

import base64
import json
from dataclasses import replace
from uuid import UUID

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed
from contracts.passes import ShowPassKeys
from services.cli.new_keys import NewKey, make_key
from services.scenarios.adapters.pass_keys import PassKeys, PublicKeys, read_pass_keys
from services.scenarios.domain.passes import GRACE, LIFETIME, LONGEST, SKEW, Pass, write_pass
from services.scenarios.handlers.redemptions import show_pass_keys
from tests.builders.scenarios import (
    BIKES,
    FUZHOU,
    HANGZHOU,
    HOLDER,
    NOW,
    PASS_KEY,
    PASSES,
    a_grant,
    a_pass,
)

pytestmark = pytest.mark.scenarios

SHOWN = Pass(
    id="q0l8Ue3aKcR2",
    city=HANGZHOU,
    operator_id=BIKES,
    grant_id=UUID(int=0x1234),
    incentive_id="late-return",
    benefit="rental_extension",
    uses=1,
    issued_at=NOW,
    until=NOW + LIFETIME,
)
KID = PASSES.published()[0]["kid"]
PASS = write_pass(SHOWN, KID, PASS_KEY.sign)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_a_pass_says_what_was_written():
    assert PASSES.read(PASS) == SHOWN


def test_a_pass_of_a_grant_lives_five_minutes_and_names_nobody(uow):
    grant = a_grant(uow)

    shown = PASSES.read(a_pass(uow, grant))

    assert (shown.grant_id, shown.operator_id, shown.uses) == (grant.grant_id, BIKES, 1)
    assert (shown.issued_at, shown.until - shown.issued_at) == (NOW, LIFETIME)
    [_, claims, _] = PASS.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert set(said) == {"iss", "aud", "iat", "exp", "jti", "gid", "inc", "ben", "use"}
    assert HOLDER not in json.dumps(said)


def test_no_two_passes_of_a_grant_are_the_same(uow):
    grant = a_grant(uow)

    assert PASSES.read(a_pass(uow, grant)).id != PASSES.read(a_pass(uow, grant)).id


def test_a_pass_fits_a_qr_code():
    usual = segno.make(PASS, micro=False, error="m")
    slug = "s" * 64
    longest = write_pass(
        replace(SHOWN, operator_id=slug, incentive_id=slug, uses=1_000_000_000), KID, PASS_KEY.sign
    )

    assert (len(PASS), usual.version) == (392, 15)
    assert len(longest) <= LONGEST
    assert segno.make(longest, micro=False, error="l").version <= 17
    assert PASSES.read(longest).operator_id == slug


@given(st.integers(0, len(PASS) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij0-_."))
def test_a_pass_with_one_other_character_is_no_pass(place, character):
    altered = PASS[:place] + character + PASS[place + 1 :]

    assert altered == PASS or PASSES.read(altered) is None


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_no_pass(text):
    assert PASSES.read(text) is None


@pytest.mark.parametrize("other", [f"{PASS}=", f" {PASS}", f"{PASS}.", PASS[:-1], "", "\ud800"])
def test_no_other_spelling_is_accepted(other):
    assert PASSES.read(other) is None


def signed(header, claims, key=PASS_KEY):
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims)]
    message = b".".join(part.rstrip(b"=") for part in parts)
    return (message + b"." + base64.urlsafe_b64encode(key.sign(message)).rstrip(b"=")).decode()


CLAIMS = json.loads(base64.urlsafe_b64decode(PASS.split(".")[1] + "=="))
HEADER = {"alg": "EdDSA", "kid": KID, "typ": "pass+jwt"}


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        (HEADER | {"typ": "dc+sd-jwt"}, CLAIMS),
        (HEADER | {"alg": "none"}, CLAIMS),
        (HEADER | {"crit": ["exp"]}, CLAIMS),
        (HEADER | {"kid": "another"}, CLAIMS),
        (HEADER | {"kid": ["x"]}, CLAIMS),
        (HEADER, CLAIMS | {"iat": "now"}),
        (HEADER, CLAIMS | {"exp": 1e300}),
        (HEADER, CLAIMS | {"gid": "AA"}),
        (HEADER, {}),
        (HEADER, []),
        ([], CLAIMS),
    ],
)
def test_what_is_signed_but_no_pass_is_no_pass(header, claims):
    assert PASSES.read(signed(HEADER, CLAIMS)) == SHOWN
    assert PASSES.read(signed(header, claims)) is None


def test_a_pass_of_another_key_or_city_is_no_pass():
    assert PassKeys(HANGZHOU, [OTHER_KEY]).read(PASS) is None
    assert PassKeys(FUZHOU, [PASS_KEY]).read(PASS) is None


def test_a_pass_is_good_from_its_making_until_its_grace_is_over():
    assert SHOWN.objection(NOW - SKEW) is None
    assert SHOWN.objection(NOW - SKEW * 1.1) == "early_pass"
    assert SHOWN.objection(NOW + (LIFETIME + GRACE) * 0.999) is None
    assert SHOWN.objection(NOW + LIFETIME + GRACE) == "old_pass"


# --- keys ------------------------------------------------------------------------------------


def test_the_public_keys_are_enough_to_check_a_pass():
    told = show_pass_keys(ShowPassKeys(), city=HANGZHOU, passes=PASSES)

    assert PublicKeys(told.keys).read(PASS) == SHOWN
    assert all("d" not in key for key in told.keys)


def test_the_next_key_is_published_before_it_signs_and_the_last_is_believed_after():
    before = PassKeys(HANGZHOU, [PASS_KEY, OTHER_KEY])
    after = PassKeys(HANGZHOU, [OTHER_KEY, PASS_KEY])

    assert before.published() == tuple(reversed(after.published()))
    assert after.read(PASS) == SHOWN


def test_keys_are_read_from_their_files(tmp_path):
    for name in ("pass.jwk", "pass-next.jwk"):
        make_key(NewKey.PASS).save(tmp_path / name)

    keys = read_pass_keys(tmp_path, HANGZHOU).published()

    signs = json.loads((tmp_path / "pass.jwk").read_text())
    assert next(key["x"] for key in keys) == signs["x"]
    assert len({key["kid"] for key in keys}) == 2


@pytest.mark.parametrize("written", ["", "not JSON", "[]", "{}", '{"d": "AA"}', '{"d": 1}'])
def test_a_key_that_is_none_stops_the_start(tmp_path, written):
    (tmp_path / "pass.jwk").write_text(written)
    (tmp_path / "pass.jwk").chmod(0o600)

    with pytest.raises(Malformed, match=r"pass\.jwk: not a private"):
        read_pass_keys(tmp_path, HANGZHOU)


def test_a_key_that_others_may_read_stops_the_start(tmp_path):
    make_key(NewKey.PASS).save(tmp_path / "pass.jwk")
    (tmp_path / "pass.jwk").chmod(0o640)

    with pytest.raises(Malformed, match="chmod 600"):
        read_pass_keys(tmp_path, HANGZHOU)


@pytest.mark.parametrize("keys", [["x"], [{}], [{"kid": "1", "x": "AA"}], [{"kid": "1", "x": 1}]])
def test_what_is_no_set_of_keys_is_named(keys):
    with pytest.raises(Malformed):
        PublicKeys(keys)
