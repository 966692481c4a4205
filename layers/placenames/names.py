"""The names of a place: the standard one, aliases, abbreviations, former ones, those on maps and in other scripts.

A feature is not a name: each name has its own days, source, decision and secrecy. The place itself holds its standard
name as truth; a row of kind ``standard`` beside it says by which decision it has that name.
"""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from gis.errors import N_, Conflict, NotFound
from gis.toponym import romanize
from layers import days
from layers.access import Editor, Reader, require, require_within, secrecy_codes, visible_within
from layers.catalogue import layer_named
from layers.editing.beside import beside
from layers.editing.conflict import conflict
from layers.editing.draft import Draft
from layers.editing.examining import Refused, examined
from layers.editing.record import Record, present
from layers.history.log import State, plain_values, present_states
from layers.history.reach import counties_of
from layers.index import Index
from layers.placenames.kinds_of_names import STANDARD, looked_at, same_as_standard

TABLE: Final = "place_name"
_ORDER: Final = (STANDARD, "map", "abbreviation", "alias", "minority", "former")


class UnknownName(NotFound):
    """A name that the place does not have, or not for this reader."""

    code = "unknown-name"


class NameConflict(Conflict):
    """Somebody else has changed the name since it was read."""

    code = "name-conflict"


@dataclass(frozen=True)
class PlaceName:
    """One name of a place.

    Parameters
    ----------
    uuid
        Empty for the standard name where nothing but the place itself speaks of it.
    kind
        One of `layers.placenames.kinds_of_names.KINDS`.
    status
        ``in_use`` or ``disused``.
    version
        Of its row, for changes; of the standard name without a row the place's.
    """

    uuid: str
    kind: str
    name: str
    roman: str | None
    language: str | None
    status: str
    valid_from: str | None
    valid_to: str | None
    source: str | None
    note: str | None
    decision: str | None
    decided_by: str | None
    decided_on: str | None
    secrecy: str | None
    is_public: bool | None
    version: int

    def standing(self, day: date) -> bool:
        """Whether it stands at the end of a day."""
        text = day.isoformat()
        return (not self.valid_from or self.valid_from <= text) and (not self.valid_to or self.valid_to > text)


@dataclass(frozen=True)
class NameSaved:
    """What was saved: the name's id and version (0 where it is gone), and by what it is undone."""

    uuid: str
    version: int
    seq: int
    batch: str | None = None


def names_of(index: Index, place: str, *, reader: Reader) -> tuple[PlaceName, ...]:
    """The names of a place that a reader may see: the standard one first, former ones last.

    Raises
    ------
    UnknownFeature
    """
    with index.held() as connection:
        record = present(index, connection, layer_named("place-names"), place, reader=reader)
        rows = [name for name in _rows(index, place) if _open(index, place, name, reader=reader)]
    # a row that says standard of a name that the place has no more is what another program has left
    own = record.state.get("name")
    rows = [replace(name, kind="former") if name.kind == STANDARD and name.name != own else name for name in rows]
    if not any(name.kind == STANDARD for name in rows):
        rows.append(_of_place(record))
    return tuple(sorted(rows, key=_place_in_list))


def add_name(index: Index, place: str, values: Mapping[str, Any], *, editor: Editor, why: str = "") -> NameSaved:
    """Give a place a further name.

    Raises
    ------
    Refused
        With every error, by field.
    UnknownFeature, NotAllowed, OutOfReach
    """
    record = _place(index, place, editor)
    found = looked_at({}, values, standing=_rows(index, place), place_name=_name_of(record), clearance=_level(editor))
    if found.errors:
        raise Refused(found.notes)
    state = {name: value for name, value in found.state.items() if value is not None}
    state.setdefault("status", "in_use")
    if "roman" not in state and state["kind"] != "minority":
        state["roman"] = _spelled(record, state["name"])
    with index.register.writing(who=editor.name, why=why or None) as connection:
        uuid = index.register.insert(connection, TABLE, {**state, "place_uuid": place})
        return NameSaved(uuid, 1, index.register.last_seq(connection))


