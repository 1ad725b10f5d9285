"""The alliance's office: it signs the rosters that every city goes by."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from services.cli.new_keys import ALGORITHM, roster_entry
from services.cli.roster.drafts import GRACE_DAYS, KEY_DAYS, ROSTER_DAYS
from services.cli.roster.files import listed_key, load_alliance_keys, open_signed, write_file
from services.plumbing.clock import utc_now
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_file import sign_roster
from services.recognition.domain.roster import KeyUse, Roster
from services.recognition.domain.roster_changes import next_roster, retire_key, rotate_key

OVERLAP = timedelta(days=31)  # as long as an attestation may live


class Office:
    """Invariant: each roster it signs follows the one in the file."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "roster.jws"
        self._keys = load_alliance_keys(directory / "alliance-keys.json")
        self._signer = PrivateKey.load(directory / "alliance.jwk")

    def rotate_attestation_key(self, city: str, keys: Path) -> str:
        """Give a city a new attestation key, in use at once beside the old one; return its name.

        In life the city makes the key and sends its public part.
        """
        made, now = PrivateKey.generate(ALGORITHM), utc_now()
        listed = listed_key(
            roster_entry(made, KeyUse.ATTESTATION),
            code=city,
            use_from=now,
            use_until=now + timedelta(days=2 * KEY_DAYS),
        )
        self._publish(lambda roster: rotate_key(roster, city, listed, overlap=OVERLAP))
        (keys / "attestation.jwk").rename(keys / "attestation-former.jwk")
        made.save(keys / "attestation.jwk")
        return listed.kid

    def retire(self, kid: str) -> None:
        """Let nobody believe what a key signed."""
        self._publish(lambda roster: retire_key(roster, kid))

    def _publish(self, change: Callable[[Roster], Roster]) -> None:
        former = open_signed(self._file.read_text("ascii"), self._keys)
        following = next_roster(
            former,
            now=utc_now(),
            life=timedelta(days=ROSTER_DAYS),
            grace=timedelta(days=GRACE_DAYS),
        )
        write_file(self._file, sign_roster(change(following), self._signer), force=True)
