"""Every suite serves a city and a holder from consent to revocation."""

import pytest

from contracts.recognition import RevokeAttestation, ShowStatusList
from contracts.words import RevocationReason
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SUITES, SuiteSignatures
from services.recognition.domain.attestation import DISCLOSABLE, present
from services.recognition.domain.status_list import Status, read_status_list
from services.recognition.domain.verification import Verified, verify
from services.recognition.handlers.attestations import revoke_attestation
from services.recognition.handlers.status_lists import show_status_list
from tests.builders.attestations import (
    CHALLENGE,
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    NOW,
    a_city,
    a_host,
    a_key,
    a_roster,
)
from tests.builders.recognition import ID, an_issued_attestation, home_node

pytestmark = pytest.mark.recognition

REVOKE = RevokeAttestation(attestation_id=ID, reason=RevocationReason.CITY_DECISION)


@pytest.fixture(params=SUITES)
def alg(request):
    return request.param


@pytest.fixture
def home(alg):
    """Make Fuzhou's node with a key of the suite, in a roster that lists it."""
    key = PrivateKey.generate(alg)
    roster = a_roster(a_city(FUZHOU, keys=[a_key(key)]), a_city(HANGZHOU))
    return home_node(signer=key, roster=lambda: roster)


def facts_of(uow, home, holder):
    record = an_issued_attestation(uow, home, holder_key=holder.public_jwk)
    shown = present(
        record.credential,
        DISCLOSABLE,
        gateway=GATEWAY,
        challenge=CHALLENGE,
        now=NOW,
        signer=holder,
    )
    return verify(shown, challenge=CHALLENGE, host=a_host(roster=home.roster()), now=NOW)


def status_of(uow, home, entry):
    token = show_status_list(ShowStatusList(list=0), uow=uow, node=home, now=NOW).token
    city = home.roster().city(FUZHOU)
    read = read_status_list(token, uri=entry.uri, city=city, signatures=SuiteSignatures(), now=NOW)
    return read.statuses[entry.index]


def test_a_host_believes_the_attestation_and_its_holder(uow, home, alg):
    facts = facts_of(uow, home, PrivateKey.generate(alg))

    assert isinstance(facts, Verified)
    assert (facts.home, facts.tier, facts.kid) == (FUZHOU, 4, home.signer.kid)


def test_everyone_reads_in_the_status_list_what_was_revoked(uow, home, alg):
    entry = facts_of(uow, home, PrivateKey.generate(alg)).status
    before = status_of(uow, home, entry)

    revoke_attestation(REVOKE, uow=uow, node=home, now=NOW)

    assert (before, status_of(uow, home, entry)) == (Status.VALID, Status.INVALID)
