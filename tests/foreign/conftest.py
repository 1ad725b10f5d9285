"""The foreign packages, pinned by package-lock.json."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def install(folder: Path) -> None:
    """Install the pinned packages once for each lock; npm's own cache makes a repeat quick."""
    installed = folder / "node_modules/.package-lock.json"
    lock = folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        command = ["npm", "ci", "--no-fund", "--no-audit"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session", autouse=True)
def packages():
    install(HERE)
