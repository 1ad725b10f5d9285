"""Whatever the nodes published while the other tests ran is as the AsyncAPI document says.

The name of this module lets it run last.
"""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from contracts.subscriptions import EXCHANGE

pytestmark = pytest.mark.gateway

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "contracts/asyncapi.json").read_text(encoding="utf-8"))
CHANNELS, MESSAGES = DOCUMENT["channels"], DOCUMENT["components"]["messages"]
SENT = {each["channel"]["$ref"]: each for each in DOCUMENT["operations"].values()}
CALLS = "nameko-rpc"


@pytest.fixture(scope="module")
def validators():
    return {
        name: Draft7Validator({**message["payload"], "components": DOCUMENT["components"]})
        for name, message in MESSAGES.items()
    }


@pytest.fixture(scope="module")
def said(alliance):
    """Read what was published, as often as it was."""
    return [
        json.loads(line)
        for file in sorted(alliance.recording.iterdir())
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def channels_of(said):
    """Find the channel of each message: by its routing key, or by the call it answers."""
    calls = {
        each["properties"]["correlation_id"]: each["key"]
        for each in said
        if each["exchange"] == CALLS and "reply_to" in each["properties"]
    }
    for each in said:
        is_reply = each["exchange"] == CALLS and "reply_to" not in each["properties"]
        if is_reply:
            call = calls[each["properties"]["correlation_id"]]
            yield f"{call}.reply", each
        else:
            yield each["key"], each


def message_on(channel):
    [name] = CHANNELS[channel]["messages"]
    return name


def test_every_message_is_as_the_document_says(said, validators):
    seen = set()
    for channel, each in channels_of(said):
        name = message_on(channel)
        properties, payload = each["properties"], json.loads(each["body"])
        error = next(validators[name].iter_errors(payload), None)
        assert error is None, (name, error)
        assert properties["content_type"] == MESSAGES[name]["contentType"]
        seen.add(name)
    assert len(seen) > 50


def test_every_event_says_its_name_and_goes_to_its_exchange(said):
    events = [each for each in said if each["exchange"] != CALLS]
    assert events
    for each in events:
        [name] = CHANNELS[each["key"]]["messages"]
        binding = MESSAGES[name]["bindings"]["amqp"]
        assert each["exchange"] == EXCHANGE
        assert CHANNELS[each["key"]]["bindings"]["amqp"]["exchange"]["name"] == each["exchange"]
        assert SENT[f"#/channels/{each['key']}"]["action"] == "send"
        assert each["properties"]["type"] == binding["messageType"]
        assert each["properties"]["content_encoding"] == binding["contentEncoding"]
        assert each["properties"]["message_id"] == json.loads(each["body"])["id"]


def test_every_call_has_an_operation_that_answers_it(said):
    calls = {each["key"] for each in said if "reply_to" in each["properties"]}
    assert calls
    for call in calls:
        assert SENT[f"#/channels/{call}"]["reply"]["channel"]["$ref"] == f"#/channels/{call}.reply"


UNSAID = {
    "scenarios.grant.kept.v1": "a correction at home takes a recall back: tested with the handlers",
    "scenarios.screening_rule.stopped.v1": "no rule is stopped here while others decide by it",
    "scenarios.substitution_rule.stopped.v1": "no rule is stopped here while others decide by it",
}
BY_SCHEMATHESIS_ALONE = {  # it runs on the embedded runtime
    "recognition.attestation.list.v1",
    "recognition.attestation.show.v1",
    "recognition.case.show_deadlines.v1",
    "recognition.consent.show.v1",
    "recognition.dispute.list_cases.v1",
    "recognition.dispute.name_fact.v1",
    "recognition.dispute.withdraw.v1",
    "recognition.repair.list_cases.v1",
    "recognition.routed_dispute.contest.v1",
    "recognition.routed_dispute.list.v1",
    "scenarios.evidence.repair.v1",
    "scenarios.evidence_dispute.list.v1",
    "scenarios.evidence_dispute.list_cases.v1",
    "scenarios.evidence_dispute.withdraw.v1",
    "scenarios.screening_rule.stop.v1",
    "scenarios.settlement.list.v1",
    "scenarios.settlement.list_differences.v1",
    "scenarios.settlement.resolve.v1",
    "scenarios.substitution_rule.stop.v1",
}
ON_ONE_RUNTIME = {"test_overload.py", "test_whole_document.py"}


def test_what_was_never_said_is_known(request, said):
    collected = {item.path.name for item in request.session.items}
    there_are = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    if not there_are - ON_ONE_RUNTIME <= collected:
        pytest.skip("what was said depends on all of these tests")
    said_names = {message_on(channel) for channel, _ in channels_of(said)}
    of_the_bus = {
        name
        for channel, each in CHANNELS.items()
        if not channel.endswith(".reply")
        for name in each["messages"]
    }
    fuzzed = "test_whole_document.py" in collected

    # schemathesis may say anything, but only what others say is counted on
    unsaid = of_the_bus - said_names
    if fuzzed:
        assert unsaid <= UNSAID.keys()
    else:
        assert unsaid == UNSAID.keys() | BY_SCHEMATHESIS_ALONE
