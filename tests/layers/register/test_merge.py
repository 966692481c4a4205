"""Many rows at once leave a register, its log and its indexes as single inserts and updates do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point

from layers.index import Index
from layers.register import Register, check_register
from layers.register.errors import (
    DanglingReference,
    DuplicateUuid,
    NoSuchRow,
    UnknownColumn,
    WrongGeometry,
    WrongValue,
)

BATCH = "22222222-2222-4222-8222-222222222222"
UUIDS = [f"{one:08d}-1111-4111-8111-111111111111" for one in range(6)]


def stakes(count: int = 4) -> gpd.GeoDataFrame:
    """Rows of every kind of value, some without a place."""
    return gpd.GeoDataFrame(
        {
            "uuid": UUIDS[:count],
            "number": [f"2481{one:03d}Q" for one in range(count)],
            "serial": pd.array([1, None, 3, 4, 5, 6][:count], dtype="Int64"),
            "height_m": [1.5, np.nan, -2.25, 4.0, 5.0, 6.0][:count],
            "is_public": pd.array([True, False, None, True, True, True][:count], dtype="boolean"),
            "valid_from": pd.array(["2022-12-31", None, "2024-01-01", None, None, None][:count], dtype="str"),
            "reference_features": [[{"kind": "\u6865"}], None, {"a": None}, [], [], []][:count],
        },
        geometry=np.array([Point(118.5, 36.7), None, Point(119, 36), Point(118, 36.5), None, None][:count]),
        crs=4490,
    ).rename_geometry("geom")


def changed() -> list[gpd.GeoDataFrame | pd.DataFrame]:
    """Two rows get another place, one loses it, one is changed in words alone."""
    moved = gpd.GeoDataFrame(
        {"uuid": [UUIDS[1], UUIDS[0]], "serial": pd.array([9, None], dtype="Int64"), "is_public": [None, False]},
        geometry=[Point(119.5, 36.9), None],
        crs=4490,
    )
    return [moved, pd.DataFrame({"uuid": [UUIDS[3]], "number": ["\u65b0"], "reference_features": [[1, {"b": "c"}]]})]


def one_by_one(register: Register) -> None:
    with register.writing(who="clerk", why="w", batch=BATCH) as connection:
        for row in stakes().to_dict("records"):
            register.insert(connection, "stake", {str(key): _plain(value) for key, value in row.items()})
        for frame in changed():
            for row in frame.to_dict("records"):
                values = {"geom" if key == "geometry" else str(key): _plain(value) for key, value in row.items()}
                register.update(connection, "stake", str(values.pop("uuid")), values)


def at_once(register: Register) -> None:
    with register.writing(who="clerk", why="w", batch=BATCH) as connection:
        register.merge(connection, "stake", stakes())
        register.merge(connection, "stake", None, changed())


def _plain(value: Any) -> Any:
    return None if value is pd.NA or (isinstance(value, float) and np.isnan(value)) else value


def contents(register: Register) -> tuple[list[Any], list[Any]]:
    with register.reading() as connection:
        rows = register.frame(connection, "stake").drop(columns=["changed"])
        log = register.frame(connection, "change_log").drop(columns=["at"])
    for before in log["before"].dropna():
        before.pop("changed")
    return (
        [[repr(value) for value in row] for row in rows.itertuples(index=False)],
        [[repr(value) for value in row] for row in log.itertuples(index=False)],
    )


def fresh(register: Register, write: Callable[[Register], None]) -> tuple[list[Any], list[Any]]:
    write(register)
    assert [flaw.rule for flaw in check_register(register.url) if flaw.rule != "geometry-missing"] == []
    return contents(register)


def test_the_same_rows_and_log_as_one_by_one(register: Register, tmp_path: Path, request: Any) -> None:
    from layers.register import create_register

    if register.home == "gpkg":
        other: str | Path = tmp_path / "other.gpkg"
    else:
        other = request.getfixturevalue("postgis").database("other")
    with create_register(other) as second:
        rows, log = fresh(register, at_once)
        expected_rows, expected_log = fresh(second, one_by_one)
    assert rows == expected_rows
    assert log == expected_log
    with register.writing(who="clerk") as connection:  # the triggers are back
        register.update(connection, "stake", UUIDS[2], {"number": "x"})
        assert register.changes(connection, 7)[0].op == "update"


def test_gdal_finds_what_was_merged(gpkg: Register, path: Path) -> None:
    at_once(gpkg)
    listed = subprocess.run(
        ["ogrinfo", "-ro", "-q", path, "stake", "-spat", "119.4", "36.8", "119.6", "37"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert listed.count("OGRFeature") == 1
    assert "POINT (119.5 36.9)" in listed
    extent = subprocess.run(["ogrinfo", "-ro", "-so", path, "stake"], capture_output=True, text=True, check=True).stdout
    assert "(119.5" in extent


def test_the_index_sees_a_merge(register: Register) -> None:
    index = Index(register)
    assert len(index.layer("stakes")) == 0
    at_once(register)
    found = index.layer("stakes")
    assert len(found) == 4
    assert found.lon[found.row_of(UUIDS[1])] == 119.5
    many = gpd.GeoDataFrame({"name": [str(one) for one in range(2500)]}, geometry=[Point(118, 36)] * 2500, crs=4490)
    assert len(index.layer("place-names")) == 0
    with register.writing() as connection:
        register.merge(connection, "place", many)
    assert len(index.layer("place-names")) == 2500
    with register.reading() as connection:
        uuids = register.frame(connection, "place", columns=["uuid"])
    uuids["name"] = "\u65b0"
    with register.writing() as connection:
        register.merge(connection, "place", updates=uuids)
    names = index.layer("place-names")
    assert set(names["name"].values(np.arange(2500))) == {"\u65b0"}


@pytest.mark.parametrize(
    ("inserts", "updates", "error"),
    [
        (None, pd.DataFrame({"uuid": [UUIDS[5]], "number": ["a"]}), NoSuchRow),
        (None, pd.DataFrame({"number": ["a"]}), UnknownColumn),
        (None, pd.DataFrame({"uuid": [UUIDS[0]], "version": [3]}), UnknownColumn),
        (None, pd.DataFrame({"uuid": [UUIDS[0], UUIDS[0]], "number": ["a", "b"]}), DuplicateUuid),
        (stakes(1), (), DuplicateUuid),
        (pd.DataFrame({"uuid": [UUIDS[5], UUIDS[5]]}), (), DuplicateUuid),
        (pd.DataFrame({"uuid": ["short"]}), (), WrongValue),
        (pd.DataFrame({"line_uuid": [UUIDS[5]]}), (), DanglingReference),
        (None, pd.DataFrame({"uuid": [UUIDS[0]], "line_uuid": [UUIDS[5]]}), DanglingReference),
        (pd.DataFrame({"serial": ["x"]}), (), WrongValue),
        (gpd.GeoDataFrame({"number": ["a"]}, geometry=[LineString([(1, 1), (2, 2)])], crs=4490), (), WrongGeometry),
    ],
)
def test_what_cannot_be_merged_is_refused_before_anything_is_written(
    register: Register, inserts: Any, updates: Any, error: type[Exception]
) -> None:
    at_once(register)
    before = contents(register)

    def wrong() -> None:
        with register.writing() as connection:
            register.merge(connection, "stake", pd.DataFrame({"number": ["taken back"]}))
            register.merge(connection, "stake", inserts, updates)

    with pytest.raises(error):
        wrong()
    assert contents(register) == before
    assert [flaw.rule for flaw in check_register(register.url) if flaw.rule != "geometry-missing"] == []


def test_shapes_in_updates_are_kept_as_the_table_has_them(register: Register) -> None:
    square = shapely.box(118, 36, 119, 37)
    with register.writing() as connection:
        register.merge(connection, "place_area", gpd.GeoDataFrame({"uuid": UUIDS[:1]}, geometry=[square], crs=4490))
        bigger = gpd.GeoDataFrame({"uuid": UUIDS[:1]}, geometry=[shapely.box(117, 35, 120, 38)], crs=4490)
        register.merge(connection, "place_area", updates=bigger)
        found = register.frame(connection, "place_area")
    assert found.geometry.iloc[0].geom_type == "MultiPolygon"
    assert found.geometry.iloc[0].bounds == (117, 35, 120, 38)
    assert check_register(register.url) == []
