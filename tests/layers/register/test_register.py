"""What a register promises, the same on a file and on a PostGIS."""

from __future__ import annotations

import re
import threading
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, MultiPolygon, Point, Polygon

from gis.errors import Conflict, DijieError, Invalid, NotFound
from layers.register import TABLES, TRACKED, Register, check_register
from layers.register.errors import (
    DanglingReference,
    DuplicateUuid,
    NoSuchRow,
    StillReferenced,
    UnknownColumn,
    UnknownTable,
    VersionConflict,
    WrongCrs,
    WrongGeometry,
    WrongValue,
)

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
UTC = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
HERE = Point(118.5, 36.7)
SQUARE = Polygon([(118, 36), (119, 36), (119, 37), (118, 37)])


def insert(register: Register, table: str, **values: Any) -> str:
    with register.writing(who="clerk", why="test") as connection:
        return register.insert(connection, table, values)


def row(register: Register, table: str, uuid: str) -> pd.Series[Any]:
    with register.reading() as connection:
        found = register.frame(connection, table, uuids=[uuid])
    assert len(found) == 1
    return found.iloc[0]


def places(count: int) -> gpd.GeoDataFrame:
    """Synthetic places."""
    rng = np.random.default_rng(7)
    return gpd.GeoDataFrame(
        {
            "name": [f"{one}号村" for one in range(count)],
            "rank": rng.integers(0, 10, count),
            "is_public": [True, False, None, True] * (count // 4) + [True] * (count % 4),
            "registered_at": "2022-12-31",
            "source": "synthetic",
        },
        geometry=shapely.points(118 + rng.random(count), 36 + rng.random(count)),
        crs=4490,
    )


def test_a_new_register_has_every_table_and_no_flaw(register: Register) -> None:
    with register.reading() as connection:
        frames = {name: register.frame(connection, name) for name in TABLES}
        assert register.last_seq(connection) == 0
        assert register.changes(connection, 0) == []
    assert all(frame.empty for frame in frames.values())
    for name, table in TABLES.items():
        assert list(frames[name].columns) == table.columns.keys()
        assert isinstance(frames[name], gpd.GeoDataFrame) == (table.info["geometry"] is not None)
    assert frames["place"].crs == "EPSG:4490"
    assert check_register(register.url) == []


def test_tables_are_loaded_after_those_they_refer_to() -> None:
    order = list(TABLES)
    for name, table in TABLES.items():
        for column in table.columns:
            if "references" in column.info:
                assert order.index(column.info["references"][0]) <= order.index(name), column


def test_insert_stamps_and_logs(register: Register) -> None:
    uuid = insert(register, "place", name="青州市", geom=HERE, is_public=False, registered_at="2024-03-31", rank=1)
    assert UUID.fullmatch(uuid)
    found = row(register, "place", uuid)
    assert (found["version"], found["name"], found["rank"]) == (1, "青州市", 1)
    assert found["is_public"] is np.False_ or found["is_public"] is False
    assert found["registered_at"] == "2024-03-31"
    assert UTC.fullmatch(found["changed"])
    assert found["geom"].equals(HERE)
    assert pd.isna(found["roman"])
    with register.reading() as connection:
        (change,) = register.changes(connection, 0)
        assert register.last_seq(connection) == change.seq
    assert (change.layer, change.uuid, change.op, change.who, change.why) == ("place", uuid, "insert", "clerk", "test")
    assert UTC.fullmatch(change.at)


def test_update_counts_versions_and_keeps_what_was(register: Register) -> None:
    uuid = insert(register, "place", name="旧名", geom=HERE, is_public=True, registered_at="2024-03-31")
    with register.writing(who="editor") as connection:
        seq = register.last_seq(connection)
        assert register.update(connection, "place", uuid, {"name": "新名", "geom": Point(119, 36)}, version=1) == 2
        assert register.update(connection, "place", uuid, {"name": None}) == 3
    found = row(register, "place", uuid)
    assert pd.isna(found["name"])
    assert found["version"] == 3
    assert found["geom"].equals(Point(119, 36))
    with register.reading() as connection:
        assert [(one.op, one.who, one.why) for one in register.changes(connection, seq)] == [
            ("update", "editor", None)
        ] * 2
        before = register.frame(connection, "change_log")["before"].iloc[1]
    assert before["name"] == "旧名"
    assert before["is_public"] is True
    assert before["registered_at"] == "2024-03-31"
    assert UTC.fullmatch(before["changed"])
    assert (before["uuid"], before["version"]) == (uuid, 1)
    assert shapely.from_wkb(before["geom"]).equals(HERE)


def test_delete_keeps_the_row_in_the_log(register: Register) -> None:
    line = insert(
        register, "boundary_line", name="青州市—临朐县", geom=LineString([(118, 36), (118.5, 36.2), (119, 36)])
    )
    with register.writing() as connection:
        register.delete(connection, "boundary_line", line, version=1)
    with register.reading() as connection:
        assert register.frame(connection, "boundary_line").empty
        log = register.frame(connection, "change_log").iloc[-1]
    assert (log["op"], log["uuid"], log["version"]) == ("delete", line, 1)
    assert shapely.from_wkb(log["before"]["geom"]).length == pytest.approx(2 * np.hypot(0.5, 0.2))
    assert check_register(register.url) == []


def test_an_error_takes_everything_back(register: Register) -> None:
    def fail_later() -> None:
        with register.writing(who="clerk") as connection:
            register.insert(connection, "place", {"name": "a"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_later()
    with register.reading() as connection:
        assert register.frame(connection, "place").empty
        assert register.last_seq(connection) == 0
    insert(register, "place", name="b", geom=HERE)
    assert check_register(register.url) == []


def test_json_and_numbers_come_back_as_they_went(register: Register) -> None:
    features = [{"kind": "桥", "azimuth": 12.5}, {"kind": "树"}]
    uuid = insert(register, "stake", number="2481", reference_features=features, height_m=-1.25, serial=3, geom=HERE)
    found = row(register, "stake", uuid)
    assert found["reference_features"] == features
    assert (found["height_m"], found["serial"]) == (-1.25, 3)
    with register.writing() as connection:
        register.update(connection, "stake", uuid, {"reference_features": None})
    assert row(register, "stake", uuid)["reference_features"] is None
    with register.reading() as connection:
        assert register.frame(connection, "change_log")["before"].iloc[1]["reference_features"] == features


@pytest.mark.parametrize(
    ("table", "values", "error"),
    [
        ("nothing", {}, UnknownTable),
        ("place", {"nmae": "a"}, UnknownColumn),
        ("place", {"version": 7}, UnknownColumn),
        ("place", {"fid": 7}, UnknownColumn),
        ("change_log", {"op": "insert"}, UnknownColumn),
        ("place", {"uuid": "short"}, WrongValue),
        ("place", {"name": 370781}, WrongValue),
        ("place", {"rank": 1.5}, WrongValue),
        ("place", {"rank": "1"}, WrongValue),
        ("place", {"registered_at": "2024-02-30"}, WrongValue),
        ("place", {"is_public": "yes"}, WrongValue),
        ("stake", {"height_m": float("inf")}, WrongValue),
        ("place", {"geom": LineString([(0, 0), (1, 1)])}, WrongGeometry),
        ("place", {"geom": Point()}, WrongGeometry),
        ("place", {"geom": Point(118, 36, 5)}, WrongGeometry),
        ("place", {"geom": Point(118, float("nan"))}, WrongGeometry),
        ("place", {"geom": Point(40419585.333, 4064705.797)}, WrongGeometry),
        ("place_name", {"place_uuid": "0" * 36}, DanglingReference),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    register: Register, table: str, values: dict[str, Any], error: type[DijieError]
) -> None:
    with pytest.raises(error) as caught, register.writing() as connection:
        register.insert(connection, table, values)
    assert isinstance(caught.value, Invalid)
    assert "%(" not in caught.value.message + caught.value.hint
    with register.reading() as connection:
        assert register.last_seq(connection) == 0


def test_rows_are_guarded_against_each_other(register: Register) -> None:
    uuid = insert(register, "place", name="a", geom=HERE)
    name = insert(register, "place_name", name="b", place_uuid=uuid)
    with register.writing() as connection:
        with pytest.raises(DuplicateUuid):
            register.insert(connection, "place", {"uuid": uuid})
        with pytest.raises(VersionConflict) as caught:
            register.update(connection, "place", uuid, {"name": "c"}, version=9)
        with pytest.raises(NoSuchRow) as missing:
            register.update(connection, "place", "0" * 36, {"name": "c"})
        with pytest.raises(StillReferenced):
            register.delete(connection, "place", uuid)
        with pytest.raises(NoSuchRow):
            register.delete(connection, "stake", uuid)
        with pytest.raises(UnknownColumn):
            register.update(connection, "place", uuid, {"uuid": name})
        register.delete(connection, "place_name", name)
        register.delete(connection, "place", uuid)
    assert isinstance(caught.value, Conflict)
    assert isinstance(missing.value, NotFound)


def test_load_and_frame_give_back_what_went_in(register: Register) -> None:
    given = places(101)
    with register.writing(who="demo", why="build") as connection:
        assert register.load(connection, {"place": given}) == {"place": 101}
    with register.reading() as connection:
        found = register.frame(connection, "place", columns=[*given.columns[:-1], "geom"])
        stamps = register.frame(connection, "place", columns=["fid", "uuid", "version", "changed"])
        (change,) = register.changes(connection, 0)
    expected = given.rename_geometry("geom").astype({"rank": "Int64", "is_public": "boolean"})
    assert_geodataframe_equal(found, expected)
    assert (change.layer, change.uuid, change.op, change.who, change.why) == ("place", None, "load", "demo", "build")
    assert not isinstance(stamps, gpd.GeoDataFrame)
    assert stamps["fid"].tolist() == list(range(1, 102))
    assert stamps["uuid"].is_unique
    assert all(UUID.fullmatch(one) for one in stamps["uuid"])
    assert (stamps["version"] == 1).all()
    assert all(UTC.fullmatch(one) for one in stamps["changed"])
    assert check_register(register.url) == []


def test_load_keeps_identity_and_wraps_single_parts(register: Register) -> None:
    uuid, when = "11111111-1111-4111-8111-111111111111", "2024-01-02T03:04:05.678Z"
    areas = gpd.GeoDataFrame(
        {"uuid": [uuid, None], "version": [5, None], "changed": [when, None], "fid": [70, 9], "name": ["a", None]},
        geometry=[SQUARE, MultiPolygon([SQUARE])],
        crs=4490,
    )
    with register.writing() as connection:
        register.load(connection, {"place_area": areas})
        later = register.insert(connection, "place_area", {"geom": SQUARE})
        found = register.frame(connection, "place_area")
    assert found["fid"].tolist() == [9, 70, 71]
    assert found["uuid"].tolist()[1:] == [uuid, later]
    assert found["version"].tolist() == [1, 5, 1]
    assert found["changed"].tolist()[1] == when
    assert set(found.geom_type) == {"MultiPolygon"}
    assert check_register(register.url) == []


def test_load_takes_tables_in_the_order_of_their_references(register: Register) -> None:
    line = "22222222-2222-4222-8222-222222222222"
    lines = gpd.GeoDataFrame({"uuid": [line]}, geometry=[LineString([(118, 36), (119, 37)])], crs=4490)
    with register.writing() as connection:
        register.load(
            connection,
            {"line_stake": pd.DataFrame({"line_uuid": [line], "serial": [1]}), "boundary_line": lines},
        )
        assert [one.layer for one in register.changes(connection, 0)] == ["boundary_line", "line_stake"]
    assert check_register(register.url) == []


@pytest.mark.parametrize(
    ("frames", "error"),
    [
        ({"places": places(1)}, UnknownTable),
        ({"change_log": pd.DataFrame({"op": ["insert"]})}, UnknownTable),
        ({"place": places(1).assign(nmae="x")}, UnknownColumn),
        ({"place": places(1).to_crs(4549)}, WrongCrs),
        ({"place": places(1).set_crs(4326, allow_override=True)}, WrongCrs),
        ({"place": places(2).assign(uuid="1" * 36)}, DuplicateUuid),
        ({"place": places(1).assign(name=7)}, WrongValue),
        ({"boundary_line": places(1)[["name", "geometry"]]}, WrongGeometry),
    ],
)
def test_a_refused_load_leaves_nothing_behind(
    register: Register, frames: dict[str, pd.DataFrame], error: type[DijieError]
) -> None:
    dataset = pd.DataFrame({"key": ["a"]})

    def load_both() -> None:
        with register.writing() as connection:
            register.load(connection, {"dataset": dataset})
            register.load(connection, frames)

    with pytest.raises(error):
        load_both()
    with register.reading() as connection:
        assert register.last_seq(connection) == 0
        assert register.frame(connection, "dataset").empty
    insert(register, "place", name="b", geom=HERE)
    assert check_register(register.url) == []


def test_frame_chooses_columns_and_rows(register: Register) -> None:
    with register.writing() as connection:
        register.load(connection, {"place": places(10)})
        uuids = register.frame(connection, "place", columns=["uuid"])["uuid"].tolist()
        some = register.frame(connection, "place", columns=["name"], uuids=[uuids[7], uuids[2], "0" * 36])
        none = register.frame(connection, "place", uuids=[])
        with pytest.raises(UnknownColumn):
            register.frame(connection, "place", columns=["nmae"])
    assert some["name"].tolist() == ["2号村", "7号村"]
    assert list(some.index) == [0, 1]
    assert list(some.columns) == ["name"]
    assert none.empty
    assert none.crs == "EPSG:4490"


def test_frame_has_the_same_types_empty_and_full(register: Register) -> None:
    with register.reading() as connection:
        empty = register.frame(connection, "place")
    insert(register, "place", name="a", geom=HERE)
    insert(register, "place", name="b")
    with register.reading() as connection:
        full = register.frame(connection, "place")
    assert full.dtypes.astype(str).to_dict() == empty.dtypes.astype(str).to_dict()
    assert full["geom"].iloc[1] is None
    types = full.dtypes.astype(str)
    assert (types["name"], types["rank"], types["is_public"], types["valid_from"]) == ("str", "Int64", "boolean", "str")


def test_a_reader_sees_one_state(register: Register) -> None:
    insert(register, "place", name="a", geom=HERE)
    with register.reading() as connection:
        assert register.last_seq(connection) == 1
        insert(register, "place", name="b", geom=HERE)
        assert register.last_seq(connection) == 1
        assert len(register.frame(connection, "place")) == 1
    with register.reading() as connection:
        assert register.last_seq(connection) == 2


def test_reading_does_not_write(register: Register) -> None:
    insert(register, "place", name="a", geom=HERE)
    with register.reading() as connection:
        register.frame(connection, "place")
    with register.reading() as connection:
        assert register.last_seq(connection) == 1


def test_threads_write_one_after_the_other(register: Register) -> None:
    uuid = insert(register, "place", name="0", rank=0, geom=HERE)
    failures: list[Exception] = []

    def add() -> None:
        try:
            for _ in range(20):
                with register.writing(who="thread") as connection:
                    rank = int(register.frame(connection, "place", columns=["rank"], uuids=[uuid])["rank"].iloc[0])
                    register.update(connection, "place", uuid, {"rank": rank + 1})
        except Exception as error:  # noqa: BLE001 - reported by the test
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = row(register, "place", uuid)
    assert (found["rank"], found["version"]) == (80, 81)
    with register.reading() as connection:
        assert [one.seq for one in register.changes(connection, 0)] == list(range(1, 82))


def test_every_tracked_table_is_tracked(register: Register) -> None:
    with register.writing() as connection:
        for name in TRACKED:
            uuid = register.insert(connection, name, {})
            column = next(one.name for one in reversed(TABLES[name].columns) if "references" not in one.info)
            assert register.update(connection, name, uuid, {column: None}) == 2
            register.delete(connection, name, uuid)
        found = [(one.layer, one.op) for one in register.changes(connection, 0)]
    assert found == [(name, op) for name in TRACKED for op in ("insert", "update", "delete")]


def test_the_password_is_not_shown() -> None:
    hidden = Register("postgresql://user:secret@127.0.0.1:1/dijie")
    assert "secret" not in repr(hidden) + hidden.name
    assert "secret" in hidden.url
