"""A timer whose interval is a setting."""

from typing import Any

from nameko.timer import Timer


class SettingTimer(Timer):
    """Fires every so many seconds as the named setting of the service says."""

    def __init__(self, setting: str, **options: Any) -> None:
        super().__init__(interval=0, **options)
        self._setting = setting

    def setup(self) -> None:
        self.interval = getattr(self.container.config["huxin"]["settings"], self._setting)


timer_by_setting = SettingTimer.decorator
