"""An operator's till: reads one pass a line, as a scanner types them, and says what is owed.

While the gateway is away it serves by its own check of the pass, and redeems once more at the end.
收银示例：每行读入一个权益码；网关不可达时离线核验，结束前补核销。
HUXIN_CLIENT_SECRET is the client's (客户端密钥).
"""

import argparse
import os
import sys
from pathlib import Path
from uuid import UUID, uuid4

from marshmallow import ValidationError

from contracts.access import Scope
from contracts.http import RedemptionBody
from contracts.passes import PassKeySet
from contracts.schemas import schema_of
from huxin_client import Away, Everyone, NotGood, Operator, PassCheck, Problem


def main() -> int:
    """Redeem until the input ends; the exit code is the number of passes still to be redeemed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--gateway", required=True, help="the city's gateway 网关地址")
    words.add_argument("--client-id", required=True, help="as the city gave it 客户端编号")
    words.add_argument(
        "--keys", required=True, type=Path, help="a file to keep the city's keys in 公钥文件"
    )
    asked = words.parse_args()
    secret = os.environ.get("HUXIN_CLIENT_SECRET", "")
    if not secret:
        words.error("HUXIN_CLIENT_SECRET is not set (未设置客户端密钥)")
    try:
        operator_id = asked.client_id.partition(".")[0]
        device = PassCheck(fetch_keys(asked.gateway, asked.keys), operator_id)
    except (OSError, ValueError, ValidationError) as error:
        words.error(f"no keys of the city, and none that were kept: {error}")
    waiting = {}
    till_only = (Scope.REDEMPTIONS,)
    with Operator(
        asked.gateway, client_id=asked.client_id, client_secret=secret, scopes=till_only
    ) as till:
        for line in sys.stdin:
            redemption_id = uuid4()  # write it down first: a repeat by the same id is the same use
            use = RedemptionBody(pass_token=line.strip())
            if not redeem(till, redemption_id, use) and serve_alone(device, use):
                waiting[redemption_id] = use
        left = [each for each, use in waiting.items() if not redeem(till, each, use)]
    for redemption_id in left:
        print(f"??  redeem again as {redemption_id}")
    return len(left)


def redeem(till: Operator, redemption_id: UUID, use: RedemptionBody) -> bool:
    """Print yes or no; return whether there was an answer."""
    try:
        due = till.redeem_pass(use, redemption_id=redemption_id)
    except Problem as problem:
        if problem.is_passing:
            return False
        print(f"NO  {problem.code}: {problem.next_step}", flush=True)
    except Away:
        return False
    else:
        print(f"YES {due.incentive_id} {due.benefit} left: {due.uses_left}", flush=True)
    return True


def serve_alone(device: PassCheck, use: RedemptionBody) -> bool:
    """Print what the device finds by itself; return whether it serves."""
    try:
        shown = device.check(use.pass_token)
    except NotGood as found:
        print(f"NO  offline {found.reason}", flush=True)
        return False
    print(f"OK  offline {shown.incentive_id} {shown.benefit}", flush=True)
    return True


def fetch_keys(gateway: str, file: Path) -> PassKeySet:
    """Fetch the city's keys and keep them; while it is away, take those that were kept."""
    schema = schema_of(PassKeySet)
    try:
        with Everyone(gateway) as anyone:
            file.write_text(schema.dumps(anyone.show_pass_keys()), encoding="utf-8")
    except (Away, Problem) as error:
        print(f"keys as they were kept: {error}", file=sys.stderr)
    kept: PassKeySet = schema.loads(file.read_text(encoding="utf-8"))
    return kept


if __name__ == "__main__":
    sys.exit(main())
