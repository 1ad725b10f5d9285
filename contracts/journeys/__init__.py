"""The main journey through a node, as requests that anybody can copy.

Written once as data: the page /v1/docs shows these steps, OpenAPI has their bodies as examples, and
the end-to-end tests run each command to the letter.
"""

from typing import Final

from contracts.journeys.at_home import AT_HOME
from contracts.journeys.at_the_host import AT_THE_HOST
from contracts.journeys.offering import OFFERING
from contracts.journeys.seeing import SEEING
from contracts.journeys.step import Step as Step

STEPS: Final[tuple[Step, ...]] = (*OFFERING, *AT_HOME, *AT_THE_HOST, *SEEING)
"""In the order in which they are done: a step uses what earlier ones kept."""


def step_of(operation_id: str) -> Step | None:
    """Return the step that shows an operation, if one does."""
    return next((step for step in STEPS if step.operation_id == operation_id), None)
