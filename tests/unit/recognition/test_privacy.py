"""From consent to withdrawal, nothing that leaves home says who somebody is or what they score."""

import json
import logging

import pytest
from structlog.testing import capture_logs

from contracts import wire
from contracts.consents import ShowConsent
from contracts.recognition import ListConsents, ShowStatusList, WithdrawConsent
from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.plumbing.migrate import upgrade
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain import jws, sd_jwt
from services.recognition.handlers.consent_records import list_consents, show_consent
from services.recognition.handlers.consents import withdraw_consent
from services.recognition.handlers.receiving import receive_notice
from services.recognition.handlers.recognitions import recognise_attestation
from services.recognition.handlers.status_lists import show_status_list
from tests.builders.attestations import NOW
from tests.builders.recognition import (
    CIVIL_ID,
    ID,
    RESIDENT,
    SCORE,
    a_receive_notice,
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    home_node,
    host_node,
)

pytestmark = pytest.mark.recognition


@pytest.fixture
def make_uow(tmp_path):
    urls = []

    def make(city):
        urls.append(f"sqlite:///{tmp_path}/{city}.db")
        engine = open_database(urls[-1])
        upgrade(engine, "services.recognition")
        return make_unit_of_work(engine, utc_now, None, lambda: None)

    yield make
    for url in urls:
        close_database(url)


def rows_of(uow):
    """Read every row of every table as text."""
    with uow:
        return "\n".join(
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in uow.connection.execute(table.select())
        )


def announcements_of(uow):
    with uow:
        outbox = metadata.tables["outbox"]
        found = uow.connection.execute(outbox.select().order_by(outbox.c.id))
        return [wire.decode(json.loads(row.envelope)).body for row in found]


def read_token(text):
    """Show what is inside a token, which its base64url would hide from a search."""
    read = sd_jwt.read(text if "~" in text else f"{text}~")
    inside = [jws.read(read.token, limit=jws.LARGE).payload]
    return str(inside + [jws.decode(each).decode() for each in read.disclosures])


def a_whole_life(home, host):
    """Consent, attest, recognise, withdraw, tell; return everything that was replied."""
    here, there = home_node(), host_node()
    issued = an_issued_attestation(home, here)
    challenge = an_open_challenge(host, there)
    command = a_recognise_attestation(issued.credential, challenge)
    record = recognise_attestation(command, uow=host, node=there, now=NOW)
    withdrawal = WithdrawConsent(consent_id=ID, resident=RESIDENT)
    withdrawn = withdraw_consent(withdrawal, uow=home, node=here, now=NOW)
    listed = list_consents(ListConsents(resident=RESIDENT), uow=home, node=here, now=NOW)
    statuses = show_status_list(ShowStatusList(list=0), uow=home, node=here, now=NOW)
    detail = show_consent(
        ShowConsent(consent_id=ID, resident=RESIDENT), uow=home, node=here, now=NOW
    )
    notices = [notice.token for notice in announcements_of(home)]
    receipts = [
        receive_notice(a_receive_notice(token), uow=host, node=there, now=NOW) for token in notices
    ]
    replies = [issued, challenge, record, withdrawn, listed, detail, statuses, *receipts]
    tokens = [issued.credential, command.presentation, statuses.token, *notices]
    return [str(wire.dump(reply)) for reply in replies] + [read_token(each) for each in tokens]


def test_a_whole_life_announces_what_happened(make_uow):
    home, host = make_uow("home"), make_uow("host")

    a_whole_life(home, host)

    assert [type(event).__name__ for event in announcements_of(home)] == ["NoticeReady"] * 2
    names = [type(event).__name__ for event in announcements_of(host)]
    assert names == ["ScoreRecognised", "RecognitionEnded", "NoticeReady"]


def test_neither_score_nor_civil_identifier_is_stored_announced_replied_or_logged(make_uow, caplog):
    home, host = make_uow("home"), make_uow("host")
    caplog.set_level(logging.DEBUG)

    with capture_logs() as lines:
        said = a_whole_life(home, host)

    everything = "\n".join([*said, rows_of(home), rows_of(host), str(lines), caplog.text])
    assert "优秀" in everything  # the band is there, so the search looks at the right things
    for secret in (CIVIL_ID, str(SCORE), str(int(SCORE))):
        assert not contains(everything, secret)


def test_the_resident_s_name_at_home_is_not_known_at_the_host(make_uow):
    home, host = make_uow("home"), make_uow("host")

    a_whole_life(home, host)

    assert RESIDENT in rows_of(home)
    assert RESIDENT not in rows_of(host)


def contains(text, number):
    """Say whether a number stands in a text by itself, not inside a longer word."""
    before_and_after = [
        (text[at - 1 : at], text[at + len(number) : at + len(number) + 1])
        for at in range(len(text))
        if text.startswith(number, at)
    ]
    return any(not (a.isalnum() or b.isalnum()) for a, b in before_and_after)
