"""Coordinate systems: zones, prefixes, refusals, the unit square, GCJ-02 suspicion."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis import crs
from gis.errors import Invalid

LONGITUDES = st.floats(73.5, 136.4999)
EAST, NORTH = 419585.333, 4064705.797  # the published check value of 119.10°E 36.71°N


def test_check_value_and_axis_order():
    east, north = crs.project([119.10], [36.71], 4549)
    assert east[0] == pytest.approx(EAST, abs=5e-4)
    assert north[0] == pytest.approx(NORTH, abs=5e-4)
    assert crs.project(119.10, 36.71, 4528)[0] == pytest.approx(40_000_000 + EAST, abs=5e-4)


@given(LONGITUDES, st.floats(15.0, 54.0))
@settings(deadline=None)
def test_project_and_back(lon, lat):
    back = crs.unproject(*crs.project(lon, lat, crs.fitting_zone(lon)), crs.fitting_zone(lon))
    assert back[0] == pytest.approx(lon, abs=1e-10)
    assert back[1] == pytest.approx(lat, abs=1e-10)


@pytest.mark.parametrize(
    ("epsg", "meridian", "prefix"),
    [(4490, None, None), (4527, 117, 39), (4528, 120, 40), (4548, 117, None), (4549, 120, None)],
)
def test_family_agrees_with_the_domain(epsg, meridian, prefix):
    assert crs.FAMILY[epsg] == crs.System(epsg, meridian, prefix)


def test_family_agrees_with_proj():
    for epsg, system in crs.FAMILY.items():
        operation = pyproj.CRS.from_epsg(epsg).coordinate_operation
        if operation is None:
            assert epsg == crs.STORAGE
            continue
        values = {param.name: param.value for param in operation.params}
        assert values["Longitude of natural origin"] == system.central_meridian
        assert values["False easting"] == (system.prefix or 0) * 1e6 + crs.FALSE_EASTING_M
    assert len(crs.FAMILY) == 43


def test_fitting_zone_changes_at_the_boundary_meridian():
    zones = crs.fitting_zone(np.array([115.5, 118.49999, 118.5, 121.49999, 121.5]))
    assert zones.tolist() == [4548, 4548, 4549, 4549, 4550]
    assert crs.fitting_zone(118.2) == 4548
    assert crs.fitting_zone(np.empty((0,))).shape == (0,)


@given(LONGITUDES)
@settings(deadline=None)
def test_fitting_zone_is_the_nearest_meridian(lon):
    assert abs(crs.FAMILY[crs.fitting_zone(lon)].central_meridian - lon) <= 1.5


@pytest.mark.parametrize("lon", [36.7, 73.4, 136.5, 181.0, np.nan, np.inf, -np.inf])
def test_no_zone_outside_china(lon):
    with pytest.raises(crs.OutsideZones):
        crs.fitting_zone(lon)


def test_prefix_is_seen_from_the_easting():
    assert crs.prefix_zone([40_419_585.3, 40_500_000.0]) == 40
    assert crs.prefix_zone([39_610_000.0, np.nan]) == 39
    assert crs.prefix_zone([419_585.3, 610_000.0]) is None


@pytest.mark.parametrize(
    "eastings",
    [
        [],
        [np.nan],
        [419_585.3, 40_419_585.3],
        [39_500_000.0, 40_500_000.0],
        [119.1],
        [4_064_705.8],
        [13_258_000.0],
        [40_999_999.0],
        [-500_000.0],
    ],
)
def test_ambiguous_eastings_are_refused(eastings):
    with pytest.raises(crs.AmbiguousEastings) as caught:
        crs.prefix_zone(eastings)
    assert "eastings" in caught.value.message


def test_same_crs_passes_in_every_spelling():
    frame = gpd.GeoSeries([shapely.Point(119, 36)], crs=4490)
    assert crs.require_same_crs(frame, 4490, "EPSG:4490", pyproj.CRS(4490), frame.to_frame("geom")).to_epsg() == 4490


@pytest.mark.parametrize("other", [4326, 4549, None])
def test_different_crs_is_refused_always(other):
    frame = gpd.GeoSeries([shapely.Point(119, 36)], crs=4490)
    for pair in ((frame, gpd.GeoSeries([], crs=other)), (gpd.GeoSeries([], crs=other), frame)):
        with pytest.raises(crs.CrsMismatch) as caught:
            crs.require_same_crs(*pair)
        assert "EPSG:4490" in caught.value.message
        assert isinstance(caught.value, Invalid)


def test_two_without_crs_are_not_the_same():
    with pytest.raises(crs.CrsMismatch, match="none and none"):
        crs.require_same_crs(gpd.GeoSeries([]), gpd.GeoSeries([]))


def test_what_is_no_crs_is_unknown():
    with pytest.raises(crs.UnknownCrs):
        crs.require_same_crs("no such thing", 4490)
    with pytest.raises(crs.UnknownCrs):
        crs.transformer(4490, 1)


def test_transformers_are_made_once():
    assert crs.transformer(4490, 4549) is crs.transformer(4490, 4549)


def test_mercator_agrees_with_proj():
    lon, lat = np.array([119.1, -180.0, 0.0]), np.array([36.71, 60.0, -85.0])
    x, y = crs.to_mercator(lon, lat)
    size = 2 * np.pi * 6378137.0
    metres = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    np.testing.assert_allclose((x - 0.5) * size, metres[0], atol=1e-6)
    np.testing.assert_allclose((0.5 - y) * size, metres[1], atol=1e-6)


def test_mercator_corners():
    assert [float(v) for v in crs.to_mercator(-180.0, 90.0)] == [0.0, 0.0]
    x, y = crs.to_mercator(180.0, -90.0)
    assert (float(x), float(y)) == (1.0, 1.0)


@given(st.floats(-180, 180), st.floats(-85, 85))
@settings(deadline=None)
def test_mercator_round_trip(lon, lat):
    x, y = crs.to_mercator(lon, lat)
    assert 0 <= x <= 1
    assert 0 <= y <= 1
    back = crs.from_mercator(x, y)
    assert back[0] == pytest.approx(lon, abs=1e-9)
    assert back[1] == pytest.approx(lat, abs=1e-9)


@pytest.fixture
def villages():
    """Points of a grid and the small square that each belongs to (about 2 by 2 km)."""
    lon, lat = (value.ravel() for value in np.meshgrid(np.arange(118.5, 119.5, 0.05), np.arange(36.0, 37.0, 0.05)))
    rng = np.random.default_rng(7)
    points = shapely.points(lon + rng.uniform(-0.0105, 0.0105, len(lon)), lat + rng.uniform(-0.009, 0.009, len(lon)))
    return gpd.GeoSeries(points, crs=4490), shapely.box(lon - 0.011, lat - 0.009, lon + 0.011, lat + 0.009)


def shifted(points, east_m, north_m):
    return points.translate(east_m / 89_300, north_m / 110_980)


def test_gcj02_is_suspected_beside_polygons(villages):
    points, squares = villages
    finding = crs.suspect_gcj02(shifted(points, 533, 57), squares, where="points.shp")
    assert (finding.rule, finding.severity, finding.where) == ("likely-gcj02", "warning", "points.shp")
    assert finding.params["count"] >= 60


@pytest.mark.parametrize("shift", [(0, 0), (-533, -57), (57, -533), (-57, 533), (3000, 300), (1066, 114)])
def test_other_displacements_are_not_gcj02(villages, shift):
    points, squares = villages
    assert crs.suspect_gcj02(shifted(points, *shift), squares) is None
    assert crs.suspect_gcj02(shifted(points, *shift), points) is None


@pytest.mark.parametrize("east_m", [100, 900])
def test_points_in_a_row_beside_their_polygons_are_not_gcj02(villages, east_m):
    """Undoing the shift brings them all inside, and so does undoing half of it, or half as much again."""
    _, squares = villages
    bounds = shapely.bounds(squares)
    edge = gpd.GeoSeries(shapely.points(bounds[:, 2], (bounds[:, 1] + bounds[:, 3]) / 2), crs=4490)
    assert crs.suspect_gcj02(shifted(edge, east_m - 600, 0), squares) is None


def test_gcj02_is_suspected_beside_reference_points(villages):
    points, _ = villages
    assert crs.suspect_gcj02(shifted(points, 560, 20), points).params["total"] == 400
    references = points.copy()
    references.iloc[3:] = None
    assert crs.suspect_gcj02(shifted(points, 533, 57), references).params["count"] == 3
    references.iloc[2:] = None
    assert crs.suspect_gcj02(shifted(points, 533, 57), references) is None
