"""Documents at lines and tripoints, reference features of stakes: listed, added, changed, taken away."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify

from gis.errors import N_
from layers.boundaries.documents import (
    DocumentSaved,
    add_document,
    change_document,
    documents_of,
    remove_document,
)
from layers.boundaries.reference_features import features_of, save_features
from layers.editing import BadDraft, EditConflict, Refused
from layers.features import feature
from web import query
from web.boundaries.views import document_as_json
from web.editing.views import conflicting, refused
from web.members import body, values, version, why
from web.permissions import current_editor, current_reader
from web.service import service

boundary_changes = Blueprint("boundary_changes", __name__)

_MOST_REASON: Final = 500


@boundary_changes.get("/api/boundaries/<owner>/<uuid>/documents")
def listed(owner: str, uuid: str) -> Response:
    """The documents at a line or tripoint that the reader may see, the newest first."""
    query.allow()
    found = documents_of(service().index, owner, uuid, reader=current_reader())
    response = jsonify(documents=[document_as_json(one) for one in found])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@boundary_changes.post("/api/boundaries/<owner>/<uuid>/documents")
def add(owner: str, uuid: str) -> tuple[Response, int]:
    """A document more: ``values``, ``why``."""
    query.allow()
    given = body("values", "why")
    saved = add_document(service().index, owner, uuid, values(given), editor=current_editor(), why=why(given))
    return _saved(saved), 201


@boundary_changes.put("/api/boundaries/documents/<uuid>")
def change(uuid: str) -> Response:
    """A document with other values: ``values``, ``version``, ``why``."""
    query.allow()
    given = body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(change_document(index, uuid, values(given), version=version(given), editor=editor, why=why(given)))


@boundary_changes.delete("/api/boundaries/documents/<uuid>")
def remove(uuid: str) -> Response:
    """A document taken away: ``version``, ``why``."""
    query.allow()
    given = body("version", "why")
    index, editor = service().index, current_editor()
    return _saved(remove_document(index, uuid, version=version(given), editor=editor, why=why(given)))


@boundary_changes.get("/api/stakes/<uuid>/reference-features")
def features(uuid: str) -> Response:
    """What stands near a stake, and the stake's version."""
    query.allow()
    record = feature(service().index, "stakes", uuid, reader=current_reader()).record
    kept = features_of(record.get("reference_features"))
    return jsonify(features=[one.as_json() for one in kept], version=record.get("version"))


@boundary_changes.put("/api/stakes/<uuid>/reference-features")
def set_features(uuid: str) -> Response:
    """Other reference features, all in their order: ``features``, ``version`` of the stake, ``why``."""
    query.allow()
    given = body("features", "version", "why")
    wanted = given.get("features")
    if not isinstance(wanted, list):
        raise BadDraft(N_("“features” is a list of objects."))
    saved = save_features(
        service().index, uuid, wanted, version=version(given), editor=current_editor(), why=why(given)
    )
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=saved.batch)


def _saved(saved: DocumentSaved) -> Response:
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=None)


boundary_changes.register_error_handler(Refused, refused)
boundary_changes.register_error_handler(EditConflict, conflicting)
