"""A bus without services, and a clock that stands still."""

from datetime import UTC, datetime, timedelta

from contracts import wire
from contracts.errors import Unavailable


class FakeBus:
    """Answers a command as told beforehand: by a reply, an error, or by one after the other.

    What nobody said anything about is unavailable.
    """

    def __init__(self):
        self.answers, self.sent, self.causes = {}, [], []

    def answer(self, command, *answers):
        """Say what to answer to commands of a class; the last answer stays."""
        self.answers[command] = list(answers)

    def call(self, command, *, cause=None):
        wire.decode(wire.encode(command, at=FakeClock.START))  # what the real bus would refuse
        self.sent.append(command)
        self.causes.append(cause)
        answers = self.answers.get(type(command), [Unavailable("unavailable")])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeClock:
    """Shows the same moment until it is moved."""

    START = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)

    def __init__(self):
        self.now = self.START

    def __call__(self):
        return self.now

    def move(self, **span):
        self.now += timedelta(**span)
