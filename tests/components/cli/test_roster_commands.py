"""The alliance's office makes, signs and compares rosters on files, and overwrites nothing."""

import json
from datetime import timedelta

import pytest

from services.cli.roster import drafts, signing
from services.plumbing.clock import utc_now
from services.recognition.adapters.documents import read_alliance_keys
from services.recognition.adapters.roster_file import load_roster
from services.recognition.adapters.suites import SuiteSignatures

NOW = utc_now()
GATEWAYS = {"350100": "https://huxin.fuzhou.example", "330100": "https://huxin.hangzhou.example"}
NAMES = {"350100": ("福州", "Fuzhou"), "330100": ("杭州", "Hangzhou")}


def day(days):
    return f"{NOW + timedelta(days=days):%Y-%m-%d}"


class Office:
    """Two offices of an alliance at one desk; both have to sign."""

    def __init__(self, huxin, desk):
        self.huxin, self.desk = huxin, desk
        for name in ("a", "b", "stranger"):
            self.print_to(f"{name}.json", "roster", "new-key", desk / f"{name}.jwk")
        self.done("key-set", desk / "a.json", desk / "b.json", "--threshold", 2, "--out", self.keys)

    @property
    def keys(self):
        return self.desk / "alliance-keys.json"

    def __call__(self, *words):
        return self.huxin("roster", *words)

    def done(self, *words):
        answer = self(*words)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    def print_to(self, name, *words):
        answer = self.huxin(*words)
        assert answer.exit_code == 0, answer.output
        (self.desk / name).write_text(answer.stdout)
        return self.desk / name

    def sent_by(self, code):
        """Let a city make its node and send what it prints."""
        words = ("--city", code, "--gateway-url", GATEWAYS[code], "--identity-issuer", "https://id")
        return self.print_to(f"{code}.json", "init", self.desk / code, *words)

    def add_city(self, draft, code, /, **changed):
        name, name_en = NAMES[code]
        options = {"code": code, "name": name, "name-en": name_en, "gateway": GATEWAYS[code]}
        if "keys" not in changed:
            options["keys"] = self.sent_by(code)
        given = {**options, **changed}
        return self("add-city", draft, *[w for n, v in given.items() for w in (f"--{n}", v)])

    def draft(self, name="draft-1.json"):
        """Begin an alliance of Fuzhou, which is online."""
        file = self.desk / name
        self.done("create", file)
        assert self.add_city(file, "350100").exit_code == 0
        self.done("set-state", file, "350100", "online", "--reason", "tests passed")
        return file

    def sign(self, file, out, *offices, previous=None):
        keys = [word for office in offices for word in ("--key", self.desk / f"{office}.jwk")]
        after = ["--previous", previous] if previous else []
        out = self.desk / out
        return self("sign", file, *keys, "--alliance-keys", self.keys, "--out", out, *after)

    def signed(self, file, out, *offices, previous=None):
        answer = self.sign(file, out, *offices, previous=previous)
        assert answer.exit_code == 0, answer.output
        return self.desk / out

    def verify(self, file):
        return self("verify", file, "--alliance-keys", self.keys)

    def next_draft(self, previous, *options):
        file = self.desk / "draft-2.json"
        self.done("create", file, "--previous", previous, "--alliance-keys", self.keys, *options)
        return file

    def rotate(self, draft, start, *options, use="attestation"):
        key = self.desk / "next.json"
        if not key.exists():
            self.print_to("next.json", "key", "attestation", self.desk / "next.jwk")
        words = ("--city", "350100", "--use", use, "--key", key, "--from", start)
        return self("rotate-key", draft, *words, *options)


@pytest.fixture
def office(huxin, tmp_path, monkeypatch):
    for module in (drafts, signing):
        monkeypatch.setattr(module, "utc_now", lambda: NOW)
    return Office(huxin, tmp_path)


def believed(office, file):
    return load_roster(
        file.read_text("ascii"),
        alliance_keys=read_alliance_keys(office.keys.read_text()),
        signatures=SuiteSignatures(),
    )


def kids(draft, use):
    keys = json.loads(draft.read_text("utf-8"))["cities"][0]["keys"]
    return [key["kid"] for key in keys if key["use"] == use]


# --- drafts ----------------------------------------------------------------------------------


