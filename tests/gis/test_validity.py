"""A zoo of geometries, each with the flaws that it has and what repair makes of it."""

import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.validity import find_flaws, repair

NAN, INF = float("nan"), float("inf")
SQUARE = [(119.0, 36.0), (119.1, 36.0), (119.1, 36.1), (119.0, 36.1), (119.0, 36.0)]
BOW_TIE = shapely.Polygon([(119.0, 36.0), (119.1, 36.1), (119.1, 36.0), (119.0, 36.1)])


def line(*coordinates):
    with np.errstate(invalid="ignore"):
        return shapely.LineString(coordinates)


def ring_of(*bounds):
    return shapely.box(*bounds).exterior


# name → geometry, flaws (without information), what repair does, what is left after it
ZOO = {
    "none": (None, ["geometry-missing"], [], ["geometry-missing"]),
    "empty-point": (shapely.Point(), ["geometry-empty"], [], ["geometry-empty"]),
    "empty-polygon": (shapely.Polygon(), ["geometry-empty"], [], ["geometry-empty"]),
    "empty-collection": (shapely.GeometryCollection(), ["geometry-empty"], [], ["geometry-empty"]),
    "point": (shapely.Point(119, 36), [], [], []),
    "square": (shapely.Polygon(SQUARE), [], [], []),
    "clockwise": (shapely.Polygon(SQUARE[::-1]), [], [], []),
    "hole-turning-with-its-shell": (
        shapely.Polygon(SQUARE, [[(119.02, 36.02), (119.04, 36.02), (119.04, 36.04), (119.02, 36.02)]]), [], [], [],
    ),
    "bow-tie": (BOW_TIE, ["ring-crosses-itself"], ["repaired-polygon"], []),
    "bow-tie-in-a-multipolygon": (
        shapely.MultiPolygon([BOW_TIE, shapely.box(118, 36, 118.1, 36.1)]),
        ["ring-crosses-itself"], ["repaired-polygon"], [],
    ),
    "figure-eight": (
        shapely.Polygon([(119, 36), (119.1, 36), (119.05, 36.05), (119.1, 36.1), (119, 36.1), (119.05, 36.05)]),
        ["ring-touches-itself"], ["repaired-polygon"], [],
    ),
    "hole-outside": (
        shapely.Polygon(SQUARE, [[(119.2, 36.2), (119.3, 36.2), (119.3, 36.3)]]),
        ["hole-outside-shell"], ["repaired-polygon"], [],
    ),
    "nested-holes": (
        shapely.Polygon(SQUARE, [ring_of(119.02, 36.02, 119.08, 36.08), ring_of(119.04, 36.04, 119.06, 36.06)]),
        ["holes-nested"], ["repaired-polygon"], [],
    ),
    "nested-parts": (
        shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.box(119.02, 36.02, 119.04, 36.04)]),
        ["shells-nested"], ["repaired-polygon"], [],
    ),
    "collapsed-polygon": (
        shapely.Polygon([(119, 36), (119.1, 36.1), (119, 36), (119, 36)]), ["too-few-points", "vertices-repeated"],
        ["repaired-vertices"], ["too-few-points"],
    ),
    "one-point-over-and-over": (
        shapely.Polygon([(119, 36)] * 4), ["too-few-points"], [], ["too-few-points"],
    ),
    "line-without-length": (
        shapely.LineString([(119, 36), (119, 36)]), ["too-few-points"], [], ["too-few-points"],
    ),
    "repeated-vertices": (
        shapely.LineString([(119, 36), (119, 36), (119.1, 36)]), ["vertices-repeated"], ["repaired-vertices"], [],
    ),
    "repeated-vertices-in-a-ring": (
        shapely.Polygon([SQUARE[0], *SQUARE]), ["vertices-repeated"], ["repaired-vertices"], [],
    ),
    "crossing-line": (line((119, 36), (119.1, 36.1), (119.1, 36), (119, 36.1)), [], [], []),
    "nan": (line((119, 36), (NAN, 36)), ["coordinate-not-finite"], [], ["coordinate-not-finite"]),
    "infinite": (line((119, 36), (119, INF)), ["coordinate-not-finite"], [], ["coordinate-not-finite"]),
    "far-out": (shapely.Point(1e300, 36), ["outside-world"], [], ["outside-world"]),
    "metres": (shapely.Point(419585.3, 4064705.8), ["outside-world"], [], ["outside-world"]),
    "swapped-point": (shapely.Point(36, 119), ["axes-swapped"], ["repaired-axes"], []),
    "swapped-square": (
        shapely.Polygon([(y, x) for x, y in SQUARE]), ["axes-swapped"], ["repaired-axes"], [],
    ),
    "swapped-bow-tie": (
        shapely.transform(BOW_TIE, lambda xy: xy[:, ::-1]), ["axes-swapped", "ring-crosses-itself"],
        ["repaired-axes", "repaired-polygon"], [],
    ),
    "antimeridian": (shapely.LineString([(179.9, 36), (-179.9, 36)]), [], [], []),
    "with-heights": (shapely.LineString([(119, 36, 10), (119.1, 36, 20)]), [], [], []),
    "swapped-with-heights": (shapely.Point(36, 119, 55), ["axes-swapped"], ["repaired-axes"], []),
    "collection": (shapely.GeometryCollection([shapely.Point(119, 36), shapely.Polygon(SQUARE)]), [], [], []),
}  # fmt: skip


