"""Writing what was looked at and found well, with all that hangs on it, in one transaction."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from layers.access import Editor
from layers.catalogue import layer_named
from layers.editing.beside import Write, beside
from layers.editing.conflict import conflict
from layers.editing.draft import KEEP, Draft
from layers.editing.examining import Examined, Refused, examined
from layers.editing.record import present
from layers.editing.serials import settled
from layers.history.log import State
from layers.index import Index
from layers.ingest.model import Noted
from layers.register.errors import VersionConflict
from layers.register.tables import GEOMETRY_COLUMN


@dataclass(frozen=True)
class Saved:
    """What was saved.

    Parameters
    ----------
    version
        Of the record now; as before where nothing was different.
    seq
        The change's number, which an undo asks for; None where nothing was different.
    batch
        Of all that was written together, where that was more than the record; an undo takes all of it back.
    written
        Names of the record's columns that have new values.
    beside
        How many further rows were written with it.
    notes
        Doubts that did not stand in the way.
    """

    layer: str
    uuid: str
    version: int
    seq: int | None
    batch: str | None = None
    written: tuple[str, ...] = ()
    beside: int = 0
    notes: tuple[Noted, ...] = ()


def add(index: Index, layer_key: str, draft: Draft, *, editor: Editor) -> Saved:
    """Add a record.

    Raises
    ------
    Refused
        With every error, by field; nothing is written then.
    UnknownLayer, NotAllowed, OutOfReach
    """
    found = examined(index, layer_key, "", draft, editor=editor)
    if found.errors:
        raise Refused(found.notes)
    return _write(index, found, str(uuids_.uuid4()), draft, editor)


def change(index: Index, layer_key: str, uuid: str, draft: Draft, *, editor: Editor) -> Saved:
    """Change a record; only what is different is written.

    Raises
    ------
    EditConflict
        Where the record is at another version than the draft was made from, with both versions field by field.
    Refused, UnknownLayer, UnknownFeature, NotAllowed, OutOfReach
    """
    found = examined(index, layer_key, uuid, draft, editor=editor)
    if found.before.version != draft.version:
        raise _conflict(index, found, draft, editor)
    if found.errors:
        raise Refused(found.notes)
    if not found.changes and found.extent is None:
        return Saved(layer_key, uuid, found.before.version, None, notes=found.notes)
    try:
        return _write(index, found, uuid, draft, editor)
    except VersionConflict:
        raise _conflict(index, found, draft, editor) from None


def close(index: Index, layer_key: str, uuid: str, day: date, draft: Draft, *, editor: Editor) -> Saved:
    """Close a record on a day: it stands until the day before. Raises what `change` does."""
    return change(index, layer_key, uuid, _ending(layer_key, draft, day), editor=editor)


def reopen(index: Index, layer_key: str, uuid: str, draft: Draft, *, editor: Editor) -> Saved:
    """Open a closed record again, as if it had never been closed. Raises what `change` does."""
    return change(index, layer_key, uuid, _ending(layer_key, draft, None), editor=editor)


_CLOSED: Final[dict[str, dict[str, Any]]] = {"facilities": {"state": "closed"}, "place-names": {"usage": "historical"}}
_OPEN: Final[dict[str, dict[str, Any]]] = {
    "facilities": {"state": "open"},
    "place-names": {"usage": "current", "abolished": None},
}


def _ending(layer_key: str, draft: Draft, day: date | None) -> Draft:
    layer_named(layer_key)
    text = day.isoformat() if day else None
    # a facility is closed by its own day; were its record's end left, it would stay hidden
    values: dict[str, Any] = {"closed": text} if layer_key == "facilities" else {"valid_to": text}
    values |= _CLOSED.get(layer_key, {}) if day else _OPEN.get(layer_key, {})
    if day and layer_key == "place-names":
        values["abolished"] = f"{day.year}年"
    return replace(draft, values=values, geometry=KEEP, extent=None)


def _write(index: Index, found: Examined, uuid: str, draft: Draft, editor: Editor) -> Saved:
    register, table = index.register, found.layer.table
    with index.held() as connection:
        further = beside(index, connection, found, uuid)
    # an id of its own for each save, so that what was written together is taken back together
    batch = str(uuids_.uuid4()) if further else None
    with register.writing(who=editor.name, why=draft.why or None, batch=batch) as connection:
        found = settled(connection, found, uuid)
        if found.before.uuid:
            version = found.before.version
            if found.changes:
                version = register.update(connection, table, uuid, found.changes, version=version)
        else:
            register.insert(connection, table, {**_filled(found), "uuid": uuid})
            version = 1
        seq = register.last_seq(connection)
        _write_beside(index, connection, further)
    return Saved(found.layer.key, uuid, version, seq, batch, tuple(found.changes), len(further), found.notes)


def _filled(found: Examined) -> State:
    return {name: value for name, value in found.after.state.items() if value is not None and name in found.changes}


def _write_beside(index: Index, connection: Connection, further: Sequence[Write]) -> None:
    for write in further:
        if write.gone:
            index.register.delete(connection, write.table, write.uuid)
        elif write.uuid:
            index.register.update(connection, write.table, write.uuid, write.values)
        else:
            index.register.insert(connection, write.table, write.values)


def _conflict(index: Index, found: Examined, draft: Draft, editor: Editor) -> Exception:
    with index.held() as connection:
        record = present(index, connection, found.layer, found.before.uuid, reader=editor.reader)
        mine = {
            name: found.after.state.get(name)
            for name in (*draft.values, *((GEOMETRY_COLUMN,) if draft.geometry is not KEEP else ()))
            if name in found.after.state
        }
        return conflict(index, connection, record, mine, draft.version, reader=editor.reader)
