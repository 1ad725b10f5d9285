"""Whoever works in Chinese is answered in Chinese; what machines read stays as it is."""

import pytest

from huxin_client.shell.language import language, spoken
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import read_values

UNSAID = {"HUXIN_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
IN_CHINESE = {**UNSAID, "LANG": "zh_CN.UTF-8"}


@pytest.fixture
def databases(settings):
    values = read_values(settings, {})
    for owner in ("gateway", "scenarios"):
        upgrade(open_database(values[f"{owner}_database"]), f"services.{owner}")


@pytest.mark.parametrize(
    ("environ", "spoken_in"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_GB"}, "zh"),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, "en"),
        ({"HUXIN_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"HUXIN_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_environment_says_the_language(monkeypatch, environ, spoken_in):
    for name, value in (UNSAID | environ).items():
        monkeypatch.setenv(name, value)

    assert (language(), spoken("yes", "是")) == (spoken_in, {"en": "yes", "zh": "是"}[spoken_in])


def test_a_check_speaks_chinese(huxin, settings):
    answer = huxin("check", "--settings", settings, **IN_CHINESE)

    lines = answer.stdout.splitlines()
    assert answer.exit_code == 0
    assert lines[-1] == f"共检查 {len(lines) - 1} 项：0 项有误，0 项须留意"
    assert "✓ 成员资格：城市 350100 已上线" in lines
    assert "✓ session.key：可读取" in lines


def test_what_is_wrong_is_said_in_chinese_and_names_files_and_settings_alike(huxin, settings):
    (settings.parent / "keys/session.key").unlink()
    settings.write_text(f"{settings.read_text()}\ncolour = 1\n")

    unknown = huxin("check", "--settings", settings, **IN_CHINESE)
    nowhere = huxin("check", "--settings", settings.with_name("none.toml"), **IN_CHINESE)
    settings.write_text(settings.read_text().replace("\ncolour = 1\n", ""))
    gone = huxin("check", "--settings", settings, **IN_CHINESE)

    assert (unknown.exit_code, "✗ 设置 colour：节点没有这一设置项" in unknown.stdout) == (1, True)
    assert (nowhere.exit_code, "none.toml" in nowhere.stderr) == (1, True)
    assert gone.exit_code == 1
    assert "✗ session.key：文件或目录不存在: " in gone.stdout


def test_a_setting_that_is_wrong_is_named_with_a_reason_in_chinese(huxin, settings):
    surroundings = {"HUXIN_HTTP_PORT": "x", "HUXIN_LOG_LEVEL": "LOUD", **IN_CHINESE}

    checked = huxin("check", "--settings", settings, **surroundings)
    started = huxin("up", "--settings", settings, **surroundings)

    assert "✗ 设置 http_port：不是整数" in checked.stdout
    assert "log_level: 须为 DEBUG, INFO, WARNING, ERROR 之一。" in started.stderr


def test_a_refusal_is_told_in_the_language_of_whoever_reads_it(huxin, settings):
    words = ("settlement", "close", "--period", "2099-01", "--city", "330100")

    in_chinese = huxin(*words, "--settings", settings, **IN_CHINESE)
    in_english = huxin(*words, "--settings", settings)

    assert in_chinese.exit_code == in_english.exit_code == 1
    assert "period_not_over" in in_chinese.stderr
    assert ("该月尚未结束。" in in_chinese.stderr, "该月" in in_english.stderr) == (True, False)
    assert "The month is not over yet." in in_english.stderr


@pytest.mark.parametrize(
    ("environ", "said"), [({}, "set it up yet"), (IN_CHINESE, "尚未由服务建表")]
)
def test_a_database_that_no_service_has_set_up_is_said_in_one_line(huxin, settings, environ, said):
    answer = huxin("deliveries", "list", "--settings", settings, **environ)

    assert (answer.exit_code, len(answer.stderr.splitlines())) == (1, 1)
    assert said in answer.stderr


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("deliveries", "list"), ("接收方", "0 条投递")),
        (("parked", "list", "scenarios"), ("下次尝试", "0 条消息")),
        (("tallies", "check"), ("0 个数字与权益不符",)),
        (("counters",), ("截至", "是否达到")),
    ],
)
def test_tables_and_counts_are_chinese(huxin, settings, words, said):
    answer = huxin(*words, "--settings", settings, **IN_CHINESE)

    assert answer.exit_code == 0, answer.output
    for text in said:
        assert text in answer.stdout


@pytest.mark.usefixtures("databases")
def test_what_machines_read_is_the_same_in_either_language(huxin, settings):
    for form in ("json", "csv"):
        words = ("counters", "--as-of", "2026-11-01", "--format", form, "--settings", settings)
        told = [huxin(*words, **environ).stdout for environ in (IN_CHINESE, {})]
        assert told[0] == told[1] != ""
