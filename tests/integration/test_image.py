"""What deploy/Dockerfile puts into the image is all that the commands need.

No container is made here: what `.dockerignore` lets through and the first stage copies is laid out
in a directory, a wheel is built of it as the image does, and a command is run from that alone.
"""

import shutil
import subprocess
import sys
from zipfile import ZipFile

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.gateway

PATIENCE_SECONDS = 300
NOT_READ = {".md", ".csv"}  # by no command; a table that a test compares with
RUN = "import sys; sys.path[:0] = {path!r}; from services.cli.main import main; main()"


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Lay out what the first stage has before it builds."""
    place = tmp_path_factory.mktemp("build")
    for source in sources():
        found = [each for each in ROOT.glob(source) if is_let_through(each)]
        assert found, f"deploy/Dockerfile copies {source}, which .dockerignore keeps out"
        for each in found:
            target = place / each.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            if each.is_dir():
                shutil.copytree(each, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(each, target)
    return place


@pytest.fixture(scope="module")
def installed(copied, tmp_path_factory):
    """Unpack the wheel that is built of it."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", place]
    subprocess.run(
        [*pip, *options, copied], check=True, capture_output=True, timeout=PATIENCE_SECONDS
    )
    (wheel,) = place.glob("*.whl")
    with ZipFile(wheel) as files:
        files.extractall(place / "installed")
    return place / "installed"


def sources():
    """Name what the first stage copies from the tree."""
    _, stage, *_ = (ROOT / "deploy/Dockerfile").read_text().split("\nFROM ")
    lines = [line.split() for line in stage.splitlines() if line.startswith("COPY ")]
    return [source for words in lines for source in words[1:-1]]


def is_let_through(path):
    kept_out, *lines = (ROOT / ".dockerignore").read_text().split()
    assert kept_out == "*"
    let_through = [ROOT / line.removeprefix("!") for line in lines if line.startswith("!")]
    return any(path.is_relative_to(each) for each in let_through)


def test_every_file_that_is_read_is_in_the_image(copied, installed):
    packages = [copied / source for source in sources() if (copied / source).is_dir()]
    files = (file for package in packages for file in package.rglob("*") if file.is_file())

    read = {file.relative_to(copied) for file in files if file.suffix not in NOT_READ}

    assert {file for file in read if not (installed / file).is_file()} == set()


def test_a_command_finds_the_files_of_the_alliance_in_the_image(installed, tmp_path):
    libraries = [each for each in sys.path if each.endswith("site-packages")]
    program = RUN.format(path=[str(installed), *libraries])

    made = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, "sandbox", tmp_path / "cities"],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )

    assert made.returncode == 0, made.stderr
    assert (tmp_path / "cities/alliance/consent-texts.yaml").is_file()
