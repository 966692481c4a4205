"""Many rows written as one change: planned on a state of the register, written on that very state or planned anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from gis.errors import N_, Conflict
from layers.access import Editor
from layers.editing.beside import Write
from layers.history.log import LOG, log_rows, present_states
from layers.history.writing import Action, carry_out
from layers.index import Index
from layers.register import Register

_ATTEMPTS: Final = 5

Plan = Callable[[Connection], list[Action]]


def updating(table: str, uuid: str, values: Mapping[str, Any]) -> Action:
    """A row that gets other values."""
    return Action("update", table, uuid, dict(values))


def inserting(table: str, uuid: str, values: Mapping[str, Any]) -> Action:
    """A new row."""
    return Action("insert", table, uuid, dict(values))


def as_actions(writes: Iterable[Write], new_uuid: Callable[[], str]) -> list[Action]:
    """What is written beside a record, as rows to be written."""
    return [
        Action("delete" if write.gone else "update" if write.uuid else "insert", write.table, write.uuid or new_uuid(),
               write.values)
        for write in writes
    ]  # fmt: skip


def write_together(index: Index, plan: Plan, *, editor: Editor, why: str, batch: str) -> int:
    """Carry out a plan in one transaction; how many rows were written.

    A batch that the log has already was written before, and nothing is done.

    Parameters
    ----------
    plan
        Called with a connection that sees one state; called again where somebody has written meanwhile.
    batch
        Noted at each change, by which all of them are undone together.

    Raises
    ------
    Conflict
        Where the register is written to without a pause.
    """
    register = index.register
    for _ in range(_ATTEMPTS):
        with index.held() as connection:
            mark = register.mark(connection)
            if log_rows(connection, LOG.batch == batch, limit=1):
                return 0
            actions = _with_present(register, connection, merged(plan(connection)))
        with register.writing(who=editor.name, why=why, batch=batch) as connection:
            if register.mark(connection) == mark:
                carry_out(register, connection, actions)
                return len(actions)
    raise Conflict(N_("The register is being written to without a pause."), hint=N_("Try again in a moment."))


def merged(actions: Iterable[Action]) -> list[Action]:
    """One action for each row: of two that write the same column the first counts."""
    found: dict[tuple[str, str], Action] = {}
    for action in actions:
        key = (action.table, action.uuid)
        earlier = found.get(key)
        found[key] = action if earlier is None else replace(earlier, values={**action.values, **earlier.values})
    return list(found.values())


def _with_present(register: Register, connection: Connection, actions: list[Action]) -> list[Action]:
    """Updates with the whole row that they find: many of them are written as whole columns."""
    wanted: dict[str, list[str]] = {}
    for action in actions:
        if action.kind == "update":
            wanted.setdefault(action.table, []).append(action.uuid)
    present = {table: present_states(register, connection, table, uuids) for table, uuids in wanted.items()}
    return [
        replace(action, present=present[action.table].get(action.uuid, {})) if action.kind == "update" else action
        for action in actions
    ]
