"""Run schemathesis on openapi.json and a running alliance, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.plumbing.clock import utc_now
from tests.e2e.runtimes import Alliance
from tests.fuzz.callers import PARTNERS, VISITORS_HOME, write_callers
from tests.fuzz.lived_in import Left
from tests.fuzz.refusals import ACCEPTED, NO_FAULT, REJECTED

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "contracts/openapi.json"
SAME_TERMS = ("try_any_incentive", "try_incentive")
SERVED = "served.txt"  # which audiences were
EXISTING = 0.5  # of the ids: those of something there is
PROBLEMS = ["malformed", "not_found", "ordinary_terms"]


def existing(left: Left, tested: str) -> dict[str, list[str]]:
    """Say what there is, by where it can be named."""
    named = {name: sorted(values) for name, values in left.ids.items()}
    cities = [PARTNERS[tested], VISITORS_HOME]
    places = {f"{place}.{name}": ids for place in ("path", "body") for name, ids in named.items()}
    fixed = {"path.problem": PROBLEMS, "path.period": [utc_now().strftime("%Y-%m")]}
    return places | fixed | {"path.city": cities, "body.recipient": cities}


def configuration(known: Mapping[str, Sequence[str]], *, quick: bool = False) -> str:
    """Write the configuration: all checks, and what `refusals` says of them; ids of what exists.

    A quick run leaves out what tests/e2e/test_bad_input.py tries (methods that are not there), and
    the hundreds of cases of terms that `publish_incentive` goes through as well.
    """
    lines = [
        'hooks = "tests.fuzz.hooks"',
        "[cache]",
        "enabled = false",
        "[generation]",
        "allow-x00 = false",  # no text here holds NUL (services/gateway/bodies.py)
        "[checks.not_a_server_error]",
        f"expected-statuses = {json.dumps(NO_FAULT)}",
        "[checks.negative_data_rejection]",
        f"expected-statuses = {json.dumps(REJECTED)}",
        "[checks.positive_data_acceptance]",
        f"expected-statuses = {json.dumps(ACCEPTED)}",
    ]
    if quick:
        lines += ["[phases.coverage]", "unexpected-methods = []"]
        lines += ["[phases.fuzzing.generation]", "max-examples = 1"]
        lines += ["[phases.stateful.generation]", "max-examples = 15"]
        for operation in SAME_TERMS:
            lines += ["[[operations]]", f'include-operation-id = "{operation}"']
            lines += ["[operations.phases.coverage]", "enabled = false"]
    for place, ids in known.items():
        lines += [f'[dictionaries."{place}"]', f"values = {json.dumps(ids)}"]
        lines += [f'[parameters."{place}"]', f'dictionary = "{place}"', f"probability = {EXISTING}"]
    return "\n".join(lines) + "\n"


def fuzz(
    alliance: Alliance,
    tested: str,
    left: Left,
    directory: Path,
    *arguments: str,
    people: int,
    quick: bool = False,
) -> "subprocess.CompletedProcess[str]":
    """Ask one city, of which it is known what there is.

    Say what was found, each with the curl line that shows it: in the end, or as `stdout`.  Whoever
    was let in is written, audience by audience, to the file SERVED of the directory.
    """
    callers, config = directory / "callers.json", directory / "schemathesis.toml"
    write_callers(alliance, tested, left, callers, people)
    config.write_text(configuration(existing(left, tested), quick=quick))
    command = [
        *(SCHEMATHESIS, "--config-file", config, "run", OPENAPI),
        *("--url", alliance.world.cities[tested].url, "--checks", "all", "--no-color"),
        *("--continue-on-failure", "--output-sanitize", "false", *arguments),
    ]
    environment = {
        "HUXIN_FUZZ_CALLERS": str(callers),
        "HUXIN_FUZZ_SERVED": str(directory / SERVED),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        command,
        cwd=directory,
        env=os.environ | environment,
        stdout=subprocess.PIPE if quick else None,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
