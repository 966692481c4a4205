"""Search finds what people type, best first."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.toponym.likeness import one_edit_apart
from layers import days
from layers.access import PUBLIC
from layers.index import Index
from layers.register import Register
from layers.search import BadQuery, Hit, Search
from layers.search_keys import Keys

TODAY = days.today()


@pytest.fixture(scope="module")
def search(index: Index) -> Search:
    return Search(index)


def names(search: Search, query: str, **more: object) -> list[str]:
    hits, _ = search.find(query, reader=PUBLIC, asof=TODAY, **more)  # type: ignore[arg-type]
    return [hit.name for hit in hits]


@pytest.mark.parametrize(
    "query", ["青州", "qingzhou", "qz", "Qīngzhōu", "QINGZHOU SHI", "青州市", "ｑｉｎｇｚｈｏｕ", " 青 州 "]
)
def test_qingzhou_however_it_is_typed(search: Search, query: str) -> None:
    assert names(search, query)[0] == "青州市"


@pytest.mark.parametrize(
    ("query", "first"),
    [("临朐", "临朐县"), ("linqu", "临朐县"), ("changle", "昌乐县"), ("yeyuan", "冶源街道"), ("弥河镇", "弥河镇")],
)
def test_local_readings(search: Search, query: str, first: str) -> None:
    assert names(search, query)[0] == first


def test_every_kind_of_layer_is_found(search: Search, index: Index) -> None:
    for key, query in (
        ("boundary-lines", "青州市—临朐县"),
        ("tripoints", "淄川–青州–临朐"),
        ("facilities", "助老食堂"),
    ):
        hits, total = search.find(query, reader=PUBLIC, asof=TODAY, limit=20)
        assert key in {hit.layer for hit in hits}, query
        assert total >= 1
    lines = index.layer("boundary-lines")
    short = lines["short_name"].values([0])[0]
    hits, _ = search.find(str(short), reader=PUBLIC, asof=TODAY)
    assert hits[0].uuid == lines.uuid[0]
    assert hits[0].matched == short
    assert hits[0].bbox is not None


def test_a_hit_tells_what_and_where(search: Search) -> None:
    hit = search.find("弥河镇", reader=PUBLIC, asof=TODAY)[0][0]
    assert hit.kind == ("乡级", "Towns and streets")
    assert hit.where[0].startswith("青州市")
    assert hit.where[1].endswith("Qīngzhōu Shì")
    assert 118 < hit.lon < 119
    assert 36 < hit.lat < 37


def test_nearer_goes_first_among_equals(search: Search) -> None:
    far, _ = search.find("王家庄", reader=PUBLIC, asof=TODAY, limit=30, centre=(119.9, 36.4))
    near, _ = search.find("王家庄", reader=PUBLIC, asof=TODAY, limit=30, centre=(118.3, 36.6))
    villages = [[hit.lon for hit in hits if hit.name == "王家庄"] for hits in (far, near)]
    assert len(villages[0]) > 2
    assert villages[0][0] > 119.3
    assert villages[1][0] < 118.8


def test_the_whole_name_goes_before_longer_ones(search: Search) -> None:
    whole = {"王家庄", "王家庄村委会", "王家庄村民委员会", "王家庄街道"}
    hits, _ = search.find("王家庄", reader=PUBLIC, asof=TODAY, limit=50)
    places = [number for number, hit in enumerate(hits) if hit.name in whole or hit.matched == "王家庄"]
    assert hits[0].name == "王家庄街道"
    assert len(places) > 8
    assert places == list(range(len(places)))
    assert all(hit.matched is None for hit in hits if hit.name in whole)


@pytest.mark.parametrize("query", ["", "   ", "'", "…", "没有这个地方名字", "zzzzqqqq"])
def test_nothing_is_found_where_nothing_is(search: Search, query: str) -> None:
    assert search.find(query, reader=PUBLIC, asof=TODAY) == ([], 0)


def test_bounds_are_kept(search: Search) -> None:
    with pytest.raises(BadQuery):
        search.find("青" * 101, reader=PUBLIC, asof=TODAY)
    with pytest.raises(BadQuery):
        search.find("青", reader=PUBLIC, asof=TODAY, limit=51)
    assert len(search.find("庄", reader=PUBLIC, asof=TODAY, limit=50)[0]) == 50


@given(st.text(max_size=12))
@settings(deadline=None, max_examples=60)
def test_whatever_is_typed_every_answer_fits(search: Search, query: str) -> None:
    hits, total = search.find(query, reader=PUBLIC, asof=TODAY, limit=10)
    assert len(hits) == min(10, total)
    assert len({(hit.layer, hit.uuid) for hit in hits}) == len(hits)


def test_every_place_is_found_by_its_own_name(search: Search, index: Index) -> None:
    places = index.layer("place-names")
    for row in range(0, len(places), max(1, len(places) // 60)):
        name = str(places["name"].values([row])[0])
        hits, _ = search.find(
            name, reader=PUBLIC, asof=TODAY, limit=50, centre=(float(places.lon[row]), float(places.lat[row]))
        )
        assert name in {hit.name for hit in hits}, name


def test_a_new_name_and_a_new_alias_are_found_at_once(own_register: Register, own_index: Index) -> None:
    search = Search(own_index)
    assert names(search, "饕餮村") == []
    with own_register.writing(who="test", why="new") as connection:
        uuid = own_register.insert(connection, "place", {"name": "饕餮村", "rank": 8, "geom": shapely.Point(119, 36)})
    assert names(search, "taotie") == ["饕餮村"]
    with own_register.writing(who="test", why="alias") as connection:
        own_register.insert(connection, "place_name", {"place_uuid": uuid, "name": "魑魅庄", "kind": "former"})
    hits, _ = search.find("魑魅", reader=PUBLIC, asof=TODAY)
    assert [(hit.name, hit.matched) for hit in hits] == [("饕餮村", "魑魅庄")]
    with own_register.writing(who="test", why="hide") as connection:
        own_register.update(connection, "place", uuid, {"secrecy": "secret"})
    assert names(search, "饕餮村") == []
    assert names(search, "taotie") == ["高铁社区村民委员会"], "gaotie, what is one slip away"


def test_an_edit_leaves_equals_in_their_order(own_register: Register, own_index: Index) -> None:
    search = Search(own_index)
    before = [hit.uuid for hit in found(search, "孔家庄") if hit.layer == "place-names"]
    assert len(before) > 3
    with own_register.writing(who="test", why="a remark") as connection:
        own_register.update(connection, "place", before[0], {"note": "x"})
    assert [hit.uuid for hit in found(search, "孔家庄") if hit.layer == "place-names"] == before


def found(search: Search, query: str, **more: object) -> list[Hit]:
    hits, _ = search.find(query, reader=PUBLIC, asof=TODAY, limit=50, **more)  # type: ignore[arg-type]
    return hits


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("臨朐縣", "临朐县"),  # traditional characters
        ("靑州市", "青州市"),
        ("冶源街到", "冶源街道"),  # another character
        ("冶原街道", "冶源街道"),  # of the same sound
        ("林渠县", "临朐县"),
        ("冶街源道", "冶源街道"),  # two swapped
        ("云门街道", "云门山街道"),  # one left out
        ("云门山山街道", "云门山街道"),  # one too many
        ("qinzoushi", "青州市"),  # n for ng, z for zh
        ("niusanzhen", "柳山镇"),  # n for l, s for sh
        ("cenguanjiedao", "城关街道"),
        ("yeyaunjiedao", "冶源街道"),  # two letters swapped
        ("yeyanjiedao", "冶源街道"),
        ("yeyuanjiedaoo", "冶源街道"),
        ("yeyianjiedao", "冶源街道"),
    ],
)
def test_what_was_meant_is_found_and_marked(search: Search, query: str, name: str) -> None:
    hits = found(search, query)
    assert name in {hit.name for hit in hits}
    assert all(hit.tolerant for hit in hits)


@pytest.mark.parametrize("query", ["弥河镇", "青州", "qingzhou", "qz", "王家庄", "临朐县城关街道兴隆社区"])
def test_what_is_found_as_it_was_typed_is_not_marked(search: Search, query: str) -> None:
    assert not any(hit.tolerant for hit in found(search, query))


def test_a_village_is_found_by_either_ending(search: Search, index: Index) -> None:
    places = index.layer("place-names")
    committees = [
        str(name)
        for name in places["name"].values(np.arange(len(places)))
        if str(name).endswith("村委会") and not str(name).endswith("村村委会")
    ]
    for name in committees[:: len(committees) // 25]:
        core = name.removesuffix("村委会")
        for ending in ("", "村", "村民委员会", "社区居委会"):
            hits = found(search, core + ending)
            assert any(hit.name.startswith(core) for hit in hits), core + ending


def test_disputed_and_digital_spellings_are_typed_either_way(search: Search) -> None:
    for query in ("nianlipu", "nianlibao", "nianlibu"):
        assert "廿里堡街道" in {hit.name for hit in found(search, query)}, query


def test_tolerant_answers_go_behind_those_that_were_typed(search: Search) -> None:
    hits = found(search, "宝都街到")
    assert hits[0].name == "宝都街道"
    for query in ("yunmens", "longquanc", "冶源街"):
        marks = [hit.tolerant for hit in found(search, query)]
        assert marks == sorted(marks), query


def test_numbers_are_not_taken_for_one_another(search: Search) -> None:
    assert {hit.name for hit in found(search, "206国道")} >= {"206国道"}
    assert not {hit.name for hit in found(search, "207国道")}


def test_one_slip_is_found_as_by_comparing_with_every_key() -> None:
    chance = random.Random(7)
    names = sorted({"".join(chance.choices("abcn", k=chance.randint(0, 7))) for _ in range(2000)} | {"王家庄", "王家"})
    keys = Keys(names, np.arange(len(names), dtype=np.int32), slips=True)
    for query in ["王家庄", "abca", "a", "", *chance.sample(names, 60), "abcnabcnabcn"]:
        entries, cost = keys.slipped(query)
        assert [names[entry] for entry in sorted(entries)] == [name for name in names if one_edit_apart(query, name)]
        assert not cost.any()
    assert Keys([], np.zeros(0, np.int32), slips=True).slipped("abc")[0].size == 0


def test_a_hidden_place_is_not_found_tolerantly(own_register: Register, own_index: Index) -> None:
    search = Search(own_index)
    assert "冶源街道" in {hit.name for hit in found(search, "yeyaunjiedao")}
    with own_register.writing(who="test", why="new") as connection:
        own_register.insert(
            connection, "place", {"name": "魑魅魍村", "rank": 8, "secrecy": "secret", "geom": shapely.Point(119, 36)}
        )
    for query in ("魑魅魍庄", "chimeiwanchun", "cimeiwancun", "魑魅魍村村委会"):
        assert found(search, query) == []
