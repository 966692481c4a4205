"""Comparison of features, for tests of what is written and read back. Public, as geopandas.testing is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import CrsMismatch, require_same_crs
from gis.measure import FloatArray, metres_per_degree

Geometries = NDArray[Any]

_COLLECTION = 7  # GEOS's number of a mixed collection


def assert_features_equal(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    *,
    key: str,
    tolerance_m: float = 0.0,
    columns: Iterable[str] | None = None,
    shown: int = 10,
) -> None:
    """Assert that two frames hold the same features, whatever their order.

    Parameters
    ----------
    left, right
        In the same CRS, which must be given. The geometry columns may have different names.
    key
        Column that identifies a feature; unique on both sides.
    tolerance_m
        How far a vertex may lie from its counterpart, in metres on the ground (also for heights).
    columns
        Attributes to compare; all of both sides where None. Values are compared exactly by ``==``; None, NaN, NaT and
        NA are one and the same, an empty text is another.
    shown
        How many differences the message lists.

    Raises
    ------
    AssertionError
        With one line per difference: the feature's key, the field, both values; for geometry, how far apart.

    Notes
    -----
    A single geometry equals a multiple one of one part, and none equals an empty one: formats promote and drop these.
    Where a ring begins and which way it turns does not matter; the direction of a line does.
    """
    faults = [*_frame_faults(left, right, key)]
    if not faults:
        one, other, lonely = _aligned(left, right, key)
        faults += lonely
        faults += _attribute_faults(one, other, key, columns)
        faults += _geometry_faults(one, other, tolerance_m)
    if faults:
        more = [f"… and {len(faults) - shown} more"] if len(faults) > shown else []
        count = f"{len(faults)} difference{'s' if len(faults) > 1 else ''}"
        raise AssertionError("\n  ".join([f"features differ, {count}:", *faults[:shown], *more]))


def _frame_faults(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, key: str) -> Iterator[str]:
    """Yield what makes any comparison of rows pointless."""
    try:
        require_same_crs(left, right)
    except CrsMismatch as error:
        yield error.message
    for side, frame in (("left", left), ("right", right)):
        if key not in frame.columns:
            yield f"the {side} side has no column {key!r}"
        elif frame[key].isna().any():
            yield f"the {side} side has rows without a {key}"
        elif frame[key].duplicated().any():
            twice = frame.loc[frame[key].duplicated(), key].iloc[0]
            yield f"the {side} side has {key} {twice!r} more than once"


def _aligned(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, key: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[str]]:
    one = left.set_index(left[key].astype(object), drop=True)
    other = right.set_index(right[key].astype(object), drop=True)
    faults = [f"{name}: only on the left side" for name in one.index.difference(other.index, sort=False)]
    faults += [f"{name}: only on the right side" for name in other.index.difference(one.index, sort=False)]
    common = one.index.intersection(other.index, sort=False)
    return one.loc[common], other.loc[common], faults


def _attribute_faults(
    one: gpd.GeoDataFrame, other: gpd.GeoDataFrame, key: str, columns: Iterable[str] | None
) -> Iterator[str]:
    sides = {"left": one, "right": other}
    have = {
        side: [name for name in frame.columns if name != frame.active_geometry_name] for side, frame in sides.items()
    }
    wanted = list(columns) if columns is not None else list(dict.fromkeys(have["left"] + have["right"]))
    for name in wanted:
        lacking = [side for side in sides if name not in have[side]]
        yield from (f"the {side} side has no column {name!r}" for side in lacking)
        if lacking or name == key:
            continue
        first, second = (frame[name].astype(object).to_numpy() for frame in sides.values())
        none = [pd.isna(frame[name]).to_numpy() for frame in sides.values()]
        for row in range(len(first)):
            if none[0][row] and none[1][row]:
                continue
            if none[0][row] or none[1][row] or first[row] != second[row]:
                values = [None if lost[row] else value[row] for lost, value in zip(none, (first, second), strict=True)]
                yield f"{one.index[row]}: {name} is {values[0]!r} and {values[1]!r}"


def _geometry_faults(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame, tolerance_m: float) -> Iterator[str]:
    first, second = one.geometry.to_numpy(), other.geometry.to_numpy()
    here, there = _present(first), _present(second)
    for row in np.flatnonzero(here != there):
        yield f"{one.index[row]}: geometry only on the {'left' if here[row] else 'right'} side"
    rows = np.flatnonzero(here & there)
    first, second = first[rows], second[rows]
    degrees = bool(one.crs.is_geographic)
    apart = _apart(first, second, degrees=degrees)
    for place in np.flatnonzero(~(apart <= tolerance_m)):
        what = _difference(first[place], second[place], tolerance_m, degrees=degrees)
        if what:
            yield f"{one.index[rows[place]]}: {what}"


def _present(geometries: Geometries) -> NDArray[np.bool_]:
    return ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))


def _apart(first: Geometries, second: Geometries, *, degrees: bool) -> FloatArray:
    """Greatest distance between vertices in their order, row by row; infinite where numbers or kinds differ."""
    alike = (
        (shapely.get_num_coordinates(first) == shapely.get_num_coordinates(second))
        & (shapely.get_dimensions(first) == shapely.get_dimensions(second))
        & ((shapely.get_type_id(first) == _COLLECTION) == (shapely.get_type_id(second) == _COLLECTION))
        & (shapely.get_num_geometries(first) == shapely.get_num_geometries(second))
        & (shapely.has_z(first) == shapely.has_z(second))
    )
    apart = np.where(alike, 0.0, np.inf)
    rows = np.flatnonzero(alike)
    xyz, row = shapely.get_coordinates(first[rows], include_z=True, return_index=True)
    other = shapely.get_coordinates(second[rows], include_z=True)
    away = other - xyz
    if degrees:
        east, north = metres_per_degree(xyz[:, 1])
        away[:, 0] *= east
        away[:, 1] *= north
    away[np.isnan(xyz[:, 2]) & np.isnan(other[:, 2]), 2] = 0.0
    np.maximum.at(apart, rows[row], np.sqrt((away**2).sum(axis=1)))
    return apart


def _difference(first: Any, second: Any, tolerance_m: float, *, degrees: bool) -> str:
    """What differs between two geometries whose vertices do not agree one by one; empty if nothing does."""
    kinds = shapely.get_dimensions([first, second])
    mixed = [shapely.get_type_id(geometry) == _COLLECTION for geometry in (first, second)]
    if kinds[0] != kinds[1] or mixed[0] != mixed[1]:
        return f"geometry is a {first.geom_type} and a {second.geom_type}"
    if first.has_z != second.has_z:
        return f"geometry has heights only on the {'left' if first.has_z else 'right'} side"
    parts = [shapely.get_parts(geometry) for geometry in (first, second)]
    if len(parts[0]) != len(parts[1]):
        return f"geometry has {len(parts[0])} and {len(parts[1])} parts"
    if kinds[0] == 2:
        holes = [int(shapely.get_num_interior_rings(part).sum()) for part in parts]
        if holes[0] != holes[1]:
            return f"geometry has {holes[0]} and {holes[1]} holes"
        pair = np.array([shapely.normalize(first), shapely.normalize(second)])
        apart = float(_apart(pair[:1], pair[1:], degrees=degrees)[0])
        if not apart <= tolerance_m and not first.has_z:
            # rounding can move where a normalized ring begins: then the outlines decide
            apart = _outlines_apart(first, second, degrees=degrees)
    else:
        apart = float(_apart(np.array([first]), np.array([second]), degrees=degrees)[0])
    if apart <= tolerance_m:
        return ""
    if not np.isfinite(apart):
        counts = shapely.get_num_coordinates([first, second])
        return f"geometry has {counts[0]} and {counts[1]} vertices"
    turned = (
        kinds[0] == 1 and _apart(np.array([first]), np.array([second.reverse()]), degrees=degrees)[0] <= tolerance_m
    )
    return "line runs the other way" if turned else f"geometry lies up to {apart:.3f} m apart"


def _outlines_apart(first: Any, second: Any, *, degrees: bool) -> float:
    """Greatest distance from a vertex of one outline to the other outline (discrete Hausdorff), in metres."""
    origin = shapely.get_coordinates(first)[0]
    scale = np.ones(2)
    if degrees:
        east, north = metres_per_degree(origin[1])
        scale = np.array([float(east), float(north)])
    plane = [
        shapely.transform(shapely.force_2d(geometry), lambda xy: (xy - origin) * scale) for geometry in (first, second)
    ]
    return float(shapely.hausdorff_distance(*plane))
