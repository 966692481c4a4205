"""Other programs write the database of a register, by SQL alone."""

from __future__ import annotations

import psycopg
import pytest

from layers.register import check_register, create_register, open_register
from layers.register.errors import RegisterLocked
from tests.postgis import PostGis


@pytest.mark.xdist_group("postgis")
def test_outside_writers_on_a_server(postgis: PostGis) -> None:
    url = postgis.database("outside")
    with create_register(url) as register:
        with psycopg.connect(url) as outside:
            for name in ("四", "五"):
                outside.execute(
                    "INSERT INTO place (name, geom) VALUES (%s, ST_GeomFromText(%s, 4490))", (name, "POINT (119 36.5)")
                )
        with psycopg.connect(url) as outside:
            outside.execute("UPDATE place SET uuid = NULL, version = NULL, name = 'x' WHERE name = '四'")
            outside.execute("INSERT INTO place (uuid, name) SELECT uuid, 'copy' FROM place WHERE name = '五'")
            outside.execute("DELETE FROM place WHERE name = '五'")
        with register.reading() as connection:
            changes = register.changes(connection, 0)
            found = register.frame(connection, "place")
        assert [one.op for one in changes] == ["insert", "insert", "update", "insert", "delete"]
        assert {one.who for one in changes} == {None}
        assert found["name"].tolist() == ["x", "copy"]
        assert found["version"].tolist() == [2, 1]
        assert found["uuid"].iloc[0] == changes[0].uuid
        assert found["uuid"].iloc[1] != changes[1].uuid
        assert [flaw.rule for flaw in check_register(url)] == ["geometry-missing"]


@pytest.mark.xdist_group("postgis")
def test_a_server_s_writers_take_turns(postgis: PostGis) -> None:
    """Else a change could be committed with a lower number than one that a reader has already seen."""
    url = postgis.database("turns")
    create_register(url).close()
    with (
        psycopg.connect(url) as first,
        psycopg.connect(url, options="-c lock_timeout=100") as second,
        open_register(url, busy_timeout_s=0.1) as register,
    ):
        first.execute("INSERT INTO dataset (key) VALUES ('a')")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute("INSERT INTO place (name) VALUES ('b')")
        with pytest.raises(RegisterLocked), register.writing():
            pass
        with register.reading() as connection:
            assert register.last_seq(connection) == 0
        first.commit()
        with register.writing() as connection:
            register.insert(connection, "dataset", {"key": "b"})
            assert [one.layer for one in register.changes(connection, 0)] == ["dataset", "dataset"]
