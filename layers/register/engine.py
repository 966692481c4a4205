"""Engines for both homes: what every connection is given, and how a transaction begins."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import NullPool, QueuePool

from layers.register import postgis
from layers.register.addresses import display_name, file_path, is_server, keep_out_of_forks, server_url
from layers.register.geopackage import register_functions

__all__ = [
    "BATCH",
    "WHO",
    "WHY",
    "WRITES",
    "connect_file",
    "display_name",
    "file_path",
    "is_server",
    "make_engine",
    "raw_file",
    "server_cursor",
    "server_url",
]

WRITES = "dijie_writes"
"""Execution option of a connection whose transaction is going to write."""
WHO = "dijie_who"
WHY = "dijie_why"
BATCH = "dijie_batch"
"""Execution options: who writes, for what reason, and the uuid that joins all changes of the transaction."""


class _FileConnection(sqlite3.Connection):
    """A connection that knows which file stood at the path when it was opened."""

    opened: tuple[int, int] | None = None


def _standing(path: Path) -> tuple[int, int] | None:
    """What tells the file at a path from another that takes its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def connect_file(path: Path, *, busy_timeout_s: float = 10.0, wal: bool = True) -> sqlite3.Connection:
    """A connection to an existing GeoPackage that can write it as GDAL and QGIS do; without WAL for private copies."""
    standing = _standing(path)  # before: if the file is replaced in between, the connection is opened once more
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
        factory=_FileConnection,
    )
    connection.opened = standing
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if wal:
            _set_wal(connection)
        register_functions(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_wal(connection: sqlite3.Connection) -> None:
    # QGIS turns WAL off when it closes a file that nobody else has open, hence at each connection. A file that cannot
    # be written stays in the mode that it has.
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise


def make_engine(path_or_url: str | os.PathLike[str], *, busy_timeout_s: float = 10.0, pooled: bool = True) -> Engine:
    """An engine for either home.

    Parameters
    ----------
    busy_timeout_s
        How long a writer waits for another, in seconds, before `RegisterLocked`.
    pooled
        Whether connections are kept open between uses.
    """
    # As many connections as there are threads: a thread may hold one while it waits for another thread that needs one.
    pool: dict[str, Any] = {"poolclass": QueuePool, "max_overflow": -1} if pooled else {"poolclass": NullPool}
    if is_server(path_or_url):
        milliseconds = int(busy_timeout_s * 1000)
        engine = create_engine(
            server_url(path_or_url),
            connect_args={"options": f"-c lock_timeout={milliseconds}", "connect_timeout": 10},
            pool_pre_ping=pooled,
            **pool,
        )
    else:
        path = file_path(path_or_url)
        engine = create_engine("sqlite://", creator=lambda: connect_file(path, busy_timeout_s=busy_timeout_s), **pool)
        event.listen(engine, "checkout", _require_standing(path))
    event.listen(engine, "begin", _begin)
    keep_out_of_forks(engine)
    return engine


def _require_standing(path: Path) -> Callable[..., None]:
    """Have a kept connection opened anew where another file has taken the place of the one that it reads.

    Else some threads would go on with the old register and others begin with the new one.
    """

    def check(raw: _FileConnection, *_: object) -> None:
        if raw.opened is None or raw.opened != _standing(path):
            raise DisconnectionError

    return check


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.dialect.name == "sqlite":
        # A plain BEGIN that comes to write later fails at once when another has written meanwhile; waiting helps only
        # if the lock is asked for at the beginning.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({postgis.WRITE_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def raw_file(connection: Connection) -> sqlite3.Connection:
    """The driver's connection beneath, where a row at a time through SQLAlchemy would be too slow (GeoPackage)."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def server_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """The driver's cursor beneath (PostgreSQL)."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw.cursor()
