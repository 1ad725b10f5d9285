"""What anybody may read."""

from huxin_client.calls.everyone import EveryoneCalls


class Everyone(EveryoneCalls):
    """Trust documents, status lists, the catalogues, public numbers, problems, health."""
