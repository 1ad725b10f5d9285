"""A partner city: how the other city sees it, and what a month came to between the two.

伙伴城市示例：查看本市在对方网关的成员状态，以及两市之间某月的对账单。
"""

import argparse
import json
import sys
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, import_key

from huxin_client import Away, City, Problem

WORDS = {
    "--gateway": "the other city's gateway 对方网关地址",
    "--key": "this city's transport key, a JWK file 本市传输签名私钥文件",
    "--period": "the month, such as 2026-11 月份",
    "--home": "GB/T 2260 code of the home city 归属城市代码",
    "--host": "GB/T 2260 code of the host city 到访城市代码",
}


def main() -> int:
    """Print the membership and the totals of the statement; 1 when the answer was no."""
    words = argparse.ArgumentParser(description=__doc__)
    for name, meaning in WORDS.items():
        words.add_argument(name, required=True, help=meaning)
    asked = words.parse_args()
    try:
        key = import_key(json.loads(Path(asked.key).read_text(encoding="utf-8")))
    except (OSError, ValueError, JoseError) as error:
        words.error(f"--key: {error}")
    if not isinstance(key, OKPKey | ECKey) or not key.is_private:
        words.error("--key is no transport key: a private Ed25519 or P-256 key is wanted")
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
    except (Away, ValueError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
