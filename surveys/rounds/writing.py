"""Rounds and tasks written: made, changed, led on, taken away. Each is one change that can be undone as one."""

from __future__ import annotations

import uuid as uuids_
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from gis.errors import N_, Conflict, Invalid
from layers.access import Editor, require, require_within
from layers.boundaries.checks import LineFacts, gather
from layers.editing import Refused
from layers.history.log import State, present_states
from layers.index import Index
from layers.records.given import Looked
from surveys.rounds.fields import looked_at_round, looked_at_task
from surveys.rounds.model import TRANSITIONS, UnknownRound, UnknownTask, WrongTaskStep

ROUND: Final = "inspection_batch"
TASK: Final = "inspection_task"
LAYER: Final = "boundary-lines"
"""Who may change boundary lines plans their inspection, each within their counties."""
MOST_LINES: Final = 500


class RoundConflict(Conflict):
    """Somebody else has changed the round or task since it was read."""

    code: ClassVar[str] = "round-conflict"


class BadLines(Invalid):
    """Lines that cannot be put into a round."""

    code: ClassVar[str] = "bad-lines"


class RoundBegun(Conflict):
    """A round or task that is more than a plan: it is cancelled, not taken away."""

    code: ClassVar[str] = "round-begun"


@dataclass(frozen=True)
class Saved:
    """What was saved: the row's id and version (0 where it is gone), and by what it is undone."""

    uuid: str
    version: int
    seq: int
    batch: str | None = None


def add_round(index: Index, values: Mapping[str, Any], lines: Sequence[str], *, editor: Editor, why: str = "") -> Saved:
    """A new round with its lines.

    Parameters
    ----------
    values
        Of the round, by `ROUND_FIELDS`.
    lines
        Permanent ids of boundary lines. The side inside the city, or the left one, leads until somebody says otherwise.

    Raises
    ------
    Refused
        With every error, by field.
    BadLines, NotAllowed, OutOfReach
    """
    require(editor.reader, "edit", LAYER)
    found = _sound(looked_at_round({}, values))
    chosen = _lines(index, lines, editor)
    made, batch = str(uuids_.uuid4()), str(uuids_.uuid4())
    with index.register.writing(who=editor.name, why=why or None, batch=batch) as connection:
        state = {name: value for name, value in found.state.items() if value is not None}
        index.register.insert(connection, ROUND, {**state, "uuid": made, "assumed": False})
        _insert_tasks(index, connection, made, chosen, found.state)
        return Saved(made, 1, index.register.last_seq(connection), batch)


def change_round(
    index: Index, uuid: str, values: Mapping[str, Any], *, version: int | None, editor: Editor, why: str = ""
) -> Saved:
    """Change a round. Raises `RoundConflict` at another version, `UnknownRound`, else what `add_round` does."""
    require(editor.reader, "edit", LAYER)
    before = _present(index, ROUND, uuid)
    _require_all_within(index, uuid, editor)
    _require_version(before, version)
    found = _sound(looked_at_round(before, values))
    return _updated(index, ROUND, uuid, found.changes, version, editor, why)


def remove_round(index: Index, uuid: str, *, version: int | None, editor: Editor, why: str = "") -> Saved:
    """Take a round away of which nothing has begun, with its tasks."""
    require(editor.reader, "edit", LAYER)
    before = _present(index, ROUND, uuid)
    _require_all_within(index, uuid, editor)
    _require_version(before, version)
    tasks = _tasks_of(index, uuid)
    if not before.get("kind") or any(task["state"] not in ("planned", "cancelled") for task in tasks):
        raise RoundBegun(
            N_("Field work of this round has begun or is over: it stays on record."),
            hint=N_("Cancel the tasks that will not be done."),
        )
    batch = str(uuids_.uuid4())
    with index.register.writing(who=editor.name, why=why or None, batch=batch) as connection:
        _require_version(present_states(index.register, connection, ROUND, [uuid]).get(uuid, {}), version)
        for task in tasks:
            index.register.delete(connection, TASK, str(task["uuid"]))
        index.register.delete(connection, ROUND, uuid)
        return Saved(uuid, 0, index.register.last_seq(connection), batch)


