"""nameko over every broker: calls, errors, events."""

import uuid
from types import SimpleNamespace

import pytest
from nameko.containers import ServiceContainer
from nameko.events import EventDispatcher, event_handler
from nameko.exceptions import MethodNotFound, RemoteError, UnknownService
from nameko.rpc import RpcProxy, rpc
from nameko.standalone.events import event_dispatcher
from nameko.standalone.rpc import ClusterRpcProxy

from tests.integration.bus import until

SUFFIX = uuid.uuid4().hex[:8]


class Bells:
    """A service that rings, hears itself ring, and calls itself."""

    name = f"bells-{SUFFIX}"

    dispatch = EventDispatcher()
    bells = RpcProxy(name)
    heard: list[str] = []  # noqa: RUF012  nameko makes a new object for each call

    @rpc
    def ring(self, bell):
        self.dispatch("rang", bell)
        return f"{bell} rang"

    @rpc
    def ring_through(self, bell):
        return self.bells.ring(bell)

    @rpc
    def crack(self):
        raise ValueError("cracked")

    @event_handler(name, "rang")
    def on_rang(self, bell):
        self.heard.append(bell)


@pytest.fixture(scope="module")
def cluster(broker_url):
    config = {"AMQP_URI": broker_url}
    container = ServiceContainer(Bells, config)
    container.start()
    with ClusterRpcProxy(config, timeout=60) as proxy:
        yield SimpleNamespace(bells=proxy[Bells.name], proxy=proxy, config=config)
    container.stop()


def test_a_call_is_answered(cluster):
    assert cluster.bells.ring("small") == "small rang"


def test_a_service_may_call_while_it_answers(cluster):
    assert cluster.bells.ring_through("big") == "big rang"


def test_many_calls_are_answered_at_once(cluster):
    replies = [cluster.bells.ring.call_async(str(bell)) for bell in range(50)]

    assert [reply.result() for reply in replies] == [f"{bell} rang" for bell in range(50)]


def test_an_error_comes_back_to_the_caller(cluster):
    with pytest.raises(RemoteError, match="cracked"):
        cluster.bells.crack()


def test_a_missing_service_is_known_to_be_missing(cluster):
    with pytest.raises(UnknownService):
        cluster.proxy["nobody"].ring("small")


def test_a_missing_method_is_known_to_be_missing(cluster):
    with pytest.raises(MethodNotFound):
        cluster.bells.sing()


def test_an_event_reaches_its_handler(cluster):
    Bells.heard.clear()

    event_dispatcher(cluster.config)(Bells.name, "rang", "outside")

    until(lambda: Bells.heard == ["outside"])
