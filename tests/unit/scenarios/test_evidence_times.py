"""No evidence counts outside its times, nor while it is disputed, nor once it is taken out."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from contracts.errors import ContractError
from contracts.periods import beginning, months_after
from contracts.words import (
    DocumentType,
    EvidenceClass,
    EvidenceState,
    RepairStart,
    SubjectKind,
)
from services.scenarios.domain.catalogue_item import (
    CatalogueItem,
    ItemTerms,
    LegalBasis,
    RepairRule,
)
from services.scenarios.domain.evidence import (
    Content,
    EffectiveDocument,
    Evidence,
    Subject,
)

pytestmark = pytest.mark.scenarios

FIRM = Subject.organisation("91350100M000100Y43")
START = beginning(date(2023, 1, 1))
OLD = st.dates(date(2023, 1, 1), date(2025, 6, 30))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
MOMENTS = st.integers(0, 6 * 365 * 24).map(lambda hours: START + timedelta(hours=hours))
ENTRIES = st.integers(0, 400).map(lambda days: beginning(date(2025, 1, 1)) + timedelta(days=days))
STEPS = st.tuples(st.sampled_from(["dispute", "resume", "repair", "annul"]), st.integers(0, 900))

RULES = st.builds(RepairRule, months=st.integers(0, 12), start=st.sampled_from(list(RepairStart)))


@st.composite
def items(draw):
    return CatalogueItem(
        id="wage-arrears-list",
        version=1,
        published_at=START,
        terms=ItemTerms(
            name="名单",
            name_en="List",
            evidence_class=EvidenceClass.SERIOUS_LIST,
            basis=LegalBasis(
                title="办法",
                article="第五条",
                in_force_from=draw(OLD),
                in_force_until=draw(st.none() | DAYS),
            ),
            subjects=frozenset(SubjectKind),
            documents=frozenset(DocumentType),
            live_from=beginning(draw(OLD)),
            live_until=draw(st.none() | DAYS.map(beginning)),
            keeps_months=draw(st.none() | st.integers(6, 48)),
            repair=draw(
                st.none()
                | st.builds(
                    RepairRule, months=st.integers(0, 12), start=st.sampled_from(RepairStart)
                )
            ),
        ),
    )


DOCUMENTS = st.builds(
    EffectiveDocument,
    type=st.sampled_from(DocumentType),
    number=st.just("1"),
    issuer=st.just("局"),
    issued_on=OLD,
    first_day=st.none() | DAYS,
    last_day=st.none() | DAYS,
)


def take(evidence, item, step, at):
    """Do one thing to evidence, as far as it may be done; says whether it was."""
    try:
        match step:
            case "dispute":
                return evidence.dispute(at)
            case "resume":
                return evidence.resume("upheld", at)
            case "repair":
                return evidence.repair(item, evidence.document.issued_on, at)
            case "annul":
                return evidence.annul("document_revoked", at)
    except ContractError:
        return False


@given(items(), DOCUMENTS, ENTRIES, st.lists(STEPS, max_size=4), MOMENTS)
def test_no_evidence_counts_outside_its_times_or_while_it_must_not(
    item, document, now, steps, asked
):
    try:
        evidence = Evidence.enter(
            UUID(int=1), item, FIRM, document, Content(), source=None, now=now
        )
    except ContractError:
        reject()
    history = [(now, EvidenceState.LIVE)]
    for step, days in steps:
        now += timedelta(days=days)
        if take(evidence, item, step, now):
            history.append((now, evidence.state))

    counts = evidence.is_current(item, asked)

    state = [state for at, state in history if at <= asked][-1:]
    terms, basis = item.terms, item.terms.basis
    bounds = [
        (terms.live_from, terms.live_until),
        (beginning(basis.in_force_from), basis.in_force_until and beginning(basis.in_force_until)),
        (beginning(document.issued_on), None),
        (
            document.first_day and beginning(document.first_day),
            document.last_day and beginning(document.last_day + timedelta(days=1)),
        ),
        (
            None,
            None
            if terms.keeps_months is None
            else months_after(beginning(document.issued_on), terms.keeps_months),
        ),
    ]
    within = all(
        (since is None or since <= asked) and (until is None or asked < until)
        for since, until in bounds
    )
    assert counts == (within and state == [EvidenceState.LIVE])
