"""`huxin demo`: three cities in this process, and the whole story between them."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from huxin_client.shell.language import spoken
from services.cli.demo.script import Script
from services.cli.demo.story import Story
from services.cli.node import Node
from services.cli.sandbox import NAMES, Sandbox, gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.green import eventlet
from services.plumbing.settings import read_values


class Cities:
    """The nodes of a sandbox, in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._running: dict[str, Node] = {}

    def start(self, city: str) -> None:
        """Start a node; it is ready when this returns."""
        self._running[city] = Node(read_values(self._sandbox.settings[city], {})).start()

    def stop(self, city: str) -> None:
        self._running.pop(city).stop()

    def stop_all(self) -> None:
        for city in list(self._running):
            self.stop(city)


@contextmanager
def running(sandbox: Sandbox) -> Iterator[Cities]:
    """Run every city of a sandbox in this process."""
    cities = Cities(sandbox)
    try:
        for city in sandbox.settings:
            cities.start(city)
        yield cities
    finally:
        cities.stop_all()


def demo(console: Console, first_port: int, *, keep: bool) -> bool:
    """Play the story in a temporary sandbox; true when every expectation held."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which leaves no key behind either
    with tempfile.TemporaryDirectory(prefix="huxin-demo-") as directory:
        sandbox = make_sandbox(Path(directory) / "cities", gateway_urls(first_port), utc_now())
        with running(sandbox) as cities:
            held = Story(sandbox.world, cities, Script(console)).play()
            if keep:
                stay(console, sandbox)
        return held


def stay(console: Console, sandbox: Sandbox) -> None:
    """Leave the cities up until interrupted, and say where they are."""
    for code, city in sandbox.world.cities.items():
        name, name_en = NAMES[code]
        console.print(f"{name} {name_en} {code}  {city.url}", highlight=False)
        console.print(f"    {sandbox.settings[code]}", highlight=False)
    console.print(spoken("Ctrl-C ends it.", "按 Ctrl-C 结束。"))
    try:
        while True:
            eventlet.sleep(1)
    except KeyboardInterrupt:
        console.print()
