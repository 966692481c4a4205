"""Single records over HTTP. A request's body is a draft (`layers.editing.draft`); faults are told by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from gis.errors import N_, DijieError
from layers import days
from layers.editing import (
    BadDraft,
    Draft,
    EditConflict,
    Refused,
    Saved,
    add,
    change,
    close,
    draft_from_json,
    examined,
    form,
    reopen,
)
from layers.history import UndoConflict, undo, undo_batch
from web import query
from web.body import NotJson, sent
from web.editing.shown import conflict_as_json, examined_as_json, findings_as_json, form_as_json, saved_as_json
from web.errors import STATUS, kind_of
from web.history.views import clashed
from web.language import reader_language, sentences, translated
from web.permissions import current_editor
from web.service import service

editing = Blueprint("editing", __name__, url_prefix="/api/records")


@editing.get("/<layer>/form")
def layer_form(layer: str) -> Response:
    """The fields of a layer, what may stand in them, what they are called."""
    query.allow()
    found = form_as_json(form(service().index, layer, reader=current_editor().reader), reader_language())
    response = Response(json.dumps(found, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response


@editing.post("/<layer>/check")
def check(layer: str) -> Response:
    """A draft looked at; of a record that is there with ``uuid``. Nothing is written."""
    query.allow("uuid")
    uuid = request.args.get("uuid", "")
    found = examined(service().index, layer, uuid, _draft(), editor=current_editor())
    return jsonify(examined_as_json(found, reader_language()))


@editing.post("/<layer>")
def add_record(layer: str) -> tuple[Response, int]:
    """A new record."""
    query.allow()
    return _saved(add(service().index, layer, _draft(), editor=current_editor())), 201


@editing.put("/<layer>/<uuid>")
def change_record(layer: str, uuid: str) -> Response:
    """A record with other values or in another place."""
    query.allow()
    return _saved(change(service().index, layer, uuid, _draft(), editor=current_editor()))


@editing.post("/<layer>/<uuid>/close")
def close_record(layer: str, uuid: str) -> Response:
    """A record closed from a day on (``day``, else today)."""
    query.allow()
    given = _body()
    text = given.pop("day", None) or days.today().isoformat()
    if not isinstance(text, str):
        raise BadDraft(N_("“day” is a day as text."))
    day = days.parse_day(text)
    return _saved(close(service().index, layer, uuid, day, draft_from_json(given), editor=current_editor()))


@editing.post("/<layer>/<uuid>/reopen")
def reopen_record(layer: str, uuid: str) -> Response:
    """A closed record open again."""
    query.allow()
    return _saved(reopen(service().index, layer, uuid, _draft(), editor=current_editor()))


@editing.post("/<layer>/<uuid>/undo")
def undo_save(layer: str, uuid: str) -> Response:  # noqa: ARG001 - they stand in the address of every record's action
    """A save taken back: ``batch`` or ``seq`` as the save has answered them, ``why``."""
    query.allow()
    given = _body()
    batch, seq, why = given.get("batch"), given.get("seq"), given.get("why") or ""
    if not isinstance(why, str) or not (isinstance(batch, str) or type(seq) is int):
        raise BadDraft(N_("An undo names the save by its “batch” or “seq”."))
    index, editor = service().index, current_editor()
    if isinstance(batch, str):
        done = undo_batch(index, batch, editor=editor, why=why[:500])
    else:
        assert isinstance(seq, int)
        done = undo(index, seq, editor=editor, why=why[:500])
    return jsonify(changes=done.changes, closed=done.closed, seq=done.seq)


def _saved(saved: Saved) -> Response:
    return jsonify(saved_as_json(saved, reader_language()))


def _draft() -> Draft:
    return draft_from_json(_body())


def _body() -> dict[str, Any]:
    given = sent()
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadDraft(N_("A record is sent as a JSON object."))
    return dict(given)


@editing.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    """Every finding by its field."""
    return _problem(error, findings=findings_as_json(error.notes, reader_language()))


@editing.errorhandler(EditConflict)
def conflicting(error: EditConflict) -> tuple[Response, int]:
    """Both versions."""
    return _problem(error, conflict=conflict_as_json(error, reader_language()))


editing.register_error_handler(UndoConflict, clashed)


def _problem(error: DijieError, **members: Any) -> tuple[Response, int]:
    language = reader_language()
    detail, hint = sentences(error, language)
    status = STATUS[kind_of(error)]
    response = jsonify(
        type="about:blank", title=translated(N_("Not saved"), language), status=status, detail=detail, hint=hint,
        code=error.code, **members,
    )  # fmt: skip
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response, status
