"""What may be imported, as a page; ``python -m layers.records.documented`` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from layers.catalogue import LAYERS
from layers.records.field import RecordField, Subject
from layers.records.fields import SUBJECTS, record_fields
from layers.records.tables import headings, rows_of

_KINDS: Final = {
    "str": "text", "int": "whole number", "float": "number", "bool": "是 / 否", "date": "day", "datetime": "time (UTC)",
    "json": "JSON",
}  # fmt: skip
_FURTHER: Final = {
    "@lon": "longitude: decimal degrees or degrees, minutes, seconds",
    "@lat": "latitude, likewise",
    "@east": "easting in metres, with or without the zone's number",
    "@north": "northing in metres",
    "@xy": "columns X and Y: what they hold is seen from the numbers",
    "@geojson": "place as GeoJSON text",
    "@division": "division in words, from the province down or shorter",
    "@division:province": "province, in a column of its own",
    "@division:city": "city",
    "@division:county": "county",
    "@division:town": "town or street",
    "@division:village": "village or community",
    "@class": "class in words, such as 行政区域>县级行政区",
    "@line": "boundary line by code or name",
    "@name:alias": "further name: 别名",
    "@name:abbreviation": "further name: 简称",
    "@name:former": "further name: 曾用名",
    "@name:map": "further name: 图上名称",
    "@name:minority": "further name: 民族文字",
    "@left": "known, and left out: the register has no place for it",
}
_INTRODUCTION: Final = """# What may be imported

This page is made from the program's own tables (`python -m layers.records.documented > docs/import-fields.md`); a
test compares the two. Headings are recognised whatever their width, case, blanks, brackets or asterisks; a unit in
brackets is not looked at; in a shapefile also as they are when cut to ten bytes. The register's own names, short names
and titles are always recognised, so that every export comes in again. A mapping, drawn in the page or given to the
command, goes before all of this; columns that nobody knows are told and not taken.

| values | how they may be written |
|---|---|
| whole numbers, numbers | `1250`, `1,250`, `１２５０`, `1250张`; a dash stands for nothing |
| days | `2022-12-31`, `2022/12/31`, `2022.12.31`, `2022年12月31日`, `20221231`, a serial number; a year is no day |
| yes or no | 是/否, T/F, true/false, Y/N, 1/0, 有/无, √/× |
| codes | as text; `370781.0` is 370781; a code that a spreadsheet has rounded is refused |
| text | trimmed; control characters are refused |
"""


def as_markdown() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_pages(), *_patterns()]).rstrip() + "\n"


def _pages() -> Iterator[str]:
    for subject in SUBJECTS.values():
        yield f"## {subject.title_zh} · {subject.title_en}: `{subject.key}`\n"
        yield _geometry(subject)
        yield "| field | 中文 | kind | headings that are recognised beside | |"
        yield "|---|---|---|---|---|"
        for field in subject.fields:
            yield _row(field)
        yield ""
        yield "| besides | headings |"
        yield "|---|---|"
        for target, words in headings(subject.layer).items():
            if target.startswith("@"):
                yield f"| {_FURTHER[target]} | {_words(words)} |"
        yield ""
        yield from _choices(subject.fields)
    others = [key for key in LAYERS if key not in {subject.layer for subject in SUBJECTS.values()}]
    yield "## Layers without an import\n"
    yield "Edited on the map and in the form alone.\n"
    for key in others:
        names = ", ".join(f"{field.title_zh} `{field.name}`" for field in record_fields(key) if field.editable)
        yield f"- {LAYERS[key].title_zh} `{key}`: {names}"
    yield ""


def _geometry(subject: Subject) -> str:
    if not subject.geometry:
        return "Figures alone: places are left as they are.\n"
    needed = "A new record needs one." if subject.place_needed else "A record may be without one."
    return f"Geometry: {', '.join(subject.geometry)}. {needed}\n"


def _row(field: RecordField) -> str:
    kind = _KINDS[field.type] if not field.choices else "choice"
    kind = "code" if field.is_code else kind
    if field.unit:
        kind = f"{kind}, {field.unit}"
    remarks = []
    if field.required:
        remarks.append("mandatory")
    if not field.editable:
        remarks.append("kept by the program")
    if field.minimum is not None and field.maximum is not None and field.editable:
        remarks.append(f"{field.minimum:g} to {field.maximum:g}")
    if field.max_length is not None and field.max_length < 1000 and not field.choices:
        remarks.append(f"at most {field.max_length} characters")
    return f"| `{field.name}` | {field.title_zh} | {kind} | {_words(field.aliases)} | {'; '.join(remarks)} |"


def _words(words: tuple[str, ...]) -> str:
    return "、".join(word.replace("|", "\\|") for word in words)


def _choices(fields: tuple[RecordField, ...]) -> Iterator[str]:
    for field in fields:
        if field.choices:
            yield f"`{field.name}` {field.title_zh}:\n"
            for choice in field.choices:
                also = f" (also {'、'.join(choice.spellings)})" if choice.spellings else ""
                yield f"- `{choice.key}` {choice.title_zh}{also}"
            yield ""


def _patterns() -> Iterator[str]:
    yield "## Codes\n"
    yield "| layer | field | looks like | confidence | source |"
    yield "|---|---|---|---|---|"
    for row in rows_of("patterns"):
        layer = "all" if row["layer"] == "*" else row["layer"]
        yield f"| {layer} | `{row['field']}` | {row['example']} | {row['confidence']} | {row['source']} |"
    yield "\nConfidence L: to be confirmed by the office; another form is a doubt and not refused."


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
