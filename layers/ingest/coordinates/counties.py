"""The counties, to judge coordinates by: do points fall into the city, and into the county that their code says?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import require_same_crs, suspect_gcj02
from gis.findings import Finding
from layers.ingest.model import Reading

Floats = NDArray[np.float64]

_SAMPLE: Final = 2_000
_MARGIN_DEG: Final = 0.3
_SHIFT_REACH_DEG: Final = 0.012
"""A little over a kilometre: twice GCJ-02's shift. Points deeper inside their county say nothing of it."""
_CODES: Final = ("county_code", "place_code", "town_code", "village_code", "code")
_NAMES: Final = ("@division:county", "@division", "@division:town", "@division:village")
_COUNTY_DIGITS: Final = 6


class Counties:
    """County polygons (EPSG:4490, columns ``code``, ``name`` and the geometry)."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        if len(areas):
            require_same_crs(4490, areas)
        self.shapes = np.asarray(areas.geometry.array, dtype=object)
        self.codes = [str(code) for code in areas["code"]]
        self.names = [str(name) for name in areas["name"]]
        self.known = bool(len(areas)) and not shapely.is_missing(self.shapes).all()
        if self.known:
            west, south, east, north = areas.total_bounds
            self.box = (west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG)
            self._whole = shapely.union_all(shapely.simplify(self.shapes, 0.002))
            shapely.prepare(self._whole)

    def near(self, lon: Floats, lat: Floats) -> float:
        """The share of points in the box round all counties, with a margin; NaNs are outside."""
        west, south, east, north = self.box
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        return float(np.count_nonzero(inside)) / max(len(lon), 1)

    def within(self, lon: Floats, lat: Floats) -> float:
        """The share of points inside the counties, of some of them where they are many."""
        step = max(len(lon) // _SAMPLE, 1)
        lon, lat = lon[::step], lat[::step]
        known = np.isfinite(lon) & np.isfinite(lat)
        inside = shapely.contains_xy(self._whole, lon[known], lat[known])
        return float(np.count_nonzero(inside)) / max(len(lon), 1)

    def said(self, reading: Reading, targets: Mapping[str, str]) -> NDArray[np.intp]:
        """Which county each row says that it lies in, as a position among the polygons; -1 where it says none."""
        result = np.full(len(reading.frame), -1, dtype=np.intp)
        headings = {target: heading for heading, target in targets.items()}
        by_code = {code: place for place, code in enumerate(self.codes)}
        for target in _CODES:
            if target in headings and (result < 0).any():
                _put(result, reading.frame[headings[target]], lambda text: by_code.get(text[:_COUNTY_DIGITS], -1))
        for target in _NAMES:
            if target in headings and (result < 0).any():
                _put(result, reading.frame[headings[target]], self._named)
        return result

    def _named(self, text: str) -> int:
        return next((place for place, name in enumerate(self.names) if name and name in text), -1)

    def gcj02(self, lon: Floats, lat: Floats, said: NDArray[np.intp], where: str) -> Finding | None:
        """Whether points look shifted as GCJ-02 is, judged by those near the border of the county they say.

        Some points must lie near a border: what is far inside a county stays there, shifted or not, and tells nothing.
        """
        rows = np.flatnonzero((said >= 0) & np.isfinite(lon) & np.isfinite(lat))
        if not len(rows):
            return None
        core = shapely.buffer(shapely.simplify(self.shapes, _SHIFT_REACH_DEG / 6), -_SHIFT_REACH_DEG, quad_segs=2)
        shapely.prepare(core)
        deep = np.zeros(len(rows), dtype=bool)
        for county in np.unique(said[rows]).tolist():
            own = said[rows] == county
            deep[own] = shapely.contains_xy(core[county], lon[rows[own]], lat[rows[own]])
        rows = rows[~deep]
        points = shapely.points(lon[rows], lat[rows])
        return suspect_gcj02(points, self.shapes[said[rows]], where=where) if len(rows) else None


def _put(result: NDArray[np.intp], series: pd.Series[Any], place_of: Any) -> None:
    """Fill what is still open from one column; each different text is looked up once."""
    open_rows = np.flatnonzero(result < 0)
    codes, texts = pd.factorize(series.iloc[open_rows])
    places = np.array([*(place_of(str(text)) for text in texts.tolist()), -1], dtype=np.intp)
    result[open_rows] = places[codes]
