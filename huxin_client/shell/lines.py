"""YAML that knows on which line each thing stands, so that whoever wrote it finds what is wrong."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from contracts.periods import beginning
from huxin_client.shell.language import spoken

Place = tuple[str | int, ...]
"""Names and numbers that lead from the document to something in it."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong, and the line of the file it stands on."""

    line: int
    text: str


@dataclass(frozen=True)
class Document:
    """What a file says, as messages say it; `lines` has the line of every place in it."""

    value: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]


@dataclass
class _Reader:
    """Builds plain values; a name that stands twice in one mapping is wrong."""

    lines: dict[Place, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def read(self, node: yaml.Node, place: Place, line: int | None = None) -> Any:
        self.lines[place] = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(each, (*place, number)) for number, each in enumerate(node.value)]
        try:
            return _as_told(yaml.SafeLoader("").construct_object(node))
        except (yaml.YAMLError, ValueError) as error:
            self.wrong.append(
                Wrong(
                    node.start_mark.line + 1,
                    f"{_where(place)}: {spoken('cannot be read', '无法读取')}: {error}",
                )
            )
            return None

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line, name = key.start_mark.line + 1, str(key.value)
            if name in found:
                twice = spoken("stands twice", "重复出现")
                self.wrong.append(Wrong(line, f"{_where((*place, name))}: {twice}"))
            found[name] = self.read(value, (*place, name), line)
        return found


def read_document(file: Path) -> tuple[Document, list[Wrong]]:
    """Read a file; raise ValueError, with the line where there is one, when it is no YAML."""
    try:
        root = yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{file.name}: {spoken('is no YAML', '不是 YAML 文件')}: {error}"
        ) from error
    reader = _Reader()
    value = {} if root is None else reader.read(root, (), 1)
    return Document(value, reader.lines or {(): 1}), reader.wrong


def place_of(path: str) -> Place:
    """Turn the path of a field, as errors name it, into a place."""
    return tuple(int(step) if step.isdigit() else step for step in path.split("."))


def _as_told(value: Any) -> Any:
    """Write days and moments as a message does; a day stands for its beginning here."""
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return beginning(value).isoformat()
    return value


def _where(place: Place) -> str:
    return ".".join(map(str, place))
