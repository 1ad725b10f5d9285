"""The text that is consented to, as home shows it now."""

from collections.abc import Sequence
from datetime import datetime

from contracts.consents import ConsentText as Shown
from contracts.consents import ShowConsentText
from contracts.errors import Refused
from services.recognition.domain import consent
from services.recognition.domain.consent_text import ConsentText, Snapshot, Wording
from services.recognition.domain.roster import City
from services.recognition.ports import Node


def show_consent_text(command: ShowConsentText, *, node: Node, now: datetime) -> Shown:
    """Render the text in force for one recipient, its purposes and an end.

    Raises Malformed naming `purposes` or `until`; Refused recipient_not_member,
    recipient_not_assessed or consent_text_not_in_force.
    """
    consent.check(command.purposes, command.until, now)
    text = node.consent_texts().current(now)
    return shown(snapshot_of(text, command.recipient, command.purposes, command.until, node=node))


def snapshot_of(
    text: ConsentText, recipient: str, purposes: Sequence[str], until: datetime, *, node: Node
) -> Snapshot:
    """Render a version for one other city that takes part.

    Raises Refused recipient_not_member or recipient_not_assessed.
    """
    texts, cities = node.consent_texts(), node.roster().cities
    home, host = cities.get(node.city), cities.get(recipient)
    if recipient == node.city:
        raise Refused("recipient_not_member", f"city {recipient} is this home itself")
    if home is None or host is None or not host.online:
        raise Refused("recipient_not_member", f"city {recipient}")
    texts.assessment_of(recipient)
    return texts.render(
        text,
        home=(home.code, _name(home)),
        recipient=(host.code, _name(host)),
        purposes=sorted(purposes),
        until=until,
    )


def shown(snapshot: Snapshot) -> Shown:
    return Shown(
        version=snapshot.version,
        digest=snapshot.digest,
        text_zh=snapshot.wording.zh,
        text_en=snapshot.wording.en,
    )


def _name(city: City) -> Wording:
    return Wording(city.name, city.name_en)
