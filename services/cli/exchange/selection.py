"""Which attestations to send a host in bulk: all that stand, each by its holder's consent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from contracts.exchange import digest_after
from services.recognition.ports import UnitOfWork

PAGE: Final = 500  # attestations read in one transaction
NAMESPACE: Final = UUID("0d6c2c1e-6f57-4c0a-8a3d-5b0a6f1f9a52")


@dataclass(frozen=True)
class Lines:
    """Invariant: one attestation a line; the same lines for the same host are the same batch.

    So a command that is given again goes on where it was cut off, and remembers nothing itself.
    """

    home: str
    host: str
    attestations: tuple[UUID, ...]
    texts: tuple[str, ...]

    @property
    def digest(self) -> str:
        return digest_after("", self.texts)

    @property
    def batch_id(self) -> UUID:
        return uuid5(NAMESPACE, f"{self.home} {self.host} {self.digest}")


def standing_lines(
    home: str, host: str, *, uow: UnitOfWork, now: datetime, most: int
) -> Iterator[Lines]:
    """Yield what stands for a host, in the order of its names, at most so many lines at a time."""
    after, names, texts = UUID(int=0), list[UUID](), list[str]()
    while True:
        with uow:
            page = uow.issuances.standing_to(host, now, after, PAGE)
        for issuance in page:
            after = issuance.attestation_id
            names.append(after)
            texts.append(json.dumps({"attestation": issuance.credential}))
            if len(names) == most:
                yield Lines(home, host, tuple(names), tuple(texts))
                names, texts = [], []
        if len(page) < PAGE:
            break
    if names:
        yield Lines(home, host, tuple(names), tuple(texts))
