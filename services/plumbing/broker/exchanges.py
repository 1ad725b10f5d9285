"""Exchanges: which queues a routing key reaches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

ANY_WORD = "*"
ANY_WORDS = "#"


@lru_cache(maxsize=4096)
def topic_matches(pattern: str, key: str) -> bool:
    """Match as AMQP's topic exchange does: `*` is one word, `#` is none or more (3.1.3.3)."""
    words = split(key)
    reached = {0}  # how many words the pattern so far can have taken
    for wanted in split(pattern):
        if wanted == ANY_WORDS:
            reached = set(range(min(reached), len(words) + 1))
        else:
            steps = {at for at in reached if at < len(words)}
            reached = {at + 1 for at in steps if wanted in (ANY_WORD, words[at])}
        if not reached:
            return False
    return len(words) in reached


def split(key: str) -> list[str]:
    """Split a key into words; the empty key has none, as in RabbitMQ."""
    return key.split(".") if key else []


def direct_matches(pattern: str, key: str) -> bool:
    return pattern == key


def fanout_matches(pattern: str, key: str) -> bool:  # noqa: ARG001  the signature of a rule
    return True


RULES: dict[str, Callable[[str, str], bool]] = {
    "direct": direct_matches,
    "topic": topic_matches,
    "fanout": fanout_matches,
}


@dataclass
class Exchange:
    """Invariant: a queue bound twice gets one copy, and bindings keep their order."""

    kind: str
    durable: bool = True
    bindings: dict[tuple[str, str], None] = field(default_factory=dict)

    def bind(self, queue: str, pattern: str) -> None:
        """Bind a queue.  Safe to repeat."""
        self.bindings[queue, pattern] = None

    def forget_queue(self, queue: str) -> None:
        """Remove every binding of a queue."""
        self.bindings = {bound: None for bound in self.bindings if bound[0] != queue}

    def route(self, key: str) -> list[str]:
        """Name the queues that a message with this routing key reaches."""
        matches = RULES[self.kind]
        return list(
            dict.fromkeys(queue for queue, pattern in self.bindings if matches(pattern, key))
        )