def frame_of(*geometries, crs=4490, **columns):
    index = [f"row {number}" for number in range(len(geometries))]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(list(geometries), index=index, crs=crs), index=index)


def rules(findings):
    return [finding.rule for finding in findings if finding.severity != "info"]


@pytest.mark.parametrize("name", ZOO)
def test_flaws_of_the_zoo(name):
    geometry, flaws, _, _ = ZOO[name]
    findings = find_flaws(frame_of(geometry))
    assert rules(findings) == flaws
    assert all(finding.where == "row 0" and finding.message for finding in findings if finding.severity != "info")


@pytest.mark.parametrize("name", ZOO)
def test_repair_of_the_zoo(name):
    geometry, _, done, left = ZOO[name]
    frame = frame_of(geometry)
    repaired, findings = repair(frame)
    assert rules(findings) == done + left
    after = repaired.geometry.iloc[0]
    if not done:
        assert after is geometry or shapely.equals_identical(after, geometry) or name in ("nan", "infinite")
    if done and not left:
        assert after.is_valid
        assert shapely.get_dimensions(after) == shapely.get_dimensions(geometry)
    assert frame.geometry.iloc[0] is geometry or shapely.equals_exact(frame.geometry.iloc[0], geometry)


def test_repair_keeps_ground_index_and_columns():
    frame = frame_of(BOW_TIE, None, shapely.Point(36, 119, 55), code=["a", "b", "c"]).rename_geometry("geom")
    repaired, findings = repair(frame, key="code")
    assert repaired.index.tolist() == frame.index.tolist()
    assert repaired.columns.tolist() == frame.columns.tolist()
    assert repaired.crs == frame.crs
    assert repaired.geom["row 0"].area == pytest.approx(0.005)  # two triangles of 0.1 by 0.05
    assert repaired.geom["row 2"].coords[0] == (119, 36, 55)
    assert [(finding.where, finding.rule) for finding in findings] == [
        ("c", "repaired-axes"),
        ("a", "repaired-polygon"),
        ("b", "geometry-missing"),
        ("", "has-z"),
    ]
    assert frame.geom["row 0"] == BOW_TIE


def test_where_and_what():
    findings = find_flaws(frame_of(BOW_TIE, shapely.Point(200, 36), crs=None))
    assert [finding.message for finding in findings] == [
        "A ring crosses itself at 119.05, 36.05.",
        "Coordinates lie outside longitude ±180 and latitude ±90, first at 200.0, 36.0.",
    ]


def test_plane_coordinates_have_no_range():
    plane = frame_of(shapely.Point(419585.3, 4064705.8), shapely.Point(36, 119), crs=4549)
    assert find_flaws(plane) == []
    assert repair(plane)[1] == []


def test_heights_and_measures_are_told_once():
    frame = frame_of(
        shapely.Point(119, 36, 1),
        shapely.Point(119, 36, 2),
        shapely.from_wkt("POINT M (119 36 5)"),
        shapely.Point(119, 36),
    )
    assert [(f.rule, f.severity, f.params["count"]) for f in find_flaws(frame)] == [
        ("has-z", "info", 2),
        ("has-m", "info", 1),
    ]


def test_nothing_is_nothing():
    frame = frame_of()
    assert find_flaws(frame) == []
    repaired, findings = repair(frame)
    assert (len(repaired), findings) == (0, [])


def test_the_whole_zoo_at_once_without_a_warning():
    geometries = [geometry for geometry, *_ in ZOO.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        findings = find_flaws(frame_of(*geometries))
        repair(frame_of(*geometries))
    expected = [(f"row {row}", rule) for row, (_, flaws, _, _) in enumerate(ZOO.values()) for rule in flaws]
    assert [(f.where, f.rule) for f in findings if f.severity != "info"] == expected


@given(st.lists(st.tuples(st.floats(118, 120), st.floats(35, 37)), min_size=3, max_size=8))
@example([(118.0, 35.0), (119.0, 35.0), (119.0, 36.0), (118.0, 35.0), (118.0, 36.0), (119.0, 36.0)])
@settings(deadline=None)
def test_repair_is_final(points):
    """What repair leaves, a second repair leaves as it is, and a polygon that it rebuilt has no flaw."""
    repaired, findings = repair(frame_of(shapely.Polygon(points)))
    again, second = repair(repaired)
    assert again.geometry.iloc[0].equals_exact(repaired.geometry.iloc[0], 0)
    assert not [finding for finding in second if finding.rule.startswith("repaired")]
    if "repaired-polygon" in rules(findings):
        assert find_flaws(repaired) == []
