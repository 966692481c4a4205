"""The comparison itself: what it lets pass, and what it says of what differs."""

import datetime as dt
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.testing import assert_features_equal

HOLED = shapely.box(119, 36, 119.2, 36.2).difference(shapely.box(119.05, 36.05, 119.1, 36.1))
SHAPES = [
    shapely.Point(119, 36),
    shapely.LineString([(119, 36), (119.1, 36.05), (119.2, 36)]),
    HOLED,
    shapely.MultiPolygon([HOLED, shapely.box(118, 36, 118.1, 36.1)]),
    shapely.Point(119, 36, 25.5),
    None,
]


def frame(shapes=SHAPES, crs=4490, **columns):
    codes = [f"F{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes, **columns}, geometry=gpd.GeoSeries(list(shapes), crs=crs))


def message(left, right, **options):
    with pytest.raises(AssertionError) as caught:
        assert_features_equal(left, right, key="code", **options)
    return str(caught.value)


def test_equal_whatever_the_order_and_the_column_names():
    left = frame(name=list("abcdef"))
    assert_features_equal(left, left.iloc[::-1].rename_geometry("geom").reset_index(drop=True), key="code")


def test_promotion_ring_turn_and_start_pass():
    ring = shapely.Polygon([*SHAPES[2].exterior.coords[2:], *SHAPES[2].exterior.coords[1:3]], SHAPES[2].interiors)
    others = [
        shapely.MultiPoint([SHAPES[0]]),
        shapely.MultiLineString([SHAPES[1]]),
        shapely.MultiPolygon([ring.reverse()]),
        shapely.MultiPolygon([SHAPES[3].geoms[1], SHAPES[3].geoms[0].reverse()]),
        SHAPES[4],
        shapely.Point(),
    ]
    assert_features_equal(frame(), frame(others), key="code")


@pytest.mark.parametrize("row", range(5))
def test_a_displaced_vertex_is_found_with_its_distance(row):
    def nudge(coordinates):
        moved = coordinates.copy()
        moved[-1 if len(moved) == 1 else 1, 1] += 1e-5  # 1.11 m to the north
        return moved

    shapes = list(SHAPES)
    shapes[row] = shapely.transform(shapes[row], nudge, include_z=bool(shapes[row].has_z))
    said = message(frame(), frame(shapes), tolerance_m=1.0)
    assert f"F{row}: geometry lies up to 1.1" in said
    assert "1 difference:" in said
    assert_features_equal(frame(), frame(shapes), key="code", tolerance_m=1.2)


def test_tolerance_is_in_metres_on_the_plane_too():
    left, right = frame(SHAPES[:1], crs=4549), frame([shapely.Point(119.004, 36.003)], crs=4549)
    assert_features_equal(left, right, key="code", tolerance_m=0.0051)
    assert "0.005 m apart" in message(left, right, tolerance_m=0.0049)


@given(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.integers(0, 3))
@settings(deadline=None)
def test_every_vertex_may_move_within_the_tolerance(east, north, start):
    """Also where the rounding changes at which vertex a normalized ring begins."""
    ring = list(shapely.box(119, 36, 119.2, 36.2).exterior.coords)[:-1]
    moved = [
        (x + east / 90_000 * sign, y + north / 111_000 * sign)
        for (x, y), sign in zip(ring, (1, -1, 1, -1), strict=True)
    ]
    other = shapely.Polygon((moved[start:] + moved[:start])[::-1])
    assert_features_equal(frame([shapely.Polygon(ring)]), frame([other]), key="code", tolerance_m=0.6)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (SHAPES[1], SHAPES[1].reverse(), "line runs the other way"),
        (SHAPES[1], SHAPES[0], "geometry is a LineString and a Point"),
        (SHAPES[1], None, "geometry only on the left side"),
        (shapely.Polygon(), SHAPES[2], "geometry only on the right side"),
        (SHAPES[3], SHAPES[2], "geometry has 2 and 1 parts"),
        (HOLED, shapely.Polygon(HOLED.exterior), "geometry has 1 and 0 holes"),
        (SHAPES[4], SHAPES[0], "geometry has heights only on the left side"),
        (SHAPES[4], shapely.Point(119, 36, 25.6), "geometry lies up to 0.100 m apart"),
        (SHAPES[1], shapely.LineString(SHAPES[1].coords[:2]), "geometry has 3 and 2 vertices"),
        (SHAPES[2], shapely.GeometryCollection([SHAPES[2]]), "geometry is a Polygon and a GeometryCollection"),
    ],
)
def test_what_is_said_of_geometry(one, other, said):
    assert message(frame([one]), frame([other])) == f"features differ, 1 difference:\n  F0: {said}"


