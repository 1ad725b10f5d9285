"""The consent text: what a resident is shown before they let one city learn band and tier.

PIPL article 17 says what it has to tell, article 23 adds whom the information is given to, and
article 14 asks for consent anew when purpose, means or category of information change.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from contracts.errors import Malformed, Refused
from contracts.words import Category, TextChange

MATERIAL: Final = frozenset({TextChange.PURPOSE, TextChange.MEANS, TextChange.CATEGORY})
PLACEHOLDERS: Final = frozenset(
    {"home", "home_contact", "recipient", "recipient_contact", "purposes", "until"}
)
BEIJING: Final = timezone(timedelta(hours=8))
_PLACEHOLDER: Final = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Wording:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Party:
    """A city as the text names it: how to reach whoever answers for personal information there.

    `impact_assessment` names home's assessment of giving information to that city (PIPL 55).
    """

    contact: Wording
    impact_assessment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A text as it was shown, to the letter."""

    version: str
    wording: Wording

    @property
    def digest(self) -> str:
        """SHA-256 of both languages, hex: Chinese, one line feed, English."""
        return hashlib.sha256(f"{self.wording.zh}\n{self.wording.en}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """One version.  `changes` is what it changes against the version before it."""

    version: str
    effective_from: datetime
    effective_until: datetime | None
    changes: frozenset[TextChange]
    wording: Wording

    def __post_init__(self) -> None:
        for text in (self.wording.zh, self.wording.en):
            found = set(_PLACEHOLDER.findall(text))
            if found != PLACEHOLDERS:
                wrong = ", ".join(sorted(found ^ PLACEHOLDERS))
                raise Malformed("malformed", f"consent text {self.version}: placeholders: {wrong}")
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise Malformed("malformed", f"consent text {self.version}: over before it begins")

    @property
    def asks_anew(self) -> bool:
        """Whether consents to the versions before it do not carry on (PIPL 14)."""
        return bool(self.changes & MATERIAL)

    def in_force(self, now: datetime) -> bool:
        until = self.effective_until
        return self.effective_from <= now and (until is None or now < until)


class ConsentTexts:
    """Invariant: versions by when they begin; none is in force beyond one that asks anew.

    What a node knows of consent texts: every version ever in force, how each city is reached, and
    what each purpose is called.
    """

    def __init__(
        self,
        versions: Sequence[ConsentText],
        parties: Mapping[str, Party],
        purposes: Mapping[Category, Wording],
    ) -> None:
        self._versions = sorted(versions, key=lambda text: text.effective_from)
        self._parties, self._purposes = parties, purposes
        for earlier, later in zip(self._versions, self._versions[1:], strict=False):
            if earlier.effective_from == later.effective_from:
                raise Malformed("malformed", f"consent text {later.version}: begins with another")
        for n, text in enumerate(self._versions):
            for former in self._versions[:n]:
                if text.asks_anew and former.in_force(text.effective_from):
                    what = f"{former.version} must end when {text.version} begins"
                    raise Malformed("malformed", f"consent texts: {what}")
        if missing := set(Category) - purposes.keys():
            names = ", ".join(sorted(missing))
            raise Malformed("malformed", f"consent texts: purposes without a name: {names}")

    def current(self, now: datetime) -> ConsentText:
        """Return the newest version in force; raises Refused("consent_text_not_in_force")."""
        for text in reversed(self._versions):
            if text.in_force(now):
                return text
        raise Refused("consent_text_not_in_force", "no version is in force")

    def in_force(self, version: str, now: datetime) -> ConsentText:
        """Return a version to consent to now.

        Raises Refused consent_text_unknown or consent_text_not_in_force.
        """
        text = next((text for text in self._versions if text.version == version), None)
        if text is None:
            raise Refused("consent_text_unknown", f"version {version}")
        if not text.in_force(now):
            raise Refused("consent_text_not_in_force", f"version {version}")
        return text

    def party(self, city: str) -> Party:
        """Return how a city is named in texts; raises Refused("recipient_not_assessed")."""
        party = self._parties.get(city)
        if party is None:
            raise Refused("recipient_not_assessed", f"city {city}")
        return party

    def assessment_of(self, recipient: str) -> str:
        """Return the impact assessment of giving information to a city (PIPL 55, 56).

        Raises Refused("recipient_not_assessed"): none is named.
        """
        assessment = self.party(recipient).impact_assessment
        if assessment is None:
            raise Refused("recipient_not_assessed", f"city {recipient}")
        return assessment

    def render(
        self,
        text: ConsentText,
        *,
        home: tuple[str, Wording],
        recipient: tuple[str, Wording],
        purposes: Sequence[str],
        until: datetime,
    ) -> Snapshot:
        """Fill a version in.  Cities are given as code and name, purposes in the order to show.

        Raises Refused("recipient_not_assessed") for a city that nothing is known of.
        """
        names = [self._purposes[Category(purpose)] for purpose in purposes]
        giver, taker = self.party(home[0]).contact, self.party(recipient[0]).contact
        end = until.astimezone(BEIJING)
        zh = {
            "home": home[1].zh,
            "home_contact": giver.zh,
            "recipient": recipient[1].zh,
            "recipient_contact": taker.zh,
            "purposes": "、".join(name.zh for name in names),
            "until": f"{end:%Y年%m月%d日 %H:%M:%S}（北京时间）",
        }
        en = {
            "home": home[1].en,
            "home_contact": giver.en,
            "recipient": recipient[1].en,
            "recipient_contact": taker.en,
            "purposes": ", ".join(name.en for name in names),
            "until": f"{end:%Y-%m-%d %H:%M:%S} (Beijing time)",
        }
        filled = Wording(_fill(text.wording.zh, zh), _fill(text.wording.en, en))
        return Snapshot(version=text.version, wording=filled)

    def changed_since(self, version: str, now: datetime) -> frozenset[TextChange]:
        """Say what versions in force since that one ask for consent anew about; nothing: it holds.

        Nobody can say what became of a version that is not known, so all of it counts as changed.
        """
        begun = [text for text in self._versions if text.effective_from <= now]
        if version not in {text.version for text in self._versions}:
            return MATERIAL
        later = _after(begun, version)
        return frozenset().union(*(text.changes & MATERIAL for text in later))

    def asks_anew_at(self, version: str) -> datetime | None:
        """Say when a version after that one asks, or asked, for consent anew first."""
        anew = [text.effective_from for text in _after(self._versions, version) if text.asks_anew]
        return min(anew, default=None)

    def outdated(self, now: datetime) -> Sequence[str]:
        """Return the known versions that consents no longer rest on."""
        return [text.version for text in self._versions if self.changed_since(text.version, now)]


def _after(versions: Sequence[ConsentText], version: str) -> Sequence[ConsentText]:
    names = [text.version for text in versions]
    return versions[names.index(version) + 1 :] if version in names else ()


def _fill(template: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)
