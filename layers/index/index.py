"""The index: every layer's columns, made when first asked for and brought up to date at every request."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Connection

from layers.catalogue import LAYERS, Layer, layer_named
from layers.index.columns import Columns
from layers.index.load import load, spliced
from layers.register import NOTHING, Change, Mark, Register

_MANY = 2000
"""More single changes than this at once are read again as a whole: splicing them would take longer."""


@dataclass(frozen=True)
class _State:
    """All that has been read of one state of the register; what is read later of the same state is added."""

    mark: Mark = NOTHING
    columns: dict[str, Columns] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)


class _Pinned(threading.local):
    """What a thread goes on reading for the time of one answer."""

    state: _State | None = None
    connection: Connection | None = None


class Index:
    """The layers of a register in memory.

    A request asks `layer`; it compares the change log's last row with the columns at hand and applies the difference
    first, so that whatever was acknowledged before the request is in the answer, by whoever it was written. Where
    another register has taken the place of the one at hand, everything is read anew.
    Safe to share between threads; after a fork call `forked`.
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        self._state = _State()
        self._lock = threading.RLock()
        self._pinned = _Pinned()

    @contextmanager
    def held(self) -> Iterator[Connection]:
        """One state of the register for the time of one answer: layers, frames and the connection that this gives.

        The register is asked for changes once, at the beginning; what others write meanwhile is not seen within.
        """
        if self._pinned.connection is not None:
            yield self._pinned.connection
            return
        while True:
            with self.register.reading() as connection:
                state = self._state
                if self.register.mark(connection) == state.mark:
                    self._pinned.state, self._pinned.connection = state, connection
                    try:
                        yield connection
                    finally:
                        self._pinned.state = self._pinned.connection = None
                    return
            self._refresh()

    def seq(self) -> int:
        """The number of the register's last change, after every layer at hand was brought up to date with it."""
        return self._current().mark.seq

    def layer(self, key: str) -> Columns:
        """The columns of a layer, up to date; `UnknownLayer` where there is none of that key."""
        layer = layer_named(key)
        columns = self._current().columns.get(key)
        if columns is None:
            with self._reading() as (state, connection):
                columns = state.columns.get(key)
                if columns is None:
                    columns = state.columns[key] = load(self.register, connection, layer, state.mark)
        return columns

    def frame(self, table: str) -> pd.DataFrame:
        """A small table without geometry, whole and up to date: the same object until it changes; not to be changed."""
        found = self._current().frames.get(table)
        if found is None:
            with self._reading() as (state, connection):
                found = state.frames.get(table)
                if found is None:
                    found = state.frames[table] = self.register.frame(connection, table)
        return found

    def preload(self, keys: Iterable[str] = LAYERS) -> None:
        """Read layers before the first request asks for them."""
        for key in keys:
            self.layer(key)

    def forked(self) -> None:
        """To be called in a child process; the register drops inherited connections by itself."""
        self._lock = threading.RLock()

    def _current(self) -> _State:
        if self._pinned.state is not None:
            return self._pinned.state
        with self.register.reading() as connection:
            mark = self.register.mark(connection)
        if mark != self._state.mark:
            self._refresh()
        return self._state

    @contextmanager
    def _reading(self) -> Iterator[tuple[_State, Connection]]:
        """Alone: the state that this thread reads, and a connection that sees that very state."""
        with self._lock:
            if self._pinned.state is not None and self._pinned.connection is not None:
                yield self._pinned.state, self._pinned.connection
                return
            with self.register.reading() as connection:
                self._catch_up(connection)
                yield self._state, connection

    def _refresh(self) -> None:
        with self._lock, self.register.reading() as connection:
            self._catch_up(connection)

    def _catch_up(self, connection: Connection) -> None:
        """Bring the state to what a connection sees that was opened with the lock held: no other is ahead of it."""
        mark = self.register.mark(connection) or NOTHING
        state = self._state
        if mark == state.mark:
            return
        read = bool(state.columns or state.frames)
        if not read or self.register.mark(connection, state.mark.seq) != state.mark:
            self._state = _State(mark)  # nothing read yet, or another register has been put in this one's place
            return
        changes = self.register.changes(connection, state.mark.seq)
        tables = {change.layer for change in changes}
        frames = {table: frame for table, frame in state.frames.items() if table not in tables}
        columns = {key: self._updated(connection, found, changes) for key, found in state.columns.items()}
        self._state = _State(mark, columns, frames)

    def _updated(self, connection: Connection, columns: Columns, changes: list[Change]) -> Columns:
        """The columns with the changes that concern them; the same object where none does."""
        layer = columns.layer
        touched = [change for change in changes if change.layer in _tables(layer)]
        if not touched:
            return columns
        mark = touched[-1].mark
        uuids = {change.uuid for change in touched if change.layer == layer.table}
        owners = {change.uuid for change in touched if layer.within and change.layer == layer.within[0]}
        if None in uuids | owners or any(change.layer in layer.depends for change in touched):
            return load(self.register, connection, layer, mark)
        if layer.within:
            uuids |= set(columns.uuid[columns[layer.within[1]].isin(owners)].tolist())
        if not uuids:
            return columns
        if len(uuids) > _MANY:
            return load(self.register, connection, layer, mark)
        named = {uuid for uuid in uuids if uuid is not None}
        patch = load(self.register, connection, layer, mark, like=columns, uuids=named)
        return spliced(columns, patch, named)


def _tables(layer: Layer) -> tuple[str, ...]:
    return (layer.table, *layer.depends, *layer.within[:1])
