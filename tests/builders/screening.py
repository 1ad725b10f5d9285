"""Scenarios of substitution and screening with their rules, as the handlers make them."""

from uuid import uuid4

from contracts.coverage import ReportCoverage
from contracts.evidence import EvidenceContent
from contracts.screening import ActivateScreeningRule, RegisterScreeningRule, Screen
from contracts.states import Replacement
from contracts.substitutions import (
    ActivateSubstitutionRule,
    CommitmentLetter,
    DecideSubstitution,
    RegisterSubstitutionRule,
    Requirement,
)
from contracts.words import Category, DocumentType, EvidenceClass, ScenarioKind, SubjectKind
from services.scenarios.adapters.city_signatures import PassKeySignatures
from services.scenarios.handlers.catalogue import register_operator, register_scenario
from services.scenarios.handlers.coverage import report_coverage
from services.scenarios.handlers.screening_rules import (
    activate_screening_rule,
    register_screening_rule,
)
from services.scenarios.handlers.screenings import screen_subject
from services.scenarios.handlers.substitution_rules import (
    activate_substitution_rule,
    register_substitution_rule,
)
from services.scenarios.handlers.substitutions import decide_substitution
from tests.builders.evidence import (
    FIRM_SUBJECT,
    LISTED,
    RATED,
    a_document,
    a_legal_basis,
    an_item,
    evidence_about,
)
from tests.builders.scenarios import (
    DAY,
    HANGZHOU,
    NOW,
    PASSES,
    a_register_operator,
    a_register_scenario,
)

AGENCIES, TENDERS, HOMES = "hz-travel-deposits", "hz-tenders", "hz-homes"
DEPOSIT, CHECK, TRUST = "hz-travel-deposit", "hz-tender-check", "hz-trust-code"
RULE, LAW = "deposit-2026", "wage-arrears-2026"
DIGEST = "ab" * 32
SIGNATURES = PassKeySignatures(PASSES)
IDENTITY, HEALTH, INSURANCE, IN_DOUBT = (
    "identity-verified",
    "health-certificate",
    "insurance",
    "identity-in-doubt",
)
COMMITTED = CommitmentLetter(document_number="承诺〔2026〕1号", digest=DIGEST, signed_at=NOW - DAY)


def a_place(uow, scenario_id, operator_id, kind, category=Category.CULTURE_TOURISM):
    """Admit an operator with one scenario of a kind."""
    register_operator(a_register_operator(operator_id=operator_id), uow=uow)
    command = a_register_scenario(
        scenario_id=scenario_id, operator_id=operator_id, kind=kind, category=category
    )
    register_scenario(command, uow=uow, city=HANGZHOU, now=NOW - DAY)


# --- substitution ----------------------------------------------------------------------------


def a_rating_item(uow, **overrides):
    values = {
        "item_id": RATED,
        "name": "旅行社信用评价",
        "name_en": "Rating of travel agencies",
        "evidence_class": EvidenceClass.RATING,
        "documents": (DocumentType.RATING_NOTICE,),
        "subjects": (SubjectKind.ORGANISATION,),
        "grades": ("AAA", "AA", "A", "B", "C"),
        "keeps_months": 12,
        "repair": None,
    }
    return an_item(uow, **{**values, **overrides})


def a_rating(uow, grade="AA", *, subject=FIRM_SUBJECT, now=NOW, **document):
    values = {
        "type": DocumentType.RATING_NOTICE,
        "number": f"杭文旅评〔2026〕{grade}号",
        **document,
    }
    content = EvidenceContent(grade=grade)
    said = {"item_id": RATED, "document": a_document(**values), "content": content}
    return evidence_about(uow, subject, now=now, **said)


def a_substitution_rule(**overrides):
    values = {
        "rule_id": RULE,
        "scenario_id": DEPOSIT,
        "title": "旅行社质保金替代",
        "title_en": "Travel agency deposit replaced",
        "requires": (Requirement(item=RATED, accepts=("AAA", "AA", "A")),),
        "barred_by": (LISTED,),
        "wants_commitment": True,
        "replaces_fen": 140_000_000,
        "by": Replacement.INSURANCE,
        "notice_days": 30,
    }
    return RegisterSubstitutionRule(**{**values, **overrides})


