"""Divisions: polygons become their areas, points their seats; population goes to the division and into its history."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import N_
from gis.measure import area_m2
from layers.ingest.compare import moved
from layers.ingest.draft import Draft, Write
from layers.register.tables import GEOMETRY_COLUMN

COUNTS: Final = ("population", "aged_60", "aged_65", "aged_80")
AREA: Final = "@area"
_CENSUS: Final = (("第七次", "2020-11-01"), ("七普", "2020-11-01"), ("第六次", "2010-11-01"), ("六普", "2010-11-01"))
_YEAR: Final = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)")


def take_areas(draft: Draft) -> None:
    """Put polygons aside: a division is a point, its seat; call before the rows are matched."""
    places = draft.places
    polygons = np.isin(shapely.get_type_id(places), (3, 6))
    if not polygons.any():
        return
    draft.areas = {row: places[row] for row in np.flatnonzero(polygons).tolist()}
    places[polygons] = None
    draft.frame[GEOMETRY_COLUMN] = places


def seats(draft: Draft) -> None:
    """A new division that came as an area gets a point in it; call when rows have been matched."""
    places = draft.places
    for row, area in draft.areas.items():
        if draft.at[row] < 0 and shapely.is_valid(area) and not shapely.is_empty(area):
            places[row] = shapely.point_on_surface(area)
    draft.frame[GEOMETRY_COLUMN] = places


def areas(draft: Draft) -> None:
    """Areas that are new or have another outline."""
    if not draft.areas:
        return
    known = draft.table("division_area", columns=["uuid", "division_uuid", "code", "geom"])
    by_division = {one: at for at, one in enumerate(known["division_uuid"]) if isinstance(one, str)}
    shapes = known[GEOMETRY_COLUMN].to_numpy(dtype=object)
    mask = np.zeros(len(draft), dtype=bool)
    new, changed = [], []
    codes, names, levels = draft.column("code"), draft.column("name"), draft.column("level")
    sources = draft.column("source")
    for row, area in draft.areas.items():
        if draft.refused[row]:
            continue
        if not shapely.is_valid(area) or shapely.is_empty(area):
            draft.note(row, GEOMETRY_COLUMN, area.geom_type, "broken-area", "error",
                       N_("The outline is broken: %(reason)s."), N_("Repair it in the program that made it."),
                       reason=shapely.is_valid_reason(area))  # fmt: skip
            continue
        size = round(float(area_m2(area)) / 1e6, 3)
        at = by_division.get(draft.uuids[row])
        if at is None:
            new.append((str(uuid.uuid4()), draft.uuids[row], codes[row], names[row], levels[row], size, sources[row],
                        area))  # fmt: skip
            mask[row] = True
        elif moved(np.array([area], dtype=object), shapes[at : at + 1])[0]:
            changed.append((known["uuid"].iloc[at], size, area))
            mask[row] = True
    draft.differences[AREA] = mask
    if new or changed:
        inserts = pd.DataFrame(
            new, columns=["uuid", "division_uuid", "code", "name", "level", "area_km2", "source", "geom"]
        )
        updates = pd.DataFrame(changed, columns=["uuid", "area_km2", "geom"])
        placed = [gpd.GeoDataFrame(one, geometry="geom", crs=4490) for one in (inserts, updates) if len(one)]
        draft.further.append(Write("division_area", placed[0] if new else None, (placed[-1],) if changed else ()))


def only_known(draft: Draft) -> None:
    """Population is of divisions that are there; call when rows have been matched."""
    for row in np.flatnonzero(draft.fresh).tolist():
        draft.note(row, "code", draft.column("code")[row], "unknown-division", "error",
                   N_("The register has no division with this code."),
                   N_("Correct the code, or import the division first."))  # fmt: skip


def weights(draft: Draft) -> None:
    """Keep each changed figure beside the earlier ones, with its day and its source."""
    figures = [name for name in COUNTS if name in draft.differences and draft.differences[name].any()]
    if not figures:
        return
    any_changed = np.flatnonzero(np.logical_or.reduce([draft.differences[name] for name in figures]))
    draft.fill("population_source", any_changed, [draft.reading.file] * len(any_changed))
    sources = draft.column("population_source")
    known = draft.table("division_weight", columns=["uuid", "division_uuid", "key", "as_of", "value"])
    have = {
        key: (one, value)
        for one, value, *key_ in known[["uuid", "value", "division_uuid", "key", "as_of"]].itertuples(index=False)
        for key in (tuple(key_),)
    }
    codes = draft.column("code")
    new, changed = [], []
    for name in figures:
        values = draft.column(name)
        for row in np.flatnonzero(draft.differences[name] & ~draft.refused).tolist():
            if values[row] is None:
                continue
            day = _day_of(sources[row])
            found = have.get((draft.uuids[row], name, day))
            if found is None:
                new.append((str(uuid.uuid4()), draft.uuids[row], codes[row], name, float(values[row]), day,
                            sources[row]))  # fmt: skip
            elif found[1] != values[row]:
                changed.append((found[0], float(values[row]), sources[row]))
    inserts = pd.DataFrame(new, columns=["uuid", "division_uuid", "code", "key", "value", "as_of", "source"])
    updates = pd.DataFrame(changed, columns=["uuid", "value", "source"])
    if new or changed:
        draft.further.append(Write("division_weight", inserts if new else None, (updates,) if changed else ()))


def _day_of(source: object) -> str:
    """The day that figures are of, by the words for where they come from; today where those do not say."""
    text = str(source or "")
    for words, day in _CENSUS:
        if words in text:
            return day
    if found := _DAY.search(text):
        return found.group()
    if found := _YEAR.search(text):
        return f"{found.group()}-12-31"
    return date.today().isoformat()  # noqa: DTZ011 - the office's own day
