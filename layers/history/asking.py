"""The change log page by page, the newest first, as a reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_

from gis.errors import N_, Invalid
from layers.access import Reader, require
from layers.catalogue import layer_named
from layers.history.batches import counts_of, run_of
from layers.history.log import (
    LAYER_OF,
    LOG,
    LogRow,
    State,
    at_or_after,
    before_all,
    log_rows,
    states_after,
    states_before,
)
from layers.history.seeing import may_see
from layers.history.states import FieldChange, Moved, Titles, field_changes, label_of, moved, table_title
from layers.index import Index

MOST_LISTED = 200
MOST_LOOKED_AT = 10_000
"""So many changes are looked at for a page; where most are hidden from the reader, it has fewer entries."""
_STEP = 2000
_OUTSIDE = "-"
"""How one asks for what other programs have written: who is not known."""


class BadQuery(Invalid):
    """A question of the history that cannot be answered as it stands."""

    code = "bad-history-query"


@dataclass(frozen=True)
class Query:
    """Which changes are asked for.

    Parameters
    ----------
    layer
        Key of a layer; empty for all tables.
    uuid
        One record's changes, and those of what belongs to it (a place's further names); of no layer alone.
    who
        Who made them; ``-`` for other programs, of which nobody is known. Empty for all.
    day
        The day in China on which they were made.
    batch
        The single changes of one batch; None: folded into one entry each.
    before
        Only changes with a lower number: where the last page ended.
    limit
        Entries of a page, at most `MOST_LISTED`.
    """

    layer: str = ""
    uuid: str = ""
    who: str = ""
    day: date | None = None
    batch: str | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True)
class Tally:
    """How many changes of a kind a folded entry stands for."""

    table: str
    title: Titles
    op: str
    count: int


@dataclass(frozen=True)
class Entry:
    """One change, or the changes of a batch folded into one.

    Parameters
    ----------
    seq
        Its number; of a batch the last one. ``first`` is the batch's first.
    layer
        Key of the layer, empty where the table holds none.
    label
        What the record is called, after the change or before.
    who, why
        None where another program wrote.
    tallies
        Of a batch; empty for a single change.
    fields, moved
        Of a single change.
    """

    seq: int
    first: int
    table: str
    layer: str
    title: Titles
    uuid: str | None
    label: str
    op: str
    version: int | None
    at: str
    who: str | None
    why: str | None
    batch: str | None
    tallies: tuple[Tally, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    moved: Moved | None = None

    @property
    def count(self) -> int:
        """How many changes it stands for."""
        return sum(tally.count for tally in self.tallies) or 1


@dataclass(frozen=True)
class Page:
    """Entries, the newest first, and the number before which the next page begins; None at the end.

    A page may have fewer entries than were asked for, or none, though another follows: what lies between is hidden.
    """

    entries: tuple[Entry, ...]
    following: int | None
    seq: int = field(default=0)


def changes(index: Index, query: Query, *, reader: Reader) -> Page:
    """A page of the history.

    Raises
    ------
    NotAllowed
        For a reader whose roles do not include the history.
    UnknownLayer, BadQuery
    """
    require(reader, "history")
    if not 1 <= query.limit <= MOST_LISTED:
        raise BadQuery(
            N_("A page of the history has from 1 to %(most)s entries, not %(given)s."),
            most=MOST_LISTED,
            given=query.limit,
        )
    with index.held() as connection:
        conditions = _conditions(index, query)
        walk = _Walk(index, connection, query, conditions, reader)
        return walk.page()


def _conditions(index: Index, query: Query) -> dict[str, ColumnElement[bool]]:
    found: dict[str, ColumnElement[bool]] = {}
    if query.layer:
        table = layer_named(query.layer).table
        if query.uuid and table in _WITH_FURTHER:
            found["uuid"] = or_(LOG.uuid == query.uuid, LOG.uuid.in_(_belonging(index, table, query.uuid)))
        else:
            found["layer"] = LOG.layer == table
    if query.uuid and "uuid" not in found:
        found["uuid"] = LOG.uuid == query.uuid
    if query.who:
        found["who"] = LOG.who.is_(None) if query.who == _OUTSIDE else LOG.who == query.who
    if query.day is not None and not date.min.year < query.day.year < date.max.year:
        found["day"] = false()  # its midnights in China are beyond the calendar
    elif query.day is not None:
        found["from"] = at_or_after(query.day)
        found["to"] = before_all(query.day + timedelta(days=1))
    if query.batch is not None:
        found["batch"] = LOG.batch == query.batch
    return found


_WITH_FURTHER = frozenset({"place", "boundary_line", "tripoint", "stake"})
"""Tables of records to whose history that of further rows belongs."""


def _belonging(index: Index, table: str, uuid: str) -> list[str]:
    """The pictures and sounds of a record; a place's names, extents and signs; the documents of a line or tripoint."""
    media = index.frame("medium")
    found: list[str] = media.loc[media["owner_uuid"] == uuid, "uuid"].tolist()
    if table != "place":
        papers = index.frame("boundary_document")
        return found + papers.loc[(papers["line_uuid"] == uuid) | (papers["tripoint_uuid"] == uuid), "uuid"].tolist()
    names = index.frame("place_name")
    found += names.loc[names["place_uuid"] == uuid, "uuid"].tolist()
    for key in ("place-lines", "place-areas", "place-signs"):
        columns = index.layer(key)
        found += columns.uuid[columns["place_uuid"].isin([uuid])].tolist()
    return found


