"""What is wrong with what a node keeps: scores, facts, consent texts, databases, messages."""

from typing import Final

REASONS: Final = {
    "line {}": "第 {} 行",
    "the line has no end; the file may not be whole": "该行没有结尾；文件可能不完整",
    "civil_id is no citizen number": "civil_id 不是公民身份号码",
    "the columns are {}": "列须为 {}",
    "not CSV": "不是 CSV",
    "{} columns are wanted": "须有 {} 列",
    "a person stands twice": "同一人重复出现",
    "score is a number": "score 须为数字",
    "score is a number, as_of a date or moment (ISO 8601)": (
        "score 须为数字，as_of 须为日期或时刻（ISO 8601）"
    ),
    "gravity is one of {}": "gravity 须为 {} 之一",
    "points is a number": "points 须为数字",
    "points is a number, decided_at a date (ISO 8601)": (
        "points 须为数字，decided_at 须为日期（ISO 8601）"
    ),
    "a fact_id stands twice": "fact_id 重复出现",
    "{} is a text of 1 to {} characters": "{} 须为 1 至 {} 个字符的文本",
    "a fact's minimum period is longer than its maximum": "信用信息的最短期限长于最长期限",
    "consent text {}": "授权文本 {}",
    "consent texts": "授权文本",
    "over before it begins": "结束早于开始",
    "placeholders": "占位符",
    "begins with another": "与另一版本同时开始",
    "purposes without a name": "没有名称的目的",
    "no version is in force": "没有生效的版本",
    "one of the {} stands twice": "{} 中有一项重复出现",
    "no parked message {}": "没有编号为 {} 的搁置消息",
    "{} names no SQLite file": "{} 没有指明 SQLite 文件",
    "the directory of the database does not exist": "数据库所在目录不存在",
    "no support for databases of kind {}": "不支持 {} 类型的数据库",
    "the server is gone": "数据库服务器无应答",
    "the broker is away": "消息总线无应答",
    "the legal basis is not in force": "法定依据未施行",
    "{} is not in force then": "{} 届时未施行",
}
