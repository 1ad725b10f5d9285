"""An operator's till: reads one pass a line, as a scanner types them, and says what is owed.

HUXIN_CLIENT_SECRET is the client's; `python -m huxin_client.examples.till --help`.
"""

import argparse
import os
import sys
from uuid import uuid4

from huxin_client import Away, Operator, Problem


def main() -> int:
    """Redeem until the input ends; the exit code is the number of passes without an answer."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--gateway", required=True)
    words.add_argument("--client-id", required=True)
    asked = words.parse_args()
    away = 0
    secret = os.environ["HUXIN_CLIENT_SECRET"]
    with Operator(asked.gateway, client_id=asked.client_id, client_secret=secret) as till:
        for line in sys.stdin:
            redemption_id = uuid4()  # write it down first: a repeat by the same id is the same use
            try:
                due = till.redeem_pass(line.strip(), redemption_id=redemption_id)
            except Problem as problem:
                print(f"NO  {problem.code}: {problem.next_step}", flush=True)
            except Away:
                away += 1
                print(f"??  ask again as {redemption_id}", flush=True)
            else:
                print(f"YES {due.incentive_id} {due.benefit} left: {due.uses_left}", flush=True)
    return away


if __name__ == "__main__":
    sys.exit(main())
