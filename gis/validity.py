"""Check and repair geometry. A flaw is a finding, never silence; a repair says what it did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding, Severity

Geometries = NDArray[Any]
Mask = NDArray[np.bool_]

# what GEOS says of an invalid geometry → our rule
_REASONS: Final = (
    ("Ring Self-intersection", "ring-touches-itself"),
    ("Self-intersection", "ring-crosses-itself"),
    ("Too few points", "too-few-points"),
    ("Hole lies outside", "hole-outside-shell"),
    ("Holes are nested", "holes-nested"),
    ("Nested holes", "holes-nested"),
    ("Nested shells", "shells-nested"),
    ("Interior is disconnected", "interior-disconnected"),
    ("Duplicate Rings", "rings-doubled"),
)

_LOOK = N_("Correct it at its source, or delete the record.")
_REDRAW = N_("Repair it or redraw it.")
_RULES: Final[Mapping[str, tuple[Severity, str, str]]] = MappingProxyType(
    {
        "geometry-missing": ("error", N_("There is no geometry."), _LOOK),
        "geometry-empty": ("error", N_("The geometry is empty."), _LOOK),
        "coordinate-not-finite": ("error", N_("%(count)s coordinates are not finite numbers."), _LOOK),
        "axes-swapped": (
            "error",
            N_("Latitude stands before longitude, first at %(x)s, %(y)s."),
            N_("Swap the axes: longitude comes first."),
        ),
        "outside-world": (
            "error",
            N_("Coordinates lie outside longitude ±180 and latitude ±90, first at %(x)s, %(y)s."),
            N_("Check the coordinate system of the file."),
        ),
        "ring-crosses-itself": ("error", N_("A ring crosses itself at %(x)s, %(y)s."), _REDRAW),
        "ring-touches-itself": ("error", N_("A ring touches itself at %(x)s, %(y)s."), _REDRAW),
        "too-few-points": ("error", N_("There are too few different points at %(x)s, %(y)s."), _LOOK),
        "hole-outside-shell": ("error", N_("A hole lies outside its polygon at %(x)s, %(y)s."), _REDRAW),
        "holes-nested": ("error", N_("A hole lies in another hole at %(x)s, %(y)s."), _REDRAW),
        "shells-nested": ("error", N_("A part lies in another part at %(x)s, %(y)s."), _REDRAW),
        "interior-disconnected": ("error", N_("Holes cut the polygon in two at %(x)s, %(y)s."), _REDRAW),
        "rings-doubled": ("error", N_("A ring is there twice at %(x)s, %(y)s."), _REDRAW),
        "not-valid": ("error", N_("The geometry is not valid: %(reason)s."), _REDRAW),
        "vertices-repeated": ("warning", N_("%(count)s vertices repeat the one before."), N_("They can be left out.")),
        "has-z": ("info", N_("%(count)s geometries carry heights."), ""),
        "has-m": ("info", N_("%(count)s geometries carry measures."), ""),
        "repaired-axes": ("warning", N_("Swapped the axes: longitude comes first now."), ""),
        "repaired-vertices": ("warning", N_("Left out %(count)s repeated vertices."), ""),
        "repaired-polygon": ("warning", N_("Rebuilt the polygon; it has %(parts)s parts and %(holes)s holes now."), ""),
    }
)  # fmt: skip


def find_flaws(frame: gpd.GeoDataFrame, *, key: str | None = None) -> list[Finding]:
    """Find what is wrong with geometries, row by row.

    Parameters
    ----------
    frame
        Any CRS. Ranges and swapped axes are looked for only where coordinates are degrees (a geographic CRS, or none).
        Which way rings turn is no flaw.
    key
        Column that names a row in `where`; the index where None.

    Returns
    -------
    list of Finding
        In the order of the rows, then of the rules: `geometry-missing`, `geometry-empty`, `coordinate-not-finite`,
        `axes-swapped` or `outside-world`, what makes it invalid (`ring-crosses-itself` …), `vertices-repeated`
        (warning); at the end `has-z` and `has-m` (information), once each, with the number of rows.
    """
    geometries = frame.geometry.to_numpy()
    names = _names(frame, key)
    found: list[tuple[int, Finding]] = []
    with np.errstate(invalid="ignore"):  # GEOS meets not-a-number here on purpose
        there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        for row in np.flatnonzero(~there):
            rule = "geometry-missing" if geometries[row] is None else "geometry-empty"
            found.append((int(row), _finding(rule, names[row])))
        for rows in (
            _not_finite(geometries, names),
            _out_of_range(geometries, names) if _degrees(frame) else (),
            _invalid(geometries, names, there),
            _repeated(geometries, names, there),
        ):
            found.extend(rows)
    found.sort(key=lambda item: item[0])
    findings = [finding for _, finding in found]
    for rule, has in (("has-z", shapely.has_z(geometries)), ("has-m", shapely.has_m(geometries))):
        if has.any():
            findings.append(_finding(rule, "", count=int(has.sum())))
    return findings


def repair(frame: gpd.GeoDataFrame, *, key: str | None = None) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Repair what can be repaired without inventing anything.

    Swapped axes are swapped back, repeated vertices left out, invalid polygons rebuilt from their rings (GEOS make
    valid, method "structure"); where nothing of a polygon would be left it stays as it is. Missing, empty and not
    finite geometries and lines without length stay too: nobody but their source can tell what they should be.

    Parameters
    ----------
    frame, key
        As for `find_flaws`. The frame is not changed.

    Returns
    -------
    GeoDataFrame, list of Finding
        A copy with the same index, columns and CRS; what was done (`repaired-axes`, `repaired-vertices`,
        `repaired-polygon`), then all flaws that are left.
    """
    geometries = frame.geometry.to_numpy().copy()
    names = _names(frame, key)
    done: list[Finding] = []
    with np.errstate(invalid="ignore"):
        finite = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries)) & (_bad_coordinates(geometries) == 0)
        swapped = finite & _swapped(geometries)[0] if _degrees(frame) else np.zeros(len(geometries), dtype=bool)
        for row in np.flatnonzero(swapped):
            geometries[row] = shapely.transform(geometries[row], _swap, include_z=bool(shapely.has_z(geometries[row])))
            done.append(_finding("repaired-axes", names[row]))
        count = _repeats(geometries, finite)
        for row in np.flatnonzero(count):
            geometries[row] = shapely.remove_repeated_points(geometries[row])
            done.append(_finding("repaired-vertices", names[row], count=int(count[row])))
        polygon = np.isin(shapely.get_type_id(geometries), (3, 6))
        for row in np.flatnonzero(finite & polygon & ~shapely.is_valid(geometries)):
            built = shapely.make_valid(geometries[row], method="structure", keep_collapsed=False)
            if not built.is_valid:  # GEOS may leave two parts that share an edge; built once more they are one
                built = shapely.make_valid(built, method="structure", keep_collapsed=False)
            if not built.is_empty and built.geom_type in ("Polygon", "MultiPolygon"):
                geometries[row] = built
                parts = shapely.get_parts(built)
                holes = int(shapely.get_num_interior_rings(parts).sum())
                done.append(_finding("repaired-polygon", names[row], parts=len(parts), holes=holes))
    repaired = frame.copy()
    repaired[frame.active_geometry_name] = gpd.GeoSeries(geometries, index=frame.index, crs=frame.crs)
    return repaired, done + find_flaws(repaired, key=key)


