"""Offices of the alliance and of two cities propose, countersign, show and compare crosswalks."""

import json
from datetime import timedelta

import pytest
import yaml

from services.plumbing.clock import utc_now
from services.recognition.adapters.crosswalk_file import draft_text
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.roster_file import sign_roster
from tests.builders.attestations import (
    CROSSWALK,
    FUZHOU,
    HANGZHOU,
    HOME_KEY,
    HOST_KEY,
    OTHER_KEY,
    a_city,
    a_crosswalk,
    a_key,
    a_roster,
)
from tests.builders.crosswalks import TIERS, a_table_with, an_override

pytestmark = pytest.mark.recognition

NOW = utc_now().replace(microsecond=0)
LATER, DAY = NOW + timedelta(days=9), timedelta(days=1)
NAME = "350100-330100-sports"


class Desk:
    """The papers of everybody who signs, in one directory."""

    def __init__(self, huxin, directory):
        self.huxin, self.directory = huxin, directory
        office = PrivateKey.generate("EdDSA")
        keys = {"office": office, "home": HOME_KEY, "host": HOST_KEY, "stranger": OTHER_KEY}
        for name, key in keys.items():
            key.save(self.at(f"{name}.jwk"))
        self.at("keys.json").write_text(json.dumps({"keys": [office.public_jwk]}))
        dates = {"use_from": NOW - DAY, "use_until": NOW + 99 * DAY}
        cities = [
            a_city(code, keys=[a_key(key, **dates)])
            for code, key in ((FUZHOU, HOME_KEY), (HANGZHOU, HOST_KEY))
        ]
        roster = a_roster(*cities, issued_at=NOW, valid_until=NOW + 99 * DAY)
        self.at("roster.jws").write_text(sign_roster(roster, office))

    def at(self, name):
        return self.directory / name

    def draft(self, document, name="draft.yaml"):
        self.at(name).write_text(draft_text(document), "utf-8")
        return self.at(name)

    def __call__(self, *words):
        return self.huxin("crosswalk", *words)

    def trusting(self, *words):
        trust = ("--alliance-keys", self.at("keys.json"), "--roster", self.at("roster.jws"))
        return self(*words, *trust)

    def propose(self, draft, key, out, *options):
        words = ("--key", self.at(f"{key}.jwk"), "--out", self.at(out))
        return self.trusting("propose", draft, *words, *options)

    def sign(self, file, key, out, *options):
        words = ("--key", self.at(f"{key}.jwk"), "--out", self.at(out))
        return self.trusting("sign", self.at(file), *words, *options)

    def alliance(self):
        """Sign the shipped table."""
        assert self.propose(self.draft(CROSSWALK), "office", "alliance-1.jws").exit_code == 0
        return self.at("alliance-1.jws")

    def proposed(self, **overrides):
        """Let home propose an override."""
        draft = self.draft(an_override(**{"effective_from": LATER, **overrides}), "override.yaml")
        answer = self.propose(draft, "home", "one.jws", "--table", self.alliance())
        assert answer.exit_code == 0, answer.output
        return draft


@pytest.fixture
def desk(huxin, tmp_path):
    return Desk(huxin, tmp_path)


def failed(answer, *told):
    assert answer.exit_code == 1, answer.output
    for part in told:
        assert part in answer.stderr
    return True


def test_an_override_is_proposed_by_one_city_and_countersigned_by_the_other(desk):
    draft = desk.proposed()

    waiting = desk.trusting("verify", desk.at("one.jws"))
    signed = desk.sign("one.jws", "host", "both.jws", "--draft", draft)

    assert failed(waiting, "1 more have to sign")
    assert "signed by 350100, 330100, by all" in signed.stdout
    assert desk.trusting("verify", desk.at("both.jws")).exit_code == 0


def test_the_alliances_table_needs_no_roster(desk):
    desk.alliance()

    answer = desk("verify", desk.at("alliance-1.jws"), "--alliance-keys", desk.at("keys.json"))

    assert answer.exit_code == 0
    assert "by all" in answer.stdout


