"""Subjects: an organisation by a checked code, a person by a pseudonym alone."""

import pytest

from contracts import wire
from contracts.errors import Malformed
from contracts.evidence import ListEvidence
from contracts.subjects import HolderSubject, OrganisationSubject

CODE = "91350100M000100Y43"


def read(**subject):
    return wire.load(ListEvidence, {"subject": subject}).subject


@pytest.mark.parametrize("said", [CODE, CODE.lower(), f" {CODE} ", "９１３５０１００M000100Y43"])
def test_a_code_is_read_in_its_one_form(said):
    assert read(type="organisation", organisation=said) == OrganisationSubject(organisation=CODE)


@pytest.mark.parametrize("said", [CODE[:-1] + "4", CODE[:-1], CODE[:-1] + "Z", "", 7, None])
def test_a_code_whose_check_character_is_wrong_is_malformed(said):
    with pytest.raises(Malformed) as refused:
        read(type="organisation", organisation=said)

    assert "subject.organisation" in refused.value.errors


def test_a_holder_is_named_by_a_pseudonym():
    assert read(type="holder", holder="h" * 43) == HolderSubject(holder="h" * 43)


@pytest.mark.parametrize("civil_id", ["330100190001010019", "11010519491231002X"])
def test_a_civil_identifier_is_no_pseudonym(civil_id):
    with pytest.raises(Malformed) as refused:
        read(type="holder", holder=civil_id)

    assert civil_id not in str(refused.value.errors)
