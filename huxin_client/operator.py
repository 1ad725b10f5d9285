"""An operator of scenarios: its catalogue, its till, its webhook."""

from uuid import UUID, uuid4

from contracts import http, scenarios
from contracts.words import DeliveryState
from huxin_client.access import ClientCredentials
from huxin_client.caller import Caller
from huxin_client.door import Patience


class Operator(Caller):
    """An operator, by the client credentials that the city gave it."""

    def __init__(
        self,
        url: str,
        *,
        client_id: str,
        client_secret: str,
        language: str = "zh",
        patience: Patience | None = None,
    ) -> None:
        super().__init__(url, language=language, patience=patience)
        self._tokens = Caller(url, language=language, patience=patience)
        self.door.auth = ClientCredentials(self._tokens.door, client_id, client_secret)

    def close(self) -> None:
        super().close()
        self._tokens.close()

    def register_scenario(
        self, scenario_id: str, scenario: http.ScenarioBody
    ) -> scenarios.ScenarioRecord:
        return self.door.ask(
            scenarios.ScenarioRecord, "register_scenario", scenario, scenario_id=scenario_id
        )

    def publish_incentive(
        self, incentive_id: str, terms: http.IncentiveBody
    ) -> scenarios.IncentiveRecord:
        return self.door.ask(
            scenarios.IncentiveRecord, "publish_incentive", terms, incentive_id=incentive_id
        )

    def redeem_pass(
        self, pass_token: str, *, redemption_id: UUID | None = None
    ) -> scenarios.RedemptionRecord:
        """Use a pass once; Problem("ordinary_terms") is the one no, whatever the reason."""
        body = http.RedemptionBody(pass_token=pass_token)
        return self.door.ask(
            scenarios.RedemptionRecord, "redeem_pass", body, redemption_id=redemption_id or uuid4()
        )

    def set_webhook(self, url: str) -> http.WebhookRecord:
        """Say where to deliver events; the answer has the secret for Webhooks."""
        return self.door.ask(http.WebhookRecord, "set_webhook", http.WebhookBody(url=url))

    def show_webhook(self) -> http.WebhookStanding:
        return self.door.ask(http.WebhookStanding, "show_webhook")

    def remove_webhook(self) -> None:
        self.door.fetch("remove_webhook")

    def rotate_webhook_secret(self, *, rotation_id: UUID | None = None) -> http.WebhookRecord:
        """Get a new secret; for a day every delivery is signed by both."""
        return self.door.ask(
            http.WebhookRecord, "rotate_webhook_secret", rotation_id=rotation_id or uuid4()
        )

    def list_deliveries(
        self,
        state: DeliveryState | None = None,
        *,
        cursor: UUID | None = None,
        limit: int | None = None,
    ) -> http.DeliveryRecords:
        query = {"state": state, "cursor": cursor, "limit": limit}
        return self.door.ask(http.DeliveryRecords, "list_deliveries", query=query)

    def show_delivery(self, delivery_id: UUID) -> http.DeliveryRecord:
        return self.door.ask(http.DeliveryRecord, "show_delivery", delivery_id=delivery_id)

    def replay_delivery(self, delivery_id: UUID) -> http.DeliveryRecord:
        return self.door.ask(http.DeliveryRecord, "replay_delivery", delivery_id=delivery_id)

    def replay_parked_deliveries(self) -> http.WebhookReplay:
        return self.door.ask(http.WebhookReplay, "replay_parked_deliveries")
