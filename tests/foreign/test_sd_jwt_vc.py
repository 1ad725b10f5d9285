"""A foreign verifier believes what we issue, and we believe what a foreign issuer issues."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.domain import sd_jwt
from services.recognition.domain.moments import to_seconds
from services.recognition.domain.status_list import (
    SIZE,
    Status,
    StatusList,
    read_status_list,
    sign_status_list,
)
from services.recognition.domain.verification import Verified, verify
from tests.builders.attestations import (
    CHALLENGE,
    DISCLOSABLE,
    FUZHOU,
    GATEWAY,
    HANGZHOU,
    HOLDER_KEY,
    HOME_KEY,
    NOW,
    OTHER_KEY,
    a_city,
    a_host,
    a_key,
    a_presentation,
    a_roster,
    an_attestation,
)

pytestmark = pytest.mark.recognition

HERE = Path(__file__).parent
LIST = "https://fuzhou.example/v1/status-lists/0"
TTL = timedelta(minutes=10)


def node(program, asked):
    answer = subprocess.run(
        ["node", HERE / program],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def verdict(presentation, *, key=HOME_KEY, nonce=CHALLENGE, status=Status.VALID):
    """Let the foreign verifier judge, with a status list of ours."""
    entry = an_attestation().status
    statuses = StatusList.blank(bits=2)
    statuses[entry.index] = status
    token = sign_status_list(statuses, uri=entry.uri, now=NOW, ttl=TTL, signer=HOME_KEY)
    asked = {
        "presentation": presentation,
        "issuerKey": key.public_jwk,
        "nonce": nonce,
        "statusList": token,
        "now": to_seconds(NOW),
    }
    return json.loads(node("verify.mjs", asked))


def test_a_foreign_verifier_believes_our_attestation_and_its_status_list():
    answer = verdict(a_presentation())

    assert answer["ok"], answer
    assert answer["claims"]["tier"] == 4
    assert answer["claims"]["purposes"] == ["sports", "transport"]
    assert answer["binding"]["aud"] == GATEWAY


def test_a_foreign_verifier_reads_an_attestation_shown_in_part():
    answer = verdict(a_presentation(shown={"tier"}))

    assert answer["ok"], answer
    assert answer["claims"]["tier"] == 4
    assert "band" not in answer["claims"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": OTHER_KEY},
        {"nonce": "another-nonce"},
    ],
    ids=str,
)
def test_a_foreign_verifier_refuses_what_we_would_refuse(wrong):
    assert not verdict(a_presentation(), **wrong)["ok"]


@pytest.mark.parametrize("status", [Status.INVALID, Status.SUSPENDED])
def test_a_foreign_verifier_reads_our_list_and_tells_suspended_from_revoked(status):
    answer = verdict(a_presentation(), status=status)

    assert not answer["ok"]
    assert f"status {int(status)}" in answer["error"]


def test_a_foreign_reader_finds_in_our_list_what_we_wrote():
    statuses = StatusList.blank(bits=2)
    written = {0: Status.SUSPENDED, 1: Status.INVALID, SIZE - 1: Status.SUSPENDED}
    for index, status in written.items():
        statuses[index] = status
    token = sign_status_list(statuses, uri=LIST, now=NOW, ttl=TTL, signer=HOME_KEY)

    read = json.loads(node("list.mjs", {"token": token, "indexes": [*written, 2, SIZE - 2]}))

    assert read == {"bits": 2, "length": SIZE, "statuses": [*written.values(), 0, 0]}


@pytest.mark.parametrize(
    ("bits", "statuses"), [(2, [2, 1, 0, 2, 0, 0, 1, 2]), (1, [0, 1, 1, 0, 0, 0, 0, 1])]
)
def test_we_read_the_list_of_a_foreign_issuer_suspensions_included(bits, statuses, tmp_path):
    seconds = to_seconds(NOW)
    asked = {
        "statuses": statuses,
        "bits": bits,
        "claims": {"sub": LIST, "iat": seconds, "exp": seconds + 600, "ttl": 600},
        "header": {"alg": "EdDSA", "typ": "statuslist+jwt", "kid": HOME_KEY.kid},
        "key": private_jwk(HOME_KEY, tmp_path / "issuer.jwk"),
    }
    token = json.loads(node("list.mjs", asked))["token"]

    read = read_status_list(
        token, uri=LIST, city=a_city(FUZHOU), signatures=SuiteSignatures(), now=NOW
    ).statuses

    assert [read[index] for index in range(len(statuses))] == statuses


def test_a_foreign_verifier_refuses_a_disclosure_that_nobody_promised():
    token, *rest = a_presentation().split("~")
    stranger = sd_jwt.disclosure("salt-of-a-stranger", "tier", 5)

    assert not verdict("~".join([token, stranger, *rest]))["ok"]


@pytest.mark.parametrize("issuer", [HOME_KEY, PrivateKey.generate("ES256")], ids=["EdDSA", "ES256"])
@pytest.mark.parametrize("holder", [HOLDER_KEY, OTHER_KEY], ids=["ES256", "EdDSA"])
def test_we_believe_what_a_foreign_issuer_issues(issuer, holder, tmp_path):
    attestation = an_attestation(holder_key=holder.public_jwk)
    asked = {
        "claims": attestation.claims(),
        "concealed": sorted(DISCLOSABLE),
        "issuerKey": private_jwk(issuer, tmp_path / "issuer.jwk"),
        "holderKey": private_jwk(holder, tmp_path / "holder.jwk"),
        "kid": issuer.kid,
        "nonce": CHALLENGE,
        "audience": GATEWAY,
        "now": to_seconds(NOW),
    }
    presentation = node("issue.mjs", asked)
    roster = a_roster(a_city(FUZHOU, keys=[a_key(issuer)]), a_city(HANGZHOU))

    verified = verify(presentation, challenge=CHALLENGE, host=a_host(roster=roster), now=NOW)

    assert isinstance(verified, Verified), verified
    assert (verified.home, verified.tier, verified.band) == (FUZHOU, 4, "优秀")


def private_jwk(key, path):
    key.save(path)
    return json.loads(path.read_text())
