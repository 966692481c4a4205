"""Renaming a division or a place with what is to follow: looked at first, then written as one change."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Collection, Iterator
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, select

from gis.errors import N_, Invalid
from gis.toponym import split_name
from layers.access import Editor, NotAllowed, require
from layers.catalogue import layer_named
from layers.editing import Draft, EditConflict, Examined, Refused, examined
from layers.editing.beside import beside
from layers.editing.conflict import conflict
from layers.editing.record import present
from layers.history.log import State, present_states
from layers.history.writing import Action
from layers.index import Index
from layers.placenames.decided import Decision, names_after
from layers.placenames.ripple.finding import Search, spelled
from layers.placenames.ripple.model import TITLES, Carried, Ripple, Target
from layers.placenames.together import as_actions, updating, write_together
from layers.records import Context
from layers.register import TABLES

LAYERS: Final = ("divisions", "place-names")
_LEVEL_OF_CLASS: Final = {"214": "county", "215": "town", "216": "village", "276": "village"}
_CODE_AT: Final = {"county": "county_code", "town": "town_code", "village": "village_code"}
MOST_NAME: Final = 100


class BadRenaming(Invalid):
    """A renaming that cannot be looked at as it stands."""

    code: ClassVar[str] = "bad-renaming"


def preview(index: Index, layer: str, uuid: str, new_name: str, *, editor: Editor) -> Ripple:
    """What would have to follow if a division or a place were renamed. Nothing is written.

    Raises
    ------
    BadRenaming, UnknownLayer, UnknownFeature, NotAllowed
    """
    new_name = new_name.strip()
    if layer not in LAYERS:
        raise BadRenaming(N_("Only divisions and place names are renamed with what depends on them."))
    if not 0 < len(new_name) <= MOST_NAME:
        raise BadRenaming(N_("Give the new name; it has at most %(most)s characters."), most=MOST_NAME)
    require(editor.reader, "edit", layer)
    with index.held() as connection:
        record = present(index, connection, layer_named(layer), uuid, reader=editor.reader)
        target = _target(index, layer, uuid, record.state, new_name, editor)
        namesake = list(_namesake(index, connection, target))
        groups = tuple(Search(index, connection, target, editor).groups(namesake))
    return Ripple(target, record.version, groups)


def rename(
    index: Index, layer: str, uuid: str, new_name: str, groups: Collection[str], *, version: int, editor: Editor,
    why: str = "", decision: Decision | None = None,
) -> str:  # fmt: skip
    """Rename a division or a place and what somebody has chosen with it; the batch by which all of it is undone.

    Parameters
    ----------
    groups
        Keys of the groups that are carried along.
    version
        Of the record as the editor has seen it.

    Raises
    ------
    EditConflict
        Where the record is at another version.
    Refused, BadRenaming, UnknownFeature, NotAllowed, OutOfReach
    """
    batch = str(uuids_.uuid4())
    draft = Draft(values={"name": new_name.strip()}, version=version, why=why)

    def plan(connection: Connection) -> list[Action]:
        found = examined(index, layer, uuid, draft, editor=editor)
        if found.before.version != version:
            raise _conflict(index, connection, found, draft, editor)
        return renaming_actions(index, connection, found, groups, editor=editor, decision=decision or Decision())

    reason = why or f"{_present_name(index, layer, uuid, editor)} → {new_name.strip()}"
    write_together(index, plan, editor=editor, why=reason, batch=batch)
    return batch


def renaming_actions(
    index: Index, connection: Connection, found: Examined, groups: Collection[str], *, editor: Editor,
    decision: Decision,
) -> list[Action]:  # fmt: skip
    """What is written where a record gets another name: itself, what repeats its name, its former name, the groups.

    Raises
    ------
    Refused
        With every error of the record itself.
    BadRenaming, NotAllowed
    """
    if found.errors:
        raise Refused(found.notes)
    uuid, layer = found.before.uuid, found.layer.key
    name, new_name = found.before.state.get("name"), found.after.state.get("name")
    actions = [updating(found.layer.table, uuid, found.changes)]
    actions += as_actions(beside(index, connection, found, uuid), _new)
    if not isinstance(name, str) or not isinstance(new_name, str) or name == new_name:
        return actions
    if found.layer.table == "place":
        actions += names_after(index, uuid, found.before.state, found.after.state, decision)
    ripple = preview(index, layer, uuid, new_name, editor=editor)
    for key in groups:
        actions += _chosen(index, connection, ripple, key, editor=editor, decision=decision)
    return actions


def _chosen(
    index: Index, connection: Connection, ripple: Ripple, key: str, *, editor: Editor, decision: Decision
) -> Iterator[Action]:
    """The rows of a group, and what repeats their names."""
    try:
        group = ripple.group(key)
    except KeyError:
        raise BadRenaming(
            N_("There is no group “%(key)s” of what depends on a name."), hint=N_("The groups are: %(known)s."),
            key=key[:40], known=", ".join(TITLES),
        ) from None  # fmt: skip
    if not group.selectable:
        raise BadRenaming(N_("This group is only counted; it cannot be carried along."))
    if not group.allowed:
        raise NotAllowed(
            N_("Your roles do not include changing all that you have chosen."),
            hint=N_("Leave the group out, or ask somebody who may."),
        )
    places = [item.uuid for item in group.items if item.table == "place" and "name" in item.values]
    states = present_states(index.register, connection, "place", places)
    for item in group.items:
        if item.table == "division":
            draft = Draft(values={"name": item.values["name"]})
            found = examined(index, "divisions", item.uuid, draft, editor=editor)
            yield updating("division", item.uuid, found.changes)
            yield from as_actions(beside(index, connection, found, item.uuid), _new)
            continue
        yield updating(item.table, item.uuid, item.values)
        if item.uuid in states:
            state = states[item.uuid]
            yield from names_after(index, item.uuid, state, {**state, **item.values}, decision)
    for key_, table in (("place-lines", "place_line"), ("place-areas", "place_area")):
        yield from _extents(index, connection, group.items, key_, table)


def _extents(
    index: Index, connection: Connection, items: Collection[Carried], layer: str, table: str
) -> Iterator[Action]:
    """Lines and areas repeat the name of their place."""
    names = {item.uuid: item for item in items if item.table == "place" and "name" in item.values}
    if not names:
        return
    columns = index.layer(layer)
    uuids = columns.uuid[columns["place_uuid"].isin(names).nonzero()[0]].tolist()
    for uuid, state in present_states(index.register, connection, table, uuids).items():
        item = names[str(state["place_uuid"])]
        if state.get("name") == item.before["name"]:
            yield updating(table, uuid, {"name": item.values["name"]})


def _target(index: Index, layer: str, uuid: str, state: State, new_name: str, editor: Editor) -> Target:
    name = str(state.get("name") or "")
    if layer == "divisions":
        level, code, is_division = str(state.get("level") or ""), str(state.get("code") or ""), True
    else:
        level = _LEVEL_OF_CLASS.get(str(state.get("class_code") or "")[:3], "")
        is_division = bool(level)
        if not is_division:
            level = "town" if state.get("town_code") else "county"
        code = str(state.get(_CODE_AT[level]) or "")
    if level not in _CODE_AT:
        raise BadRenaming(N_("Divisions above the county are not renamed here."))
    (word, _), (new_word, _) = split_name(name), split_name(new_name)
    if len(word) < 2:  # a single character stands in too many names
        word, new_word = name, new_name
    divisions = Context.of(index, reader=editor.reader).divisions
    row = divisions.row_of.get(code)
    above = "" if row is None or level == "county" else divisions.name_of(divisions.parent[row])
    return Target(
        layer, uuid, state, name, new_name, level, code, str(state.get("county_code") or code[:6]), is_division,
        word, new_word, above + name,
    )  # fmt: skip


def _namesake(index: Index, connection: Connection, target: Target) -> Iterator[Carried]:
    """The place of a division or the division of a place, of the same name."""
    if not target.is_division:
        return
    if target.layer == "place-names":
        table = TABLES["division"].c
        statement = select(table.uuid, table.name, table.level, table.roman).where(
            table.code == target.code, table.name == target.name
        )
        for row in connection.execute(statement).mappings():
            yield _carried("division", str(row["uuid"]), dict(row), target.new_name)
        return
    columns = index.layer("place-names")
    rows = columns["name"].isin([target.name]) & columns[_CODE_AT[target.level]].isin([target.code])
    states = present_states(index.register, connection, "place", columns.uuid[rows].tolist())
    for uuid, state in states.items():
        if _LEVEL_OF_CLASS.get(str(state.get("class_code") or "")[:3]) == target.level and not state.get("valid_to"):
            yield _carried("place", uuid, state, target.new_name)


def _carried(table: str, uuid: str, state: State, new_name: str) -> Carried:
    values = spelled(new_name, state, table)
    return Carried(table, uuid, str(state["name"]), {key: state.get(key) for key in values}, values)


def _conflict(index: Index, connection: Connection, found: Examined, draft: Draft, editor: Editor) -> EditConflict:
    record = present(index, connection, found.layer, found.before.uuid, reader=editor.reader)
    mine: dict[str, Any] = {"name": draft.values.get("name")}
    return conflict(index, connection, record, mine, draft.version, reader=editor.reader)


def _present_name(index: Index, layer: str, uuid: str, editor: Editor) -> str:
    with index.held() as connection:
        return str(present(index, connection, layer_named(layer), uuid, reader=editor.reader).state.get("name") or "")


def _new() -> str:
    return str(uuids_.uuid4())
