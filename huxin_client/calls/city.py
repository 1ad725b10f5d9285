"""What another city of the alliance may ask; written by `make contracts`."""

from uuid import UUID, uuid4

from contracts import exchange, http, scenarios, settlements, statements
from huxin_client.caller import Caller


class CityCalls(Caller):
    """A method for each endpoint that is for another city of the alliance."""

    def receive_notice(self, body: bytes) -> None:
        """Push a signed notice (RFC 8935)."""
        self.door.fetch("receive_notice", body)

    def poll_notices(self, body: exchange.PollBody) -> exchange.PollAnswer:
        """Fetch one's waiting notices, acknowledge those taken in (RFC 8936)."""
        return self.door.ask(exchange.PollAnswer, "poll_notices", body)

    def open_batch(
        self, body: exchange.BatchBody, *, batch_id: UUID | None = None
    ) -> exchange.BatchProgress:
        """Announce attestations of consenting holders to send in bulk."""
        return self.door.ask(
            exchange.BatchProgress, "open_batch", body, batch_id=batch_id or uuid4()
        )

    def take_lines(self, body: bytes, *, batch_id: UUID, start: int) -> exchange.BatchProgress:
        """Send the next lines of a batch; the answer says where to go on."""
        query = {"from": start}
        return self.door.ask(
            exchange.BatchProgress, "take_lines", body, query=query, batch_id=batch_id
        )

    def show_batch(self, *, batch_id: UUID) -> exchange.BatchProgress:
        """See how far a batch of one's own has come."""
        return self.door.ask(exchange.BatchProgress, "show_batch", batch_id=batch_id)

    def list_verdicts(self, *, batch_id: UUID, after: int | None = None) -> exchange.LineVerdicts:
        """See what became of each line, some at a time."""
        query = {"after": after}
        return self.door.ask(exchange.LineVerdicts, "list_verdicts", query=query, batch_id=batch_id)

    def draw_statement(self, *, period: str, home: str, host: str) -> scenarios.Statement:
        """See the statement of a month between two cities, one of them one's own."""
        query = {"home": home, "host": host}
        return self.door.ask(scenarios.Statement, "draw_statement", query=query, period=period)

    def show_membership(self) -> http.Membership:
        """See how this city sees the caller: a check of keys and roster."""
        return self.door.ask(http.Membership, "show_membership")

    def list_statement_lines(
        self,
        *,
        period: str,
        home: str,
        host: str,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> statements.StatementLines:
        """See all lines of a statement, some at a time."""
        query = {"home": home, "host": host, "after": after, "limit": limit}
        return self.door.ask(
            statements.StatementLines, "list_statement_lines", query=query, period=period
        )

    def show_shared_settlement(self, *, period: str) -> settlements.SettlementRecord:
        """See what this city and the caller owe each other for a month."""
        return self.door.ask(settlements.SettlementRecord, "show_shared_settlement", period=period)

    def list_shared_settlement_lines(
        self, *, period: str, after: UUID | None = None, limit: int | None = None
    ) -> settlements.SettlementLines:
        """See the lines of the settlement with the caller, some at a time."""
        query = {"after": after, "limit": limit}
        return self.door.ask(
            settlements.SettlementLines, "list_shared_settlement_lines", query=query, period=period
        )

    def compare_settlement(
        self, body: settlements.ComparisonBody, *, period: str
    ) -> settlements.SettlementComparison:
        """Compare a closed settlement by its digest and, page by page, its lines."""
        return self.door.ask(
            settlements.SettlementComparison, "compare_settlement", body, period=period
        )
