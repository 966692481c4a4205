"""The form's workbook over HTTP: take names along, bring them back, choose where both have changed, write."""

from __future__ import annotations

import json
import time
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from gis.errors import N_, Conflict, NotFound
from layers import days
from layers.access import require
from layers.catalogue import PLACE_MAJORS
from layers.features import counties
from layers.filters import Filters
from layers.media import Folder
from layers.office import jobs as store
from layers.office.jobs import Job, require_room
from layers.placenames.rules.book import RULES
from web import query
from web.body import sent
from web.imports.receiving import BadUpload, received
from web.imports.shown import worded
from web.jobs.exporting import filters_as_json
from web.jobs.shown import fault_as_json, job_as_json
from web.language import reader_language
from web.permissions import current_editor
from web.service import service
from web.workbench.shown import rule_title

formbook = Blueprint("formbook", __name__)

_KEPT_S: Final = 7 * 86400.0
"""Files that were sent are kept a week: so long somebody may choose."""
_LONGEST: Final = 200
_CHOICES: Final = ("mine", "theirs")


class NoMerge(NotFound):
    """A job that is no comparison of a form."""

    code = "no-merge"


class NotCompared(Conflict):
    """A form that has not been compared yet, or cannot be written."""

    code = "form-not-compared"


@formbook.get("/formbook")
def page() -> str:
    """What to take along, and a place to bring it back."""
    given = query.allow("county", "town", "class", "rule")
    editor, found = current_editor(), service()
    language = reader_language()
    return render_template(
        "formbook/page.html",
        given=given,
        counties=counties(found.index, reader=editor.reader, asof=days.today()),
        majors=[(one.key, one.title_zh if language == "zh" else one.title_en) for one in PLACE_MAJORS],
        rules=sorted(((key, rule_title(key, language)) for key in RULES), key=lambda one: one[1]),
        upload_mb=found.settings.upload_mb,
        recent=[_line(job) for job in _recent()],
    )


@formbook.post("/api/formbook/exports")
def export() -> tuple[Response, int]:
    """Have the book of what is filtered written; parameters in the address."""
    given = query.allow("county", "town", "class", "rule")
    rule = given.get("rule", "")
    if rule and rule not in RULES:
        raise query.BadParameter(N_("“%(name)s” cannot be “%(value)s”."), name="rule", value=rule[:80])
    filters = Filters(classes=query.words("class"), county=given.get("county", ""), town=given.get("town", ""))
    params = {"filters": filters_as_json(filters), "rule": rule, "language": reader_language()}
    job = store.submit(service().office, "formbook-export", params, editor=current_editor())
    return _answer(job_as_json(job)), 202


@formbook.post("/api/formbook/merges")
def receive() -> tuple[Response, int]:
    """Take a worked-on book in and have it compared with the register."""
    editor, found = current_editor(), service()
    require(editor.reader, "import", "place-names")
    require_room(found.office, editor=editor)
    _, name, stored = received(found.settings, among="forms")
    if not name.lower().endswith(".xlsx"):
        raise BadUpload(N_("Send the form as .xlsx, as it was exported."))
    folder = Folder(found.settings.files_folder / "forms")
    folder.sweep({stored.sha256}, older_than_s=_KEPT_S)
    params = {"sha256": stored.sha256, "name": name, "at": time.time()}
    job = store.submit(found.office, "formbook-check", params, editor=editor)
    return _answer(job_as_json(job)), 202


@formbook.get("/formbook/<uuid>")
def one_page(uuid: str) -> Response:
    """A comparison: before and after, and what has to be chosen."""
    job = _merge(uuid)
    result: dict[str, Any] = dict(job.result or {}) if job.state == "done" else {}
    following = _following(uuid) if result else None
    body = render_template(
        "formbook/merge.html",
        job=job_as_json(job),
        name=str(job.params.get("name", "")),
        uuid=uuid,
        fault=fault_as_json(job),
        found=result,
        notes=[worded(one) for one in result.get("notes", ())],
        writing=job_as_json(following) if following is not None else None,
        writing_fault=fault_as_json(following) if following is not None else None,
        taken=(following.result or {}).get("taken") if following is not None else None,
    )
    response = Response(body)
    if job.is_open or (following is not None and following.is_open):
        response.headers["Refresh"] = "1"  # no script is needed to wait
    return response


