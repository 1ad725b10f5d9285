"""A partner city: notices, attestations in bulk, statements, settlement, its membership."""

from collections.abc import Iterable
from uuid import UUID

from joserfc.jwk import ECKey, OKPKey

from contracts.exchange import BatchProgress
from huxin_client.access import CitySignature
from huxin_client.calls.city import CityCalls
from huxin_client.door import Patience


class City(CityCalls):
    """One city at another's gateway, by its transport key of the roster."""

    def __init__(
        self,
        url: str,
        key: OKPKey | ECKey,
        *,
        language: str = "zh",
        patience: Patience | None = None,
    ) -> None:
        super().__init__(url, CitySignature(key), language=language, patience=patience)

    def send_lines(
        self, batch_id: UUID, lines: Iterable[bytes], *, start: int = 0
    ) -> BatchProgress:
        """Send lines of a batch (at most 200, and 1 MiB) from line number `start`."""
        body = b"".join(line.rstrip(b"\n") + b"\n" for line in lines)
        return self.take_lines(body, batch_id=batch_id, start=start)
