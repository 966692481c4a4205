"""Forms, findings and conflicts as scripts read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from layers.editing import EditConflict, Examined, FieldClash, Form, Saved
from layers.history.states import field_changes, shift_m
from layers.ingest.model import Noted
from layers.placenames.attributes import Attribute, classes_with_attributes
from layers.records import RecordField
from web.history.shown import value_text
from web.language import translated


def form_as_json(form: Form, language: str) -> dict[str, Any]:
    """A layer's form."""
    return {
        "layer": form.layer.key,
        "title": _title(form.layer.title_zh, form.layer.title_en),
        "geometry": form.geometry,
        "closes": form.closes,
        "label": form.layer.label,
        "folded": form.folded,
        "fields": [_field(field, form, language) for field in form.fields],
    }


def field_as_json(field: RecordField, language: str) -> dict[str, Any]:
    """A field as a form asks for it."""
    return {
        "name": field.name,
        "type": field.type,
        "title": _title(field.title_zh, field.title_en),
        "unit": field.unit,
        "required": field.required,
        "long": field.long,
        "max_length": field.max_length,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "help": translated(field.help, language) if field.help else "",
        "choices": [{"key": choice.key, "title": _title(choice.title_zh, choice.title_en)} for choice in field.choices],
    }


def _field(field: RecordField, form: Form, language: str) -> dict[str, Any]:
    found = field_as_json(field, language)
    if field.name in form.options:
        found["options"] = [
            {"value": option.value, "title": _title(option.title_zh, option.title_en), "within": option.within}
            for option in form.options[field.name]
        ]
    if form.layer.key == "place-names" and field.name == "attributes":
        found["classes"] = {
            prefix: [attribute_as_json(one) for one in some] for prefix, some in classes_with_attributes().items()
        }
    return found


def attribute_as_json(one: Attribute) -> dict[str, Any]:
    """An attribute that a class of places has."""
    return {
        "key": one.key,
        "title": _title(one.title_zh, one.title_en),
        "type": one.type,
        "unit": one.unit,
        "minimum": one.minimum,
        "maximum": one.maximum,
        "choices": [{"key": choice.key, "title": _title(choice.title_zh, choice.title_en)} for choice in one.choices],
    }


def findings_as_json(notes: Iterable[Noted], language: str) -> list[dict[str, str]]:
    """What is wrong or doubtful, by field."""
    return [
        {
            # a part of a field that holds several is named with it, such as attributes.area_km2
            "field": note.finding.where if note.finding.where.startswith(f"{note.field}.") else note.field,
            "rule": note.finding.rule,
            "severity": note.finding.severity,
            "value": note.value,
            "message": translated(note.finding.template, language, _params(note, language)),
            "advice": translated(note.finding.advice, language, _params(note, language)),
        }
        for note in notes
    ]


def _params(note: Noted, language: str) -> Mapping[str, Any]:
    """What a finding's sentence says; of what has titles in both languages the reader's."""
    params = note.finding.params
    return params if language == "zh" else {**params, "title": params.get("title_en", params.get("title"))}


def examined_as_json(found: Examined, language: str) -> dict[str, Any]:
    """A draft that was looked at: findings, and what follows from what was typed."""
    changes = {one.name: one for one in field_changes(found.layer.table, found.before.state, found.after.state)}
    follows = [
        {
            "name": name,
            "title": changes[name].title[0 if language == "zh" else 1],
            "value": value,
            "text": value_text(value, changes[name].after_title, changes[name].unit, language),
        }
        for name, value in found.follows.items()
        if name in changes
    ]
    return {
        "version": found.before.version,
        "changed": list(found.changes),
        "follows": follows,
        "findings": findings_as_json(found.notes, language),
    }


def saved_as_json(saved: Saved, language: str) -> dict[str, Any]:
    """What was saved."""
    return {
        "layer": saved.layer,
        "uuid": saved.uuid,
        "version": saved.version,
        "seq": saved.seq,
        "batch": saved.batch,
        "written": saved.written,
        "beside": saved.beside,
        "findings": findings_as_json(saved.notes, language),
    }


def conflict_as_json(error: EditConflict, language: str) -> dict[str, Any]:
    """Both versions, field by field, and their places."""
    place = error.place
    return {
        "version": error.version,
        "who": error.who,
        "at": error.at,
        "fields": [_clash(field, language) for field in error.fields],
        "place": None
        if place is None
        else {
            "base": geometry_as_json(place.base),
            "theirs": geometry_as_json(place.theirs),
            "mine": geometry_as_json(place.mine),
            "both": place.both,
            "theirs_m": _shift(place.base, place.theirs),
            "mine_m": _shift(place.base, place.mine),
        },
    }


def _clash(field: FieldClash, language: str) -> dict[str, Any]:
    def side(value: Any, title: tuple[str, str] | None) -> dict[str, Any]:
        return {"value": value, "text": value_text(value, title, field.unit, language)}

    return {
        "name": field.name,
        "title": field.title[0 if language == "zh" else 1],
        "base": side(field.base, field.base_title),
        "theirs": side(field.theirs, field.theirs_title),
        "mine": side(field.mine, field.mine_title),
        "both": field.both,
    }


def _shift(one: BaseGeometry | None, other: BaseGeometry | None) -> float | None:
    return None if one is None or other is None else round(shift_m(one, other), 2)


def geometry_as_json(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """GeoJSON of a geometry."""
    return None if geometry is None or geometry.is_empty else shapely.geometry.mapping(geometry)


def _title(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}
