"""Applications over HTTP: the list with what is due, the form, one application with its steps and documents."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, render_template, request

from gis.errors import N_, DijieError
from layers import days
from layers.access import reach_of
from layers.editing import EditConflict, Refused
from layers.history import UndoConflict
from layers.office.application_lists import Asked, tallied
from layers.office.applications import Application
from layers.placenames.procedures import handling
from layers.placenames.procedures.choosing import places_called
from layers.placenames.procedures.documents import document, file_name
from layers.placenames.procedures.handling import FindingsStand
from layers.placenames.procedures.judging import LAYER, Judgement, judged
from layers.placenames.procedures.kinds import KINDS, kind_named
from layers.placenames.procedures.lifecycle import STATES
from layers.placenames.procedures.paper import paper_of
from layers.placenames.procedures.proposing import request_from_json
from layers.placenames.procedures.trial import tried
from layers.records import Context
from web import query
from web.editing.shown import findings_as_json as notes_as_json
from web.editing.views import conflicting
from web.errors import STATUS, kind_of
from web.history.views import clashed
from web.language import reader_language, sentences, translated
from web.permissions import current_editor
from web.procedures.desk import body, desk, given_from
from web.procedures.shown import application_as_json, findings_as_json, kinds_as_json, line_as_json, pair
from web.service import service

procedures = Blueprint("procedures", __name__)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILTERS = ("state", "kind", "county", "channel", "due", "q", "offset")
_PAGE = 50
_MOST_DUE = 20


@procedures.get("/procedures")
def page() -> str:
    """What is due, then all applications that filters leave."""
    query.allow(*_FILTERS)
    editor, language = current_editor(), reader_language()
    asked = _asked()
    found, count = handling.listed(desk(), asked, editor=editor)
    due, due_count = handling.listed(desk(), Asked(due=True, limit=_MOST_DUE), editor=editor)
    late = handling.listed(desk(), Asked(due_before=days.today().isoformat(), limit=1), editor=editor)[1]
    divisions = Context.of(service().index, reader=editor.reader).divisions
    given = {name: value for name, value in request.args.items() if name not in ("offset", "lang") and value}
    reach = reach_of(editor.reader, LAYER)
    counts = tallied(service().office, Asked(counties=reach), "state")
    return render_template(
        "procedures/list.html",
        lines=[line_as_json(one, divisions, language) for one in found],
        count=count,
        due=[line_as_json(one, divisions, language) for one in due] if not given and not asked.offset else [],
        due_count=due_count,
        late=late,
        states=[(key, pair(titles, language), counts.get((key,), 0)) for key, titles in STATES.items()],
        kinds=kinds_as_json(language),
        counties=_counties(divisions, reach),
        given=given,
        offset=asked.offset,
        following=asked.offset + _PAGE if asked.offset + _PAGE < count else None,
    )


@procedures.get("/procedures/new")
def new_page() -> str:
    """The form of a new application."""
    given = query.allow("kind", "place", "channel", "village", "reserves", "name", "class", "meaning")
    kind = kind_named(given.get("kind") or "name")
    return _form_page(kind.key, None, given)


@procedures.get("/procedures/<uuid>")
def one_page(uuid: str) -> str:
    """One application: where it stands, what the check says, what can be done."""
    query.allow()
    found = handling.find(desk(), uuid, editor=current_editor())
    return render_template("procedures/one.html", found=_whole(found), today=days.today().isoformat())


@procedures.get("/procedures/<uuid>/amend")
def amend_page(uuid: str) -> str:
    """The form of an application that is to be changed."""
    query.allow()
    found = handling.find(desk(), uuid, editor=current_editor())
    return _form_page(found.kind, found, {"channel": found.channel, "place": found.place})


def _form_page(kind: str, found: Application | None, given: dict[str, str]) -> str:
    language = reader_language()
    known = KINDS[kind]
    settings = {
        "lang": language,
        "kind": kind,
        "of_place": known.of_place,
        "names": known.names,
        "channel": given.get("channel", ""),
        "place": given.get("place", ""),
        "village": given.get("village", ""),
        "begun": {
            "name": given.get("name", ""),
            "class_code": given.get("class", ""),
            "meaning": given.get("meaning", ""),
        },
        "reserves": found.reserves if found else given.get("reserves", ""),
        "application": None if found is None else _whole(found),
    }
    return render_template(
        "procedures/form.html", kind=known, title=known.title(language), says=translated(known.says, language),
        found=found, rural=settings["channel"] == "rural", settings_json=_data(settings),
    )  # fmt: skip


@procedures.get("/api/procedures")
def listed() -> Response:
    """Applications as JSON."""
    query.allow(*_FILTERS)
    editor = current_editor()
    found, count = handling.listed(desk(), _asked(), editor=editor)
    divisions = Context.of(service().index, reader=editor.reader).divisions
    return _answer({"count": count, "applications": [line_as_json(one, divisions, reader_language()) for one in found]})


@procedures.post("/api/procedures")
def apply() -> tuple[Response, int]:
    """A new application."""
    query.allow()
    found = handling.begin(desk(), request_from_json(body()), editor=current_editor())
    return _answer(_whole(found)), 201


@procedures.post("/api/procedures/check")
def check() -> Response:
    """What the rules say of an application before it is made; nothing is written."""
    given = query.allow("uuid")
    editor, language = current_editor(), reader_language()
    judgement = tried(desk(), request_from_json(body()), given.get("uuid", ""), editor=editor)
    record = judgement.record
    shown = ("roman", "specific", "generic", "county_code", "place_code")
    follows = {name: record.after.state.get(name) for name in shown} if record is not None else {}
    return _answer(
        {
            "findings": findings_as_json(judgement.found, language),
            "errors": len(judgement.errors),
            "final": len(judgement.final_errors),
            "follows": follows,
        }
    )


@procedures.get("/api/procedures/places")
def places() -> Response:
    """Places that an application may be about."""
    given = query.allow("q")
    found = places_called(service().index, given.get("q", "")[:60], reader=current_editor().reader)
    return _answer({"places": [one.__dict__ for one in found]})


@procedures.get("/api/procedures/<uuid>")
def one(uuid: str) -> Response:
    """Everything about an application."""
    query.allow()
    return _answer(_whole(handling.find(desk(), uuid, editor=current_editor())))


@procedures.put("/api/procedures/<uuid>")
def amend(uuid: str) -> Response:
    """Change what is applied for: an application with ``version``."""
    query.allow()
    given = body()
    version = {"version": given.pop("version", None)}
    found = handling.amend(
        desk(), uuid, request_from_json(given), given_from(version), editor=current_editor()
    )  # fmt: skip
    return _answer(_whole(found))


@procedures.post("/api/procedures/<uuid>/<action>")
def act(uuid: str, action: str) -> Response:
    """Lead an application on by one step."""
    query.allow()
    found = handling.act(desk(), uuid, action, given_from(body()), editor=current_editor())
    return _answer(_whole(found))


@procedures.get("/api/procedures/<uuid>/documents/<key>.docx")
def paper(uuid: str, key: str) -> Response:
    """A document of an application."""
    query.allow()
    editor = current_editor()
    found = handling.find(desk(), uuid, editor=editor)
    content = document(key, paper_of(desk(), found, editor=editor))
    response = Response(content, mimetype=_DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(key, found))}"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _asked() -> Asked:
    states = tuple(state for state in query.words("state") if state in STATES)
    due = request.args.get("due", "")
    return Asked(
        states=states,
        kind=request.args.get("kind", ""),
        county=request.args.get("county", ""),
        channel=request.args.get("channel") or None,
        text=request.args.get("q", "").strip()[:60],
        due=due in ("all", "late"),
        due_before=days.today().isoformat() if due == "late" else "",
        offset=max(0, query.whole("offset", 0)),
        limit=_PAGE,
    )


def _counties(divisions: Any, reach: frozenset[str] | None) -> list[tuple[str, str]]:
    return [
        (code, name)
        for code, name, level, inside in zip(
            divisions.code, divisions.name, divisions.level, divisions.inside.tolist(), strict=True
        )
        if level == "county" and inside and (reach is None or code in reach)
    ]


def _whole(found: Application) -> dict[str, Any]:
    editor = current_editor()
    judgement: Judgement | None = None
    if found.state in ("consulting", "pending", "reviewed", "returned"):
        judgement = judged(service().index, service().office, found, editor=editor)
    return application_as_json(desk(), found, judgement, editor=editor, language=reader_language())


def _data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@procedures.errorhandler(FindingsStand)
def stands(error: FindingsStand) -> tuple[Response, int]:
    """Which rules stand in the way."""
    return _problem(
        error, findings=findings_as_json(error.judgement.found, reader_language()),
        final=bool(error.judgement.final_errors),
    )  # fmt: skip


@procedures.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    """Why the record cannot be written."""
    return _problem(error, findings=notes_as_json(error.notes, reader_language()), final=True)


def _problem(error: DijieError, **members: Any) -> tuple[Response, int]:
    language = reader_language()
    detail, hint = sentences(error, language)
    status = STATUS[kind_of(error)]
    response = jsonify(
        type="about:blank", title=translated(N_("Not done"), language), status=status, detail=detail, hint=hint,
        code=error.code, **members,
    )  # fmt: skip
    response.mimetype = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response, status


procedures.register_error_handler(UndoConflict, clashed)
procedures.register_error_handler(EditConflict, conflicting)