def test_what_two_cities_agree_on_is_not_believed_without_their_roster(desk):
    desk.proposed()

    answer = desk("verify", desk.at("one.jws"), "--alliance-keys", desk.at("keys.json"))

    assert failed(answer, "--roster")


def test_nobody_signs_what_was_not_agreed_on(desk):
    desk.proposed()
    agreed = desk.draft(
        an_override(effective_from=LATER, tiers={**TIERS, "良好": 3}), "agreed.yaml"
    )

    answer = desk.sign("one.jws", "host", "both.jws", "--draft", agreed)

    assert failed(answer, "this is not what", "良好: tier 3 → 4 (up)")
    assert not desk.at("both.jws").exists()


def test_a_key_of_nobody_concerned_signs_nothing(desk):
    draft, table = desk.proposed(), ("--table", desk.at("alliance-1.jws"))

    assert failed(desk.sign("one.jws", "stranger", "both.jws"), "it is no party")
    assert failed(desk.propose(draft, "office", "x.jws", *table), "it is no party")
    assert failed(desk.propose(desk.draft(CROSSWALK), "home", "x.jws"), "the alliance's key set")


def test_a_city_does_not_sign_twice(desk):
    desk.proposed()

    assert failed(desk.sign("one.jws", "home", "both.jws"), "signed twice")


def test_a_changed_document_is_not_signed(desk):
    desk.proposed()
    header, _, signature = desk.at("one.jws").read_text().strip().split(".")
    _, payload, _ = desk.at("alliance-1.jws").read_text().strip().split(".")
    desk.at("one.jws").write_text(f"{header}.{payload}.{signature}")

    assert failed(desk.sign("one.jws", "host", "both.jws"), "bad_signature")


def test_an_override_must_fit_the_alliances_bands(desk):
    draft = desk.draft(an_override(effective_from=LATER, tiers={"良好": 4}), "unfit.yaml")

    unfit = desk.propose(draft, "home", "x.jws", "--table", desk.alliance())

    assert failed(unfit, "lowest first: 极差, 较差, 一般, 良好, 优秀, 极好")
    assert failed(desk.propose(draft, "home", "x.jws"), "--table")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"version": 2, "effective_from": LATER}, "follows another version"),
        ({"effective_from": NOW - DAY}, "begins in the past"),
    ],
)
def test_a_proposal_follows_the_version_before_and_does_not_begin_in_the_past(desk, change, what):
    draft = desk.draft(an_override(**change), "override.yaml")

    assert failed(desk.propose(draft, "home", "x.jws", "--table", desk.alliance()), what)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"version": 1}, "does not follow version 1"),
        ({"version": 2, "effective_from": LATER - DAY}, "begins before version 1"),
        ({"version": 2, "host": "320100"}, "does not follow"),
    ],
)
def test_a_later_version_follows_in_name_number_and_date(desk, change, what):
    desk.proposed()
    desk.sign("one.jws", "host", "both.jws")
    draft = desk.draft(an_override(**{"effective_from": LATER, **change}), "second.yaml")
    options = ("--table", desk.at("alliance-1.jws"), "--previous", desk.at("both.jws"))

    assert failed(desk.propose(draft, "home", "x.jws", *options), what)


def test_a_version_that_is_not_countersigned_is_followed_by_none(desk):
    desk.proposed()
    draft = desk.draft(an_override(version=2, effective_from=LATER), "second.yaml")
    options = ("--table", desk.at("alliance-1.jws"), "--previous", desk.at("one.jws"))

    assert failed(desk.propose(draft, "home", "x.jws", *options), "1 more have to sign")


def test_nothing_that_exists_is_overwritten(desk):
    desk.alliance()

    assert failed(desk.propose(desk.at("draft.yaml"), "office", "alliance-1.jws"), "--force")


def test_a_mistake_in_a_draft_is_told_with_its_line(desk):
    path = desk.draft(CROSSWALK)
    path.write_text(path.read_text("utf-8").replace("持卡, 4", "持卡, 9"), "utf-8")

    answer = desk.propose(path, "office", "x.jws")

    assert failed(answer, "city 320100: 持卡: tiers go from 1 to 5 (line ")


