"""Migrations on registers with old rows: nothing of them, of the triggers or of the GeoPackage is lost."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from shapely import Point
from sqlalchemy import create_engine, inspect

from layers.register import TABLES, Register, check_register, create_register, open_register, upgrade_register
from layers.register.engine import WRITES, make_engine
from layers.register.errors import RegisterLocked, RegisterVersion
from layers.register.geopackage import register_functions
from layers.register.migrate import HEAD, REVISIONS, SCRIPTS, UpgradeFailed, migrate_file, migrate_server
from layers.register.tables import METADATA

NATIVE = """
import sqlalchemy as sa
from alembic import op

revision = "0006_test"
down_revision = "0005"


def upgrade():
    op.add_column("place", sa.Column("alternative", sa.Text))
    op.alter_column("place", "meaning", new_column_name="sense")
    op.drop_column("place", "origin")
    op.add_column("place_name", sa.Column("since", sa.Text))
"""
COPIED = """
from alembic import op

revision = "0006_test"
down_revision = "0005"
needs_copy = True


def upgrade():
    op.execute("CREATE TABLE fresh (code TEXT)")
    op.execute("UPDATE dataset SET licence = 'checked'")
    op.execute("{statement}")
"""


def versions(folder: Path, text: str) -> Path:
    found = folder / "versions"
    found.mkdir()
    (found / "0006_test.py").write_text(text)
    return found


def fill(register: Register) -> tuple[str, str]:
    with register.writing(who="clerk") as connection:
        values = {"name": "\u9752\u5dde", "meaning": "m", "origin": "o", "geom": Point(118.5, 36.7)}
        place = register.insert(connection, "place", values)
        name = register.insert(connection, "place_name", {"place_uuid": place, "name": "\u76ca\u90fd"})
        register.insert(connection, "dataset", {"key": "a"})
    return place, name


def test_the_program_knows_its_revisions() -> None:
    assert tuple(one.revision for one in ScriptDirectory(str(SCRIPTS)).walk_revisions())[::-1] == REVISIONS
    assert REVISIONS[-1] == HEAD


@pytest.mark.filterwarnings("ignore:Did not recognize type")
def test_the_revisions_end_at_the_tables_of_the_program(register: Register) -> None:
    """The revisions describe the tables a second time, on purpose; both must agree."""
    if register.home == "gpkg":
        engine = create_engine(f"sqlite:///{register.url}")
    else:
        engine = create_engine(register.url.replace("postgresql:", "postgresql+psycopg:"))
    inspector = inspect(engine)
    for name, table in TABLES.items():
        found: dict[str, Any] = {one["name"]: one for one in inspector.get_columns(name)}
        assert list(found) == table.columns.keys()
        for column in table.columns:
            expected = str(column.type.compile(engine.dialect))
            if column.name != "geom":
                compiled = str(found[column.name]["type"].compile(engine.dialect))
                assert compiled.replace("DOUBLE PRECISION", "FLOAT") == expected.replace("TEXT(36)", "TEXT(36)"), column
            assert found[column.name]["nullable"] == (not column.primary_key), column
        indexed = {tuple(one["column_names"]) for one in inspector.get_indexes(name)} - {("geom",)}
        assert indexed == {tuple(index.columns.keys()) for index in table.indexes}, name
    engine.dispose()


def test_a_present_register_needs_nothing(register: Register) -> None:
    place, _ = fill(register)
    assert upgrade_register(register.url) == []
    with register.reading() as connection:
        assert register.frame(connection, "place", columns=["uuid"])["uuid"].tolist() == [place]


def test_columns_are_added_renamed_and_dropped_around_old_rows(register: Register, tmp_path: Path) -> None:
    place, name = fill(register)
    # Our own connections stay open: a native migration disturbs nobody.
    with register.reading() as connection:
        assert register.last_seq(connection) == 3
    assert upgrade_register(register.url, versions=[versions(tmp_path, NATIVE)]) == ["0006_test"]
    with register.writing(who="clerk") as connection:
        columns = ["fid", "uuid", "version", "name", "geom"]
        old = register.frame(connection, "place", columns=columns).iloc[0]
        assert (old["fid"], old["uuid"], old["version"], old["name"]) == (1, place, 1, "\u9752\u5dde")
        assert old["geom"].equals(Point(118.5, 36.7))
        child = register.frame(connection, "place_name", columns=["uuid", "place_uuid"]).iloc[0]
        assert (child["uuid"], child["place_uuid"]) == (name, place)
        assert register.last_seq(connection) == 3
        row = connection.exec_driver_sql("SELECT sense, alternative FROM place").one()
        assert tuple(row) == ("m", None)
        # The triggers know the new columns.
        connection.exec_driver_sql("UPDATE place SET alternative = 'x'")
        connection.exec_driver_sql("UPDATE place SET sense = 'y'")
        before = register.frame(connection, "change_log")["before"].iloc[-1]
    assert (before["sense"], before["alternative"]) == ("m", "x")
    assert not {"meaning", "origin"} & before.keys()
    rules = {(flaw.rule, flaw.where) for flaw in check_register(register.url)}
    assert rules == {
        ("column-missing", "place.meaning"), ("column-missing", "place.origin"), ("revision", "0006_test"),
    }  # fmt: skip


def test_gdal_still_reads_a_migrated_layer(gpkg: Register, path: Path, tmp_path: Path) -> None:
    fill(gpkg)
    upgrade_register(path, versions=[versions(tmp_path, NATIVE)])
    listed = subprocess.run(["ogrinfo", "-ro", "-al", path, "place"], capture_output=True, text=True, check=True)
    assert "Geometry: Point" in listed.stdout
    assert "sense (String) = m" in listed.stdout
    assert "POINT (118.5 36.7)" in listed.stdout
    assert listed.stderr == ""


def test_what_cannot_be_done_natively_is_done_on_a_copy(path: Path, tmp_path: Path) -> None:
    with create_register(path) as register:
        place, name = fill(register)
    folder = versions(tmp_path, COPIED.format(statement="SELECT 1"))
    assert upgrade_register(path, versions=[folder]) == ["0006_test"]
    assert [flaw.rule for flaw in check_register(path)] == ["revision"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.gpkg", "versions"]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT uuid, fid FROM place").fetchall() == [(place, 1)]
    assert connection.execute("SELECT uuid, place_uuid FROM place_name").fetchall() == [(name, place)]
    assert connection.execute("SELECT licence FROM dataset").fetchall() == [("checked",)]
    assert connection.execute("SELECT count(*) FROM fresh").fetchall() == [(0,)]
    connection.close()


def test_a_copy_that_fails_its_check_is_thrown_away(path: Path, tmp_path: Path) -> None:
    with create_register(path) as register:
        fill(register)
    folder = versions(tmp_path, COPIED.format(statement="DELETE FROM rtree_place_geom"))
    with pytest.raises(UpgradeFailed, match="R-tree"):
        upgrade_register(path, versions=[folder])
    assert check_register(path) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.gpkg", "versions"]
    with open_register(path) as register, register.reading() as connection:
        assert register.frame(connection, "dataset")["licence"].isna().all()


def test_a_copy_is_not_made_while_somebody_has_the_file_open(gpkg: Register, path: Path, tmp_path: Path) -> None:
    fill(gpkg)
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM place").fetchone() == (1,)
    gpkg.close()
    with pytest.raises(RegisterLocked):
        upgrade_register(path, versions=[versions(tmp_path, COPIED.format(statement="SELECT 1"))])
    other.close()
    assert check_register(path) == []


def test_a_failing_revision_leaves_the_register_as_it_was(register: Register, tmp_path: Path) -> None:
    fill(register)
    text = NATIVE + "    op.execute('SELECT nothing FROM nowhere')\n"
    with pytest.raises(Exception, match="nowhere"):
        upgrade_register(register.url, versions=[versions(tmp_path, text)])
    assert check_register(register.url) == []


def test_batch_mode_is_why_it_is_not_used(gpkg: Register, path: Path, tmp_path: Path) -> None:
    """What Alembic's batch mode does to a layer: the check sees it, and the copy is thrown away."""
    fill(gpkg)
    gpkg.close()
    text = (
        COPIED.replace('op.execute("{statement}")', "batch(op)")
        + """

def batch(op):
    import sqlalchemy as sa

    with op.batch_alter_table("place_area", recreate="always") as table:
        table.add_column(sa.Column("alternative", sa.Text))
"""
    )
    with pytest.raises(UpgradeFailed):
        upgrade_register(path, versions=[versions(tmp_path, text)])
    assert check_register(path) == []


