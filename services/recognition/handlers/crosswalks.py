"""Signed crosswalks: keep what is published, tell whom it concerns, follow up what others tell.

Everything here is safe to repeat and may run in several processes: a version is kept once, and
who keeps it first tells of it.
"""

from datetime import datetime
from typing import Final
from uuid import uuid4

from contracts import wire
from contracts.crosswalks import CrosswalkDocument, ShowCrosswalk
from contracts.errors import Conflict, ContractError, NotFound, Refused, Unavailable
from contracts.notices import CROSSWALK_PUBLISHED, CrosswalkPublished
from contracts.words import Category
from services.recognition.domain.crosswalk import ALLIANCE, Crosswalk
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from services.recognition.domain.crosswalk_versions import Published, in_force, reference
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.domain.override import Override
from services.recognition.domain.recognition import Recognition
from services.recognition.domain.tiers import Tiers, tiers_as_of, tiers_by
from services.recognition.handlers.heard import Heard
from services.recognition.handlers.notices import announce_notice
from services.recognition.ports import Node, UnitOfWork

AT_A_TIME: Final = 100  # offers looked at in one go


def take_in_crosswalks(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Keep what was put into the directory signed by all, and tell other cities.

    Not of the first table of the alliance: a node is founded with it, and so is every other.
    """
    with uow:
        kept = uow.crosswalks.digests()
    for published in node.crosswalk_source.found():
        known = kept.get((published.name, published.version))
        if known == published.digest or not _concerns(published, node):
            continue
        try:
            with uow:
                is_first = not uow.crosswalks.versions(published.name)
                new = uow.crosswalks.add(published, now)
                if new and not (is_first and published.name == ALLIANCE):
                    _tell(published, uow=uow, node=node, now=now)
                uow.commit()
        except Conflict as error:
            node.crosswalk_source.refuse(_offer(published, node.city), error)
    refresh_crosswalks(uow=uow, node=node)


def follow_up_offers(*, uow: UnitOfWork, node: Node, now: datetime) -> None:
    """Fetch what other cities published; a city that does not answer is asked another time."""
    with uow:
        offers = uow.crosswalk_offers.pending(AT_A_TIME)
    away = set()
    for offer in offers:
        if offer.sender in away:
            continue
        try:
            published = node.crosswalk_source.fetch(offer)
            if not _concerns(published, node):
                raise Refused("unknown_crosswalk", "an override of two other cities")
            with uow:
                uow.crosswalks.add(published, now)
                uow.commit()
        except Unavailable as error:
            away.add(offer.sender)
            node.crosswalk_source.refuse(offer, error)
            continue
        except ContractError as error:
            node.crosswalk_source.refuse(offer, error)
        with uow:
            uow.crosswalk_offers.remove(offer)
            uow.commit()
    refresh_crosswalks(uow=uow, node=node)


def refresh_crosswalks(*, uow: UnitOfWork, node: Node) -> None:
    """Let this process go by all that is kept; nothing that is kept ever changes or goes."""
    with uow:
        if len(uow.crosswalks.digests()) != node.crosswalk_source.size:
            node.crosswalk_source.know(uow.crosswalks.all())


def on_crosswalk_published(heard: Heard) -> None:
    """Note what another city says it has, unless it is known; it is fetched afterwards."""
    told = heard.read(CrosswalkPublished)
    known = heard.uow.crosswalks.versions(told.name)
    if any((each.version, each.digest) == (told.version, told.digest) for each in known):
        return
    offer = CrosswalkOffer(
        sender=heard.sender, name=told.name, version=told.version, digest=told.digest
    )
    heard.uow.crosswalk_offers.add(offer, heard.now)


def tier_as_of(
    band: str,
    *,
    home: str,
    host: str,
    category: Category | None,
    at: datetime,
    uow: UnitOfWork,
) -> int | None:
    """Say what a band was worth at a host at a moment, by what is kept; None: nothing knew it."""
    with uow:
        tables, overrides = _documents(uow)
    tiers = tiers_as_of(tables, overrides, home=home, host=host, band=band, at=at)
    return tiers.tier_for(category) if tiers else None


def replay(recognition: Recognition, band: str, *, host: str, uow: UnitOfWork) -> Tiers:
    """Judge a band again by the very versions a recognition rested on; raises NotFound.

    The host keeps no band; whoever asks has it of the attestation whose digest is in the evidence.
    """
    evidence = recognition.evidence
    with uow:
        tables, overrides = _documents(uow)
    table = next((each for each in tables if each.version == evidence.crosswalk), None)
    named = [each for each in overrides if reference(each) in evidence.overrides]
    if table is None or len(named) != len(evidence.overrides):
        raise NotFound("not_found", "crosswalk of a recognition")
    tiers = tiers_by(table, named, home=recognition.home, host=host, band=band)
    if tiers is None:
        raise NotFound("not_found", "band")
    return tiers


def show_crosswalk(
    command: ShowCrosswalk, *, uow: UnitOfWork, node: Node, now: datetime
) -> CrosswalkDocument:
    """Show a version of a crosswalk, or the one in force, else the newest; raises NotFound."""
    with uow:
        versions = {each.version: each for each in uow.crosswalks.versions(command.table)}
    current = in_force([each.document for each in versions.values()], now)
    wanted = command.version or (current.version if current else max(versions, default=0))
    if wanted not in versions:
        raise NotFound("not_found", "crosswalk")
    published = versions[wanted]
    return CrosswalkDocument(
        table=published.name,
        version=published.version,
        digest=published.digest,
        document=published.text,
        draft=node.crosswalk_source.draft(published),
        effective_from=published.document.effective_from,
        effective_until=published.document.effective_until,
    )


def _documents(uow: UnitOfWork) -> tuple[list[Crosswalk], list[Override]]:
    documents = [each.document for each in uow.crosswalks.all()]
    return (
        [each for each in documents if isinstance(each, Crosswalk)],
        [each for each in documents if isinstance(each, Override)],
    )


def _concerns(published: Published, node: Node) -> bool:
    """Say whether this city goes by a document: the alliance's, or one it is a party of."""
    document = published.document
    return isinstance(document, Crosswalk) or node.city in {document.home, document.host}


def _tell(published: Published, *, uow: UnitOfWork, node: Node, now: datetime) -> None:
    document = published.document
    cities = [city.code for city in node.roster().cities.values() if city.online]
    if isinstance(document, Override):
        cities = [document.home, document.host]
    told = CrosswalkPublished(
        name=published.name, version=published.version, digest=published.digest, at=now
    )
    for city in cities:
        if city != node.city:
            unsigned = UnsignedNotice(
                id=uuid4(),
                recipient=city,
                event=CROSSWALK_PUBLISHED,
                body=wire.dump(told),
                subject=published.name,
            )
            announce_notice(unsigned, uow=uow, node=node, now=now)


def _offer(published: Published, sender: str) -> CrosswalkOffer:
    return CrosswalkOffer(
        sender=sender, name=published.name, version=published.version, digest=published.digest
    )
