"""Polygons that a line cuts: both sides add up, and a plane knows the halves."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gis.linear import NotALine
from gis.linear.sides import areas_by_side
from gis.measure import NotGeographic, area_m2

LINE = shapely.LineString([(118.60, 36.5), (118.61, 36.5), (118.62, 36.502)])


def box(east, north, width=0.001, height=0.001):
    return shapely.box(118.6 + east, 36.5 + north, 118.6 + east + width, 36.5 + north + height)


def test_sides_of_buildings_and_fields():
    half, quarter, north, south = box(0.002, -0.0005), box(0.004, -0.00075), box(0.002, 0.001), box(0.002, -0.002)
    yard = half.difference(shapely.box(118.6024, 36.4996, 118.6026, 36.5004))
    shapes = gpd.GeoSeries(
        [half, quarter, north, south, yard, None, shapely.Polygon()], crs=4490, index=list("abcdefg")
    )
    found = areas_by_side(LINE, shapes)
    assert found.index.tolist() == list("abcdefg")
    assert found["cut"].tolist() == [True, True, False, False, True, False, False]
    assert not found["ends_inside"].any()
    whole = area_m2(shapes).fillna(0.0)
    pd.testing.assert_series_equal(found["left_m2"] + found["right_m2"], whole, check_names=False, rtol=1e-9)
    share = (found["left_m2"] / whole).to_numpy()
    np.testing.assert_allclose(share[:5], [0.5, 0.25, 1, 0, 0.5], atol=2e-5)
    assert found.loc["c", "right_m2"] == 0
    assert found.loc["d", "left_m2"] == 0


def test_a_polygon_that_the_line_enters_again_and_one_in_which_it_ends():
    comb = shapely.union_all(
        [box(0.001, 0.0002, 0.004, 0.0004), box(0.001, -0.0005, 0.001, 0.0008), box(0.004, -0.0005, 0.001, 0.0008)]
    )
    end = box(0.0195, 0.0015)
    found = areas_by_side(LINE, [comb, end])
    assert found["cut"].tolist() == [True, False]
    assert found["ends_inside"].tolist() == [False, True]
    legs = area_m2(box(0.001, -0.0005, 0.001, 0.0005)) * 2
    assert found.loc[0, "right_m2"] == pytest.approx(legs, rel=1e-5)
    assert found.loc[1, "left_m2"] + found.loc[1, "right_m2"] == pytest.approx(area_m2(end), rel=1e-9)


@given(st.floats(0.05, 0.95), st.floats(0.3, 200), st.integers(3, 40), st.integers(0, 1000))
@settings(max_examples=40)
def test_whatever_lies_across_a_winding_line_is_cut(share, size_m, corners, seed):
    x = np.linspace(0, 0.02, 60)
    line = shapely.LineString(np.stack([118.6 + x, 36.5 + 0.0003 * np.sin(x * 700)], axis=1))
    middle = np.array(line.interpolate(share, normalized=True).coords[0])
    angle = np.sort(np.random.default_rng(seed).uniform(0, 2 * np.pi, corners))
    shape = shapely.Polygon(middle + np.stack([np.cos(angle), np.sin(angle)], axis=1) * size_m / 100_000)
    assume(shape.is_valid and shape.buffer(-size_m / 1e6).contains(shapely.Point(middle)))
    found = areas_by_side(line, [shape]).iloc[0]
    assert found["cut"] or found["ends_inside"]
    assert found["left_m2"] + found["right_m2"] == pytest.approx(
        area_m2(shape), rel=5e-5, abs=0.02
    )  # edges straight in degrees are no geodesics


def test_what_is_refused_and_what_is_nothing():
    assert areas_by_side(LINE, []).empty
    with pytest.raises(NotALine):
        areas_by_side(shapely.LineString(), [box(0, 0)])
    with pytest.raises(NotGeographic):
        areas_by_side(LINE, gpd.GeoSeries([box(0, 0)], crs=4549))
