"""The roster as a file: a JWS by the alliance's offices, for which any channel will do.

A node never goes back to an older roster than it has seen.  One whose grace is over is still read:
nothing is believed or signed by it (Roster.check_age), but residents can withdraw their consent.
"""

from typing import Final

from contracts.errors import Refused
from services.recognition.adapters.documents import AllianceKeys, open_document
from services.recognition.adapters.roster_claims import read_roster, roster_claims
from services.recognition.domain import jws, jws_json
from services.recognition.domain.jws import Signatures, Signer
from services.recognition.domain.roster import Roster, RosterVersion

TYPE: Final = "huxin-roster+jwt"


def sign_roster(roster: Roster, signer: Signer, *others: Signer) -> str:
    """Write the file's text, signed by one alliance key or several."""
    text = jws.write(roster_claims(roster), typ=TYPE, signer=signer)
    for other in others:
        text = add_signature(text, other)
    return text


def add_signature(text: str, signer: Signer) -> str:
    """Sign a signed roster by one more key; what the others signed stays to the letter."""
    return jws_json.write(jws_json.add(jws_json.read(text.strip()), typ=TYPE, signer=signer))


def load_roster(
    text: str,
    *,
    alliance_keys: AllianceKeys,
    signatures: Signatures,
    last: RosterVersion | None = None,
) -> Roster:
    """Read and check a roster file.

    Raises Unauthenticated("bad_signature"), Malformed naming the place, Refused("stale_roster") for
    one older than `last`, or of the same version with other content: there were two of it.
    """
    roster = read_roster(
        open_document(text, typ=TYPE, alliance_keys=alliance_keys, signatures=signatures)
    )
    if last is not None and roster.version < last.number:
        raise Refused("stale_roster", f"version {roster.version}, seen {last.number}")
    if last is not None and roster.version == last.number and roster.digest != last.digest:
        raise Refused("stale_roster", f"version {roster.version} was seen with other content")
    return roster
