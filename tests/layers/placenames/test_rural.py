"""The rural pilot: what is counted, what is told as unnamed, which names are put together, how far it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from layers.access import ADMINISTRATOR, Editor, Reader
from layers.index import Index
from layers.office import Office, open_office
from layers.placenames.procedures.desk import Desk
from layers.placenames.procedures.handling import Given, act, begin
from layers.placenames.procedures.proposing import request_from_json
from layers.placenames.rural import SORTS, nameless, pilot, progress, suggestions, villages
from layers.placenames.rural.suggesting import base_of

BOSS = Editor("boss", ADMINISTRATOR)
CODE = "370703001210"


@pytest.fixture(scope="module")
def bare_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("rural") / "bare.office.sqlite")


def asked(path: Path, statement: str, *values: Any) -> list[Any]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


def test_two_counties_take_part_and_that_is_data() -> None:
    assert pilot() == {"370703": "寒亭区", "370725": "昌乐县"}
    assert set(SORTS) == {"road", "lane", "bridge", "pond", "square"}


def test_counts_are_what_the_plain_query_says(index: Index, demonstration: Path, bare_office: Office) -> None:
    found = villages(index, bare_office, reader=ADMINISTRATOR)
    where = "level = 'village' AND county_code IN ('370703', '370725')"
    listed = asked(demonstration, f"SELECT code FROM division WHERE {where}")
    assert sorted(village.code for village in found) == sorted(code for (code,) in listed)
    standing = "valid_to IS NULL AND (usage IS NULL OR usage <> 'historical')"
    lanes = "generic IN ('巷', '胡同')"
    plain = {
        "road": f"class_code IN ('23510', '23214') AND NOT (class_code = '23510' AND coalesce({lanes}, 0))",
        "lane": f"class_code = '23510' AND {lanes}",
        "bridge": "class_code = '23610'",
        "pond": "class_code = '24210'",
        "square": "class_code = '26310'",
    }
    for key, condition in plain.items():
        statement = f"SELECT village_code, count(*) FROM place WHERE {condition} AND {standing} GROUP BY village_code"
        counts = dict(asked(demonstration, statement))
        assert {one.code: one.counts[key] for one in found} == {one.code: counts.get(one.code, 0) for one in found}, key
    assert any(village.counts["road"] for village in found)


def test_the_villages_around_are_the_nearest(index: Index, bare_office: Office) -> None:
    found = villages(index, bare_office, reader=ADMINISTRATOR)
    seats = np.array([[one.lon * np.cos(np.radians(36.6)), one.lat] for one in found])
    for number in (0, 100, 500):
        distance = np.hypot(*(seats - seats[number]).T)
        nearest = [row for row in np.argsort(distance, kind="stable") if row != number][:8]
        meant = float(np.median([found[row].counts["road"] for row in nearest]))
        assert found[number].around["road"] == meant


def test_what_is_told_as_unnamed(index: Index, bare_office: Office) -> None:
    found = villages(index, bare_office, reader=ADMINISTRATOR)
    for village in found:
        for key, sort in SORTS.items():
            count, around = village.counts[key], village.around[key]
            assert (key in village.missing) == (count * 4 < around or (sort.expected and count == 0))
    assert {key for village in found for key in village.missing} == set(SORTS)
    assert any(not village.missing for village in found)


def test_how_far_it_is(own_index: Index, tmp_path: Path) -> None:
    with open_office(tmp_path / "own.office.sqlite") as office:
        before = progress(villages(own_index, office, reader=ADMINISTRATOR))
        every = villages(own_index, office, reader=ADMINISTRATOR)
        assert sum(one.villages for one in before) == len(every)
        assert sum(one.without for one in before) == sum(village.named == 0 for village in every) > 0
        assert [one.proposed + one.approved for one in before] == [0, 0]
        village = next(one for one in every if one.code == CODE)
        [suggested, *_] = suggestions(own_index, office, village, SORTS["road"], reader=ADMINISTRATOR)
        values = {
            "name": suggested.name, "class_code": "23510", "town_code": village.town, "village_code": CODE,
            "meaning": suggested.meaning, "description": "南北走向",
        }  # fmt: skip
        draft = {"values": values, "geometry": {"type": "Point", "coordinates": [village.lon + 0.002, village.lat]}}
        request = request_from_json({"kind": "name", "channel": "rural", "draft": draft})
        desk = Desk(own_index, office)
        one = begin(desk, request, editor=BOSS)
        assert progress(villages(own_index, office, reader=ADMINISTRATOR))[0].proposed == 1
        one = act(desk, one.uuid, "opinion", Given(1, opinion={"pro": 30}), editor=BOSS)
        for action in ("submit", "review"):
            one = act(desk, one.uuid, action, Given(one.version), editor=BOSS)
        act(desk, one.uuid, "approve", Given(one.version, number="1"), editor=BOSS)
        after = progress(villages(own_index, office, reader=ADMINISTRATOR))[0]
        assert (after.proposed, after.approved) == (0, 1)
        fresh = next(one for one in villages(own_index, office, reader=ADMINISTRATOR) if one.code == CODE)
        assert fresh.counts["road"] == village.counts["road"] + 1
        again = suggestions(own_index, office, fresh, SORTS["road"], reader=ADMINISTRATOR)
        taken = [found for found in again if found.name == suggested.name]
        assert all(found.errors for found in taken)
        assert again[0].errors == 0


def test_names_come_from_the_village_and_its_names(index: Index, bare_office: Office) -> None:
    village = next(one for one in villages(index, bare_office, reader=ADMINISTRATOR) if one.code == CODE)
    found = suggestions(index, bare_office, village, SORTS["road"], reader=ADMINISTRATOR)
    names = [one.name for one in found]
    assert len(set(names)) == len(names) <= 12
    assert {"东冢子东路", "东冢子南路", "老东冢子路"} <= set(names)
    assert all(one.name.endswith(("路", "街", "大街")) for one in found)
    assert all(one.errors == 0 for one in found[:5])
    assert next(one for one in found if one.name == "东冢子东路").roman == "Dōngzhǒngzi Dōnglù"
    bridges = suggestions(index, bare_office, village, SORTS["bridge"], reader=ADMINISTRATOR)
    assert all(one.name.endswith("桥") for one in bridges)


@pytest.mark.parametrize(
    ("east", "north", "across", "meant"),
    [
        (0.004, 0.0, False, "东冢子东路"),
        (-0.004, 0.001, True, "东冢子西街"),
        (0.0, 0.004, True, "东冢子北街"),
        (0, 0, False, "东冢子中路"),
    ],
)
def test_a_drawing_tells_the_side_and_the_way(
    index: Index, bare_office: Office, east: float, north: float, across: bool, meant: str
) -> None:
    village = next(one for one in villages(index, bare_office, reader=ADMINISTRATOR) if one.code == CODE)
    x, y = village.lon + east, village.lat + north
    dx, dy = (0.002, 0.0) if across else (0.0, 0.002)
    line = shapely.LineString([(x - dx, y - dy), (x + dx, y + dy)])
    found = suggestions(index, bare_office, village, SORTS["road"], reader=ADMINISTRATOR, shape=line)
    assert meant in [one.name for one in found[:2]]


def test_lines_without_a_place_stand_at_their_village(own_index: Index, bare_office: Office) -> None:
    every = villages(own_index, bare_office, reader=ADMINISTRATOR)
    assert nameless(own_index, every, reader=ADMINISTRATOR) == []
    village = next(one for one in every if one.code == CODE)
    line = shapely.MultiLineString([[(village.lon, village.lat), (village.lon + 0.001, village.lat)]])
    far = shapely.MultiLineString([[(121.0, 30.0), (121.1, 30.0)]])
    with own_index.register.writing(who="test") as connection:
        uuid = own_index.register.insert(connection, "place_line", {"class_code": "23510", "geom": line})
        own_index.register.insert(connection, "place_line", {"class_code": "23510", "geom": far})
    [found] = nameless(own_index, every, reader=ADMINISTRATOR)
    assert (found.uuid, found.village, found.class_code) == (uuid, CODE, "23510")


def test_whose_account_does_not_reach_a_county(index: Index, bare_office: Office) -> None:
    reader = Reader(frozenset({"clerk"}), frozenset({"370725"}))
    assert len(villages(index, bare_office, reader=reader)) > 0
    assert {one.county for one in villages(index, bare_office, reader=ADMINISTRATOR, counties=["370725"])} == {"370725"}


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("东冢子村委会", "东冢子"), ("钱家庄村村民委员会", "钱家庄"), ("王村村委会", "王村"),
        ("镜湖社区居委会", "镜湖"), ("上院村", "上院"), ("桥村委会", "桥村委会"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_village_s_name(name: str, base: str) -> None:
    assert base_of(name) == base
