"""When two values are the same, and when they are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon

from gis.vectorfile.text import cut_text
from layers.ingest.compare import differs, moved
from layers.records import record_field
from tests.layers.ingest.made import reading

LONG = "\u6cbf\u5c71\u810a\u5411\u4e1c" * 60


def other(layer: str, name: str, new: Any, old: Any, *, clear: bool = False, dtype: str = "str", **file: Any) -> bool:
    made = reading({"a": ["b"]}, **file)
    columns = []
    for value in (new, old):
        held = np.empty(1, dtype=object)
        held[0] = value
        columns.append(pd.Series(held if dtype == "object" else pd.array([value], dtype=dtype)))
    found = differs(record_field(layer, name), *columns, layer=layer, reading=made, clear=clear)
    return bool(found[0])


@pytest.mark.parametrize(
    ("name", "new", "old", "expected"),
    [
        ("meaning", "a", "a", False), ("meaning", "a", "b", True), ("meaning", None, "b", False),
        ("meaning", "a", None, True), ("meaning", None, "", False), ("meaning", "a", " a ", False),
        ("registered_at", "2024-01-01", "2024-01-01", False), ("registered_at", "2024-01-02", "2024-01-01", True),
        ("usage", "current", "\u73b0\u4eca", False),
    ],
)  # fmt: skip
def test_texts_and_days(name: str, new: Any, old: Any, expected: bool) -> None:
    assert other("place-names", name, new, old) is expected


def test_an_empty_cell_clears_only_if_it_is_to() -> None:
    assert other("place-names", "meaning", None, "b", clear=True)
    assert not other("place-names", "meaning", None, None, clear=True)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_that_the_format_cut_is_the_same(encoding: str) -> None:
    cut = cut_text(LONG, encoding, 254)
    assert not other("place-names", "history", cut, LONG, text_bytes=254, encoding=encoding)
    assert other("place-names", "history", cut, LONG)  # a format without a limit
    assert other("place-names", "history", cut[:-3], LONG, text_bytes=254, encoding=encoding)
    assert other("place-names", "history", cut[:-1] + "x", LONG, text_bytes=254, encoding=encoding)
    assert other("place-names", "history", "\u6cbf", "\u6cbf\u5c71", text_bytes=254, encoding=encoding)


def test_numbers_flags_and_json() -> None:
    assert not other("stakes", "height_m", 1.5, 1.5 + 1e-12, dtype="float64")
    assert other("stakes", "height_m", 1.5, 1.51, dtype="float64")
    assert other("stakes", "serial", 1, 2, dtype="Int64")
    assert not other("boundary-lines", "disputed", new=True, old=True, dtype="boolean")
    assert not other("stakes", "reference_features", [{"a": 1}], [{"a": 1}], dtype="object")
    assert other("stakes", "reference_features", [{"a": 1}], [{"a": 2}], dtype="object")


def aside(new: Any, old: Any) -> bool:
    one, two = np.empty(1, dtype=object), np.empty(1, dtype=object)
    one[0], two[0] = new, old
    return bool(moved(one, two)[0])


SQUARE = [(118.0, 36.0), (119.0, 36.0), (119.0, 37.0), (118.0, 37.0)]


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        (Point(118, 36), Point(118 + 5e-10, 36), False), (Point(118, 36), Point(118 + 2e-9, 36), True),
        (None, Point(118, 36), False), (Point(118, 36), None, True), (MultiPoint([(118, 36)]), Point(118, 36), False),
        (Point(), Point(118, 36), False),
        (LineString([(118, 36), (119, 37)]), LineString([(118, 36), (119, 37)]), False),
        (LineString([(119, 37), (118, 36)]), LineString([(118, 36), (119, 37)]), True),
        (Polygon(SQUARE), MultiPolygon([Polygon(SQUARE)]), False),
        (Polygon(SQUARE[::-1]), Polygon(SQUARE[2:] + SQUARE[:2]), False),
        (Polygon([(x + 5e-10, y) for x, y in SQUARE[2:] + SQUARE[:2]]), Polygon(SQUARE), False),
        (Polygon([(x + 5e-9, y) for x, y in SQUARE]), Polygon(SQUARE), True),
        (shapely.box(118, 36, 119, 36.5), Polygon(SQUARE), True), (Point(118, 36), Polygon(SQUARE), True),
    ],
)  # fmt: skip
def test_places(new: Any, old: Any, expected: bool) -> None:
    assert aside(new, old) is expected
