"""Changes over HTTP: the pages, the list as JSON, undo."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from gis.errors import N_
from layers import days
from layers.catalogue import LAYERS, layer_named
from layers.history import Query, UndoConflict, changes, undo, undo_batch
from layers.history.asking import Page
from layers.history.undo import size_of_batch
from layers.office import jobs
from web import query
from web.body import sent
from web.errors import STATUS, kind_of
from web.history.shown import clash_as_json, distance_text, entry_as_json
from web.jobs.shown import job_as_json
from web.language import reader_language, sentences, translated
from web.permissions import current_editor
from web.service import service

history = Blueprint("history", __name__)

_FILTERS = ("layer", "who", "day", "batch", "uuid", "before", "limit")
_MOST_REASON = 500
_MOST_AT_ONCE = 2000
"""Taking back more changes than this takes longer than a request should."""


class BadUndo(query.BadParameter):
    """A body that says no reason as it should."""

    code = "bad-undo"


@history.get("/history")
def page() -> str:
    """All changes, or those that filters leave."""
    return _page(_query())


@history.get("/history/<layer>/<uuid>")
def record_page(layer: str, uuid: str) -> str:
    """The changes of one record."""
    layer_named(layer)
    return _page(replace(_query(), layer=layer, uuid=uuid))


@history.get("/api/history")
def listed() -> Response:
    """Changes, the newest first, as JSON."""
    found = _asked(_query())
    return _answer(found)


def _query() -> Query:
    given = query.allow(*_FILTERS)
    day = given.get("day", "")
    return Query(
        layer=given.get("layer", ""),
        uuid=given.get("uuid", ""),
        who=given.get("who", ""),
        day=days.parse_day(day) if day else None,
        batch=given.get("batch") or None,
        before=query.whole("before", 0) or None,
        limit=query.whole("limit", 50),
    )


def _asked(asked: Query) -> Page:
    return changes(service().index, asked, reader=current_editor().reader)


def _page(asked: Query) -> str:
    found = _asked(asked)
    language = reader_language()
    entries = [entry_as_json(entry, editor=current_editor(), language=language) for entry in found.entries]
    own = {name: value for name, value in request.args.items() if name not in ("before", "lang")}
    label = next((entry["label"] for entry in entries if entry["label"] and entry["layer"] == asked.layer), "")
    return render_template(
        "history/page.html",
        asked=asked,
        entries=entries,
        whole=_whole(asked, entries),
        following=found.following,
        filters=own,
        label=label,
        layers=[(key, layer.title_zh if language == "zh" else layer.title_en) for key, layer in LAYERS.items()],
        distance_text=distance_text,
    )


def _whole(asked: Query, entries: list[dict[str, Any]]) -> int:
    """How many changes of a batch the reader may try to take back together; 0 where they may not."""
    if not asked.batch or not entries or not all(entry["undoable"] for entry in entries):
        return 0
    return size_of_batch(service().register, asked.batch)


def _answer(found: Page) -> Response:
    language, editor = reader_language(), current_editor()
    payload = {
        "seq": found.seq,
        "following": found.following,
        "entries": [entry_as_json(entry, editor=editor, language=language) for entry in found.entries],
    }
    response = Response(json.dumps(payload, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@history.post("/api/history/<int:seq>/undo")
def undo_one(seq: int) -> Response:
    """Take one change back."""
    return _undone(undo(service().index, seq, editor=current_editor(), why=_why()))


@history.post("/api/history/batches/<batch>/undo")
def undo_together(batch: str) -> Response | tuple[Response, int]:
    """Take all changes of a batch back; of a large one as a job, which is the answer then (202)."""
    why, found = _why(), service()
    if size_of_batch(found.register, batch) > _MOST_AT_ONCE:
        params = {"batch": batch, "why": why, "name": why}
        return jsonify(job_as_json(jobs.submit(found.office, "undo", params, editor=current_editor()))), 202
    return _undone(undo_batch(found.index, batch, editor=current_editor(), why=why))


def _undone(found: Any) -> Response:
    return jsonify(changes=found.changes, closed=found.closed, seq=found.seq)


def _why() -> str:
    query.allow()
    given = sent()
    why = "" if given is None else given.get("why", "") if isinstance(given, dict) else None
    if not isinstance(why, str) or len(why) > _MOST_REASON:
        raise BadUndo(N_("The reason is a text of at most %(most)s characters."), most=_MOST_REASON)
    return why.strip()


@history.errorhandler(UndoConflict)
def clashed(error: UndoConflict) -> tuple[Response, int]:
    """What stands in the way, record by record and field by field."""
    language = reader_language()
    detail, hint = sentences(error, language)
    status = STATUS[kind_of(error)]
    response = jsonify(
        type="about:blank", title=translated(N_("Not undone"), language), status=status, detail=detail, hint=hint,
        code=error.code, clashes=[clash_as_json(clash, language) for clash in error.clashes],
    )  # fmt: skip
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response, status
