"""The commands that run, make and repair: what they say when something is wrong, and exit codes."""

from uuid import uuid4

import pytest

from contracts.membership import CityStateChanged
from contracts.words import CityState
from services.cli.demo.world import FUZHOU
from services.cli.parts import PARTS, migrate
from services.gateway.adapters.memberships import note_change
from services.gateway.adapters.webhooks import Webhooks, disable
from services.gateway.courier import deliveries, upkeep
from services.gateway.courier.departures import GONE_AFTER, settle_gone
from services.plumbing import parked
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.delivery import Delivery
from services.plumbing.message_tables import MESSAGES
from services.plumbing.settings import read_values


@pytest.fixture
def database(settings):
    """Return the gateway's database, with its tables."""
    values = read_values(settings, {})
    migrate(PARTS["courier"], values)
    return open_database(values["gateway_database"])


@pytest.fixture
def message(database):
    """Park one message and return its id."""
    parked.park(
        database,
        MESSAGES,
        Delivery("{}", "utf-8", "application/json", "scenarios.grant.issued.v1"),
        consumer="courier.events",
        key="k",
        attempts=4,
        error="refused [/here]",
        now=utc_now(),
        due_at=None,
    )
    [row] = parked.list_parked(database, MESSAGES)
    return row.id


@pytest.fixture
def delivery(database):
    """Give a notice to a city up, and return its id."""
    name = uuid4()
    with database.begin() as connection:
        deliveries.store(
            connection,
            id=name,
            kind=deliveries.Kind.NOTICE,
            recipient="330100",
            body="a.b.c",
            now=utc_now(),
        )
    [one] = upkeep.listed(database)
    deliveries.parked(database, one, error="[/503]")
    return name


# --- run, up, sandbox ------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["up"], ["run", "recognition"], ["run", "gateway"]])
def test_nothing_runs_without_its_settings_and_each_is_named(huxin, tmp_path, words):
    file = tmp_path / "node.toml"
    file.write_text('bus_url = "inprocess://localhost/x"\n')

    answer = huxin(*words, "--settings", file)

    assert answer.exit_code == 1
    assert "missing settings: city (HUXIN_CITY)" in answer.stderr
    assert "Traceback" not in answer.output


def test_a_bad_setting_stops_the_start_and_is_named(huxin, settings):
    answer = huxin("up", "--settings", settings, HUXIN_HTTP_PORT="eighty")

    assert answer.exit_code == 1
    assert "http_port" in answer.stderr


def test_a_settings_file_that_is_not_there_is_named(huxin, tmp_path):
    answer = huxin("up", "--settings", tmp_path / "none.toml")

    assert answer.exit_code == 1
    assert answer.stderr == f"huxin: {tmp_path}/none.toml: No such file or directory\n"


@pytest.mark.parametrize("part", [*PARTS, "gateway"])
def test_no_part_runs_alone_on_a_bus_that_ends_with_its_process(huxin, settings, part):
    answer = huxin("run", part, "--settings", settings)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("huxin: bus_url: `huxin run` needs an amqp:// bus;")
    assert len(answer.stderr.splitlines()) == 1


def test_a_part_that_does_not_exist_is_refused_with_the_list(huxin, settings):
    answer = huxin("run", "billing", "--settings", settings)

    assert answer.exit_code == 1
    assert all(part in answer.stderr for part in [*PARTS, "gateway"])


def test_people_and_keys_of_a_sandbox_are_their_owner_s_alone(settings):
    secret = [
        "node.toml",
        "scores.csv",
        "facts.csv",
        "identity.jwk",
        *settings.parent.glob("keys/*"),
    ]

    modes = {(settings.parent / name).stat().st_mode & 0o777 for name in secret}

    assert modes == {0o600}
    assert (settings.parent / "data").stat().st_mode & 0o777 == 0o700


def test_a_sandbox_is_made_once(huxin, tmp_path):
    first = huxin("sandbox", tmp_path / "cities")
    again = huxin("sandbox", tmp_path / "cities")

    assert (first.exit_code, again.exit_code) == (0, 1)
    assert f"huxin up --settings {tmp_path}/cities/{FUZHOU}/node.toml" in first.stdout


# --- parked messages -------------------------------------------------------------------------


@pytest.mark.usefixtures("message")
def test_parked_messages_are_listed(huxin, settings):
    answer = huxin("parked", "list", "gateway", "--settings", settings)

    assert answer.exit_code == 0
    for text in ("courier.events", "scenarios.grant.issued.v1", "refused [/here]", "1 messages"):
        assert text in answer.stdout


