"""Notices of one subject are announced in the order of their making, whatever the key does."""

from uuid import uuid4

import pytest

from contracts.errors import Refused
from contracts.recognition import NoticeReady
from services.recognition.domain.notice import UnsignedNotice
from services.recognition.handlers.notices import announce_notice, sign_kept_notices
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW
from tests.builders.recognition import home_node

pytestmark = pytest.mark.recognition


class UnusableKey:
    kid, alg = "lost", "EdDSA"

    def sign(self, message):
        raise Refused("key_not_usable")


WITHOUT_KEY = home_node(signer=UnusableKey())


def a_notice(subject="a", recipient=HANGZHOU):
    return UnsignedNotice(
        id=uuid4(), recipient=recipient, event="urn:event", body={}, subject=subject
    )


def announced(uow, notice, node):
    with uow:
        announce_notice(notice, uow=uow, node=node, now=NOW)
        uow.commit()
    return notice.id


def order(uow):
    return [ready.notice_id for ready in uow.announced_of(NoticeReady)]


def test_a_notice_does_not_overtake_one_of_its_subject_that_waits_for_the_key(uow):
    first = announced(uow, a_notice(), WITHOUT_KEY)

    second = announced(uow, a_notice(), home_node())
    before = order(uow)
    sign_kept_notices(uow=uow, node=home_node(), now=NOW)

    assert before == []
    assert order(uow) == [first, second]


def test_what_waits_for_the_key_holds_back_no_other_subject_and_no_other_city(uow):
    announced(uow, a_notice(), WITHOUT_KEY)

    others = [a_notice("b"), a_notice("a", FUZHOU), a_notice("")]
    for other in others:
        announced(uow, other, home_node())

    assert order(uow) == [other.id for other in others]


def test_a_kept_notice_keeps_its_subject(uow):
    announced(uow, a_notice("a"), WITHOUT_KEY)

    sign_kept_notices(uow=uow, node=home_node(), now=NOW)

    [ready] = uow.announced_of(NoticeReady)
    assert ready.subject == "a"
