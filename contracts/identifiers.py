"""Civil identifiers of people and organisations, checked by python-stdnum.

Home meets a person's number twice: in a token of the identity provider and in the city's scores.
Both are read here, so that both are the same person.
Permanent residence permits and the permits of Hong Kong, Macao and Taiwan residents have other
forms, which the home city's own identity provider checks.
"""

from unicodedata import normalize

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.util import isdigits

from contracts.errors import Malformed


def check_civil_id(text: str) -> str:
    """Normalise a resident identity number (GB 11643): length, birth date, check character.

    The region is not looked up, so `ric.validate` is not used: its table lacks codes that were
    abolished (440524, 340524) and people keep their number for life.  Raises
    Malformed("bad_civil_id"), without repeating the number.
    """
    number: str = ric.compact(normalize("NFKC", text))  # full-width digits, as Chinese input gives
    length = 18
    if len(number) != length or not isdigits(number[:-1]):
        raise Malformed("bad_civil_id", "not 17 digits and a check character")
    if number[-1] != ric.calc_check_digit(number):
        raise Malformed("bad_civil_id", "the check character is wrong")
    try:
        ric.get_birth_date(number)
    except ValidationError:
        raise Malformed("bad_civil_id", "no such day of birth") from None
    return number


def check_organisation_id(text: str) -> str:
    """Normalise a unified social credit code (GB 32100); raises Malformed("bad_civil_id")."""
    try:
        number: str = uscc.validate(normalize("NFKC", text))
    except ValidationError:
        raise Malformed("bad_civil_id", "not a unified social credit code") from None
    return number
