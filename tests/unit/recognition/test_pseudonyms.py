"""A pseudonym is one person to one host, and nothing to anybody else."""

import pytest

from contracts.identifiers import check_civil_id
from contracts.pseudonyms import holder_of, resident_of
from services.cli.synthetic import synthetic_civil_id

pytestmark = pytest.mark.recognition

ONE, OTHER = b"1" * 32, b"2" * 32
PERSON = synthetic_civil_id(1)


def test_one_person_is_one_holder_at_a_host_whichever_city_attests():
    assert holder_of(ONE, PERSON) == holder_of(ONE, check_civil_id(f" {PERSON.lower()} "))
    assert len(holder_of(ONE, PERSON)) == 43


def test_two_hosts_two_people_and_two_uses_cannot_be_linked():
    names = {
        holder_of(ONE, PERSON),
        holder_of(OTHER, PERSON),
        holder_of(ONE, synthetic_civil_id(2)),
        resident_of(ONE, PERSON),
    }

    assert len(names) == 4


def test_the_pseudonym_of_a_person_never_changes():
    assert holder_of(ONE, "99010019500101001X") == "mhYG8F0WR_cNCvnKjDlEu562OHi3AGOmE6XG6J72peE"


@pytest.mark.parametrize("name", [holder_of, resident_of])
def test_a_short_key_protects_nobody(name):
    with pytest.raises(ValueError, match="32 bytes"):
        name(b"short", PERSON)
