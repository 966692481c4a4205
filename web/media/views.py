"""Pictures and sounds: served to whoever may see their owner, listed, sent in, named, ordered, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, send_file
from flask.blueprints import BlueprintSetupState

from gis.errors import N_
from layers.editing import BadDraft
from layers.media.kinds import sort_of
from layers.placenames.media import (
    MediaStore,
    Medium,
    add_medium,
    change_medium,
    media_of,
    order_media,
    readable,
    remove_medium,
)
from web import query
from web.body import NotJson, sent
from web.media.receiving import received
from web.permissions import current_editor, current_reader
from web.service import service

media = Blueprint("media", __name__)

_ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/mpeg": "mp3", "audio/mp4": "m4a",
    "audio/aac": "aac", "audio/ogg": "ogg", "audio/wav": "wav",
}  # fmt: skip


def store() -> MediaStore:
    """Where this installation keeps pictures and sounds."""
    return MediaStore.of(service().settings.files_folder)


@media.get("/media/<sha256>")
def file(sha256: str) -> Response:
    """A file, or with ``size`` a small picture; parts of it where a player asks for them."""
    given = query.allow("size")
    one = readable(service().index, sha256, reader=current_reader())
    kept, mime, tag = store(), one.mime, one.sha256
    if "size" in given and one.kind == "image":
        size = query.whole("size", 0)
        path = kept.thumbnails.path(kept.files, one.sha256, one.sorted_as, size)
        tag = f"{one.sha256}-{size}"
        with path.open("rb") as small:
            mime = sort_of(small).mime
    else:
        path = kept.files.path(one.sha256)
    response = send_file(
        path, mimetype=mime, etag=tag, conditional=True, max_age=None, last_modified=None,
        download_name=f"{one.sha256[:16]}.{_ENDINGS.get(mime, 'bin')}",
    )  # fmt: skip
    # asked about each time: who may see it can change, its bytes cannot
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@media.get("/api/media/<owner>/<uuid>")
def listed(owner: str, uuid: str) -> Response:
    """Pictures and sounds of a place, a story or a sign."""
    query.allow()
    found = media_of(service().index, owner, uuid, reader=current_reader())
    response = jsonify(media=[medium_as_json(one) for one in found])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@media.post("/api/media/<owner>/<uuid>")
def add(owner: str, uuid: str) -> tuple[Response, int]:
    """A file sent in (multipart: ``file``, ``title``, ``credit``, ``why``)."""
    query.allow()
    kept = store()
    with received(kept) as (form, incoming):
        made = add_medium(
            service().index, kept, incoming, owner, uuid, title=form.get("title", ""), credit=form.get("credit", ""),
            editor=current_editor(), why=form.get("why", "")[:500],
        )  # fmt: skip
    return jsonify(medium_as_json(made)), 201


@media.put("/api/media/<owner>/<uuid>/order")
def order(owner: str, uuid: str) -> Response:
    """Another order: ``order``, a list of ids."""
    query.allow()
    given = _body("order", "why").get("order")
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadDraft(N_("“order” is a list of ids."))
    order_media(service().index, owner, uuid, given, editor=current_editor())
    return listed(owner, uuid)


@media.put("/api/media/items/<uuid>")
def change(uuid: str) -> Response:
    """Other words beside a file: ``values`` (title, credit, secrecy, is_public), ``version``."""
    query.allow()
    given = _body("values", "version", "why")
    values = given.get("values", {})
    if not isinstance(values, Mapping):
        raise BadDraft(N_("“values” is an object: field to value."))
    changed = change_medium(
        service().index, uuid, values, version=_version(given), editor=current_editor(), why=_why(given)
    )
    return jsonify(medium_as_json(changed))


@media.delete("/api/media/items/<uuid>")
def remove(uuid: str) -> Response:
    """A picture or a sound taken away: ``version``."""
    query.allow()
    given = _body("version", "why")
    seq = remove_medium(service().index, uuid, version=_version(given), editor=current_editor(), why=_why(given))
    return jsonify(seq=seq)


def medium_as_json(one: Medium) -> dict[str, Any]:
    """A picture or a sound as scripts read it."""
    found = {
        name: getattr(one, name)
        for name in ("uuid", "kind", "mime", "title", "credit", "bytes", "width", "height", "taken_on", "version")
    }
    small = f"/media/{one.sha256}?size=320" if one.kind == "image" else None
    return {**found, "sha256": one.sha256, "url": f"/media/{one.sha256}", "small": small}


def _body(*members: str) -> dict[str, Any]:
    given = sent()
    if given is None:
        raise NotJson(N_("The request's body is not JSON."))
    if not isinstance(given, Mapping) or any(name not in members for name in given):
        raise BadDraft(N_("A record is sent as a JSON object."), hint=N_("Its members are: %(known)s."),
                       known=", ".join(members))  # fmt: skip
    return dict(given)


def _version(given: Mapping[str, Any]) -> int | None:
    version = given.get("version")
    return version if type(version) is int else None


def _why(given: Mapping[str, Any]) -> str:
    why = given.get("why") or ""
    return why.strip()[:500] if isinstance(why, str) else ""


@media.record_once
def _without_form_mark(state: BlueprintSetupState) -> None:
    """The mark of a file's request is in its header; looking for it in the form would read the file."""
    state.app.extensions["csrf"].exempt(add)