def test_functions_needed_by_native_changes_are_there(gpkg: Register, path: Path) -> None:
    connection = sqlite3.connect(path)
    register_functions(connection)
    assert connection.execute("SELECT ST_IsEmpty(NULL), ST_MinX(x'00')").fetchone() == (None, None)
    connection.close()


def test_batches_and_accuracy_come_to_old_rows(register: Register) -> None:
    """A register of the first revision with rows and their history becomes one of today."""
    url = register.url
    register.close()
    stamp = "'11111111-1111-4111-8111-111111111111', 3, '2024-01-02T03:04:05.678Z'"
    statements = (
        f"INSERT INTO facility (uuid, version, changed, name) VALUES ({stamp}, 'a')",
        f"INSERT INTO change_log (uuid, version, at, layer, op, who) VALUES ({stamp}, 'facility', 'update', 'clerk')",
    )
    if register.home == "gpkg":
        path = Path(url)
        path.unlink()
        sqlite3.connect(path).close()
        migrate_file(path, until="0001")
        connection = sqlite3.connect(path)
        register_functions(connection)
        triggers = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        assert not any("who, why, batch" in trigger for trigger in triggers)
        connection.execute("INSERT INTO facility (name) VALUES ('b')")  # the triggers of then still write the log
        assert connection.execute("SELECT op FROM change_log").fetchall() == [("insert",)]
        connection.execute("DELETE FROM facility")
        connection.execute("DELETE FROM change_log")
        connection.execute(statements[0])
        connection.execute("DELETE FROM change_log")
        connection.execute("INSERT INTO change_context VALUES ('stamping', NULL)")
        connection.execute("UPDATE facility SET version = 3, changed = '2024-01-02T03:04:05.678Z'")
        connection.execute("DELETE FROM change_context")
        connection.execute(statements[1])
        connection.commit()
        connection.close()
    else:
        engine = make_engine(url, pooled=False)
        with engine.connect().execution_options(**{WRITES: True}) as server, server.begin():
            METADATA.drop_all(server)
            server.exec_driver_sql("DROP TABLE alembic_version")
            migrate_server(server, until="0001")
            server.exec_driver_sql("SELECT set_config('dijie.loading', 'on', true)")
            for statement in statements:
                server.exec_driver_sql(statement)
    assert {flaw.rule for flaw in check_register(url)} == {
        "revision",
        "table-missing",
        "column-missing",
        "geometry-missing",
    }
    with pytest.raises(RegisterVersion):
        open_register(url)
    assert upgrade_register(url) == ["0002", "0003", "0004", "0005"]
    assert [flaw.rule for flaw in check_register(url)] == ["geometry-missing"]
    with open_register(url) as upgraded:
        with upgraded.writing(who="planner", batch="22222222-2222-4222-8222-222222222222") as connection:
            old = upgraded.frame(connection, "facility").iloc[0]
            assert (old["name"], old["version"], old["changed"]) == ("a", 3, "2024-01-02T03:04:05.678Z")
            assert old[["position_source", "accuracy"]].isna().all()
            upgraded.update(connection, "facility", str(old["uuid"]), {"accuracy": "address"})
        with upgraded.reading() as connection:
            first, second = upgraded.changes(connection, 0)
            before = upgraded.frame(connection, "change_log")["before"].iloc[-1]
    assert (first.who, first.batch, second.batch) == ("clerk", None, "22222222-2222-4222-8222-222222222222")
    assert before["accuracy"] is None


