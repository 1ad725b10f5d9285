"""`huxin demo`: three cities in this process, and the whole story between them."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from services.cli.demo.script import Script
from services.cli.demo.story import Story
from services.cli.node import Node
from services.cli.sandbox import NAMES, Sandbox, gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from services.plumbing.green import eventlet
from services.plumbing.settings import read_values


@contextmanager
def running(sandbox: Sandbox) -> Iterator[None]:
    """Run every city of a sandbox in this process."""
    with ExitStack() as stack:
        for file in sandbox.settings.values():
            node = Node(read_values(file, {}))
            stack.callback(node.stop)
            node.start()
        yield


def demo(console: Console, first_port: int, *, keep: bool) -> bool:
    """Play the story in a temporary sandbox; true when every expectation held."""
    with tempfile.TemporaryDirectory(prefix="huxin-demo-") as directory:
        sandbox = make_sandbox(Path(directory) / "cities", gateway_urls(first_port), utc_now())
        with running(sandbox):
            held = Story(sandbox.world, Script(console)).play()
            if keep:
                stay(console, sandbox)
        return held


def stay(console: Console, sandbox: Sandbox) -> None:
    """Leave the cities up until interrupted, and say where they are."""
    for code, city in sandbox.world.cities.items():
        name, name_en = NAMES[code]
        console.print(f"{name} {name_en} {code}  {city.url}", highlight=False)
        console.print(f"    {sandbox.settings[code]}", highlight=False)
    console.print("Ctrl-C ends it. / 按 Ctrl-C 结束。")
    try:
        while True:
            eventlet.sleep(1)
    except KeyboardInterrupt:
        console.print()
