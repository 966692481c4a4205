# ruff: noqa: S608 - table and column names are our own, every value is bound
"""Bringing a register to the present schema, old rows and all.

Alembic's batch mode is never used: on a GeoPackage it copies each table into a new one and so loses the triggers,
turns ``geom POINT`` into an INTEGER and deletes what refers to the table. A revision adds, renames and drops columns
natively, inside one transaction, while others have the file open. One that cannot sets ``needs_copy = True``: then
nobody else may have the file open, a copy is migrated, checked and put in its place.

Our triggers are dropped before and built anew after, from the columns that are there then.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, inspect
from sqlalchemy.pool import NullPool

from gis.errors import Conflict
from layers.register import postgis
from layers.register.engine import WRITES, connect_file, display_name, file_path, is_server, make_engine, raw_file
from layers.register.errors import explained
from layers.register.tables import CHANGE_LOG, GEOMETRY_COLUMN, TRACKING
from layers.register.triggers import change_triggers, columns_of, rebuild_change_triggers

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005")
"""Every revision that this program knows, oldest first."""
HEAD = REVISIONS[-1]
VERSION_TABLE = "alembic_version"
SCRIPTS = Path(__file__).with_name("migrations")


class UpgradeFailed(Conflict):
    """A migrated copy did not pass its check; the register is as it was."""

    code = "upgrade-failed"


def present_revision(connection: Connection) -> str | None:
    """The revision that a register is at; None if this is no register."""
    if not {VERSION_TABLE, CHANGE_LOG} <= set(inspect(connection).get_table_names()):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return None if found is None else str(found)


def upgrade_register(path_or_url: str | os.PathLike[str], *, versions: Sequence[Path] = ()) -> list[str]:
    """Bring a register to the present schema.

    Parameters
    ----------
    versions
        Further folders of revisions, besides the program's own.

    Returns
    -------
    list of str
        The revisions that were applied, oldest first; empty if there was nothing to do.

    Raises
    ------
    RegisterMissing, NotARegister, RegisterVersion, RegisterLocked, UpgradeFailed
    """
    from layers.register.opening import require_geopackage, require_upgradable

    name = display_name(path_or_url)
    if not is_server(path_or_url):
        require_geopackage(file_path(path_or_url))
    engine = make_engine(path_or_url, pooled=False)
    with explained(name):
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            present = present_revision(connection)
            config, pending = _pending(present, versions)
            require_upgradable(present, {script.revision for script in _all(config)}, name)
            by_copy = any(getattr(script.module, "needs_copy", False) for script in pending)
            if not by_copy or is_server(path_or_url):
                _run(connection, config, pending)
        if by_copy and not is_server(path_or_url):
            _by_copy(file_path(path_or_url), versions)
    return [script.revision for script in pending]


def migrate_file(path: Path, *, versions: Sequence[Path] = (), until: str = "heads") -> None:
    """Bring a file that nobody else has open, an empty one too, to the present schema or to a revision before it."""
    engine = create_engine("sqlite://", creator=lambda: connect_file(path, wal=False), poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection, connection.begin():
        _run(connection, *_pending(present_revision(connection), versions), until)


def migrate_server(connection: Connection, *, versions: Sequence[Path] = (), until: str = "heads") -> None:
    """Bring a database, an empty one too, to the present schema or a revision inside the caller's transaction."""
    _run(connection, *_pending(present_revision(connection), versions), until)


def _config(versions: Sequence[Path]) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    folders = [SCRIPTS / "versions", *versions]
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in folders).replace("%", "%%"))
    return config


def _all(config: Config) -> list[Script]:
    from alembic.script import ScriptDirectory

    return list(ScriptDirectory.from_config(config).walk_revisions())


def _pending(present: str | None, versions: Sequence[Path]) -> tuple[Config, list[Script]]:
    config = _config(versions)
    pending: list[Script] = []
    for script in _all(config):  # newest first
        if script.revision == present:
            break
        pending.append(script)
    return config, pending[::-1]


def _run(connection: Connection, config: Config, pending: list[Script], until: str = "heads") -> None:
    if not pending:
        return
    from alembic import command

    _drop_change_triggers(connection)
    config.attributes["connection"] = connection
    command.upgrade(config, until)
    _lay_change_triggers(connection)


def _drop_change_triggers(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL's triggers name no columns
    raw = raw_file(connection)
    for table in _file_tables(raw):
        for name in change_triggers(raw, table):
            raw.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def _lay_change_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = raw_file(connection)
        for table in _file_tables(raw):
            rebuild_change_triggers(raw, table)
        return
    postgis.create_functions(connection)
    for table, columns in postgis.tables(connection).items():
        if set(TRACKING) <= columns:
            postgis.track(connection, table, geometry=GEOMETRY_COLUMN in columns)


def _file_tables(raw: sqlite3.Connection) -> list[str]:
    """Tables that have what tracking needs, whether or not this program knows them."""
    rows: list[tuple[Any, ...]] = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [str(name) for (name,) in rows if set(TRACKING) <= set(columns_of(raw, str(name)))]


def _by_copy(path: Path, versions: Sequence[Path]) -> None:
    from layers.register.check import check_register

    before = {(finding.rule, finding.where) for finding in check_register(path)}
    copy = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    original = sqlite3.connect(path, timeout=2.0, isolation_level=None)
    try:
        # Refused while anybody else has the file open; afterwards there is no log beside it that could be lost.
        original.execute("PRAGMA journal_mode = DELETE")
        # The lock outlasts the transaction: SQLite does not copy out of one that writes.
        original.execute("PRAGMA locking_mode = EXCLUSIVE")
        original.execute("BEGIN EXCLUSIVE")
        original.execute("COMMIT")
        target = sqlite3.connect(copy)
        with target:
            original.backup(target)
        target.close()
        migrate_file(copy, versions=versions)
        fresh = [
            finding
            for finding in check_register(copy)
            if finding.severity == "error" and (finding.rule, finding.where) not in before and finding.rule != "schema"
        ]
        if fresh:
            raise UpgradeFailed(
                "The upgraded copy of %(name)s does not pass its check: %(reason)s",
                hint="The register is as it was. Report this with the output of `dijie register check`.",
                name=str(path),
                reason=fresh[0].message,
            )
        copy.replace(path)
    finally:
        original.close()
        for left in (copy, *(copy.with_name(copy.name + end) for end in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)
