"""A check says line by line what is right and wrong with a node, and tells no secret."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from services.cli.check import findings
from services.cli.checks.finding import Verdict
from services.cli.checks.settings import check_settings
from services.cli.demo.world import FUZHOU, HANGZHOU, ZHENGZHOU
from services.cli.roster.book import Book
from services.cli.roster.drafts import KEY_DAYS, ROSTER_DAYS
from services.cli.roster.files import load_either
from services.cli.sandbox import PEOPLE
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import read_values
from services.recognition.adapters.crosswalk_documents import Trusted, open_published
from services.recognition.adapters.documents import AllianceKeys, read_alliance_keys
from services.recognition.adapters.facts import COLUMNS
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.pseudonym_file import sign_pseudonym_keys
from services.recognition.adapters.roster_file import load_roster, sign_roster
from services.recognition.adapters.suites import SuiteSignatures
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.domain.document import Document
from tests.components.cli.rosters import in_state, with_end, without

DAY = timedelta(days=1)


def lines(answer):
    return [line for line in answer.stdout.splitlines() if line[:1] in "✓!✗"]


def found(settings, at=timedelta()):
    return {
        finding.subject: (finding.verdict, finding.text)
        for finding in findings(settings, read_values(settings, {}), utc_now() + at)
    }


def with_setting(settings, name, value):
    kept = [line for line in settings.read_text().splitlines() if not line.startswith(f"{name} =")]
    settings.write_text("\n".join([*kept, f"{name} = {json.dumps(value)}"]))


def with_roster(settings, change):
    """Let the alliance publish its roster with one city changed."""
    alliance = settings.parents[1] / "alliance"
    key = PrivateKey.load(alliance / "alliance.jwk")
    file = alliance / "roster.jws"
    roster = load_roster(
        file.read_text(),
        alliance_keys=AllianceKeys({key.kid: key.public_jwk}),
        signatures=SuiteSignatures(),
    )
    file.write_text(sign_roster(change(roster), key))


def test_a_good_node_has_nothing_wrong(huxin, settings):
    answer = huxin("check", "--settings", settings)

    assert answer.exit_code == 0
    assert {line[0] for line in lines(answer)} == {"✓"}
    assert answer.stdout.splitlines()[-1] == f"{len(lines(answer))} checks: 0 wrong, 0 to watch"


def test_a_check_tells_neither_people_nor_keys(huxin, settings):
    answer = huxin("check", "--settings", settings)

    secrets = [path.read_text() for path in (settings.parent / "keys").glob("*.key")]
    people = [text for person in PEOPLE[FUZHOU].values() for text in (person.civil_id,)]
    assert not [secret for secret in secrets + people if secret in answer.output]


def test_facts_are_counted_where_there_are_any(huxin, settings):
    file = settings.with_name("facts.csv")
    person = next(iter(PEOPLE[FUZHOU].values())).civil_id
    file.write_text(f"{','.join(COLUMNS)}\n{person},fz-1,fz-penalty,minor,12,2026-11-01,-100\n")
    with_setting(settings, "facts_file", str(file))
    good = huxin("check", "--settings", settings)

    file.write_text(f"{','.join(COLUMNS)}\n{person},fz-1,,minor,12,2026-11-01,-100\n")
    bad = huxin("check", "--settings", settings)

    assert "✓ facts: 1 of 1 residents" in lines(good)
    assert [line for line in lines(bad) if line.startswith("✗ facts: ") and "line 2" in line]
    assert person not in bad.output


def test_missing_settings_are_named_all_at_once(huxin, tmp_path):
    file = tmp_path / "node.toml"
    file.write_text('city = "Fuzhou"\n')

    answer = huxin("check", "--settings", file)

    assert answer.exit_code == 1
    assert "✗ setting gateway_url: missing" in lines(answer)
    assert "✗ setting scores_file: missing" in lines(answer)


def test_a_bad_setting_is_named_without_its_value(huxin, settings):
    with_setting(settings, "http_port", "secret")

    answer = huxin("check", "--settings", settings)

    assert answer.exit_code == 1
    assert [line for line in lines(answer) if line.startswith("✗ setting http_port: ")]
    assert "secret" not in answer.output


def test_a_log_level_that_does_not_exist_is_named(huxin, settings):
    checked = huxin("check", "--settings", settings, HUXIN_LOG_LEVEL="LOUD")
    started = huxin("up", "--settings", settings, HUXIN_LOG_LEVEL="LOUD")

    named = "log_level: One of DEBUG, INFO, WARNING, ERROR."
    assert (checked.exit_code, lines(checked)) == (1, [f"✗ setting {named}"])
    assert (started.exit_code, started.stderr) == (1, f"huxin: {named}\n")


def test_a_misspelt_setting_is_named(huxin, settings):
    with_setting(settings, "atestation_days", 7)

    answer = huxin("check", "--settings", settings)

    assert (answer.exit_code, lines(answer)) == (
        1,
        ["✗ setting atestation_days: no part of a node reads it"],
    )


def test_a_file_that_is_no_settings_file_is_named(huxin, tmp_path):
    answer = huxin("check", "--settings", tmp_path / "none.toml")

    assert answer.exit_code == 1
    assert "none.toml" in answer.stderr


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("../alliance/roster.jws", "roster"),
        ("../alliance/alliance-keys.json", "roster"),
        ("../alliance/alliance-keys.json", "alliance-keys.json"),
        ("../alliance/crosswalks/alliance-1.jws", "crosswalk"),
        ("scores.csv", "scores"),
        ("identity-keys.json", "identity keys"),
        ("keys/attestation.jwk", "attestation.jwk"),
        ("keys/transport.jwk", "transport.jwk"),
        ("keys/resident.key", "resident.key"),
        ("keys/session.key", "session.key"),
        ("keys/pass.jwk", "pass.jwk"),
        ("keys/encryption.jwk", "encryption.jwk"),
    ],
)
@pytest.mark.parametrize("damage", ["gone", "nonsense"])
def test_a_file_that_is_gone_or_nonsense_is_wrong(settings, name, subject, damage):
    file = settings.parent / name
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(b"\x00 nonsense")

    assert found(settings)[subject][0] is Verdict.WRONG


@pytest.mark.parametrize("use", ["attestation", "transport", "encryption"])
def test_a_key_that_is_gone_is_wrong_also_before_there_is_a_roster(settings, use):
    (settings.parents[1] / "alliance/roster.jws").unlink()
    readable = found(settings)[f"{use}.jwk"]
    (settings.parent / f"keys/{use}.jwk").unlink()

    assert readable == (Verdict.RIGHT, "readable; no roster to look it up in")
    assert found(settings)[f"{use}.jwk"][0] is Verdict.WRONG


def test_what_is_missing_is_told_once(settings):
    (settings.parent / "keys/transport.jwk").unlink()

    told = [each.subject for each in findings(settings, read_values(settings, {}), utc_now())]

    assert told.count("transport.jwk") == 1


def test_a_key_that_others_may_read_is_wrong(settings):
    key = settings.parent / "keys/session.key"
    key.chmod(0o644)

    assert found(settings)["session.key"] == (
        Verdict.WRONG,
        f"others may read it; chmod 600 {key}",
    )


def test_settings_with_a_password_that_others_may_read_are_to_be_watched(settings):
    settings.chmod(0o644)
    before = list(check_settings(settings, read_values(settings, {})))
    with_setting(settings, "bus_url", "amqp://huxin:secret@127.0.0.1:1//")
    watched, _ = check_settings(settings, read_values(settings, {}))

    assert [each.subject for each in before] == ["settings"]
    assert watched.verdict is Verdict.WARNING
    assert watched.text == f"holds a password, and others may read it; chmod 600 {settings}"


def test_keys_of_the_wrong_use_are_wrong(settings):
    keys = settings.parent / "keys"
    (keys / "attestation.jwk").rename(keys / "x")
    (keys / "transport.jwk").rename(keys / "attestation.jwk")
    (keys / "x").rename(keys / "transport.jwk")

    seen = found(settings)

    assert "listed for transport, not for attestation" in seen["attestation.jwk"][1]
    assert "listed for attestation, not for transport" in seen["transport.jwk"][1]


@pytest.mark.parametrize(
    ("days", "verdict", "text"),
    [
        (KEY_DAYS - 31, Verdict.RIGHT, "days left"),
        (KEY_DAYS - 29, Verdict.WARNING, "28 days left"),
        (KEY_DAYS + 1, Verdict.WRONG, "out of use"),
    ],
)
def test_a_key_is_watched_before_its_end(settings, days, verdict, text):
    with_roster(settings, lambda roster: with_end(roster, utc_now() + 9999 * DAY))

    seen = found(settings, days * DAY)

    assert seen["attestation.jwk"][0] is verdict
    assert text in seen["attestation.jwk"][1]


@pytest.mark.parametrize(
    ("days", "verdict", "text"),
    [
        (ROSTER_DAYS - 31, Verdict.RIGHT, "until"),
        (ROSTER_DAYS - 29, Verdict.WARNING, "28 days left"),
        (ROSTER_DAYS + 1, Verdict.WARNING, "its grace ends"),
        (ROSTER_DAYS + 31, Verdict.WRONG, "grace and all"),
    ],
)
def test_a_roster_is_watched_before_its_end(settings, days, verdict, text):
    seen = found(settings, days * DAY)

    assert seen["roster"][0] is verdict
    assert text in seen["roster"][1]


def test_a_city_outside_the_roster_is_wrong(settings):
    with_roster(settings, lambda roster: without(roster, FUZHOU))

    seen = found(settings)

    assert seen["membership"] == (Verdict.WRONG, f"city {FUZHOU} is not in the roster")
    assert "not in the roster" in seen["attestation.jwk"][1]


def test_a_gateway_at_another_address_than_the_roster_s_is_wrong(settings):
    with_setting(settings, "gateway_url", "https://moved.example")

    seen = found(settings)

    assert "the roster has this city's gateway at" in seen["membership"][1]
    assert seen["attestation.jwk"][0] is Verdict.WRONG


def test_a_city_that_is_not_online_yet_is_watched(settings):
    with_roster(settings, lambda roster: in_state(roster, FUZHOU, "testing"))

    assert found(settings)["membership"] == (
        Verdict.WARNING,
        f"city {FUZHOU} is testing, not online",
    )


def with_pseudonym_keys(settings, *hosts):
    """Seal keys for these hosts alone."""
    alliance = settings.parent.parent / "alliance"
    roster = load_either(alliance / "roster.jws")
    book = Book()
    for host in hosts:
        book = book.with_key(host, use_from=utc_now() - timedelta(minutes=5))
    sealed = book.seal(roster, version=2, now=utc_now())
    key = PrivateKey.load(alliance / "alliance.jwk")
    (alliance / "pseudonym-keys.jws").write_text(sign_pseudonym_keys(sealed, key))


def test_a_host_without_a_pseudonym_key_is_named(settings):
    with_pseudonym_keys(settings, FUZHOU, ZHENGZHOU)

    verdict, text = found(settings)["pseudonym-keys.jws"]

    assert verdict is Verdict.WARNING
    assert HANGZHOU in text
    assert ZHENGZHOU not in text


def test_pseudonym_keys_that_are_not_there_are_watched(settings):
    (settings.parent.parent / "alliance/pseudonym-keys.jws").unlink()

    assert found(settings)["pseudonym-keys.jws"][0] is Verdict.WARNING


def test_pseudonym_keys_that_the_alliance_did_not_sign_are_wrong(settings):
    (settings.parent.parent / "alliance/pseudonym-keys.jws").write_text("a.b.c")

    assert found(settings)["pseudonym-keys.jws"][0] is Verdict.WRONG


def test_a_database_that_cannot_be_opened_is_wrong(settings):
    with_setting(settings, "scenarios_database", "sqlite:////nowhere/scenarios.db")

    seen = found(settings)

    assert seen["database scenarios"][0] is Verdict.WRONG
    assert seen["database gateway"][0] is Verdict.RIGHT


def test_a_bus_of_an_unknown_kind_is_wrong(settings):
    with_setting(settings, "bus_url", "carrier-pigeon://loft")

    assert found(settings)["bus"] == (Verdict.WRONG, "the address cannot be read")


def test_a_roster_file_that_is_away_is_only_watched_while_a_copy_is_kept(settings):
    keep(settings)
    (settings.parents[1] / "alliance/roster.jws").unlink()

    seen = found(settings)

    assert seen["roster.jws"][0] is Verdict.WARNING
    assert "the node goes by version 1, which it keeps" in seen["roster.jws"][1]
    good = {seen[name][0] for name in ("roster", "membership", "attestation.jwk", "crosswalk")}
    assert good == {Verdict.RIGHT}


def test_a_roster_file_that_went_back_is_not_what_is_checked(settings):
    former = settings.parents[1] / "alliance/roster.jws"
    text = former.read_text()
    with_roster(settings, lambda roster: replace(roster, version=2))
    keep(settings)
    former.write_text(text)

    seen = found(settings)

    assert seen["roster.jws"] == (
        Verdict.WARNING,
        "version 1 is older; the node goes by version 2, which it keeps",
    )
    assert seen["roster"][1].startswith("version 2 ")


def test_a_roster_file_that_is_newer_than_the_copy_is_what_is_checked(settings):
    keep(settings)
    with_roster(settings, lambda roster: replace(roster, version=2))

    seen = found(settings)

    assert "roster.jws" not in seen
    assert seen["roster"][1].startswith("version 2 ")


def test_a_crosswalk_that_was_kept_needs_no_file(settings):
    keep(settings)
    (settings.parents[1] / "alliance/crosswalks/alliance-1.jws").unlink()

    assert found(settings)["crosswalk"] == (Verdict.RIGHT, "version 1 with 4 cities")


def keep(settings):
    """Let recognition keep roster and crosswalk, as it does when it runs."""
    alliance = settings.parents[1] / "alliance"
    keys = read_alliance_keys((alliance / "alliance-keys.json").read_text())
    text = (alliance / "roster.jws").read_text()
    roster = load_roster(text, alliance_keys=keys, signatures=SuiteSignatures())
    trusted = Trusted(
        alliance_keys=keys, roster=roster, signatures=SuiteSignatures(), now=utc_now()
    )
    table = (alliance / "crosswalks/alliance-1.jws").read_text()
    engine = open_database(f"sqlite:///{settings.parent}/data/recognition.db")
    upgrade(engine, "services.recognition")
    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        uow.adopted_rosters.adopt(Document(roster, text, utc_now()), utc_now())
        uow.crosswalks.add(open_published(table, trusted), utc_now())
        uow.commit()
