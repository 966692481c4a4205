"""The tables of words beside this package: choices, headings, patterns. Data, each row with its source."""

from __future__ import annotations

import csv
import io
import unicodedata
from functools import cache
from importlib import resources


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of ``data/<name>.csv``."""
    text = resources.files("layers.records.data").joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def headings(layer_key: str) -> dict[str, tuple[str, ...]]:
    """What each target (a field, or ``@…``) of a layer is called in files, the layer's own words first."""
    found: dict[str, dict[str, None]] = {}
    rows = rows_of("headings")
    for scope in (layer_key, "*"):
        for row in rows:
            if row["layer"] == scope:
                found.setdefault(row["field"], {})[row["heading"]] = None
    return {target: tuple(words) for target, words in found.items()}


def folded(text: str) -> str:
    """A word without what spellings differ in: width, case, blanks, the marks between and around the parts."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in wide if mark not in _MARKS and not mark.isspace())


_MARKS = frozenset("()[]{}【】〔〕「」“”\"'、,.;:。·・*#_-–—/\\|&")
