"""The foreign packages, pinned by package-lock.json."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session", autouse=True)
def packages():
    """Install the pinned packages once for each lock; npm's own cache makes a repeat quick."""
    installed = HERE / "node_modules/.package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = ["npm", "ci", "--no-fund", "--no-audit"]
        subprocess.run(command, cwd=HERE, check=True, capture_output=True)
