"""What is wrong is told in plain lines."""

import pytest
import typer

from contracts.errors import Malformed
from services.cli.screen import plain_errors


def test_each_field_that_is_wrong_is_named(capsys):
    with pytest.raises(typer.Exit) as ended, plain_errors():
        raise Malformed(errors={"quota.count": "At least 1.", "title": "Missing."})

    assert ended.value.exit_code == 1
    said = capsys.readouterr().err
    assert "  quota.count: At least 1.\n" in said
    assert "  title: Missing.\n" in said
