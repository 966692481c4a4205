"""Divisions in words, of one column or of several, as codes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.model import Noted
from layers.records import Context
from layers.records.cells import shown
from layers.records.divisions import Divisions, Found, tidy

COLUMNS: Final = (
    "@division:province", "@division:city", "@division:county", "@division:town", "@division:village", "@division",
)  # fmt: skip
_CODED: Final = re.compile(r"\s*(\d{12}|\d{9}|\d{6})(?!\d)")
_SPLIT: Final = ("、", "，", ",", ";", "；", "\n", "和")


@dataclass
class Named:
    """The divisions that rows name.

    Parameters
    ----------
    row
        Shape (n,): row of the lowest division in `Context.divisions`, -1 where none is named or understood.
    said
        Shape (n,): whether the row names any.
    """

    row: NDArray[np.int64]
    said: NDArray[np.bool_]
    notes: list[Noted] = field(default_factory=list)


def named(frame: pd.DataFrame, *, context: Context) -> Named:
    """Read the columns ``@division…`` of a frame of texts, each different wording once."""
    there = [name for name in COLUMNS if name in frame.columns]
    result = Named(np.full(len(frame), -1, dtype=np.int64), np.zeros(len(frame), dtype=bool))
    if not there:
        return result
    columns = [_texts(frame[name]) for name in there]
    seen: dict[tuple[str, ...], tuple[int, Finding | None]] = {}
    for place, words in enumerate(zip(*columns, strict=True)):
        if not any(words):
            continue
        result.said[place] = True
        if words not in seen:
            seen[words] = _read(dict(zip(there, words, strict=True)), context.divisions)
        result.row[place], finding = seen[words]
        if finding is not None:
            lowest = next(name for name, word in zip(reversed(there), reversed(words), strict=True) if word)
            result.notes.append(Noted(place, lowest, shown("".join(words)), finding))
    return result


def _texts(series: pd.Series[Any]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in series.tolist()]


def _read(words: dict[str, str], divisions: Divisions) -> tuple[int, Finding | None]:
    whole = words.pop("@division", "")
    text = "".join(words.values())
    if not text:
        return _of_one(whole, divisions)
    for code in reversed(list(words.values())):
        if code in divisions.row_of:
            return divisions.row_of[code], None
    found = divisions.find(text)
    if whole and not found.candidates and not found.rest:
        # one column says the county, another everything from the province down
        more = divisions.find(whole, within=divisions.code[found.row] if found.row >= 0 else "")
        found = more if more.row >= 0 else found
    return found.row, _doubt(text or whole, found, divisions)


def _of_one(text: str, divisions: Divisions) -> tuple[int, Finding | None]:
    """One text, which may name several divisions that a thing spreads over: the first counts."""
    coded = _CODED.match(text)
    if coded is not None and coded.group(1) in divisions.row_of:  # a code and, for people, its name
        return divisions.row_of[coded.group(1)], None
    parts = [text]
    for mark in _SPLIT:
        parts = [piece for part in parts for piece in part.split(mark)]
    parts = [part for part in parts if tidy(part)]
    found = divisions.find(text)
    if len(parts) > 1 and found.rest:
        first = divisions.find(parts[0])
        others = [divisions.find(part) for part in parts[1:]]
        if first.row >= 0 and all(other.row >= 0 for other in others):
            return first.row, Finding(
                "several-divisions",
                "info",
                "@division",
                N_("“%(value)s” names several divisions; %(name)s is taken."),
                {"value": shown(text), "name": divisions.full_name(first.row)},
                N_("Choose another one if the place lies there."),
            )
    return found.row, _doubt(text, found, divisions)


def _doubt(text: str, found: Found, divisions: Divisions) -> Finding | None:
    if found.candidates:
        candidates = " / ".join(divisions.full_name(row) for row in found.candidates[:4])
        return Finding(
            "division-ambiguous",
            "error",
            "@division",
            N_("“%(value)s” may be %(candidates)s."),
            {"value": shown(found.word), "candidates": candidates},
            N_("Write the county before it, or the code."),
        )
    if found.row < 0:
        return Finding(
            "division-unknown",
            "error",
            "@division",
            N_("There is no division “%(value)s”."),
            {"value": shown(text)},
            N_("Correct the name, or bring in the division first."),
        )
    if found.rest:
        return Finding(
            "division-partly",
            "warning",
            "@division",
            N_("“%(rest)s” is not known in %(name)s."),
            {"rest": shown(found.rest), "name": divisions.full_name(found.row)},
            N_("Correct the name; the higher division is taken."),
        )
    return None
