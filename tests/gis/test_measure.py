"""Measures on the ellipsoid, beside PROJ's own command and by their properties."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis import measure
from gis.errors import Invalid

LINE = shapely.LineString([(118.2, 36.4), (118.9, 36.4), (118.9, 36.9)])
SQUARE = shapely.box(119.0, 36.0, 119.1, 36.1)
HOLE = shapely.box(119.04, 36.04, 119.06, 36.06)
PLACES = st.tuples(st.floats(110, 125), st.floats(20, 50))


def test_length_is_the_sum_of_geodesics():
    # GRS80 has CGCS2000's axes; geometry_length sums in PROJ itself
    assert measure.length_m(LINE) == pytest.approx(Geod(ellps="GRS80").geometry_length(LINE), abs=1e-6)
    assert measure.length_m(LINE) == pytest.approx(118_279.73, abs=0.01)


def test_one_degree_of_latitude():
    # the textbook series: 111132.954 - 559.849 cos 2φ + 1.175 cos 4φ at 36.5°
    series = 111_132.954 - 559.849 * np.cos(np.radians(73)) + 1.175 * np.cos(np.radians(146))
    assert measure.length_m(shapely.LineString([(119, 36), (119, 37)])) == pytest.approx(series, abs=0.1)


def test_shape_and_index_of_the_result():
    series = gpd.GeoSeries(
        [LINE, None, shapely.Point(1, 1), shapely.LineString()], index=["b", "a", "d", "c"], crs=4490
    )
    result = measure.length_m(series)
    assert result.index.tolist() == ["b", "a", "d", "c"]
    assert np.isnan(result["a"])
    assert result[["d", "c"]].tolist() == [0.0, 0.0]
    assert measure.length_m(np.array([LINE, LINE], dtype=object)).shape == (2,)
    assert measure.length_m([]).shape == (0,)
    assert measure.area_m2(pd.Series([SQUARE], index=[7])).index.tolist() == [7]


def test_parts_add_up():
    several = shapely.MultiLineString([LINE, LINE])
    mixed = shapely.GeometryCollection([several, SQUARE, shapely.Point(0, 0)])
    assert measure.length_m(several) == pytest.approx(2 * measure.length_m(LINE))
    assert measure.length_m(mixed) == pytest.approx(2 * measure.length_m(LINE) + measure.length_m(SQUARE))
    assert measure.area_m2(mixed) == pytest.approx(measure.area_m2(SQUARE))


def test_polygon_length_counts_all_rings():
    holed = SQUARE.difference(HOLE)
    assert measure.length_m(holed) == pytest.approx(measure.length_m(SQUARE) + measure.length_m(HOLE))


def test_area_takes_holes_off_and_ignores_the_turn_of_rings():
    holed = SQUARE.difference(HOLE)
    expected = measure.area_m2(SQUARE) - measure.area_m2(HOLE)
    assert measure.area_m2(holed) == pytest.approx(expected)
    assert measure.area_m2(holed.reverse()) == pytest.approx(expected)
    alike = shapely.Polygon(SQUARE.exterior.coords, [HOLE.exterior.coords])  # both rings turn the same way
    assert measure.area_m2(alike) == pytest.approx(expected)
    assert measure.area_m2(SQUARE) == pytest.approx(abs(Geod(ellps="GRS80").geometry_area_perimeter(SQUARE)[0]))


def test_area_of_two_holed_parts():
    holed = SQUARE.difference(HOLE)
    both = shapely.MultiPolygon([holed, shapely.affinity.translate(holed, 1, 0)])
    assert measure.area_m2(both) == pytest.approx(2 * measure.area_m2(holed))


def test_plane_coordinates_are_refused():
    plane = gpd.GeoSeries([LINE], crs=4490).to_crs(4549)
    with pytest.raises(measure.NotGeographic, match="plane coordinates"):
        measure.length_m(plane)
    with pytest.raises(measure.NotGeographic):
        measure.area_m2(plane)


def test_azimuth_of_the_four_winds():
    azimuth = measure.azimuth_deg(119, 36, [119, 120, 119, 118], [37, 36, 35, 36])
    np.testing.assert_allclose(azimuth, [0, 90, 180, 270], atol=0.5)
    assert np.isnan(measure.azimuth_deg(119, 36, 119, 36))


def test_a_hair_west_of_north_is_north():
    assert measure.azimuth_deg(119, 0, np.nextafter(119.0, 0), 80) == 0.0


@given(PLACES, PLACES)
@settings(deadline=None)
def test_azimuth_range_and_distance_symmetry(one, other):
    azimuth = float(measure.azimuth_deg(*one, *other))
    there, back = float(measure.distance_m(*one, *other)), float(measure.distance_m(*other, *one))
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= azimuth < 360 or there == 0


def test_inputs_are_not_changed():
    lon, lat = np.array([119.0, 119.5]), np.array([36.0, 36.5])
    measure.distance_m(lon, lat, lon + 1, lat)
    measure.azimuth_deg(lon, lat, lon + 1, lat)
    assert lon.tolist() == [119.0, 119.5]
    assert lat.tolist() == [36.0, 36.5]


def test_sixteen_sectors_at_their_middles_and_boundaries():
    middles = np.arange(16) * 22.5
    assert measure.sector16(middles).tolist() == list(measure.SECTORS)
    assert measure.sector16(middles - 11.25).tolist() == list(measure.SECTORS)  # a boundary begins its sector
    assert measure.sector16(np.nextafter(middles + 11.25, 0)).tolist() == list(measure.SECTORS)
    assert len(set(measure.SECTORS)) == 16


def test_sector_names_say_their_direction():
    """The name of a sector, read as compass points, points to its middle."""
    winds = {"北": 0.0, "东": 90.0, "南": 180.0, "西": 270.0, "东北": 45.0, "东南": 135.0, "西南": 225.0, "西北": 315.0}
    for middle, name in zip(np.arange(16) * 22.5, measure.SECTORS, strict=True):
        near, _, toward = name.partition("偏")
        base = winds[near]
        turn = ((winds[toward] - base + 180) % 360 - 180) / 2 if toward else 0.0
        assert (base + turn) % 360 == middle, name


@given(st.floats(-1e6, 1e6))
@settings(deadline=None)
def test_sector_is_the_same_after_a_turn(azimuth):
    place = measure.SECTORS.index(measure.sector16(azimuth))
    away = (azimuth - place * 22.5 + 180) % 360 - 180
    assert -11.25 - 1e-9 <= away <= 11.25 + 1e-9


def test_no_direction_has_no_sector():
    with pytest.raises(Invalid):
        measure.sector16(np.array([0.0, np.nan]))
    assert measure.sector16(-1e-17) == "北"


def test_metres_per_degree_agree_with_the_geodesic():
    east, north = measure.metres_per_degree([0.0, 36.7, 60.0])
    for lat, e, n in zip([0.0, 36.7, 60.0], east, north, strict=True):
        assert measure.distance_m(119, lat, 119.001, lat) == pytest.approx(e / 1000, rel=1e-6)
        assert measure.distance_m(119, lat - 5e-4, 119, lat + 5e-4) == pytest.approx(n / 1000, rel=1e-6)
