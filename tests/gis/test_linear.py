"""Chainage along a line: round trips, pieces that add up, and a plane that knows the answer."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import linear
from gis.crs import project
from gis.errors import Invalid
from gis.measure import NotGeographic, distance_m, length_m

LINE = shapely.LineString([(119.0, 36.5), (119.1, 36.5), (119.1, 36.6)])

with np.errstate(invalid="ignore"):
    NOWHERE = shapely.LineString([(119.0, 36.0), (np.nan, 36.0)])


@st.composite
def lines(draw):
    """A line that goes east all the time, so that no place on it is doubled; segments of 1 m to 30 km."""
    steps = draw(st.lists(st.tuples(st.floats(1e-5, 0.3), st.floats(-0.2, 0.2)), min_size=1, max_size=12))
    start = draw(st.tuples(st.floats(110, 120), st.floats(25, 45)))
    return shapely.LineString(np.cumsum([start, *steps], axis=0))


SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(lines(), SHARES)
@settings(deadline=None)
def test_point_at_and_back(line, shares):
    along = np.array(shares) * length_m(line)
    points = linear.point_at(line, along)
    located = linear.locate(line, points)
    np.testing.assert_allclose(located.chainage_m, along, atol=1e-5)
    np.testing.assert_allclose(located.offset_m, 0, atol=1e-5)


@given(lines(), SHARES)
@settings(deadline=None)
def test_pieces_add_up(line, shares):
    cuts = np.array(shares) * length_m(line)
    pieces = linear.split(line, cuts)
    # pieces follow the straight line in degrees, longer than the geodesic between its ends: up to 2e-6 here
    assert sum(length_m(piece) for piece in pieces) == pytest.approx(length_m(line), rel=2e-6, abs=0.05)
    assert pieces[0].coords[0] == line.coords[0]
    assert pieces[-1].coords[-1] == line.coords[-1]
    for one, other in itertools.pairwise(pieces):
        assert one.coords[-1] == other.coords[0]
    inside = np.unique(cuts)
    inside = inside[(inside > 1e-3) & (inside < length_m(line) - 1e-3)]
    assert len(pieces) == len(inside) + 1
    assert set(line.coords) <= {point for piece in pieces for point in piece.coords}


@given(lines(), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)
def test_substring_has_the_length_between(line, one, other):
    start, end = sorted((one * length_m(line), other * length_m(line)))
    if end - start < 0.01:
        end = start = 0.0
    if start == end:
        with pytest.raises(linear.NotALine):
            linear.substring(line, start, end)
        return
    piece = linear.substring(line, start, end)
    assert length_m(piece) == pytest.approx(end - start, rel=2e-6, abs=0.05)
    assert linear.chainage(line, shapely.Point(piece.coords[0])) == pytest.approx(start, abs=2e-3)
    assert linear.chainage(line, shapely.Point(piece.coords[-1])) == pytest.approx(end, abs=2e-3)


@given(lines(), st.floats(50, 40_000))
@settings(deadline=None, max_examples=50)
def test_stations_keep_their_spacing(line, spacing):
    frame = linear.stations(line, max(spacing, length_m(line) / 200))
    spacing = max(spacing, length_m(line) / 200)
    steps = np.diff(frame["chainage_m"])
    assert steps.max() <= spacing * (1 + 1e-6)
    assert steps.max() - steps.min() <= 1e-6 * length_m(line)
    assert len(frame) == 2 or len(frame) - 2 < length_m(line) / spacing  # no more of them than it takes
    assert frame["serial"].tolist() == list(range(1, len(frame) + 1))
    assert frame.geometry.iloc[0].coords[0] == line.coords[0]
    assert frame.geometry.iloc[-1].coords[0] == line.coords[-1]
    assert frame.crs.to_epsg() == 4490


def test_ends_and_vertices():
    along = linear.vertex_chainages(LINE)
    assert along[0] == 0.0
    assert along[1] == pytest.approx(float(distance_m(119.0, 36.5, 119.1, 36.5)))
    assert along[-1] == pytest.approx(length_m(LINE), abs=1e-9)
    assert [point.coords[0] for point in linear.point_at(LINE, along)] == list(LINE.coords)
    assert linear.point_at(LINE, float(along[1])).coords[0] == (119.1, 36.5)
    assert linear.chainage(LINE, shapely.Point(118, 36.5)) == 0.0
    assert linear.chainage(LINE, shapely.Point(119.1, 37)) == pytest.approx(along[-1], abs=1e-9)


def test_chainage_is_geodesic_along_a_long_segment():
    """Half the degrees are not half the metres on a long segment that climbs: 25 m here."""
    line = shapely.LineString([(118.0, 36.0), (118.5, 36.5)])
    middle = shapely.Point(118.25, 36.25)
    assert linear.chainage(line, middle) == pytest.approx(float(distance_m(118.0, 36.0, 118.25, 36.25)), abs=1e-6)
    assert abs(linear.chainage(line, middle) - length_m(line) / 2) > 10


def test_offsets_agree_with_the_plane():
    rng = np.random.default_rng(3)
    points = np.stack([rng.uniform(118.99, 119.11, 200), rng.uniform(36.49, 36.61, 200)], axis=1)
    located = linear.locate(LINE, shapely.points(points))
    dense = shapely.LineString(np.stack(project(*shapely.get_coordinates(LINE.segmentize(1e-4)).T, 4549), axis=1))
    plane = shapely.points(np.stack(project(points[:, 0], points[:, 1], 4549), axis=1))
    np.testing.assert_allclose(np.abs(located.offset_m), shapely.distance(dense, plane), rtol=2e-3, atol=0.05)
    inside = (points[:, 0] < 119.1) & (points[:, 1] > 36.5)  # left of a line that goes east, then north
    assert (located.offset_m[inside] > 0).all()
    assert (located.offset_m[(points[:, 1] < 36.499) & (points[:, 0] > 119)] < 0).all()


def test_index_of_missing_points_and_shapes():
    points = gpd.GeoSeries([None, shapely.Point(119.1, 36.5), shapely.Point()], crs=4490)
    result = linear.chainage(LINE, points)
    assert result.shape == (3,)
    assert np.isnan(result[[0, 2]]).all()
    assert result[1] == pytest.approx(linear.vertex_chainages(LINE)[1])
    assert linear.chainage(LINE, []).shape == (0,)
    assert isinstance(linear.chainage(LINE, shapely.Point(119.05, 36.5)), float)


@pytest.mark.parametrize("widest_deg", [6.0, 0.0], ids=["tree", "blocks"])
def test_many_points_give_what_few_give(monkeypatch, widest_deg):
    rng = np.random.default_rng(1)
    line = shapely.LineString(np.cumsum(rng.uniform(-0.002, 0.003, (300, 2)), axis=0) + np.array([119, 36.5]))
    points = shapely.points(shapely.get_coordinates(line)[::3] + rng.normal(0, 0.01, (100, 2)))
    whole = linear.locate(line, points)
    monkeypatch.setattr("gis.linear.reference._CELLS", 7)
    monkeypatch.setattr("gis.linear.reference._WIDEST_DEG", widest_deg)
    np.testing.assert_allclose(linear.locate(line, points), whole, atol=1e-9)


def test_the_outside_of_a_sharp_bend_is_one_side():
    """Beyond the tip of a hairpin all that is near lies on the outside, whichever segment is asked."""
    line = shapely.LineString([(119.0, 36.5), (119.01, 36.5), (119.0, 36.501)])
    tip = shapely.points([119.0102, 119.0101, 119.0102], [36.5001, 36.5, 36.4999])
    assert (linear.locate(line, tip).offset_m < 0).all()
    assert linear.locate(line, [shapely.Point(119.005, 36.5001)]).offset_m[0] > 0


def test_repeated_vertices_do_no_harm():
    line = shapely.LineString([(119, 36.5), (119, 36.5), (119.1, 36.5), (119.1, 36.5)])
    assert linear.chainage(line, shapely.Point(119.05, 36.5)) == pytest.approx(length_m(line) / 2, abs=1e-3)
    assert [len(piece.coords) for piece in linear.split(line, [length_m(line) / 2])] == [2, 2]


def test_cuts_at_the_ends_cut_nothing():
    assert linear.split(LINE, [0.0, length_m(LINE)]) == [LINE]
    assert linear.split(LINE, []) == [LINE]
    assert len(linear.split(LINE, [500.0, 500.0])) == 2
    assert linear.substring(LINE, 0.0, length_m(LINE)).equals(LINE)


@pytest.mark.parametrize("chainage", [-0.01, 1e9, np.nan, np.inf])
def test_off_the_line(chainage):
    with pytest.raises(linear.OffTheLine):
        linear.point_at(LINE, chainage)
    with pytest.raises(linear.OffTheLine):
        linear.split(LINE, [chainage])


@pytest.mark.parametrize(
    "line",
    [
        None,
        shapely.Point(1, 1),
        shapely.LineString(),
        shapely.LineString([(119, 36), (119, 36)]),
        NOWHERE,
        shapely.MultiLineString([LINE, LINE]),
    ],
)
def test_what_is_no_line(line):
    for ask in (linear.vertex_chainages, lambda value: linear.locate(value, [shapely.Point(1, 1)])):
        with pytest.raises(linear.NotALine):
            ask(line)


def test_only_points_have_a_chainage():
    with pytest.raises(Invalid, match="LineString"):
        linear.chainage(LINE, [LINE])


def test_plane_points_and_wrong_spacing_are_refused():
    with pytest.raises(NotGeographic):
        linear.chainage(LINE, gpd.GeoSeries([shapely.Point(4e5, 4e6)], crs=4549))
    for spacing in (0, -5, np.nan, np.inf):
        with pytest.raises(Invalid, match="spacing"):
            linear.stations(LINE, spacing)