def test_a_parked_message_is_shown_as_it_came(huxin, settings, message):
    answer = huxin("parked", "show", "gateway", message, "--settings", settings)

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[1:] == ["refused [/here]", "{}"]


def test_a_parked_message_is_tried_again(huxin, settings, database, message):
    answer = huxin("parked", "replay", "gateway", message, "--settings", settings)

    assert (answer.exit_code, answer.stdout) == (0, "1 of 1 messages will be tried again\n")
    assert parked.show(database, MESSAGES, message).due_at is not None


@pytest.mark.usefixtures("database")
def test_an_unknown_parked_message_is_not_shown(huxin, settings):
    answer = huxin("parked", "show", "gateway", 4711, "--settings", settings)

    assert answer.exit_code == 1
    assert "no parked message 4711" in answer.stderr


def test_an_unknown_parked_message_is_not_tried_again(huxin, settings, message):
    answer = huxin("parked", "replay", "gateway", message, 4711, "--settings", settings)

    assert (answer.exit_code, answer.stdout) == (1, "1 of 2 messages will be tried again\n")


def test_an_unknown_service_has_no_parked_messages(huxin, settings):
    answer = huxin("parked", "list", "billing", "--settings", settings)

    assert answer.exit_code == 1
    assert "one of gateway, recognition, scenarios, not billing" in answer.stderr


# --- deliveries ------------------------------------------------------------------------------


def test_deliveries_are_listed_by_state(huxin, settings, delivery):
    given_up = huxin("deliveries", "list", "--state", "parked", "--settings", settings)
    waiting = huxin("deliveries", "list", "--state", "waiting", "--settings", settings)

    assert str(delivery) in given_up.stdout
    assert "[/503]" in given_up.stdout
    assert waiting.stdout.splitlines()[-1] == "0 deliveries"


def test_a_webhook_that_rests_is_named_with_the_deliveries(huxin, settings, database):
    Webhooks(database).put("hello-bike", "https://operator.example/hook")
    disable(database, "hello-bike", reason="HTTP 500", now=utc_now())

    listed = huxin("deliveries", "list", "--settings", settings)

    assert "the webhook of hello-bike rests since" in listed.stdout


def test_the_id_of_a_delivery_is_whole_on_a_narrow_screen(huxin, settings, delivery):
    answer = huxin("deliveries", "list", "--settings", settings, COLUMNS="80")

    assert str(delivery) in answer.stdout


def test_a_parked_delivery_starts_over_once(huxin, settings, delivery):
    first = huxin("deliveries", "replay", delivery, "--settings", settings)
    again = huxin("deliveries", "replay", delivery, "--settings", settings)

    assert (first.exit_code, first.stdout) == (0, "1 of 1 deliveries will be tried again\n")
    assert (again.exit_code, again.stdout) == (1, "0 of 1 deliveries will be tried again\n")


def test_what_was_given_up_as_its_city_left_is_listed_and_starts_over(
    huxin, settings, database, delivery
):
    with database.begin() as connection:
        left = {"city": "330100", "name": "杭州", "name_en": "Hangzhou", "state": CityState.LEFT}
        change = CityStateChanged(**left, roster=2, changed_at=utc_now() - GONE_AFTER)
        note_change(connection, change)
    settle_gone(database, now=utc_now())

    gone = huxin("deliveries", "list", "--state", "gone", "--settings", settings)
    again = huxin("deliveries", "replay", delivery, "--settings", settings)

    assert str(delivery) in gone.stdout
    assert "the city left the alliance" in gone.stdout
    assert again.exit_code == 0


def test_settings_may_come_from_the_environment_alone(huxin, settings, delivery):
    environ = {f"HUXIN_{name.upper()}": text for name, text in read_values(settings, {}).items()}

    answer = huxin("deliveries", "list", **environ)

    assert str(delivery) in answer.stdout


@pytest.mark.usefixtures("delivery")
@pytest.mark.parametrize(
    ("words", "number"), [((), 1), (("--recipient", "330100"), 1), (("--recipient", "410100"), 0)]
)
def test_all_parked_deliveries_start_over_or_one_recipients(huxin, settings, words, number):
    answer = huxin("deliveries", "replay", "--all", *words, "--settings", settings)

    assert answer.exit_code == 0
    assert answer.stdout == f"{number} deliveries will be tried again\n"


@pytest.mark.parametrize("words", [(), ("--all", uuid4()), ("--recipient", "330100")])
def test_which_deliveries_start_over_must_be_said_once(huxin, settings, words):
    answer = huxin("deliveries", "replay", *words, "--settings", settings)

    assert answer.exit_code == 2