class _Walk:
    """Going back through the log until a page is full."""

    def __init__(
        self, index: Index, connection: Connection, query: Query, conditions: dict[str, ColumnElement[bool]],
        reader: Reader,
    ) -> None:  # fmt: skip
        self.index, self.connection, self.query, self.reader = index, connection, query, reader
        self.conditions = conditions
        self.folding = query.batch is None and not query.uuid
        self.seen: set[str] = set()
        self.found: list[Entry] = []

    def page(self) -> Page:
        limit = self.query.limit
        cursor = self.query.before
        step, looked = limit + 1, 0
        while len(self.found) <= limit:
            bound = [LOG.seq < cursor] if cursor is not None else []
            rows = log_rows(self.connection, *self.conditions.values(), *bound, limit=step)
            if not rows:
                break
            cursor = self._take(rows)
            looked += len(rows)
            if looked >= MOST_LOOKED_AT and len(self.found) <= limit:  # the rest is hidden so far: the reader goes on
                return Page(tuple(self.found), cursor, self.index.seq())
            step = min(2 * step, _STEP)
        entries = self.found[:limit]
        more = len(self.found) > limit
        return Page(tuple(entries), entries[-1].first if more else None, self.index.seq())

    def _take(self, rows: Sequence[LogRow]) -> int:
        """Take entries from rows; the number below which to go on."""
        singles: list[LogRow] = []
        cursor = rows[-1].seq
        for row in rows:
            if row.batch is None or not self.folding:
                singles.append(row)
                continue
            if row.batch in self.seen:
                continue
            self.seen.add(row.batch)
            run = run_of(self.connection, row.batch)
            if run.count == 1:
                singles.append(row)
                continue
            self._add_singles(singles)
            singles = []
            self._fold(row, run.first, run.last)
            if run.whole:
                cursor = min(run.first, row.seq)
                break
        self._add_singles(singles)
        return cursor

    def _fold(self, row: LogRow, first: int, last: int) -> None:
        run = run_of(self.connection, row.batch or "")
        counts = counts_of(self.index, self.connection, row.batch or "", run, self.conditions, reader=self.reader)
        if not counts:
            return
        tallies = [Tally(table, table_title(table), op, count) for (table, op), count in counts.items()]
        tallies.sort(key=lambda tally: (-tally.count, tally.table, tally.op))
        if sum(counts.values()) == 1:
            only = log_rows(self.connection, LOG.batch == row.batch, *self.conditions.values(), limit=1)
            self._add_singles(only)
            return
        main = tallies[0].table
        self.found.append(
            Entry(
                seq=last,
                first=first,
                table=main,
                layer=LAYER_OF[main].key if main in LAYER_OF else "",
                title=table_title(main),
                uuid=None,
                label="",
                op="batch",
                version=None,
                at=row.at,
                who=row.who,
                why=row.why,
                batch=row.batch,
                tallies=tuple(tallies),
            )
        )

    def _add_singles(self, rows: Sequence[LogRow]) -> None:
        self.found += [
            entry(row, before, after)
            for row, before, after in with_states(self.index, self.connection, rows)
            if may_see(self.index, row, (before, after), reader=self.reader)
        ]


def with_states(
    index: Index, connection: Connection, rows: Sequence[LogRow]
) -> list[tuple[LogRow, State | None, State | None]]:
    """Each change with what stood before it and after it."""
    if not rows:
        return []
    before = states_before(connection, [row.seq for row in rows if row.op in ("update", "delete")])
    after = states_after(index.register, connection, rows)
    return [(row, before.get(row.seq), after.get(row.seq)) for row in rows]


def entry(row: LogRow, before: State | None, after: State | None) -> Entry:
    """One change with what is different by it."""
    changed: dict[str, Any] = {}
    if row.uuid is not None:
        changed = {"fields": field_changes(row.table, before, after), "moved": moved(before, after)}
    return Entry(
        seq=row.seq, first=row.seq, table=row.table, layer=LAYER_OF[row.table].key if row.table in LAYER_OF else "",
        title=table_title(row.table), uuid=row.uuid, label=label_of(row.table, after) or label_of(row.table, before),
        op=row.op, version=row.version, at=row.at, who=row.who, why=row.why, batch=row.batch, **changed,
    )  # fmt: skip
