"""An attestation says band and tier to one host, and has no place for a score."""

from dataclasses import fields
from datetime import timedelta

import pytest

from contracts.errors import Malformed
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.attestation import DISCLOSABLE, Attestation, issue, subjects_of
from tests.builders.attestations import GATEWAY, HOME_KEY, NOW, an_attestation, salts

pytestmark = pytest.mark.recognition


def test_an_attestation_has_no_place_for_a_score():
    assert not {"score", "points"} & {field.name for field in fields(Attestation)}
    with pytest.raises(TypeError, match="score"):
        an_attestation(score=756)


def test_an_issued_attestation_shows_only_what_every_host_must_see():
    issued = sd_jwt.read(issue(an_attestation(), signer=HOME_KEY, make_salt=salts()))

    token = jws.read(issued.token)

    assert token.header == {"alg": "EdDSA", "kid": HOME_KEY.kid, "typ": "dc+sd-jwt"}
    assert not DISCLOSABLE & token.payload.keys()
    assert len(issued.disclosures) == len(token.payload["_sd"]) == len(DISCLOSABLE)


def test_a_card_has_no_score_name_to_disclose():
    assert "score_name" not in an_attestation(score_name=None).claims()


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": GATEWAY},
        {"expires_at": NOW - timedelta(hours=1)},
        {"as_of": NOW},
        {"purposes": ()},
    ],
)
def test_an_attestation_that_makes_no_sense_cannot_be_made(change):
    with pytest.raises(Malformed):
        an_attestation(**change)


def test_a_naive_moment_has_no_place_on_the_wire():
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(ValueError, match="naive"):
        an_attestation(as_of=naive, issued_at=naive, expires_at=naive + timedelta(days=1)).claims()


@pytest.mark.parametrize("former", [{}, {"former_sub": "f" * 43}])
def test_an_attestation_says_all_names_that_it_gives_its_holder(former):
    token = jws.write({"sub": "s" * 43, **former}, typ="dc+sd-jwt", signer=HOME_KEY)

    assert subjects_of(f"{token}~") == {"s" * 43, *former.values()}