def test_where_each_document_stands_is_shown_with_its_bands(desk):
    desk.proposed()
    desk.sign("one.jws", "host", "both.jws")
    second = desk.draft(a_table_with(FUZHOU, {"良好": 4}, effective_from=LATER), "second.yaml")
    assert desk.propose(
        second, "office", "alliance-2.jws", "--previous", desk.at("alliance-1.jws")
    ).exit_code == 0  # fmt: skip

    desk.at("crosswalks").mkdir()
    for name in ("alliance-1.jws", "alliance-2.jws", "both.jws"):
        desk.at(name).rename(desk.at("crosswalks") / name)

    answer = desk.trusting("show", desk.at("crosswalks"), desk.at("one.jws"))

    assert answer.exit_code == 0, answer.output
    assert "alliance@1: in_force, from 2025-12-31 16:00Z" in answer.stdout
    assert "alliance@2: countersigned" in answer.stdout
    assert f"{NAME}@1: proposed" in answer.stdout
    assert f"{NAME}@1: countersigned" in answer.stdout
    assert "(150, …)" in answer.stdout


def test_what_changed_is_told_band_by_band(desk):
    old = desk.draft(CROSSWALK, "old.yaml")
    cities = {code: CROSSWALK.scales[code] for code in (FUZHOU, HANGZHOU)}
    changed = a_table_with(FUZHOU, {"良好": 4, "优秀": 4}, effective_from=LATER)
    changed = a_crosswalk(
        version=2, effective_from=LATER, scales={**cities, FUZHOU: changed.scales[FUZHOU]}
    )
    new = desk.draft(changed, "new.yaml")

    answer = desk("diff", old, new)

    assert answer.stdout.splitlines() == [
        "~ version: 1 → 2",
        f"~ effective: from 2025-12-31 16:00Z → from {LATER:%Y-%m-%d %H:%MZ}",
        "- city 320100",
        "~ city 350100 良好: tier 3 → 4 (up)",
        "- city 410100",
    ]
    assert "signatures were not checked" in answer.stderr
    assert desk("diff", old, old).stdout == ""


def test_an_edge_that_moves_is_told(desk):
    text = desk.draft(CROSSWALK, "old.yaml").read_text("utf-8")
    desk.at("new.yaml").write_text(text.replace("'150': lower", "'150': upper"), "utf-8")

    answer = desk("diff", desk.at("old.yaml"), desk.at("new.yaml"))

    assert answer.stdout.splitlines() == [
        "~ city 410100 优秀: [120, 150] → [120, 150)",
        "~ city 410100 极好: (150, …) → [150, …)",
    ]


# Synthetic: no city published these.
SYNTHETIC = {"极差": 1, "较差": 4, "一般": 20, "良好": 50, "优秀": 20, "极好": 5}


def write_shares(path, figures, city=FUZHOU):
    rows = [
        {
            "city": city,
            "band": band,
            "share": share,
            "people": None if share is None else share * 1000,
            "source": "synthetic, for a test",
            "as_of": "2026-01-01",
        }
        for band, share in figures.items()
    ]
    path.write_text(yaml.safe_dump({"shares": rows}, allow_unicode=True), "utf-8")
    return path


def test_how_many_people_each_cut_would_move_is_told(desk):
    shares = write_shares(desk.at("shares.yaml"), SYNTHETIC)
    proposed = desk.draft(an_override(tiers={**TIERS, "较差": 1, "极好": 5, "一般": 1}))

    answer = desk("compare", FUZHOU, HANGZHOU, "--proposed", proposed, "--shares", shares, "--json")

    told = json.loads(answer.stdout)
    assert (told["in_force"], told["proposed"]) == ("alliance@1", f"{NAME}@1")
    assert told["bands"][2] == {
        "band": "一般", "share": 20.0, "people": 20000, "now": 2, "proposed": 1,
    }  # fmt: skip
    cuts = {row["tier"]: row for row in told["cuts"]}
    assert cuts[2]["moved_down"] == {"share": 20.0, "people": 20000}
    assert cuts[4]["now"] == {"share": 25.0, "people": 25000}
    assert cuts[4]["proposed"] == {"share": 75.0, "people": 75000}
    assert cuts[4]["moved_up"] == {"share": 50.0, "people": 50000}
    assert cuts[5]["moved_up"] == {"share": 20.0, "people": 20000}
    assert cuts[3]["host"] == {"share": None, "people": None}


