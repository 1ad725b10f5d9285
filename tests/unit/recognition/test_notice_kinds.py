"""Every kind of notice may come twice, whatever came of it the first time."""

from uuid import uuid4

import pytest

from contracts import notices, wire
from contracts.documents.examples import example_of
from contracts.errors import ContractError
from contracts.recognition import UsageReported
from services.recognition.handlers.receiving import OBEYED, receive_notice
from tests.builders.attestations import NOW
from tests.builders.recognition import a_notice, a_receive_notice, host_node

pytestmark = pytest.mark.recognition


def class_name(constant):
    return constant.title().replace("_", "")


KINDS = {
    value: UsageReported if name == "USAGE_REPORTED" else getattr(notices, class_name(name))
    for name, value in vars(notices).items()
    if name.isupper() and isinstance(value, str)
}


def heard(uow, token, node):
    """Say whether it was repeated, or the code of the refusal."""
    try:
        return receive_notice(a_receive_notice(token), uow=uow, node=node, now=NOW).repeated
    except ContractError as refusal:
        return refusal.code


@pytest.mark.parametrize("event", sorted(KINDS))
def test_a_notice_that_comes_twice_has_its_effect_once(uow, event):
    node = host_node()
    token = a_notice(id=uuid4(), event=event, body=wire.dump(example_of(KINDS[event])))

    first = heard(uow, token, node)
    announced = list(uow.announced)
    second = heard(uow, token, node)

    assert second == (True if first is False else first)
    assert uow.announced == announced


def test_every_kind_that_a_city_may_send_is_obeyed():
    assert KINDS.keys() == OBEYED.keys()
