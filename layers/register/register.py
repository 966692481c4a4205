# ruff: noqa: S608 - table and column names are our own, every value is bound
"""The register as everything above sees it, whichever home it has."""

from __future__ import annotations

import os
import uuid as uuids_
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Engine, Table

from layers.register import rows
from layers.register.engine import (
    BATCH,
    WHO,
    WHY,
    WRITES,
    display_name,
    file_path,
    is_server,
    make_engine,
    raw_file,
    server_url,
)
from layers.register.errors import UnknownTable, explained
from layers.register.frames import read_arrays, read_columns, read_frame
from layers.register.loading import Frames, load_frames
from layers.register.merging import merge_frames
from layers.register.tables import CHANGE_LOG, TABLES
from layers.register.triggers import CONTEXT_TABLE
from layers.register.types import utc_text

Home = Literal["gpkg", "postgis"]


class Mark(NamedTuple):
    """A state of a register: the number of a change, and what tells it from the same number in another register.

    Two registers, or one and its backup that has gone its own way, count their changes alike; ``stamp`` is when and
    on which row.
    """

    seq: int
    stamp: str


NOTHING = Mark(0, "")
"""The state of a register before its first change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the change log.

    ``uuid`` is None after a bulk load (op ``load``): everything in the layer may have changed. ``who`` and ``why`` are
    None when another program wrote. ``batch`` joins the changes of one transaction that was given one.
    """

    seq: int
    layer: str
    uuid: str | None
    op: str
    at: str
    who: str | None
    why: str | None
    batch: str | None = None

    @property
    def mark(self) -> Mark:
        """The state that this change has led to."""
        return _mark(self.seq, self.at, self.uuid)