def test_people_and_shares_stand_in_one_table(desk):
    shares = write_shares(desk.at("shares.yaml"), SYNTHETIC)
    proposed = desk.draft(an_override())

    answer = desk("compare", FUZHOU, HANGZHOU, "--proposed", proposed, "--shares", shares)

    assert f"350100 at 330100: alliance@1 → {NAME}@1" in answer.stdout
    assert "50 %, 50,000" in answer.stdout
    assert "350100: synthetic, for a test (2026-01-01)" in answer.stdout
    assert "330100: shares not published" in answer.stdout


def test_what_was_not_published_is_not_guessed(desk):
    answer = desk("compare", FUZHOU, HANGZHOU)

    assert answer.exit_code == 0, answer.output
    assert answer.stdout.count("not published") == 20
    told = json.loads(desk("compare", FUZHOU, HANGZHOU, "--json").stdout)
    assert {row["now"]["people"] for row in told["cuts"]} == {None}


def test_one_missing_figure_leaves_its_cuts_unknown_and_the_others_known(desk):
    known = {band: share for band, share in SYNTHETIC.items() if band != "良好"}
    shares = write_shares(desk.at("shares.yaml"), known)

    told = json.loads(desk("compare", FUZHOU, HANGZHOU, "--shares", shares, "--json").stdout)

    assert [row["now"]["share"] for row in told["cuts"]] == [None, None, 25.0, 5.0]


def test_shares_may_be_a_csv(desk):
    path = desk.at("shares.csv")
    path.write_text(
        "city,band,share,people,source,as_of\n320100,持卡,,5000,synthetic,2026\n", "utf-8"
    )

    told = json.loads(desk("compare", "320100", HANGZHOU, "--shares", path, "--json").stdout)

    assert told["bands"][1]["people"] == 5000


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("350100,卓越,1,,s,d", "row 2: city 350100 has no band '卓越'"),
        ("350100,良好,101,,s,d", "0 to 100"),
        ("350100,良好,x,,s,d", "'x' is not a number"),
        ("350100,良好,NaN,,s,d", "not a number"),
        ("350100,良好,,1.5,s,d", "whole number"),
        ("350100,良好,,,s,d", "neither share nor people"),
        ("350100,良好,1,,,d", "its source and its date"),
        ("350100,良好,1,,s,d\n350100,良好,1,,s,d", "row 3: 良好 of city 350100 stands twice"),
        ("350100,良好,60,,s,d\n350100,优秀,60,,s,d", "more than the whole"),
    ],
)
def test_a_mistake_in_the_shares_is_told_with_its_row(desk, row, what):
    path = desk.at("shares.csv")
    path.write_text(f"city,band,share,people,source,as_of\n{row}\n", "utf-8")

    assert failed(desk("compare", FUZHOU, HANGZHOU, "--shares", path), what)


def test_shares_of_other_ranges_are_not_compared(desk):
    text = desk.draft(CROSSWALK).read_text("utf-8").replace("650", "645")
    desk.at("other.yaml").write_text(text, "utf-8")

    answer = desk("compare", FUZHOU, HANGZHOU, "--proposed", desk.at("other.yaml"))

    assert failed(answer, "other bands")


def test_an_override_of_other_cities_is_not_compared(desk):
    draft = desk.draft(an_override(host="410100"))

    assert failed(desk("compare", FUZHOU, HANGZHOU, "--proposed", draft), "is not for 350100")
    assert failed(desk("compare", FUZHOU, HANGZHOU, "--table", draft), "not the alliance's table")
    assert failed(desk("compare", "999999", HANGZHOU), "no bands of city 999999")
