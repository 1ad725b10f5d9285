"""How screening rules, screenings and vettings read in replies and events."""

from contracts import evidence as contract
from contracts.coverage import CoverageRecord, CoveredPeriod
from contracts.fact_lines import FactLine
from contracts.screening import (
    ScreeningAnswered,
    ScreeningEntry,
    ScreeningRecord,
    ScreeningRuleRecord,
    ScreeningTerms,
)
from contracts.vettings import VettingChanged, VettingRecord
from services.scenarios.domain.catalogue_item import LegalBasis
from services.scenarios.domain.coverage import Coverage
from services.scenarios.domain.screening import Screening, ScreeningRule
from services.scenarios.domain.vetting import Vetting


def read_rule(id: str, said: ScreeningTerms) -> ScreeningRule:
    return ScreeningRule(
        id=id,
        scenario_id=said.scenario_id,
        title=said.title,
        title_en=said.title_en,
        lists=said.lists,
        legal_basis=LegalBasis(**vars(said.legal_basis)),
        objection_days=said.objection_days,
        report_age_days=said.report_age_days,
    )


def rule_record(rule: ScreeningRule) -> ScreeningRuleRecord:
    return ScreeningRuleRecord(
        rule_id=rule.id,
        scenario_id=rule.scenario_id,
        title=rule.title,
        title_en=rule.title_en,
        lists=rule.lists,
        legal_basis=basis_said(rule.legal_basis),
        objection_days=rule.objection_days,
        report_age_days=rule.report_age_days,
        **vars(rule.life),
    )


def basis_said(basis: LegalBasis) -> contract.LegalBasis:
    return contract.LegalBasis(**vars(basis))


def screening_record(screening: Screening, rule: ScreeningRule | None) -> ScreeningRecord:
    """Show an answer, with the rule that it names."""
    return ScreeningRecord(
        screening_id=screening.id,
        scenario_id=screening.scenario_id,
        state=screening.state,
        screened_at=screening.screened_at,
        rule_id=screening.rule_id,
        legal_basis=basis_said(rule.legal_basis) if rule else None,
        facts=tuple(FactLine(**vars(fact)) for fact in screening.facts),
        coverage=tuple(map(coverage_said, screening.coverage)),
    )


def coverage_said(coverage: Coverage) -> CoverageRecord:
    periods = tuple(CoveredPeriod(**vars(each)) for each in coverage.periods)
    return CoverageRecord(**{**vars(coverage), "periods": periods})


def screening_entry(screening: Screening) -> ScreeningEntry:
    return ScreeningEntry(
        screening_id=screening.id,
        operator_id=screening.operator_id,
        scenario_id=screening.scenario_id,
        why=screening.why,
        state=screening.state,
        rule_id=screening.rule_id,
        screened_at=screening.screened_at,
    )


def screening_answered(screening: Screening) -> ScreeningAnswered:
    return ScreeningAnswered(
        screening_id=screening.id,
        scenario_id=screening.scenario_id,
        operator_id=screening.operator_id,
        state=screening.state,
        rule_id=screening.rule_id,
        screened_at=screening.screened_at,
    )


def vetting_record(vetting: Vetting) -> VettingRecord:
    return VettingRecord(
        vetting_id=vetting.id,
        scenario_id=vetting.scenario_id,
        operator_id=vetting.operator_id,
        rule_id=vetting.rule_id,
        state=vetting.state,
        facts=tuple(FactLine(**vars(fact)) for fact in vetting.facts),
        opened_at=vetting.opened_at,
        notified_at=vetting.notified_at,
        objection_until=vetting.objection_until,
        objected_at=vetting.objected_at,
        closed_at=vetting.closed_at,
        closed_for=vetting.closed_for,
    )


def vetting_changed(vetting: Vetting) -> VettingChanged:
    moments = vetting.closed_at, vetting.objected_at, vetting.notified_at
    return VettingChanged(
        vetting_id=vetting.id,
        scenario_id=vetting.scenario_id,
        operator_id=vetting.operator_id,
        state=vetting.state,
        changed_at=max((at for at in moments if at), default=vetting.opened_at),
        objection_until=vetting.objection_until,
        reason=vetting.closed_for,
    )
