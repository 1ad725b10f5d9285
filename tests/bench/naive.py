"""The baseline: a gateway as nameko's examples write it, one RPC for every request.

Started as two processes, `python -m tests.bench.naive gateway|service BUS_URL PORT`.
"""

import json
import sys
from typing import Any

from services.plumbing.green import eventlet  # first: it must patch before anything opens a socket

eventlet.monkey_patch()

from nameko.rpc import RpcProxy, rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.web.handlers import http  # noqa: E402

TIERS = {f"holder-{number}": number % 5 + 1 for number in range(1000)}


class Service:
    """Knows tiers, and is asked for each one over the bus."""

    name = "naive_scores"

    @rpc
    def tier(self, holder: str) -> int | None:
        return TIERS.get(holder)


class Gateway:
    """Answers nothing by itself."""

    name = "naive_gateway"
    scores = RpcProxy("naive_scores")

    @http("GET", "/eligibility/<holder>")
    def eligibility(self, request: Any, holder: str) -> str:
        return json.dumps({"holder": holder, "tier": self.scores.tier(holder)})


def main(part: str, bus_url: str, port: str) -> None:
    runner = ServiceRunner({"AMQP_URI": bus_url, "WEB_SERVER_ADDRESS": f"127.0.0.1:{port}"})
    runner.add_service({"gateway": Gateway, "service": Service}[part])
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
