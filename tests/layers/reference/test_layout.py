"""The demonstration's geometry fits together."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from gis.measure import length_m
from layers.reference import counties

pytestmark = pytest.mark.xdist_group("demonstration")


def lonlat(frame):
    return np.column_stack([frame.geometry.x, frame.geometry.y])


@pytest.fixture(scope="module")
def honest(made):
    """Places with a town, without those that were put outside their division on purpose."""
    flaws = made.flaws
    outside = flaws.loc[flaws["rule"] == "outside-division", "uuid"]
    places = made.frames["place"]
    return places[places["town_code"].notna() & ~places["uuid"].isin(outside)]


@pytest.mark.parametrize("table", ["place", "facility", "town", "village"])
def test_everything_lies_in_its_county(frames, honest, table):
    if table == "place":
        rows = honest
    elif table == "facility":
        rows = frames["facility"]
    else:
        rows = frames["division"][frames["division"]["level"] == table]
    for code, polygon in counties().set_index("code")["geom"].items():
        here = rows[rows["county_code"] == code]
        assert shapely.contains_xy(polygon, lonlat(here)).all()


def test_no_place_lies_in_another_towns_cluster(frames, honest):
    towns = frames["division"][frames["division"]["level"] == "town"]
    stretch = np.array([np.cos(np.radians(36.55)) * 111.32, 110.98])
    for code, mine in towns.groupby("county_code"):
        here = honest[honest["county_code"] == code]
        nearest = cKDTree(lonlat(mine) * stretch).query(lonlat(here) * stretch)[1]
        assert (mine["code"].to_numpy()[nearest] == here["town_code"].to_numpy()).all()


def test_villages_cluster_round_their_town(frames):
    divisions = frames["division"].set_index("code")
    villages = divisions[divisions["level"] == "village"]
    town = lonlat(divisions.loc[villages["town_code"]])
    apart = np.hypot(*((lonlat(villages) - town) * [89.4, 111]).T)
    urban = (villages["kind"] == "居委会").to_numpy()
    assert np.median(apart[~urban]) < 6
    assert np.median(apart[urban]) < 2


def test_bridges_lie_on_a_road_and_a_water(frames):
    bridges = frames["place"].query("class_code == '23610'").geometry.to_crs(4549)
    lines = frames["place_line"]
    for codes in (["23211", "23212", "23213", "23214", "23510"], ["12100", "12110"]):
        near = gpd.GeoSeries(lines[lines["class_code"].isin(codes)].geometry).to_crs(4549)
        _, apart = near.sindex.nearest(bridges, return_distance=True, return_all=False)
        assert apart.max() < 2.0


def test_roads_join_villages(frames):
    villages = frames["division"].query("level in ['village', 'town']")
    tree = cKDTree(lonlat(villages))
    roads = frames["place_line"].query("class_code in ['23213', '23214']")
    ends = np.array([part.coords[at] for road in roads.geometry for part in road.geoms for at in (0, -1)])
    assert (tree.query(ends)[0] < 1e-6).all()


def test_large_rivers_cross_towns(frames):
    towns = frames["division"][frames["division"]["level"] == "town"]
    tree = cKDTree(lonlat(towns))
    rivers = frames["place_line"].query("class_code == '12100'")
    for name in ("潍河", "弥河", "白浪河"):
        course = shapely.get_coordinates(rivers[rivers["name"] == name].geometry.iloc[0])
        assert len(np.unique(tree.query(course)[1])) >= 5
        assert float(length_m(rivers[rivers["name"] == name].geometry.iloc[0])) > 60_000


def test_waters_do_not_cross_each_other(frames):
    """They meet at confluences; crossings made by smoothing stay rare."""
    rivers = np.asarray(frames["place_line"].query("class_code == '12100'").geometry.values)
    pairs = shapely.STRtree(rivers).query(rivers, predicate="crosses")
    assert pairs.shape[1] / 2 < 0.2 * len(rivers)


@pytest.mark.parametrize("table", ["place_line", "place_area"])
def test_extents_belong_to_places_and_stay_in_the_city(frames, table):
    extents = frames[table]
    assert extents.geometry.is_valid.all()
    assert set(extents["place_uuid"]) <= set(frames["place"]["uuid"])
    city = frames["division_area"].query("level == 'city'").geometry.iloc[0]
    shapely.prepare(city)
    assert shapely.covers(city, np.asarray(extents.geometry.values)).all()
    names = frames["place"].set_index("uuid")["name"]
    assert (names.loc[extents["place_uuid"]].to_numpy() == extents["name"].to_numpy()).all()


def test_reservoirs_lakes_and_parks_have_an_area(frames):
    places, areas = frames["place"], frames["place_area"]
    for code in ("24230", "12200", "25200"):
        wanted = places.loc[places["class_code"] == code, "uuid"]
        assert wanted.isin(areas["place_uuid"]).all()


def test_stakes_stand_on_their_lines(frames):
    lines = frames["boundary_line"].set_index("uuid")
    stakes = frames["stake"].set_index("uuid")
    joins = frames["line_stake"]
    apart = shapely.distance(
        np.asarray(stakes.loc[joins["stake_uuid"]].geometry.values),
        np.asarray(lines.loc[joins["line_uuid"]].geometry.values),
    )
    double = (stakes.loc[joins["stake_uuid"], "kind"] == "double").to_numpy()
    assert apart[~double].max() < 1e-6
    assert apart[double].max() < 0.001
    assert joins.groupby("line_uuid").size().min() >= 2
    assert set(joins["line_uuid"]) == set(lines.index)


def test_stakes_are_5_to_15_km_apart_on_long_lines(frames):
    joins = frames["line_stake"].merge(
        frames["boundary_line"][["uuid", "length_m"]], left_on="line_uuid", right_on="uuid"
    )
    for _, of_line in joins[joins["length_m"] > 10_000].groupby("line_uuid"):
        # the two of a pair stand on either side of a bend: each has a chainage of its own, some metres apart
        pairs = of_line.groupby("serial")["chainage_m"]
        assert (pairs.max() - pairs.min()).max() < 200
        steps = np.diff(np.sort(pairs.mean().to_numpy()))
        assert steps.min() >= 5_000
        assert steps.max() <= 15_000


def test_a_triple_stake_at_each_tripoint(frames):
    stakes, tripoints = frames["stake"], frames["tripoint"]
    triple = stakes[stakes["kind"] == "triple"]
    assert sorted(triple["tripoint_uuid"]) == sorted(tripoints["uuid"])
    at = tripoints.set_index("uuid").loc[triple["tripoint_uuid"]]
    assert np.abs(lonlat(triple) - lonlat(at)).max() < 1e-9
    assert stakes["number"].is_unique


def test_boundary_points_lie_on_their_lines(frames):
    points = frames["boundary_point"]
    lines = frames["boundary_line"].set_index("uuid").loc[points["line_uuid"]]
    assert shapely.distance(np.asarray(points.geometry.values), np.asarray(lines.geometry.values)).max() < 1e-9
