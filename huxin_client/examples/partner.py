"""A partner city: how the other city sees it, and what a month came to between the two.

`python -m huxin_client.examples.partner --help` says what it wants.
"""

import argparse
import json
import sys
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey, import_key

from huxin_client import City, Problem


def main() -> int:
    """Print the membership and the totals of the statement; 1 when the answer was no."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--gateway", "--key", "--period", "--home", "--host"):
        words.add_argument(name, required=True)
    asked = words.parse_args()
    key = import_key(json.loads(Path(asked.key).read_text(encoding="utf-8")))
    if not isinstance(key, OKPKey | ECKey):
        words.error("--key is no transport key")
    try:
        with City(asked.gateway, key) as city:
            standing = city.show_membership()
            print(standing.city, standing.state)
            drawn = city.draw_statement(period=asked.period, home=asked.home, host=asked.host)
            print(f"issued {drawn.issued} redeemed {drawn.redeemed} fen {drawn.redeemed_fen}")
            print(drawn.digest)
    except Problem as problem:
        print(f"{problem.code}: {problem.next_step}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
