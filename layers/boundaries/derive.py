"""Lines and tripoints of a city, derived from the polygons of its counties and of those that border it."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from gis.crs import STORAGE, require_same_crs
from gis.measure import azimuth_deg, length_m
from gis.topology import shared_borders, tripoints
from layers.boundaries.codes import line_code, tripoint_code
from layers.boundaries.course import COAST, describe
from layers.boundaries.naming import Names

CITY = "3707"
SOURCE = "由天地图县级行政区划面推导"
_PROBE_DEG = 1e-5  # about a metre: where round a tripoint its counties lie is looked for


def derive_lines(
    counties: gpd.GeoDataFrame,
    *,
    city: str = CITY,
    source: str = SOURCE,
    code: Callable[..., str] = line_code,
) -> gpd.GeoDataFrame:
    """Boundary lines of a city's counties, each once: named, numbered, measured and described.

    A line runs from west to east, or from north to south where its ends lie farther apart that way. Lines between two
    counties outside the city are left out.

    Parameters
    ----------
    counties
        `code` (six digits), `name` and polygons (EPSG:4490) that share their edges exactly: the city's counties and
        all that border them.
    city
        What the codes of the city's counties begin with.
    source
        Text for the column `source`.
    code
        Makes a line's code from two county codes and `piece`; see `line_code`.

    Returns
    -------
    GeoDataFrame
        Columns of the register's table boundary_line: `code, name, short_name, grade, inner, left_code, right_code,
        left_name, right_name, start_name, end_name, length_m, course, status, disputed, source, geom`; inner lines
        first, each group by code. `start_name` and `end_name` are names of tripoints, 入海口 where the line ends
        without one, or empty for a closed line. EPSG:4490.

    Raises
    ------
    gis.crs.CrsMismatch
        If the polygons are not in EPSG:4490.
    gis.topology.BrokenCoverage
        If polygons lie over each other.
    """
    require_same_crs(counties, STORAGE)
    names = _names(counties, city)
    meeting = _meeting(counties, city, names)
    ends: dict[tuple[float, ...], str] = {
        (point.x, point.y): name for name, point in zip(meeting["name"], meeting.geometry, strict=True)
    }
    borders = shared_borders(counties, "code")
    inside = np.stack([borders[side].str.startswith(city).to_numpy(dtype=bool) for side in ("left", "right")])
    borders, inside = borders[inside.any(axis=0)].reset_index(drop=True), inside[:, inside.any(axis=0)]
    several = borders.groupby(["left", "right"])["left"].transform("size") > 1
    pieces = (borders.groupby(["left", "right"]).cumcount() + 1).where(several, 0)

    rows = []
    for border, piece, inner in zip(borders.itertuples(), pieces, inside[0] & inside[1], strict=True):
        line, reversed_ = directed(border.geometry)
        left, right = (border.right, border.left) if reversed_ else (border.left, border.right)
        start, end = ("", "") if line.is_closed else (ends.get(line.coords[place], COAST) for place in (0, -1))
        left_name, right_name = names.counties[left], names.counties[right]
        rows.append(
            {
                "code": code(left, right, piece=int(piece)),
                "name": names.line(left, right, piece=int(piece)),
                "short_name": names.short(left, right, piece=int(piece)),
                "grade": "county",
                "inner": bool(inner),
                "left_code": left,
                "right_code": right,
                "left_name": left_name,
                "right_name": right_name,
                "start_name": start,
                "end_name": end,
                "length_m": length_m(line),
                "course": describe(line, start=start, end=end, left=left_name, right=right_name),
                "status": "derived",
                "disputed": False,
                "source": source,
                "geom": line,
            }
        )
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=_LINE_COLUMNS), geometry="geom", crs=STORAGE)
    return frame.sort_values(["inner", "code"], ascending=[False, True], ignore_index=True)


def derive_tripoints(counties: gpd.GeoDataFrame, *, city: str = CITY, source: str = SOURCE) -> gpd.GeoDataFrame:
    """Points where three counties meet, at least one of them the city's.

    Parameters, errors
        As for `derive_lines`.

    Returns
    -------
    GeoDataFrame
        Columns of the register's table tripoint: `code` (see `tripoint_code`), `name` (淄川–青州–临朐, clockwise from
        the smallest code), `codes` (comma-separated, ascending), `inner` (all three are the city's), `source`,
        `geom`; inner ones first, then by codes. EPSG:4490. Where more than three meet, all are named.
    """
    require_same_crs(counties, STORAGE)
    frame = _meeting(counties, city, _names(counties, city))
    frame["source"] = source
    frame = frame[["code", "name", "codes", "inner", "source", "geom"]]
    return frame.sort_values(["inner", "codes"], ascending=[False, True], ignore_index=True)


_LINE_COLUMNS = [
    "code", "name", "short_name", "grade", "inner", "left_code", "right_code", "left_name", "right_name",
    "start_name", "end_name", "length_m", "course", "status", "disputed", "source", "geom",
]  # fmt: skip


def _names(counties: gpd.GeoDataFrame, city: str) -> Names:
    names = dict(zip(counties["code"], counties["name"], strict=True))
    return Names(names, inside=[code for code in names if code.startswith(city)])


def _meeting(counties: gpd.GeoDataFrame, city: str, names: Names) -> gpd.GeoDataFrame:
    points = tripoints(counties, "code")
    rows = []
    for owners, point in zip(points["owners"], points.geometry, strict=True):
        inside = [code.startswith(city) for code in owners]
        if any(inside):
            name = names.tripoint(_clockwise(point, owners, counties))
            rows.append((tripoint_code(*owners), name, ",".join(owners), all(inside), point))
    columns = ["code", "name", "codes", "inner", "geom"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geom", crs=STORAGE)


def _clockwise(point: Point, owners: tuple[str, ...], counties: gpd.GeoDataFrame) -> list[str]:
    """Owners in the order in which their grounds lie round a point, clockwise from north."""
    disc = point.buffer(_PROBE_DEG)
    azimuths = {}
    for owner in owners:
        ground = shapely.union_all(counties.geometry[counties["code"] == owner].intersection(disc).to_numpy())
        azimuths[owner] = float(azimuth_deg(point.x, point.y, ground.centroid.x, ground.centroid.y))
    return sorted(owners, key=lambda owner: azimuths[owner])


def directed(line: LineString) -> tuple[LineString, bool]:
    """The line so that it runs from west to east, or from north to south where that is the greater way.

    Returns
    -------
    LineString, bool
        Whether it was turned: then its left is its right.
    """
    (west, south), (east, north) = line.coords[0], line.coords[-1]
    across = length_m(LineString([(west, north), (east, north)]))
    along = length_m(LineString([(east, south), (east, north)]))
    well = east >= west if across >= along else south >= north
    return (line, False) if well else (line.reverse(), True)
