"""Coverage counts what geodesics say, whatever the order, the split and the place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis import coverage
from gis.coverage import BadDistance
from gis.crs import CrsMismatch

GEOD = Geod(a=6378137.0, rf=298.257222101)

PLACES = st.lists(st.tuples(st.floats(118.0, 120.2), st.floats(35.5, 37.5)), min_size=1, max_size=25)


def arrays(places: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(places, dtype=np.float64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def brute(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> np.ndarray:
    """The geodesic distance to the nearest, pair by pair."""
    out = np.empty(lon.size)
    for row in range(lon.size):
        _, _, distance = GEOD.inv(np.full(to_lon.size, lon[row]), np.full(to_lon.size, lat[row]), to_lon, to_lat)
        out[row] = np.min(distance)
    return out


@given(PLACES, PLACES, st.floats(100, 50_000))
@settings(deadline=None)
def test_within_equals_geodesics_pair_by_pair(
    homes: list[tuple[float, float]], sites: list[tuple[float, float]], distance_m: float
) -> None:
    covered, nearest = coverage.within(*arrays(homes), *arrays(sites), distance_m)
    expected = brute(*arrays(homes), *arrays(sites))
    assert np.allclose(nearest, expected, atol=0.05)
    clear = np.abs(expected - distance_m) > 1e-6
    assert np.array_equal(covered[clear], (expected <= distance_m)[clear])


def test_the_limit_itself_is_decided_by_the_geodesic() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(118.2, 120, 400), rng.uniform(35.7, 37.3, 400)
    azimuth = rng.uniform(0, 360, 400)
    for distance_m, step in ((1000.0, 1e-4), (20_000.0, 1e-4)):
        just_in = GEOD.fwd(lon, lat, azimuth, np.full(400, distance_m - step))
        just_out = GEOD.fwd(lon, lat, azimuth, np.full(400, distance_m + step))
        for row in range(400):
            one = lon[row : row + 1], lat[row : row + 1]
            assert coverage.within(*one, just_in[0][row : row + 1], just_in[1][row : row + 1], distance_m)[0][0]
            assert not coverage.within(*one, just_out[0][row : row + 1], just_out[1][row : row + 1], distance_m)[0][0]


@given(PLACES, PLACES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_does_not_matter_and_reach_only_adds(
    homes: list[tuple[float, float]], sites: list[tuple[float, float]], random: object
) -> None:
    lon, lat = arrays(homes)
    near = coverage.within(lon, lat, *arrays(sites), 1000)[0]
    far = coverage.within(lon, lat, *arrays(sites), 5000)[0]
    assert np.all(far | ~near)
    shuffled = list(sites)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert np.array_equal(coverage.within(lon, lat, *arrays(shuffled), 1000)[0], near)


def test_missing_places_cover_nothing_and_are_not_covered() -> None:
    nan = np.array([np.nan])
    here = np.array([119.0]), np.array([36.5])
    covered, nearest = coverage.within(nan, nan, *here, 1000)
    assert not covered[0]
    assert np.isnan(nearest[0])
    covered, nearest = coverage.within(*here, np.empty(0), np.empty(0), 1000)
    assert not covered[0]
    assert np.isnan(nearest[0])


def test_nearest_keeps_the_index_and_says_na() -> None:
    homes = gpd.GeoSeries(
        [shapely.Point(119.10, 36.71), shapely.Point(119.20, 36.71), None], index=["b", "a", "c"], crs=4490
    )
    sites = gpd.GeoSeries([shapely.Point(119.11, 36.71)], index=[41], crs=4490)
    found = coverage.nearest(homes, sites, limit_m=1000)
    assert found.index.tolist() == ["b", "a", "c"]
    assert found["target"].tolist()[0] == 41
    assert found["target"].isna().tolist() == [False, True, True]
    assert found["distance_m"].iloc[0] == pytest.approx(GEOD.inv(119.10, 36.71, 119.11, 36.71)[2], abs=1e-3)
    assert found["distance_m"].isna().tolist() == [False, True, True]


def test_sums_add_up_and_empty_divisions_are_listed() -> None:
    groups = pd.Series(["1", "1", "2", "9"])
    names = pd.Series({"1": "甲", "2": "乙", "3": "丙"})
    table = coverage.sums(groups, names, np.array([10.0, 20.0, 0.0, 5.0]), np.array([True, False, True, True]))
    assert table["code"].tolist() == ["1", "2", "3"]
    assert table["weight"].tolist() == [30, 0, 0]
    assert table["covered"].tolist() == [10, 0, 0]
    assert table["share"].tolist()[0] == pytest.approx(1 / 3)
    assert table["share"].isna().tolist() == [False, True, True]
    assert table["villages"].tolist() == [2, 1, 0]
    assert table["villages_covered"].tolist() == [1, 1, 0]


@pytest.mark.parametrize("distance", [0, -5, float("nan"), float("inf"), 100_001])
def test_a_distance_that_is_none_is_refused(distance: float) -> None:
    with pytest.raises(BadDistance):
        coverage.require_distance(distance)


def test_the_outline_has_the_circles_area() -> None:
    shape = coverage.outline(np.array([119.0, 119.5]), np.array([36.5, 36.9]), 2000.0)
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    assert area == pytest.approx(2 * np.pi * 2000**2, rel=1e-3)
    assert len(shapely.get_parts(shape)) == 2
    assert coverage.outline(np.empty(0), np.empty(0), 2000.0).is_empty


def _frame(points: list[tuple[float, float] | None], crs: int = 4490, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[None if p is None else shapely.Point(p) for p in points], crs=crs)


def test_cover_needs_no_register() -> None:
    villages = _frame([(119.10, 36.71), (119.20, 36.71), None], people=[900, None, 50])
    villages.index = pd.Index(["x", "y", "z"])
    answer = coverage.cover(villages, _frame([(119.11, 36.71)]), distance_m=1000, weight="people")
    assert answer.index.tolist() == ["x", "y", "z"]
    assert answer["covered"].tolist() == [True, False, False]
    assert answer["weight_covered"].tolist() == [900, 0, 0]
    assert answer["nearest_m"].isna().tolist() == [False, False, True]
    assert "covered" not in villages.columns


def test_cover_refuses_what_cannot_be_measured() -> None:
    here = _frame([(119.1, 36.7)])
    with pytest.raises(CrsMismatch):
        coverage.cover(here, _frame([(119.1, 36.7)], crs=4326), distance_m=1000)
    with pytest.raises(CrsMismatch, match="plane"):
        coverage.cover(
            _frame([(419585.0, 4064705.0)], crs=4549), _frame([(419585.0, 4064705.0)], crs=4549), distance_m=1000
        )
    with pytest.raises(BadDistance):
        coverage.cover(here, here, distance_m=0)
