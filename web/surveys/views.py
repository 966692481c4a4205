"""Files from the field over HTTP: the page, the list, the originals, and a plain upload for simple clients."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask import Blueprint, Response, render_template

from gis.errors import N_, Invalid, NotFound
from layers.ingest.model import CRS_OFFERED
from layers.media import Folder
from layers.office import field_files as store
from layers.office.field_files import KeptFile
from surveys.uploads import FieldFile
from surveys.uploads.arrival import ORIGINALS, RESULTS
from surveys.uploads.model import outline
from web import query
from web.body import sent
from web.imports.receiving import received
from web.jobs.views import send_kept
from web.permissions import current_editor
from web.service import service
from web.surveys.receiving import ENDINGS, arrivals, field_name
from web.surveys.shown import file_as_json, systems, upload_as_json

field_files = Blueprint("field_files", __name__)


class NotRead(NotFound):
    """A file that has not been read has no result."""

    code: ClassVar[str] = "not-read"


class UnknownSystem(Invalid):
    """A coordinate system that a person may not say."""

    code: ClassVar[str] = "unknown-system"


@field_files.get("/field-files")
def page() -> str:
    """Files that were sent in, and a place to drop the next ones."""
    return render_template(
        "surveys/files.html",
        upload_mb=service().settings.upload_mb,
        endings=",".join(f".{ending}" for ending in ENDINGS),
        systems=systems(),
    )


@field_files.get("/api/field-files")
def listed() -> Response:
    """One's own files, or an administrator's view of all; and what is on its way."""
    query.allow()
    editor, office, where = current_editor(), service().office, arrivals()
    where.go_on(editor=editor)
    uploads = store.open_uploads(office, editor=editor)
    return _answer(
        {
            "files": [file_as_json(each) for each in store.listed(office, editor=editor)],
            "uploads": [upload_as_json(each, where.offset(each)) for each in uploads],
        }
    )


@field_files.post("/api/field-files")
def receive() -> tuple[Response, int]:
    """Take a file in one piece: a form with the part ``file``."""
    found = service()
    _, name, stored = received(found.settings, among=ORIGINALS, named=field_name)
    kept, again = store.receive(
        found.office, name=name, sha256=stored.sha256, size=stored.size, editor=current_editor()
    )
    return _answer({**file_as_json(kept), "earlier": again}), 200 if again else 201


@field_files.get("/api/field-files/<uuid>")
def one(uuid: str) -> Response:
    """Everything about a file but its coordinates."""
    query.allow()
    return _answer(file_as_json(_found(uuid)))


@field_files.post("/api/field-files/<uuid>/read")
def read_again(uuid: str) -> tuple[Response, int]:
    """Have it read again; ``crs`` says in which coordinate system, null: as declared or found out."""
    given = sent() or {}
    crs = given.get("crs") if isinstance(given, dict) else None
    if crs is not None and crs not in CRS_OFFERED:
        raise UnknownSystem(
            N_("Coordinates cannot be taken as EPSG:%(epsg)s here."),
            hint=N_("Choose one of: %(known)s."),
            epsg=str(crs)[:20],
            known=", ".join(map(str, CRS_OFFERED)),
        )
    return _answer(file_as_json(store.read_again(service().office, uuid, crs=crs, editor=current_editor()))), 202


@field_files.get("/api/field-files/<uuid>/original")
def original(uuid: str) -> Response:
    """The file as it came."""
    query.allow()
    kept = _found(uuid)
    return send_kept(_folder(ORIGINALS), {"sha256": kept.sha256, "size": kept.size, "name": kept.name})


@field_files.get("/api/field-files/<uuid>/outline")
def outline_of(uuid: str) -> Response:
    """What was read, thinned for a small map, as GeoJSON."""
    query.allow()
    return _answer(outline(FieldFile.from_json(json.loads(_result(uuid)))))


@field_files.get("/api/field-files/<uuid>/result")
def result(uuid: str) -> Response:
    """All that was read."""
    query.allow()
    response = Response(_result(uuid), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@field_files.record_once
def _read_the_body_ourselves(state: Any) -> None:
    """A file is not to be read into a form only to look for the mark; see `web.imports.receiving`."""
    state.app.extensions["csrf"].exempt(receive)


def _found(uuid: str) -> KeptFile:
    return store.find(service().office, uuid, editor=current_editor())


def _result(uuid: str) -> bytes:
    kept = _found(uuid)
    if kept.result is None:
        raise NotRead(N_("This file has not been read."), hint=N_("Wait for the end, or have it read again."))
    with _folder(RESULTS).open(kept.result) as file:
        return file.read()


def _folder(name: str) -> Folder:
    return Folder(service().settings.files_folder / name)


def _answer(payload: object) -> Response:
    response = Response(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response
