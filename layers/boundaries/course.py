"""Course text (走向说明) of a line, made from its geometry: legs by the sixteen sectors, with their lengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString

from gis.linear import vertex_chainages
from gis.measure import FloatArray, azimuth_deg, metres_per_degree, sector16

COAST = "入海口"
"""Name of a line's end where no third county stands."""

MOST_LEGS = 9
_SHARPEST_M = 50.0  # bends less deep than this are never told


@dataclass(frozen=True)
class Leg:
    """A stretch of a line that keeps to one sector.

    Parameters
    ----------
    sector
        Chinese name of the sector (`gis.measure.SECTORS`) in which its end lies, seen from its start.
    azimuth_deg
        True azimuth from start to end.
    length_m
        Geodesic length along the line, bends and all.
    start_m
        Chainage of its start.
    """

    sector: str
    azimuth_deg: float
    length_m: float
    start_m: float


def legs(line: LineString, *, most: int = MOST_LEGS) -> list[Leg]:
    """Legs of a line, at most `most`, whose lengths add up to its geodesic length.

    The line is simplified (Douglas–Peucker, first by a four-hundredth of its length, then by half as much again until
    the legs are few enough), and neighbouring stretches of one sector are joined.

    Parameters
    ----------
    line
        Longitude and latitude in degrees. A closed line has at least two legs.
    most
        Greatest number of legs, at least 2.

    Raises
    ------
    gis.linear.NotALine
        If the line is none.
    """
    along = vertex_chainages(line)
    xy = shapely.get_coordinates(line)
    east, north = metres_per_degree(xy[:, 1].mean())
    plane = LineString((xy - xy[0]) * [float(east), float(north)])
    tolerance = max(along[-1] / 400, _SHARPEST_M)
    while True:
        bends = _kept(plane, tolerance)
        found = _joined(xy[bends], along[bends])
        if len(found) <= max(most, 2) or len(bends) <= 3:
            return found
        tolerance *= 1.5


def describe(line: LineString, *, start: str, end: str, left: str, right: str, most: int = MOST_LEGS) -> str:
    """Course text in Chinese.

    Parameters
    ----------
    line
        Longitude and latitude in degrees, running from `start` to `end`.
    start, end
        Names of the ends: a tripoint's (淄川–青州–临朐) or 入海口; empty for a closed line.
    left, right
        Names of the counties on its two sides as it runs.
    most
        Greatest number of legs.

    Returns
    -------
    str
        As: 界线由淄川–青州–临朐三交点起，向东偏东北行3.2千米，折向东行…，至…三交点止，全长70.46千米。…
    """
    found = legs(line, most=most)
    steps = [f"{'折向' if number else '向'}{leg.sector}行{distance(leg.length_m)}" for number, leg in enumerate(found)]
    total = sum(leg.length_m for leg in found)
    begin = f"界线由{_end(start)}起，" if start else "界线自起点，"
    close = f"，至{_end(end)}止" if end else "，回到起点"
    return f"{begin}{'，'.join(steps)}{close}，全长{total / 1000:.2f}千米。沿此方向，左侧为{left}，右侧为{right}。"


def distance(metres: float) -> str:
    """Length in Chinese: tenths of a kilometre, below one kilometre tens of metres."""
    return f"{metres / 1000:.1f}千米" if metres >= 995 else f"{max(round(metres / 10), 1) * 10}米"


def _end(name: str) -> str:
    return name if name == COAST else f"{name}三交点"


def _kept(plane: LineString, tolerance: float) -> list[int]:
    """Places of the vertices that a simplification keeps."""
    kept = shapely.get_coordinates(shapely.simplify(plane, tolerance, preserve_topology=False))
    xy = shapely.get_coordinates(plane)
    places, at = [0], 0
    for point in kept[1:-1]:
        at += 1 + int(np.flatnonzero((xy[at + 1 :] == point).all(axis=1))[0])
        places.append(at)
    places.append(len(xy) - 1)
    if (xy[0] == xy[-1]).all() and len(places) == 2:
        # a closed line goes out to its farthest vertex and back
        places.insert(1, int(np.argmax(np.hypot(*(xy - xy[0]).T))))
    return places


def _joined(xy: FloatArray, along: FloatArray) -> list[Leg]:
    sectors = sector16(azimuth_deg(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1]))
    starts = [0, *(np.flatnonzero(sectors[1:] != sectors[:-1]) + 1)]
    ends = [*starts[1:], len(xy) - 1]
    return [
        Leg(
            sector=str(sectors[first]),
            azimuth_deg=float(azimuth_deg(*xy[first], *xy[last])),
            length_m=float(along[last] - along[first]),
            start_m=float(along[first]),
        )
        for first, last in zip(starts, ends, strict=True)
    ]