class Register:
    """An open register; made by `open_register` and `create_register`.

    Holds a pool of connections and can be shared by threads; idle connections are closed before a fork. While it is
    open, this process must not open the file in any other way, GDAL's included (pyogrio, fiona): POSIX drops all locks
    of a process on a file as soon as it closes the file once. Other processes may do what they like.
    """

    def __init__(self, path_or_url: str | os.PathLike[str], *, busy_timeout_s: float = 10.0) -> None:
        server = is_server(path_or_url)
        self.home: Home = "postgis" if server else "gpkg"
        self.url: str = (
            server_url(path_or_url).render_as_string(hide_password=False) if server else str(file_path(path_or_url))
        )
        self.name: str = display_name(path_or_url)
        self._engine: Engine = make_engine(path_or_url, busy_timeout_s=busy_timeout_s)

    def __repr__(self) -> str:
        return f"<Register {self.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are not in use; the register can still be used and opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the register, whatever is written meanwhile."""
        with explained(self.name), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(
        self, *, who: str | None = None, why: str | None = None, batch: str | None = None
    ) -> Iterator[Connection]:
        """A connection that alone writes; everything is kept at the end, or nothing if an error leaves the block.

        Check before entering, and stay well under a second: other writers wait.

        Parameters
        ----------
        who, why
            Who writes and for what reason; noted at each change.
        batch
            A uuid noted at each change, by which those that belong together are found again.
        """
        context = {"who": who, "why": why, "batch": batch}
        options = {WRITES: True, WHO: who, WHY: why, BATCH: batch}
        with (
            explained(self.name),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            self._set_context(connection, context)
            yield connection
            self._set_context(connection, dict.fromkeys(context))

    def _set_context(self, connection: Connection, context: Mapping[str, str | None]) -> None:
        if self.home == "postgis":
            calls = ", ".join(f"set_config('dijie.{key}', %s, true)" for key in context)
            connection.exec_driver_sql(f"SELECT {calls}", tuple(value or "" for value in context.values()))
            return
        raw = raw_file(connection)
        raw.execute(f"DELETE FROM {CONTEXT_TABLE}")
        given = [(key, value) for key, value in context.items() if value is not None]
        raw.executemany(f"INSERT INTO {CONTEXT_TABLE} VALUES (?, ?)", given)

    def last_seq(self, connection: Connection) -> int:
        """The number of the last change; 0 before the first. About 10 µs on a file."""
        statement = f"SELECT max(seq) FROM {CHANGE_LOG}"
        if self.home == "gpkg":
            found = raw_file(connection).execute(statement).fetchone()[0]
        else:
            found = connection.exec_driver_sql(statement).scalar()
        return int(found or 0)

    def mark(self, connection: Connection, seq: int | None = None) -> Mark | None:
        """The state after the change of that number, None where there is none; of the last change by default.

        About 10 µs on a file; `NOTHING` before the first change.
        """
        which = "ORDER BY seq DESC LIMIT 1" if seq is None else f"WHERE seq = {seq:d}"
        statement = f"SELECT seq, at, uuid FROM {CHANGE_LOG} {which}"
        if self.home == "gpkg":
            found = raw_file(connection).execute(statement).fetchone()
        else:
            found = connection.exec_driver_sql(statement).first()
        if found is None:
            return NOTHING if seq in (None, NOTHING.seq) else None
        return _mark(*found)

    def changes(self, connection: Connection, after_seq: int) -> list[Change]:
        """What has changed after a number of the log, in order, by whomever."""
        log = TABLES[CHANGE_LOG].columns
        columns = (log.seq, log.layer, log.uuid, log.op, log.at, log.who, log.why, log.batch)
        statement = TABLES[CHANGE_LOG].select().with_only_columns(*columns)
        found = connection.execute(statement.where(log.seq > after_seq).order_by(log.seq))
        return list(starmap(Change, found))

    def frame(
        self,
        connection: Connection,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        uuids: Iterable[str] | None = None,
    ) -> pd.DataFrame | gpd.GeoDataFrame:
        """A table's rows, ordered by fid.

        Parameters
        ----------
        columns
            Which, in this order; None for all.
        uuids
            Only these rows; None for all, an empty list for none. Those that do not exist are left out.

        Returns
        -------
        DataFrame, or GeoDataFrame
            With geometry column ``geom`` in EPSG:4490 where the table has one and ``columns`` does not leave it out.
            Index 0 … n-1. Text, dates (``YYYY-MM-DD``) and times (UTC, ending in Z) are ``str``, whole numbers
            ``Int64``, numbers ``float64``, flags ``boolean``, JSON ``object``; missing is NA, None for geometry.

        Raises
        ------
        UnknownTable, UnknownColumn
        """
        return read_frame(connection, _known(table), columns=columns, uuids=uuids)

    def arrays(self, connection: Connection, table: str, *, uuids: Iterable[str] | None = None) -> dict[str, Any]:
        """The columns of `frame` by name, without a frame around them: for a few rows that takes most of the time.

        Raises
        ------
        UnknownTable
        """
        return read_arrays(connection, _known(table), uuids=uuids)

    def columns(
        self, connection: Connection, table: str, *, columns: Sequence[str], uuids: Iterable[str] | None = None
    ) -> dict[str, Sequence[Any]]:
        """Columns of texts, dates and geometries of a table as plain values, ordered by fid: quicker than `frame`.

        Parameters
        ----------
        columns, uuids
            As for `frame`; ``geom`` gives geometries (EPSG:4490), all others texts; None for what is missing.

        Raises
        ------
        UnknownTable, UnknownColumn
        """
        return read_columns(connection, _known(table), columns=columns, uuids=uuids)

    def load(self, connection: Connection, frames: Frames) -> dict[str, int]:
        """Insert many rows, tables in the order of their references whatever the mapping's order.

        Triggers are put aside meanwhile, inside the transaction: uuid, version and changed are filled in where they
        are absent and kept where they are given, and the log gets one row for each table, with op ``load``.

        Parameters
        ----------
        frames
            Table name to frame. A column that a frame leaves out stays empty; fid is kept if given.

        Returns
        -------
        dict
            Rows inserted by table.

        Raises
        ------
        UnknownTable, UnknownColumn, WrongValue, WrongGeometry, WrongCrs, DuplicateUuid
        """
        return load_frames(connection, frames)

    def merge(
        self,
        connection: Connection,
        table: str,
        inserts: pd.DataFrame | gpd.GeoDataFrame | None = None,
        updates: pd.DataFrame | gpd.GeoDataFrame | Sequence[pd.DataFrame | gpd.GeoDataFrame] = (),
    ) -> None:
        """Insert and change many rows of a table; the log gets one row for each, with what stood there before.

        As `insert` and `update` would do one by one, in a hundredth of the time: triggers are put aside meanwhile,
        inside the transaction. Everything is checked before the first row is written.

        Parameters
        ----------
        inserts
            Columns as for `load`, without fid, version and changed; rows without a uuid get one.
        updates
            One frame, or several where rows differ in the columns that change: ``uuid`` and those columns, all of
            which are written, empty values too.

        Raises
        ------
        UnknownTable, UnknownColumn, WrongValue, WrongGeometry, WrongCrs, DanglingReference, DuplicateUuid, NoSuchRow
        """
        frames = [updates] if isinstance(updates, pd.DataFrame) else updates
        merge_frames(connection, _known(table), inserts, frames)

    def insert(self, connection: Connection, table: str, values: Mapping[str, Any]) -> str:
        """Insert one row and return its uuid, the given one or a new one.

        Raises
        ------
        UnknownTable, UnknownColumn, WrongValue, WrongGeometry, DanglingReference, DuplicateUuid
        """
        uuid = values.get("uuid") or str(uuids_.uuid4())
        rows.insert_row(connection, _known(table), {**values, "uuid": uuid})
        return str(uuid)

    def update(
        self, connection: Connection, table: str, uuid: str, values: Mapping[str, Any], version: int | None = None
    ) -> int:
        """Change a row's values and return its new version.

        Parameters
        ----------
        version
            The version that the caller has seen; None to change whichever there is.

        Raises
        ------
        NoSuchRow, VersionConflict, UnknownTable, UnknownColumn, WrongValue, WrongGeometry, DanglingReference
        """
        return rows.update_row(connection, _known(table), uuid, values, version)

    def delete(self, connection: Connection, table: str, uuid: str, version: int | None = None) -> None:
        """Delete a row that no other refers to.

        Raises
        ------
        NoSuchRow, VersionConflict, UnknownTable, StillReferenced
        """
        rows.delete_row(connection, _known(table), uuid, version)


def _mark(seq: int, at: str | datetime | None, uuid: str | None) -> Mark:
    return Mark(int(seq), f"{utc_text(at) if isinstance(at, datetime) else at} {uuid or ''}")


def _known(table: str) -> Table:
    if table not in TABLES:
        raise UnknownTable(
            "There is no table %(table)s.", hint="Choose from %(tables)s.", table=table, tables=", ".join(TABLES)
        )
    return TABLES[table]
