"""docs/operations.md says of each setting and metric what is so."""

import re
from dataclasses import MISSING
from pathlib import Path

import prometheus_client

from services.cli.settings_file import defaults

PAGE = (Path(__file__).parents[3] / "docs/operations.md").read_text("utf-8")


def test_the_page_lists_every_setting_with_its_default():
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.*?) \| ", PAGE, re.MULTILINE))

    wanted = {
        name: "" if default is MISSING else f"`{default}`" for name, default in defaults().items()
    }
    assert {name: rows.get(name) for name in wanted} == wanted


def test_the_page_lists_every_metric_of_a_node():
    served = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in prometheus_client.REGISTRY.collect()
        if family.name.startswith("huxin_")
    }

    assert {name for name in served if f"`{name}`" not in PAGE} == set()
