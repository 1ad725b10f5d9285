"""An operator of scenarios: its catalogue, its till, its webhook."""

from collections.abc import Collection

from contracts.access import Scope
from huxin_client.access import ClientCredentials
from huxin_client.caller import Caller
from huxin_client.calls.operator import OperatorCalls
from huxin_client.door import Patience


class Operator(OperatorCalls):
    """An operator, by the client credentials that the city gave it."""

    def __init__(
        self,
        url: str,
        *,
        client_id: str,
        client_secret: str,
        scopes: Collection[Scope] = (),
        language: str = "zh",
        patience: Patience | None = None,
    ) -> None:
        """Take the client, and `scopes` where its tokens are to be good for less than it may."""
        super().__init__(url, language=language, patience=patience)
        self._tokens = Caller(url, language=language, patience=patience)
        self._credentials = ClientCredentials(self._tokens.door, client_id, client_secret, scopes)
        self.door.auth = self._credentials

    def sign_in(self) -> None:
        """Get a token now, and not with the first call.

        Raise Problem("invalid_client"), or "invalid_scope".
        """
        self._credentials.token()

    def close(self) -> None:
        super().close()
        self._tokens.close()
