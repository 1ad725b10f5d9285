"""A foreign validator (Ajv) reads our JSON Schema, and our explanations keep it."""

import json
import subprocess
from pathlib import Path

import pytest

from contracts.documents.__main__ import ROOT
from tests.builders.explanations import written

pytestmark = pytest.mark.scenarios

HERE = Path(__file__).parent
SCHEMA = json.loads((ROOT / "contracts/explanation-v1.schema.json").read_text(encoding="utf-8"))


def verdicts(*documents):
    answer = subprocess.run(
        ["node", HERE / "explain.mjs"],
        input=json.dumps({"schema": SCHEMA, "documents": documents}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_a_foreign_validator_finds_nothing_wrong_with_any_explanation():
    documents = written()

    assert verdicts(*documents.values()) == [[] for _ in documents]


def test_a_foreign_validator_finds_what_is_wrong():
    granted = written()["granted"]
    wrong = (
        {**granted, "decided_at": "yesterday"},
        {**granted, "outcome": "maybe"},
        {**granted, "facts": {**granted["facts"], "tier": 9}},
        {name: value for name, value in granted.items() if name != "reason"},
    )

    found = verdicts(*wrong)

    assert "/decided_at" in found[0][0]
    assert "/outcome" in found[1][0]
    assert any("/facts" in error for error in found[2])
    assert "reason" in found[3][0]


def test_a_reader_of_version_1_takes_a_field_that_was_added_later():
    assert verdicts({**written()["granted"], "added_later": 1}) == [[]]
