"""Stakes: where they stand along their lines, and the rows that join stakes and lines."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.errors import N_
from gis.linear import locate
from layers.ingest.draft import PLACE, Draft, Write, located, objects
from layers.ingest.lines import OFF_M, SHIFT_M
from layers.register.tables import GEOMETRY_COLUMN

TRIPOINT_M = 50.0
"""A triple stake within this distance of a tripoint stands at it."""


def joined(draft: Draft) -> pd.DataFrame:
    """Every line that a stake stands on."""
    table: pd.DataFrame = draft.table("line_stake", columns=["uuid", "line_uuid", "stake_uuid", "chainage_m", "serial"])
    return table


def keep_first_line(draft: Draft) -> None:
    """A stake that came with another of its lines still belongs to the first; call when rows have been compared."""
    other = draft.differences.get("line_uuid")
    if other is None or not other.any():
        return
    table = joined(draft)
    on = set(zip(table["line_uuid"], table["stake_uuid"], strict=True))
    lines = draft.column("line_uuid")
    for row in np.flatnonzero(other).tolist():
        if (lines[row], draft.uuids[row]) in on:
            other[row] = False
            for name in ("serial", "number", "code"):
                if name in draft.differences:
                    draft.differences[name][row] = False


def measured(draft: Draft) -> None:
    """Chainage of new and moved stakes, how far they stand from their line, and their place in ``line_stake``."""
    none = np.zeros(len(draft), dtype=bool)
    shifted = draft.differences.get(PLACE, none) | draft.differences.get("line_uuid", none)
    renumbered = draft.differences.get("serial", none)
    rows = np.flatnonzero((draft.fresh | ((shifted | renumbered) & (draft.at >= 0))) & ~draft.refused)
    if not len(rows):
        return
    lines = draft.table("boundary_line", columns=["uuid", "name", "geom"])
    shapes = dict(zip(lines["uuid"], lines[GEOMETRY_COLUMN], strict=True))
    names = dict(zip(lines["uuid"], objects(lines["name"]), strict=True))
    placed = draft.places
    for row in rows.tolist():
        line_uuid = _now(draft, "line_uuid", row)
        point = placed[row] if located(placed[row : row + 1])[0] else _now(draft, GEOMETRY_COLUMN, row)
        if line_uuid is None or shapes.get(line_uuid) is None:
            draft.note(row, "line_uuid", draft.column("line_uuid")[row], "stake-without-line", "error",
                       N_("Which boundary line the stake stands on is not known."),
                       N_("Add a column with the line's code or name, or import the line first."))  # fmt: skip
            continue
        if point is None or shapely.is_empty(point):
            continue
        found = locate(shapes[line_uuid], np.array([point], dtype=object))
        metres = float(abs(found.offset_m[0]))
        draft.put("chainage_m", np.array([row]), [round(float(found.chainage_m[0]), 2)])
        if metres > OFF_M:
            draft.note(row, GEOMETRY_COLUMN, f"{metres:.0f} m", "off-the-line", "warning",
                       N_("The stake stands %(metres)s m off the line %(line)s."),
                       N_("Compare its coordinates and its line."),
                       metres=f"{metres:.0f}", line=names.get(line_uuid) or "")  # fmt: skip
    _at_tripoints(draft, rows)
    _join(draft, rows)


def _now(draft: Draft, name: str, row: int) -> Any:
    """A field as the record will have it."""
    value = draft.column(name)[row]
    if value is None and draft.at[row] >= 0:
        value = objects(draft.records(np.array([row]))[name])[0]
    return value


def _at_tripoints(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    triple = [row for row in rows.tolist() if draft.at[row] < 0 and draft.column("kind")[row] == "triple"]
    if not triple:
        return
    from gis.measure import distance_m

    corners = draft.table("tripoint", columns=["uuid", "geom"])
    corners = corners[located(corners[GEOMETRY_COLUMN].to_numpy(dtype=object))]
    if corners.empty:
        return
    for row in triple:
        if not located(draft.places[row : row + 1])[0]:
            continue
        point = draft.places[row]
        apart = distance_m(point.x, point.y, corners.geometry.x.to_numpy(), corners.geometry.y.to_numpy())
        if apart.min() <= TRIPOINT_M:
            draft.put("tripoint_uuid", np.array([row]), [corners["uuid"].iloc[int(apart.argmin())]])


def _join(draft: Draft, rows: np.ndarray[Any, Any]) -> None:
    """One row in ``line_stake`` for each stake and its line, with the chainage and serial of the stake."""
    table = joined(draft)
    known = {
        (line, stake): (one, chainage, serial)
        for one, line, stake, chainage, serial in zip(
            table["uuid"], table["line_uuid"], table["stake_uuid"], table["chainage_m"].tolist(),
            objects(table["serial"]), strict=True,
        )
    }  # fmt: skip
    new, changed = [], []
    for row in rows.tolist():
        if draft.refused[row]:
            continue
        key = (_now(draft, "line_uuid", row), draft.uuids[row])
        chainage, serial = _now(draft, "chainage_m", row), _now(draft, "serial", row)
        if key not in known:
            new.append((str(uuid.uuid4()), *key, chainage, serial))
            continue
        one, old_chainage, old_serial = known[key]
        other = chainage is not None and not abs(chainage - old_chainage) <= SHIFT_M
        if other or serial != old_serial:
            changed.append((one, chainage, serial))
    inserts = pd.DataFrame(new, columns=["uuid", "line_uuid", "stake_uuid", "chainage_m", "serial"])
    updates = pd.DataFrame(changed, columns=["uuid", "chainage_m", "serial"])
    for frame in (inserts, updates):
        frame["serial"] = pd.array(frame["serial"].tolist(), dtype="Int64")
        frame["chainage_m"] = frame["chainage_m"].astype("float64")
    if len(inserts) or len(updates):
        draft.further.append(Write("line_stake", inserts, (updates,) if len(updates) else ()))
