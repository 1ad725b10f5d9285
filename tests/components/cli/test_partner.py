"""`huxin partner`: this city asks another's gateway by its own key."""

import base64
import json
from uuid import UUID

import pytest
from sqlalchemy import insert

from services.cli.demo.world import FUZHOU, HANGZHOU
from services.cli.parts import PARTS, migrate
from services.gateway.adapters.tables import cities
from services.plumbing.database import open_database
from services.plumbing.settings import read_values

pytestmark = pytest.mark.gateway

BATCH = UUID(int=5)


@pytest.fixture
def _member(settings):
    """Let Fuzhou's node know Hangzhou."""
    values = read_values(settings, {})
    migrate(PARTS["courier"], values)
    row = {"code": HANGZHOU, "name": "杭州", "name_en": "Hangzhou", "state": "online"}
    with open_database(values["gateway_database"]).begin() as connection:
        connection.execute(insert(cities).values(**row, url="https://hangzhou.example"))


@pytest.fixture
def partner(huxin, settings):
    return lambda *words: huxin("partner", *words, "--settings", settings)


@pytest.mark.usefixtures("_member")
def test_a_city_asks_under_its_own_signature(partner, gateway):
    standing = {"city": FUZHOU, "state": "online", "roster": 1, "roster_until": "2027-01-01T00:00Z"}
    gateway.says("GET /v1/membership", standing)

    answer = partner("membership", HANGZHOU)

    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith(f"city: {FUZHOU}\nstate: online\n")
    assert "Signature-Input" in gateway.sent[0].headers


@pytest.mark.usefixtures("_member")
def test_who_is_not_believed_is_told_where_to_look(partner, gateway):
    gateway.says("GET /v1/attestation-batches/*", {"code": "bad_signature"}, status=401)

    answer = partner("batch", HANGZHOU, BATCH)

    assert answer.exit_code == 1
    assert "huxin check" in answer.stderr


@pytest.mark.usefixtures("_member")
def test_the_statement_is_of_ones_own_people_there_unless_said_otherwise(partner, gateway):
    gateway.says("GET /v1/statements/2026-11/lines", {"lines": []})

    partner("statement", HANGZHOU, "2026-11", "--lines")
    partner("statement", HANGZHOU, "2026-11", "--lines", "--as-host")

    there, here = gateway.calls("GET")
    assert f"home={FUZHOU}&host={HANGZHOU}" in there
    assert f"home={HANGZHOU}&host={FUZHOU}" in here


@pytest.mark.usefixtures("_member")
def test_waiting_notices_are_listed_and_none_is_acknowledged(partner, gateway):
    said = {"events": {"urn:huxin:event:attestation-revoked": {}}}
    part = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    gateway.says("POST /v1/notices/poll", {"sets": {"j-1": f"e30.{part}.c2ln", "j-2": "?"}})

    answer = partner("poll", HANGZHOU)

    assert answer.stdout.startswith("j-1 attestation-revoked\nj-2 ?\n2 wait")
    assert json.loads(gateway.sent[0].body)["ack"] == []


@pytest.mark.usefixtures("_member")
def test_a_city_that_the_roster_does_not_name_is_said(partner):
    answer = partner("membership", "999999")

    assert answer.exit_code == 1
    assert "city 999999" in answer.stderr
