"""A draft of a crosswalk: YAML that officials write, read and compare.

Either `crosswalks`, a list of versions of the alliance's table, or `override`, one version of what
two cities agree on.
"""

from pathlib import Path
from typing import Any

import yaml

from contracts.errors import Malformed
from services.recognition.adapters.crosswalk_claims import crosswalk_table
from services.recognition.adapters.crosswalk_table import read_crosswalk, read_override
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.crosswalk_versions import Document


class _Rows(list[Any]):
    """A list that knows on which line it starts."""

    line: int


class _Table(dict[Any, Any]):
    """A mapping that knows on which line it starts."""

    line: int


class _Loader(yaml.SafeLoader):
    """Reads plain data alone; a name that stands twice in one mapping is refused."""


def _read_rows(loader: _Loader, node: yaml.SequenceNode) -> _Rows:
    rows = _Rows(loader.construct_sequence(node, deep=True))
    rows.line = node.start_mark.line + 1
    return rows


def _read_table(loader: _Loader, node: yaml.MappingNode) -> _Table:
    table = _Table(loader.construct_mapping(node, deep=True))
    table.line = node.start_mark.line + 1
    if len(table) != len(node.value):
        raise yaml.constructor.ConstructorError(
            None, None, "a name stands twice in one mapping", node.start_mark
        )
    return table


_Loader.add_constructor("tag:yaml.org,2002:seq", _read_rows)
_Loader.add_constructor("tag:yaml.org,2002:map", _read_table)


def load_crosswalks(path: Path) -> dict[int, Crosswalk]:
    """Read every version of the alliance's table in a draft; raises Malformed naming the line."""
    tables = _document(path).get("crosswalks")
    if not isinstance(tables, list):
        raise Malformed("malformed", f"{path.name}: a list `crosswalks` is wanted")
    crosswalks = [read_crosswalk(table) for table in tables]
    versions = {crosswalk.version: crosswalk for crosswalk in crosswalks}
    if len(versions) != len(crosswalks):
        raise Malformed("malformed", f"{path.name}: a version stands twice")
    return versions


def load_draft(path: Path, version: int | None = None) -> Document:
    """Read a draft: an override, or that version of the alliance's table, else its newest.

    Raises Malformed naming the line.
    """
    document = _document(path)
    if "override" in document:
        return read_override(document["override"])
    versions = load_crosswalks(path)
    chosen = max(versions, default=None) if version is None else version
    if chosen not in versions:
        raise Malformed("malformed", f"{path.name}: no such version of the crosswalk in it")
    return versions[chosen]


def draft_text(document: Document) -> str:
    """Write a document as `load_draft` reads it."""
    table = crosswalk_table(document, lambda moment: moment)
    whole = {"crosswalks": [table]} if isinstance(document, Crosswalk) else {"override": table}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, default_flow_style=None)


def _document(path: Path) -> dict[Any, Any]:
    try:
        document = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        raise Malformed("malformed", f"{path.name}: {error}") from error
    if not isinstance(document, dict):
        raise Malformed("malformed", f"{path.name}: `crosswalks` or `override` is wanted")
    return document
