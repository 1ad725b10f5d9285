"""A nameko container whose workers log with their message bound."""

from collections.abc import Callable
from typing import Any

from nameko.containers import ServiceContainer, WorkerContext

from services.plumbing.log import bound_message
from services.plumbing.providers import MESSAGE


class Container(ServiceContainer):
    """Invariant: what a worker logs names its service and its message."""

    def _run_worker(
        self, worker_ctx: WorkerContext, handle_result: Callable[..., Any] | None
    ) -> None:
        # each worker is a greenlet, and a greenlet has its own context variables
        with bound_message(self.service_name, worker_ctx.data.get(MESSAGE)):
            super()._run_worker(worker_ctx, handle_result)
