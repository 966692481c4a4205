"""What of a record is computed from its geometry: to be set again whenever that changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.measure import area_m2, length_m
from layers.catalogue import layer_named


def computed(layer_key: str, geometries: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """Geodesic length of boundary lines (``length_m``, to 1 cm) and area of divisions (``area_km2``, to 1000 m²).

    Parameters
    ----------
    geometries
        EPSG:4490, None where there is none (NaN then).
    """
    there = ~shapely.is_missing(geometries)
    if layer_key == "boundary-lines":
        found = np.full(len(geometries), np.nan)
        found[there] = np.round(length_m(geometries[there]), 2)
        return {"length_m": found}
    if layer_key == "division-areas":
        found = np.full(len(geometries), np.nan)
        found[there] = np.round(area_m2(geometries[there]) / 1e6, 3)
        return {"area_km2": found}
    return {}


def fitted(layer_key: str, geometries: NDArray[Any]) -> NDArray[np.object_]:
    """Geometries as the layer takes them, where that changes nothing but how they are written.

    Heights and measures are left out; a collection of one is that one where the layer takes single ones; pieces of a
    line that join make one line. What does not fit stays, for `check` to tell.
    """
    kind = layer_named(layer_key).geometry
    deep = shapely.has_z(geometries).any() or shapely.has_m(geometries).any()
    fitting: NDArray[np.object_] = shapely.force_2d(geometries) if deep else geometries.copy()
    if kind.startswith("Multi"):
        return fitting
    numbers = shapely.get_type_id(fitting)
    for row in np.flatnonzero((numbers >= 4) & (numbers <= 6)).tolist():
        one = fitting[row]
        if shapely.get_num_geometries(one) == 1:
            fitting[row] = shapely.get_geometry(one, 0)
        elif one.geom_type == "MultiLineString" and kind == "LineString":
            merged = shapely.line_merge(one)
            fitting[row] = merged if merged.geom_type == "LineString" else one
    return fitting
