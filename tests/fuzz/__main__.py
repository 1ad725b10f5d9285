"""`make fuzz`: look for what the gateway answers otherwise than openapi.json says, for long."""

import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.e2e.runtimes import Embedded, running
from tests.fuzz.run import fuzz

SECONDS = 60 * int(os.environ.get("FUZZ_MINUTES", "60"))
SEED = os.environ.get("FUZZ_SEED") or str(SystemRandom().randrange(2**32))


def main() -> int:
    sys.stdout.write(f"fuzz: {SECONDS} s, FUZZ_SEED={SEED}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with running(Embedded(), directory) as alliance:
            bounds = ("--max-time", str(SECONDS), "--seed", SEED)
            return fuzz(alliance, directory, *bounds, people=100).returncode


if __name__ == "__main__":
    sys.exit(main())
