"""`huxin operator`: what is wrong is said in words, and nothing secret is shown."""

import json
from uuid import UUID, uuid4

import pytest
import requests

from huxin_client import door
from huxin_client.shell.private import place_of, read_private

pytestmark = pytest.mark.gateway

URL = "https://hangzhou.example"
SECRET = "s-e-c-r-e-t"
ME = {"HUXIN_GATEWAY": URL, "HUXIN_CLIENT_ID": "bikes", "HUXIN_CLIENT_SECRET": SECRET}
REDEMPTION = UUID(int=7)
TERMS = {
    "title": "夜间还车",
    "title_en": "Late return",
    "benefit": {"type": "voucher", "face_fen": 100},
    "minimum_tier": 3,
    "per_holder": {"count": 1, "period": "month"},
}
FILE = """\
scenarios:
  - scenario_id: bikes
    name: 单车
    name_en: Bikes
    category: transport
    incentives:
      - incentive_id: late-return
        title: 夜间还车
        title_en: Late return
        benefit: {type: voucher, face_fen: 100}
        minimum_tier: 3
        per_holder: {count: 1, period: month}
"""
KNOWN = {
    **TERMS,
    "incentive_id": "late-return",
    "version": 1,
    "scenario_id": "bikes",
    "offered_from": "2026-11-01T00:00:00Z",
}
SCENARIO = {
    "scenario_id": "bikes",
    "operator_id": "bikes",
    "name": "单车",
    "name_en": "Bikes",
    "category": "transport",
}
NOT_FOUND = {"code": "not_found"}
TILL = {"client": "till-1", "client_id": "bikes.till-1", "scopes": ["redemptions"]}


@pytest.fixture(autouse=True)
def _own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(door.Patience, "pause", lambda *_: 0)


@pytest.fixture
def operator(huxin):
    return lambda *words, **more: huxin("operator", *words, **{**ME, **more})


@pytest.fixture
def offered(tmp_path):
    def write(text=FILE):
        file = tmp_path / "offer.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


# --- who one is ------------------------------------------------------------------------------


def test_credentials_that_work_are_kept_where_nobody_else_reads(huxin, gateway):
    gateway.says("GET /v1/webhook", NOT_FOUND, status=404)
    place = ("--gateway", URL, "--client-id", "bikes")

    kept = huxin("operator", "login", *place, said=f"{SECRET}\n")
    used = huxin("operator", "webhook", "show")

    assert kept.exit_code == 0, kept.output
    assert SECRET not in kept.output
    assert place_of("operator", "default").stat().st_mode & 0o777 == 0o600
    assert used.stderr.startswith("huxin: not_found")
    assert gateway.sent[-1].headers["Authorization"] == "Bearer t-1"


def test_a_till_signs_in_for_no_more_than_it_needs(huxin, gateway):
    gateway.says("PUT /v1/redemptions/*", {"code": "ordinary_terms"}, status=422)
    gateway.says("GET /v1/webhook", {"code": "forbidden"}, status=403)
    place = ("--gateway", URL, "--client-id", "bikes", "--profile", "till")

    huxin("operator", "login", *place, "--scope", "redemptions", said=f"{SECRET}\n")
    huxin("operator", "redeem", "a.b.c", "--profile", "till")
    more = huxin("operator", "webhook", "show", "--profile", "till")

    tokens = [each for each in gateway.sent if each.url.endswith("/v1/oauth/token")]
    assert all("scope=redemptions" in each.body for each in tokens)
    assert "without --scope" in more.stderr


def test_a_wrong_secret_is_not_kept_and_the_next_step_is_said(huxin, gateway):
    gateway.says("POST /v1/oauth/token", {"error": "invalid_client"}, status=401)

    answer = huxin("operator", "login", "--gateway", URL, "--client-id", "bikes", said="wrong\n")

    assert answer.exit_code == 1
    assert "huxin operator login" in answer.stderr
    assert "Client id or secret is wrong" in answer.stderr
    assert not place_of("operator", "default").exists()


@pytest.mark.usefixtures("gateway")
def test_credentials_that_others_can_read_are_not_used(huxin):
    huxin("operator", "login", "--gateway", URL, "--client-id", "bikes", said=f"{SECRET}\n")
    place_of("operator", "default").chmod(0o644)

    answer = huxin("operator", "usage", "late-return")

    assert answer.exit_code == 1
    assert "chmod 600" in answer.stderr


