"""A citizen's app: consents at home, shows the attestation to a host, and takes an incentive.

HUXIN_IDENTITY_TOKEN is the resident's token; `python -m huxin_client.examples.app --help`.
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta

from contracts.http import AttestationBody, GrantBody
from contracts.words import Category
from huxin_client import Citizen, Everyone, Holder, HolderKey, Problem

CONSENT_DAYS = 30


def main() -> int:
    """Print what may be taken, then the pass of what was taken; 1 when the answer was no."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--home", "--host", "--host-city", "--incentive"):
        words.add_argument(name, required=True)
    words.add_argument("--purpose", action="append", required=True, type=Category)
    asked = words.parse_args()
    until = datetime.now(UTC) + timedelta(days=CONSENT_DAYS)
    key = HolderKey()
    try:
        with Everyone(asked.home) as anyone:
            text = anyone.show_consent_text(
                recipient=asked.host_city, purpose=asked.purpose, until=until
            )
        print(text.text)  # a person reads this, and agrees
        with Citizen(asked.home, os.environ["HUXIN_IDENTITY_TOKEN"]) as citizen:
            citizen.consent_to(text, asked.host_city, asked.purpose, until)
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
