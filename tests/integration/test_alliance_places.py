"""A document of the alliance over real HTTP: fetched whole, once, and from where it should be."""

import pytest

from contracts.errors import ContractError, Unavailable
from services.recognition.adapters.alliance_places import AtAddress
from services.recognition.adapters.documents import AllianceKeys
from services.recognition.adapters.downloads import Downloads
from services.recognition.adapters.roster_file import load_roster, sign_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain.jws import LARGE
from tests.builders.attestations import NOW, OTHER_KEY, a_roster
from tests.builders.recognition_files import ALLIANCE_KEY
from tests.integration.test_status_source import Partner, serving

pytestmark = pytest.mark.recognition

ALLIANCE = AllianceKeys({ALLIANCE_KEY.kid: ALLIANCE_KEY.public_jwk})


def signed(key=ALLIANCE_KEY, **overrides):
    return sign_roster(a_roster(**overrides), key).encode()


def revalidating(body, tag):
    """Answer with a body, or that it is still the one the caller has."""

    def answer(handler):
        if handler.headers["If-None-Match"] == tag:
            handler.send_response(304)
            handler.end_headers()
        else:
            serving(body, ETag=tag)(handler)

    return answer


@pytest.fixture
def partner():
    partner = Partner()
    yield partner
    partner.stop()


@pytest.fixture
def place(partner):
    def read(text):
        return load_roster(text, alliance_keys=ALLIANCE, signatures=SuiteSignatures())

    return AtAddress(f"{partner.url}/v1/roster", read, Downloads(whole_seconds=1.0))


def test_what_did_not_change_is_not_sent_again(partner, place):
    partner.answer = revalidating(signed(), '"7"')
    first = place.look(NOW)

    again = place.look(NOW)
    partner.answer = revalidating(signed(version=8), '"8"')

    assert again == first
    assert place.look(NOW).content.version == 8


def test_a_document_the_alliance_did_not_sign_is_refused_and_the_next_look_is_whole(partner, place):
    partner.answer = revalidating(signed(OTHER_KEY), '"7"')
    with pytest.raises(ContractError, match="bad_signature"):
        place.look(NOW)

    partner.answer = revalidating(signed(), '"7"')

    assert place.look(NOW).content.version == 7


@pytest.mark.parametrize(
    "answer",
    [
        serving(b"", 302, Location="http://127.0.0.1:9/v1/roster"),
        serving(b"", 304),
        serving(b"", 500),
        serving(b" " * (LARGE + 1)),
    ],
    ids=["elsewhere", "not changed from nothing", "broken", "too large"],
)
def test_what_is_no_document_is_unavailable(partner, place, answer):
    partner.answer = answer

    with pytest.raises(Unavailable):
        place.look(NOW)


def test_a_place_that_is_dead_is_unavailable(place, partner):
    partner.stop()

    with pytest.raises(Unavailable):
        place.look(NOW)
