"""Jobs over HTTP: the page, the list that it polls, cancelling, exports that are made as jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, send_file

from gis.errors import N_, NotFound
from gis.vectorfile import require_encoding, require_geographic
from layers.catalogue import layer_named
from layers.export.about import require_crs, require_format
from layers.media import Folder
from layers.office import jobs as store
from web import query
from web.api.downloads import TYPES
from web.jobs.exporting import filters_as_json
from web.jobs.shown import job_as_json, log_as_json
from web.language import reader_language
from web.permissions import current_editor
from web.service import service

jobs = Blueprint("jobs", __name__)

_MOST = 200


class NoFile(NotFound):
    """A job without a file, or whose file is no longer kept."""

    code = "no-file"


@jobs.get("/jobs")
def page() -> str:
    """Jobs and how far they are."""
    return render_template("jobs/page.html", everybody=store.sees_all(current_editor().reader))


@jobs.get("/api/jobs")
def listed() -> Response:
    """One's own jobs, or an administrator's view of all; with ``after`` those that have changed since."""
    query.allow("after", "kind", "limit")
    found, seq = store.listed(
        service().office,
        editor=current_editor(),
        after=query.whole("after", 0),
        kinds=query.words("kind"),
        limit=max(1, min(query.whole("limit", 100), _MOST)),
    )
    return _answer({"seq": seq, "jobs": [job_as_json(job) for job in found]})


@jobs.get("/api/jobs/<uuid>")
def one(uuid: str) -> Response:
    """A job with its log."""
    query.allow()
    office = service().office
    job = store.find(office, uuid, editor=current_editor())
    return _answer({**job_as_json(job), "log": log_as_json(store.log_of(office, uuid))})


@jobs.post("/api/jobs/<uuid>/cancel")
def cancel(uuid: str) -> Response:
    """Ask for a job to be cancelled."""
    return _answer(job_as_json(store.cancel(service().office, uuid, editor=current_editor())))


@jobs.post("/api/exports")
def export() -> tuple[Response, int]:
    """Have a layer exported as a job; parameters as of ``/api/export/<layer>``, in the address."""
    given = query.allow(*query.FILTERS, "layer", "format", "crs", "encoding")
    form = require_format(given.get("format", "shp"))
    crs = require_crs(query.whole("crs", 4490))
    if form == "geojson":
        require_geographic(crs)
    params = {
        "layer": layer_named(given.get("layer", "")).key,
        "format": form,
        "crs": crs,
        "encoding": require_encoding(given.get("encoding", "utf-8")),
        "filters": filters_as_json(query.filters()),
        "language": reader_language(),
    }
    job = store.submit(service().office, "export", params, editor=current_editor())
    return _answer(job_as_json(job)), 202


@jobs.get("/api/exports/<uuid>/file")
def file(uuid: str) -> Response:
    """The file that an export has made, for who asked for it."""
    query.allow()
    found = service()
    job = store.find(found.office, uuid, editor=current_editor())
    kept = (job.result or {}).get("file")
    if kept is None or job.kind not in ("export", "formbook-export"):
        raise NoFile(N_("This job has no file, or it is no longer kept."), hint=N_("Export again."))
    return send_kept(Folder(found.settings.files_folder / "exports"), kept)


def send_kept(folder: Folder, kept: dict[str, Any]) -> Response:
    """A file of a result, to be saved under its name."""
    stream = folder.open(kept["sha256"])
    response = send_file(
        stream,
        mimetype=TYPES.get(Path(kept["name"]).suffix.lstrip("."), "application/octet-stream"),
        as_attachment=True,
        download_name=kept["name"],
        etag=False,
    )
    response.headers["Content-Length"] = str(kept["size"])
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(payload: object) -> Response:
    """JSON that a page may ask about again: unchanged, it is answered with 304 and nothing."""
    response = Response(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response
