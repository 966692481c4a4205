"""The names of a place: listed, added, changed, closed, taken away, made the standard one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

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
from web.editing.shown import field_as_json
from web.editing.views import conflicting, refused
from web.language import reader_language
from web.members import body, values, version, why
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
    given = body("values", "why")
    saved = add_name(service().index, place, values(given), editor=current_editor(), why=why(given))
    return _saved(saved), 201


@names.put("/<name>")
def change(place: str, name: str) -> Response:
    """A name with other values: ``values``, ``version``, ``why``."""
    query.allow()
    given = body("values", "version", "why")
    index, editor = service().index, current_editor()
    return _saved(change_name(index, place, name, values(given), version=version(given), editor=editor, why=why(given)))


@names.delete("/<name>")
def remove(place: str, name: str) -> Response:
    """A name taken away: ``version``, ``why``."""
    query.allow()
    given = body("version", "why")
    index, editor = service().index, current_editor()
    return _saved(remove_name(index, place, name, version=version(given), editor=editor, why=why(given)))


@names.post("/<name>/standard")
def standard(place: str, name: str) -> Response:
    """A name made the standard one: ``version``, ``place_version``, ``decision``, ``decided_by``, ``day``, ``why``."""
    query.allow()
    given = body("version", "place_version", "decision", "decided_by", "day", "why")
    decision = Decision(
        number=_text(given, "decision"),
        authority=_text(given, "decided_by"),
        day=days.parse_day(text) if (text := _text(given, "day")) else None,
    )
    saved = make_standard(
        service().index, place, name, version=version(given), place_version=version(given, "place_version"),
        decision=decision, editor=current_editor(), why=why(given),
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


def _text(given: Mapping[str, Any], member: str) -> str:
    text = given.get(member) or ""
    if not isinstance(text, str) or len(text) > 100:
        raise BadDraft(N_("“%(name)s” is a text of at most %(most)s characters."), name=member, most=100)
    return text.strip()


names.register_error_handler(Refused, refused)
names.register_error_handler(EditConflict, conflicting)
