"""What whoever holds the receipt of an erasure may ask; written by `make contracts`."""

from uuid import UUID

from contracts import erasures
from huxin_client.caller import Caller


class ErasedCalls(Caller):
    """A method for each endpoint that is for whoever holds the receipt of an erasure."""

    def show_erasure(self, *, erasure_id: UUID) -> erasures.ErasureRecord:
        """See how many cities have forgotten the person, by the receipt."""
        return self.door.ask(erasures.ErasureRecord, "show_erasure", erasure_id=erasure_id)
