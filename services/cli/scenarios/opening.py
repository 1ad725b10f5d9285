"""The scenarios of this city, and which city it is."""

import os
from pathlib import Path

from services.cli.evidence.scenarios import open_scenarios
from services.plumbing.settings import load_settings, read_values
from services.scenarios.settings import ScenariosSettings

__all__ = ["city_of", "open_scenarios"]


def city_of(file: Path | None) -> str:
    """Return the code of the city whose settings these are."""
    return load_settings(ScenariosSettings, read_values(file, os.environ)).city
