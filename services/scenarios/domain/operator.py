"""Operators: who runs scenarios in this city."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Invariant: the id stays; the names are the operator's own to change."""

    id: str
    name: str
    name_en: str