def change_name(
    index: Index,
    place: str,
    name: str,
    values: Mapping[str, Any],
    *,
    version: int | None,
    editor: Editor,
    why: str = "",
) -> NameSaved:
    """Change a name of a place. Raises `NameConflict` at another version, else what `add_name` does."""
    record, before = _place(index, place, editor), _present(index, place, name, editor)
    _require_version(before, version)
    others = [one for one in _rows(index, place) if one.uuid != name]
    found = looked_at(before, values, standing=others, place_name=_name_of(record), clearance=_level(editor))
    if found.errors:
        raise Refused(found.notes)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(_state(index, connection, name), version)
        new = index.register.update(connection, TABLE, name, found.changes) if found.changes else int(version or 0)
        return NameSaved(name, new, index.register.last_seq(connection))


def close_name(
    index: Index, place: str, name: str, day: date, *, version: int | None, editor: Editor, why: str = ""
) -> NameSaved:
    """A name that is no longer used from a day on."""
    values = {"valid_to": day.isoformat(), "status": "disused"}
    return change_name(index, place, name, values, version=version, editor=editor, why=why)


def remove_name(
    index: Index, place: str, name: str, *, version: int | None, editor: Editor, why: str = ""
) -> NameSaved:
    """Take a name away that should never have been there; one that was used is closed instead."""
    _place(index, place, editor)
    _present(index, place, name, editor)
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(_state(index, connection, name), version)
        index.register.delete(connection, TABLE, name)
        return NameSaved(name, 0, index.register.last_seq(connection))


@dataclass(frozen=True)
class Decision:
    """By what a name becomes the standard one: number, authority, the day from which it holds."""

    number: str = ""
    authority: str = ""
    day: date | None = None


def make_standard(
    index: Index, place: str, name: str, *, version: int | None, place_version: int | None, decision: Decision,
    editor: Editor, why: str = "",
) -> NameSaved:  # fmt: skip
    """Make another name of a place its standard one; the standard name until now stays as a former one.

    One transaction: the place with what repeats its name, the former name, the name that was chosen.

    Raises
    ------
    EditConflict, NameConflict
        Where the place or the name is at another version.
    Refused, UnknownName, UnknownFeature, NotAllowed, OutOfReach
    """
    chosen = _present(index, place, name, editor)
    _require_version(chosen, version)
    if chosen["name"] == _name_of(_place(index, place, editor)):
        raise Refused([same_as_standard(str(chosen["name"]))])
    values = {"name": chosen["name"]} | ({"roman": chosen["roman"]} if chosen.get("roman") else {})
    draft = Draft(values=values, version=place_version, why=why)
    found = examined(index, "place-names", place, draft, editor=editor)
    if found.before.version != place_version:
        with index.held() as connection:
            record = present(index, connection, found.layer, place, reader=editor.reader)
            raise conflict(index, connection, record, dict(values), place_version, reader=editor.reader)
    if found.errors:
        raise Refused(found.notes)
    day = (decision.day or days.today()).isoformat()
    said = {"decision": decision.number or None, "decided_by": decision.authority or None, "decided_on": day}
    batch = str(uuids_.uuid4())
    register = index.register
    old = found.before.state
    standard = [one for one in _rows(index, place) if one.kind == STANDARD and one.uuid != name]
    with index.held() as connection:
        further = beside(index, connection, found, place)
    with register.writing(who=editor.name, why=why or None, batch=batch) as connection:
        _require_version(_state(index, connection, name), version)
        register.update(connection, "place", place, found.changes, version=place_version)
        for write in further:
            register.update(connection, write.table, write.uuid, write.values)
        ended = {"kind": "former", "status": "disused", "valid_to": day}
        for one in standard:
            register.update(connection, TABLE, one.uuid, ended)
        if not any(one.name == old.get("name") for one in standard):
            kept = {field: old.get(field) for field in ("name", "roman", "source", "secrecy", "is_public")}
            kept = {field: value for field, value in kept.items() if value is not None}
            register.insert(connection, TABLE, {**kept, **ended, "place_uuid": place})
        fresh = {**said, "kind": STANDARD, "status": "in_use", "valid_from": day, "valid_to": None}
        new = register.update(connection, TABLE, name, fresh)
        return NameSaved(name, new, register.last_seq(connection), batch)


