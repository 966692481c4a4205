"""Imports over HTTP: send a file, say how it is to be understood, have it checked, have it written."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template

from gis.errors import N_, NotFound
from layers.access import require
from layers.ingest.model import FieldMapping
from layers.media import Folder
from layers.office import mappings as kept_mappings
from layers.office import uploads
from layers.office.jobs import require_room
from layers.office.uploads import Intake
from layers.records import SUBJECTS
from web import query
from web.body import sent
from web.imports.receiving import ENDINGS, BadUpload, received
from web.imports.shown import import_as_json, line_as_json, subjects
from web.jobs.views import send_kept
from web.language import reader_language
from web.permissions import current_editor
from web.service import service

imports = Blueprint("imports", __name__)


class NoReport(NotFound):
    """An import that has not been checked has no report."""

    code = "no-report"


@imports.get("/imports")
def page() -> str:
    """Files that were sent in, and a place to drop the next one."""
    return render_template("imports/list.html", subjects=subjects(current_editor().reader), **_limits())


@imports.get("/imports/<uuid>")
def one_page(uuid: str) -> str:
    """One import, step by step."""
    found = uploads.find_import(service().office, uuid, editor=current_editor())
    return render_template("imports/one.html", name=found.upload.name, uuid=uuid)


@imports.get("/api/imports")
def listed() -> Response:
    """One's own imports, or an administrator's view of all."""
    query.allow()
    found = uploads.listed_imports(service().office, editor=current_editor())
    return _answer({"imports": [line_as_json(each) for each in found]})


@imports.post("/api/imports")
def receive() -> tuple[Response, int]:
    """Take a file in and have it checked."""
    editor, found = current_editor(), service()
    require_room(found.office, editor=editor)
    form, name, stored = received(found.settings)
    subject = form.get("subject", "")
    _require_subject(subject)
    intake, earlier = uploads.receive(
        found.office, name=name, sha256=stored.sha256, size=stored.size, subject=subject, editor=editor
    )
    intake, _ = uploads.begin(found.office, intake.uuid, step="check", editor=editor, further=_further())
    before = line_as_json(earlier) if earlier is not None else None
    return _answer({**line_as_json(intake), "earlier": before}), 201


@imports.get("/api/imports/<uuid>")
def one(uuid: str) -> Response:
    """Everything about an import."""
    query.allow()
    return _whole(uploads.find_import(service().office, uuid, editor=current_editor()))


@imports.delete("/api/imports/<uuid>")
def remove(uuid: str) -> tuple[Response, int]:
    """Forget an import and its file; what it has written stays."""
    uploads.remove(service().office, uuid, editor=current_editor())
    return _answer({}), 200


@imports.put("/api/imports/<uuid>/mapping")
def understand(uuid: str) -> Response:
    """Say how the file is to be understood, and as what."""
    given = _body()
    subject = given.get("subject")
    if subject is not None:
        _require_subject(str(subject))
    mapping = FieldMapping.from_json(given.get("mapping"))
    return _whole(
        uploads.understand(service().office, uuid, mapping.as_json(), editor=current_editor(), subject=subject)
    )


@imports.post("/api/imports/<uuid>/check")
def check(uuid: str) -> tuple[Response, int]:
    """Have the file checked as it is understood now."""
    return _begun(uuid, "check")


@imports.post("/api/imports/<uuid>/apply")
def apply(uuid: str) -> tuple[Response, int]:
    """Have the file written into the register."""
    return _begun(uuid, "apply", why=str(_body().get("why") or "")[:200])


@imports.get("/api/imports/<uuid>/report.<ending>")
def report(uuid: str, ending: str) -> Response:
    """The findings as a file."""
    query.allow()
    found = service()
    intake = uploads.find_import(found.office, uuid, editor=current_editor())
    result = intake.check.result if intake.check is not None and intake.check.result else {}
    kept = (result.get("files") or {}).get(ending)
    if kept is None:
        raise NoReport(N_("There is no such report."), hint=N_("Check the file first."))
    return send_kept(Folder(found.settings.files_folder / "reports"), kept)


@imports.put("/api/mappings/<subject>/<name>")
def save_mapping(subject: str, name: str) -> Response:
    """Keep a mapping under a name, for all who import the subject."""
    _require_subject(subject)
    mapping = FieldMapping.from_json(_body().get("mapping"))
    saved = kept_mappings.save(service().office, subject, name, mapping.as_json(), editor=current_editor())
    return _answer({"name": saved.name})


@imports.delete("/api/mappings/<subject>/<name>")
def forget_mapping(subject: str, name: str) -> Response:
    """Delete a mapping."""
    _require_subject(subject)
    kept_mappings.forget(service().office, subject, name)
    return _answer({})


@imports.record_once
def _read_the_body_ourselves(state: Any) -> None:
    """A file is not to be read into a form only to look for the mark; see `web.imports.receiving`."""
    state.app.extensions["csrf"].exempt(receive)


def _begun(uuid: str, step: str, **further: Any) -> tuple[Response, int]:
    editor, office = current_editor(), service().office
    _require_subject(uploads.find_import(office, uuid, editor=editor).subject)
    intake, _ = uploads.begin(office, uuid, step=step, editor=editor, further={**_further(), **further})
    return _whole(intake), 202


def _further() -> dict[str, Any]:
    return {"language": reader_language()}


def _require_subject(key: str) -> None:
    if key not in SUBJECTS:
        raise BadUpload(N_("Choose what the file is about."))
    require(current_editor().reader, "import", key)


def _body() -> dict[str, Any]:
    given = sent()
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadUpload(N_("The request is not written as JSON."))
    return given


def _limits() -> dict[str, Any]:
    return {"upload_mb": service().settings.upload_mb, "endings": ",".join(f".{ending}" for ending in ENDINGS)}


def _whole(intake: Intake) -> Response:
    saved = kept_mappings.saved(service().office, intake.subject)
    return _answer(import_as_json(intake, saved=saved, reader=current_editor().reader))


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response
