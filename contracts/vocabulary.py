"""Machine words as people say them, in two languages."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from contracts.periods import HOST_TIME
from contracts.problems import Text
from contracts.words import Category, Period, Weekday

WORDS: Final[Mapping[str, Text]] = {
    "": Text("nothing", "无"),
    "stands": Text("it stands", "有效"),
    Category.TRANSPORT: Text("transport", "出行"),
    Category.SPORTS: Text("sports", "体育"),
    Category.CULTURE_TOURISM: Text("culture and tourism", "文旅"),
    Category.HOUSEKEEPING: Text("housekeeping", "家政"),
    Category.DRIVING_SCHOOL: Text("driving schools", "驾培"),
    Category.LIBRARY: Text("libraries", "图书借阅"),
    Category.MEDICAL: Text("medical care", "医疗"),
    Category.PARKING: Text("parking", "停车"),
    Category.HOTEL: Text("hotels", "酒店"),
    Category.RETAIL: Text("retail", "零售"),
    Category.FINANCE: Text("finance", "金融"),
    Category.GOVERNMENT_SERVICE: Text("government services", "政务服务"),
    Weekday.MONDAY: Text("Monday", "星期一"),
    Weekday.TUESDAY: Text("Tuesday", "星期二"),
    Weekday.WEDNESDAY: Text("Wednesday", "星期三"),
    Weekday.THURSDAY: Text("Thursday", "星期四"),
    Weekday.FRIDAY: Text("Friday", "星期五"),
    Weekday.SATURDAY: Text("Saturday", "星期六"),
    Weekday.SUNDAY: Text("Sunday", "星期日"),
    Period.DAY: Text("a day", "每日"),
    Period.MONTH: Text("a month", "每月"),
    Period.YEAR: Text("a year", "每年"),
    Period.LIFETIME: Text("ever", "总计"),
    "recognition_ended": Text("it has ended", "已终止"),
    "recognition_suspended": Text("it is suspended", "已暂停"),
    "not_recognised": Text("there is none", "尚未互认或已到期"),
    "true": Text("it holds", "满足"),
    "false": Text("it does not hold", "不满足"),
}

# Such as `30/2026-11` and `2000fen/2026-11-24@330106`: so much, in a period, in a district.
_COUNTED: Final = re.compile(
    r"(?P<number>[0-9]+)(?P<fen>fen)?(/(?P<period>[0-9-]+|lifetime))?(@(?P<district>[0-9]{6}))?"
)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+00:00")


def spoken(word: str) -> Text:
    """Say a machine word; one that is no word of the vocabulary is said as it is."""
    if word in WORDS:
        return WORDS[word]
    if counted := _COUNTED.fullmatch(word):
        return _counted(**counted.groupdict())
    if _MOMENT.match(word):
        since, _, until = word.partition("/")
        text = _moment(since) + (f" – {_moment(until)}".rstrip() if until else "")
        return Text(text, text)
    return Text(word, word)


def _counted(number: str, fen: str | None, period: str | None, district: str | None) -> Text:
    yuan = f"{int(number) / 100:,.2f}"
    en, zh = (f"¥{yuan}", f"{yuan}元") if fen else (number, number)
    if period and period != Period.LIFETIME:
        en, zh = f"{en} in {period}", f"{period}内{zh}"
    if district:
        en, zh = f"{en} in district {district}", f"{district}区{zh}"
    return Text(en, zh)


def _moment(text: str) -> str:
    """Write a moment in host time; `..` is an open end."""
    return (
        ""
        if text == ".."
        else f"{datetime.fromisoformat(text).astimezone(HOST_TIME):%Y-%m-%d %H:%M}"
    )
