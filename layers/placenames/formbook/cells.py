"""Records as the cells of the book: every value as the one text by which it is written, compared and read again."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.placenames.attributes import Choice, attributes_of
from layers.placenames.formbook.columns import NAME_KINDS, SEPARATOR, BookColumn
from layers.records import Context
from layers.records.cells import CONTROL
from layers.records.divisions import Divisions

Texts = dict[str, NDArray[Any]]
"""Column key to the texts of all records, "" for nothing."""

LONGEST: Final = 32_000
"""A cell of a workbook holds 32,767 characters; longer texts are cut, and never taken back."""
_DIGITS: Final = 9
"""0.1 mm of a degree: what an import takes for the same."""
_BETWEEN: Final = "\x1f"


_CLASS: Final = re.compile(r"(\d{5})(?:\s.*|$)", re.DOTALL)
_DIVISION: Final = re.compile(r"(\d{12}|\d{9}|\d{6})(?:\s.*|$)", re.DOTALL)


@dataclass(frozen=True)
class Words:
    """What codes are called: classes and divisions of the register.

    A cell says a class or a division as code and name; what is compared is the code alone, so that nobody is asked
    about a division that was renamed meanwhile.
    """

    classes: Mapping[str, str]
    majors: Mapping[str, str]
    divisions: Divisions

    @classmethod
    def of(cls, context: Context) -> Words:
        """The words of a register as its reader sees it."""
        classes = context.classes
        titles = {code: known.title for code, known in classes.items()}
        return cls(titles, {code: known.major for code, known in classes.items()}, context.divisions)

    def shown(self, column: BookColumn, key: str) -> str:
        """A cell as it is written and shown."""
        if column.kind == "class":
            return self.class_text(key)
        return self.division_text(key) if column.kind == "division" else key

    def class_text(self, code: object) -> str:
        """A class: its code and title."""
        return clean(f"{code} {self.classes.get(code, '')}") if isinstance(code, str) and code else ""

    def division_text(self, code: object) -> str:
        """A division: its code and the names from the county down."""
        if not isinstance(code, str) or not code:
            return ""
        row = self.divisions.row_of.get(code)
        return clean(f"{code} {'' if row is None else self.divisions.full_name(row)}")

    def class_key(self, text: str) -> str:
        """The code that a cell means: its first digits, or the only class of that title; else the text."""
        if match := _CLASS.fullmatch(text):
            return match.group(1)
        named = [code for code, title in self.classes.items() if title == text]
        return named[0] if len(named) == 1 else text

    def division_key(self, text: str) -> str:
        """The code that a cell means: its first digits, or the division that its words name; else the text."""
        if match := _DIVISION.fullmatch(text):
            return match.group(1)
        found = self.divisions.find(text) if text else None
        if found is None or found.row < 0 or found.rest or found.candidates:
            return text
        return self.divisions.code[found.row]


def clean(text: str) -> str:
    """A text as a cell holds it: without characters that cannot be seen, one sort of line end, nothing round it."""
    if CONTROL.search(text):
        text = CONTROL.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()[:LONGEST].strip()


def number_text(value: object) -> str:
    """A number to the ninth digit, "" for none.

    Examples
    --------
    >>> number_text(119.1), number_text(37), number_text(-0.0), number_text(float("nan"))
    ('119.1', '37', '0', '')
    """
    if value is None or value is pd.NA or isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        return ""
    number = float(value)
    if not math.isfinite(number):
        return ""
    text = f"{number:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def texts_of(
    frame: pd.DataFrame,
    columns: Sequence[BookColumn],
    *,
    words: Words,
    names: Mapping[str, Mapping[str, Sequence[str]]],
) -> Texts:
    """The cells of records.

    Parameters
    ----------
    frame
        ``uuid``, ``geom`` and what `columns.stored` says, RangeIndex.
    names
        Kind of further name to the names of each place by its uuid, in order.
    """
    uuids = frame["uuid"].tolist()
    found: Texts = {}
    attributes = _objects(frame["attributes"]) if any(one.kind == "attribute" for one in columns) else ()
    for column in columns:
        found[column.key] = _texts(column, frame, uuids, attributes, words, names)
    return found


def _texts(
    column: BookColumn,
    frame: pd.DataFrame,
    uuids: Sequence[str],
    attributes: Sequence[Any],
    words: Words,
    names: Mapping[str, Mapping[str, Sequence[str]]],
) -> NDArray[Any]:
    if column.kind == "attribute":
        at = [place for place, given in enumerate(attributes) if given]
        of_classes = _objects(frame["class_code"].iloc[at])
        cells = np.full(len(frame), "", dtype=object)
        cells[at] = [
            attribute_text(column, attributes[place], code) for place, code in zip(at, of_classes, strict=True)
        ]
        return cells
    if column.kind in ("names", "locked"):
        of_kind = names.get(column.key.removeprefix("names:"), {})
        return _array([clean(SEPARATOR.join(of_kind[uuid])) if uuid in of_kind else "" for uuid in uuids])
    if column.kind == "class":
        return _mapped(frame["class_code"], lambda code: words.class_key(words.class_text(code)))
    if column.kind == "division":
        codes = np.full(len(frame), None, dtype=object)
        for level in ("county_code", "town_code", "village_code"):
            values = _array(_objects(frame[level]))
            codes = np.where(values == None, codes, values)  # noqa: E711 - of an array
        lowest = pd.Series(codes, dtype=object)
        return _mapped(lowest, lambda code: words.division_key(words.division_text(code)))
    if column.key in ("lon", "lat"):
        points = frame["geom"].to_numpy(dtype=object, copy=True)
        points[shapely.get_type_id(points) != 0] = None
        axis = shapely.get_x(points) if column.key == "lon" else shapely.get_y(points)
        return _array([number_text(value) for value in axis.tolist()])
    if column.kind == "number":
        return _array([number_text(value) for value in _objects(frame[column.key])])
    if column.kind == "choice":
        titles = {choice.key: choice.title_zh for choice in column.field.choices}
        return _mapped(frame[column.key], lambda key: clean(titles.get(key, key)) if isinstance(key, str) else "")
    return _mapped(frame[column.key], lambda value: clean(value) if isinstance(value, str) else "")


def _array(values: Iterable[Any]) -> NDArray[Any]:
    listed = list(values)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _mapped(series: pd.Series[Any], read: Any) -> NDArray[Any]:
    """What a reader makes of each value; each different one is read once."""
    values = _objects(series)
    known = {value: read(value) for value in dict.fromkeys(values)}
    return _array([known[value] for value in values])


def _objects(series: pd.Series[Any]) -> list[Any]:
    values = series.astype(object)
    return list(values.where(series.notna(), None).tolist())


def attribute_text(column: BookColumn, given: object, class_code: str | None) -> str:
    """An attribute of a place's attributes as its cell."""
    assert column.attribute is not None
    value = given.get(column.attribute.key) if isinstance(given, Mapping) else None
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, str):
        return clean(next((choice.title_zh for choice in _choices(column, class_code) if choice.key == value), value))
    return clean(json.dumps(value, ensure_ascii=False, default=str))


