"""The workbench over HTTP: the worklist and its counts, one record's findings, decisions, fixes, batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from gis.errors import N_, Invalid
from layers import days
from layers.access import require
from layers.editing import Draft, EditConflict, Refused, change
from layers.features import division_names, feature
from layers.office import jobs
from layers.placenames import batch, findings
from layers.placenames.findings.decisions import FindingGone
from web import query
from web.body import NotJson, sent
from web.editing.shown import saved_as_json
from web.editing.views import conflicting, refused
from web.jobs.shown import job_as_json
from web.language import reader_language
from web.permissions import current_editor
from web.service import service
from web.workbench.asked import asked, operation_from_json, target_from_json
from web.workbench.shown import counts_as_json, plan_as_json, row_as_json

workbench = Blueprint("workbench", __name__)

_LAYER = "place-names"
_AT_ONCE = 3000
"""A batch of more records than this is looked at and written by the worker."""
_MOST_REASON = 500
ACCEPTED = N_("Proposal of the check accepted")
"""The reason in the history of what was accepted."""


class BadWork(Invalid):
    """A request of the workbench that does not say what it must."""

    code = "bad-work"


@workbench.get("/workbench")
def page() -> str:
    """The worklist."""
    require(current_editor().reader, "edit", _LAYER)
    return render_template("workbench/list.html")


@workbench.get("/workbench/<uuid>")
def record_page(uuid: str) -> str:
    """One record with its findings."""
    editor = current_editor()
    require(editor.reader, "edit", _LAYER)
    found = feature(service().index, _LAYER, uuid, reader=editor.reader)
    return render_template("workbench/record.html", uuid=uuid, name=found.record.get("name") or "")


@workbench.get("/api/workbench")
def listed() -> Response:
    """A page of the worklist, the choices left with their counts, who has done what."""
    wanted, editor, found = asked(), current_editor(), service()
    require(editor.reader, "edit", _LAYER)
    state = findings.progress_of_check(found.office)
    try:
        findings.brought_up_to_date(found.index, found.office)
    except findings.NotChecked:
        return _answer({"needs_check": True, "checked": state, "work": _work(), "items": [], "total": 0})
    page_ = findings.listing(found.office, wanted, reader=editor.reader, who=editor.name)
    counted = findings.counts(found.office, wanted, reader=editor.reader, who=editor.name)
    names = _names([*(code for row in page_.rows for code in (row.county, row.town)), *counted.counties,
                    *counted.towns])  # fmt: skip
    language = reader_language()
    return _answer(
        {
            "needs_check": False,
            "checked": state,
            "total": page_.total,
            "records": page_.records,
            "following": page_.following,
            "items": [row_as_json(row, names, language) for row in page_.rows],
            "counts": counts_as_json(counted, names, language),
            "work": _work(),
        }
    )


def _work() -> list[dict[str, Any]]:
    return [
        {"who": one.who, "today": one.today, "mended": one.mended, "kept": one.kept, "skipped": one.skipped}
        for one in findings.work(service().office, day=days.today().isoformat())
    ]


def _names(codes: Iterable[str]) -> Mapping[str, str]:
    return division_names(service().index, [code for code in codes if code], reader=current_editor().reader)


@workbench.post("/api/workbench/check")
def check() -> tuple[Response, int]:
    """Have all names checked, as a job."""
    query.allow()
    require(current_editor().reader, "edit", _LAYER)
    return jsonify(job_as_json(jobs.submit(service().office, "names-check", {}, editor=current_editor()))), 202


@workbench.get("/api/workbench/records/<uuid>")
def record(uuid: str) -> Response:
    """One record's findings, what was decided about it, and the records that its findings speak of."""
    query.allow()
    editor, found = current_editor(), service()
    require(editor.reader, "edit", _LAYER)
    feature(found.index, _LAYER, uuid, reader=editor.reader)
    try:
        findings.brought_up_to_date(found.index, found.office)
        needs = False
    except findings.NotChecked:
        needs = True
    rows = findings.of_record(found.office, uuid, reader=editor.reader, who=editor.name)
    names = _names(code for row in rows for code in (row.county, row.town))
    return _answer(
        {
            "needs_check": needs,
            "findings": [row_as_json(row, names, reader_language()) for row in rows],
            "decisions": findings.decisions_on(found.office, uuid),
            "others": _others({uuid for row in rows for uuid in row.others}),
        }
    )


def _others(uuids: set[str]) -> list[dict[str, Any]]:
    """Name, place and town of records that the reader may see."""
    index = service().index
    columns = index.layer(_LAYER)
    open_ = columns.open_to(current_editor().reader)
    rows = [row for uuid in sorted(uuids) if (row := columns.row_of(uuid)) is not None and open_[row]]
    names = _names(str(code) for row in rows for code in columns["town_code"].values([row]) if code)  # type: ignore[arg-type]
    found = []
    for row in rows:
        (name,), (town,) = columns["name"].values([row]), columns["town_code"].values([row])  # type: ignore[arg-type]
        lon, lat = float(columns.lon[row]), float(columns.lat[row])
        found.append(
            {
                "uuid": columns.uuid[row],
                "name": name,
                "town": names.get(str(town), ""),
                "lon": lon if lon == lon else None,
                "lat": lat if lat == lat else None,
            }
        )
    return found


