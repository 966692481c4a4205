"""Coordinates in every system and spelling, the right ones taken and the wrong ones named."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.crs import project
from layers.ingest.coordinates import Placement, locate
from layers.ingest.model import FieldMapping, Reading
from layers.reference.readers import counties

AUTO = FieldMapping()
ANGLES = {"经度": "@lon", "纬度": "@lat", "县代码": "county_code"}
METRES = {"横坐标": "@east", "纵坐标": "@north", "县代码": "county_code"}


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    frame = counties()
    return frame[frame["inside"]]


@pytest.fixture(scope="module")
def places(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """A few thousand points of the twelve counties with the county that each lies in."""
    random = np.random.default_rng(3)
    parts = []
    for code, area in zip(areas["code"], areas.geometry, strict=True):
        west, south, east, north = area.bounds
        lon, lat = random.uniform(west, east, 900), random.uniform(south, north, 900)
        inside = shapely.contains_xy(area, lon, lat)
        parts.append(pd.DataFrame({"code": code, "lon": lon[inside], "lat": lat[inside]}))
    return pd.concat(parts, ignore_index=True)


def table(places: pd.DataFrame, **columns: Any) -> Reading:
    """A table without geometry."""
    frame = pd.DataFrame({"县代码": places["code"].astype("str"), **columns})
    rows = np.arange(2, len(frame) + 2)
    return Reading("a.csv", "csv", "a", ("a",), frame, rows, None, None, "utf-8", "detected")


def shapes(places: pd.DataFrame, x: Any, y: Any, epsg: int | None) -> Reading:
    frame = pd.DataFrame({"县代码": places["code"].astype("str")})
    rows = np.arange(1, len(frame) + 1)
    return Reading("a.zip", "shp", "a", ("a",), frame, rows, shapely.points(x, y), epsg, "utf-8", "cpg")


def texts(values: Any) -> Any:
    return pd.array([str(value) for value in values], dtype="str")


def off(placement: Placement, places: pd.DataFrame) -> float:
    """How far places are from the true ones at most, in degrees."""
    away = np.column_stack(
        [shapely.get_x(placement.geometry) - places["lon"], shapely.get_y(placement.geometry) - places["lat"]]
    )
    return float(np.abs(away).max())


def rules(placement: Placement) -> list[tuple[str, str]]:
    return [(one.finding.rule, one.finding.severity) for one in placement.notes if one.row is None]


def test_decimal_degrees(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    for change in (lambda values: values, texts):
        reading = table(places, 经度=change(places["lon"]), 纬度=change(places["lat"]))
        placement = locate(reading, AUTO, ANGLES, areas=areas)
        assert (placement.epsg, placement.notes, placement.assumed) == (4490, [], ())
        assert off(placement, places) == 0


@pytest.mark.parametrize("epsg", [4528, 4549, 4527, 4548])
@pytest.mark.parametrize("as_text", [False, True])
def test_metres_without_a_word(places: pd.DataFrame, areas: gpd.GeoDataFrame, epsg: int, *, as_text: bool) -> None:
    east, north = project(places["lon"], places["lat"], epsg)
    spell = (lambda values: texts(f"{value:,.6f} 米" for value in values)) if as_text else (lambda values: values)
    placement = locate(table(places, 横坐标=spell(east), 纵坐标=spell(north)), AUTO, METRES, areas=areas)
    assert placement.epsg == epsg
    assert off(placement, places) < 1e-9
    assert placement.notes == []
    assert [one.rule for one in placement.assumed] == ["zone-from-prefix" if epsg < 4534 else "zone-from-counties"]


def test_two_zones_in_one_table(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    west = places["lon"] < 118.5
    east, north = project(places["lon"], places["lat"], 4528)
    east[west], north[west] = project(places["lon"][west], places["lat"][west], 4527)
    placement = locate(table(places, 横坐标=east, 纵坐标=north), AUTO, METRES, areas=areas)
    assert off(placement, places) < 1e-9
    assert "4527" in placement.assumed[0].message
    assert "4528" in placement.assumed[0].message


def test_zone_that_the_counties_do_not_decide(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    east, north = project(places["lon"], places["lat"], 4549)
    reading = table(places, 横坐标=east, 纵坐标=north)
    for known in (areas.iloc[:0], areas.set_geometry(areas.translate(20))):
        placement = locate(reading, AUTO, METRES, areas=known)
        assert rules(placement) == [("ambiguous-coordinates", "error")]
        assert shapely.is_missing(placement.geometry).all()
        said = locate(reading, FieldMapping(crs=4549), METRES, areas=known)
        assert off(said, places) < 1e-9
    mixed = east.copy()
    mixed[::2] += 40_000_000
    placement = locate(table(places, 横坐标=mixed, 纵坐标=north), AUTO, METRES, areas=areas)
    assert rules(placement) == [("ambiguous-coordinates", "error")]


@pytest.mark.parametrize("epsg", [4490, 4326, 4528, 4549, 4527, 4548, 3857])
def test_geometry_as_declared(places: pd.DataFrame, areas: gpd.GeoDataFrame, epsg: int) -> None:
    x, y = (places["lon"], places["lat"]) if epsg in (4490, 4326) else project(places["lon"], places["lat"], epsg)
    placement = locate(shapes(places, x, y, epsg), AUTO, {}, areas=areas)
    assert (placement.epsg, placement.notes) == (epsg, [])
    assert off(placement, places) < 1e-9


@pytest.mark.parametrize(
    ("true", "said"), [(4549, 4548), (4548, 4549), (4549, 4528), (4528, 4549), (4528, 4527), (4527, 4528)]
)
def test_wrong_zone(places: pd.DataFrame, areas: gpd.GeoDataFrame, true: int, said: int) -> None:
    x, y = project(places["lon"], places["lat"], true)
    reading = shapes(places, x, y, said)
    placement = locate(reading, AUTO, {}, areas=areas)
    assert rules(placement) == [("wrong-zone", "error")]
    assert placement.notes[0].finding.params["suggested"] == true
    assert str(true) in placement.notes[0].finding.message
    assert locate(reading, FieldMapping(crs=true), {}, areas=areas).notes == []
    accepted = locate(reading, FieldMapping(accept=("wrong-zone",)), {}, areas=areas)
    assert accepted.epsg == said
    assert rules(accepted) == []


def test_degrees_converted_in_the_wrong_zone(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    placement = locate(shapes(places, places["lon"] - 3, places["lat"], 4490), AUTO, {}, areas=areas)
    assert rules(placement) == [("wrong-zone", "error")]


def test_far_from_the_city(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    placement = locate(shapes(places, places["lon"] - 11, places["lat"] - 3, 4490), AUTO, {}, areas=areas)
    assert rules(placement) == [("far-away", "warning")]


def test_axes_exchanged(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    east, north = project(places["lon"], places["lat"], 4528)
    cases = (
        (table(places, 横坐标=north, 纵坐标=east), METRES),
        (table(places, 经度=places["lat"], 纬度=places["lon"]), ANGLES),
        (table(places, 经度=texts(f"{v}N" for v in places["lat"]), 纬度=texts(f"{v}E" for v in places["lon"])), ANGLES),
        (shapes(places, places["lat"], places["lon"], 4490), {}),
    )
    for reading, targets in cases:
        placement = locate(reading, AUTO, targets, areas=areas)
        assert rules(placement) == [("swapped-axes", "error")]
        told = locate(reading, FieldMapping(axes="yx"), targets, areas=areas)
        assert rules(told) == []
        assert off(told, places) < 1e-9


def test_gcj02(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    moved = shapes(places, places["lon"] + 533 / 89_300, places["lat"] + 57 / 110_980, 4490)
    targets = {"县代码": "county_code"}
    placement = locate(moved, AUTO, targets, areas=areas)
    assert rules(placement) == [("gcj02-shift", "error")]
    assert rules(locate(moved, FieldMapping(accept=("gcj02-shift",)), targets, areas=areas)) == []
    assert rules(locate(moved, AUTO, {}, areas=areas)) == []  # without codes nothing tells it
    for east_m, north_m in ((0, 0), (-533, -57), (57, -533), (0, 600)):
        other = shapes(places, places["lon"] + east_m / 89_300, places["lat"] + north_m / 110_980, 4490)
        assert rules(locate(other, AUTO, targets, areas=areas)) == []


def test_unknown_systems(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    east, north = project(places["lon"], places["lat"], 4549)
    for declared, x, y in (
        (2437, east, north),  # Beijing 1954: another datum
        (4490, east, north),
        (4549, places["lon"], places["lat"]),
        (None, east * 1000, north * 1000),
    ):
        placement = locate(shapes(places, x, y, declared), AUTO, {}, areas=areas)
        assert rules(placement) == [("unknown-crs", "error")]
        assert placement.epsg is None


def test_undeclared_degrees_are_said(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    placement = locate(shapes(places, places["lon"], places["lat"], None), AUTO, {}, areas=areas)
    assert [one.rule for one in placement.assumed] == ["crs-assumed"]
    assert off(placement, places) == 0


def test_rows_that_have_no_place(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    some = places.iloc[:12]
    lon, lat = texts(some["lon"]), texts(some["lat"])
    bad = ["", "abc", "119.1", "inf", "0", "36.7", "", "119°75′00″", "1e9", "nan"]
    good = ["", "36.7", "", "36.7", "0", "119.1", "36.7", "36.7", "36.7", "nan"]
    lon[:10], lat[:10] = bad, good
    reading = table(some, 经度=lon, 纬度=lat)
    # with enough sound rows beside them
    more = table(places, 经度=texts(places["lon"]), 纬度=texts(places["lat"]))
    frame = pd.concat([reading.frame, more.frame], ignore_index=True)
    reading = Reading("a", "csv", "a", ("a",), frame, np.arange(len(frame)), None, None, "utf-8", "detected")
    placement = locate(reading, AUTO, ANGLES, areas=areas)
    found = {one.row: one.finding.rule for one in placement.notes}
    assert found == {
        0: "coordinates-missing",
        1: "coordinates-unreadable",
        2: "coordinates-incomplete",
        3: "coordinates-not-finite",
        4: "coordinates-zero",
        5: "coordinates-outside",
        6: "coordinates-incomplete",
        7: "coordinates-unreadable",
        8: "coordinates-outside",
        9: "coordinates-missing",
    }
    assert np.flatnonzero(shapely.is_missing(placement.geometry)).tolist() == list(range(10))
    assert all(one.finding.message for one in placement.notes)


def test_geometries_keep_what_they_are(areas: gpd.GeoDataFrame) -> None:
    square = shapely.box(119, 36, 119.1, 36.1)
    given = [
        shapely.Point(119, 36, 12),
        shapely.MultiPolygon([square]),
        shapely.LineString([(119, 36), (119.1, 36.2)]),
        shapely.Point(),
        None,
        shapely.Point(np.nan, 36),
        shapely.Point(0, 0),
        shapely.GeometryCollection([shapely.Point(119, 36)]),
    ]
    array = np.empty(len(given), dtype=object)
    array[:] = given
    frame = pd.DataFrame({"a": range(len(given))})
    reading = Reading("a", "gpkg", "a", ("a",), frame, np.arange(len(given)), array, 4490, "utf-8", "format")
    placement = locate(reading, AUTO, {}, areas=areas)
    kinds = [None if one is None else (one.geom_type, one.has_z) for one in placement.geometry]
    assert kinds == [
        ("Point", False), ("MultiPolygon", False), ("LineString", False), None, None, None, None,
        ("GeometryCollection", False),
    ]  # fmt: skip
    assert {(one.row, one.finding.rule) for one in placement.notes} == {
        (None, "heights-dropped"),
        (5, "coordinates-not-finite"),
        (6, "coordinates-zero"),
    }


def test_a_table_without_coordinates(places: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    placement = locate(table(places), AUTO, {"县代码": "county_code"}, areas=areas)
    assert (placement.epsg, placement.notes) == (None, [])
    assert len(placement.geometry) == len(places)
