"""Bands as the cities publish them, edge by edge, and tables that are refused."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Malformed, Refused
from services.recognition.adapters.crosswalk_file import load_crosswalks
from services.recognition.adapters.crosswalk_table import read_crosswalk
from services.recognition.domain.crosswalk import Band, Scale
from services.recognition.domain.crosswalk_versions import in_force
from tests.builders.attestations import CROSSWALK, NOW, a_crosswalk

pytestmark = pytest.mark.recognition

NANJING = "320100"
PUBLISHED = {
    "330100": {
        "0": "待提高", "549": "待提高", "549.99": "待提高", "550": "一般", "599": "一般",
        "600": "良好", "699": "良好", "700": "优秀", "749": "优秀", "749.5": "优秀",
        "750": "极好", "1000": "极好",
    },
    "350100": {
        "0": "极差", "349": "极差", "349.9": "极差", "350": "较差", "549": "较差", "550": "一般",
        "649": "一般", "650": "良好", "749": "良好", "750": "优秀", "849": "优秀", "850": "极好",
        "1000": "极好",
    },
    "410100": {
        "0": "较差", "79": "较差", "79.9": "较差", "80": "轻微失信", "99": "轻微失信",
        "99.99": "轻微失信", "100": "良好", "119": "良好", "120": "优秀", "149.9": "优秀",
        "150": "优秀", "150.01": "极好", "151": "极好", "200": "极好",
    },
}  # fmt: skip
EDGES = [
    (city, score, label) for city, bands in PUBLISHED.items() for score, label in bands.items()
]


def a_scale(*rows, **overrides):
    """Build from rows (lower, upper, label, tier)."""
    bands = tuple(
        Band(label=label, tier=tier, lower=Decimal(low), upper=None if up is None else Decimal(up))
        for low, up, label, tier in rows
    )
    values = {
        "city": "330100",
        "score_name": "钱江分",
        "bands": bands,
        "lowest": Decimal(0),
        "highest": Decimal(1000),
    }
    return Scale(**{**values, **overrides})


@pytest.mark.parametrize(("city", "score", "label"), EDGES)
def test_every_published_edge_falls_where_the_city_says(city, score, label):
    assert CROSSWALK.scales[city].band_of(Decimal(score)).label == label


@pytest.mark.parametrize(
    ("city", "score"),
    [("330100", "-1"), ("330100", "1000.1"), ("410100", "201"), ("350100", "-0.1")],
)
def test_a_score_outside_the_scale_has_no_band_and_is_not_repeated(city, score):
    with pytest.raises(Malformed) as malformed:
        CROSSWALK.scales[city].band_of(Decimal(score))

    assert score not in str(malformed.value)


def test_a_card_has_bands_and_no_score():
    assert CROSSWALK.tier(NANJING, "持卡") == 4
    assert CROSSWALK.tier(NANJING, "未持卡") == 1
    with pytest.raises(Refused, match="no_score"):
        CROSSWALK.scales[NANJING].band_of(Decimal(1))


def test_a_band_the_table_does_not_know_has_no_tier():
    assert CROSSWALK.tier("330100", "卓越") is None
    assert CROSSWALK.tier("110000", "极好") is None


def test_a_version_is_in_force_from_its_first_moment_to_before_its_last():
    crosswalk = a_crosswalk(effective_from=NOW, effective_until=NOW + timedelta(days=1))

    assert [
        in_force([crosswalk], NOW + timedelta(hours=hours)) is not None for hours in (-1, 0, 23, 24)
    ] == [False, True, True, False]
    with pytest.raises(Malformed, match="ends before"):
        a_crosswalk(effective_from=NOW, effective_until=NOW)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([], "no bands"),
        ([(0, 500, "一般", 2), (500, None, "一般", 3)], "twice"),
        ([(0, 500, "一般", 0), (500, None, "良好", 3)], "from 1 to 5"),
        ([(0, 500, "一般", 2), (500, None, "良好", 6)], "from 1 to 5"),
        ([(0, 500, "一般", 3), (500, None, "良好", 2)], "lower tier"),
        ([(0, 500, "一般", 2), (501, None, "良好", 3)], "gap or an overlap"),
        ([(0, 500, "一般", 2), (499, None, "良好", 3)], "gap or an overlap"),
        ([(10, 500, "一般", 2), (500, None, "良好", 3)], "starts where the scale does"),
        ([(0, 500, "一般", 2), (500, 900, "良好", 3)], "no upper edge"),
        ([(0, 0, "一般", 2), (0, None, "良好", 3)], "do not rise"),
        ([(0, None, "一般", 2), (500, None, "良好", 3)], "do not rise"),
        ([(0, 1001, "一般", 2), (1001, None, "良好", 3)], "above the end"),
    ],
)
def test_a_scale_that_leaves_a_doubt_is_refused(rows, what):
    with pytest.raises(Malformed, match=f"city 330100.*{what}"):
        a_scale(*rows)


@pytest.mark.parametrize("belongs", [True, False])
def test_an_edge_belongs_to_exactly_one_band(belongs):
    below = Band(label="一般", tier=2, lower=Decimal(0), upper=Decimal(5), with_upper=belongs)
    above = Band(label="良好", tier=3, lower=Decimal(5), with_lower=belongs)

    with pytest.raises(Malformed, match="no one band"):
        a_scale(bands=(below, above))


def test_a_card_with_edges_is_refused():
    with pytest.raises(Malformed, match="no edges"):
        a_scale((0, None, "持卡", 4), score_name=None)


@pytest.mark.parametrize("city", PUBLISHED)
@given(data=st.data())
def test_a_higher_score_never_has_a_lower_tier(city, data):
    scale = CROSSWALK.scales[city]
    scores = st.decimals(0, int(scale.highest), allow_nan=False, places=2)
    low, high = sorted(data.draw(st.tuples(scores, scores)))

    assert scale.band_of(low).tier <= scale.band_of(high).tier


@given(edges=st.lists(st.integers(1, 999), unique=True, min_size=1, max_size=6), data=st.data())
def test_every_score_of_a_scale_has_exactly_one_band(edges, data):
    marks = [0, *sorted(edges), None]
    scale = a_scale(*[(low, up, f"band {low}", 3) for low, up in pairwise(marks)])
    score = data.draw(st.decimals(0, 1000, allow_nan=False, places=1))

    assert sum(score in band for band in scale.bands) == 1


def test_the_shipped_table_names_its_published_cities():
    assert CROSSWALK.scales.keys() == {*PUBLISHED, NANJING}
    assert all(scale.published for scale in CROSSWALK.scales.values())
    assert CROSSWALK.scales["410100"].score_name == "商鼎分"


def a_table(**city):
    row = {"score": "钱江分", "lowest": 0, "bands": [[0, 500, "一般", 2], [500, None, "良好", 3]]}
    return {"version": 1, "effective_from": NOW, "cities": {"330100": {**row, **city}}}


def test_a_city_without_a_highest_score_has_no_upper_end():
    scale = read_crosswalk(a_table()).scales["330100"]

    assert scale.band_of(Decimal(10**9)).label == "良好"


@pytest.mark.parametrize(
    ("city", "place"),
    [
        ({"bands": [[0, 500, "一般"]]}, "row 1"),
        ({"bands": [[0, 500, "一般", 2], ["x", None, "良好", 3]]}, "row 2: 'x'"),
        ({"bands": [[0, None, "一般", "2"]]}, "row 1.*tier"),
        ({"bands": [[float("nan"), None, "一般", 2]]}, "row 1.*not a number"),
        ({"bands": {}}, "list of rows"),
        ({"lowest": None}, "not a number"),
        ({"edges": {500: "middle"}}, "edges"),
        ({"edges": []}, "edges"),
        ({"kind": "card"}, "row 1"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_city_and_row(city, place):
    with pytest.raises(Malformed, match=f"city 330100.*{place}"):
        read_crosswalk(a_table(**city))


@pytest.mark.parametrize(
    "change",
    [{"version": "1"}, {"version": 0}, {"effective_from": "soon"}, {"cities": []}],
)
def test_a_mistake_in_the_version_is_told(change):
    with pytest.raises(Malformed, match="crosswalk"):
        read_crosswalk({**a_table(), **change})


@pytest.mark.parametrize("name", ["version", "effective_from", "cities"])
def test_a_missing_part_is_named(name):
    table = a_table()
    del table[name]

    with pytest.raises(Malformed, match=name):
        read_crosswalk(table)


def test_a_version_stands_in_a_file_once(tmp_path: Path):
    path = tmp_path / "crosswalk.yaml"
    version = "{version: 1, effective_from: 2026-01-01T00:00:00Z, cities: {}}"
    path.write_text(f"crosswalks: [{version}, {version}]")

    with pytest.raises(Malformed, match="twice"):
        load_crosswalks(path)


@pytest.mark.parametrize("text", ["[", "- 1", "crosswalks: 1", "crosswalks: [1]"])
def test_a_file_that_is_no_table_is_malformed(tmp_path: Path, text):
    path = tmp_path / "crosswalk.yaml"
    path.write_text(text)

    with pytest.raises(Malformed):
        load_crosswalks(path)
