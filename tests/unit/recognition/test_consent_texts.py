"""A resident consents to a text that home shows, signed off, dated, and kept to the letter."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from contracts.consents import ShowConsentText
from contracts.errors import Conflict, Malformed, Refused
from contracts.words import Category, TextChange
from services.recognition.adapters.consent_text_file import load_consent_texts
from services.recognition.adapters.reloaded import ReloadedFile
from services.recognition.domain.consent_text import Party, Wording
from services.recognition.handlers.consent_texts import show_consent_text
from services.recognition.handlers.consents import give_consent
from tests.builders.attestations import FUZHOU, HANGZHOU, NOW, a_city, a_roster
from tests.builders.recognition import (
    ZHENGZHOU,
    a_consent_text,
    a_give_consent,
    consent_texts,
    home_node,
)

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)
FILE = Path(__file__).parents[3] / "deploy/alliance/consent-texts.yaml"


def shown(node=None, now=NOW, **overrides):
    values = {
        "recipient": HANGZHOU,
        "purposes": (Category.TRANSPORT, Category.SPORTS),
        "until": NOW + 90 * DAY,
    }
    command = ShowConsentText(**{**values, **overrides})
    return show_consent_text(command, node=node or home_node(), now=now)


def given(uow, node=None, now=NOW, **overrides):
    return give_consent(a_give_consent(**overrides), uow=uow, node=node or home_node(), now=now)


def with_texts(*versions, **overrides):
    texts = consent_texts(*versions, **overrides)
    return home_node(consent_texts=lambda: texts)


def the_real_text(**overrides):
    texts = load_consent_texts(FILE)
    return shown(home_node(consent_texts=lambda: texts), **overrides)


def test_the_text_names_both_cities_how_to_reach_them_the_purposes_and_the_end():
    text = the_real_text()

    for said in ("福州", "pi@credit.fuzhou.example", "杭州", "pi@credit.hangzhou.example"):
        assert said in text.text_zh
    assert "体育、出行" in text.text_zh
    assert "sports, transport" in text.text_en
    assert "2026年08月30日 17:00:00" in text.text_zh
    assert "2026-08-30 17:00:00 (Beijing time)" in text.text_en


@pytest.mark.parametrize("said", ["信用等级", "保存", "撤回", "投诉", "自愿", "更正"])
def test_the_text_says_what_the_law_asks(said):
    assert said in the_real_text().text_zh


def test_the_digest_covers_both_languages_to_the_letter():
    text = shown()

    both = f"{text.text_zh}\n{text.text_en}".encode()
    assert text.digest == hashlib.sha256(both).hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        {"recipient": ZHENGZHOU},
        {"purposes": (Category.SPORTS,)},
        {"until": NOW + 91 * DAY},
    ],
)
def test_another_recipient_purpose_or_end_is_another_text(other):
    texts = load_consent_texts(FILE)
    node = home_node(consent_texts=lambda: texts, roster=three_cities)

    assert shown(node, **other).digest != shown(node).digest


def three_cities():
    return a_roster(a_city(FUZHOU), a_city(HANGZHOU), a_city(ZHENGZHOU))


def test_the_order_of_purposes_makes_no_other_text():
    one = shown(purposes=(Category.SPORTS, Category.TRANSPORT))

    assert one == shown(purposes=(Category.TRANSPORT, Category.SPORTS))


def test_the_newest_version_in_force_is_shown():
    assert shown().version == "2026-06"
    assert shown(now=NOW - 45 * DAY).version == "2026-05"


@pytest.mark.parametrize(
    ("terms", "field"),
    [({"purposes": ()}, "purposes"), ({"until": NOW}, "until")],
)
def test_nothing_is_shown_for_what_nobody_may_consent_to(terms, field):
    with pytest.raises(Malformed) as caught:
        shown(**terms)

    assert caught.value.errors.keys() == {field}


def test_who_consents_to_the_home_itself_is_told_so():
    with pytest.raises(Refused, match="is this home itself"):
        shown(recipient=FUZHOU)


def test_nothing_is_shown_for_a_city_that_is_no_other_member():
    with pytest.raises(Refused, match=r"recipient_not_member: city 999999$"):
        shown(recipient="999999")


def test_nothing_is_shown_while_no_version_is_in_force():
    with pytest.raises(Refused, match="consent_text_not_in_force"):
        shown(now=NOW - 61 * DAY)


def test_what_was_shown_is_kept_with_the_consent(uow):
    text = shown()

    record = given(uow, text_version=text.version, text_digest=text.digest)

    with uow:
        kept = uow.snapshots.get(record.text_digest)
    assert record.text_digest == text.digest
    assert (kept.wording.zh, kept.wording.en) == (text.text_zh, text.text_en)


def test_a_text_is_kept_though_the_app_sends_no_digest(uow):
    record = given(uow, text_version=shown().version)

    assert record.text_digest == shown().digest


def test_what_was_kept_does_not_change_with_the_file(uow):
    record = given(uow)
    changed = consent_texts(a_consent_text(wording=Wording(*(placed("other"),) * 2)))

    given(uow, home_node(consent_texts=lambda: changed), consent_id=uuid4())

    with uow:
        assert "2026-05 授权文本" in uow.snapshots.get(record.text_digest).wording.zh


def placed(words):
    return words + " {home}{home_contact}{recipient}{recipient_contact}{purposes}{until}"


def test_nobody_consents_to_another_text_than_they_were_shown(uow):
    with pytest.raises(Refused, match="consent_text_differs"):
        given(uow, text_digest="0" * 64)

    with uow:
        assert uow.consents.for_recipient(a_give_consent().resident, HANGZHOU) == []


def test_nobody_consents_to_a_version_that_is_not_there(uow):
    with pytest.raises(Refused, match="consent_text_unknown"):
        given(uow, text_version="2030-01")


@pytest.mark.parametrize(
    "dates",
    [
        {"effective_from": NOW + timedelta(seconds=1)},
        {"effective_until": NOW},
    ],
)
def test_nobody_consents_to_a_version_before_or_after_its_time(uow, dates):
    node = with_texts(a_consent_text(**dates))

    with pytest.raises(Refused, match="consent_text_not_in_force"):
        given(uow, node)


def test_an_older_version_that_is_still_in_force_will_do(uow):
    assert given(uow, text_version="2026-05").text_version == "2026-05"


def test_a_repeat_is_answered_though_the_version_is_over_by_now(uow):
    first = given(uow)
    node = with_texts(a_consent_text(effective_until=NOW + DAY))

    assert given(uow, node, now=NOW + 2 * DAY) == first


def test_the_same_id_with_the_digest_of_another_text_is_refused(uow):
    given(uow)

    with pytest.raises(Conflict, match="id_reused"):
        given(uow, text_digest="0" * 64)


@pytest.mark.parametrize("parties", [{}, {HANGZHOU: Party(contact=Wording("甲", "a"))}])
def test_nobody_consents_to_a_recipient_without_an_impact_assessment(uow, parties):
    home = {FUZHOU: Party(contact=Wording("乙", "b"))}
    node = with_texts(parties=home | parties)

    with pytest.raises(Refused, match="recipient_not_assessed"):
        given(uow, node)


def test_the_impact_assessment_is_recorded_with_the_consent(uow):
    record = given(uow)

    with uow:
        assert uow.consents.get(record.consent_id).impact_assessment == "PIA-1"


# --- the file ------------------------------------------------------------------------------


def written(tmp_path, *replacements):
    text = FILE.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "consent-texts.yaml"
    path.write_text(text, "utf-8")
    return path


VERSION = 'version: "2026-11"'
SECOND = """\
  - version: "2027-01"
    approved_by: 法务
    effective_from: 2027-01-01T00:00:00+08:00
    changes: [purpose]
    zh: "{home}{home_contact}{recipient}{recipient_contact}{purposes}{until}"
    en: "{home}{home_contact}{recipient}{recipient_contact}{purposes}{until}"