@pytest.mark.usefixtures("gateway")
def test_profiles_whose_names_hold_dots_are_kept_apart(huxin):
    for name in ("till.east", "till.west"):
        place = ("--gateway", URL, "--client-id", name, "--profile", name)
        huxin("operator", "login", *place, said=f"secret of {name}\n")

    kept = read_private(place_of("operator", "till.east"))

    assert (kept["client_id"], kept["client_secret"]) == ("till.east", "secret of till.east")


@pytest.mark.parametrize("written", ["", "[]", '{"gateway": 1}'])
def test_a_damaged_profile_is_named(huxin, written):
    file = place_of("operator", "default")
    file.parent.mkdir(parents=True)
    file.write_text(written)
    file.chmod(0o600)

    answer = huxin("operator", "incentives")

    assert answer.exit_code == 1
    assert "is damaged" in answer.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("incentives",), "huxin operator login"),
        (("incentives", "--profile", "../x"), "is no name"),
        (("logout",), "not signed in: default"),
    ],
)
def test_who_has_not_signed_in_is_told_how(huxin, words, said):
    answer = huxin("operator", *words)

    assert answer.exit_code == 1
    assert said in answer.stderr


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("name", ME)
def test_an_environment_that_is_not_whole_and_not_as_the_profile_is_not_passed_over(huxin, name):
    huxin("operator", "login", "--gateway", URL, "--client-id", "bikes", said=f"{SECRET}\n")

    answer = huxin("operator", "usage", "late-return", **{name: "https://other.example"})

    assert answer.exit_code == 1
    assert f"{name} differs from profile default" in answer.stderr


def test_an_environment_that_says_part_of_the_profile_changes_nothing(huxin, gateway):
    gateway.says("GET /v1/webhook", NOT_FOUND, status=404)
    part = {"HUXIN_GATEWAY": URL, "HUXIN_CLIENT_ID": "bikes"}
    huxin("operator", "login", said=f"{SECRET}\n", **part)

    answer = huxin("operator", "webhook", "show", **part)

    assert answer.stderr.startswith("huxin: not_found")


def test_an_address_that_is_no_gateway_is_said_when_signing_in(huxin, gateway):
    gateway.says("POST /v1/v1/oauth/token", NOT_FOUND, status=404)

    place = ("--gateway", f"{URL}/v1", "--client-id", "bikes")
    answer = huxin("operator", "login", *place, said=f"{SECRET}\n")

    assert answer.exit_code == 1
    assert "No gateway is at this address" in answer.stderr


def test_a_file_that_is_not_there_is_named(operator, tmp_path):
    answer = operator("offer", tmp_path / "none.yaml")

    assert answer.stderr.startswith(f"huxin: {tmp_path}/none.yaml: No such file or directory")


def test_what_is_no_address_is_said(operator):
    answer = operator("incentives", HUXIN_GATEWAY="hangzhou.example")

    assert answer.exit_code == 1
    assert "http(s)://host" in answer.stderr


# --- the till --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("-",)])
def test_a_pass_is_redeemed_under_the_id_that_was_given(operator, gateway, words):
    gateway.says(
        "PUT /v1/redemptions/*",
        {
            "redemption_id": str(REDEMPTION),
            "incentive_id": "late-return",
            "scenario_id": "bikes",
            "benefit": {"type": "voucher", "face_fen": 100},
            "uses_left": 0,
            "redeemed_at": "2026-11-29T08:00:00Z",
            "given_fen": 100,
        },
    )

    answer = operator("redeem", *words, "--id", REDEMPTION, "--json", said="a.b.c\n")

    assert json.loads(answer.stdout)["given_fen"] == 100
    assert gateway.calls("PUT") == [f"v1/redemptions/{REDEMPTION}"]
    assert json.loads(gateway.sent[-1].body)["pass_token"] == "a.b.c"


def test_without_a_pass_nothing_is_redeemed(operator, gateway):
    answer = operator("redeem", said="\n")

    assert (answer.exit_code, answer.stderr) == (1, "huxin: no pass\n")
    assert gateway.sent == []


def test_every_no_is_ordinary_terms(operator, gateway):
    gateway.says("PUT /v1/redemptions/*", {"code": "ordinary_terms"}, status=422)

    answer = operator("redeem", "a.b.c")

    assert answer.exit_code == 1
    assert "Serve the person on ordinary terms." in answer.stderr


def test_a_till_that_works_in_chinese_is_told_no_in_chinese(operator, gateway):
    gateway.says("PUT /v1/redemptions/*", {"code": "ordinary_terms"}, status=422)

    answer = operator("redeem", "a.b.c", HUXIN_LANG="zh")

    assert answer.exit_code == 1
    assert "按普通条件办理" in answer.stderr
    assert "ordinary terms" not in answer.stderr


