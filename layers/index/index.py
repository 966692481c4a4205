"""The index: every layer's columns, made when first asked for and brought up to date at every request."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pandas as pd

from layers.catalogue import LAYERS, Layer, layer_named
from layers.index.columns import Columns
from layers.index.load import load, spliced
from layers.register import Change, Register

_MANY = 2000
"""More single changes than this at once are read again as a whole: splicing them would take longer."""


class Index:
    """The layers of a register in memory.

    A request asks `layer`; it compares the change log's last number with the columns at hand and applies the
    difference first, so that whatever was acknowledged before the request is in the answer, by whoever it was written.
    Safe to share between threads; after a fork call `forked`.
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        self._columns: dict[str, Columns] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._seq = -1
        self._lock = threading.RLock()
        self._identity: str | None = None
        self._within = threading.local()

    @property
    def identity(self) -> str:
        """What tells this register from another that counts its changes alike: part of every ETag."""
        if self._identity is None:
            with self.register.reading() as connection:
                first = self.register.changes(connection, 0)[:1]
            mark = f"{first[0].uuid} {first[0].at} {first[0].layer}" if first else "empty"
            self._identity = hashlib.sha256(mark.encode()).hexdigest()[:8]
        return self._identity

    @contextmanager
    def held(self) -> Iterator[None]:
        """Ask the register for changes once, at the beginning, and not again for each layer that is asked for within.

        For the time of one answer. Others may go on meanwhile; what this thread reads within is never older than the
        beginning.
        """
        if getattr(self._within, "held", False):
            yield
            return
        self.seq()
        self._within.held = True
        try:
            yield
        finally:
            self._within.held = False

    def seq(self) -> int:
        """The number of the register's last change, after every layer at hand was brought up to date with it."""
        if getattr(self._within, "held", False):
            return self._seq
        with self.register.reading() as connection:
            seq = self.register.last_seq(connection)
        if seq != self._seq:
            self._refresh()
        return self._seq

    def layer(self, key: str) -> Columns:
        """The columns of a layer, up to date; `UnknownLayer` where there is none of that key."""
        layer = layer_named(key)
        self.seq()
        columns = self._columns.get(key)
        if columns is None:
            with self._lock:
                columns = self._columns.get(key) or self._read(layer)
        return columns

    def frame(self, table: str) -> pd.DataFrame:
        """A small table without geometry, whole and up to date: the same object until it changes; not to be changed."""
        self.seq()
        found = self._frames.get(table)
        if found is None:
            with self._lock, self.register.reading() as connection:
                if self.register.last_seq(connection) != self._seq:
                    self._refresh()
                found = self._frames[table] = self.register.frame(connection, table)
        return found

    def preload(self, keys: Iterable[str] = LAYERS) -> None:
        """Read layers before the first request asks for them."""
        for key in keys:
            self.layer(key)

    def forked(self) -> None:
        """To be called in a child process; the register drops inherited connections by itself."""
        self._lock = threading.RLock()

    def _read(self, layer: Layer) -> Columns:
        with self.register.reading() as connection:
            seq = self.register.last_seq(connection)
            if seq != self._seq:
                self._refresh()
            columns = load(self.register, connection, layer, seq)
        self._columns[layer.key] = columns
        return columns

    def _refresh(self) -> None:
        with self._lock, self.register.reading() as connection:
            seq = self.register.last_seq(connection)
            if seq == self._seq:
                return
            if seq < self._seq:  # another file has been put in this one's place
                self._columns.clear()
                self._frames.clear()
                self._identity = None
            elif self._columns or self._frames:
                changes = self.register.changes(connection, self._seq)
                for table in {change.layer for change in changes}:
                    self._frames.pop(table, None)
                for key, columns in list(self._columns.items()):
                    touched = [change for change in changes if change.layer in _tables(columns.layer)]
                    if touched:
                        self._columns[key] = self._updated(connection, columns, touched, seq)
            self._seq = seq

    def _updated(self, connection: object, columns: Columns, changes: list[Change], seq: int) -> Columns:
        layer = columns.layer
        uuids = {change.uuid for change in changes if change.layer == layer.table}
        if None in uuids or len(uuids) > _MANY or any(change.layer != layer.table for change in changes):
            return load(self.register, connection, layer, seq)
        named = {uuid for uuid in uuids if uuid is not None}
        patch = load(self.register, connection, layer, seq, like=columns, uuids=named)
        return spliced(columns, patch, named)


def _tables(layer: Layer) -> tuple[str, ...]:
    return (layer.table, *layer.depends)
