"""Rules for every layer: what must be there, ranges, days in order."""

from __future__ import annotations

from typing import Final

import numpy as np

from gis.errors import N_
from layers.records.context import Context
from layers.records.rules.table import Flaws, Rule, Table

_MISSING: Final = Rule("required", "error", N_("It is missing; a record cannot stand without it."), N_("Fill it in."))
_LOW: Final = Rule(
    "out-of-range", "error", N_("%(value)s is less than %(limit)s."), N_("Correct the number or its unit.")
)
_HIGH: Final = Rule(
    "out-of-range", "error", N_("%(value)s is more than %(limit)s."), N_("Correct the number or its unit.")
)
_ORDER: Final = Rule(
    "dates-out-of-order",
    "error",
    N_("It ends on %(value)s, before it begins on %(start)s."),
    N_("Correct one of the two days."),
)
_PAIRS: Final = (("opened", "closed"), ("valid_from", "valid_to"))


def required(table: Table, _context: Context) -> Flaws:
    """Fields without which a record cannot stand."""
    for field in table.fields:
        if field.required:
            values = table.objects(field.name)
            yield from _MISSING.flaws(values == None, field.name, values)  # noqa: E711 - of an array


def ranges(table: Table, _context: Context) -> Flaws:
    """Numbers within their limits."""
    for field in table.fields:
        if field.name not in table or (field.minimum is None and field.maximum is None):
            continue
        numbers = table.numbers(field.name)
        if field.minimum is not None and (numbers < field.minimum).any():
            values = table.objects(field.name)
            yield from _LOW.flaws(numbers < field.minimum, field.name, values, limit=f"{field.minimum:g}")
        if field.maximum is not None and (numbers > field.maximum).any():
            values = table.objects(field.name)
            yield from _HIGH.flaws(numbers > field.maximum, field.name, values, limit=f"{field.maximum:g}")


def days_in_order(table: Table, _context: Context) -> Flaws:
    """What begins does so before it ends; days are texts that sort as they follow one another."""
    for start, end in _PAIRS:
        if start not in table or end not in table:
            continue
        starts, ends = table.objects(start), table.objects(end)
        both = np.flatnonzero((starts != None) & (ends != None))  # noqa: E711
        for row in both.tolist():
            if str(ends[row]) < str(starts[row]):
                yield _ORDER.flaw(row, end, ends[row], start=str(starts[row]))
