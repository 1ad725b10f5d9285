"""How often the most frequent commands ask the database (ADR 0044)."""

from uuid import uuid4

import pytest

from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.recognition.adapters.tables import metadata
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.handlers.recognitions import recognise_attestation
from tests.builders.attestations import NOW
from tests.builders.recognition import (
    a_recognise_attestation,
    an_issued_attestation,
    an_open_challenge,
    host_node,
)
from tests.fakes.recognition import FakeUnitOfWork
from tests.statements import asked

pytestmark = pytest.mark.recognition


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path}/recognition.db"
    engine = open_database(url)
    metadata.create_all(engine)
    yield engine
    close_database(url)


def test_a_challenge_is_one_statement_and_the_recognition_seven(engine):
    node = host_node(make_secret=lambda: uuid4().hex)
    credential = an_issued_attestation(FakeUnitOfWork()).credential

    with asked(engine) as opening:
        challenge = an_open_challenge(a_uow(engine), node)
    command = a_recognise_attestation(credential, challenge)
    with asked(engine) as recognising:
        recognise_attestation(command, uow=a_uow(engine), node=node, now=NOW)

    assert (len(opening), len(recognising)) == (1, 7)


def a_uow(engine):
    return make_unit_of_work(engine, utc_now, None, lambda: None)
