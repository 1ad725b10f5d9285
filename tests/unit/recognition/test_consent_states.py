"""Whatever happens to consents and texts, an attestation rests on a live consent for its city."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from contracts.errors import Refused
from contracts.recognition import WithdrawConsent
from contracts.words import Category, TextChange
from services.recognition.domain.attestation import disclosable_claims
from services.recognition.handlers.attestations import issue_attestation
from services.recognition.handlers.consents import give_consent, withdraw_consent
from services.recognition.handlers.renewals import end_unrenewed
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW, a_city, a_roster
from tests.builders.recognition import (
    RESIDENT,
    ZHENGZHOU,
    a_consent_text,
    a_give_consent,
    an_issue_attestation,
    consent_texts,
    holder_keys,
    home_node,
)
from tests.fakes.recognition import FakeUnitOfWork

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
CITIES = (HANGZHOU, ZHENGZHOU)
NO = "consent_(missing|withdrawn|over|renewal_needed)"
recipients = st.sampled_from(CITIES)


class Consents(RuleBasedStateMachine):
    """A resident, two recipients, a text that changes, and time that passes."""

    given_ones = Bundle("given_ones")

    def __init__(self):
        super().__init__()
        self.now, self.uow = NOW, FakeUnitOfWork(list_size=1000)
        self.versions = [a_consent_text("v-0", effective_from=NOW - DAY)]
        roster = a_roster(a_city(FUZHOU), a_city(HANGZHOU), a_city(ZHENGZHOU))
        self.node = home_node(
            roster=lambda: roster,
            consent_texts=lambda: consent_texts(*self.versions),
            holder_keys=holder_keys(dict.fromkeys(CITIES, (b"h" * 32,))),
        )
        self.given, self.withdrawn, self.issued = {}, set(), []

    @rule(
        target=given_ones,
        recipient=recipients,
        days=st.integers(1, 40),
        purposes=st.sets(st.sampled_from(list(Category)), min_size=1, max_size=3),
    )
    def give(self, recipient, days, purposes):
        command = a_give_consent(
            consent_id=uuid4(),
            recipient=recipient,
            purposes=tuple(purposes),
            text_version=self.versions[-1].version,
            until=self.now + days * DAY,
        )
        give_consent(command, uow=self.uow, node=self.node, now=self.now)
        self.given[command.consent_id] = command
        return command.consent_id

    @rule(consent_id=given_ones)
    def withdraw(self, consent_id):
        command = WithdrawConsent(consent_id=consent_id, resident=RESIDENT)
        withdraw_consent(command, uow=self.uow, node=self.node, now=self.now)
        self.withdrawn.add(consent_id)

    @rule(hours=st.integers(1, 24 * 20))
    def pass_time(self, hours):
        self.now += timedelta(hours=hours)
        self.look()

    @rule(changes=st.sets(st.sampled_from(list(TextChange)), min_size=1))
    def change_the_text(self, changes):
        self.now += timedelta(hours=1)
        last = self.versions[-1]
        ended = a_consent_text(
            last.version,
            effective_from=last.effective_from,
            effective_until=self.now,
            changes=last.changes,
        )
        new = a_consent_text(
            f"v-{len(self.versions)}", effective_from=self.now, changes=frozenset(changes)
        )
        self.versions = [*self.versions[:-1], ended, new]
        self.look()

    def look(self):
        while end_unrenewed(uow=self.uow, node=self.node, now=self.now):
            pass

    @rule(recipient=recipients)
    def attest(self, recipient):
        command = an_issue_attestation(attestation_id=uuid4(), recipient=recipient)
        may = any(self.is_live(each, recipient) for each in self.given)
        if not may:
            with pytest.raises(Refused, match=NO):
                issue_attestation(command, uow=self.uow, node=self.node, now=self.now)
            return
        issue_attestation(command, uow=self.uow, node=self.node, now=self.now)
        self.issued.append(command.attestation_id)

    def is_live(self, consent_id, recipient):
        """Say it anew, apart from how the product does."""
        terms = self.given[consent_id]
        names = [text.version for text in self.versions]
        later = self.versions[names.index(terms.text_version) + 1 :]
        return (
            terms.recipient == recipient
            and consent_id not in self.withdrawn
            and self.now < terms.until
            and all(text.changes == {TextChange.WORDING} for text in later)
        )

    @invariant()
    def every_standing_attestation_rests_on_a_consent_that_is_live_for_its_city(self):
        with self.uow:
            issued = [self.uow.issuances.get(each) for each in self.issued]
        for issuance in issued:
            if issuance.revoked is None and issuance.until > self.now:
                assert self.is_live(issuance.consent_id, issuance.recipient)
            terms = self.given[issuance.consent_id]
            claims = disclosable_claims(issuance.credential)
            assert issuance.until <= terms.until
            assert set(claims["purposes"]) == set(terms.purposes)


TestConsents = Consents.TestCase
TestConsents.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