cities:
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{home_contact}", "", "placeholders: home_contact"),
        ("{until}", "{score}", "placeholders: score, until"),
        ("changes: []", "changes: [everything]", "versions.0.changes.0"),
        ("    approved_by: 联盟法务工作组", "    by: 联盟法务工作组", "versions.0.approved_by"),
        ("2026-01-01T00:00:00+08:00", "soon", "versions.0.effective_from"),
        ("{category: hotel", "{category: casino", "purposes.8.category"),
        ("  - {category: hotel, zh: 住宿, en: hotels}\n", "", "purposes without a name: hotel"),
        ('code: "330100"', 'code: "350100"', "one of the cities stands twice"),
        ("cities:\n", SECOND.replace("2027-01", "2026-11", 1), "one of the versions stands twice"),
        ("cities:\n", SECOND, "2026-11 must end when 2027-01 begins"),
        ("versions:", "versions: [", "consent-texts.yaml"),
        ("cities:", "towns:", "towns"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_the_fault_is_named(tmp_path, old, new, said):
    with pytest.raises(Malformed) as caught:
        load_consent_texts(written(tmp_path, (old, new)))

    assert said in str(caught.value)


def test_a_version_that_asks_anew_follows_one_that_ends(tmp_path):
    ends = (
        "    changes: []\n",
        "    changes: []\n    effective_until: 2027-01-01T00:00:00+08:00\n",
    )

    texts = load_consent_texts(written(tmp_path, ends, ("cities:\n", SECOND)))

    assert texts.outdated(NOW) == []
    assert texts.outdated(NOW + 365 * DAY) == ["2026-11"]
    assert texts.changed_since("2026-11", NOW + 365 * DAY) == {TextChange.PURPOSE}


def test_a_bad_new_file_leaves_the_good_old_one_in_use(tmp_path):
    path = written(tmp_path)
    texts = ReloadedFile(path, load_consent_texts)
    path.write_text("versions: []", "utf-8")
    os.utime(path, ns=(1, 1))

    with capture_logs() as logs:
        current = texts().current(NOW)

    assert current.version == "2026-11"
    assert [line["event"] for line in logs] == ["file_not_reloaded"]