def test_a_list_has_chinese_headings_and_the_same_json(operator, gateway):
    delivery = {"delivery_id": str(uuid4()), "type": "grant.issued", "state": "parked"}
    made = {"attempts": 3, "created_at": "2026-11-29T00:00:00Z"}
    gateway.says("GET /v1/webhook/deliveries", {"deliveries": [{**delivery, **made}]})

    told = operator("webhook", "deliveries", HUXIN_LANG="zh")
    as_json = [
        operator("webhook", "deliveries", "--json", HUXIN_LANG=each) for each in ("zh", "en")
    ]

    assert "推送编号" in told.stdout
    assert told.stdout.endswith("1 条推送\n")
    assert as_json[0].stdout == as_json[1].stdout != ""


@pytest.mark.parametrize(
    ("said", "status"), [(requests.ConnectionError(), 0), ({"code": "unavailable"}, 503)]
)
def test_without_an_answer_the_id_to_repeat_is_said(operator, gateway, said, status):
    gateway.says("PUT /v1/redemptions/*", said, status=status)

    answer = operator("redeem", "a.b.c", "--id", REDEMPTION)

    assert answer.exit_code == 3
    assert str(REDEMPTION) in answer.stderr
    assert "Traceback" not in answer.output


# --- incentives -----------------------------------------------------------------------------


def test_an_incentive_is_shown_with_its_benefit_and_its_limits(operator, gateway):
    gateway.says("GET /v1/incentives/late-return", {**KNOWN, "state": "draft"})

    said = operator("show", "late-return").stdout.splitlines()

    assert {"benefit.type: voucher", "benefit.face_fen: 100", "per_holder.count: 1"} <= set(said)


# --- offers ----------------------------------------------------------------------------------


def test_what_is_new_is_shown_first_and_then_submitted(operator, gateway, offered):
    gateway.says("GET /v1/incentives/late-return", NOT_FOUND, status=404)
    gateway.says("PUT /v1/scenarios/bikes", SCENARIO)
    gateway.says("PUT /v1/incentives/late-return", {**KNOWN, "state": "draft"})

    tried = operator("offer", offered(), "--dry-run")
    assert gateway.calls("PUT") == []
    done = operator("offer", offered())

    assert tried.stdout == "scenario bikes: will be as in the file\nincentive late-return: new\n"
    assert done.stdout == "scenario bikes: as in the file\nincentive late-return: new\n"
    assert done.exit_code == 0
    assert gateway.calls("PUT") == ["v1/scenarios/bikes", "v1/incentives/late-return"]


