"""Settings: every missing or bad one is named."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.fields import CityCode, Positive, Url
from services.plumbing.settings import BadSetting, MissingSetting, load_settings, read_values

GOOD = {"city": "330100", "gateway_url": "https://hangzhou.example", "http_port": "8080"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    city: CityCode
    gateway_url: Url
    http_port: int
    roster_file: Path | None = None
    retry_delays: tuple[float, ...] = (1.0, 5.0)
    secure: bool = True


def test_settings_are_read_into_their_types():
    values = {**GOOD, "roster_file": "/etc/roster", "retry_delays": "0.5, 2", "secure": "false"}

    settings = load_settings(Settings, values)

    assert settings == Settings(
        city="330100",
        gateway_url="https://hangzhou.example",
        http_port=8080,
        roster_file=Path("/etc/roster"),
        retry_delays=(0.5, 2.0),
        secure=False,
    )


def test_every_missing_setting_is_named_with_its_variable():
    with pytest.raises(MissingSetting) as missing:
        load_settings(Settings, {"city": "330100"})

    assert missing.value.names == ["gateway_url", "http_port"]
    assert "HUXIN_HTTP_PORT" in str(missing.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("city", "Hangzhou"), ("gateway_url", "no url"), ("http_port", "many"), ("secure", "perhaps")],
)
def test_a_bad_setting_is_named_and_its_value_is_not_told(name, value):
    with pytest.raises(BadSetting) as bad:
        load_settings(Settings, {**GOOD, name: value})

    assert list(bad.value.problems) == [name]
    assert value not in str(bad.value)


def test_the_environment_overrides_the_file(tmp_path):
    file = tmp_path / "node.toml"
    file.write_text('city = "330100"\nhttp_port = 8080\nretry_delays = [1, 2]\nsecure = true\n')

    values = read_values(file, {"HUXIN_HTTP_PORT": "9090", "HOME": "/root"})

    assert values == {
        "city": "330100",
        "http_port": "9090",
        "retry_delays": "1,2",
        "secure": "true",
    }


@pytest.mark.parametrize("text", ["no toml", '[section]\ncity = "330100"'])
def test_a_file_that_is_not_flat_toml_is_refused(tmp_path, text):
    file = tmp_path / "node.toml"
    file.write_text(text)

    with pytest.raises(BadSetting):
        read_values(file, {})


def test_a_number_that_is_none_is_said_to_be_wanted():
    @dataclass(frozen=True)
    class Door:
        port: Positive

    with pytest.raises(BadSetting, match="port: not a whole number"):
        load_settings(Door, {"port": "abc"})
