"""A resident's app at home: consent, attestations, facts and what is wrong with them."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from contracts.consents import ConsentBody, ConsentTextAnswer
from contracts.recognition import ConsentRecord
from contracts.words import Category
from huxin_client.access import Bearer
from huxin_client.calls.citizen import CitizenCalls
from huxin_client.door import Patience


class Citizen(CitizenCalls):
    """A resident, by a token of the city's identity provider."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str],
        *,
        language: str = "zh",
        patience: Patience | None = None,
    ) -> None:
        """Take a token, or what gives one for each call: such tokens are short-lived."""
        super().__init__(url, Bearer(token), language=language, patience=patience)

    def consent_to(
        self,
        shown: ConsentTextAnswer,
        recipient: str,
        purposes: Collection[Category],
        until: datetime,
        *,
        consent_id: UUID | None = None,
    ) -> ConsentRecord:
        """Consent to exactly the text that was shown (Everyone.show_consent_text)."""
        body = ConsentBody(
            recipient=recipient,
            purposes=tuple(purposes),
            until=until,
            text_version=shown.version,
            text_digest=shown.digest,
        )
        return self.give_consent(body, consent_id=consent_id)
