"""Bodies of dry runs."""

from dataclasses import dataclass

from contracts.trials import DraftTerms, Sample


@dataclass(frozen=True, kw_only=True)
class TrialBody:
    """Terms, or those of the newest version; samples, or every tier with every member city."""

    terms: DraftTerms | None = None
    samples: tuple[Sample, ...] = ()
