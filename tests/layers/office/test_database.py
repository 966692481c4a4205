"""The office's database: made where it is missing, held by no other's locks, named when it cannot be used."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from layers.office import Office, office_address, open_office
from layers.office.accounts import Profile, accounts, add_account
from layers.office.database import METADATA, SCHEMA_VERSION, OfficeUnavailable, OfficeVersion
from layers.register import create_register
from tests.postgis import PostGis


def test_its_place() -> None:
    assert office_address("/srv/weifang.gpkg") == "/srv/weifang.office.sqlite"
    assert office_address("/srv/weifang.gpkg", "/var/office.db") == "/var/office.db"
    assert office_address("postgresql://host/register") == "postgresql://host/register"


def test_only_the_owner_reads_the_file(office_path: Path) -> None:
    with open_office(office_path) as office, office.writing():
        names = [office_path, *office_path.parent.glob(f"{office_path.name}-*")]
        assert all(stat.S_IMODE(name.stat().st_mode) == 0o600 for name in names)


def test_tables_that_are_missing_are_made(office: Office) -> None:
    with office.writing() as connection:
        METADATA.tables["session"].drop(connection)
        METADATA.tables["account"].drop(connection)
    with open_office(office.url) as again:
        assert accounts(again) == []
        with again.reading() as connection:
            assert connection.execute(select(SCHEMA_VERSION)).all() == [(1,)]


def test_a_newer_one_is_refused(office: Office) -> None:
    with office.writing() as connection:
        connection.execute(update(SCHEMA_VERSION).values(version=99))
    with pytest.raises(OfficeVersion, match="newer"):
        open_office(office.url)


@pytest.mark.xdist_group("postgis")
def test_beside_the_register_on_a_server(postgis: PostGis) -> None:
    url = postgis.database("both")
    with create_register(url) as register, open_office(url) as office:
        add_account(office, "anna", Profile())
        with register.reading() as connection:
            schemas = dict(
                connection.exec_driver_sql(
                    "SELECT table_name, table_schema FROM information_schema.tables "
                    "WHERE table_name IN ('account', 'place')"
                ).all()
            )
        assert schemas == {"account": "office", "place": "public"}
    with open_office(url) as again:
        assert [each.name for each in accounts(again)] == ["anna"]


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    broken = tmp_path / "broken.sqlite"
    broken.write_text("this is no database, and it is long enough to be seen as none " * 20)
    for place in (folder, broken, tmp_path / "broken.sqlite" / "deeper.sqlite"):
        with pytest.raises(OfficeUnavailable) as caught:
            open_office(place)
        assert str(place) in str(caught.value)
        assert "DIJIE_OFFICE" in caught.value.hint


def test_who_holds_it_too_long_is_told_of(office_path: Path) -> None:
    with open_office(office_path):
        pass
    holder = sqlite3.connect(office_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with open_office(office_path, busy_timeout_s=0.1) as office:
            with pytest.raises(OfficeUnavailable, match="held by another"):
                add_account(office, "anna", Profile())
            assert accounts(office) == [], "who reads does not wait"
    finally:
        holder.close()


def test_many_open_a_new_one_at_once(office_path: Path) -> None:
    """Every process makes the tables or finds them made."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        assert pool.map(_opened, [str(office_path)] * 12) == ["ok"] * 12


def _opened(path: str) -> str:
    with open_office(path) as office:
        return "ok" if accounts(office) == [] else "not empty"


def test_no_handle_crosses_a_fork(office_path: Path) -> None:
    with open_office(office_path) as office:
        add_account(office, "anna", Profile())
        child = os.fork()
        if child == 0:
            os._exit(min(_held(office_path.name), 100))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(accounts(office)) == 1


def _held(name: str) -> int:
    """How many open files of this process have this name in theirs."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(name in str(link.readlink()) for link in links)


def test_an_error_leaves_nothing_behind(office: Office) -> None:
    def fail() -> None:
        with office.writing() as connection:
            connection.execute(update(SCHEMA_VERSION).values(version=7))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with office.reading() as connection:
        assert connection.scalar(select(SCHEMA_VERSION.c.version)) == 1


def test_writers_wait_for_one_another(office: Office) -> None:
    def add(number: int) -> None:
        for step in range(5):
            add_account(office, f"person-{number}-{step}", Profile())

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accounts(office)) == 30
