"""The explanation of a decision is a document: golden files, its JSON Schema, and its words."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contracts import wire
from contracts.decisions import ConditionFinding, Explanation
from contracts.documents import explanation as document
from contracts.errors import REFUSED
from contracts.explanations import (
    CONTESTED_AT_HOME,
    OUTCOMES,
    SAYINGS,
    HomeCity,
    next_step_of,
    say,
    title_of,
)
from contracts.outcomes import DecisionOutcome
from contracts.problems import PROBLEMS, Text
from contracts.vocabulary import WORDS
from contracts.words import Category, Condition, Period, Weekday
from tests.builders.explanations import an_explanation, written

DIRECTORY = Path(__file__).parent / "explanations"
SCHEMA = Draft202012Validator(
    json.loads(document.write()), format_checker=Draft202012Validator.FORMAT_CHECKER
)
WRITTEN = written()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FUZHOU = HomeCity(Text("Fuzhou", "福州"), "https://fuzhou.example")


def golden(name):
    return json.loads((DIRECTORY / f"{name}.json").read_text(encoding="utf-8"))


def a_finding(condition=Condition.TIER, asked="4", found="3"):
    return ConditionFinding(condition=condition, held=False, asked=asked, found=found)


def is_said(text):
    return bool(text.en) and bool(CHINESE.search(text.zh)) and not CHINESE.search(text.en)


def test_there_is_a_golden_document_for_each_way():
    assert {path.stem for path in DIRECTORY.glob("*.json")} == set(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_an_explanation_is_written_as_it_was_published(name):
    """Version 1 only gains fields: what an old reader takes from it stays where and as it is."""
    assert WRITTEN[name].items() >= golden(name).items()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_published_explanation_keeps_the_schema_and_is_read_whole(name):
    assert [error.message for error in SCHEMA.iter_errors(golden(name))] == []
    assert wire.dump(wire.load(Explanation, golden(name))) == WRITTEN[name]


@pytest.mark.parametrize(
    "change",
    [
        {"document": "urn:huxin:explanation:2"},
        {"outcome": "maybe"},
        {"decided_at": "yesterday"},
        {"findings": [{"condition": "mood", "held": True, "asked": "", "found": ""}]},
        {"facts": {"tier": 9}},
        {"rule_id": None},
    ],
)
def test_what_is_no_explanation_breaks_the_schema(change):
    assert not SCHEMA.is_valid({**golden("granted"), **change})


def test_no_explanation_has_a_field_that_could_hold_a_score_or_say_who():
    assert not re.search(r'"[^"]*(score|holder|civil|person)[^"]*":', document.write())


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_has_words_in_both_languages(condition):
    saying, said = SAYINGS[condition], say(a_finding(condition, "x", "y"))

    assert is_said(saying.name)
    assert is_said(said)
    assert all("y" in text and "{" not in text for text in (said.en, said.zh))


@pytest.mark.parametrize("reason", sorted(REFUSED))
def test_every_refusal_has_words_in_both_languages_and_a_next_step(reason):
    explanation = an_explanation(outcome=DecisionOutcome.REFUSED, reason=reason)

    assert is_said(title_of(explanation))
    assert is_said(next_step_of(explanation))


@pytest.mark.parametrize("outcome", DecisionOutcome)
def test_every_outcome_has_words_in_both_languages_and_a_next_step(outcome):
    explanation = an_explanation(outcome=outcome)

    assert title_of(explanation) == OUTCOMES[outcome][0]
    assert is_said(title_of(explanation))
    assert is_said(next_step_of(explanation))


@pytest.mark.parametrize("word", [*Category, *Weekday, *Period])
def test_every_word_of_a_finding_is_said_in_both_languages(word):
    assert is_said(WORDS[word])


@pytest.mark.parametrize("reason", sorted(CONTESTED_AT_HOME))
def test_what_rests_on_the_home_city_says_how_to_contest_it_there(reason):
    explanation = an_explanation(outcome=DecisionOutcome.REFUSED, reason=reason)

    step = next_step_of(explanation, FUZHOU)

    assert step.en.startswith(PROBLEMS[reason].next_step.en)
    assert "福州" in step.zh
    for text in (step.en, step.zh):
        assert "https://fuzhou.example/v1/disputes" in text
        assert "/v1/session/disputes/" in text


def test_what_the_home_city_cannot_change_does_not_send_anybody_there():
    explanation = an_explanation(outcome=DecisionOutcome.REFUSED, reason="quota_exhausted")

    assert "Fuzhou" not in next_step_of(explanation, FUZHOU).en


@pytest.mark.parametrize(
    ("finding", "en", "zh"),
    [
        (a_finding(), "Tier 4 or higher is asked; it is 3.", "要求等级不低于4；实际为3。"),
        (
            a_finding(Condition.WEEKDAY, "sunday saturday", "tuesday"),
            "It is given on: Sunday, Saturday; it was Tuesday.",
            "开放日：星期日、星期六；申请日为星期二。",
        ),
        (
            a_finding(Condition.PURPOSE, "transport", "sports"),
            "The consent has to cover transport; it covers: sports.",
            "授权须包含“出行”；实际包含：体育。",
        ),
        (
            a_finding(Condition.HOLDER_LIMIT, "30/2026-11", "30/2026-11"),
            "One may take 30 in 2026-11; taken before: 30 in 2026-11.",
            "每人上限2026-11内30；此前已领2026-11内30。",
        ),
        (
            a_finding(Condition.QUOTA, "2000fen/2026-11-24@330106", "1950fen/2026-11-24@330106"),
            (
                "There are ¥20.00 in 2026-11-24 in district 330106 for all;"
                " given before: ¥19.50 in 2026-11-24 in district 330106."
            ),
            "名额330106区2026-11-24内20.00元；此前已发330106区2026-11-24内19.50元。",
        ),
        (
            a_finding(Condition.BUDGET, "50000fen", "49500fen"),
            "The budget is ¥500.00; used before: ¥495.00.",
            "预算500.00元；此前已用495.00元。",
        ),
        (
            a_finding(
                Condition.OFFERED, "2026-11-24T05:30:00+00:00/..", "2026-11-24T04:30:00+00:00"
            ),
            "It is on offer 2026-11-24 13:30 –; asked for at 2026-11-24 12:30.",
            "开放时间2026-11-24 13:30 –；申请时间2026-11-24 12:30。",
        ),
        (
            a_finding(Condition.OFFERED, "", "not_offered"),
            "Nothing is on offer under this name.",
            "没有开放此名称的激励措施。",
        ),
        (
            a_finding(Condition.EXPRESSION, "tier >= 4 && home == '350100'", "false"),
            "It asks tier >= 4 && home == '350100'; found: it does not hold.",
            "要求：tier >= 4 && home == '350100'；实际：不满足。",
        ),
        (
            a_finding(Condition.RECOGNITION, "stands", "recognition_ended"),
            "The recognition has to stand; found: it has ended.",
            "互认须处于有效状态；实际：已终止。",
        ),
    ],
)
def test_a_finding_is_said_as_people_speak(finding, en, zh):
    assert say(finding) == Text(en, zh)