def test_the_whole_form_comes_to_places_that_are_there(register: Register) -> None:
    """A register of the second revision keeps its places and gets the further fields and tables, empty."""
    url = register.url
    register.close()
    stamp = "'11111111-1111-4111-8111-111111111111', 3, '2024-01-02T03:04:05.678Z'"
    statement = f"INSERT INTO place (uuid, version, changed, name) VALUES ({stamp}, '弥河')"
    if register.home == "gpkg":
        path = Path(url)
        path.unlink()
        sqlite3.connect(path).close()
        migrate_file(path, until="0002")
        connection = sqlite3.connect(path)
        register_functions(connection)
        connection.execute(statement)
        connection.execute("DELETE FROM change_log")
        connection.commit()
        connection.close()
    else:
        engine = make_engine(url, pooled=False)
        with engine.connect().execution_options(**{WRITES: True}) as server, server.begin():
            METADATA.drop_all(server)
            server.exec_driver_sql("DROP TABLE alembic_version")
            migrate_server(server, until="0002")
            server.exec_driver_sql(statement)
        engine.dispose()
    assert upgrade_register(url) == ["0003", "0004", "0005"]
    with open_register(url) as upgraded:
        with upgraded.writing(who="clerk") as connection:
            old = upgraded.frame(connection, "place").iloc[0]
            assert old["name"] == "弥河"
            assert old[["map_name", "to_lon", "attributes"]].isna().all()
            uuid = str(old["uuid"])
            upgraded.update(connection, "place", uuid, {"attributes": {"length_km": 206}})
            upgraded.update(connection, "place", uuid, {"attributes": None})
            upgraded.insert(
                connection, "place_sign", {"place_uuid": uuid, "state": "intact", "geom": Point(118.5, 36.7)}
            )
            upgraded.insert(connection, "article", {"place_uuid": uuid, "title": "t", "sources": [{"title": "a"}]})
            upgraded.insert(connection, "medium", {"owner": "place", "owner_uuid": uuid, "bytes": 3})
        with upgraded.reading() as connection:
            before = upgraded.frame(connection, "change_log")["before"]
            assert upgraded.frame(connection, "article")["sources"].tolist() == [[{"title": "a"}]]
    assert before.iloc[-4]["attributes"] == {"length_km": 206}


