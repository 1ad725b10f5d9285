"""The test service in a process of its own, so that it can be killed.

Arguments: bus, database, queue, and `announce` to commit one event and die before it is published.
"""

import os
import sys

from services.plumbing.green import patch

patch()

if __name__ == "__main__":
    from services.plumbing.runner import run_forever
    from tests.integration.ledger import Node, an_event

    bus_url, database_url, queue, *what = sys.argv[1:]
    node = Node(bus_url, database_url, queue)
    if what == ["announce"]:
        node.announce(an_event())
        os._exit(9)
    run_forever(node.services())
