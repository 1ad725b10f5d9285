"""Machine words as people say them, in two languages."""

from collections.abc import Mapping
from typing import Final

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
