"""The office makes pseudonym keys in its book, and seals them to the cities that issue."""

import json

import pytest

from services.cli.roster.files import load_alliance_keys
from services.plumbing.clock import utc_now
from services.recognition.adapters.holder_keys import SealedHolderKeys
from services.recognition.adapters.pseudonym_file import load_pseudonym_keys
from services.recognition.adapters.suites import SuiteSignatures

pytestmark = pytest.mark.recognition

FUZHOU, HANGZHOU = "350100", "330100"


class Desk:
    """Two offices, both of which have to sign, and a roster of two cities."""

    def __init__(self, huxin, desk):
        self.huxin, self.desk = huxin, desk
        for office in ("a", "b"):
            self.write(f"{office}.json", "roster", "new-key", desk / f"{office}.jwk")
        self.keys = desk / "alliance-keys.json"
        self.done("key-set", desk / "a.json", desk / "b.json", "--threshold", 2, "--out", self.keys)
        draft = desk / "draft.json"
        self.done("create", draft)
        for code in (FUZHOU, HANGZHOU):
            url = f"https://{code}.example"
            place = ("--city", code, "--gateway-url", url, "--identity-issuer", "https://id")
            public = self.write(f"{code}.json", "init", desk / code, *place)
            names = ("--name", code, "--name-en", code, "--gateway", url, "--keys", public)
            self.done("add-city", draft, "--code", code, *names)
        self.roster = desk / "roster.jws"
        signers = ("--key", desk / "a.jwk", "--key", desk / "b.jwk")
        self.done("sign", draft, *signers, "--alliance-keys", self.keys, "--out", self.roster)

    def write(self, name, *words):
        answer = self.huxin(*words)
        assert answer.exit_code == 0, answer.output
        (self.desk / name).write_text(answer.stdout)
        return self.desk / name

    def done(self, *words):
        answer = self.huxin("roster", *words)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    def make(self, host, *options):
        return self.huxin(
            "roster", "pseudonym-key", host, "--book", self.desk / "book.json", *options
        )

    def seal(self, name, *options):
        words = ("--book", self.desk / "book.json", "--roster", self.roster)
        trusted = ("--alliance-keys", self.keys, "--key", self.desk / "a.jwk")
        return self.done("seal-keys", *words, *trusted, "--out", self.desk / name, *options)

    def countersign(self, name, out):
        words = ("--alliance-keys", self.keys, "--key", self.desk / "b.jwk")
        return self.done("countersign-keys", self.desk / name, *words, "--out", self.desk / out)

    def opened_by(self, city, name, host):
        document = load_pseudonym_keys(
            (self.desk / name).read_text(),
            alliance_keys=load_alliance_keys(self.keys),
            signatures=SuiteSignatures(),
        )
        keys = SealedHolderKeys(city, self.desk / city / "keys/encryption.jwk", lambda: document)
        return document.version, keys.opens(host, utc_now())


@pytest.fixture
def desk(huxin, tmp_path):
    return Desk(huxin, tmp_path)


def test_a_key_reaches_who_issues_and_not_its_host(desk):
    assert desk.make(HANGZHOU).exit_code == 0

    told = desk.seal("one.jws")
    desk.countersign("one.jws", "both.jws")

    assert f"of city {HANGZHOU}: sealed to {FUZHOU}" in told
    assert desk.opened_by(FUZHOU, "both.jws", HANGZHOU) == (1, True)
    assert desk.opened_by(HANGZHOU, "both.jws", HANGZHOU) == (1, False)


def test_the_next_document_follows_the_one_before(desk):
    desk.make(HANGZHOU)
    desk.seal("one.jws")
    desk.countersign("one.jws", "both.jws")

    desk.seal("next.jws", "--previous", desk.desk / "both.jws", "--key", desk.desk / "b.jwk")

    assert desk.opened_by(FUZHOU, "next.jws", HANGZHOU) == (2, True)


def test_a_book_is_the_office_s_alone_and_is_not_printed(desk):
    answer = desk.make(HANGZHOU)

    book = desk.desk / "book.json"
    [key] = json.loads(book.read_text())["keys"]
    assert book.stat().st_mode & 0o777 == 0o600
    assert key["k"] not in answer.output


@pytest.mark.parametrize(
    ("host", "options", "place"),
    [
        ("hangzhou", (), "no GB/T 2260 code"),
        (HANGZHOU, ("--from", "2020-01-01"), "starts"),
    ],
)
def test_a_key_that_cannot_be_meant_is_not_made(desk, host, options, place):
    desk.make(HANGZHOU)

    answer = desk.make(host, *options)

    assert answer.exit_code == 1
    assert place in answer.output
