"""What the container gives every method of the scenarios service."""

from typing import Any


class Given:
    """Set by the providers that ScenariosService declares."""

    uow: Any
    settings: Any
    clock: Any
    passes: Any
