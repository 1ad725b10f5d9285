"""The override: what two cities agreed on beyond the alliance's table, for one category."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import Malformed
from contracts.words import Category
from services.recognition.domain.crosswalk import Scale, what_is_wrong_with


@dataclass(frozen=True, kw_only=True)
class Override:
    """Other tiers for the bands of one home, at one host, for one category of scenarios.

    Invariant: `tiers` names bands, lowest first, and never falls; a version never changes.  The
    bands themselves and their edges stay those of the home's scale in the alliance's table.
    """

    home: str
    host: str
    category: Category
    version: int
    effective_from: datetime
    effective_until: datetime | None
    tiers: Mapping[str, int]

    def __post_init__(self) -> None:
        if self.home == self.host:
            raise self._wrong("home and host are the same city")
        if not self.tiers:
            raise self._wrong("no bands")
        if wrong := what_is_wrong_with(self.tiers):
            raise self._wrong(wrong)
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise self._wrong("ends before it starts")

    @property
    def name(self) -> str:
        """The one name for what this is about, so that no two overrides compete."""
        return f"{self.home}-{self.host}-{self.category.replace('_', '-')}"

    def fits(self, scale: Scale) -> bool:
        """Say whether these are the home's bands, all of them; otherwise it has no effect."""
        return list(self.tiers) == [band.label for band in scale.bands]

    def _wrong(self, what: str) -> Malformed:
        return Malformed("malformed", f"override {self.name}@{self.version}: {what}")
