"""What a new or moved line means for the areas on its sides: whose ground would lie beyond it, and how much."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from shapely.geometry import LineString

from gis.errors import N_
from layers.boundaries.areas import disagreement
from layers.ingest.draft import Draft
from layers.register.tables import GEOMETRY_COLUMN

WORTH_M2: Final = 1000.0
"""Less ground than this between line and area is told as agreement: a tenth of a hectare."""
_FAR_KM2: Final = 1.0


def tell_areas(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    """Say of each line which areas no longer agree with it, and by how much; nothing of the areas is changed.

    Parameters
    ----------
    rows
        Lines that are new or moved and have a geometry.
    """
    areas = draft.context.areas
    if not len(areas):
        return
    polygons = dict(zip(areas["code"].tolist(), areas.geometry.tolist(), strict=True))
    names = dict(zip(areas["code"].tolist(), areas["name"].tolist(), strict=True))
    left, right = (_codes(draft, name) for name in ("left_code", "right_code"))
    for row in rows.tolist():
        sides = (left[row], right[row])
        line = draft.places[row]
        known = all(side in polygons for side in sides) and sides[0] != sides[1]
        if not known or not isinstance(line, LineString):
            continue
        found = disagreement(line, polygons, left=sides[0], right=sides[1])
        if np.isnan(found.farthest_m):
            draft.note(row, GEOMETRY_COLUMN, "", "areas-apart", "warning",
                       N_("The areas of %(left)s and %(right)s have no common border to compare the line with."),
                       N_("Check the codes of both sides."), left=names[sides[0]], right=names[sides[1]])  # fmt: skip
            continue
        lost = {code: found.lost_by(code) for code in dict.fromkeys(piece.held_by for piece in found.moved)}
        told = {code: size for code, size in lost.items() if size >= WORTH_M2}
        if not told:
            draft.note(row, GEOMETRY_COLUMN, "", "areas-agree", "info",
                       N_("The areas of %(left)s and %(right)s agree with the line."), "",
                       left=names[sides[0]], right=names[sides[1]])  # fmt: skip
        for code, size in told.items():
            draft.note(row, GEOMETRY_COLUMN, "", "area-beyond-line", "warning",
                       N_("The area of %(name)s has %(size)s beyond the line, which runs up to %(metres)s m from it."),
                       N_("The import leaves areas as they are: bring in areas that follow the line."),
                       name=names.get(code, code) or "–", size=_size(size),
                       metres=f"{found.farthest_m:.0f}")  # fmt: skip


def _codes(draft: Draft, name: str) -> list[str]:
    """The side of each row as the record will have it."""
    values = draft.column(name).tolist()
    for row, value in enumerate(values):
        if value is None and draft.at[row] >= 0:
            kept = draft.known[name].iloc[draft.at[row]]
            values[row] = kept if isinstance(kept, str) else None
    return [str(value or "") for value in values]


def _size(square_metres: float) -> str:
    if square_metres >= _FAR_KM2 * 1e6:
        return f"{square_metres / 1e6:.2f} km²"
    return f"{square_metres / 1e4:.2f} ha"
