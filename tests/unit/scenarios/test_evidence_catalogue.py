"""The catalogue of evidence: lawful items alone, and no private ones."""

from datetime import date

import pytest

from contracts.errors import Conflict, Malformed, NotFound, Refused
from contracts.evidence import ListEvidenceItems, RepairRule
from contracts.words import EvidenceClass
from services.scenarios.domain.private_class import check_not_private
from services.scenarios.handlers.evidence_items import list_evidence_items
from tests.builders.evidence import LISTED, a_legal_basis, a_publish_item, an_item
from tests.builders.scenarios import DAY, NOW
from tests.unit.scenarios.storages import sqlite

pytestmark = pytest.mark.scenarios

PRIVATE = [
    "宗教信仰",
    "Religious belief",
    "个人信访记录",
    "Petitions filed",
    "血型",
    "Blood type",
    "疾病史",
    "Diseases and diagnoses",
    "基因检测",
    "DNA sample",
    "指纹",
    "Fingerprints",
    "聊 天 记 录",
    "Private messages",
    "政治面貌",
    "Political views",
    "残疾情况",
    "Disability",
    "行踪轨迹",
    "Marital status",
    "人脸图像",
    "ＤＮＡ",
    "blood-type",
]
LAWFUL = [
    "健康证明",
    "Health certificate",
    "诚实守信荣誉",
    "Good faith award",
    "General liability insurance",
    "征信报告查询授权",
    "身份核验",
    "Identity verified",
    "无偿献血荣誉",
    "信用承诺",
]


@pytest.fixture
def uow(tmp_path):
    with sqlite(tmp_path) as uow:
        yield uow


@pytest.mark.parametrize("name", PRIVATE)
def test_a_name_that_smells_of_a_private_class_is_refused_with_the_law(uow, name):
    with pytest.raises(Refused, match=r"private_class: .+[0-9]") as refused:
        an_item(uow, name=name)

    assert any(law in refused.value.detail for law in ("条例", "法", "意见"))


def test_an_id_or_an_english_name_is_smelt_at_too(uow):
    for said in ({"item_id": "fingerprints"}, {"name_en": "Petitions"}):
        with pytest.raises(Refused, match="private_class"):
            an_item(uow, **said)


@pytest.mark.parametrize("name", LAWFUL)
def test_what_only_sounds_alike_is_not_refused(uow, name):
    assert an_item(uow, name=name).name == name


def test_no_evidence_class_is_a_private_one():
    for each in EvidenceClass:
        check_not_private(each.value)


@pytest.mark.parametrize(
    "dates", [{"in_force_from": date(2027, 1, 1)}, {"in_force_until": date(2026, 11, 24)}]
)
def test_no_item_without_a_legal_basis_in_force(uow, dates):
    with pytest.raises(Refused, match="legal_basis_missing"):
        an_item(uow, basis=a_legal_basis(**dates))


def test_an_item_may_wait_for_its_law(uow):
    basis = a_legal_basis(in_force_from=date(2026, 12, 1))

    assert an_item(uow, basis=basis, live_from=NOW.replace(month=12)).version == 1


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("live_until", {"live_until": NOW - 3000 * DAY}),
        ("subjects", {"subjects": ()}),
        ("documents", {"documents": ()}),
        ("grades", {"grades": ("A", "A")}),
        ("repair", {"keeps_months": None, "repair": RepairRule(months=6)}),
    ],
)
def test_terms_that_contradict_themselves_are_malformed(uow, field, terms):
    with pytest.raises(Malformed) as refused:
        an_item(uow, **terms)

    assert field in refused.value.errors


def test_an_item_that_says_something_else_is_a_new_version(uow):
    first, same, next_one = (
        an_item(uow),
        an_item(uow, now=NOW + DAY),
        an_item(uow, now=NOW + DAY, keeps_months=24),
    )

    assert first == same
    assert (next_one.version, next_one.published_at) == (2, NOW + DAY)


def test_an_item_stays_in_its_class(uow):
    an_item(uow)

    with pytest.raises(Conflict):
        an_item(uow, evidence_class=EvidenceClass.JUDGMENT)


def test_a_source_is_an_operator(uow):
    with pytest.raises(NotFound):
        an_item(uow, sources=("nobody",))


def test_everybody_may_read_the_catalogue_item_by_item(uow):
    items = [an_item(uow, item_id=each) for each in ("a", LISTED)]

    assert list(list_evidence_items(ListEvidenceItems(), uow=uow).items) == items
    assert list_evidence_items(ListEvidenceItems(after="a"), uow=uow).items == (items[1],)


def test_what_was_published_reads_as_it_was_said(uow):
    item = an_item(uow, grades=("A", "B"), states_amount=True)

    said = vars(a_publish_item(grades=("A", "B"), states_amount=True))
    read = {**vars(item), "subjects": said["subjects"]}
    assert said.items() <= read.items()