def add_lines(index: Index, uuid: str, lines: Sequence[str], *, editor: Editor, why: str = "") -> Saved:
    """More lines in a round. Raises `BadLines` where one is in it already."""
    require(editor.reader, "edit", LAYER)
    before = _present(index, ROUND, uuid)
    chosen = _lines(index, lines, editor)
    if not chosen:
        raise BadLines(N_("No line is named."), hint=N_("Choose at least one."))
    batch = str(uuids_.uuid4())
    with index.register.writing(who=editor.name, why=why or None, batch=batch) as connection:
        frame = index.register.frame(connection, TASK, columns=["batch_uuid", "line_uuid"])
        there = set(frame.loc[frame["batch_uuid"] == uuid, "line_uuid"])
        twice = [line for line in chosen if line.uuid in there]
        if twice:
            raise BadLines(
                N_("The line “%(line)s” is in this round already."), hint=N_("Leave it out."),
                line=str(twice[0].state.get("name") or twice[0].uuid),
            )  # fmt: skip
        _insert_tasks(index, connection, uuid, chosen, before)
        return Saved(uuid, int(before["version"]), index.register.last_seq(connection), batch)


def change_task(
    index: Index, uuid: str, values: Mapping[str, Any], *, version: int | None, editor: Editor, why: str = ""
) -> Saved:
    """Change who does a task and by when. Raises `UnknownTask`, `RoundConflict`, `Refused`, `OutOfReach`."""
    before, line = _task(index, uuid, editor)
    _require_version(before, version)
    found = _sound(looked_at_task(before, values, sides=line.sides))
    return _updated(index, TASK, uuid, found.changes, version, editor, why)


def step(
    index: Index, uuid: str, action: str, *, version: int | None, day: date, editor: Editor, why: str = ""
) -> Saved:
    """Lead a task on.

    Parameters
    ----------
    action
        Of the table of transitions.
    day
        On which field work begins or is finished.

    Raises
    ------
    WrongTaskStep
        Where the task's state does not allow it, or a reason is asked for and none is given.
    UnknownTask, RoundConflict, NotAllowed, OutOfReach
    """
    before, _line = _task(index, uuid, editor)
    _require_version(before, version)
    state = before.get("state") or "planned"
    row = next((row for row in TRANSITIONS if row.before == state and row.action == action), None)
    if row is None:
        raise WrongTaskStep(
            N_("This cannot be done with the task as it is now."), hint=N_("Load it anew: somebody may have gone on.")
        )
    if row.reason and not why.strip():
        raise WrongTaskStep(N_("Say for what reason."), hint=N_("It stands with the change."))
    changes: dict[str, Any] = {"state": row.after}
    if action == "begin" and not before.get("starts"):
        changes["starts"] = day.isoformat()
    if row.after == "finished":
        changes["finished"] = day.isoformat()
    elif before.get("finished"):
        changes["finished"] = None
    return _updated(index, TASK, uuid, changes, version, editor, why)


def remove_task(index: Index, uuid: str, *, version: int | None, editor: Editor, why: str = "") -> Saved:
    """Take a task away that is only planned."""
    before, _line = _task(index, uuid, editor)
    _require_version(before, version)
    if (before.get("state") or "planned") not in ("planned", "cancelled") or not _recorded_plan(index, before):
        raise RoundBegun(
            N_("Field work of this task has begun or is over: it stays on record."), hint=N_("Cancel it instead.")
        )
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(present_states(index.register, connection, TASK, [uuid]).get(uuid, {}), version)
        index.register.delete(connection, TASK, uuid)
        return Saved(uuid, 0, index.register.last_seq(connection))


def _recorded_plan(index: Index, task: State) -> bool:
    """Whether a task belongs to a round that is planned here; others only record what has been inspected."""
    return bool(_present(index, ROUND, str(task["batch_uuid"])).get("kind"))


def _sound(found: Looked) -> Looked:
    if found.notes:
        raise Refused(found.notes)
    return found


