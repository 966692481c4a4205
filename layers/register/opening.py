"""Opening and creating a register, with a clear word where it cannot be."""

from __future__ import annotations

import os
import sqlite3
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, inspect

from gis.errors import Unavailable
from layers.register.engine import display_name, file_path, is_server, make_engine
from layers.register.errors import (
    NotARegister,
    RegisterExists,
    RegisterMissing,
    RegisterUnreachable,
    RegisterVersion,
    explained,
)
from layers.register.geopackage import APPLICATION_ID
from layers.register.migrate import HEAD, REVISIONS, VERSION_TABLE, migrate_file, migrate_server, present_revision
from layers.register.register import Register
from layers.register.tables import CHANGE_LOG, METADATA

PathOrUrl = str | os.PathLike[str]


def open_register(path_or_url: PathOrUrl, *, busy_timeout_s: float = 10.0) -> Register:
    """Open a register: a GeoPackage by its path, or a PostGIS database by its address.

    Parameters
    ----------
    busy_timeout_s
        How long to wait, in seconds, for another program that writes.

    Raises
    ------
    RegisterMissing, NotARegister, RegisterVersion, RegisterLocked, RegisterUnreachable, RegisterDamaged
    """
    if not is_server(path_or_url):
        require_geopackage(file_path(path_or_url))
    register = Register(path_or_url, busy_timeout_s=busy_timeout_s)
    try:
        with register.reading() as connection:
            require_version(present_revision(connection), register.name)
    except BaseException:
        register.close()
        raise
    return register


def require_geopackage(path: Path) -> None:
    """Raise unless this is a GeoPackage file."""
    name = str(path)
    if path.is_dir():
        raise NotARegister("%(name)s is a folder, not a register.", hint="Name the .gpkg file in it.", name=name)
    if not path.exists():
        raise RegisterMissing(
            "There is no register at %(name)s.",
            hint="Make one with `dijie demo` or `dijie register init`.",
            name=name,
        )
    # Asked of SQLite and never of the file itself: closing a file drops every lock that this process holds on it, and
    # QGIS would then take the write-ahead log away beneath our open connections.
    with explained(name):
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if "not a database" not in str(error):
                raise
            application = None
        finally:
            connection.close()
    if application != APPLICATION_ID:
        raise NotARegister(
            "%(name)s is not a GeoPackage.", hint="A register is a .gpkg file made by this program.", name=name
        )


def require_version(revision: str | None, name: str) -> None:
    """Raise unless a register of this revision can be used as it is; None: it has no version table."""
    if revision is None:
        raise NotARegister(
            "%(name)s is not a register of Dijie.",
            hint="Import its layers into one: make it with `dijie register init`.",
            name=name,
        )
    if revision not in REVISIONS:
        raise RegisterVersion(
            "The register %(name)s was made by a newer version of Dijie (%(revision)s).",
            hint="Install the newer version.",
            name=name,
            revision=revision,
        )
    if revision != HEAD:
        raise RegisterVersion(
            "The register %(name)s was made by an older version of Dijie (%(revision)s).",
            hint="Bring it up to date: dijie register upgrade",
            name=name,
            revision=revision,
        )


def require_upgradable(revision: str | None, known: set[str], name: str) -> None:
    """Raise unless this is a register of one of the known revisions."""
    if revision is None or revision not in known:
        require_version(revision, name)


def create_register(path_or_url: PathOrUrl, *, overwrite: bool = False) -> Register:
    """Make an empty register, complete or not at all, and open it.

    Parameters
    ----------
    overwrite
        Whether to replace a register that is there already. Anything else that stands there is never replaced.

    Raises
    ------
    RegisterExists, RegisterUnreachable, NotARegister
    """
    if is_server(path_or_url):
        _create_on_server(path_or_url, overwrite=overwrite)
    else:
        _create_file(file_path(path_or_url), overwrite=overwrite)
    return open_register(path_or_url)


def _exists(name: str) -> RegisterExists:
    return RegisterExists(
        "There is something at %(name)s already.", hint="Choose another place, or overwrite it.", name=name
    )


def _create_file(path: Path, *, overwrite: bool) -> None:
    if path.exists():
        if not overwrite:
            raise _exists(str(path))
        _require_replaceable(path)
    # Beside the target, so that the renaming stays within one file system; its name tells a left-over of a power cut.
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        with explained(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
            sqlite3.connect(fresh).close()
            migrate_file(fresh)
            if path.exists() and not overwrite:
                raise _exists(str(path))
            forget_leftovers(path)
            fresh.replace(path)
    except OSError as error:
        raise RegisterUnreachable(
            "The register %(name)s cannot be reached: %(reason)s.",
            hint="Check the address, the disk and that the database server runs.",
            name=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error
    finally:
        for left in (fresh, *(fresh.with_name(fresh.name + end) for end in ("-wal", "-shm", "-journal"))):
            with suppress(FileNotFoundError, NotADirectoryError):
                left.unlink()


def forget_leftovers(path: Path) -> None:
    """Remove the logs of a register that is gone: SQLite would play them into the next file of that name."""
    if not path.exists():
        for end in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _require_replaceable(path: Path) -> None:
    """Raise unless this is a register that nobody has open; then nothing of it is left beside the new one."""
    require_geopackage(path)
    with explained(str(path)):
        connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {VERSION_TABLE, CHANGE_LOG} <= tables:
                require_version(None, str(path))
            # Fails while anybody else has the file open, and otherwise takes the write-ahead log away.
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()


def _create_on_server(url: PathOrUrl, *, overwrite: bool) -> None:
    name = display_name(url)
    engine = make_engine(url, pooled=False)
    with explained(name), engine.connect().execution_options(dijie_writes=True) as connection, connection.begin():
        there = set(inspect(connection).get_table_names())
        if there & {VERSION_TABLE, *METADATA.tables}:
            if not overwrite:
                raise _exists(name)
            if not {VERSION_TABLE, CHANGE_LOG} <= there:
                require_version(None, name)
            METADATA.drop_all(connection)
            connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")
        _require_postgis(connection, name)
        migrate_server(connection)


def _require_postgis(connection: Connection, name: str) -> None:
    available = connection.exec_driver_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").first()
    if available is None:
        raise Unavailable(
            "The database server of %(name)s has no PostGIS.", hint="Install PostGIS on the server.", name=name
        )
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
