"""The roster as a file: a JWS by the alliance's offices, for which any channel will do.

One whose grace is over is still read: nothing is believed or signed by it (Roster.check_age), but
residents can withdraw their consent.
"""

from typing import Final

from services.recognition.adapters.documents import AllianceKeys, open_document
from services.recognition.adapters.roster_claims import read_roster, roster_claims
from services.recognition.domain import jws, jws_json
from services.recognition.domain.jws import Signatures, Signer
from services.recognition.domain.roster import Roster

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


def load_roster(text: str, *, alliance_keys: AllianceKeys, signatures: Signatures) -> Roster:
    """Read and check a roster; raises Unauthenticated("bad_signature"), Malformed."""
    return read_roster(
        open_document(text, typ=TYPE, alliance_keys=alliance_keys, signatures=signatures)
    )
