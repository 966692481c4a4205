"""Opening and creating: what is made is whole, and what cannot be is said clearly."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

from gis.errors import Conflict, DijieError, Invalid, NotFound, Unavailable
from layers.register import Register, check_register, create_register, open_register, upgrade_register
from layers.register.errors import (
    BadAddress,
    NotARegister,
    RegisterDamaged,
    RegisterExists,
    RegisterLocked,
    RegisterMissing,
    RegisterReadOnly,
    RegisterUnreachable,
    RegisterVersion,
)
from tests.postgis import PostGis


def set_revision(path: Path, revision: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def other_geopackage(path: Path) -> None:
    pyogrio.write_dataframe(gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)], crs=4490), path, driver="GPKG")


@pytest.mark.parametrize("function", [open_register, check_register, upgrade_register])
def test_what_is_no_register_is_named(function: object, tmp_path: Path) -> None:
    assert callable(function)
    text, empty, foreign = tmp_path / "a.gpkg", tmp_path / "b.gpkg", tmp_path / "c.gpkg"
    text.write_text("name,lon,lat\n" * 100)
    empty.touch()
    other_geopackage(foreign)
    cases: list[tuple[Path, type[DijieError], str]] = [
        (tmp_path / "missing.gpkg", RegisterMissing, "There is no register at"),
        (tmp_path, NotARegister, "is a folder"),
        (text, NotARegister, "is not a GeoPackage"),
        (empty, NotARegister, "is not a GeoPackage"),
        (foreign, NotARegister, "is not a register of Dijie"),
    ]
    for path, error, words in cases:
        with pytest.raises(error, match=words) as caught:
            function(path)
        assert str(path) in caught.value.message
        assert caught.value.hint
    assert not (tmp_path / "missing.gpkg").exists()
    assert issubclass(RegisterMissing, NotFound)
    assert issubclass(NotARegister, Invalid)


@pytest.mark.parametrize(("revision", "words"), [("0000", "newer"), ("9999", "newer")])
def test_an_unknown_revision_is_a_newer_program_s(gpkg: Register, path: Path, revision: str, words: str) -> None:
    set_revision(path, revision)
    with pytest.raises(RegisterVersion, match=words):
        open_register(path)
    with pytest.raises(RegisterVersion, match=words):
        upgrade_register(path)
    assert [flaw.rule for flaw in check_register(path)] == ["revision"]


def test_an_older_revision_asks_for_the_upgrade(gpkg: Register, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.register.opening.REVISIONS", ("0001", "0002", "0003", "0004", "0005", "0006"))
    monkeypatch.setattr("layers.register.opening.HEAD", "0006")
    with pytest.raises(RegisterVersion, match="older") as caught:
        open_register(path)
    assert "dijie register upgrade" in caught.value.hint


def test_a_locked_register_is_said_to_be_locked(gpkg: Register, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_register(path, busy_timeout_s=0.1) as register:
        with register.reading() as connection:
            assert register.last_seq(connection) == 0
        with pytest.raises(RegisterLocked) as caught, register.writing():
            pass
        other.execute("ROLLBACK")
        other.close()
        with register.writing() as connection:
            register.insert(connection, "dataset", {"key": "a"})
    assert isinstance(caught.value, Unavailable)


def test_a_register_that_may_only_be_read_is_read(gpkg: Register, path: Path, tmp_path: Path) -> None:
    with gpkg.writing() as connection:
        gpkg.insert(connection, "dataset", {"key": "a"})
    gpkg.close()
    code = """
import sys
from layers.register import open_register
from layers.register.errors import RegisterReadOnly
with open_register(sys.argv[1]) as register:
    with register.reading() as connection:
        assert register.last_seq(connection) == 1
    try:
        with register.writing() as connection:
            register.insert(connection, "dataset", {"key": "b"})
    except RegisterReadOnly as error:
        print(error.code)
