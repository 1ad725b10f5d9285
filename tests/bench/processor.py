"""How much processor groups of processes took, their children included (Linux)."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, OWN, WAITED_FOR = 1, slice(11, 13), slice(13, 15)  # fields after the name, see proc(5)


def seconds_by_group(groups: Mapping[str, Iterable[int]]) -> dict[str, float]:
    """Return the seconds of processor time that each group of processes has used so far.

    What a child used that has ended is in the account of its parent.
    """
    used: dict[int, float] = {}
    children: defaultdict[int, list[int]] = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        pid = int(file.parent.name)
        ticks = sum(map(int, fields[OWN])) + sum(map(int, fields[WAITED_FOR]))
        used[pid] = ticks / TICKS
        children[int(fields[PARENT])].append(pid)

    def of_tree(pid: int) -> float:
        return used.get(pid, 0.0) + sum(map(of_tree, children[pid]))

    return {name: sum(map(of_tree, pids)) for name, pids in groups.items()}
