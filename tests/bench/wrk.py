"""Run wrk for a few seconds and read its figures."""

import re
import shutil
import subprocess
import tempfile
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


@dataclass(frozen=True)
class Figures:
    """One run: requests per second, and latencies in milliseconds."""

    rps: float
    p50_ms: float
    p99_ms: float


def load(url: str, script: Path | None = None, seconds: int = SECONDS) -> Figures:
    """Load a URL, or the requests of a Lua script; raise RuntimeError on any failed request."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("wrk is missing: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:  # each thread reads it again
        lua.write((script.read_text() if script else "") + DONE)
        lua.flush()
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", lua.name, url]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"FIGURES (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", result.stdout)
    if found is None:
        raise RuntimeError(f"wrk: {result.stdout}{result.stderr}")
    requests, micros, p50, p99, refused, broken = (int(text) for text in found.groups())
    if refused or broken or not requests:
        raise RuntimeError(f"{url}: {refused} refused, {broken} broken of {requests} requests")
    return Figures(requests / micros * 1e6, p50 / 1000, p99 / 1000)
