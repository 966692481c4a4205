"""The office's database: an SQLite file beside the register's, or the schema ``office`` of its PostgreSQL database.

Tables are made where they are missing when the office is opened.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Literal, Self
from urllib.parse import quote

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from gis.errors import N_, DijieError, Invalid, Unavailable
from layers.register.addresses import display_name, file_path, is_server, keep_out_of_forks, server_url
from layers.register.errors import RegisterDamaged, RegisterLocked, RegisterReadOnly, explain

SCHEMA = "office"
"""The schema on a PostgreSQL server."""
VERSION = 1
"""The form of the office's tables that this program knows."""

METADATA = MetaData()
"""The tables of every part of the office."""

SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

_WRITES = "dijie_office_writes"
_WRITE_LOCK = 0x6F6666696365  # "office" in ASCII: on a server too, one writes at a time


class OfficeUnavailable(Unavailable):
    """The office's database cannot be opened, read or written now."""

    code: ClassVar[str] = "office-unavailable"


class OfficeVersion(Invalid):
    """The office's database was made by a newer program."""

    code: ClassVar[str] = "office-version"


def office_address(register: str | os.PathLike[str], office: str = "") -> str:
    """Where a register's office is.

    Parameters
    ----------
    office
        The setting; empty for the usual place: beside a file ``<stem>.office.sqlite``, on a server the same database.
    """
    if office:
        return office
    if is_server(register):
        return str(register)
    path = file_path(register)
    return str(path.with_name(f"{path.stem}.office.sqlite"))


class Office:
    """An open office; made by `open_office`. To be shared by threads; idle connections are closed before a fork."""

    def __init__(self, path_or_url: str | os.PathLike[str], *, busy_timeout_s: float = 10.0) -> None:
        server = is_server(path_or_url)
        self.home: Literal["sqlite", "postgresql"] = "postgresql" if server else "sqlite"
        self.url: str = (
            server_url(path_or_url).render_as_string(hide_password=False) if server else str(file_path(path_or_url))
        )
        self.name: str = display_name(path_or_url)
        self._engine = _server_engine(self.url, busy_timeout_s) if server else _file_engine(self.url, busy_timeout_s)

    def __repr__(self) -> str:
        return f"<Office {self.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are not in use; the office can still be used and opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the office."""
        with _explained(self.name), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone writes; everything is kept at the end, or nothing if an error leaves the block.

        Stay well under a second within: other writers wait.
        """
        with (
            _explained(self.name),
            self._engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def prepare(self) -> None:
        """Make the tables that are missing."""
        import layers.office.parts  # noqa: F401 - a worker that waits for jobs does without accounts

        with self.reading() as connection:
            if self._is_prepared(connection):
                return
        with self.writing() as connection:
            if self.home == "postgresql":
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            METADATA.create_all(connection)
            if connection.scalar(select(SCHEMA_VERSION.c.version)) is None:
                connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))

    def _is_prepared(self, connection: Connection) -> bool:
        names = set(connection.dialect.get_table_names(connection, SCHEMA if self.home == "postgresql" else None))
        if SCHEMA_VERSION.name in names:
            found = connection.scalar(select(SCHEMA_VERSION.c.version))
            if found is not None and found > VERSION:
                raise OfficeVersion(
                    N_("The office database %(name)s was made by a newer version of Dijie."),
                    hint=N_("Install the newer version."),
                    name=self.name,
                )
        return names.issuperset(METADATA.tables)


def open_office(path_or_url: str | os.PathLike[str], *, busy_timeout_s: float = 10.0) -> Office:
    """Open an office, making the file (readable to its owner alone) and the tables that are missing.

    Parameters
    ----------
    path_or_url
        An SQLite file, or the address of a PostgreSQL database: there it is the schema ``office``.
    busy_timeout_s
        How long to wait, in seconds, for another that writes.

    Raises
    ------
    OfficeUnavailable, OfficeVersion, BadAddress
    """
    if not is_server(path_or_url):
        _make_file(file_path(path_or_url))
    office = Office(path_or_url, busy_timeout_s=busy_timeout_s)
    try:
        office.prepare()
    except BaseException:
        office.close()
        raise
    return office


def _make_file(path: Path) -> None:
    # Only where there is none: an open file that this process closes would lose its locks (POSIX).
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OfficeUnavailable(_OTHER, hint=_HINT, name=str(path), reason=reason) from error


def _file_engine(path: str, busy_timeout_s: float) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(path)}?mode=rw",
            uri=True,
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")  # who was locked out stays so after a power cut
        except BaseException:
            connection.close()
            raise
        return connection

    # as many connections as there are threads
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=-1)
    return _made(engine)


def _server_engine(url: str, busy_timeout_s: float) -> Engine:
    options = f"-c search_path={SCHEMA} -c lock_timeout={int(busy_timeout_s * 1000)}"
    engine = create_engine(
        url,
        connect_args={"options": options, "connect_timeout": 10},
        pool_pre_ping=True,
        poolclass=QueuePool,
        max_overflow=-1,
    )
    return _made(engine)


def _made(engine: Engine) -> Engine:
    event.listen(engine, "begin", _begin)
    keep_out_of_forks(engine)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    if connection.dialect.name == "sqlite":
        # a plain BEGIN that comes to write later fails at once when another has written meanwhile
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


_HINT = N_("Accounts and jobs live there. Check its place and permissions, or name another with DIJIE_OFFICE.")
_OTHER = N_("The office database %(name)s cannot be used: %(reason)s.")
_FAULTS: dict[type[DijieError], str] = {
    RegisterLocked: N_("The office database %(name)s is held by another program."),
    RegisterReadOnly: N_("The office database %(name)s can only be read."),
    RegisterDamaged: N_("The office database %(name)s is damaged: %(reason)s."),
}


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Raise a database's errors by their names; what has no name passes as it is."""
    try:
        yield
    except DijieError:
        raise
    except (DBAPIError, sqlite3.Error) as error:
        fault = explain(error, name)
        if fault is None:
            raise
        params = {"reason": "", **fault.params, "name": name}
        raise OfficeUnavailable(_FAULTS.get(type(fault), _OTHER), hint=_HINT, **params) from error
