"""Other programs write the file while we have it open: QGIS, GDAL's tools, pyogrio, fiona, plain SQLite."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point, Polygon

from layers.register import TABLES, Register, check_register, create_register, open_register

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA")}


def run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=ENVIRONMENT, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return done.stdout


def qgis(path: Path, body: str) -> None:
    """Run a few lines in QGIS's own Python, with `layer` the place layer."""
    script = f"""
        from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
        application = QgsApplication([], False)
        application.initQgis()
        layer = QgsVectorLayer("{path}|layername=place", "place", "ogr")
        assert layer.isValid()
        assert layer.crs().authid() == "EPSG:4490", layer.crs().authid()
        assert layer.startEditing()
    """
    end = """
        assert layer.commitChanges(), layer.commitErrors()
        del layer
        application.exitQgis()
    """
    parts = [textwrap.dedent(part) for part in (script, body, end)]
    done = subprocess.run(
        ["/usr/bin/python3", "-c", "\n".join(parts)],
        capture_output=True, text=True, env={**ENVIRONMENT, "QT_QPA_PLATFORM": "offscreen"}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def elsewhere(code: str, *arguments: object) -> str:
    """Run a few lines of Python in a process of its own, as another program would.

    Two copies of SQLite in one process (Python's, and the one inside pyogrio's or fiona's wheel) do not see each
    other's locks, and break them.
    """
    return run(sys.executable, "-W", "error", "-c", textwrap.dedent(code), *(str(one) for one in arguments))


def source(folder: Path, names: list[str], lon: float = 118.5) -> Path:
    """A file of points that somebody brings."""
    file = folder / "brought.geojson"
    points = gpd.GeoDataFrame(
        {"name": names}, geometry=[Point(lon + 0.01 * at, 36.5) for at in range(len(names))], crs=4490
    )
    pyogrio.write_dataframe(points, file, driver="GeoJSON", layer_options={"RFC7946": "NO"})
    return file


class Watch:
    """What `register` tells of changes since the watch began, with a connection of ours open all the while."""

    def __init__(self, register: Register) -> None:
        self.register = register
        with register.reading() as connection:
            self.seq = register.last_seq(connection)

    def places(self) -> gpd.GeoDataFrame:
        with self.register.reading() as connection:
            return self.register.frame(connection, "place")

    def expect(self, *ops: str) -> list[str | None]:
        """The operations since the last call are these, by an outside writer, and the file is without flaw."""
        with self.register.reading() as connection:
            changes = self.register.changes(connection, self.seq)
            self.seq = self.register.last_seq(connection)
        assert [one.op for one in changes] == list(ops)
        assert {(one.layer, one.who, one.why) for one in changes} <= {("place", None, None)}
        found = self.places()
        assert all(UUID.fullmatch(one) for one in found["uuid"])
        assert found["uuid"].is_unique
        assert found["changed"].str.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z").all()
        flaws = [flaw for flaw in check_register(self.register.url) if flaw.rule != "geometry-missing"]
        assert flaws == []
        return [one.uuid for one in changes]


@pytest.fixture
def watch(gpkg: Register) -> Watch:
    with gpkg.writing(who="clerk") as connection:
        for name in ("一", "二", "三"):
            gpkg.insert(connection, "place", {"name": name, "geom": Point(118, 36)})
    return Watch(gpkg)


def before(watch: Watch) -> dict[str, Any]:
    with watch.register.reading() as connection:
        found: dict[str, Any] = watch.register.frame(connection, "change_log", columns=["before"])["before"].iloc[-1]
    return found


def test_ogrinfo_lists_every_layer_in_4490_with_its_count(watch: Watch, path: Path) -> None:
    listed = run("ogrinfo", "-ro", "-so", "-al", path)
    found = {}
    for part in listed.split("Layer name: ")[1:]:
        name = part.splitlines()[0]
        count = re.search(r"Feature Count: (\d+)", part)
        assert count is not None
        found[name] = (int(count[1]), 'ID["EPSG",4490]' in part)
    assert set(found) == set(TABLES)
    for name, table in TABLES.items():
        assert found[name][1] == (table.info["geometry"] is not None), name
    assert found["place"][0] == 3
    assert found["change_log"][0] == 3
    assert found["stake"][0] == 0


def test_gdal_sees_every_column_with_its_type(gpkg: Register, path: Path) -> None:
    kinds = {"Text": "str", "Uuid": "str", "Json": "str", "Integer": "int", "Real": "float", "Flag": "bool",
             "Date": "date", "UtcTime": "datetime"}  # fmt: skip
    told = json.loads(elsewhere("""
        import json, sys, fiona
        found = {}
        for name in fiona.listlayers(sys.argv[1]):
            with fiona.open(sys.argv[1], layer=name) as layer:
                found[name] = dict(layer.schema, epsg=layer.crs.to_epsg() if layer.crs else None)
        print(json.dumps(found))
    """, path))  # fmt: skip
    assert told.keys() == TABLES.keys()
    for name, table in TABLES.items():
        kind = table.info["geometry"]
        assert told[name]["epsg"] == (4490 if kind else None)
        assert told[name]["geometry"].upper() == (kind or "NONE")
        expected = {
            one.name: kinds[type(one.type).__name__] for one in table.columns if one.name not in ("fid", "seq", "geom")
        }
        assert {key: value.split(":")[0] for key, value in told[name]["properties"].items()} == expected


def test_ogr2ogr_appends_twice(watch: Watch, path: Path, tmp_path: Path) -> None:
    brought = source(tmp_path, ["四", "五"])
    for _ in range(2):
        run("ogr2ogr", "-append", "-nln", "place", "-a_srs", "EPSG:4490", path, brought)
        watch.expect("insert", "insert")
    found = watch.places()
    assert found["name"].tolist()[3:] == ["四", "五", "四", "五"]
    assert found["version"].tolist() == [1] * 7


def test_ogrinfo_updates_and_deletes_by_sql(watch: Watch, path: Path) -> None:
    uuids = watch.places()["uuid"].tolist()
    run("ogrinfo", path, "-sql", "UPDATE place SET name = 'x', rank = 4 WHERE name = '二'")
    assert watch.expect("update") == [uuids[1]]
    assert before(watch)["name"] == "二"
    run("ogrinfo", path, "-sql", "DELETE FROM place WHERE name = '一'")
    assert watch.expect("delete") == [uuids[0]]
    assert before(watch)["name"] == "一"
    found = watch.places()
    assert found["version"].tolist() == [2, 1]
    assert found["uuid"].tolist() == uuids[1:]


@pytest.mark.parametrize(
    "assignment",
    [
        "uuid = NULL",
        "uuid = NULL, name = 'x'",
        "uuid = 'other'",
        "version = 77, changed = NULL, uuid = ''",
        "version = NULL",
    ],
)
def test_an_outside_update_cannot_lose_the_stamps(watch: Watch, path: Path, assignment: str) -> None:
    uuids = watch.places()["uuid"].tolist()
    run("ogrinfo", path, "-sql", f"UPDATE place SET {assignment} WHERE name = '二'")
    assert watch.expect("update") == [uuids[1]]
    found = watch.places()
    assert found["uuid"].tolist() == uuids
    assert found["version"].tolist() == [1, 2, 1]


def test_pyogrio_appends(watch: Watch, path: Path) -> None:
    for _ in range(2):
        elsewhere("""
            import sys, geopandas, pyogrio, shapely
            points = geopandas.GeoDataFrame({"name": ["四"] * 3}, geometry=[shapely.Point(119, 36.5)] * 3, crs=4490)
            pyogrio.write_dataframe(points, sys.argv[1], layer="place", append=True)
        """, path)  # fmt: skip
        watch.expect("insert", "insert", "insert")
    assert watch.places().geometry.iloc[8].equals(Point(119, 36.5))


def test_fiona_appends(watch: Watch, path: Path) -> None:
    elsewhere("""
        import sys, fiona
        with fiona.open(sys.argv[1], "a", layer="place") as layer:
            empty = dict.fromkeys(layer.schema["properties"])
            for name in ("四", "五"):
                point = {"type": "Point", "coordinates": (119.5, 37.0)}
                properties = {**empty, "name": name, "is_public": True}
                layer.write({"type": "Feature", "geometry": point, "properties": properties})
    """, path)  # fmt: skip
    watch.expect("insert", "insert")
    found = watch.places()
    assert found["name"].tolist()[3:] == ["四", "五"]
    assert found["is_public"].tolist()[3:] == [True, True]


def test_qgis_inserts_updates_moves_and_deletes(watch: Watch, path: Path) -> None:
    uuids = watch.places()["uuid"].tolist()
    qgis(path, """
        feature = QgsFeature(layer.fields())
        feature["name"] = "新村"
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(118.9, 36.9)))
        assert layer.addFeature(feature)
    """)  # fmt: skip
    watch.expect("insert")
    assert watch.places().geometry.iloc[3].equals(Point(118.9, 36.9))
    qgis(path, """
        ids = {feature["name"]: feature.id() for feature in layer.getFeatures()}
        layer.changeAttributeValue(ids["二"], layer.fields().indexOf("name"), "改")
        layer.changeGeometry(ids["三"], QgsGeometry.fromPointXY(QgsPointXY(119.9, 36.1)))
        layer.deleteFeature(ids["一"])
    """)  # fmt: skip
    assert sorted(watch.expect("update", "update", "delete")) == sorted(uuids)
    found = watch.places()
    assert found["name"].tolist() == ["改", "三", "新村"]
    assert found["version"].tolist() == [2, 2, 1]
    assert found.geometry.iloc[1].equals(Point(119.9, 36.1))


def test_qgis_pastes_a_copy_that_is_a_feature_of_its_own(watch: Watch, path: Path) -> None:
    uuids = watch.places()["uuid"].tolist()
    qgis(path, """
        original = next(layer.getFeatures())
        copy = QgsFeature(layer.fields())
        copy.setAttributes([None] + original.attributes()[1:])
        copy.setGeometry(original.geometry())
        assert copy["uuid"] == original["uuid"]
        assert layer.addFeature(copy)
    """)  # fmt: skip
    watch.expect("insert")
    found = watch.places()
    assert found["name"].tolist() == ["一", "二", "三", "一"]
    assert found["uuid"].tolist()[:3] == uuids


def test_qgis_clears_a_uuid_in_vain(watch: Watch, path: Path) -> None:
    uuids = watch.places()["uuid"].tolist()
    qgis(path, """
        for feature in layer.getFeatures():
            layer.changeAttributeValue(feature.id(), layer.fields().indexOf("uuid"), None)
    """)  # fmt: skip
    watch.expect("update", "update", "update")
    assert watch.places()["uuid"].tolist() == uuids


@pytest.mark.parametrize("recursive", [0, 1])
def test_plain_sqlite_with_and_without_recursive_triggers(gpkg: Register, path: Path, recursive: int) -> None:
    # No ST_ functions here: tables without geometry need none.
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {recursive}")
        connection.execute("INSERT INTO dataset (key) VALUES ('a'), ('b')")
        connection.execute("UPDATE dataset SET title_en = 'x', uuid = NULL, version = 40")
        connection.execute("UPDATE dataset SET version = 1")
        connection.execute("DELETE FROM dataset WHERE key = 'a'")
    connection.close()
    with gpkg.reading() as ours:
        assert [one.op for one in gpkg.changes(ours, 0)] == ["insert"] * 2 + ["update"] * 4 + ["delete"]
        found = gpkg.frame(ours, "dataset").iloc[0]
    # The last writer set the version down to 1 himself; the count goes on from what the row had.
    assert (found["key"], found["title_en"], found["version"]) == ("b", "x", 3)
    assert UUID.fullmatch(found["uuid"])
    assert check_register(path) == []


def test_our_who_does_not_stick_to_the_next_writer(watch: Watch, path: Path) -> None:
    with watch.register.writing(who="clerk", why="filing") as connection:
        watch.register.insert(connection, "place", {"name": "a", "geom": Point(118, 36)})
        assert watch.register.changes(connection, watch.seq)[0].who == "clerk"
        watch.seq = watch.register.last_seq(connection)
    run("ogrinfo", path, "-sql", "UPDATE place SET name = 'x' WHERE name = 'a'")
    watch.expect("update")


def test_lines_and_areas_from_outside_are_indexed(gpkg: Register, path: Path) -> None:
    elsewhere("""
        import sys, geopandas, pyogrio, shapely
        line, area = shapely.LineString([(118, 36), (119, 37)]), shapely.Polygon([(118, 36), (119, 36), (119, 37)])
        for layer, shape in ("boundary_line", line), ("place_area", area):
            frame = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shape], crs=4490)
            multi = layer == "place_area"
            pyogrio.write_dataframe(frame, sys.argv[1], layer=layer, append=True, promote_to_multi=multi)
    """, path)  # fmt: skip
    with gpkg.writing() as connection:
        (uuid,) = gpkg.frame(connection, "place_area")["uuid"]
        gpkg.update(connection, "place_area", uuid, {"geom": Polygon([(118, 36), (119.5, 36), (119, 37.5)])})
        assert gpkg.frame(connection, "boundary_line").geometry.iloc[0].equals(LineString([(118, 36), (119, 37)]))
    assert check_register(path) == []


def test_eight_processes_lose_nothing(path: Path) -> None:
    create_register(path).close()
    code = """
        import os, sys, shapely
        from layers.register import open_register
        register = open_register(sys.argv[1], busy_timeout_s=60)
        for at in range(20):
            with register.writing(who=str(os.getpid())) as connection:
                register.insert(connection, "place", {"name": f"{os.getpid()}-{at}", "geom": shapely.Point(118, 36)})
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code), str(path)]
    writers = [subprocess.Popen(command, env=ENVIRONMENT) for _ in range(8)]
    assert [writer.wait(120) for writer in writers] == [0] * 8
    with open_register(path) as register, register.reading() as connection:
        found = register.frame(connection, "place")
        changes = register.changes(connection, 0)
    assert len(found) == found["name"].nunique() == 160
    assert [one.seq for one in changes] == list(range(1, 161))
    assert pd.Series([one.who for one in changes]).value_counts().tolist() == [20] * 8
    assert check_register(path) == []


def test_a_process_forked_off_does_not_disturb_ours(watch: Watch, path: Path) -> None:
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_insert, args=(watch.register,))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    run("ogrinfo", path, "-sql", "UPDATE place SET name = 'x' WHERE name = 'forked'")
    watch.expect("insert", "update")


def _insert(register: Register) -> None:
    assert register._engine.pool.checkedin() == 0  # type: ignore[attr-defined]  # nothing came over the fork
    with register.writing() as connection:
        register.insert(connection, "place", {"name": "forked", "geom": Point(118, 36)})
