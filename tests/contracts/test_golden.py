"""Yesterday's writer and today's reader: what was published keeps its meaning (ADR 0002)."""

import pytest

from contracts import wire
from contracts.documents.examples import specimens
from tests.contracts import golden

SPECIMENS = {name for name, _ in specimens()}


def covers(written, today):
    """Whether everything of `written` is in `today`, unchanged; `today` may have more fields."""
    if isinstance(written, dict):
        return isinstance(today, dict) and all(
            name in today and covers(value, today[name]) for name, value in written.items()
        )
    if isinstance(written, list):
        return (
            isinstance(today, list)
            and len(written) == len(today)
            and all(map(covers, written, today))
        )
    return type(written) is type(today) and written == today


def test_every_message_version_has_its_golden_file():
    missing = SPECIMENS - {path.stem for path in golden.files()}

    assert not missing, "run `python -m tests.contracts.golden`"


def test_no_published_message_version_has_gone():
    gone = {path.stem for path in golden.files()} - SPECIMENS

    assert not gone


@pytest.mark.parametrize("path", golden.files(), ids=lambda path: path.stem)
def test_a_golden_message_is_read_and_means_the_same(path):
    written = golden.read(path)

    envelope = wire.decode(written)
    again = wire.encode(envelope.body, at=envelope.at, id=envelope.id, cause=envelope.cause)

    assert path.stem.startswith(written["name"])
    assert covers(written, again)


def test_adding_golden_files_never_rewrites_one(tmp_path):
    first = golden.add_missing(tmp_path)
    first[0].write_text("{}\n", encoding="utf-8")

    assert golden.add_missing(tmp_path) == []
    assert first[0].read_text(encoding="utf-8") == "{}\n"


@pytest.mark.parametrize(
    ("written", "today"),
    [
        ({"count": 1}, {}),
        ({"count": 1}, {"count": "1"}),
        ({"count": 1}, {"count": True}),
        ({"limit": {"count": 1}}, {"limit": {}}),
        ({"lines": [1]}, {"lines": [1, 2]}),
    ],
)
def test_a_lost_or_changed_field_does_not_pass_for_the_same(written, today):
    assert not covers(written, today)