@formbook.get("/api/formbook/merges/<uuid>")
def one(uuid: str) -> Response:
    """A comparison as JSON."""
    query.allow()
    job = _merge(uuid)
    return _answer({**job_as_json(job), "merge": job.result if job.state == "done" else None})


@formbook.post("/formbook/<uuid>/apply")
def apply(uuid: str) -> Answer:
    """Write what was compared, with the choices of the page's form."""
    given = request.form
    choices = [
        [*name.removeprefix("choice:").split("|", 1), value]
        for name, value in given.items()
        if name.startswith("choice:") and "|" in name and value in _CHOICES
    ]
    _begin(uuid, choices, given.get("default", ""), given.get("why", ""))
    return redirect(f"/formbook/{uuid}", 303)


@formbook.post("/api/formbook/merges/<uuid>/apply")
def apply_by_program(uuid: str) -> tuple[Response, int]:
    """The same as JSON: ``choices`` is a list of uuid, column key and ``mine`` or ``theirs``."""
    query.allow()
    given = sent() or {}
    listed = given.get("choices", []) if isinstance(given, dict) else None
    if not isinstance(listed, list) or not all(_is_choice(one) for one in listed):
        raise BadUpload(N_("The choices are a list of id, column and “mine” or “theirs”."))
    job = _begin(uuid, listed, str(given.get("default") or ""), str(given.get("why") or ""))
    return _answer(job_as_json(job)), 202


def _is_choice(one: object) -> bool:
    return isinstance(one, list) and len(one) == 3 and all(isinstance(part, str) for part in one) and one[2] in _CHOICES


def _begin(uuid: str, choices: list[Any], default: str, why: str) -> Job:
    job = _merge(uuid)
    editor = current_editor()
    require(editor.reader, "import", "place-names")
    result = job.result or {}
    if job.state != "done" or result.get("blocked"):
        raise NotCompared(N_("There is nothing to write yet."), hint=N_("Look at the comparison first."))
    following = _following(uuid)
    if following is not None and (following.is_open or following.state == "done"):
        raise NotCompared(N_("This form has been written already."), hint=N_("Export it anew to go on working."))
    params = {
        "merge": uuid,
        "sha256": job.params["sha256"],
        "name": job.params["name"],
        "choices": choices,
        "default": default if default in _CHOICES else "",
        "seen": result["digest"],
        "why": why.strip()[:_LONGEST],
    }
    return store.submit(service().office, "formbook-apply", params, editor=editor)


def _merge(uuid: str) -> Job:
    job = store.find(service().office, uuid, editor=current_editor())
    if job.kind != "formbook-check":
        raise NoMerge(N_("There is no such comparison of a form."))
    return job


def _following(uuid: str) -> Job | None:
    """The job that writes a comparison, the last one where there were several."""
    found, _ = store.listed(service().office, editor=current_editor(), after=0, kinds=("formbook-apply",), limit=100)
    return next((job for job in found if job.params.get("merge") == uuid), None)


def _recent() -> list[Job]:
    found, _ = store.listed(service().office, editor=current_editor(), after=0, kinds=("formbook-check",), limit=10)
    return found


def _line(job: Job) -> dict[str, Any]:
    shown = job_as_json(job)
    badges: dict[str, str] = {"done": "good", "failed": "danger"}
    return {**shown, "name": str(job.params.get("name", "")), "badge": badges.get(job.state, "")}


@formbook.record_once
def _read_the_body_ourselves(state: Any) -> None:
    """A file is not to be read into a form only to look for the mark; see `web.imports.receiving`."""
    state.app.extensions["csrf"].exempt(receive)


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
