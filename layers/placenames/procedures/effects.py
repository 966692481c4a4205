"""What an approval writes into the register, in one transaction, and whether that still stands."""

from __future__ import annotations

import uuid as uuids_
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import Connection

from layers.access import Editor
from layers.editing import Draft, Refused, draft_from_json, examined
from layers.editing.beside import beside
from layers.history.log import LOG, log_rows, present_states
from layers.history.writing import Action
from layers.index import Index
from layers.office.applications import Application
from layers.placenames.decided import Decision, names_after
from layers.placenames.procedures.judging import LAYER
from layers.placenames.procedures.kinds import kind_named
from layers.placenames.ripple import renaming_actions
from layers.placenames.together import as_actions, inserting, updating, write_together

Effect = Literal["none", "stands", "undone"]
_NAMESPACE: Final = uuids_.UUID("5b0f6f2c-7f0b-4f3d-9f39-9a6c1f6f0c11")


def reason_of(application: Application, decision: Decision) -> str:
    """What stands in the change log as the reason."""
    return " ".join(
        word for word in (kind_named(application.kind).title_zh, application.number, decision.number) if word
    )


def place_of(batch: str) -> str:
    """The permanent id of the place that a naming's batch enters: the same however often it is tried."""
    return str(uuids_.uuid5(_NAMESPACE, batch))


def write_approval(index: Index, application: Application, batch: str, decision: Decision, *, editor: Editor) -> str:
    """Write what an approval means; the uuid of the place. A batch that is there already is not written again.

    Raises
    ------
    Refused
        Where the record cannot stand, with every error.
    UnknownFeature, NotAllowed, OutOfReach, Conflict
    """
    draft = draft_from_json(dict(application.proposed))
    uuid = application.place or place_of(batch)

    def plan(connection: Connection) -> list[Action]:
        if application.kind == "name":
            return _naming(index, connection, draft, uuid, decision, editor=editor)
        if application.kind == "rename":
            found = examined(index, LAYER, uuid, draft, editor=editor)
            return renaming_actions(index, connection, found, application.carried, editor=editor, decision=decision)
        return _closing(index, connection, uuid, decision, editor=editor)

    write_together(index, plan, editor=editor, why=reason_of(application, decision), batch=batch)
    return uuid


def _naming(
    index: Index, connection: Connection, draft: Draft, uuid: str, decision: Decision, *, editor: Editor
) -> list[Action]:
    values = dict(draft.values)
    if decision.day and not values.get("named_in"):
        values["named_in"] = decision.day
    if not values.get("history"):
        values["history"] = _history(decision)
    found = examined(index, LAYER, "", replace(draft, values=values), editor=editor)
    if found.errors:
        raise Refused(found.notes)
    filled: dict[str, Any] = {name: value for name, value in found.changes.items() if value is not None}
    further = beside(index, connection, found, uuid)
    names = names_after(index, uuid, {}, found.after.state, decision)
    return [inserting("place", uuid, filled), *as_actions(further, lambda: str(uuids_.uuid4())), *names]


def _history(decision: Decision) -> str:
    """The first line of a name's history: who has given it, when and by what."""
    day = date.fromisoformat(decision.day)
    number = f"（{decision.number}）" if decision.number else ""
    return f"{day.year}年{day.month}月{day.day}日{decision.authority}批准命名{number}。"


def _closing(index: Index, connection: Connection, uuid: str, decision: Decision, *, editor: Editor) -> list[Action]:
    """The name ends on the day of the decision, and with it what it extends over."""
    day = date.fromisoformat(decision.day)
    values = {"valid_to": decision.day, "usage": "historical", "abolished": f"{day.year}年"}
    found = examined(index, LAYER, uuid, Draft(values=values), editor=editor)
    if found.errors:
        raise Refused(found.notes)
    actions = [updating("place", uuid, found.changes)]
    for layer, table in (("place-lines", "place_line"), ("place-areas", "place_area")):
        columns = index.layer(layer)
        extents = columns.uuid[columns["place_uuid"].isin([uuid]).nonzero()[0]].tolist()
        standing = present_states(index.register, connection, table, extents)
        actions += [
            updating(table, extent, {"valid_to": decision.day})
            for extent, state in standing.items()
            if not state.get("valid_to")
        ]
    return actions


def is_written(index: Index, batch: str) -> bool:
    """Whether the register's log has a batch."""
    with index.register.reading() as connection:
        return bool(log_rows(connection, LOG.batch == batch, limit=1))


def effect_of(index: Index, application: Application) -> Effect:
    """Whether what the approval has written still stands, or was taken back since, by whichever way."""
    if not application.batch or not application.place:
        return "none"
    with index.held() as connection:
        rows = log_rows(connection, LOG.batch == application.batch)
        if not rows:
            return "undone"  # the register has been put back to an earlier state
        inserted: dict[str, list[str]] = {}
        for row in rows:
            if row.op == "insert" and row.uuid is not None:
                inserted.setdefault(row.table, []).append(row.uuid)
        if inserted:
            there = (present_states(index.register, connection, table, uuids) for table, uuids in inserted.items())
            return "stands" if any(there) else "undone"
        place = present_states(index.register, connection, "place", [application.place])
        return "stands" if place.get(application.place, {}).get("valid_to") else "undone"
