"""The registry of messages is whole: names, replies, hearers, and nothing personal."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest

from contracts import http
from contracts.documents.examples import choices_of
from contracts.subscriptions import EXCHANGE, SUBSCRIPTIONS
from contracts.wire import Kind, catalogue

TOPICS = {
    "catalogue": {"scenarios"},
    "corrections": {"recognition", "scenarios"},
    "counters": {"scenarios"},
    "coverage": {"scenarios"},
    "decisions": {"scenarios"},
    "evidence": {"scenarios"},
    "evidence_disputes": {"scenarios"},
    "passes": {"scenarios"},
    "quotas": {"scenarios"},
    "screening": {"scenarios"},
    "objections": {"recognition"},
    "special_reports": {"scenarios"},
    "substitutions": {"scenarios"},
    "trust_codes": {"scenarios"},
    "vettings": {"scenarios"},
    "settlements": {"scenarios"},
    "statements": {"scenarios"},
    "trials": {"scenarios"},
    "consents": {"recognition"},
    "crosswalks": {"recognition"},
    "disputes": {"recognition"},
    "erasures": {"recognition"},
    "exchange": {"recognition"},
    "membership": {"recognition"},
}
"""Modules by topic, and whose messages they declare."""

CONTRACTS = list(catalogue())
MESSAGES = {contract.message for contract in CONTRACTS}
BODIES = {item for item in vars(http).values() if is_dataclass(item)}

PERSONAL = re.compile(
    r"score|civil|id_(card|number)|citizen|person|given_name|family_name|surname|"
    r"phone|mobile|birth|gender|address|email|wechat|plate"
)
# Names of cities, operators and scenarios, and of the scale a city scores by; never of a person.
NAMES_OF_THINGS = {"name", "name_en", "scenario_name", "scenario_name_en"}
NAMED_THINGS = {
    "CityStanding",
    "CityStateChanged",
    "EvidenceItemBody",
    "EvidenceItemRecord",
    "IncentivePublished",
    "MemberCity",
    "Offer",
    "OperatorAdmitted",
    "OperatorBody",
    "OperatorRecord",
    "PublishEvidenceItem",
    "RegisterOperator",
    "RegisterScenario",
    "ScenarioBody",
    "ScenarioRecord",
}


def parts_of(hint):
    """List every dataclass inside a type."""
    if is_dataclass(hint):
        return {hint} | parts_in(hint)
    return set().union(*map(parts_of, get_args(hint))) if get_args(hint) else set()


def parts_in(message):
    return set().union(*map(parts_of, get_type_hints(message).values()))


def spoken():
    """List every class whose fields travel: messages, HTTP bodies and their parts."""
    return (MESSAGES | BODIES).union(*map(parts_in, MESSAGES | BODIES))


def test_every_commands_reply_is_registered():
    for contract in CONTRACTS:
        if contract.kind is Kind.COMMAND:
            assert contract.reply in MESSAGES


def test_every_reply_answers_a_command():
    answered = {contract.reply for contract in CONTRACTS if contract.kind is Kind.COMMAND}

    assert answered == {c.message for c in CONTRACTS if c.kind is Kind.REPLY}


def test_every_event_has_a_hearer_and_only_events_are_heard():
    heard = {message for messages in SUBSCRIPTIONS.values() for message in messages}

    assert heard == {c.message for c in CONTRACTS if c.kind is Kind.EVENT}


def test_the_names_of_exchange_and_queues_stay():
    """A renamed queue orphans the old one with every message in it."""
    assert EXCHANGE == "huxin.events"
    assert set(SUBSCRIPTIONS) == {
        "recognition.events",
        "scenarios.events",
        "eligibility.events",
        "courier.events",
    }


def test_no_two_commands_of_an_owner_share_a_method():
    methods = Counter(
        (contract.owner, contract.method) for contract in CONTRACTS if contract.kind is Kind.COMMAND
    )

    assert methods.most_common(1)[0][1] == 1


def test_no_two_messages_share_a_class_name():
    names = Counter(contract.message.__name__ for contract in CONTRACTS)

    assert names.most_common(1)[0][1] == 1


def test_a_message_stands_in_its_owners_module_or_in_that_of_its_topic():
    for contract in CONTRACTS:
        module = contract.message.__module__.removeprefix("contracts.")

        assert module == contract.owner or contract.owner in TOPICS[module], contract.name


def test_every_member_of_a_tagged_union_has_a_tag_of_its_own():
    for message in spoken():
        tags = [getattr(choice, "TYPE", None) for choice in choices_of(message)]

        assert all(isinstance(tag, str) for tag in tags), message
        assert len(set(tags)) == len(tags), message


def test_every_class_that_travels_says_what_it_is():
    for message in spoken():
        assert message.__doc__, message
        assert not message.__doc__.startswith(f"{message.__name__}("), message


def test_no_field_smells_of_personal_data():
    suspects = {
        f"{message.__name__}.{field.name}"
        for message in spoken()
        for field in fields(message)
        if PERSONAL.search(field.name)
        or (field.name in NAMES_OF_THINGS and message.__name__ not in NAMED_THINGS)
        or (field.name.endswith("name") and field.name not in NAMES_OF_THINGS)
    }

    assert not suspects


@pytest.mark.parametrize("name", ["score", "home_score", "civil_id", "id_number", "surname"])
def test_the_smell_of_personal_data_is_known(name):
    assert PERSONAL.search(name)