def test_a_draft_is_readable_and_in_order(office):
    draft = office.draft()
    office.add_city(draft, "330100")

    document = json.loads(draft.read_text("utf-8"))
    assert [city["code"] for city in document["cities"]] == ["330100", "350100"]
    assert [key["use"] for key in document["cities"][1]["keys"]] == [
        "attestation",
        "encryption",
        "transport",
    ]
    assert (document["cities"][0]["state"], document["cities"][1]["state"]) == ("testing", "online")
    assert document["cities"][1]["state_reason"] == "tests passed"
    assert "福州" in draft.read_text("utf-8")


def test_each_change_says_what_it_changed(office):
    draft = office.draft()

    answer = office("set-state", draft, "350100", "suspended", "--reason", "audit")

    assert answer.stdout == "~ city 350100 state: online (tests passed) → suspended (audit)\n"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"code": "350200"}, "is of city 350100"),
        ({"code": "Fuzhou"}, "no GB/T 2260 code"),
        ({"gateway": "https://elsewhere.example"}, "at https://huxin.fuzhou.example"),
    ],
)
def test_keys_of_another_city_are_not_taken(office, changed, place):
    draft = office.desk / "draft.json"
    office.done("create", draft)
    before = draft.read_text()

    answer = office.add_city(draft, "350100", **changed)

    assert answer.exit_code == 1
    assert place in answer.stderr
    assert draft.read_text() == before


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ("{}", "keys, city, gateway are wanted"),
        ('{"city": "350100", "gateway": "https://huxin.fuzhou.example", "keys": 7}', "no attest"),
        ('{"city": "350100", "gateway": "https://huxin.fuzhou.example", "keys": [7]}', "a key has"),
        ("hello", "huxin:"),
    ],
)
def test_what_no_city_sends_is_refused(office, sent, place):
    draft, keys = office.desk / "draft.json", office.desk / "sent.json"
    office.done("create", draft)
    keys.write_text(sent)

    answer = office.add_city(draft, "350100", keys=keys)

    assert (answer.exit_code, "Traceback" in answer.output) == (1, False)
    assert place in answer.stderr


def test_a_private_key_that_a_city_sent_is_refused(office):
    draft, sent = office.draft(), office.sent_by("330100")
    public = json.loads(sent.read_text())
    public["keys"][0]["jwk"]["d"] = "AA"
    sent.write_text(json.dumps(public))

    answer = office.add_city(draft, "330100", keys=sent)

    assert answer.exit_code == 1
    assert "a private key" in answer.stderr


def test_a_key_is_followed_with_an_overlap_and_without_a_gap(office):
    draft = office.draft()
    [former] = kids(draft, "attestation")

    late = office.rotate(draft, day(366))
    answer = office.rotate(draft, day(300), "--overlap-days", 14)

    assert late.exit_code == 1
    assert "a gap" in late.stderr
    assert f"key {former} of city 350100 until: {day(365)}" in answer.stdout
    assert f"→ {day(314)} 00:00Z" in answer.stdout
    assert len(kids(draft, "attestation")) == 2


def test_a_key_for_another_use_does_not_follow(office):
    answer = office.rotate(office.draft(), day(300), use="transport")

    assert answer.exit_code == 1
    assert "is for attestation, not for transport" in answer.stderr


def test_a_key_is_retired_by_its_name(office):
    draft = office.draft()
    [kid] = kids(draft, "transport")

    done, again = (office("retire-key", draft, "--kid", kid) for _ in range(2))

    assert done.stdout == f"~ key {kid} of city 350100 state: current → retired\n"
    assert again.exit_code == 1
    assert "retired already" in again.stderr


def test_a_key_may_have_a_name_like_an_option(office):
    answer = office("retire-key", office.draft(), "--kid", "-unknown")

    assert answer.exit_code == 1
    assert "no city has a key -unknown" in answer.stderr


def test_a_signed_roster_is_not_edited(office):
    roster = office.signed(office.draft(), "roster.jws", "a", "b")
    before = roster.read_text()

    answer = office("set-state", roster, "350100", "left", "--reason", "x")

    assert answer.exit_code == 1
    assert "is signed" in answer.stderr
    assert roster.read_text() == before


