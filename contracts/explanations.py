"""What a decision says to people: each condition, each outcome and what helps, in two languages.

The texts of reasons are those of contracts/problems.py; nothing here names anybody.
"""

from dataclasses import dataclass
from typing import Final

from contracts.decisions import ConditionFinding, Explanation
from contracts.outcomes import DecisionOutcome
from contracts.problems import PROBLEMS, Text
from contracts.vocabulary import WORDS, spoken
from contracts.words import Condition


@dataclass(frozen=True)
class Saying:
    """How one condition is said; `{asked}` and `{found}` stand for what a finding holds."""

    name: Text
    sentence: Text


@dataclass(frozen=True)
class HomeCity:
    """Where a holder turns to about what their home city attested."""

    title: Text
    url: str


SAYINGS: Final[dict[Condition, Saying]] = {
    Condition.RECOGNITION: Saying(
        Text("Recognition", "互认"),
        Text(
            "The recognition has to stand; found: {found}.", "互认须处于有效状态；实际：{found}。"
        ),
    ),
    Condition.PURPOSE: Saying(
        Text("Purpose", "授权目的"),
        Text(
            "The consent has to cover {asked}; it covers: {found}.",
            "授权须包含“{asked}”；实际包含：{found}。",
        ),
    ),
    Condition.OFFERED: Saying(
        Text("On offer", "开放时间"),
        Text("It is on offer {asked}; asked for at {found}.", "开放时间{asked}；申请时间{found}。"),
    ),
    Condition.TIER: Saying(
        Text("Tier", "联盟等级"),
        Text(
            "Tier {asked} or higher is asked; it is {found}.",
            "要求等级不低于{asked}；实际为{found}。",
        ),
    ),
    Condition.HOME: Saying(
        Text("Home city", "归属城市"),
        Text(
            "It is for holders of these home cities: {asked}; found: {found}.",
            "面向归属城市：{asked}；实际：{found}。",
        ),
    ),
    Condition.ATTESTATION_AGE: Saying(
        Text("Age of the attestation", "证明出具时间"),
        Text(
            "The attestation may be {asked} days old; it is {found}.",
            "证明出具不超过{asked}天；实际{found}天。",
        ),
    ),
    Condition.WEEKDAY: Saying(
        Text("Day of the week", "星期"),
        Text("It is given on: {asked}; it was {found}.", "开放日：{asked}；申请日为{found}。"),
    ),
    Condition.HOURS: Saying(
        Text("Time of day", "时段"),
        Text("It is given at: {asked}; it was {found}.", "开放时段：{asked}；申请时为{found}。"),
    ),
    Condition.DISTRICT: Saying(
        Text("District", "区县"),
        Text(
            "It is for the districts {asked}; named: {found}.", "适用区县：{asked}；所选：{found}。"
        ),
    ),
    Condition.EXCLUSION: Saying(
        Text("Other grants", "其他权益"),
        Text(
            "It cannot be had together with {asked}; open: {found}.",
            "不能与{asked}同享；持有中：{found}。",
        ),
    ),
    Condition.EXPRESSION: Saying(
        Text("Further condition", "附加条件"),
        Text("It asks {asked}; found: {found}.", "要求：{asked}；实际：{found}。"),
    ),
    Condition.HOLDER_LIMIT: Saying(
        Text("Limit of a holder", "个人上限"),
        Text("One may take {asked}; taken before: {found}.", "每人上限{asked}；此前已领{found}。"),
    ),
    Condition.QUOTA: Saying(
        Text("Quota", "名额"),
        Text("There are {asked} for all; given before: {found}.", "名额{asked}；此前已发{found}。"),
    ),
    Condition.BUDGET: Saying(
        Text("Budget", "预算"),
        Text("The budget is {asked}; used before: {found}.", "预算{asked}；此前已用{found}。"),
    ),
    Condition.LEGAL_BASIS: Saying(
        Text("Legal basis", "法律依据"),
        Text(
            "A law in force has to ask for it: {asked}; found: {found}.",
            "须有现行法律依据：{asked}；实际：{found}。",
        ),
    ),
    Condition.EVIDENCE: Saying(
        Text("Evidence", "佐证"),
        Text(
            "Evidence is asked: {asked}; on record: {found}.", "要求佐证：{asked}；在案：{found}。"
        ),
    ),
    Condition.BARRED: Saying(
        Text("Nothing to the contrary", "无不利记录"),
        Text(
            "Nothing may be on record of {asked}; found: {found}.",
            "不得有记录：{asked}；实际：{found}。",
        ),
    ),
    Condition.COMMITMENT: Saying(
        Text("Commitment", "承诺"),
        Text(
            "A commitment is asked: {asked}; found: {found}.", "要求承诺：{asked}；实际：{found}。"
        ),
    ),
    Condition.LISTS: Saying(
        Text("Statutory lists", "法定名单"),
        Text("Looked up: {asked}; found on: {found}.", "查询名单：{asked}；列入：{found}。"),
    ),
}

