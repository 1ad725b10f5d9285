"""The rules of a queue, by a clock that tests turn."""

from dataclasses import dataclass, field

import pytest

from services.plumbing.broker.broker import Broker
from services.plumbing.broker.messages import Message, Receipt
from services.plumbing.broker.queues import Consumer, Terms

TO_DEAD = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"}


@dataclass(eq=False)
class TurnedTimers:
    """A clock that stands still until a test turns it on."""

    time: float = 0.0
    waiting: list = field(default_factory=list)

    def now(self):
        return self.time

    def after(self, seconds, action):
        timer = Timer(self, self.time + seconds, action)
        self.waiting.append(timer)
        return timer

    def turn(self, seconds):
        end = self.time + seconds
        while due := [timer for timer in self.waiting if timer.at <= end]:
            timer = min(due, key=lambda timer: timer.at)
            self.waiting.remove(timer)
            self.time = timer.at
            timer.action()
        self.time = end


@dataclass(eq=False)
class Timer:
    timers: TurnedTimers
    at: float
    action: object

    def cancel(self):
        if self in self.timers.waiting:
            self.timers.waiting.remove(self)


@dataclass
class Station:
    """A broker, and what became of the messages a test sent through it."""

    timers: TurnedTimers = field(default_factory=TurnedTimers)
    answers: list = field(default_factory=list)

    def __post_init__(self):
        self.broker = Broker(self.timers)

    def queue(self, name="work", **options):
        return self.broker.declare_queue(name, Terms(**options), None, None)

    def post(self, *bodies, expiration=None, to="work"):
        properties = {} if expiration is None else {"expiration": str(expiration)}
        for body in bodies:
            message = Message(body, properties, {}, "", to)
            self.broker.post(message, self.broker.route("", to), Receipt(self.answers.append))


class Taker(Consumer):
    """A consumer that keeps what it gets."""

    def __init__(self, **options):
        self.copies = []
        self.was_cancelled = False
        super().__init__(self.copies.append, self._cancelled, **options)

    def _cancelled(self):
        self.was_cancelled = True

    @property
    def bodies(self):
        return [copy.message.body for copy in self.copies]


@pytest.fixture
def station():
    return Station()


def bodies(queue):
    return [copy.message.body for copy in queue.ready]


def test_a_copy_waits_for_a_consumer(station):
    queue, taker = station.queue(), Taker()
    station.post("a", "b")

    queue.add(taker)

    assert taker.bodies == ["a", "b"]


def test_a_consumer_is_never_given_more_than_its_credit(station):
    queue, taker = station.queue(), Taker(prefetch=2)
    queue.add(taker)

    station.post("a", "b", "c")

    assert taker.bodies == ["a", "b"]
    assert bodies(queue) == ["c"]


def test_consumers_take_turns_and_skip_whoever_has_no_credit(station):
    queue, busy, idle = station.queue(), Taker(prefetch=1), Taker()
    queue.add(busy)
    queue.add(idle)

    station.post("a", "b", "c", "d")

    assert (busy.bodies, idle.bodies) == (["a"], ["b", "c", "d"])


def test_copies_come_back_to_their_places_whatever_the_order(station):
    queue = station.queue()
    station.post("a", "b", "c", "d")
    first, second = queue.take(), queue.take()

    queue.give_back([second])
    queue.give_back([first])

    assert bodies(queue) == ["a", "b", "c", "d"]
    assert [copy.returns for copy in queue.ready] == [1, 1, 0, 0]


def test_a_copy_may_come_back_as_often_as_the_limit_says(station):
    dead = station.queue("dead")
    queue = station.queue(arguments={**TO_DEAD, "x-delivery-limit": 2})
    station.post("poison")

    for _ in range(2):
        queue.give_back([queue.take()])
    assert bodies(queue) == ["poison"]
    queue.give_back([queue.take()])

    assert not queue.ready
    assert bodies(dead) == ["poison"]


def test_the_head_expires_at_its_time(station):
    dead = station.queue("dead")
    queue = station.queue(arguments={**TO_DEAD, "x-message-ttl": 1000})
    station.post("a")
    station.timers.turn(0.5)
    station.post("b")

    station.timers.turn(0.5)

    assert (bodies(queue), bodies(dead)) == (["b"], ["a"])
    station.timers.turn(0.5)
    assert (bodies(queue), bodies(dead)) == ([], ["a", "b"])