"""
    folder = tmp_path / "shared"
    folder.mkdir()
    copy = folder / "register.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    shutil.copy(path, copy)
    copy.chmod(0o444)
    folder.chmod(0o555)
    user: list[str] = []
    if os.geteuid() == 0:  # to root nothing is read-only
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        for parent in folder.parents:
            if parent != Path("/") and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)
    done = subprocess.run(
        [*user, sys.executable, "-c", code, str(copy)], capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    folder.chmod(0o755)
    assert (done.stdout.strip(), done.returncode) == (RegisterReadOnly.code, 0), done.stderr


def test_a_damaged_file_is_said_to_be_damaged(gpkg: Register, path: Path) -> None:
    with gpkg.writing() as connection:
        for number in range(200):
            gpkg.insert(connection, "dataset", {"key": f"{number}" * 50})
    gpkg.close()
    content = bytearray(path.read_bytes())
    content[4096 * 8 :] = b"\xff" * (len(content) - 4096 * 8)
    path.write_bytes(content)
    with pytest.raises(RegisterDamaged), open_register(path) as register, register.reading() as connection:
        register.frame(connection, "dataset")
    assert {flaw.rule for flaw in check_register(path)} == {"integrity"}


def test_nothing_is_overwritten_unasked(path: Path, tmp_path: Path) -> None:
    with create_register(path) as register, register.writing() as connection:
        register.insert(connection, "dataset", {"key": "a"})
    with pytest.raises(RegisterExists) as caught:
        create_register(path)
    assert isinstance(caught.value, Conflict)
    with create_register(path, overwrite=True) as register, register.reading() as connection:
        assert register.last_seq(connection) == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.gpkg"]


def test_what_is_no_register_is_never_overwritten(tmp_path: Path) -> None:
    text, foreign = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    text.write_text("work of years")
    other_geopackage(foreign)
    for path in (text, foreign, tmp_path):
        with pytest.raises(NotARegister):
            create_register(path, overwrite=True)
    assert text.read_text() == "work of years"
    assert len(pyogrio.read_dataframe(foreign)) == 1


def test_a_register_in_use_is_not_overwritten(gpkg: Register, path: Path) -> None:
    with gpkg.reading() as connection:
        assert gpkg.last_seq(connection) == 0
        with pytest.raises(RegisterLocked):
            create_register(path, overwrite=True)
    assert check_register(path) == []


def test_a_creation_that_fails_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("layers.register.migrate._lay_change_triggers", fail)
    with pytest.raises(RuntimeError):
        create_register(path)
    assert list(path.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegisterUnreachable):
        create_register(tmp_path / "file" / "register.gpkg")


def test_folders_are_made_and_addresses_are_paths(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "登记 100%#?.gpkg"
    with create_register(f"sqlite:///{path}") as register:
        assert register.home == "gpkg"
        assert register.url == str(path)
    assert path.exists()
    assert check_register(path) == []


def test_it_is_a_geopackage_in_wal_mode(gpkg: Register, path: Path) -> None:
    with gpkg.reading() as connection:
        modes = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "application_id", "user_version")
        }
    assert modes == {
        "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "application_id": 0x47504B47,
        "user_version": 10300,
    }  # fmt: skip


def test_an_unreachable_server_is_said_without_the_password() -> None:
    for function in (open_register, create_register, check_register, upgrade_register):
        with pytest.raises(RegisterUnreachable) as caught:
            function("postgresql://clerk:secret@127.0.0.1:1/dijie")
        assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.xdist_group("postgis")
def test_a_server_is_opened_and_overwritten_by_the_same_rules(postgis: PostGis) -> None:
    url = postgis.database("opening")
    with pytest.raises(NotARegister):
        open_register(url)
    with pytest.raises(RegisterUnreachable):
        open_register(postgis.url("nowhere"))
    with create_register(url.replace("postgresql:", "postgres:")) as register:
        assert register.home == "postgis"
        with register.writing() as connection:
            register.insert(connection, "dataset", {"key": "a"})
    with pytest.raises(RegisterExists):
        create_register(url)
    with create_register(url, overwrite=True) as register, register.reading() as connection:
        assert register.last_seq(connection) == 0
    assert check_register(url) == []


@pytest.mark.xdist_group("postgis")
def test_a_server_s_reader_cannot_write(server_url: str) -> None:
    with create_register(server_url) as register, pytest.raises(RegisterReadOnly), register.reading() as connection:
        register.insert(connection, "dataset", {"key": "a"})


_LEAVE_A_LOG = """
import os, sys
from layers.register import open_register
register = open_register(sys.argv[1])
with register.writing() as connection:
    register.insert(connection, "dataset", {"key": "old"})
os._exit(1)  # as a power cut: the write-ahead log stays
"""


def test_the_log_of_a_register_that_was_deleted_does_not_get_into_the_next(tmp_path: Path) -> None:
    path = tmp_path / "r.gpkg"
    create_register(path).close()
    subprocess.run([sys.executable, "-c", _LEAVE_A_LOG, str(path)], check=False, timeout=60)
    assert path.with_name("r.gpkg-wal").stat().st_size > 0
    path.unlink()
    with create_register(path) as register, register.reading() as connection:
        assert register.frame(connection, "dataset").empty


def test_a_register_put_in_the_place_of_an_open_one_is_read(tmp_path: Path) -> None:
    path, other = tmp_path / "r.gpkg", tmp_path / "other.gpkg"
    with create_register(other) as made, made.writing() as connection:
        made.insert(connection, "dataset", {"key": "new"})
    with create_register(path) as register:
        with register.reading() as connection:
            assert register.frame(connection, "dataset").empty
        other.replace(path)
        with register.reading() as connection:
            assert register.frame(connection, "dataset")["key"].tolist() == ["new"]
        path.unlink()
        with pytest.raises(RegisterUnreachable), register.reading():
            pass


def test_more_readers_at_once_than_a_pool_usually_holds(tmp_path: Path) -> None:
    with create_register(tmp_path / "r.gpkg") as register, contextlib.ExitStack() as stack:
        for _ in range(20):
            assert register.last_seq(stack.enter_context(register.reading())) == 0


@pytest.mark.parametrize("address", ["postgresql://who:secret@host:port/db", "postgresql:", "postgresql://[::1/db"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(BadAddress) as caught:
        open_register(address)
    assert "secret" not in str(caught.value)