def test_nothing_is_overwritten_without_a_word(office):
    draft = office.draft()
    roster = office.signed(draft, "roster.jws", "a", "b")
    before = (draft.read_text(), roster.read_text(), office.keys.read_text())

    again = [
        office("create", draft),
        office.sign(draft, "roster.jws", "a"),
        office("key-set", office.desk / "a.json", "--out", office.keys),
        office("new-key", office.desk / "a.jwk"),
    ]

    assert [answer.exit_code for answer in again] == [1, 1, 1, 1]
    assert all("xists" in answer.stderr for answer in again)
    assert (draft.read_text(), roster.read_text(), office.keys.read_text()) == before
    assert office("create", draft, "--force").exit_code == 0


# --- signatures ------------------------------------------------------------------------------


def test_two_offices_sign_one_after_the_other(office):
    draft = office.draft()

    first = office.signed(draft, "roster-a.jws", "a")
    half = office.verify(first)
    both = office.signed(first, "roster.jws", "b")

    assert half.exit_code == 1
    assert "bad_signature" in half.stderr
    assert "1 of the 2 signatures" in half.stderr
    assert half.stdout == ""
    assert office.verify(both).exit_code == 0
    assert believed(office, both).cities["350100"].online


def test_an_office_is_told_how_many_signatures_are_missing(office):
    draft = office.draft()

    one = office.sign(draft, "one.jws", "a")
    two = office.sign(draft, "two.jws", "a", "b")

    assert "version 1, signed by 1; 1 more needed" in one.stdout
    assert two.stdout.endswith("version 1, signed by 2\n")


def test_two_offices_that_sign_the_same_draft_sign_the_same(office):
    draft = office.draft()

    texts = [office.signed(draft, f"{name}.jws", name).read_text() for name in ("a", "b")]

    assert len({text.split(".")[1] for text in texts}) == 1


def test_an_office_signs_once(office):
    first = office.signed(office.draft(), "roster-a.jws", "a")

    answer = office.sign(first, "roster.jws", "a")

    assert answer.exit_code == 1
    assert "one key signed twice" in answer.stderr
    assert not (office.desk / "roster.jws").exists()


def test_a_stranger_does_not_sign(office):
    answer = office.sign(office.draft(), "roster.jws", "stranger")

    assert answer.exit_code == 1
    assert "not in the alliance's key set" in answer.stderr


def test_an_office_does_not_sign_beside_a_wrong_signature(office):
    first = office.signed(office.draft(), "roster-a.jws", "a")
    header, payload, signature = first.read_text().strip().split(".")
    first.write_text(f"{header}.{payload}.{signature[::-1]}")

    answer = office.sign(first, "roster.jws", "b")

    assert answer.exit_code == 1
    assert not (office.desk / "roster.jws").exists()


def test_a_version_follows_the_one_before(office):
    first = office.signed(office.draft(), "roster-1.jws", "a", "b")
    draft = office.next_draft(first)

    alone = office.sign(draft, "roster-2.jws", "a", "b")
    second = office.signed(draft, "roster-2.jws", "a", "b", previous=first)
    again = office.sign(draft, "roster-3.jws", "a", "b", previous=second)

    assert "version 2 needs the previous one" in alone.stderr
    assert "version 2 does not follow version 2" in again.stderr
    assert [alone.exit_code, again.exit_code] == [1, 1]
    assert believed(office, second).version == 2


def test_a_version_does_not_follow_one_that_is_not_believed(office):
    half = office.signed(office.draft(), "half.jws", "a")

    words = ("create", office.desk / "draft-2.json", "--previous", half)
    unknown, unbelieved = office(*words), office(*words, "--alliance-keys", office.keys)

    assert "--alliance-keys" in unknown.stderr
    assert "bad_signature" in unbelieved.stderr
    assert [unknown.exit_code, unbelieved.exit_code] == [1, 1]


def test_a_draft_that_is_over_is_not_signed(office, monkeypatch):
    draft = office.draft()
    monkeypatch.setattr(signing, "utc_now", lambda: NOW + timedelta(days=181))

    answer = office.sign(draft, "roster.jws", "a", "b")

    assert answer.exit_code == 1
    assert "is over" in answer.stderr


@pytest.mark.parametrize("threshold", [0, 3])
def test_a_threshold_that_cannot_be_met_is_refused(office, threshold):
    a, b, out = (office.desk / name for name in ("a.json", "b.json", "keys.json"))

    answer = office("key-set", a, b, "--threshold", threshold, "--out", out)

    assert answer.exit_code != 0
    assert not out.exists()


