"""What is wrong with a track as a whole: copied from the register, shifted as a whole, or of another line."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely
from shapely.geometry import LineString

from gis.errors import N_
from gis.findings import Finding
from gis.linear.walk import Walk
from gis.measure import FloatArray

COPIED_M: Final = 0.015
"""No receiver that is carried stays that near to a line; a copy does."""
GCJ02_M: Final = (533.0, 57.0)
"""How far east and north a GCJ-02 point lies of its true place round Weifang."""
_GCJ02_DIFFERS_M: Final = 150.0
_LEAST_SHIFT_M: Final = 2.0
_GREATEST_SHIFT_M: Final = 5000.0
_SAMPLES: Final = 800
_WEAKEST: Final = 0.005  # of the directions' spread: a line that turns by 4° (root mean square) tells both parts
_STEPS: Final = 12
_WRONG_SHARE: Final = 0.1


class Shift(NamedTuple):
    """A constant shift of a track against the line."""

    east_m: float
    north_m: float
    left_m: float
    """Median distance from the line once it is undone."""
    whole: bool
    """Whether both parts are known: along a straight line only the shift across it can be seen."""


def constant_shift(walk: Walk) -> Shift | None:
    """The one shift that explains how far a track lies off the line; None where there is none.

    Found by iterated closest points (Besl and McKay 1992), for shifts alone, with the nearer half of the places: from
    no shift, and from that of GCJ-02 if this leaves much less.
    """
    limits, curve = walk.limits, walk.line.curve
    places = np.flatnonzero(walk.weight > 0)
    if len(places) < 10:
        # all of it may lie beyond the reach
        places = np.arange(len(walk.xy))
    if len(places) < 10:
        return None
    xy = walk.xy[np.unique(places[np.linspace(0, len(places) - 1, _SAMPLES).astype(int)])]
    before = float(np.median(curve.nearest(xy).distance_m))
    if before <= max(_LEAST_SHIFT_M, limits.tolerance_m) / 4:
        return None
    shift, left, whole = _settled(walk, xy, np.zeros(2))
    other = _settled(walk, xy, np.array(GCJ02_M))
    if other[1] < left / 2:
        shift, left, whole = other
    size = float(np.hypot(*shift))
    if not max(_LEAST_SHIFT_M, limits.tolerance_m) <= size <= _GREATEST_SHIFT_M or left > min(before, size) / 4:
        return None
    if not _laid_along(walk, xy - shift):
        return None
    return Shift(float(shift[0]), float(shift[1]), left, whole)


def _laid_along(walk: Walk, xy: FloatArray) -> bool:
    """Whether places follow the line: far away all of them may be nearest to one point of it."""
    near = walk.line.curve.nearest(xy)
    along = walk.line.chainage_of(near.segment, near.share)
    length = min(float(walk.step.sum()), walk.line.total_m)
    return bool(np.ptp(np.quantile(along, [0.02, 0.98])) >= 0.3 * length)


def _settled(walk: Walk, xy: FloatArray, shift: FloatArray) -> tuple[FloatArray, float, bool]:
    """The shift at which closest points settle, the median distance left, and whether both parts are known."""
    curve = walk.line.curve
    whole = False
    for _ in range(_STEPS):
        near = curve.nearest(xy - shift)
        away = xy - shift - curve.at(near.segment, near.share)
        way = curve.direction[near.segment]
        normal = np.stack([-way[:, 1], way[:, 0]], axis=1)
        across = (away * normal).sum(axis=1)
        # places whose nearest is an end or a bend are explained by no shift across; and half may be anything
        used = np.abs(across - np.median(across)) <= max(np.median(np.abs(across - np.median(across))), 1e-3) * 3
        equations = normal[used].T @ normal[used] / max(int(used.sum()), 1)
        weak = float(np.linalg.eigvalsh(equations)[0])
        whole = weak > _WEAKEST
        values = normal[used].T @ across[used] / max(int(used.sum()), 1)
        step = np.linalg.solve(equations, values) if whole else np.linalg.pinv(equations, rcond=0.1) @ values
        shift = shift + step
        if np.hypot(*step) < 0.01:
            break
    left = float(np.median(curve.nearest(xy - shift).distance_m))
    return shift, left, whole


def flags(walk: Walk, shift: Shift | None, line: LineString, *, where: str, walked_m: float) -> list[Finding]:
    """Findings on the whole track: copied, shifted, another line, nothing to measure."""
    if not walk.step.sum() > 0:
        told = N_("The track has no two usable points that follow each other.")
        return [Finding("track-empty", "error", where, told, {}, N_("Send what the receiver recorded."))]
    found = []
    offset = np.abs(walk.matched.offset_m[walk.on])
    if len(offset) >= 5 and float(np.quantile(offset, 0.95)) <= COPIED_M:
        same = _same_vertices(walk, line)
        found.append(
            Finding(
                "track-copied", "warning", where,
                N_("The track equals the registered line to the centimetre; %(same)s points are vertices of it."),
                {"same": same, "within_m": COPIED_M},
                N_("No receiver writes this: ask for the recorded track."),
            )
        )  # fmt: skip
    if shift is not None:
        found.append(_shifted(shift, where))
    elif _of_another_line(walk, walked_m):
        nearest = float(np.median(np.abs(walk.matched.offset_m)))
        found.append(
            Finding(
                "wrong-line", "error", where,
                N_("The track is not of this line: it lies %(distance)s m off it (median) and goes along %(share)s %% "
                   "of it."),
                {"distance": round(nearest), "share": round(walked_m / walk.line.total_m * 100, 1)},
                N_("Choose the line that was walked, or see whether the coordinates are of another system."),
            )
        )  # fmt: skip
    return found


def _of_another_line(walk: Walk, walked_m: float) -> bool:
    """A track that hardly goes along the line, or nowhere near it."""
    if walked_m < _WRONG_SHARE * float(walk.step.sum()):
        return True
    offset = np.abs(walk.matched.offset_m[walk.on])
    if not len(offset):
        return True
    return bool(offset.min() > walk.limits.tolerance_m and np.median(offset) > walk.limits.reach_m / 4)


def _shifted(shift: Shift, where: str) -> Finding:
    params: dict[str, object] = {
        "east": round(shift.east_m, 1), "north": round(shift.north_m, 1), "left": round(shift.left_m, 1),
    }  # fmt: skip
    if shift.whole and np.hypot(shift.east_m - GCJ02_M[0], shift.north_m - GCJ02_M[1]) <= _GCJ02_DIFFERS_M:
        return Finding(
            "likely-gcj02", "warning", where,
            N_("The whole track lies %(east)s m east and %(north)s m north of the line; without this shift %(left)s m "
               "are left."),
            params,
            N_("This is how GCJ-02 coordinates of a commercial map look; ask for the surveyed ones."),
        )  # fmt: skip
    if shift.whole:
        return Finding(
            "constant-shift", "warning", where,
            N_("The whole track lies %(east)s m east and %(north)s m north of the line; without this shift %(left)s m "
               "are left."),
            params,
            N_("A constant shift speaks for another datum or zone, or a wrong base station: ask how it was measured."),
        )  # fmt: skip
    return Finding(
        "constant-shift", "warning", where,
        N_("The whole track lies beside the line, %(east)s m east and %(north)s m north; the line is so straight that "
           "a shift along it cannot be seen."),
        params,
        N_("A constant shift speaks for another datum or zone, or a wrong base station: ask how it was measured."),
    )  # fmt: skip


def _same_vertices(walk: Walk, line: LineString) -> int:
    """How many of the track's own points are vertices of the line."""
    from scipy.spatial import cKDTree

    vertices = walk.line.plane.project(shapely.get_coordinates(line))
    _, first = np.unique(walk.point, return_index=True)
    away, _ = cKDTree(vertices).query(walk.xy[first], distance_upper_bound=COPIED_M)
    return int(np.isfinite(away).sum())
