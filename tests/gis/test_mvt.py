"""Tiles are decoded by a program that we did not write and hold what went in."""

from __future__ import annotations

import itertools
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.mvt import EXTENT, BadTile, Tile, coded, encode_points, encode_shapes, tile_at
from gis.mvt.wire import varint, varints


def decode(data: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=50))
def test_many_varints_equal_one_by_one(values: list[int]) -> None:
    stream, starts = varints(np.array(values, dtype=np.int64))
    assert stream == b"".join(varint(value) for value in values)
    assert starts[-1] == len(stream)
    assert [stream[a:b] for a, b in itertools.pairwise(starts)] == [varint(value) for value in values]


VALUES = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(0, 2**40), VALUES, VALUES
        ),
        max_size=40,
    )
)
@settings(deadline=None)
def test_points_come_back_with_everything(rows: list[tuple[float, float, int, Any, Any]]) -> None:
    tile = Tile(0, 0, 0)
    mx = np.array([row[0] for row in rows])
    my = np.array([row[1] for row in rows])
    px, py = tile.pixels(mx, my)
    columns = [coded("一", [row[3] for row in rows]), coded("b", [row[4] for row in rows])]
    data = encode_points("layer", px, py, np.array([row[2] for row in rows], dtype=np.int64), columns)
    if not rows:
        assert data == b""
        return
    features = decode(data)["layer"]["features"]
    assert len(features) == len(rows)
    for feature, row, x, y in zip(features, rows, px.tolist(), py.tolist(), strict=True):
        assert feature["geometry"] == {"type": "Point", "coordinates": [x, y]}
        assert feature.get("id", 0) == row[2]
        wanted = {name: value for name, value in (("一", row[3]), ("b", row[4])) if value is not None}
        assert feature["properties"] == wanted
        assert {name: type(value) for name, value in feature["properties"].items()} == {
            name: type(value) for name, value in wanted.items()
        }


@given(st.integers(0, 22), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_every_point_is_in_one_tile(z: int, mx: float, my: float) -> None:
    tile = tile_at(mx, my, z)
    one = np.array([mx]), np.array([my])
    assert tile.holds(*one)[0]
    px, py = tile.pixels(*one)
    assert 0 <= px[0] < EXTENT
    assert 0 <= py[0] < EXTENT
    west, north, east, south = tile.bounds
    assert west <= mx < east
    assert north <= my < south
    for x, y in ((tile.x - 1, tile.y), (tile.x + 1, tile.y), (tile.x, tile.y - 1), (tile.x, tile.y + 1)):
        if 0 <= x < 2**z and 0 <= y < 2**z:
            assert not Tile(z, x, y).holds(*one)[0]


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (0, -1, 0), (5, 0, -1)])
def test_a_tile_that_does_not_exist_is_refused(z: int, x: int, y: int) -> None:
    with pytest.raises(BadTile):
        Tile(z, x, y)


def test_bounds_in_degrees() -> None:
    west, south, east, north = Tile(1, 1, 0).lonlat_bounds
    assert (west, south, east) == (0.0, 0.0, 180.0)
    assert north == pytest.approx(85.0511287798066)


def _shapes(*geometries: Any) -> np.ndarray[Any, Any]:
    out = np.empty(len(geometries), dtype=object)
    out[:] = geometries
    return out


def test_lines_and_areas_come_back_clipped_and_oriented() -> None:
    square = shapely.Polygon(
        [(0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6)], [[(0.2, 0.2), (0.3, 0.2), (0.3, 0.3), (0.2, 0.3)]]
    )
    line = shapely.LineString([(0.1, 0.1), (0.9, 0.1)])
    elsewhere = shapely.LineString([(0.8, 0.8), (0.9, 0.9)])
    data = encode_shapes(
        "shapes",
        Tile(1, 0, 0),
        _shapes(square, line, elsewhere),
        np.array([1, 2, 3]),
        [coded("name", ["方", "线", "别处"])],
    )
    features = decode(data)["shapes"]["features"]
    assert [feature["properties"]["name"] for feature in features] == ["方", "线"]
    area = shapely.geometry.shape(features[0]["geometry"])
    unit = EXTENT * 2
    edge = EXTENT + 80
    expected = shapely.Polygon(
        np.rint(np.array([(0.1, 0.1), (edge / unit, 0.1), (edge / unit, edge / unit), (0.1, edge / unit)]) * unit),
        [np.rint(np.array([(0.2, 0.2), (0.3, 0.2), (0.3, 0.3), (0.2, 0.3)]) * unit)],
    )
    assert area.equals(expected)
    # the specification: in the tile's own axes an exterior ring has positive area by the surveyor's formula
    assert shapely.is_ccw(area.exterior)
    assert not shapely.is_ccw(area.interiors[0])
    assert features[1]["geometry"]["coordinates"] == [[819, 819], [edge, 819]]


POINTS = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(st.lists(POINTS, min_size=3, max_size=12), st.integers(0, 6))
@settings(deadline=None)
def test_areas_made_by_chance_are_valid_in_every_tile(points: list[tuple[float, float]], z: int) -> None:
    polygon = shapely.make_valid(shapely.Polygon(points))
    polygons = [part for part in shapely.get_parts(polygon) if part.geom_type == "Polygon" and not part.is_empty]
    if not polygons:
        return
    tile = tile_at(min(points[0][0], 0.999), min(points[0][1], 0.999), z)
    data = encode_shapes("a", tile, _shapes(shapely.MultiPolygon(polygons)), np.array([1]))
    if not data:
        return
    for feature in decode(data)["a"]["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.geom_type in {"Polygon", "MultiPolygon"}
        for part in shapely.get_parts(shape):
            assert part.is_valid
            assert shapely.is_ccw(part.exterior)
            assert shapely.bounds(part)[0] >= -81
            assert shapely.bounds(part)[2] <= EXTENT + 81


def test_points_among_shapes_keep_to_their_tile() -> None:
    shapes = _shapes(shapely.Point(0.4999999, 0.4999999), shapely.LineString([(0, 0), (0.2, 0.2)]))
    features = decode(encode_shapes("mixed", Tile(1, 0, 0), shapes, np.array([7, 8])))["mixed"]["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [EXTENT - 1, EXTENT - 1]}
    assert features[1]["geometry"]["type"] == "LineString"


def test_a_shape_smaller_than_a_unit_is_left_out() -> None:
    speck = shapely.box(0.5, 0.5, 0.500001, 0.500001)
    assert encode_shapes("a", Tile(0, 0, 0), _shapes(speck), np.array([1])) == b""