def test_a_private_key_does_not_go_into_the_key_set(office):
    answer = office("key-set", office.desk / "a.jwk", "--out", office.desk / "keys.json")

    assert answer.exit_code == 1
    assert "is a private key" in answer.stderr


# --- verify and diff -------------------------------------------------------------------------


def test_a_roster_is_told_with_cities_keys_and_dates(office):
    roster = office.signed(office.draft(), "roster.jws", "a", "b")

    answer = office.verify(roster)

    lines = answer.stdout.splitlines()
    assert {line[0] for line in lines} == {"✓"}
    assert lines[0].startswith("✓ signatures: 2, 2 needed: ")
    assert "version 1 with 1 cities, until" in lines[1]
    assert lines[3] == "✓ 350100 福州 Fuzhou: online (tests passed), https://huxin.fuzhou.example"
    assert [line.split(":")[0] for line in lines[4:]] == [
        "✓ 350100 attestation",
        "✓ 350100 transport",
        "✓ 350100 encryption",
    ]


def test_what_is_about_to_end_is_marked_unless_another_key_follows(office, monkeypatch):
    draft = office.draft()
    office.rotate(draft, day(300))
    roster = office.signed(draft, "roster.jws", "a", "b")
    monkeypatch.setattr(signing, "utc_now", lambda: NOW + timedelta(days=170))
    soon = office.verify(roster)
    monkeypatch.setattr(signing, "utc_now", lambda: NOW + timedelta(days=200))
    grace = office.verify(roster)

    [roster_line] = [line for line in soon.stdout.splitlines() if line[0] == "!"]
    assert "9 days left" in roster_line
    assert "another follows" in soon.stdout
    assert (soon.exit_code, grace.exit_code) == (0, 0)
    assert "its grace ends" in grace.stdout


def test_a_use_without_a_key_is_marked(office):
    draft = office.draft()
    office.done("retire-key", draft, "--kid", *kids(draft, "transport"))
    roster = office.signed(draft, "roster.jws", "a", "b")

    answer = office.verify(roster)

    assert "! 350100 transport: no key is in use now" in answer.stdout


def test_a_roster_whose_grace_is_over_is_not_believed(office, monkeypatch):
    roster = office.signed(office.draft(), "roster.jws", "a", "b")
    monkeypatch.setattr(signing, "utc_now", lambda: NOW + timedelta(days=211))

    answer = office.verify(roster)

    assert answer.exit_code == 1
    assert "stale_roster" in answer.stderr


def test_what_changed_is_told(office):
    first = office.signed(office.draft(), "roster-1.jws", "a", "b")
    draft = office.next_draft(first, "--days", 90)
    [attestation], [transport] = kids(draft, "attestation"), kids(draft, "transport")
    office.add_city(draft, "330100")
    office.rotate(draft, day(300), "--overlap-days", 7)
    office.done("retire-key", draft, "--kid", transport)
    office.done("set-state", draft, "350100", "suspended", "--reason", "key lost")

    lines = office.done("diff", first, draft).splitlines()
    back = office.done("diff", draft, first).splitlines()

    told = "\n".join(lines)
    assert lines[0] == "~ version: 1 → 2"
    assert f"→ {day(90)}" in told
    assert "+ city 330100 杭州 Hangzhou, testing, https://huxin.hangzhou.example" in lines
    assert "~ city 350100 state: online (tests passed) → suspended (key lost)" in lines
    assert f"~ key {transport} of city 350100 state: current → retired" in lines
    assert f"~ key {attestation} of city 350100 until: " in told
    assert sum(line.startswith("+ key") for line in lines) == 4
    assert "- city 330100" in back
    assert sum(line.startswith("- key") for line in back) == 1


def test_what_did_not_change_is_not_told(office):
    draft = office.draft()
    roster = office.signed(draft, "roster.jws", "a", "b")

    answer = office("diff", draft, roster)

    assert (answer.exit_code, answer.stdout) == (0, "")
    assert "signatures were not checked" in answer.stderr


def test_the_sandbox_has_a_roster_that_its_office_verifies(huxin, sandbox):
    alliance = next(iter(sandbox.settings.values())).parents[1] / "alliance"

    keys = alliance / "alliance-keys.json"
    answer = huxin("roster", "verify", alliance / "roster.jws", "--alliance-keys", keys)

    assert answer.exit_code == 0
    assert f"({drafts.ROSTER_DAYS - 1} days left)" in answer.stdout