def attribute_value(column: BookColumn, text: str, class_code: str | None) -> Any:
    """What a cell says of an attribute; a text that is no number where one is wanted stays a text, to be refused."""
    assert column.attribute is not None
    if not text:
        return None
    choices = _choices(column, class_code)
    if choices:
        return next((choice.key for choice in choices if text in (choice.key, choice.title_zh)), text)
    if column.attribute.type in ("int", "float"):
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text


def _choices(column: BookColumn, class_code: str | None) -> tuple[Choice, ...]:
    """The choices of an attribute for a class: a port's levels are others than a station's."""
    assert column.attribute is not None
    if not column.attribute.choices and column.attribute.type != "str":
        return ()
    key = column.attribute.key
    return next((one.choices for one in attributes_of(class_code) if one.key == key), column.attribute.choices)


def is_number(column: BookColumn) -> bool:
    """Whether a column's cells are numbers."""
    return column.kind == "number" or (column.attribute is not None and column.attribute.type in ("int", "float"))


def read_texts(series: pd.Series[Any], column: BookColumn, words: Words | None = None) -> NDArray[Any]:
    """A file's column as cells: as `texts_of` writes them.

    Parameters
    ----------
    words
        Needed for classes and divisions.
    """
    numbers = is_number(column)
    at = np.flatnonzero(series.notna().to_numpy(dtype=bool))
    given = series.iloc[at].astype(object).tolist()
    known = {value: _read(value, numbers=numbers) for value in dict.fromkeys(given)}
    texts = np.full(len(series), "", dtype=object)
    texts[at] = [known[value] for value in given]
    if words is not None and column.kind in ("class", "division"):
        read = words.class_key if column.kind == "class" else words.division_key
        return _mapped(pd.Series(texts, dtype=object), read)
    return texts


def _read(value: object, *, numbers: bool) -> str:
    if isinstance(value, str):
        text = clean(value)
        if numbers:
            try:
                return number_text(float(text)) or text
            except ValueError:
                return text
        return text
    if isinstance(value, bool):
        return "是" if value else "否"
    return number_text(value)


def hashes(texts: Texts, columns: Sequence[BookColumn]) -> NDArray[Any]:
    """A short sign of each record's cells, by which a row that nobody has touched is known again."""
    used = [texts[column.key].tolist() for column in columns if column.kind != "locked"]
    return _array(
        hashlib.blake2b(_BETWEEN.join(cells).encode(), digest_size=8).hexdigest() for cells in zip(*used, strict=True)
    )


def split_names(text: str) -> tuple[str, ...]:
    """The names in a cell, each once."""
    parts = text.replace(";", SEPARATOR).replace("\n", SEPARATOR).split(SEPARATOR)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def names_by_place(names: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Kind to the further names of each place by its uuid, in the order of the table."""
    found: dict[str, dict[str, list[str]]] = {kind: {} for kind in NAME_KINDS}
    for place, kind, name in zip(names["place_uuid"], names["kind"], names["name"], strict=True):
        if kind in found and isinstance(name, str) and isinstance(place, str):
            found[kind].setdefault(place, []).append(name)
    return found
