"""Changes as a page and a script show them, in the reader's language."""

from __future__ import annotations

import json
import re
from typing import Any

from gis.errors import N_
from layers.access import Editor, may_undo
from layers.history.asking import Entry
from layers.history.reach import edited_as, taken_back_as
from layers.history.sketch import sketch
from layers.history.states import FieldChange, Moved, Titles
from layers.history.undo import Clash
from web.language import translated

OPERATIONS = {
    "insert": N_("Added"),
    "update": N_("Changed"),
    "delete": N_("Deleted"),
    "load": N_("Table put in"),
    "batch": N_("Together"),
}
"""What the log's operations are called."""

TEXTS = (N_("yes"), N_("no"), N_("synthetic"), N_("by another program"))
_LONG = 400


_UNDO = re.compile(r"undo (?:(\d+)|[0-9a-f-]{36})")


def reason(why: str | None, language: str) -> str | None:
    """The reason of a change; one that the program gave by itself in the reader's language."""
    undone = _UNDO.fullmatch(why or "")
    if undone is None:
        return translated(why, language) if why else why
    if undone[1] is None:
        return translated(N_("Undo of what was done together"), language)
    return translated(N_("Undo of change %(seq)s"), language, {"seq": undone[1]})


def entry_as_json(entry: Entry, *, editor: Editor, language: str) -> dict[str, Any]:
    """One entry of the history."""
    moved = entry.moved
    return {
        "seq": entry.seq,
        "layer": entry.layer,
        "table": entry.table,
        "title": _in(entry.title, language),
        "uuid": entry.uuid,
        "label": entry.label,
        "op": entry.op,
        "operation": translated(OPERATIONS.get(entry.op, entry.op), language),
        "version": entry.version,
        "at": entry.at,
        "who": entry.who,
        "by": entry.who or translated("by another program", language),
        "why": reason(entry.why, language),
        "batch": entry.batch,
        "count": entry.count,
        "tallies": [
            {
                "title": _in(tally.title, language),
                "op": tally.op,
                "operation": translated(OPERATIONS.get(tally.op, tally.op), language),
                "count": tally.count,
            }
            for tally in entry.tallies
        ],
        "fields": [field_as_json(field, language) for field in entry.fields],
        "moved": moved_as_json(moved) if moved is not None else None,
        "undoable": undoable(entry, editor),
    }


def undoable(entry: Entry, editor: Editor) -> bool:
    """Whether the reader may try to take it back."""
    if entry.op == "load":
        return False
    tables = {tally.table for tally in entry.tallies} or {entry.table}
    own = entry.who == editor.name
    layers = [taken_back_as(editor.reader, table, tables)[0] if own else edited_as(table) for table in tables]
    return all(may_undo(editor, entry.who, layer) for layer in layers)


def field_as_json(field: FieldChange, language: str) -> dict[str, Any]:
    """One field before and after, as texts."""
    return {
        "name": field.name,
        "title": _in(field.title, language),
        "before": value_text(field.before, field.before_title, field.unit, language),
        "after": value_text(field.after, field.after_title, field.unit, language),
    }


def moved_as_json(moved: Moved) -> dict[str, Any]:
    """A change of place with its drawing."""
    drawing = sketch(moved)
    return {
        "distance_m": None if moved.distance_m is None else round(moved.distance_m, 2),
        "kind": "set" if moved.before is None else "removed" if moved.after is None else "moved",
        "before": drawing.before,
        "after": drawing.after,
        "is_area": drawing.is_area,
        "is_point": drawing.is_point,
        "bar": drawing.bar,
        "metres": drawing.metres,
    }


def clash_as_json(clash: Clash, language: str) -> dict[str, Any]:
    """One record that stands in the way of an undo."""
    return {
        "uuid": clash.uuid,
        "label": clash.label or clash.uuid,
        "gone": clash.gone,
        "moved": clash.moved,
        "fields": [field_as_json(field, language) for field in clash.fields],
    }


def value_text(value: Any, title: Titles | None, unit: str, language: str) -> str:
    """A value in words; empty for none."""
    if value is None or value == "":
        return ""
    if title is not None:
        return _in(title, language)
    if isinstance(value, bool):
        return translated("yes" if value else "no", language)
    if isinstance(value, float):
        value = f"{value:.3f}".rstrip("0").rstrip(".")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= _LONG else text[: _LONG - 1] + "…"
    shown = "" if not unit or (language == "en" and not unit.isascii() and unit != "km²") else f" {unit}"
    return text + shown


def distance_text(metres: float | None) -> str:
    """Metres as a person reads them: centimetres below ten metres, kilometres from one on."""
    if metres is None:
        return ""
    if metres >= 1000:
        return f"{metres / 1000:.2f} km"
    return f"{metres:.2f} m" if metres < 10 else f"{metres:.0f} m"


def _in(title: Titles, language: str) -> str:
    return title[0] if language == "zh" else title[1]
