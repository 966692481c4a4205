"""The five-year plan and its rounds: pages, and what scripts read and change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template

from gis.errors import N_
from layers import days
from layers.access import may
from layers.boundaries.checks import gather
from layers.editing import BadDraft, Refused
from layers.index import Index
from surveys.rounds import (
    ACTIONS,
    Round,
    Saved,
    add_lines,
    add_round,
    change_round,
    change_task,
    read_plan,
    read_round,
    remove_round,
    remove_task,
    step,
)
from surveys.rounds.fields import ROUND_FIELDS, TASK_FIELDS
from surveys.rounds.writing import LAYER
from web import query
from web.editing.shown import field_as_json
from web.editing.views import refused
from web.language import reader_language
from web.members import body, values, version, why
from web.permissions import current_editor, current_person, current_reader
from web.rounds.shown import (
    STANDING_BADGES,
    STANDINGS,
    STATE_BADGES,
    plan_as_json,
    round_as_json,
)
from web.service import service

rounds = Blueprint("rounds", __name__)
rounds.register_error_handler(Refused, refused)

_STANDING: Final = "standing"
_MOST_VERTICES: Final = 400
"""Of one line on the small map of a round."""


@rounds.get("/rounds")
def page() -> str:
    """The five-year plan: when each line was inspected, when it is due, and the rounds."""
    given = query.allow("q", _STANDING)
    language = reader_language()
    plan = plan_as_json(read_plan(service().index, reader=current_reader(), today=days.today()), language)
    words, standing = given.get("q", "").strip().casefold(), given.get(_STANDING, "")
    lines = [
        line
        for line in plan["lines"]
        if (not standing or line["standing"] == standing)
        and (not words or words in line["name"].casefold() or words in line["code"].casefold())
    ]
    return render_template(
        "rounds/plan.html", plan=plan, lines=lines, words=given.get("q", ""), standing=standing,
        standings=[(key, title) for key, title in STANDINGS.items() if plan["counts"].get(key)],
        badges=STANDING_BADGES, kilometres=_kilometres, may_edit=_may_plan(),
        data=_data({"lines": plan["lines"], "fields": [field_as_json(field, language) for field in ROUND_FIELDS]}),
    )  # fmt: skip


@rounds.get("/rounds/<uuid>")
def round_page(uuid: str) -> str:
    """One round: how far its lines are, on the map and in a table."""
    query.allow()
    index, reader, language = service().index, current_reader(), reader_language()
    found = read_round(index, uuid, reader=reader, today=days.today())
    shown = round_as_json(found, language)
    there = {task.line_uuid for task in found.tasks}
    editable = _may_plan() and bool(found.kind)
    left = [] if not editable else [
        {"uuid": line.uuid, "code": line.state.get("code"), "name": line.state.get("name")}
        for line in gather(index, reader=reader).lines.values()
        if line.uuid not in there
    ]  # fmt: skip
    return render_template(
        "rounds/round.html", one=shown, badges=STATE_BADGES, kilometres=_kilometres, may_edit=editable,
        may_history=current_person() is not None and may(reader, "history"),
        data=_data(
            {
                "round": shown,
                "mayEdit": editable,
                "roundFields": [field_as_json(field, language) for field in ROUND_FIELDS],
                "taskFields": [field_as_json(field, language) for field in TASK_FIELDS],
                "lines": left,
                "shapes": _shapes(index, found),
            }
        ),
    )  # fmt: skip


@rounds.get("/api/rounds")
def plan() -> Response:
    """The five-year plan with all rounds."""
    query.allow()
    return _answer(
        plan_as_json(read_plan(service().index, reader=current_reader(), today=days.today()), reader_language())
    )


@rounds.get("/api/rounds/<uuid>")
def one(uuid: str) -> Response:
    """A round with its tasks."""
    query.allow()
    found = read_round(service().index, uuid, reader=current_reader(), today=days.today())
    return _answer(round_as_json(found, reader_language()))


@rounds.post("/api/rounds")
def add() -> tuple[Response, int]:
    """A new round: ``values``, ``lines`` (their ids), ``why``."""
    query.allow()
    given = body("values", "lines", "why")
    saved = add_round(service().index, values(given), _lines(given), editor=current_editor(), why=why(given))
    return _saved(saved), 201


@rounds.put("/api/rounds/<uuid>")
def change(uuid: str) -> Response:
    """A round with other values: ``values``, ``version``, ``why``."""
    query.allow()
    given = body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(change_round(index, uuid, values(given), version=version(given), editor=editor, why=why(given)))


@rounds.delete("/api/rounds/<uuid>")
def remove(uuid: str) -> Response:
    """A round of which nothing has begun, taken away: ``version``, ``why``."""
    query.allow()
    given = body("version", "why")
    saved = remove_round(service().index, uuid, version=version(given), editor=current_editor(), why=why(given))
    return _saved(saved)


@rounds.post("/api/rounds/<uuid>/lines")
def more_lines(uuid: str) -> tuple[Response, int]:
    """More lines in a round: ``lines``, ``why``."""
    query.allow()
    given = body("lines", "why")
    return _saved(add_lines(service().index, uuid, _lines(given), editor=current_editor(), why=why(given))), 201


@rounds.put("/api/rounds/tasks/<uuid>")
def change_one_task(uuid: str) -> Response:
    """A task with other people or days: ``values``, ``version``, ``why``."""
    query.allow()
    given = body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(change_task(index, uuid, values(given), version=version(given), editor=editor, why=why(given)))


@rounds.post("/api/rounds/tasks/<uuid>/step")
def task_step(uuid: str) -> Response:
    """A task led on: ``action``, ``version``, ``day`` (else today), ``why``."""
    query.allow()
    given = body("action", "version", "day", "why")
    action, day = given.get("action"), given.get("day") or days.today().isoformat()
    if action not in ACTIONS or not isinstance(day, str):
        raise BadDraft(N_("“action” is one of: %(known)s."), known=", ".join(ACTIONS))
    saved = step(
        service().index, uuid, str(action), version=version(given), day=days.parse_day(day), editor=current_editor(),
        why=why(given),
    )  # fmt: skip
    return _saved(saved)


@rounds.delete("/api/rounds/tasks/<uuid>")
def remove_one_task(uuid: str) -> Response:
    """A task that is only planned, taken away: ``version``, ``why``."""
    query.allow()
    given = body("version", "why")
    saved = remove_task(service().index, uuid, version=version(given), editor=current_editor(), why=why(given))
    return _saved(saved)


def _may_plan() -> bool:
    return current_person() is not None and may(current_reader(), "edit", LAYER)


def _shapes(index: Index, found: Round) -> list[dict[str, Any]]:
    """The lines of a round for its map, thinned: as many vertices as a small map shows."""
    known = gather(index, reader=current_reader(), lines=[task.line_uuid for task in found.tasks], closed=True).lines
    shapes = []
    for task in found.tasks:
        line = known[task.line_uuid].line if task.line_uuid in known else None
        if line is None:
            continue
        coordinates = [(round(x, 5), round(y, 5)) for x, y, *_ in line.coords]
        every = max(1, len(coordinates) // _MOST_VERTICES)
        thinned = [*coordinates[:-1:every], coordinates[-1]]
        shapes.append({"uuid": task.line_uuid, "name": task.line_name, "state": task.state, "coordinates": thinned})
    return shapes


def _kilometres(metres: float | None) -> str:
    return "" if metres is None else f"{metres / 1000:,.2f} km"


def _data(value: object) -> str:
    """JSON within a page: no text in it ends the element that it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _answer(value: object) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response


def _saved(saved: Saved) -> Response:
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=saved.batch)


def _lines(given: Mapping[str, Any]) -> list[str]:
    lines = given.get("lines", [])
    if not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
        raise BadDraft(N_("“lines” is a list of the ids of boundary lines."))
    return lines
