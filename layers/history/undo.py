"""Taking a change back as a new one, or all changes of a batch in one transaction."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from gis.errors import N_, Conflict, Invalid, NotFound
from layers.access import Editor, NotAllowed, may_undo, require, require_within
from layers.history.log import LOG, LogRow, State, log_rows, present_states, states_after, states_before
from layers.history.reach import counties_of, edited_as, taken_back_as
from layers.history.seeing import may_see
from layers.history.states import FieldChange, field_changes, label_of, same_place
from layers.history.writing import Action, carry_out
from layers.index import Index
from layers.register import TABLES, Mark, Register
from layers.register.tables import GEOMETRY_COLUMN, TRACKING

_CHUNK = 2000
"""So many records' states are held at once while a batch is looked through."""
_ATTEMPTS = 5
_LAST_SEQ = 2**31 - 1
"""No register has a higher number."""
_MOST_TOLD = 50


class UnknownChange(NotFound):
    """A number that the change log does not have, or not for this reader."""

    code = "unknown-change"


class NotUndoable(Invalid):
    """A change of which the log does not know what was before."""

    code = "not-undoable"


class UndoConflict(Conflict):
    """What the change has written has been changed since; ``clashes`` tells it field by field."""

    code = "undo-conflict"

    def __init__(self, template: str, *, hint: str = "", clashes: Sequence[Clash] = (), **params: object) -> None:
        super().__init__(template, hint=hint, **params)
        self.clashes = tuple(clashes)


@dataclass(frozen=True)
class Clash:
    """One record that stands in the way: ``fields`` go from what the change has written to what stands now.

    ``gone`` says that the record is not there any more (or, where a delete is taken back, that it is there again),
    ``moved`` that its place has changed since.
    """

    table: str
    uuid: str
    label: str
    fields: tuple[FieldChange, ...] = ()
    gone: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Undone:
    """What was done: how many records were written, how many of them closed because others belong to them."""

    changes: int
    closed: int
    seq: int
    uuids: tuple[str, ...] = field(default=())


def undo(index: Index, seq: int, *, editor: Editor, why: str = "") -> Undone:
    """Take one change back.

    An insert is taken back by deleting the record, or by closing it today where others belong to it; an update by
    writing the earlier values of its fields; a delete by inserting the record with its permanent id.

    Raises
    ------
    UnknownChange, NotUndoable
    NotAllowed, OutOfReach
        Where the editor may not undo it: changes of others ask for a reviewer.
    UndoConflict
        Where a field that it changed has been changed since.
    """
    if not 0 < seq <= _LAST_SEQ:
        raise UnknownChange(N_("The history has no change %(name)s."), name=str(seq)[:20])
    return _undo(index, [LOG.seq == seq], editor=editor, why=why or f"undo {seq}", batch=None, name=str(seq))


def undo_batch(index: Index, batch: str, *, editor: Editor, why: str = "", into: str | None = None) -> Undone:
    """Take all changes of a batch back in one transaction, or none of them; raises as `undo` does.

    Parameters
    ----------
    into
        The batch that the new changes belong to; None for a new one.
    """
    into = into or str(uuids_.uuid4())
    return _undo(index, [LOG.batch == batch], editor=editor, why=why or f"undo {batch}", batch=into, name=batch)


def size_of_batch(register: Register, batch: str) -> int:
    """How many changes a batch has, seen or not."""
    with register.reading() as connection:
        return int(connection.scalar(select(func.count()).where(LOG.batch == batch)) or 0)


def _undo(index: Index, conditions: list[object], *, editor: Editor, why: str, batch: str | None, name: str) -> Undone:
    require(editor.reader, "history")
    for _ in range(_ATTEMPTS):
        with index.held() as connection:
            mark = index.register.mark(connection)
            rows = log_rows(connection, *conditions)  # type: ignore[arg-type]
            if not rows:
                raise UnknownChange(N_("The history has no change %(name)s."), name=name)
            actions = _Plan(index, connection, editor, name).actions(rows)
        with index.register.writing(who=editor.name, why=why, batch=batch) as connection:
            if index.register.mark(connection) == mark:
                return _done(index, connection, actions)
    raise Conflict(N_("The register is being written to without a pause."), hint=N_("Try again in a moment."))


def _done(index: Index, connection: Connection, actions: list[Action]) -> Undone:
    closed = carry_out(index.register, connection, actions)
    seq = index.register.mark(connection) or Mark(0, "")
    return Undone(len(actions), closed, seq.seq, tuple(action.uuid for action in actions[:_CHUNK]))


