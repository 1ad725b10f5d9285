"""Who may move a grant from which state to which: every pair is either in the table or refused."""

import re
from itertools import product

import pytest

from contracts.words import GrantState
from services.scenarios.domain.transitions import TRANSITIONS, check_move
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.scenarios

PAIRS = list(product(GrantState, GrantState))
ROW = re.compile(r"^\| `(\w+)` \| `(\w+)` \| ([\w, ]+) \|", re.MULTILINE)


@pytest.mark.parametrize(("since", "to"), PAIRS)
def test_a_grant_moves_only_as_the_table_says(since, to):
    if (since, to) in TRANSITIONS:
        check_move(since, to)
    else:
        with pytest.raises(ValueError, match=f"from {since} to {to}"):
            check_move(since, to)


def test_the_table_for_readers_says_the_same():
    text = (ROOT / "docs/integration.md").read_text(encoding="utf-8")

    told = {
        (GrantState(since), GrantState(to)): frozenset(movers.split(", "))
        for since, to, movers in ROW.findall(text)
    }

    assert told == TRANSITIONS


def test_nothing_leads_out_of_expired():
    assert not [pair for pair in TRANSITIONS if pair[0] is GrantState.EXPIRED]
