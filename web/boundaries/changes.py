"""Documents at lines and tripoints, reference features of stakes: listed, added, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

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
from web.body import NotJson, sent
from web.boundaries.views import document_as_json
from web.editing.views import conflicting, refused
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
    given = _body("values", "why")
    saved = add_document(service().index, owner, uuid, _values(given), editor=current_editor(), why=_why(given))
    return _saved(saved), 201


@boundary_changes.put("/api/boundaries/documents/<uuid>")
def change(uuid: str) -> Response:
    """A document with other values: ``values``, ``version``, ``why``."""
    query.allow()
    given = _body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(change_document(index, uuid, _values(given), version=_version(given), editor=editor, why=_why(given)))


@boundary_changes.delete("/api/boundaries/documents/<uuid>")
def remove(uuid: str) -> Response:
    """A document taken away: ``version``, ``why``."""
    query.allow()
    given = _body("version", "why")
    index, editor = service().index, current_editor()
    return _saved(remove_document(index, uuid, version=_version(given), editor=editor, why=_why(given)))


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
    given = _body("features", "version", "why")
    wanted = given.get("features")
    if not isinstance(wanted, list):
        raise BadDraft(N_("“features” is a list of objects."))
    saved = save_features(
        service().index, uuid, wanted, version=_version(given), editor=current_editor(), why=_why(given)
    )
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=saved.batch)


def _saved(saved: DocumentSaved) -> Response:
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=None)


def _body(*members: str) -> dict[str, Any]:
    given = sent()
    if given is None and request.method == "DELETE":
        given = {}
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping):
        raise BadDraft(N_("A record is sent as a JSON object."))
    unknown = [str(name)[:80] for name in given if name not in members]
    if unknown:
        raise BadDraft(
            N_("A record to be saved has no member “%(name)s”."), hint=N_("Its members are: %(known)s."),
            name=unknown[0], known=", ".join(members),
        )  # fmt: skip
    return dict(given)


def _values(given: Mapping[str, Any]) -> Mapping[str, Any]:
    values = given.get("values", {})
    if not isinstance(values, Mapping):
        raise BadDraft(N_("“values” is an object: field to value."))
    return values


def _version(given: Mapping[str, Any]) -> int | None:
    version = given.get("version")
    if version is not None and type(version) is not int:
        raise BadDraft(
            N_("“version” is the number of the version that was seen, not “%(given)s”."), given=str(version)[:80]
        )
    return version


def _why(given: Mapping[str, Any]) -> str:
    why = given.get("why") or ""
    if not isinstance(why, str) or len(why) > _MOST_REASON:
        raise BadDraft(N_("The reason is a text of at most %(most)s characters."), most=_MOST_REASON)
    return why.strip()


boundary_changes.register_error_handler(Refused, refused)
boundary_changes.register_error_handler(EditConflict, conflicting)
