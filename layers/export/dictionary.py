"""The field dictionary: what each short name of a file means."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from gis.vectorfile import FieldWritten
from layers.catalogue import Layer
from layers.export.about import About
from layers.features import value_titles

_MOST_VALUES: Final = 60

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "str": ("文本", "text"),
    "int": ("整数", "whole number"),
    "float": ("小数", "number"),
    "bool": ("是/否 (T/F)", "true or false (T/F)"),
    "date": ("日期", "date"),
    "datetime": ("时间 (UTC)", "time (UTC)"),
    "json": ("JSON 文本", "JSON text"),
}


@dataclass(frozen=True)
class Entry:
    """One row of the dictionary.

    Parameters
    ----------
    file
        The file or layer that has the field.
    name, column
        Its name there and in the register.
    kind, storage
        What it holds, and the file's own type with its width.
    values
        Meanings of coded values that occur, ``canteen = 助老食堂``.
    """

    file: str
    name: str
    column: str
    title_zh: str
    title_en: str
    kind: str
    storage: str
    unit: str
    values: str = ""


_HEADINGS: Final = (
    ("文件", "File"),
    ("字段名", "Field"),
    ("登记库字段", "Register column"),
    ("中文全称", "Chinese name"),
    ("英文全称", "English name"),
    ("类型", "Type"),
    ("存储", "Storage"),
    ("单位", "Unit"),
    ("取值说明", "Values"),
)


def entries(file: str, fields: Iterable[FieldWritten], layer: Layer, frame: pd.DataFrame, about: About) -> list[Entry]:
    """The dictionary of one file of a layer's features."""
    known = {field.name: field for field in layer.fields}
    result = []
    for written in fields:
        field = known.get(written.column)
        titles = (field.title_zh, field.title_en, field.unit) if field else (written.column, written.column, "")
        structured = field is not None and field.type == "json"  # lists and objects are no codes
        titled = partial(value_titles, layer.key, written.column)
        values = "" if structured else _values(frame[written.column], titled, about)
        result.append(entry(file, written, titles, about, values=values))
    return result


def entry(file: str, written: FieldWritten, titles: tuple[str, str, str], about: About, *, values: str = "") -> Entry:
    """One row: ``titles`` are the Chinese and English name and the unit."""
    zh, en, unit = titles
    kind = about.say(*_KINDS[written.kind])
    return Entry(file, written.name, written.column, zh, en, kind, written.storage, unit, values)


def _values(series: pd.Series[str], titled: Callable[[object], tuple[str, str] | None], about: About) -> str:
    if not (pd.api.types.is_string_dtype(series.dtype) or series.dtype == object):
        return ""
    first = series.iloc[: _MOST_VALUES * 50].dropna().unique().tolist()
    if len(first) > _MOST_VALUES or not any(map(titled, first)):  # no codes: looking at every row would cost time
        return ""
    titles = {value: titled(value) for value in sorted(series.dropna().unique().tolist())}
    return "; ".join(f"{value} = {about.say(*title)}" for value, title in titles.items() if title)


def write_dictionary(path: Path, rows: Iterable[Entry], about: About) -> Path:
    """Write it as CSV in UTF-8 with a byte order mark: spreadsheets then show Chinese right."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([about.say(*heading) for heading in _HEADINGS])
        writer.writerows(asdict(row).values() for row in rows)
    return path


def as_table(rows: Iterable[Entry]) -> pd.DataFrame:
    """The dictionary as a table of texts, for a GeoPackage."""
    return pd.DataFrame([asdict(row) for row in rows], columns=list(Entry.__dataclass_fields__)).astype(object)