def test_polygon_heights_are_compared():
    high = shapely.Polygon([(119, 36, 1), (119.1, 36, 1), (119.1, 36.1, 1)])
    higher = shapely.Polygon([(119, 36, 1), (119.1, 36, 1), (119.1, 36.1, 9)])
    assert "8.000 m apart" in message(frame([high]), frame([higher]), tolerance_m=1)
    assert_features_equal(frame([high]), frame([high.reverse()]), key="code")


def test_kinds_of_nothing_are_one():
    left = frame(SHAPES[:4], a=[None, np.nan, pd.NaT, pd.NA], b=pd.array([1, None, 3, None], dtype="Int64"))
    right = frame(SHAPES[:4], a=pd.Series([np.nan] * 4), b=[1.0, np.nan, 3.0, np.nan])
    assert_features_equal(left, right, key="code")


@pytest.mark.parametrize(
    ("one", "other"),
    [("青州", "青洲"), ("", None), (5, "5"), (1.0, 1.0000001), (dt.date(2022, 1, 1), "2022-01-01"), (None, 0)],
)
def test_attributes_are_exact(one, other):
    left = frame(SHAPES[:2], name=pd.Series([one, "same"], dtype=object))
    right = frame(SHAPES[:2], name=pd.Series([other, "same"], dtype=object))
    assert message(left, right) == f"features differ, 1 difference:\n  F0: name is {one!r} and {other!r}"


def test_columns():
    left, right = frame(name="x", extra=1), frame(name="y")
    said = message(left, right, shown=50)
    assert "the right side has no column 'extra'" in said
    assert said.count("name is 'x' and 'y'") == len(SHAPES)
    assert_features_equal(left, right, key="code", columns=[])
    assert "no column 'nothing'" in message(left, right, columns=["nothing"])


def test_missing_features_and_a_long_list():
    said = message(frame(), frame(SHAPES[:2]), shown=2)
    assert said.splitlines() == [
        "features differ, 4 differences:",
        "  F2: only on the left side",
        "  F3: only on the left side",
        "  … and 2 more",
    ]
    assert "F2: only on the right side" in message(frame(SHAPES[:2]), frame(SHAPES[:3]))


def test_what_cannot_be_compared():
    assert "EPSG:4490 and EPSG:4326" in message(frame(), frame(crs=4326))
    assert "none and none" in message(frame(crs=None), frame(crs=None))
    assert "right side has no column 'code'" in message(frame(), frame().rename(columns={"code": "c"}))
    assert "left side has code 'F0' more than once" in message(frame().assign(code="F0"), frame())
    assert "left side has rows without a code" in message(frame().assign(code=[None, *"abcde"]), frame())


def test_no_features_are_equal():
    assert_features_equal(frame([]), frame([]), key="code")
    with pytest.raises(AssertionError):
        assert_features_equal(frame([]), frame(SHAPES[:1]), key="code")


def test_many_points_are_quick():
    rng = np.random.default_rng(5)
    points = shapely.points(rng.uniform([118, 35], [120, 37], (50_000, 2)))
    left = frame(points, name="x", rank=3)
    begin = time.perf_counter()
    assert_features_equal(left, left.sample(frac=1, random_state=1), key="code", tolerance_m=0.001)
    assert time.perf_counter() - begin < 5