def test_the_whole_form_comes_to_stakes_that_are_there(register: Register) -> None:
    """A register of the third revision keeps lines and stakes, and gets the further fields and the documents, empty."""
    url = register.url
    register.close()
    stamp = "'11111111-1111-4111-8111-111111111111', 3, '2024-01-02T03:04:05.678Z'"
    statements = (
        f"INSERT INTO boundary_line (uuid, version, changed, code, length_m) VALUES ({stamp}, '2481', 70.5)",
        f"INSERT INTO stake (uuid, version, changed, number, reference_features) VALUES ({stamp}, '2481001Q', '[]')",
    )
    if register.home == "gpkg":
        path = Path(url)
        path.unlink()
        sqlite3.connect(path).close()
        migrate_file(path, until="0003")
        connection = sqlite3.connect(path)
        register_functions(connection)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
    else:
        engine = make_engine(url, pooled=False)
        with engine.connect().execution_options(**{WRITES: True}) as server, server.begin():
            METADATA.drop_all(server)
            server.exec_driver_sql("DROP TABLE alembic_version")
            migrate_server(server, until="0003")
            for statement in statements:
                server.exec_driver_sql(statement)
        engine.dispose()
    assert upgrade_register(url) == ["0004", "0005"]
    with open_register(url) as upgraded:
        with upgraded.writing(who="clerk") as connection:
            line, stake = (upgraded.frame(connection, table).iloc[0] for table in ("boundary_line", "stake"))
            assert (line["code"], line["length_m"], stake["number"]) == ("2481", 70.5, "2481001Q")
            assert line[["declared_length_m", "declared_triple"]].isna().all()
            assert stake[["lettering", "set_up", "accuracy_m"]].isna().all()
            upgraded.update(connection, "stake", str(stake["uuid"]), {"lettering": "2481", "set_up": "1998-05-01"})
            upgraded.update(connection, "stake", str(stake["uuid"]), {"lettering": None})
            upgraded.insert(
                connection, "boundary_document",
                {"line_uuid": str(line["uuid"]), "kind": "agreement", "dated": "2021-05-01"},
            )  # fmt: skip
        with upgraded.reading() as connection:
            before = upgraded.frame(connection, "change_log")["before"]
            assert upgraded.frame(connection, "boundary_document")["dated"].tolist() == ["2021-05-01"]
    assert before.iloc[-2]["lettering"] == "2481"
    assert before.iloc[-2]["set_up"] == "1998-05-01"