def test_what_changes_is_said_field_by_field_and_what_does_not_is_not_sent(
    operator, gateway, offered
):
    gateway.says("GET /v1/incentives/late-return", KNOWN)
    gateway.says("PUT /v1/scenarios/bikes", SCENARIO)

    same = operator("offer", offered())
    other = operator("offer", offered(FILE.replace("tier: 3", "tier: 4")), "--dry-run", "--json")

    assert same.stdout.endswith("late-return: unchanged\n")
    assert gateway.calls("PUT") == ["v1/scenarios/bikes"]
    assert json.loads(other.stdout.splitlines()[1])["changes"] == [
        {"field": "minimum_tier", "from": 3, "to": 4}
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("tier: 3", "tier: nine"), "offer.yaml:11: scenarios.0.incentives.0.minimum_tier: "),
        (("_fen: 100", "_fen: -1"), "offer.yaml:10: scenarios.0.incentives.0.benefit.face_fen"),
        (("name: 单车", "nmae: 单车"), "offer.yaml:3: scenarios.0.nmae: Unknown field."),
        (("incentive_id: late", "id: late"), "incentive_id: an id is wanted"),
        (("_id: late-return", "_id: Late return"), "offer.yaml:7: scenarios.0.incentives.0.inc"),
        (("transport", "politeness"), "offer.yaml:5: scenarios.0.category"),
        ((FILE, "operators: []\n"), "a list of `scenarios` is wanted"),
        ((FILE, ""), "a list of `scenarios` is wanted"),
        ((FILE, "scenarios: [1]\n"), "offer.yaml:1: scenarios.0: a mapping is wanted"),
        ((FILE, FILE + FILE.replace("scenarios:\n", "")), "scenario bikes stands twice"),
        ((FILE, "a: ["), "offer.yaml: is no YAML: while parsing"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_by_line_and_field(
    operator, gateway, offered, change, said
):
    answer = operator("offer", offered(FILE.replace(*change)))

    assert answer.exit_code == 1
    assert said in answer.stderr
    assert gateway.sent == []


def test_what_the_gateway_finds_wrong_is_said_by_line_and_the_rest_goes_on(
    operator, gateway, offered
):
    errors = [{"field": "body.benefit.face_fen", "message": "Too much."}]
    gateway.says("GET /v1/incentives/late-return", NOT_FOUND, status=404)
    gateway.says("PUT /v1/scenarios/bikes", {"code": "id_reused"}, status=409)
    gateway.says(
        "PUT /v1/incentives/late-return", {"code": "malformed", "errors": errors}, status=400
    )

    answer = operator("offer", offered())

    assert answer.exit_code == 1
    assert answer.stdout == "scenario bikes: refused\nincentive late-return: refused\n"
    assert "offer.yaml:2: scenarios.0: bikes: id_reused" in answer.stderr
    assert "offer.yaml:10: scenarios.0.incentives.0.benefit.face_fen: Too much." in answer.stderr


def test_what_was_refused_is_said_also_when_the_gateway_takes_nothing_more(
    operator, gateway, offered
):
    gateway.says("GET /v1/incentives/late-return", NOT_FOUND, status=404)
    gateway.says("PUT /v1/scenarios/bikes", {"code": "id_reused"}, status=409)
    gateway.says("PUT /v1/incentives/late-return", {"code": "forbidden"}, status=403)

    answer = operator("offer", offered())

    assert answer.exit_code == 1
    assert answer.stdout == "scenario bikes: refused\n"
    assert "offer.yaml:2: scenarios.0: bikes: id_reused" in answer.stderr
    assert "huxin: forbidden" in answer.stderr


def test_an_incentive_is_withdrawn_only_when_it_is_said_again(operator, gateway):
    gateway.says("PUT /v1/incentives/late-return/withdrawal", {**KNOWN, "state": "withdrawn"})

    asked = operator("withdraw", "late-return", said="n\n")
    done = operator("withdraw", "late-return", "--yes", "--note", "over")

    assert asked.exit_code == 1
    assert done.stdout == "late-return version 1: withdrawn\n"
    assert len(gateway.calls("PUT")) == 1


# --- statements, webhooks --------------------------------------------------------------------


def test_a_statement_of_many_pages_is_one_file_under_one_line_of_titles(
    operator, gateway, tmp_path
):
    more = {"Link": '</v1/own-statements/2026-11?format=csv&after=2>; rel="next"'}
    pages = ["\ufeff编号\r\n1\r\n2\r\n", "\ufeff编号\r\n3\r\n4\r\n", "\ufeff编号\r\n"]
    first, second, last = (each.encode() for each in pages)
    gateway.says("GET /v1/own-statements/2026-11", (first, more), (second, more), last)
    file = tmp_path / "november.csv"

    answer = operator("statement", "2026-11", "--csv", file, "--titles", "zh", "--bom")

    assert answer.stdout == f"{file}: 4 lines\n"
    assert file.read_bytes().decode("utf-8-sig") == "编号\r\n1\r\n2\r\n3\r\n4\r\n"
    asked = ["after=2" in each for each in gateway.calls("GET")]
    assert asked == [False, True, True], "each page once"


def test_a_statement_that_breaks_off_leaves_the_file_as_it_was(operator, gateway, tmp_path):
    more = {"Link": '</v1/own-statements/2026-11?format=csv&after=2>; rel="next"'}
    gateway.says(
        "GET /v1/own-statements/2026-11", ("编号\r\n1\r\n".encode(), more), requests.Timeout()
    )
    file = tmp_path / "november.csv"
    file.write_text("as it was")

    answer = operator("statement", "2026-11", "--csv", file)

    assert (answer.exit_code, file.read_text()) == (3, "as it was")


def test_every_line_of_a_statement_of_many_pages_is_said_as_json(operator, gateway):
    whole = {"period": "2026-11", "operator_id": "bikes", "due_fen": 2, "borne_fen": 0, "sums": []}
    first, second = (
        {
            "line_id": str(UUID(int=number)),
            "grant_id": str(UUID(int=99)),
            "incentive_id": "late-return",
            "fact": "redeemed",
            "value_fen": 1,
            "at": "2026-11-29T08:00:00Z",
        }
        for number in (1, 2)
    )
    gateway.says(
        "GET /v1/own-statements/2026-11",
        {**whole, "lines": [first], "next": first["line_id"]},
        {**whole, "lines": [second]},
    )

    answer = operator("statement", "2026-11", "--json")

    said = [json.loads(line)["line_id"] for line in answer.stdout.splitlines()]
    assert said == [first["line_id"], second["line_id"]]


def test_a_secret_goes_into_a_file_of_ones_own_and_not_on_the_screen(operator, gateway, tmp_path):
    gateway.says("PUT /v1/webhook", {"url": f"{URL}/huxin", "secret": "whsec_x"})
    file = tmp_path / "secret"

    answer = operator("webhook", "set", f"{URL}/huxin", "--secret-file", file)

    assert "whsec_x" not in answer.output
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("whsec_x\n", 0o600)


def test_without_a_webhook_it_is_said_how_to_set_one(operator, gateway):
    gateway.says("GET /v1/webhook", NOT_FOUND, status=404)

    answer = operator("webhook", "show")

    assert answer.exit_code == 1
    assert "huxin operator webhook set" in answer.stderr


def test_how_many_would_be_sent_again_is_said_before(operator, gateway):
    gateway.says("GET /v1/webhook", {"url": URL, "waiting": 0, "parked": 3})
    gateway.says("POST /v1/webhook/replay", {"replayed": 3})

    tried, done = operator("webhook", "replay", "--dry-run"), operator("webhook", "replay")

    assert (tried.stdout, done.stdout) == (
        "3 would be sent again\n",
        "3 are sent again\n",
    )


@pytest.mark.parametrize(("secret", "code"), [("whsec_" + "A" * 32, 1), ("", 1)])
def test_a_webhook_that_nobody_signed_is_not_genuine(huxin, secret, code):
    answer = huxin(
        *("operator", "webhook", "check", "--id", "m-1", "--timestamp", "1"),
        *("--signature", "v1,x"),
        said="{}",
        HUXIN_WEBHOOK_SECRET=secret,
    )

    assert answer.exit_code == code
    assert "Traceback" not in answer.output


# --- clients ---------------------------------------------------------------------------------


def test_a_till_is_made_and_its_secret_goes_into_a_file(operator, gateway, tmp_path):
    gateway.says("PUT /v1/clients/till-1", {**TILL, "client_secret": SECRET})
    file = tmp_path / "till"

    answer = operator("clients", "set", "till-1", "--scope", "redemptions", "--secret-file", file)

    assert SECRET not in answer.output
    assert (file.read_text(), file.stat().st_mode & 0o777) == (f"{SECRET}\n", 0o600)
    assert json.loads(gateway.sent[-1].body) == {"scopes": ["redemptions"]}


def test_what_a_client_may_is_never_left_out_by_mistake(operator, gateway):
    answer = operator("clients", "set", "till-1")

    assert (answer.exit_code, gateway.sent) == (2, [])


def test_a_client_that_was_there_keeps_its_secret_and_the_file_is_not_touched(
    operator, gateway, tmp_path
):
    gateway.says("PUT /v1/clients/till-1", {**TILL, "client_secret": None})
    file = tmp_path / "till"
    file.write_text("as it was")

    answer = operator("clients", "set", "till-1", "--scope", "redemptions", "--secret-file", file)

    assert "`rotate` makes one" in answer.stderr
    assert file.read_text() == "as it was"


def test_a_secret_is_replaced_and_the_former_ones_stopped(operator, gateway):
    gateway.says("PUT /v1/clients/till-1/secrets/*", {**TILL, "client_secret": "new"})
    gateway.says("DELETE /v1/clients/till-1/former-secrets", TILL)

    made = operator("clients", "rotate", "till-1", "--id", REDEMPTION, "--json")
    stopped = operator("clients", "stop-former", "till-1")

    assert json.loads(made.stdout)["client_secret"] == "new"
    assert gateway.calls("PUT") == [f"v1/clients/till-1/secrets/{REDEMPTION}"]
    assert stopped.stdout == "client: till-1\nclient_id: bikes.till-1\nscopes: redemptions\n"


def test_clients_are_listed_and_removed_only_when_it_is_said_again(operator, gateway):
    gateway.says("GET /v1/clients", {"clients": [TILL]})
    gateway.says("DELETE /v1/clients/till-1", b"", status=204)

    listed = operator("clients", "list", "--json")
    asked = operator("clients", "remove", "till-1", said="n\n")
    done = operator("clients", "remove", "till-1", "--yes")

    assert json.loads(listed.stdout)["client_id"] == "bikes.till-1"
    assert (asked.exit_code, done.stdout) == (1, "till-1: removed\n")
    assert gateway.calls("DELETE") == ["v1/clients/till-1"]