OUTCOMES: Final[dict[DecisionOutcome, tuple[Text, Text]]] = {
    DecisionOutcome.GRANTED: (
        Text("It was granted.", "已授予。"),
        Text("Use it before its time is up.", "请在有效期内使用。"),
    ),
    DecisionOutcome.REFUSED: (
        Text("It was refused; ordinary terms apply.", "未授予，按普通条件办理。"),
        Text("See which condition did not hold.", "请查看未满足的条件。"),
    ),
    DecisionOutcome.LISTED: (
        Text("An entry was found on a statutory list.", "在法定名单中查到记录。"),
        Text(
            "Object in the time that you are told, or ask the list's authority to correct it.",
            "可在告知的期限内提出异议，或向名单认定单位申请更正。",
        ),
    ),
    DecisionOutcome.NOT_LISTED: (
        Text("Nothing was found on the lists asked for.", "所查名单中无记录。"),
        Text("There is nothing to do.", "无需办理。"),
    ),
    DecisionOutcome.NOT_COVERED: (
        Text("A source that would know has not answered.", "应答来源尚未答复。"),
        Text(
            "Ask again later; it counts as neither yes nor no.", "请稍后再查；不作为有或无的依据。"
        ),
    ),
    DecisionOutcome.NO_RULE_IN_FORCE: (
        Text("No rule in force asks for this.", "无现行规则要求查询。"),
        Text("Nothing may be decided on it.", "不得据此作出决定。"),
    ),
}
"""What came out, and what helps where no reason says more."""

# Reasons that rest on what home attested: whoever thinks it wrong contests it there, or from here.
CONTESTED_AT_HOME: Final = frozenset(
    {
        "tier_below_minimum",
        "recognition_ended",
        "recognition_suspended",
        "condition_not_met",
    }
)
_CONTEST: Final = Text(
    "If what {home} attested is wrong, contest it there ({url}/v1/disputes), or here"
    " (PUT /v1/session/disputes/…); {home} decides.",
    "如认为{home}的证明有误，可在该市（{url}/v1/disputes）或本市"
    "（PUT /v1/session/disputes/…）提出异议，由{home}处理。",
)

_NOTHING_OFFERED: Final = Text("Nothing is on offer under this name.", "没有开放此名称的激励措施。")
_PROSE: Final = frozenset({Condition.EXPRESSION, Condition.LEGAL_BASIS})
"""Conditions whose words are texts of their own, and not lists of machine words."""


def say(finding: ConditionFinding) -> Text:
    """Say one finding."""
    if finding.condition is Condition.OFFERED and not finding.asked:
        return _NOTHING_OFFERED
    sentence = SAYINGS[finding.condition].sentence
    asked, found = (_said(finding.condition, part) for part in (finding.asked, finding.found))
    return Text(
        sentence.en.format(asked=asked.en, found=found.en),
        sentence.zh.format(asked=asked.zh, found=found.zh),
    )


def title_of(explanation: Explanation) -> Text:
    """Say what came out: the reason of a refusal, or the outcome."""
    reason = explanation.reason
    return PROBLEMS[reason].title if reason else OUTCOMES[explanation.outcome][0]


def next_step_of(explanation: Explanation, home: HomeCity | None = None) -> Text:
    """Say what helps; with the home city, also how to contest what it attested."""
    reason = explanation.reason
    step = PROBLEMS[reason].next_step if reason else OUTCOMES[explanation.outcome][1]
    if home is None or reason not in CONTESTED_AT_HOME:
        return step
    en = _CONTEST.en.format(home=home.title.en, url=home.url)
    zh = _CONTEST.zh.format(home=home.title.zh, url=home.url)
    return Text(f"{step.en} {en}", f"{step.zh}{zh}")


def _said(condition: Condition, words: str) -> Text:
    if condition in _PROSE and words not in WORDS:
        return Text(words, words)
    said = [spoken(word) for word in words.split(" ")]
    return Text(", ".join(each.en for each in said), "、".join(each.zh for each in said))
