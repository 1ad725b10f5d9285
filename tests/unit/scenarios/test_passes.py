"""Passes: only this city can write one, and there is one way to write it."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed
from services.scenarios.adapters.pass_key import read_pass_key
from services.scenarios.domain.passes import read_pass, write_pass
from tests.builders.scenarios import PASS_KEY

pytestmark = pytest.mark.scenarios

GRANT = UUID(int=0x1234)
PASS = write_pass(PASS_KEY, GRANT)


def test_a_pass_names_its_grant_in_43_characters():
    assert len(PASS) == 43
    assert read_pass(PASS_KEY, PASS) == GRANT


@given(
    st.integers(0, 42), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0-_")
)
def test_a_pass_with_one_other_character_is_no_pass(place, character):
    altered = PASS[:place] + character + PASS[place + 1 :]

    assert altered == PASS or read_pass(PASS_KEY, altered) is None


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_no_pass(text):
    assert read_pass(PASS_KEY, text) is None


@pytest.mark.parametrize("other", [f"{PASS}=", f" {PASS}", f"{PASS}AAAA", PASS[:-1], "", "\ud800"])
def test_no_other_spelling_is_accepted(other):
    assert read_pass(PASS_KEY, other) is None


def test_a_pass_of_another_key_is_no_pass():
    assert read_pass(bytes(32), PASS) is None


def test_the_pass_key_is_read_from_its_file(tmp_path):
    (tmp_path / "pass.key").write_text(f"{PASS_KEY.hex()}\n")

    assert read_pass_key(tmp_path) == PASS_KEY


@pytest.mark.parametrize("written", ["", "not hexadecimal", "00" * 31, "密"])
def test_a_pass_key_that_is_none_stops_the_start(tmp_path, written):
    (tmp_path / "pass.key").write_text(written)

    with pytest.raises(Malformed, match=r"pass\.key"):
        read_pass_key(tmp_path)