def _lines(index: Index, wanted: Sequence[str], editor: Editor) -> list[LineFacts]:
    """The lines as they stand, once each and in their order; every one within the editor's reach."""
    if len(wanted) > MOST_LINES:
        raise BadLines(N_("At most %(most)s lines at once."), hint=N_("Make several rounds."), most=MOST_LINES)
    chosen = list(dict.fromkeys(wanted))
    known = gather(index, reader=editor.reader, lines=chosen).lines if chosen else {}
    for uuid in chosen:
        if uuid not in known:
            raise BadLines(
                N_("There is no boundary line %(uuid)s that stands today."), hint=N_("Choose from the list of lines."),
                uuid=str(uuid)[:40],
            )  # fmt: skip
        require_within(editor.reader, known[uuid].sides, layer_key=LAYER)
    return [known[uuid] for uuid in chosen]


def _insert_tasks(
    index: Index, connection: Any, round_uuid: str, lines: Sequence[LineFacts], of_round: Mapping[str, Any]
) -> None:
    divisions = index.layer("divisions")
    inside = set(divisions["code"].values(divisions["inside"].isin([True]).nonzero()[0]))
    for line in lines:
        left, right = line.sides
        lead, partner = (right, left) if right in inside and left not in inside else (left, right)
        values = {
            "batch_uuid": round_uuid, "line_uuid": line.uuid, "state": "planned",
            "lead_side": lead or None, "partner_side": partner or None,
            "starts": of_round.get("starts"), "due": of_round.get("due"),
        }  # fmt: skip
        index.register.insert(connection, TASK, {name: value for name, value in values.items() if value is not None})


def _present(index: Index, table: str, uuid: str) -> State:
    with index.held() as connection:
        state = present_states(index.register, connection, table, [uuid]).get(uuid)
    if state is None and table == ROUND:
        raise UnknownRound(N_("There is no such round."), hint=N_("See the list of rounds."))
    if state is None:
        raise UnknownTask(N_("There is no such task."), hint=N_("Load the round anew."))
    return state


def _task(index: Index, uuid: str, editor: Editor) -> tuple[State, LineFacts]:
    """A task and its line, where the editor sees it and may change it."""
    require(editor.reader, "edit", LAYER)
    before = _present(index, TASK, uuid)
    line_uuid = str(before.get("line_uuid"))
    line = gather(index, reader=editor.reader, lines=[line_uuid], closed=True).lines.get(line_uuid)
    if line is None:
        raise UnknownTask(N_("There is no such task."), hint=N_("Load the round anew."))
    require_within(editor.reader, line.sides, layer_key=LAYER)
    return before, line


def _tasks_of(index: Index, uuid: str) -> list[dict[str, Any]]:
    frame = index.frame(TASK)
    return [
        {str(name): value for name, value in row.items()}
        for row in frame[frame["batch_uuid"] == uuid].to_dict("records")
    ]


def _require_all_within(index: Index, uuid: str, editor: Editor) -> None:
    """A round is changed by those who reach every line of it."""
    wanted = [str(task["line_uuid"]) for task in _tasks_of(index, uuid)]
    known = gather(index, reader=editor.reader, lines=wanted, closed=True).lines if wanted else {}
    for line in wanted:
        require_within(editor.reader, known[line].sides if line in known else [], layer_key=LAYER)


def _require_version(state: State, version: int | None) -> None:
    if not state or state.get("version") != version:
        raise RoundConflict(
            N_("Somebody else has changed this meanwhile: it is at version %(version)s."),
            hint=N_("Look at it as it stands, and change it again."),
            version=state.get("version", 0),
        )


def _updated(
    index: Index, table: str, uuid: str, changes: Mapping[str, Any], version: int | None, editor: Editor, why: str
) -> Saved:
    with index.register.writing(who=editor.name, why=why or None) as connection:
        _require_version(present_states(index.register, connection, table, [uuid]).get(uuid, {}), version)
        new = index.register.update(connection, table, uuid, changes) if changes else int(version or 0)
        return Saved(uuid, new, index.register.last_seq(connection))
