"""What a form asks for: the fields of a layer's records that somebody may change, with what may stand in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.access import Reader, reach_of, require
from layers.catalogue import Layer, layer_named
from layers.editing.examining import editable_fields
from layers.index import Index
from layers.records import Context, RecordField, record_fields

_LAST = ("source", "valid_from", "valid_to", "note", "secrecy", "is_public")
"""What stands at the end of every form, folded."""


@dataclass(frozen=True)
class Option:
    """A value that a field may have, offered by name; ``within`` is the code of the division or class above it."""

    value: str
    title_zh: str
    title_en: str
    within: str = ""


@dataclass(frozen=True)
class Form:
    """The form of a layer.

    Parameters
    ----------
    fields
        Those that the reader may change, in order of reading.
    options
        Field to what is offered for it, beside what the field's own choices are.
    folded
        Fields that stand at the end, out of the way.
    geometry
        What is drawn: ``Point``, ``LineString``, ``MultiLineString`` or ``MultiPolygon``; empty where the reader may
        not move it.
    closes
        The field that says until when a record stands.
    """

    layer: Layer
    fields: tuple[RecordField, ...]
    options: dict[str, tuple[Option, ...]]
    folded: tuple[str, ...]
    geometry: str
    closes: str


def form(index: Index, layer_key: str, *, reader: Reader) -> Form:
    """The form of a layer for a reader.

    Raises
    ------
    UnknownLayer, NotAllowed
    """
    layer = layer_named(layer_key)
    allowed = editable_fields(layer_key, reader=reader)
    if not allowed:
        require(reader, "edit", layer_key)
    with index.held():
        context = Context.of(index, reader=reader)
        fields = tuple(field for field in record_fields(layer_key) if field.name in allowed)
        offered = {field.name: _options(index, context, field, reader) for field in fields}
    return Form(
        layer=layer,
        fields=fields,
        options={name: options for name, options in offered.items() if options},
        folded=tuple(name for name in _LAST if name in allowed),
        geometry=layer.geometry if {"name", "number", "code", "place_uuid"} & allowed else "",
        closes="closed" if layer_key == "facilities" else "valid_to",
    )


def _options(index: Index, context: Context, field: RecordField, reader: Reader) -> tuple[Option, ...]:
    if field.name in ("county_code", "left_code", "right_code"):
        reach = reach_of(reader) if field.name == "county_code" else None
        found = _divisions(context, "county")
        return tuple(option for option in found if reach is None or option.value in reach)
    if field.name == "town_code":
        return _divisions(context, "town")
    if field.name == "class_code":
        return tuple(
            Option(code, f"{code} {one.title}", f"{code} {one.title}", one.major)
            for code, one in context.classes.items()
        )
    if field.name == "line_uuid":
        lines = sorted(context.lines.values(), key=lambda line: line.code)
        return tuple(Option(line.uuid, f"{line.code} {line.name}", f"{line.code} {line.name}") for line in lines)
    if field.name in ("division_uuid",):
        return _counties_by_uuid(index, reader)
    return ()


def _divisions(context: Context, level: str) -> tuple[Option, ...]:
    divisions = context.divisions
    return tuple(
        Option(code, f"{divisions.name[row]} {code}", f"{divisions.name[row]} {code}", divisions.county[row])
        for row, code in enumerate(divisions.code)
        if divisions.level[row] == level and divisions.inside[row]
    )


def _counties_by_uuid(index: Index, reader: Reader) -> tuple[Option, ...]:
    columns = index.layer("divisions")
    rows = np.flatnonzero(columns.open_to(reader) & columns["level"].isin(["city", "county", "town"]))
    names, codes = columns["name"].values(rows), columns["code"].values(rows)
    return tuple(
        Option(str(uuid), f"{name} {code}", f"{name} {code}")
        for uuid, name, code in zip(columns.uuid[rows].tolist(), names, codes, strict=True)
    )
