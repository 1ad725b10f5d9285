"""Synthetic people and companies for the demo, the sandbox and the tests.

Their numbers pass every check of GB 11643 and GB 32100 and can belong to nobody: no region code
starts with 99 (GB/T 2260 ends with 82).
"""

from datetime import date, timedelta
from typing import Final

from stdnum.cn import ric, uscc

from huxin_client.shell.language import spoken

REGION: Final = "990100"
FIRST_BIRTHDAY: Final = date(1950, 1, 1)
BIRTHDAYS: Final = 20_000  # days, to 2004: adults only
PER_DAY: Final = 999
ORGANISATIONS: Final = 100_000_000


def synthetic_civil_id(number: int) -> str:
    """Name the resident with this running number; different numbers, different people."""
    if not 0 <= number < BIRTHDAYS * PER_DAY:
        raise ValueError(spoken("there are not so many synthetic people", "没有这么多虚构人员"))
    sequence, day = divmod(number, BIRTHDAYS)
    birthday = FIRST_BIRTHDAY + timedelta(days=day)
    body = f"{REGION}{birthday:%Y%m%d}{sequence + 1:03}"
    return body + str(ric.calc_check_digit(body + "0"))


def synthetic_organisation_id(number: int) -> str:
    """Name the company with this running number."""
    if not 0 <= number < ORGANISATIONS:
        raise ValueError(spoken("there are not so many synthetic companies", "没有这么多虚构企业"))
    body = f"91{REGION}{number:09}"
    return body + str(uscc.calc_check_digit(body))
