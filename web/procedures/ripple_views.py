"""What hangs on a name over HTTP: the page that shows it in groups, and the renaming that carries them along."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from gis.errors import N_
from layers.catalogue import layer_named
from layers.editing import EditConflict, Refused
from layers.features import UnknownFeature
from layers.history.states import field_changes, table_title
from layers.placenames.decided import Decision
from layers.placenames.procedures.proposing import BadApplication, text_of
from layers.placenames.ripple import Carried, Group, Ripple, preview, rename
from web import query
from web.editing.views import conflicting, refused
from web.history.shown import field_as_json
from web.language import reader_language
from web.permissions import current_editor
from web.procedures.desk import body
from web.procedures.shown import pair
from web.service import service

ripples = Blueprint("ripples", __name__)

_SAMPLES = 8
_MOST = 200


@ripples.get("/ripple/<layer>/<uuid>")
def page(layer: str, uuid: str) -> str:
    """What hangs on a name, for a new one that the address names."""
    given = query.allow("name")
    new_name = given.get("name", "").strip()
    now = _name_of(layer, uuid)
    found = preview(service().index, layer, uuid, new_name, editor=current_editor()) if new_name else None
    return render_template(
        "procedures/ripple.html",
        layer=layer,
        uuid=uuid,
        name=now,
        new_name=new_name,
        found=None if found is None else ripple_as_json(found, reader_language(), most=_SAMPLES),
        settings_json=json.dumps({"lang": reader_language()}),
    )


@ripples.get("/api/ripple/<layer>/<uuid>")
def look(layer: str, uuid: str) -> Response:
    """What hangs on a name as JSON; ``name`` is the new one."""
    given = query.allow("name", "most")
    most = min(_MOST, max(0, query.whole("most", _SAMPLES)))
    found = preview(service().index, layer, uuid, given.get("name", ""), editor=current_editor())
    return jsonify(ripple_as_json(found, reader_language(), most=most))


@ripples.post("/api/ripple/<layer>/<uuid>")
def carry_out(layer: str, uuid: str) -> Response:
    """Rename, with the groups that are named: ``name``, ``groups``, ``version``, ``why``, ``decision``."""
    query.allow()
    given = body()
    groups, version = given.get("groups") or [], given.get("version")
    if not isinstance(groups, list) or not all(isinstance(key, str) for key in groups):
        raise BadApplication(N_("“groups” lists what is to follow the name."))
    if type(version) is not int:
        raise BadApplication(N_("Say which version of the record you have seen."))
    decision = Decision(text_of(given, "number", 100), text_of(given, "authority", 100))
    batch = rename(
        service().index, layer, uuid, text_of(given, "name"), groups, version=version, editor=current_editor(),
        why=text_of(given, "why"), decision=decision,
    )  # fmt: skip
    return jsonify(batch=batch, undo=f"/api/history/batches/{batch}/undo", page=f"/history?batch={batch}")


def _name_of(layer: str, uuid: str) -> str:
    columns = service().index.layer(layer_named(layer).key)
    row = columns.row_of(uuid)
    if row is None or not columns.open_to(current_editor().reader)[row]:
        raise UnknownFeature(N_("The layer “%(layer)s” has no feature %(uuid)s."), layer=layer, uuid=uuid)
    return str(columns[columns.layer.label].values([row])[0] or "")  # type: ignore[arg-type]


def ripple_as_json(found: Ripple, language: str, *, most: int) -> dict[str, Any]:
    """The groups with their counts and the first rows of each."""
    return {
        "layer": found.target.layer,
        "uuid": found.target.uuid,
        "version": found.version,
        "name": found.target.name,
        "new_name": found.target.new_name,
        "size": found.size,
        "groups": [_group(group, language, most) for group in found.groups],
    }


def _group(group: Group, language: str, most: int) -> dict[str, Any]:
    return {
        "key": group.key,
        "title": pair(group.title, language),
        "size": group.size,
        "selectable": group.selectable and group.allowed and bool(group.items),
        "counted": not group.selectable,
        "allowed": group.allowed,
        "suggested": group.suggested and bool(group.items),
        "withheld": group.withheld,
        "samples": [_item(item, language) for item in group.items[:most]],
        "more": max(0, len(group.items) - most),
    }


def _item(item: Carried, language: str) -> dict[str, Any]:
    changes = field_changes(item.table, dict(item.before), {**item.before, **item.values})
    return {
        "table": item.table,
        "table_title": pair(table_title(item.table), language),
        "uuid": item.uuid,
        "label": item.label,
        "fields": [field_as_json(change, language) for change in changes],
    }


ripples.register_error_handler(EditConflict, conflicting)
ripples.register_error_handler(Refused, refused)
