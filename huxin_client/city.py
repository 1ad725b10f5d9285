"""A partner city: notices, attestations in bulk, statements, its membership."""

from collections.abc import Iterable
from uuid import UUID

from joserfc.jwk import ECKey, OKPKey

from contracts import exchange, http, scenarios
from huxin_client.access import CitySignature
from huxin_client.caller import Caller
from huxin_client.door import Patience


class City(Caller):
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

    def receive_notice(self, notice: str) -> None:
        """Deliver a signed notice (RFC 8417)."""
        self.door.fetch("receive_notice", notice.encode())

    def poll_notices(self, body: exchange.PollBody) -> exchange.PollAnswer:
        """Fetch notices that wait, and acknowledge earlier ones (RFC 8936)."""
        return self.door.ask(exchange.PollAnswer, "poll_notices", body)

    def open_batch(self, batch_id: UUID, body: exchange.BatchBody) -> exchange.BatchProgress:
        return self.door.ask(exchange.BatchProgress, "open_batch", body, batch_id=batch_id)

    def take_lines(
        self, batch_id: UUID, lines: Iterable[bytes], *, start: int = 0
    ) -> exchange.BatchProgress:
        """Send lines of a batch (NDJSON, at most 1 MiB) from line number `start`."""
        body = b"".join(line.rstrip(b"\n") + b"\n" for line in lines)
        query = {"from": start}
        return self.door.ask(
            exchange.BatchProgress, "take_lines", body, query=query, batch_id=batch_id
        )

    def show_batch(self, batch_id: UUID) -> exchange.BatchProgress:
        return self.door.ask(exchange.BatchProgress, "show_batch", batch_id=batch_id)

    def list_verdicts(self, batch_id: UUID, *, after: int | None = None) -> exchange.LineVerdicts:
        return self.door.ask(
            exchange.LineVerdicts, "list_verdicts", query={"after": after}, batch_id=batch_id
        )

    def draw_statement(self, period: str, *, home: str, host: str) -> scenarios.Statement:
        """Draw the statement of a month (`2026-11`) between two cities, one of them oneself."""
        query = {"home": home, "host": host}
        return self.door.ask(scenarios.Statement, "draw_statement", query=query, period=period)

    def show_membership(self) -> http.Membership:
        return self.door.ask(http.Membership, "show_membership")
