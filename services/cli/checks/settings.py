"""Whether the settings are complete, readable and all meant for somebody."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from huxin_client.shell.language import spoken
from services.cli.checks.finding import Finding, others_may, right, warning, wrong
from services.cli.parts import PARTS
from services.cli.reasons.saying import in_words
from services.cli.settings_file import MEANINGS
from services.gateway.settings import GatewaySettings
from services.plumbing.settings import BadSetting, MissingSetting, load_settings, read_values
from services.recognition.settings import RecognitionSettings
from services.scenarios.settings import ScenariosSettings


@dataclass(frozen=True)
class NodeSettings:
    """The settings of every part of a node."""

    recognition: RecognitionSettings
    scenarios: ScenariosSettings
    gateway: GatewaySettings


def check_settings(file: Path | None, values: Mapping[str, str]) -> Iterator[Finding]:
    """Find settings that are missing, wrong, or known to no part."""
    found: dict[str, str] = {}
    for part in PARTS.values():
        try:
            load_settings(part.settings, values)
        except MissingSetting as error:
            found |= dict.fromkeys(error.names, spoken("missing", "缺少"))
        except BadSetting as error:
            found |= error.problems
    for name, problem in found.items():
        yield wrong(_subject(name), in_words(problem))
    unknown = read_values(file, {}).keys() - MEANINGS.keys()
    for name in sorted(unknown):
        yield wrong(_subject(name), spoken("no part of a node reads it", "节点没有这一设置项"))
    if file is not None and _tells_a_password(file) and others_may(file):
        yield warning(
            file.name,
            spoken(
                f"holds a password, and others may read it; chmod 600 {file}",
                f"含有口令，且他人可读取；请执行 chmod 600 {file}",
            ),
        )
    if not found and not unknown:
        city, url = values["city"], values["gateway_url"]
        yield right(
            spoken("settings", "设置"),
            spoken(f"complete, for city {city} at {url}", f"齐全，城市 {city}，网关 {url}"),
        )


def _subject(name: str) -> str:
    return spoken(f"setting {name}", f"设置 {name}")


def _tells_a_password(file: Path) -> bool:
    for text in read_values(file, {}).values():
        with suppress(ValueError):  # no address, and none is needed here
            if urlsplit(text).password:
                return True
    return False


def load_all(values: Mapping[str, str]) -> NodeSettings:
    """Load what `check_settings` found nothing wrong with."""
    return NodeSettings(
        load_settings(RecognitionSettings, values),
        load_settings(ScenariosSettings, values),
        load_settings(GatewaySettings, values),
    )
