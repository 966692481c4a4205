"""The fields of the records of every layer: the catalogue's, with what is known about filling them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from gis.errors import N_
from layers.catalogue import FACILITY_KINDS, LAYERS, PLACE_MAJORS, Field, Titled, layer_named
from layers.records.field import Choice, RecordField, Subject
from layers.records.tables import headings, rows_of
from layers.register import TABLES

# Beside the catalogue's: columns of the tables that are written with a record and not shown as part of it.
_BESIDE: Final = (
    Field("secrecy", "str", "密级", "Secrecy", "SECRECY"),
    Field("is_public", "bool", "是否公开", "Public", "ISPUBLIC"),
)
_TRIPOINT: Final = Field("tripoint_uuid", "str", "三交点标识", "Tripoint's id", "TRIUUID")
_FURTHER: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType({"stakes": (_TRIPOINT,)})

_KEPT: Final = frozenset({"uuid", "version", "changed", "tripoint_uuid", "rank"})
"""What the program keeps by itself in every layer."""
_COMPUTED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "boundary-lines": frozenset({"length_m", "batch", "inner", "left_name", "right_name"}),
        "stakes": frozenset({"chainage_m"}),
        "boundary-points": frozenset({"chainage_m"}),
        "tripoints": frozenset({"inner"}),
        "divisions": frozenset({"inside"}),
        "division-areas": frozenset({"inside", "area_km2"}),
        "facilities": frozenset({"position_source", "accuracy"}),
    }
)

_REQUIRED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "place-names": frozenset({"name"}),
        "facilities": frozenset({"name", "kind"}),
        "divisions": frozenset({"name", "code", "level"}),
        "division-areas": frozenset({"name", "code"}),
        "boundary-lines": frozenset({"code"}),
        "stakes": frozenset({"number"}),
        "tripoints": frozenset({"code"}),
        "boundary-points": frozenset({"number", "line_uuid"}),
        "place-lines": frozenset({"place_uuid"}),
        "place-areas": frozenset({"place_uuid"}),
        "place-signs": frozenset({"name", "kind", "place_uuid"}),
        "stories": frozenset({"title", "body"}),
    }
)

_CODES: Final = frozenset(
    {
        *("code", "codes", "parent_code", "county_code", "town_code", "village_code", "left_code", "right_code"),
        *("place_code", "class_code", "number", "national_id", "credit_code"),
    }
)
_LONG: Final = frozenset({"origin", "meaning", "history", "description", "course", "note", "summary", "body"})

_LENGTHS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "name": 100, "short_name": 50, "roman": 200, "specific": 100, "generic": 30, "established": 20, "abolished": 20,
        "address": 200, "office_phone": 100, "operator": 100, "registered_by": 50, "registered_unit": 100,
        "material": 50, "location": 200, "start_name": 100, "end_name": 100, "population_source": 200,
        "position_source": 200, "source": 200, "number": 30, "kind": 30, "code": 30, "codes": 60,
        "title": 100, "summary": 500, "body": 60_000, "author": 50, "text_shown": 200, "unit": 100,
        "state": 30, "theme": 30,
        "map_name": 100, "ethnic_name": 200, "language": 30, "generic_roman": 100, "spans": 500, "named_in": 20,
        "lettering": 200, "size": 60, "height_system": 60, "set_by": 100,
        "coordinate_system": 60, "measured_by": 20, "survey_state": 30, "map_sheet": 60, "map_scale": 30,
    }
)  # fmt: skip
_LONGEST: Final = 20_000
"""Of a text without a limit of its own: a paragraph, not a book."""

_RANGES: Final[Mapping[str, tuple[float | None, float | None]]] = MappingProxyType(
    {
        **dict.fromkeys(("beds", "nursing_beds", "residents", "capacity"), (0, 100_000)),
        **dict.fromkeys(("population", "aged_60", "aged_65", "aged_80"), (0, 2_000_000_000)),
        **dict.fromkeys(("length_m", "declared_length_m", "chainage_m", "area_km2"), (0, None)),
        **dict.fromkeys(("declared_single", "declared_double", "declared_triple"), (0, 10_000)),
        "accuracy_m": (0, 1000),
        "height_m": (-500, 9000),
        "serial": (0, 1_000_000),
        "rank": (0, 99),
        "version": (1, None),
        "batch": (1949, 2200),
        "to_lon": (-180, 180),
        "to_lat": (-90, 90),
    }
)

_HELP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "roman": N_("As it is spelled on signs, with or without tone marks; empty: spelled by the rules."),
        "specific": N_("The name without its generic part."),
        "generic": N_("The part that says what it is, such as 村, 路 or 水库."),
        "class_code": N_("Five digits of the table of classes."),
        "place_code": N_("20 digits: county, township, class, serial."),
        "county_code": N_("Six digits; empty: taken from the place on the map."),
        "town_code": N_("Nine digits."),
        "village_code": N_("Twelve digits."),
        "map_name": N_("As maps write it, where that differs from the standard name."),
        "language": N_("From which the name comes, such as 汉语 or 满语."),
        "spans": N_("All divisions of a feature that lies in several, separated by 、."),
        "to_lon": N_("The far end of a line or area; degrees, or degrees, minutes and seconds."),
        "to_lat": N_("The far end of a line or area; degrees, or degrees, minutes and seconds."),
        "named_in": N_("A year, or words such as 民国时期."),
        "established": N_("A year, or words such as 民国时期."),
        "abolished": N_("A year, or words such as 民国时期."),
        "office_phone": N_("Of the office; no private numbers."),
        "nursing_beds": N_("Of the beds."),
        "number": N_("As it is engraved: line, serial, letter."),
        "lettering": N_("All that is engraved on its faces."),
        "declared_length_m": N_("As the agreement or the official papers say it."),
        "accuracy_m": N_("As surveyed; for a satellite position at most 1 m."),
        "height_system": N_("Such as 1985国家高程基准."),
        "secrecy": N_("What is not public is shown by role; empty: public."),
    }
)


@cache
def record_fields(layer_key: str) -> tuple[RecordField, ...]:
    """The fields of a layer's records, in order of reading; secrecy and the public flag at the end.

    Raises
    ------
    UnknownLayer
    """
    layer = layer_named(layer_key)
    columns = TABLES[layer.table].columns
    beside = [field for field in (*_FURTHER.get(layer_key, ()), *_BESIDE) if field.name in columns]
    shown = {field.name for field in layer.fields}
    fields = [*layer.fields, *(field for field in beside if field.name not in shown)]
    return tuple(_record_field(layer_key, field, stored=field.name in columns) for field in fields)


def record_field(layer_key: str, name: str) -> RecordField:
    """One field of a layer's records; KeyError where there is none of that name."""
    for field in record_fields(layer_key):
        if field.name == name:
            return field
    raise KeyError(name)


