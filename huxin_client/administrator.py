"""A city's own administrator: operators, catalogue, revocations, disputes, repairs, settlement."""

from collections.abc import Callable

from huxin_client.access import Bearer
from huxin_client.calls.administrator import AdministratorCalls
from huxin_client.door import Patience


class Administrator(AdministratorCalls):
    """An official, by a token of the city's identity provider that has the role."""

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