def _finding(rule: str, where: str, **params: object) -> Finding:
    severity, template, advice = _RULES[rule]
    return Finding(rule, severity, where, template, params, advice)


def _names(frame: gpd.GeoDataFrame, key: str | None) -> list[str]:
    return [str(value) for value in (frame.index if key is None else frame[key])]


def _degrees(frame: gpd.GeoDataFrame) -> bool:
    return frame.crs is None or bool(frame.crs.is_geographic)


def _swap(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return xy[:, [1, 0, *range(2, xy.shape[1])]]


def _bad_coordinates(geometries: Geometries) -> NDArray[np.int64]:
    """How many vertices of each geometry are not finite in x or y."""
    xy, row = shapely.get_coordinates(geometries, return_index=True)
    bad = ~np.isfinite(xy).all(axis=1)
    return np.bincount(row[bad], minlength=len(geometries))


def _not_finite(geometries: Geometries, names: list[str]) -> Iterator[tuple[int, Finding]]:
    count = _bad_coordinates(geometries)
    for row in np.flatnonzero(count):
        yield int(row), _finding("coordinate-not-finite", names[row], count=int(count[row]))


def _swapped(geometries: Geometries) -> tuple[Mask, Mask, NDArray[np.float64], NDArray[np.int64]]:
    """Rows that are in range once the axes are swapped, all rows out of range, and the vertices that show it."""
    xy, row = shapely.get_coordinates(geometries, return_index=True)
    x, y = np.abs(xy[:, 0]), np.abs(xy[:, 1])
    out = np.isfinite(xy).all(axis=1) & ((x > 180) | (y > 90))
    outside = np.bincount(row[out], minlength=len(geometries)) > 0
    beyond = np.bincount(row[(x > 90) | (y > 180)], minlength=len(geometries)) > 0
    return outside & ~beyond, outside, xy[out], row[out]


def _out_of_range(geometries: Geometries, names: list[str]) -> Iterator[tuple[int, Finding]]:
    swapped, _, xy, rows = _swapped(geometries)
    first = np.unique(rows, return_index=True)
    for row, place in zip(*first, strict=True):
        x, y = xy[place]
        rule = "axes-swapped" if swapped[row] else "outside-world"
        yield int(row), _finding(rule, names[row], x=_short(x), y=_short(y))


def _invalid(geometries: Geometries, names: list[str], there: Mask) -> Iterator[tuple[int, Finding]]:
    sound = there & (_bad_coordinates(geometries) == 0)
    for row in np.flatnonzero(sound & ~shapely.is_valid(geometries)):
        reason = shapely.is_valid_reason(geometries[row])
        rule = next((rule for text, rule in _REASONS if reason.startswith(text)), "not-valid")
        place = re.search(r"\[(\S+) ([^\s\]]+)", reason)
        if rule == "not-valid" or place is None:
            yield int(row), _finding("not-valid", names[row], reason=reason)
        else:
            x, y = (_short(float(value)) for value in place.groups())
            yield int(row), _finding(rule, names[row], x=x, y=y)


def _repeats(geometries: Geometries, sound: Mask) -> NDArray[np.int64]:
    """How many vertices of each geometry repeat the one before."""
    count = np.zeros(len(geometries), dtype=np.int64)
    # GEOS cannot thin a ring that is one point over and over; too few points is that one's flaw
    rows = np.flatnonzero(sound & ~_has_collapsed_ring(geometries))
    given = geometries[rows]
    left = shapely.get_num_coordinates(shapely.remove_repeated_points(given))
    count[rows] = shapely.get_num_coordinates(given) - left
    return count


def _has_collapsed_ring(geometries: Geometries) -> Mask:
    parts, owner = geometries, np.arange(len(geometries))
    while (shapely.get_type_id(parts) > 3).any():  # a collection may hold collections
        parts, place = shapely.get_parts(parts, return_index=True)
        owner = owner[place]
    polygon = shapely.get_type_id(parts) == 3
    rings, place = shapely.get_rings(parts[polygon], return_index=True)
    bounds = shapely.bounds(rings)
    collapsed = (bounds[:, 0] == bounds[:, 2]) & (bounds[:, 1] == bounds[:, 3])
    return np.bincount(owner[polygon][place[collapsed]], minlength=len(geometries)) > 0


def _repeated(geometries: Geometries, names: list[str], there: Mask) -> Iterator[tuple[int, Finding]]:
    count = _repeats(geometries, there & (_bad_coordinates(geometries) == 0))
    for row in np.flatnonzero(count):
        yield int(row), _finding("vertices-repeated", names[row], count=int(count[row]))


def _short(value: float) -> float:
    return round(float(value), 7)
