"""Status lists at home: what everyone may learn of this city's attestations, now or in the past."""

from datetime import datetime

from contracts.errors import NotFound
from contracts.recognition import ShowStatusList, StatusListToken
from services.recognition.domain.status_list import LIFE, StatusList, sign_status_list
from services.recognition.ports import Node, UnitOfWork


def show_status_list(
    command: ShowStatusList, *, uow: UnitOfWork, node: Node, now: datetime
) -> StatusListToken:
    """Sign one of this city's status lists, as it stands now or stood at a past moment.

    The first list is there from the start, empty.  A list of the past is issued at that moment and
    over LIFE later, as it would have been then (draft-ietf-oauth-status-list §8.4).
    Raises NotFound: no such list, or none of that moment; Refused("key_not_usable").
    """
    with uow:
        entries = uow.status_lists.not_valid(command.list, command.at)
        begun_at = uow.status_lists.begun_at(command.list) if command.at else None
    if entries is None and command.list > 0:
        raise NotFound("not_found", "status list")
    if command.at and (reason := _why_not_shown(command.at, begun_at, node, now)):
        raise NotFound("not_found", f"time: {reason}")
    statuses = StatusList.blank()
    for index, status in entries or ():
        statuses[index] = status
    token = sign_status_list(
        statuses,
        uri=node.status_list_uri(command.list),
        now=command.at or now,
        ttl=LIFE,
        signer=node.signer,
    )
    return StatusListToken(token=token, until=now + LIFE)


def _why_not_shown(
    at: datetime, begun_at: datetime | None, node: Node, now: datetime
) -> str | None:
    """Say why there is no list of a moment that anybody could believe, or None."""
    if at > now:
        return "it is in the future"
    if begun_at is None or at < begun_at:
        return "the list was not begun then"
    home = node.roster().cities.get(node.city)
    key = home.keys.get(node.signer.kid) if home else None
    if key and key.why_not_usable(at):
        return "the key that signs today was not in use then"
    return None
