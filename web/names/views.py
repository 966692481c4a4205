"""The names of a place: listed, added, changed, closed, taken away, made the standard one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from gis.errors import N_
from layers import days
from layers.catalogue import Titled
from layers.editing import BadDraft, EditConflict, Refused
from layers.placenames.kinds_of_names import FIELDS, KINDS, STATUSES
from layers.placenames.names import (
    Decision,
    NameSaved,
    PlaceName,
    add_name,
    change_name,
    make_standard,
    names_of,
    remove_name,
)
from web import query
from web.body import NotJson, sent
from web.editing.shown import field_as_json
from web.editing.views import conflicting, refused
from web.language import reader_language
from web.permissions import current_editor, current_reader
from web.service import service

names = Blueprint("names", __name__, url_prefix="/api/places/<place>/names")

_MOST_REASON = 500


@names.get("")
def listed(place: str) -> Response:
    """The names of a place that the reader may see, and what a form asks of a name."""
    query.allow()
    found = names_of(service().index, place, reader=current_reader())
    response = jsonify(
        names=[name_as_json(name) for name in found],
        kinds=[_titled(kind) for kind in KINDS],
        statuses=[_titled(status) for status in STATUSES],
        fields=[field_as_json(field, reader_language()) for field in FIELDS],
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


@names.post("")
def add(place: str) -> tuple[Response, int]:
    """A further name: ``values``, ``why``."""
    query.allow()
    given = _body("values", "why")
    saved = add_name(service().index, place, _values(given), editor=current_editor(), why=_why(given))
    return _saved(saved), 201


@names.put("/<name>")
def change(place: str, name: str) -> Response:
    """A name with other values: ``values``, ``version``, ``why``."""
    query.allow()
    given = _body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(
        change_name(index, place, name, _values(given), version=_version(given), editor=editor, why=_why(given))
    )


@names.delete("/<name>")
def remove(place: str, name: str) -> Response:
    """A name taken away: ``version``, ``why``."""
    query.allow()
    given = _body("version", "why")
    index, editor = service().index, current_editor()
    return _saved(remove_name(index, place, name, version=_version(given), editor=editor, why=_why(given)))


@names.post("/<name>/standard")
def standard(place: str, name: str) -> Response:
    """A name made the standard one: ``version``, ``place_version``, ``decision``, ``decided_by``, ``day``, ``why``."""
    query.allow()
    given = _body("version", "place_version", "decision", "decided_by", "day", "why")
    decision = Decision(
        number=_text(given, "decision"),
        authority=_text(given, "decided_by"),
        day=days.parse_day(text) if (text := _text(given, "day")) else None,
    )
    saved = make_standard(
        service().index, place, name, version=_version(given), place_version=_version(given, "place_version"),
        decision=decision, editor=current_editor(), why=_why(given),
    )  # fmt: skip
    return _saved(saved)


def name_as_json(name: PlaceName) -> dict[str, Any]:
    """A name as scripts read it."""
    title = next((kind for kind in KINDS if kind.key == name.kind), Titled(name.kind, name.kind, name.kind))
    found = {field: getattr(name, field) for field in PlaceName.__dataclass_fields__}
    return {**found, "title": {"zh": title.title_zh, "en": title.title_en}, "standing": name.standing(days.today())}


def _titled(one: Titled) -> dict[str, Any]:
    return {"key": one.key, "title": {"zh": one.title_zh, "en": one.title_en}}


def _saved(saved: NameSaved) -> Response:
    return jsonify(uuid=saved.uuid, version=saved.version, seq=saved.seq, batch=saved.batch)


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


def _version(given: Mapping[str, Any], member: str = "version") -> int | None:
    version = given.get(member)
    if version is not None and type(version) is not int:
        raise BadDraft(
            N_("“version” is the number of the version that was seen, not “%(given)s”."), given=str(version)[:80]
        )
    return version


def _text(given: Mapping[str, Any], member: str) -> str:
    text = given.get(member) or ""
    if not isinstance(text, str) or len(text) > 100:
        raise BadDraft(N_("“%(name)s” is a text of at most %(most)s characters."), name=member, most=100)
    return text.strip()


def _why(given: Mapping[str, Any]) -> str:
    why = given.get("why") or ""
    if not isinstance(why, str) or len(why) > _MOST_REASON:
        raise BadDraft(N_("The reason is a text of at most %(most)s characters."), most=_MOST_REASON)
    return why.strip()


names.register_error_handler(Refused, refused)
names.register_error_handler(EditConflict, conflicting)