def test_a_short_life_waits_behind_a_long_one(station):
    queue = station.queue()
    station.post("long", expiration=2000)
    station.post("short", expiration=1000)

    station.timers.turn(1.5)

    assert bodies(queue) == ["long", "short"]


def test_a_copy_that_expired_behind_another_is_not_delivered(station):
    queue, taker = station.queue(), Taker()
    station.post("long", expiration=2000)
    station.post("short", expiration=1000)
    station.timers.turn(1.5)

    queue.add(taker)

    assert taker.bodies == ["long"]


def test_a_copy_that_a_consumer_took_does_not_expire(station):
    queue, taker = station.queue(arguments={"x-message-ttl": 1000}), Taker()
    queue.add(taker)
    station.post("a")

    station.timers.turn(5)

    assert station.answers == []
    assert not station.timers.waiting


def test_an_unused_queue_deletes_itself(station):
    station.queue(arguments={"x-expires": 1000})

    station.timers.turn(1)

    assert "work" not in station.broker.queues


def test_declaring_a_queue_again_is_a_use_of_it(station):
    station.queue(arguments={"x-expires": 1000})
    station.timers.turn(0.9)

    station.queue(arguments={"x-expires": 1000})

    station.timers.turn(0.9)
    assert "work" in station.broker.queues


def test_the_last_consumer_takes_an_auto_delete_queue_along(station):
    queue, first, last = station.queue(auto_delete=True), Taker(), Taker()
    queue.add(first)
    queue.add(last)

    queue.remove(first)
    assert "work" in station.broker.queues
    queue.remove(last)

    assert "work" not in station.broker.queues


def test_a_deleted_queue_cancels_its_consumers_and_its_timers(station):
    queue, taker = station.queue(arguments={"x-message-ttl": 1000}), Taker(prefetch=1)
    queue.add(taker)
    station.post("a", "b")

    station.broker.delete_queue(queue)

    assert taker.was_cancelled
    assert not station.timers.waiting


def test_a_full_queue_pushes_its_head_out(station):
    dead = station.queue("dead")
    queue = station.queue(arguments={**TO_DEAD, "x-max-length": 2})

    station.post("a", "b", "c")

    assert (bodies(queue), bodies(dead)) == (["b", "c"], ["a"])


def test_a_full_queue_may_refuse_instead(station):
    queue = station.queue(arguments={"x-max-length": 1, "x-overflow": "reject-publish"})

    station.post("a", "b")

    assert bodies(queue) == ["a"]
    assert station.answers == [False]


def test_a_dead_letter_counts_how_often_it_died_of_the_same(station):
    dead = station.queue("dead")
    queue = station.queue(arguments=TO_DEAD)
    station.post("a")

    queue.reject(queue.take())
    [letter] = dead.ready
    station.broker.post(letter.message, ["work"], letter.receipt)
    queue.reject(queue.take())

    [again] = list(dead.ready)[1:]
    [death] = again.message.headers["x-death"]
    assert (death["reason"], death["count"]) == ("rejected", 2)


def test_dead_letters_do_not_go_in_circles_by_themselves(station):
    queue = station.queue(
        arguments={
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": "work",
            "x-message-ttl": 1000,
        }
    )
    station.post("a")

    station.timers.turn(10)

    assert not queue.ready
    assert station.answers == [True]


@pytest.mark.parametrize("arguments", [{}, {"x-dead-letter-exchange": "nowhere"}, TO_DEAD])
def test_a_rejected_copy_that_has_nowhere_to_go_is_settled(station, arguments):
    queue = station.queue(arguments=arguments)
    station.post("a")

    queue.reject(queue.take())

    assert station.answers == [True]


def test_a_message_that_reaches_no_queue_is_settled(station):
    station.post("a", to="nowhere")

    assert station.answers == [True]


def test_a_copy_that_comes_back_to_a_deleted_queue_is_settled(station):
    queue = station.queue()
    station.post("a")
    copy = queue.take()

    station.broker.delete_queue(queue)
    queue.give_back([copy])

    assert station.answers == [True]


def test_a_receipt_is_answered_once():
    answers = []
    receipt = Receipt(answers.append)
    for _ in range(2):
        receipt.hold()

    receipt.refuse()
    receipt.settle()
    receipt.settle()

    assert answers == [False]
