"""The consent texts as a city's officials sign them off: one YAML file, in both languages."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from marshmallow import RAISE, ValidationError

from contracts.errors import Malformed
from contracts.fields import CityCode, Moment, Prose, Slug, Title
from contracts.schemas import schema_of
from contracts.wire import flatten
from contracts.words import Category, TextChange
from services.recognition.domain.consent_text import ConsentText, ConsentTexts, Party, Wording


@dataclass(frozen=True, kw_only=True)
class _Version:
    """One version; `approved_by` says who signed it off."""

    version: Slug
    approved_by: Title
    effective_from: Moment
    changes: tuple[TextChange, ...]
    zh: Prose
    en: Prose
    effective_until: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class _City:
    code: CityCode
    contact_zh: Title
    contact_en: Title
    impact_assessment: Title | None = None


@dataclass(frozen=True, kw_only=True)
class _Purpose:
    category: Category
    zh: Title
    en: Title


@dataclass(frozen=True, kw_only=True)
class _File:
    versions: tuple[_Version, ...]
    cities: tuple[_City, ...]
    purposes: tuple[_Purpose, ...]


def load_consent_texts(path: Path) -> ConsentTexts:
    """Read a file of consent texts; raises Malformed naming the file and each wrong field."""
    try:
        # As text alone: what each value is the classes above say, not YAML.
        document = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - makes text, lists and tables only
        file: _File = schema_of(_File, RAISE).load(document)
    except yaml.YAMLError as error:
        raise Malformed("malformed", f"{path.name}: {error}") from error
    except ValidationError as error:
        errors = flatten(error.messages)
        where = "; ".join(f"{field}: {problem}" for field, problem in errors.items())
        raise Malformed("malformed", f"{path.name}: {where}", errors) from error
    for kind, names in (
        ("versions", [each.version for each in file.versions]),
        ("cities", [each.code for each in file.cities]),
    ):
        if len(set(names)) != len(names):
            raise Malformed("malformed", f"{path.name}: one of the {kind} stands twice")
    return ConsentTexts(
        versions=[_version(each) for each in file.versions],
        parties={
            each.code: Party(
                contact=Wording(each.contact_zh, each.contact_en),
                impact_assessment=each.impact_assessment,
            )
            for each in file.cities
        },
        purposes={each.category: Wording(each.zh, each.en) for each in file.purposes},
    )


def _version(written: _Version) -> ConsentText:
    return ConsentText(
        version=written.version,
        effective_from=written.effective_from,
        effective_until=written.effective_until,
        changes=frozenset(written.changes),
        wording=Wording(written.zh.strip(), written.en.strip()),
    )
