"""A citizen's app: consents at home, shows the attestation to a host, and takes an incentive.

市民应用示例：在归属城市授权，向到访城市出示证明并领取激励。
HUXIN_IDENTITY_TOKEN is the resident's token (居民的统一身份认证令牌).
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta

from contracts.http import AttestationBody, GrantBody
from contracts.words import Category
from huxin_client import Away, Citizen, Everyone, Holder, HolderKey, Problem

CONSENT_DAYS = 30
WORDS = {
    "--home": "the home city's gateway 归属城市网关地址",
    "--host": "the host city's gateway 到访城市网关地址",
    "--host-city": "its GB/T 2260 code 到访城市代码",
    "--incentive": "the id of what to take 激励措施编号",
}


def main() -> int:
    """Print what may be taken, then the pass of what was taken; 1 when the answer was no."""
    words = argparse.ArgumentParser(description=__doc__)
    for name, meaning in WORDS.items():
        words.add_argument(name, required=True, help=meaning)
    words.add_argument(
        "--purpose",
        action="append",
        required=True,
        choices=[each.value for each in Category],
        help="may be repeated 授权用途，可重复",
    )
    asked = words.parse_args()
    identity_token = os.environ.get("HUXIN_IDENTITY_TOKEN", "")
    if not identity_token:
        words.error("HUXIN_IDENTITY_TOKEN is not set (未设置居民令牌)")
    purposes = [Category(each) for each in asked.purpose]
    until = datetime.now(UTC) + timedelta(days=CONSENT_DAYS)
    key = HolderKey()
    try:
        with Everyone(asked.home) as anyone:
            text = anyone.show_consent_text(
                recipient=asked.host_city, purpose=purposes, until=until
            )
        print(text.text)  # a person reads this, and agrees
        with Citizen(asked.home, identity_token) as citizen:
            citizen.consent_to(text, asked.host_city, purposes, until)
            attestation = citizen.issue_attestation(
                AttestationBody(recipient=asked.host_city, holder_key=key.public)
            )
        with Holder(asked.host) as holder:
            holder.enter(key, attestation.credential)
            for offer in holder.show_eligibility().offers:
                print("+" if offer.eligible else "-", offer.incentive_id, *offer.reasons)
            grant = holder.issue_grant(GrantBody(incentive_id=asked.incentive))
            print(grant.pass_token)
    except Problem as problem:
        print(f"{problem.code}: {problem.next_step}", file=sys.stderr)
        return 1
    except (Away, ValueError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
