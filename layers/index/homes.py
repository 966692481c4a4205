"""Which counties a feature belongs to, so that what is not public stays within the counties that a reader reaches.

A line belongs to both of its sides, a tripoint to all three; a stake and a boundary point belong to where their line
does, the extent of a place to where the place does, the area of a division to where the division does.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from layers.catalogue import Layer

Codes = list[str | None]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "boundary_line": ("left_code", "right_code"),
    "tripoint": ("codes",),
    "division": ("county_code", "code", "level"),
    "place": ("county_code",),
    "facility": ("county_code",),
    "article": ("county_code",),
}


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table that say where its records belong."""
    return _COLUMNS.get(table, ())


def owning_table(layer: Layer) -> str:
    """The table whose records say where a layer's features belong."""
    return layer.within[0] if layer.within else layer.table


def counties(table: str, frame: pd.DataFrame) -> list[Codes]:
    """The county codes of each record, in as many columns as a record of this table can have; None for none.

    Parameters
    ----------
    frame
        Has the columns of `columns_of`.
    """
    if table == "boundary_line":
        return [[_county(code) for code in frame[name]] for name in ("left_code", "right_code")]
    if table == "tripoint":
        parts = [str(codes).split(",") if isinstance(codes, str) else [] for codes in frame["codes"]]
        return [[_county(codes[place]) if place < len(codes) else None for codes in parts] for place in range(3)]
    if table == "division":
        rows = zip(frame["county_code"], frame["code"], frame["level"], strict=True)
        # the counties around the city belong to no county of it; each belongs to itself
        return [[_county(county) or (_county(code) if level == "county" else None) for county, code, level in rows]]
    return [[_county(code) for code in frame["county_code"]]] if "county_code" in columns_of(table) else []


def _county(code: Any) -> str | None:
    return code.strip()[:6] or None if isinstance(code, str) else None