def _record_field(layer_key: str, field: Field, *, stored: bool) -> RecordField:
    name = field.name
    low, high = _RANGES.get(name, (None, None))
    text = field.type == "str"
    return RecordField(
        name=name,
        type=field.type,
        title_zh=field.title_zh,
        title_en=field.title_en,
        short=field.short,
        unit=field.unit,
        aliases=headings(layer_key).get(name, ()),
        required=name in _REQUIRED[layer_key],
        choices=_choices(layer_key).get(name, ()),
        max_length=_LENGTHS.get(name, _LONGEST) if text else None,
        minimum=low,
        maximum=high,
        is_code=text and name in _CODES,
        editable=stored and name not in _KEPT and name not in _COMPUTED.get(layer_key, ()),
        stored=stored,
        long=name in _LONG,
        help=_HELP.get(name, ""),
    )


@cache
def _choices(layer_key: str) -> dict[str, tuple[Choice, ...]]:
    """The choices of a layer's fields: of the catalogue's classes where there are, else of the table."""
    titled: dict[str, dict[str, Titled]] = {"major": {major.key: major for major in PLACE_MAJORS}}
    if layer_key == "facilities":
        titled["kind"] = {kind.key: kind for kind in FACILITY_KINDS}
    found: dict[str, list[Choice]] = {}
    for row in rows_of("choices"):
        if row["layer"] in (layer_key, "*"):
            known = titled.get(row["field"], {}).get(row["key"])
            zh, en = (known.title_zh, known.title_en) if known else (row["title_zh"], row["title_en"])
            spellings = tuple(word for word in row["spellings"].split("|") if word)
            found.setdefault(row["field"], []).append(Choice(row["key"], zh, en, spellings))
    return {name: tuple(choices) for name, choices in found.items()}


def _subject(key: str, layer_key: str, titles: tuple[str, str], *, place_needed: bool, **others: Any) -> Subject:
    layer = LAYERS[layer_key]
    single = layer.geometry.removeprefix("Multi")
    subject = Subject(
        key=key,
        layer=layer_key,
        table=layer.table,
        title_zh=titles[0],
        title_en=titles[1],
        fields=record_fields(layer_key),
        geometry=(single, f"Multi{single}"),
        place_needed=place_needed,
    )
    return dataclasses.replace(subject, **others)


_OF_POPULATION: Final = frozenset(
    {"uuid", "code", "name", "level", "population", "aged_60", "aged_65", "aged_80", "population_source", "version"}
)

SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        subject.key: subject
        for subject in (
            _subject("place-names", "place-names", ("地名", "Place names"), place_needed=True),
            _subject("facilities", "facilities", ("民政服务设施", "Facilities"), place_needed=False),
            _subject("divisions", "divisions", ("行政区划", "Divisions"), place_needed=False),
            _subject(
                "population",
                "divisions",
                ("行政区划人口", "Population of divisions"),
                place_needed=False,
                geometry=(),
                fields=tuple(field for field in record_fields("divisions") if field.name in _OF_POPULATION),
            ),
            _subject("lines", "boundary-lines", ("行政区域界线", "Boundary lines"), place_needed=True),
            _subject("stakes", "stakes", ("界桩", "Boundary stakes"), place_needed=True),
        )
    }
)
"""What an import may be of, by key."""