@workbench.post("/api/workbench/accept")
def accept() -> Response:
    """Write what a finding proposes: ``key``, ``version`` of the record, ``candidate`` where there are several."""
    given, editor, found = _body(), current_editor(), service()
    key, version, which = given.get("key"), given.get("version"), given.get("candidate")
    if not isinstance(key, str) or type(version) is not int:
        raise BadWork(N_("A proposal is accepted by the finding's “key” and the record's “version”."))
    findings.brought_up_to_date(found.index, found.office)
    parts = key.split("|")
    rows = findings.of_record(found.office, parts[1] if len(parts) > 1 else "", reader=editor.reader, who=editor.name)
    row = next((one for one in rows if one.key == key), None)
    if row is None:
        raise FindingGone(
            N_("This finding is not there any more: the record has been changed."), hint=N_("Load the list again.")
        )
    values = row.fix
    if type(which) is int:
        values = row.candidates[which] if 0 <= which < len(row.candidates) else {}
    if not values or row.layer != _LAYER:
        raise BadWork(N_("Nothing is proposed here."), hint=N_("Mend the record by hand."))
    draft = Draft(values=values, version=version, why=ACCEPTED)
    saved = change(found.index, _LAYER, row.uuid, draft, editor=editor)
    return jsonify(saved_as_json(saved, reader_language()))


@workbench.post("/api/workbench/keep")
def keep() -> Response:
    """Decide that the finding ``key`` is right as it is, for a reason (``why``)."""
    given = _body()
    key = _key(given)
    findings.keep(service().office, key, why=_why(given), editor=current_editor())
    return jsonify(key=key, state="kept")


@workbench.post("/api/workbench/skip")
def skip() -> Response:
    """Put the finding ``key`` behind the others."""
    key = _key(_body())
    findings.skip(service().office, key, editor=current_editor())
    return jsonify(key=key, state="skipped")


@workbench.post("/api/workbench/reopen")
def reopen() -> Response:
    """Take a decision, or a skip of one's own, back."""
    key = _key(_body())
    findings.reopen(service().office, key, editor=current_editor())
    return jsonify(key=key, state="open")


def _key(given: Mapping[str, Any]) -> str:
    key = given.get("key")
    if not isinstance(key, str):
        raise BadWork(N_("A finding is named by its “key”."))
    return key


@workbench.post("/api/workbench/batch/plan")
def plan() -> Response | tuple[Response, int]:
    """What a batch would do; of many records as a job (202)."""
    given, editor, found = _body(), current_editor(), service()
    target, operation = target_from_json(given), operation_from_json(given.get("operation"))
    if batch.size(found.index, found.office, target, editor=editor) > _AT_ONCE:
        params = {**given, "lang": reader_language(), "name": operation.kind}
        return jsonify(job_as_json(jobs.submit(found.office, "names-plan", params, editor=editor))), 202
    planned = batch.plan(found.index, found.office, target, operation, editor=editor)
    names = _names({code for row in planned.rows for code in (row.county, row.town)})
    return jsonify(plan_as_json(planned, names, reader_language()))


@workbench.get("/api/workbench/batch/<job>")
def result(job: str) -> Response:
    """What came of a batch that was looked at or written as a job."""
    query.allow()
    found = jobs.find(service().office, job, editor=current_editor())
    if found.kind not in ("names-plan", "names-batch") or found.state != "done":
        raise BadWork(N_("That is no batch that has been looked at or written."))
    return _answer(found.result)


@workbench.post("/api/workbench/batch/apply")
def apply() -> Response | tuple[Response, int]:
    """Write a batch as it was shown (``token``), for a reason (``why``); of many records as a job (202)."""
    given, editor, found = _body(), current_editor(), service()
    target, operation = target_from_json(given), operation_from_json(given.get("operation"))
    token, why = given.get("token"), _why(given)
    if not isinstance(token, str):
        raise BadWork(N_("A batch is written by the “token” of what was shown."))
    if batch.size(found.index, found.office, target, editor=editor) > _AT_ONCE:
        params = {**given, "why": why, "name": why or operation.kind}
        return jsonify(job_as_json(jobs.submit(found.office, "names-batch", params, editor=editor))), 202
    done = batch.apply(found.index, found.office, target, operation, token=token, why=why, editor=editor)
    return jsonify(count=done.count, batch=done.batch, seq=done.seq)


def _body() -> dict[str, Any]:
    query.allow()
    given = sent()
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadWork(N_("A request of the workbench is a JSON object."))
    return dict(given)


def _why(given: Mapping[str, Any]) -> str:
    why = given.get("why") or ""
    if not isinstance(why, str) or len(why) > _MOST_REASON:
        raise BadWork(N_("The reason is a text of at most %(most)s characters."), most=_MOST_REASON)
    return why.strip()


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, allow_nan=False), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


workbench.register_error_handler(Refused, refused)
workbench.register_error_handler(EditConflict, conflicting)
