"""Borders and tripoints: the real counties of two surveys, and coverages made up by chance."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import topology
from gis.measure import length_m

ROOT = Path(__file__).parents[2]
TIANDITU = ROOT / "layers/reference/data/counties_tianditu.geojson"
AMAP = ROOT / "tests/data/counties_amap/counties.geojson"


def counties(path):
    # the files declare 4326; what they hold is CGCS2000
    return gpd.read_file(path).set_crs(4490, allow_override=True)


@pytest.mark.parametrize(
    ("path", "inner_km", "outer_km", "where"),
    [
        (TIANDITU, 956.27, 729.98, (118.235720, 36.414324)),
        (AMAP, 1091.28, 827.61, (118.235660, 36.414334)),
    ],
    ids=["tianditu", "amap"],
)
def test_real_counties(path, inner_km, outer_km, where):
    frame = counties(path)
    borders = topology.shared_borders(frame, "adcode")
    sides = borders["left"].str.startswith("3707").astype(int) + borders["right"].str.startswith("3707").astype(int)
    lengths = length_m(borders.geometry) / 1000
    assert [(sides == 2).sum(), (sides == 1).sum()] == [25, 17]
    assert lengths[sides == 2].sum() == pytest.approx(inner_km, abs=0.005)
    assert lengths[sides == 1].sum() == pytest.approx(outer_km, abs=0.005)
    assert not borders[sides > 0].duplicated(["left", "right"]).any()  # each one continuous line

    points = topology.tripoints(frame, "adcode")
    inside = points["owners"].map(lambda owners: sum(code.startswith("3707") for code in owners))
    assert [(inside == 3).sum(), ((inside > 0) & (inside < 3)).sum()] == [14, 16]
    assert points["owners"].map(len).max() == 3
    meeting = points[points["owners"] == ("370302", "370724", "370781")].geometry.item()
    assert (meeting.x, meeting.y) == pytest.approx(where, abs=5e-7)

    ends = topology.loose_ends(borders[sides > 0], points)
    assert sorted(zip(ends["left"], ends["right"], strict=True)) == [
        ("370523", "370783"),
        ("370683", "370786"),
        ("370703", "370783"),
        ("370703", "370786"),
    ]
    assert topology.gaps_and_overlaps(frame, "adcode") == []


def test_plane_lengths_of_the_other_survey():
    """1,091.4 and 827.7 km are published for it: lengths on the plane of EPSG:4528."""
    borders = topology.shared_borders(counties(AMAP), "adcode").to_crs(4528)
    sides = borders["left"].str.startswith("3707").astype(int) + borders["right"].str.startswith("3707").astype(int)
    assert borders[sides == 2].length.sum() / 1000 == pytest.approx(1091.4, abs=0.05)
    assert borders[sides == 1].length.sum() / 1000 == pytest.approx(827.7, abs=0.05)


def grid(rows, columns):
    """Cells of a tenth of a degree, named by row and column."""
    x, y = np.round(118 + np.arange(columns + 1) * 0.1, 6), np.round(36 + np.arange(rows + 1) * 0.1, 6)
    places = [(row, column) for row in range(rows) for column in range(columns)]
    cells = [shapely.box(x[column], y[row], x[column + 1], y[row + 1]) for row, column in places]
    return gpd.GeoDataFrame({"code": [f"{row:02d}{column:02d}" for row, column in places]}, geometry=cells, crs=4490)


def degrees(frame):
    """Length in degrees, for comparisons within one frame."""
    return shapely.length(frame.geometry.to_numpy()).sum()


@st.composite
def mosaics(draw):
    """Voronoi cells in a square, some of them joined into owners of several cells, possibly apart from each other."""
    count = draw(st.integers(4, 25))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    seeds = shapely.multipoints(np.stack([rng.uniform(118, 119, count), rng.uniform(36, 37, count)], axis=1))
    box = shapely.box(117.9, 35.9, 119.1, 37.1)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box))
    names = rng.integers(0, draw(st.integers(2, count)), len(cells))
    owners = np.unique(names)
    shapes = [shapely.coverage_union_all(cells[names == owner]) for owner in owners]
    return gpd.GeoDataFrame({"code": [f"{owner:03d}" for owner in owners]}, geometry=shapes, crs=4490)


@given(mosaics())
@settings(max_examples=60, deadline=None)
def test_every_shared_border_once(frame):
    borders = topology.shared_borders(frame)
    shapes = dict(zip(frame["code"], frame.geometry, strict=True))
    assert (borders["left"] < borders["right"]).all()
    assert borders.geom_type.eq("LineString").all()
    # half of the sum of the inner perimeters, i.e. of all rings less those of the whole
    whole = shapely.coverage_union_all(frame.geometry.to_numpy()).length
    assert 2 * degrees(borders) == pytest.approx(degrees(frame) - whole, rel=1e-9, abs=1e-9)
    for left, right, line in zip(borders["left"], borders["right"], borders.geometry, strict=True):
        assert shapely.covers(shapes[left].boundary, line)
        assert shapely.covers(shapes[right].boundary, line)
    assert len(set(borders.geometry.normalize().to_wkb())) == len(borders)


@given(mosaics(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_and_turn_of_polygons_do_not_matter(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    turned = frame.iloc[order].set_geometry(frame.geometry.iloc[order].reverse())
    for function in (topology.shared_borders, topology.tripoints):
        one, other = function(frame), function(turned)
        assert one.geometry.to_wkb().tolist() == other.geometry.to_wkb().tolist()
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))


@given(mosaics())
@settings(max_examples=60, deadline=None)
def test_the_left_owner_lies_on_the_left(frame):
    shapes = dict(zip(frame["code"], frame.geometry, strict=True))
    borders = topology.shared_borders(frame)
    for left, right, line in zip(borders["left"], borders["right"], borders.geometry, strict=True):
        (x0, y0), (x1, y1) = line.coords[0], line.coords[1]
        middle, across = np.array([(x0 + x1) / 2, (y0 + y1) / 2]), np.array([y0 - y1, x1 - x0]) * 1e-3
        assert shapes[left].covers(shapely.Point(middle + across))
        assert shapes[right].covers(shapely.Point(middle - across))


@given(mosaics())
@settings(max_examples=60, deadline=None)
def test_tripoints_are_where_three_meet(frame):
    points = topology.tripoints(frame)
    for owners, point in zip(points["owners"], points.geometry, strict=True):
        touching = frame.loc[frame.geometry.intersects(point), "code"]
        assert sorted(touching) == list(owners)
    everything = frame.geometry.get_coordinates().drop_duplicates()
    at = shapely.STRtree(frame.geometry.to_numpy()).query(shapely.points(everything.to_numpy()), predicate="intersects")
    assert np.count_nonzero(np.bincount(at[0]) >= 3) == len(points)


def test_four_meet_in_a_grid():
    frame = grid(2, 2)
    points = topology.tripoints(frame)
    assert points["owners"].tolist() == [("0000", "0001", "0100", "0101")]
    assert points[["a", "b", "c"]].iloc[0].tolist() == ["0000", "0001", "0100"]
    assert len(topology.shared_borders(frame)) == 4


def test_an_island_has_a_closed_border_and_no_ends():
    outer, inner = shapely.box(118, 36, 119, 37), shapely.box(118.4, 36.4, 118.6, 36.6)
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[outer.difference(inner), inner], crs=4490)
    borders = topology.shared_borders(frame)
    assert borders.geometry.is_closed.tolist() == [True]
    assert degrees(borders) == pytest.approx(inner.length)
    assert topology.loose_ends(borders, topology.tripoints(frame)).empty


def test_borders_with_exchanged_sides_are_not_joined():
    """Round one point lie a, b, c, a, b, d: both borders of a and b end there, each with a on its other side."""
    angles = np.radians(np.arange(7) * 60)
    rim = [(119 + np.cos(angle) / 10, 36 + np.sin(angle) / 10) for angle in angles[:6]]
    wedges = [shapely.Polygon([(119, 36), rim[place], rim[(place + 1) % 6]]) for place in range(6)]
    frame = gpd.GeoDataFrame({"code": list("abcabd")}, geometry=wedges, crs=4490)
    borders = topology.shared_borders(frame)
    between = borders[(borders["left"] == "a") & (borders["right"] == "b")]
    assert len(between) == 2
    ends = sorted((line.coords[0] == (119, 36), line.coords[-1] == (119, 36)) for line in between.geometry)
    assert ends in ([(True, False)] * 2, [(False, True)] * 2)


def test_two_pieces_of_one_pair_stay_two():
    """b lies between two arms of a."""
    frame = grid(1, 3)
    frame["code"] = ["a", "b", "a"]
    borders = topology.shared_borders(frame)
    assert borders[["left", "right"]].to_numpy().tolist() == [["a", "b"], ["a", "b"]]
    assert len(topology.loose_ends(borders, topology.tripoints(frame))) == 4


@pytest.mark.parametrize(
    "shapes", [[], [None], [shapely.Polygon()], [shapely.box(0, 0, 1, 1), None, shapely.Polygon()]]
)
def test_nothing_to_share(shapes):
    frame = gpd.GeoDataFrame({"code": list(map(str, range(len(shapes))))}, geometry=gpd.GeoSeries(shapes, crs=4490))
    borders, points = topology.shared_borders(frame), topology.tripoints(frame)
    assert list(borders.columns) == ["left", "right", "geometry"]
    assert list(points.columns) == ["a", "b", "c", "owners", "geometry"]
    assert borders.empty
    assert points.empty
    assert borders.crs == points.crs == frame.crs
    assert topology.gaps_and_overlaps(frame) == []


def test_negative_zero_is_the_same_vertex():
    west, east = shapely.box(-1, 0, -0.0, 1), shapely.box(0.0, -0.0, 1, 1)
    frame = gpd.GeoDataFrame({"code": ["w", "e"]}, geometry=[west, east])
    assert topology.shared_borders(frame).length.sum() == 1.0


def test_polygons_over_each_other_have_no_borders():
    cell = shapely.box(118, 36, 119, 37)
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[cell, cell], crs=4490)
    with pytest.raises(topology.BrokenCoverage, match="a / b"):
        topology.shared_borders(frame)


@given(st.integers(0, 8), st.floats(0.001, 0.09))
@settings(max_examples=30, deadline=None)
def test_a_cut_gap_and_a_grown_cell_are_found(cell, size):
    frame = grid(3, 3)
    assert topology.gaps_and_overlaps(frame) == []
    shapes = frame.geometry.tolist()
    centre = shapes[4].centroid
    gap = shapely.box(centre.x - size / 2, centre.y - size / 2, centre.x + size / 2, centre.y + size / 2)
    shapes[4] = shapes[4].difference(gap)
    findings = topology.gaps_and_overlaps(frame.set_geometry(gpd.GeoSeries(shapes, crs=4490)))
    assert [(finding.rule, finding.where, finding.severity) for finding in findings] == [
        ("coverage-gap", "0101", "warning")
    ]
    assert findings[0].params["area_m2"] > 0
    assert gap.contains(shapely.Point(findings[0].params["x"], findings[0].params["y"]))

    shapes = frame.geometry.tolist()
    shapes[cell] = shapes[cell].buffer(size, join_style="mitre")
    findings = topology.gaps_and_overlaps(frame.set_geometry(gpd.GeoSeries(shapes, crs=4490)))
    assert {finding.rule for finding in findings} == {"coverage-overlap"}
    overlapped = {finding.where for finding in findings if finding.rule == "coverage-overlap"}
    grown = frame["code"][cell]
    touching = set(frame["code"][frame.geometry.touches(frame.geometry[cell])])
    assert overlapped == {" / ".join(sorted((grown, other))) for other in touching}


def test_a_gap_between_neighbours_names_them():
    frame = grid(3, 3)
    shapes = frame.geometry.tolist()
    edge = shapes[4].bounds[2]
    sliver = shapely.box(edge - 1e-4, shapes[4].centroid.y - 0.01, edge, shapes[4].centroid.y + 0.01)
    shapes[4] = shapes[4].difference(sliver)
    findings = topology.gaps_and_overlaps(frame.set_geometry(gpd.GeoSeries(shapes, crs=4490)))
    assert ("coverage-gap", "0101 / 0102") in [(finding.rule, finding.where) for finding in findings]
    assert "m² between 0101 / 0102" in findings[0].message


def test_a_border_with_vertices_on_one_side_only_is_found():
    frame = grid(1, 2)
    shapes = frame.geometry.tolist()
    # an added vertex half way along the common edge of the western cell
    edge = shapes[0].bounds[2]
    west = shapely.Polygon([(118, 36), (edge, 36), (edge, 36.05), (edge, 36.1), (118, 36.1)])
    findings = topology.gaps_and_overlaps(frame.set_geometry(gpd.GeoSeries([west, shapes[1]], crs=4490)))
    assert [(finding.rule, finding.where) for finding in findings] == [("border-vertices-differ", "0000 / 0001")]
    assert findings[0].params["edges"] == 3


def test_small_areas_are_rounding():
    frame = grid(1, 2)
    shapes = frame.geometry.tolist()
    shapes[0] = shapes[0].buffer(1e-7, join_style="mitre")
    frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=4490))
    rules = [finding.rule for finding in topology.gaps_and_overlaps(frame, min_area_m2=1e4)]
    assert "coverage-overlap" not in rules
    assert "coverage-overlap" in [finding.rule for finding in topology.gaps_and_overlaps(frame)]
