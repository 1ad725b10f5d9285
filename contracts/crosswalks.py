"""Messages about signed crosswalks: the alliance's table and what two cities agreed on."""

from dataclasses import dataclass

from contracts.fields import Document, Moment, Positive, Slug, Title
from contracts.wire import command, reply


@reply("recognition.crosswalk.document.v1")
@dataclass(frozen=True, kw_only=True)
class CrosswalkDocument:
    """A crosswalk that every party signed.

    `table` is its name: `alliance`, or home, host and category of an override.  `document` is JSON
    with their signatures (JWS, RFC 7515 §7.2), `draft` the same in YAML, as people write it;
    `digest` is the SHA-256 of what was signed, in hex.
    """

    table: Slug
    version: Positive
    digest: Title
    document: Document
    draft: Document
    effective_from: Moment
    effective_until: Moment | None = None


@command("recognition.crosswalk.show.v1", reply=CrosswalkDocument)
@dataclass(frozen=True, kw_only=True)
class ShowCrosswalk:
    """Ask for a version of a crosswalk, or the one in force, else the newest."""

    table: Slug
    version: Positive | None = None
