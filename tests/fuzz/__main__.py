"""`make fuzz`: look for what the gateway answers otherwise than openapi.json says, for long."""

import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from services.cli.demo.world import FUZHOU, HANGZHOU
from tests.e2e.runtimes import Embedded, running
from tests.fuzz.callers import open_up
from tests.fuzz.lived_in import live, watched
from tests.fuzz.run import fuzz

SECONDS = 60 * int(os.environ.get("FUZZ_MINUTES", "60"))
TESTED = FUZHOU, HANGZHOU  # at home with what its people did, and a host with its visitors
PEOPLE = 80  # of each city, for each run
SEED = os.environ.get("FUZZ_SEED") or str(SystemRandom().randrange(2**32))


def main() -> int:
    sys.stdout.write(f"fuzz: {SECONDS} s, FUZZ_SEED={SEED}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with running(Embedded(), directory) as alliance:
            with watched(alliance) as left:
                live(alliance)
                for city in TESTED:
                    open_up(alliance, city)
            bounds = ("--max-time", str(SECONDS // len(TESTED)), "--seed", SEED)
            ended = [
                fuzz(alliance, city, left[city], directory, *bounds, people=PEOPLE)
                for city in TESTED
            ]
            return max(each.returncode for each in ended)


if __name__ == "__main__":
    sys.exit(main())
