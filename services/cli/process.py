"""What each process of a node reads that runs one part of it alone."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from services.plumbing.log import LogLevel

ONE_PROCESS = (
    "`huxin run` needs an amqp:// bus; inprocess:// ends with the process, and `huxin up` is for"
    " one."
)


@dataclass(frozen=True, kw_only=True)
class ProcessSettings:
    """Invariant: other processes are on the same bus."""

    bus_url: Annotated[
        str, fields.String(validate=validate.Regexp(r"(?!inprocess:)", error=ONE_PROCESS))
    ]
    log_level: LogLevel = "INFO"
