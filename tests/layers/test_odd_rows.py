"""Rows as other programs leave them: without geometry, name, class or code, twice the same, with words for numbers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis.mvt import Tile
from layers import days
from layers.access import PUBLIC
from layers.catalogue import LAYERS
from layers.coverage import Question, answer
from layers.features import counts, listed
from layers.filters import Filters
from layers.index import Index
from layers.register import TABLES, Register, create_register
from layers.register.engine import raw_file
from layers.summary import summary
from layers.tiles import encoded, tiled_layers, tilejson

HERE = shapely.Point(119.1, 36.7)
SQUARE = shapely.box(119, 36.6, 119.2, 36.8)
TODAY = days.today()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with create_register(tmp_path / "r.gpkg") as made:
        yield made


def put(register: Register, table: str, **values: Any) -> str:
    with register.writing() as connection:
        return register.insert(connection, table, values)


def outside(register: Register, statement: str, *values: object) -> None:
    """As another program writes: no value is looked at."""
    with register.writing() as connection:
        raw: sqlite3.Connection = raw_file(connection)
        raw.execute(statement, values)


def test_a_row_without_anything_in_every_layer(register: Register) -> None:
    for layer in LAYERS.values():
        put(register, layer.table, geom=None)
        put(register, layer.table, note="")
    empty = {"POINT": "POINT EMPTY", "LINESTRING": "LINESTRING EMPTY", "MULTIPOLYGON": "MULTIPOLYGON EMPTY"}
    for layer in LAYERS.values():
        kind = TABLES[layer.table].info["geometry"]
        shape = shapely.from_wkt(empty.get(kind, "MULTILINESTRING EMPTY"))
        header = b"GP\x00\x11" + (4490).to_bytes(4, "little")
        outside(register, f'INSERT INTO "{layer.table}" (geom) VALUES (?)', header + shape.wkb)
    index = Index(register)
    for layer in tiled_layers():
        for z in (0, 8, 11, 14):
            assert encoded(index, layer.key, Tile(z, 0, 0), reader=PUBLIC, asof=TODAY) == b""
        bounds = tilejson(index, layer.key, reader=PUBLIC, asof=TODAY, url="")["bounds"]
        assert bounds == [-180.0, -85.0511, 180.0, 85.0511]
        # what has a state of publication is a draft until it says otherwise
        seen = 0 if layer.published else 3
        found = listed(index, layer.key, reader=PUBLIC, filters=Filters())
        assert found.total == seen
        assert all(geometry is None or geometry.is_empty for geometry in found.geometries)
        assert counts(index, layer.key, reader=PUBLIC, asof=TODAY)[0] == seen
    assert summary(index, reader=PUBLIC, asof=TODAY).bbox is None


def test_an_area_without_geometry_leaves_the_others_on_the_map(register: Register) -> None:
    put(register, "division_area", level="county", geom=None)
    put(register, "division_area", level="county", name="甲县", geom=SQUARE)
    index = Index(register)
    assert "甲县".encode() in encoded(index, "divisions", Tile(5, 26, 12), reader=PUBLIC, asof=TODAY)


def test_bounds_take_in_the_whole_of_a_shape(register: Register) -> None:
    put(register, "place_area", geom=SQUARE)
    bounds = tilejson(Index(register), "place-areas", reader=PUBLIC, asof=TODAY, url="")["bounds"]
    assert bounds == pytest.approx([119, 36.6, 119.2, 36.8])


def test_divisions_twice_and_villages_nowhere(register: Register) -> None:
    for name in ("甲县", "甲县副本"):
        put(register, "division", code="1", level="county", name=name, inside=True, geom=HERE)
        put(register, "division", code="11", level="town", name=name, inside=True, county_code="9", geom=HERE)
    put(register, "division", level="town", name="无码镇", inside=True)
    put(register, "division", code="111", level="village", county_code="1", town_code="11", population=10, geom=HERE)
    put(register, "division", code="112", level="village", county_code="1", town_code="", population=5, geom=None)
    put(register, "facility", kind="canteen", state="open", geom=HERE)
    put(register, "facility", kind="canteen", geom=None)
    result = answer(Index(register), Question(("canteen",), 1000), reader=PUBLIC)
    assert result.counties[["code", "name", "villages", "weight"]].values.tolist() == [["1", "甲县", 2, 15.0]]
    assert result.towns["code"].tolist() == ["11"]
    assert result.total["villages_covered"] == 1
    assert result.villages.geometry.isna().tolist() == [False, True]


def test_words_where_numbers_and_days_belong(register: Register) -> None:
    insert = "INSERT INTO facility (kind, name, beds, opened, closed) VALUES ('canteen', ?, ?, ?, ?)"
    outside(register, insert, "甲", "many", "2024/01/05", "")
    outside(register, insert, "乙", 9e300, "2024-01-05T00:00:00Z", "never")
    outside(register, insert, "丙", 2**70 * 1.0, "0000-00-00", "99999-01-01")
    outside(register, "INSERT INTO place (name, rank, is_public) VALUES ('丁', 'first', 'maybe')")
    outside(register, "INSERT INTO boundary_line (name, length_m) VALUES ('戊', 9e999)")
    outside(register, "INSERT INTO stake (number, height_m, reference_features) VALUES ('己', 'high', '{')")
    outside(register, "INSERT INTO published_figure (as_of) VALUES ('soon')")
    outside(register, "INSERT INTO place (name, geom) VALUES ('庚', x'00112233')")
    index = Index(register)
    facilities = index.layer("facilities")
    assert facilities.starts.tolist() == [days.FIRST, days.number(days.parse_day("2024-01-05")), days.FIRST]
    assert int(np.sum(facilities.seen(reader=PUBLIC, asof=TODAY))) == 3
    places = index.layer("place-names")
    assert places["name"].values(np.flatnonzero(places.seen(reader=PUBLIC, asof=TODAY))) == ["庚"]
    assert summary(index, reader=PUBLIC, asof=TODAY).days == []
    for layer in LAYERS:
        json.dumps(listed(index, layer, reader=PUBLIC, filters=Filters()).records, allow_nan=False)
