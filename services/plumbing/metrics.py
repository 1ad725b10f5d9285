"""Counters of the plumbing, in prometheus-client's default registry."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter(
    "huxin_messages_total",
    "Events taken from a consumer's queue, by what came of it: handled, duplicate, retried, parked",
    ["consumer", "outcome"],
)
COMMANDS = Counter(
    "huxin_commands_total",
    "Commands answered, by outcome: ok or the kind of error",
    ["service", "command", "outcome"],
)
COMMAND_SECONDS = Histogram(
    "huxin_command_seconds", "From a command's arrival to its reply", ["service", "command"]
)
CALLS = Counter(
    "huxin_calls_total",
    "Commands sent, by outcome: ok or error kind",
    ["command", "outcome"],
)
PUBLISHED = Counter("huxin_outbox_published_total", "Announcements the broker confirmed", ["name"])
UNROUTABLE = Counter(
    "huxin_outbox_unroutable_total", "Announcements no queue was bound for; they are kept", ["name"]
)
OUTBOX_ROWS = Gauge("huxin_outbox_rows", "Announcements not yet confirmed", ["service"])
PARKED_ROWS = Gauge("huxin_parked_rows", "Failed messages that wait for an operator", ["consumer"])