def _place(index: Index, place: str, editor: Editor) -> Record:
    """The place, where the editor may change its names."""
    require(editor.reader, "edit", "place-names")
    with index.held() as connection:
        record = present(index, connection, layer_named("place-names"), place, reader=editor.reader)
        require_within(editor.reader, counties_of(index, "place", record.state), layer_key="place-names")
    return record


def _present(index: Index, place: str, name: str, editor: Editor) -> State:
    """A name's row, where the editor may see and change it."""
    _place(index, place, editor)
    found = next((one for one in _rows(index, place) if one.uuid == name), None)
    if found is None or not _open(index, place, found, reader=editor.reader):
        raise UnknownName(N_("The place has no name %(name)s."), name=name[:60])
    with index.held() as connection:
        return _state(index, connection, name)


def _state(index: Index, connection: Connection, name: str) -> State:
    return present_states(index.register, connection, TABLE, [name]).get(name, {})


def _require_version(state: State, version: int | None) -> None:
    if not state or state.get("version") != version:
        raise NameConflict(
            N_("Somebody else has changed this name meanwhile: it is at version %(version)s."),
            hint=N_("Look at it as it stands, and change it again."),
            version=state.get("version", 0),
        )


def _rows(index: Index, place: str) -> list[PlaceName]:
    table = index.frame(TABLE)
    rows = table[table["place_uuid"] == place]
    columns = [field for field in PlaceName.__dataclass_fields__ if field in rows.columns]
    found = []
    for row in zip(*(plain_values(rows[field]) for field in columns), strict=True):
        values: dict[str, Any] = dict(zip(columns, row, strict=True))
        if values.get("is_public") is not None:
            values["is_public"] = bool(values["is_public"])
        values |= {"version": int(values.get("version") or 0), "status": values.get("status") or "in_use"}
        values |= {"kind": values.get("kind") or "alias", "name": values.get("name") or ""}
        found.append(PlaceName(**values))
    return found


def _open(index: Index, place: str, name: PlaceName, *, reader: Reader) -> bool:
    """Whether a reader may see a name; who sees the place is asked before."""
    columns = index.layer("place-names")
    row = columns.row_of(place)
    reached = None if row is None else columns.reached(reader, np.array([row]))
    levels = secrecy_codes([name.secrecy], [name.is_public])
    return bool(visible_within(levels, reached, reader=reader)[0])


def _of_place(record: Record) -> PlaceName:
    state = record.state
    usual = {field: state.get(field) for field in ("roman", "language", "source", "secrecy", "is_public")}
    blank = dict.fromkeys(("valid_to", "note", "decision", "decided_by", "decided_on"))
    return PlaceName(
        uuid="", kind=STANDARD, name=_name_of(record), status="in_use", valid_from=state.get("valid_from"),
        version=record.version, **usual, **blank,
    )  # fmt: skip


def _name_of(record: Record) -> str:
    return str(record.state.get("name") or "")


def _place_in_list(name: PlaceName) -> tuple[int, str, str]:
    kind = _ORDER.index(name.kind) if name.kind in _ORDER else len(_ORDER)
    return kind, name.valid_from or "", name.name


def _spelled(record: Record, name: str) -> str:
    whole = record.state.get("major") == "settlement"
    return romanize(name, "settlement" if whole else "")


def _level(editor: Editor) -> int:
    return editor.reader.clearance
