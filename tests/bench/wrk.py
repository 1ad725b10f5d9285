"""Run wrk for a few seconds and read its figures."""

import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS, SECONDS = 32, 5

# Latencies in a line of our own: wrk's table has no p50 and p99 that are easy to read.
DONE = """
done = function(summary, latency, requests)
  io.write(string.format("FIGURES %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""

PACED = """
function delay()
  return math.floor({pace} + math.random())
end
"""


@dataclass(frozen=True)
class Figures:
    """One run: requests per second, latencies in milliseconds, cost in microseconds."""

    rps: float
    p50_ms: float
    p99_ms: float
    us: float = 0.0  # of the server's processor time for each request, where it was measured


def load(
    url: str,
    script: str = "",
    seconds: int = SECONDS,
    connections: int = CONNECTIONS,
    pace: float | None = None,
    *,
    sheds: bool = False,
) -> Figures:
    """Load a URL, by the requests of a Lua script; raise RuntimeError on any failed request.

    One that `sheds` may refuse some.  With a `pace`, each connection waits so many ms between
    requests, on average.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("wrk is missing: apt-get install wrk")
    paced = "" if pace is None else PACED.format(pace=pace)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:  # each thread reads it again
        lua.write(script + paced + DONE)
        lua.flush()
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", lua.name, url]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"FIGURES (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", result.stdout)
    if found is None:
        raise RuntimeError(f"wrk: {result.stdout}{result.stderr}")
    requests, micros, p50, p99, refused, broken = (int(text) for text in found.groups())
    if (refused and not sheds) or broken or not requests:
        raise RuntimeError(f"{url}: {refused} refused, {broken} broken of {requests} requests")
    return Figures(requests / micros * 1e6, p50 / 1000, p99 / 1000)


def as_each(tokens: Path) -> str:
    """Return a script that asks with another token of a file each time."""
    return f"""
local tokens, n = {{}}, 0
for line in io.lines("{tokens}") do tokens[#tokens + 1] = line end
function request()
  n = n % #tokens + 1
  wrk.headers["Authorization"] = "Bearer " .. tokens[n]
  return wrk.format("GET")
end
"""


def median(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure."""
    return Figures(
        statistics.median(run.rps for run in runs),
        statistics.median(run.p50_ms for run in runs),
        statistics.median(run.p99_ms for run in runs),
        statistics.median(run.us for run in runs),
    )