class _Plan:
    """What must be written, after everything that may forbid it has been looked at."""

    def __init__(self, index: Index, connection: Connection, editor: Editor, name: str) -> None:
        self.index, self.connection, self.editor, self.name = index, connection, editor, name
        self.clashes: list[Clash] = []
        self.tables: frozenset[str] = frozenset()

    def actions(self, rows: Sequence[LogRow]) -> list[Action]:
        for row in rows:
            if row.uuid is None or row.op not in ("insert", "update", "delete") or row.table not in TABLES:
                raise NotUndoable(
                    N_("Change %(seq)s put a whole table in; it cannot be taken back."),
                    hint=N_("A backup of the register from before it can be put in its place."),
                    seq=row.seq,
                )
        self.tables = frozenset(row.table for row in rows)
        self._require_allowed(rows)
        records: dict[tuple[str, str], list[LogRow]] = {}
        for row in sorted(rows, key=lambda row: row.seq):
            records.setdefault((row.table, row.uuid or ""), []).append(row)
        found = [action for part in _chunks(list(records.values())) for action in self._part(part)]
        if self.clashes:
            raise UndoConflict(
                N_("What change %(name)s has written has been changed since, in %(count)s records."),
                hint=N_("Undo the later changes first, or correct the record by hand."),
                clashes=self.clashes[:_MOST_TOLD],
                name=self.name,
                count=len(self.clashes),
            )
        return found

    def _require_allowed(self, rows: Sequence[LogRow]) -> None:
        for table, who in {(row.table, row.who) for row in rows}:
            layer, _ = self._layer(table, who)
            require(self.editor.reader, "edit", layer)
            if not may_undo(self.editor, who, layer):
                raise NotAllowed(
                    N_("The change was made by %(who)s; your roles let you undo your own."),
                    hint=N_("A reviewer or an administrator can undo it."),
                    who=who or "-",
                )

    def _layer(self, table: str, who: str | None) -> tuple[str, frozenset[str] | None]:
        own = who == self.editor.name
        return taken_back_as(self.editor.reader, table, self.tables) if own else (edited_as(table), None)

    def _part(self, records: Sequence[Sequence[LogRow]]) -> Iterator[Action]:
        firsts, lasts = [record[0] for record in records], [record[-1] for record in records]
        before = states_before(self.connection, [row.seq for row in firsts if row.op != "insert"])
        after = states_after(self.index.register, self.connection, lasts)
        present: dict[tuple[str, str], State] = {}
        for table in {row.table for row in firsts}:
            uuids = [row.uuid or "" for row in firsts if row.table == table]
            standing = present_states(self.index.register, self.connection, table, uuids)
            present |= {(table, uuid): state for uuid, state in standing.items()}
        for first, last in zip(firsts, lasts, strict=True):
            now = present.get((first.table, first.uuid or ""))
            action = self._action(first, before.get(first.seq), after.get(last.seq), now)
            if action is not None:
                yield action

    def _action(self, row: LogRow, target: State | None, expected: State | None, now: State | None) -> Action | None:
        table, uuid = row.table, row.uuid or ""
        states = [state for state in (target, expected, now) if state]
        reader = self.editor.reader
        if not may_see(self.index, row, states, reader=reader):
            raise UnknownChange(N_("The history has no change %(name)s."), name=self.name)
        layer, columns = self._layer(table, row.who)
        for state in states:
            require_within(reader, counties_of(self.index, table, state), layer_key=layer)
        if columns is not None and not self._writes_only(columns, table, target, expected):
            require(reader, "edit", edited_as(table))
        if target is None and expected is None:
            return None
        if expected is None or now is None:
            if (expected is None) != (now is None):
                self.clashes.append(Clash(table, uuid, label_of(table, expected or now), gone=True))
                return None
            return Action("insert", table, uuid, _values(table, target or {}))
        if target is None:
            return self._taking_away(table, uuid, expected, now)
        return self._writing_back(table, uuid, target, expected, now)

    def _writes_only(self, columns: frozenset[str], table: str, target: State | None, expected: State | None) -> bool:
        if target is None or expected is None:
            return False
        moved = not same_place(target.get(GEOMETRY_COLUMN), expected.get(GEOMETRY_COLUMN))
        return not moved and all(one.name in columns for one in field_changes(table, target, expected))

    def _taking_away(self, table: str, uuid: str, expected: State, now: State) -> Action | None:
        changed = field_changes(table, expected, now)
        elsewhere = not same_place(expected.get(GEOMETRY_COLUMN), now.get(GEOMETRY_COLUMN))
        if changed or elsewhere:
            self.clashes.append(Clash(table, uuid, label_of(table, now), changed, moved=elsewhere))
            return None
        return Action("delete", table, uuid, {})

    def _writing_back(self, table: str, uuid: str, target: State, expected: State, now: State) -> Action | None:
        changed = [one.name for one in field_changes(table, target, expected)]
        if not same_place(target.get(GEOMETRY_COLUMN), expected.get(GEOMETRY_COLUMN)):
            changed.append(GEOMETRY_COLUMN)
        later = tuple(one for one in field_changes(table, expected, now) if one.name in changed)
        elsewhere = GEOMETRY_COLUMN in changed and not same_place(
            expected.get(GEOMETRY_COLUMN), now.get(GEOMETRY_COLUMN)
        )
        if later or elsewhere:
            self.clashes.append(Clash(table, uuid, label_of(table, now), later, moved=elsewhere))
            return None
        values = {name: target.get(name) for name in changed if name in TABLES[table].columns}
        return Action("update", table, uuid, values, now) if values else None


def _values(table: str, state: State) -> State:
    """What of a state can be written into a new row; columns that the register has lost since are left out."""
    columns = TABLES[table].columns
    return {name: value for name, value in state.items() if name in columns and name not in TRACKING}


def _chunks(records: list[list[LogRow]]) -> Iterator[list[list[LogRow]]]:
    return (records[start : start + _CHUNK] for start in range(0, len(records), _CHUNK))