def a_deposit_scenario(uow, **rule):
    """Let a rule be in force by which a travel agency's deposit is replaced."""
    a_place(uow, DEPOSIT, AGENCIES, ScenarioKind.SUBSTITUTION)
    an_item(uow)
    a_rating_item(uow)
    registered = register_substitution_rule(a_substitution_rule(**rule), uow=uow, now=NOW)
    command = ActivateSubstitutionRule(rule_id=registered.rule_id)
    return activate_substitution_rule(command, uow=uow, now=NOW)


def ask_for_substitution(uow, *, now=NOW, **overrides):
    values = {
        "substitution_id": uuid4(),
        "operator_id": AGENCIES,
        "scenario_id": DEPOSIT,
        "subject": FIRM_SUBJECT,
        "commitment": COMMITTED,
    }
    return decide_substitution(
        DecideSubstitution(**{**values, **overrides}), uow=uow, city=HANGZHOU, now=now
    )


# --- trust code ------------------------------------------------------------------------------


def a_trust_code_scenario(uow, scenario_id=TRUST, operator_id=HOMES):
    """Let a rule be in force by which housekeepers have a trust code."""
    a_place(uow, scenario_id, operator_id, ScenarioKind.SUBSTITUTION, Category.HOUSEKEEPING)
    for item in (IDENTITY, HEALTH, INSURANCE, IN_DOUBT):
        an_item(
            uow,
            item_id=item,
            name="家政服务人员信息",
            name_en="About housekeepers",
            evidence_class=EvidenceClass.VOLUNTARY,
            subjects=(SubjectKind.HOLDER,),
            documents=(DocumentType.CERTIFICATE, DocumentType.INSURANCE_POLICY),
            keeps_months=12,
            repair=None,
        )
    rule = a_substitution_rule(
        rule_id=f"{scenario_id}-2026",
        scenario_id=scenario_id,
        requires=tuple(Requirement(item=item) for item in (IDENTITY, HEALTH, INSURANCE)),
        barred_by=(IN_DOUBT,),
        wants_commitment=False,
        replaces_fen=0,
        by=None,
    )
    register_substitution_rule(rule, uow=uow, now=NOW)
    command = ActivateSubstitutionRule(rule_id=rule.rule_id)
    return activate_substitution_rule(command, uow=uow, now=NOW)


def a_certificate(uow, item, subject, *, now=NOW, **document):
    values = {"type": DocumentType.CERTIFICATE, "number": f"{item}-1", **document}
    return evidence_about(uow, subject, item_id=item, document=a_document(**values), now=now)


# --- screening -------------------------------------------------------------------------------


def a_screening_rule(**overrides):
    values = {
        "rule_id": LAW,
        "scenario_id": CHECK,
        "title": "招投标欠薪名单核查",
        "title_en": "Tender check of the wage-arrears list",
        "lists": (LISTED,),
        "legal_basis": a_legal_basis(),
        "objection_days": 15,
    }
    return RegisterScreeningRule(**{**values, **overrides})


def a_tender_scenario(uow):
    """Have a scenario of screening, and the list that its rules may look up."""
    a_place(uow, CHECK, TENDERS, ScenarioKind.SCREENING, Category.GOVERNMENT_SERVICE)
    an_item(uow)


def activate(uow, rule_id=LAW, *, now=NOW):
    return activate_screening_rule(ActivateScreeningRule(rule_id=rule_id), uow=uow, now=now)


def a_check_in_force(uow, **rule):
    """Let a rule be in force by which bidders are looked up."""
    a_tender_scenario(uow)
    registered = register_screening_rule(a_screening_rule(**rule), uow=uow, now=NOW)
    return activate(uow, registered.rule_id)


def covered(uow, item_id=LISTED, *, now=NOW, **overrides):
    """Say that the city has reported everything of an item until now."""
    values = {"since": now - 2000 * DAY, "until": now}
    command = ReportCoverage(item_id=item_id, **{**values, **overrides})
    return report_coverage(command, uow=uow, now=now)


def look_up(uow, *, now=NOW, **overrides):
    values = {
        "screening_id": uuid4(),
        "operator_id": TENDERS,
        "scenario_id": CHECK,
        "subject": FIRM_SUBJECT,
        "why": "小额项目2026-118投标人核查",
    }
    return screen_subject(Screen(**{**values, **overrides}), uow=uow, city=HANGZHOU, now=now)
