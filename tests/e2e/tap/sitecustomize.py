"""Python reads this at its start in each process of a node: what is published is also written down.

It waits for the two modules that publish, the in-process broker's and py-amqp's, and touches
nothing else; HUXIN_TAP names the directory of the recording.
"""

import functools
import importlib.abc
import importlib.util
import json
import os
import sys
from pathlib import Path

PUBLISHERS = {
    "services.plumbing.broker.publishing": ("Publishing", ("basic_publish",)),
    "amqp.channel": ("Channel", ("basic_publish", "_basic_publish")),
}


def written_down(publish):
    @functools.wraps(publish)
    def wrapper(channel, msg, exchange="", routing_key="", *arguments, **options):
        body = msg.body.decode() if isinstance(msg.body, bytes) else msg.body
        kept = {name: value for name, value in msg.properties.items() if name != "timestamp"}
        said = {"exchange": exchange, "key": routing_key, "properties": kept, "body": body}
        line = json.dumps(said, default=str) + "\n"
        file = Path(os.environ["HUXIN_TAP"], f"{os.getpid()}.jsonl")
        with file.open("ab", buffering=0) as recording:  # whole lines, also when it is killed
            recording.write(line.encode())
        return publish(channel, msg, exchange, routing_key, *arguments, **options)

    return wrapper


class Tap(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads a publishing module as it is, and then taps it."""

    def __init__(self):
        self._loaders = {}

    def find_spec(self, name, path, target=None):
        if name not in PUBLISHERS or name in self._loaders:
            return None
        self._loaders[name] = None  # the search below comes here, too
        spec = importlib.util.find_spec(name)
        self._loaders[name], spec.loader = spec.loader, self
        return spec

    def create_module(self, spec):
        return self._loaders[spec.name].create_module(spec)

    def exec_module(self, module):
        self._loaders[module.__name__].exec_module(module)
        owner, methods = PUBLISHERS[module.__name__]
        tapped = getattr(module, owner)
        wrapped = written_down(vars(tapped)[methods[-1]])
        for method in methods:
            setattr(tapped, method, wrapped)


if "HUXIN_TAP" in os.environ:
    sys.meta_path.insert(0, Tap())
