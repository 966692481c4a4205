"""Points of a track on a line: where along it, how far off and on which side, one point after the other.

Where the line comes near itself (a bend of a river, a loop, the two arms of a spur) the nearest place is not always
the one where the walker was: a little noise would make the chainage jump from arm to arm. So each point has as
candidates the nearest place of every arm that is not much farther off than the nearest of all, and of all ways through
the candidates the cheapest is taken (Viterbi's algorithm, as in Newson and Krumm 2009). A way costs

- where it leaves the nearest arm: how much farther that is, by the length of the step over the noise,
- from point to point: by how much the way along the line differs from the way walked.

Continuity is judged by the way walked, not by time: tracks without times must match too. Forward and back cost the
same, so that a track may turn round wherever it likes. Where the track has a gap nothing is known of the way between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.linear.plane import Around, PlaneLine
from gis.measure import FloatArray

BoolArray = NDArray[np.bool_]
_FARTHER = 0.1  # a place that much farther off than the nearest, as a share of its distance, may be the right one


@dataclass(frozen=True)
class Matched:
    """Where each point of a track lies on a line; arrays aligned to the points."""

    chainage_m: FloatArray
    offset_m: FloatArray
    """Distance from the line, positive on its left."""
    beyond_end: BoolArray
    """The nearest place is an end of the line: the point lies before the start or after the end, or off it."""
    other_arm: BoolArray
    """Another arm of the line was nearer, and the way walked spoke against it."""


@dataclass(frozen=True)
class _Candidates:
    """Places of points that have more than one arm near, sorted by point."""

    point: NDArray[np.int64]
    segment: NDArray[np.int64]
    share: FloatArray
    away: FloatArray


def match(line: PlaneLine, xy: FloatArray, joined: BoolArray, *, noise_m: float = 10.0) -> Matched:
    """Match points to a line.

    Parameters
    ----------
    line
        The line.
    xy
        East and north in the line's plane, finite, in order.
    joined
        For each point but the last: whether the walk went on to the next, or there is a gap.
    noise_m
        How far off a point may be without meaning anything.
    """
    if not len(xy):
        none = np.empty(0)
        return Matched(none, none, none.astype(bool), none.astype(bool))
    around = line.curve.near(xy, 2.5 * noise_m, _FARTHER)
    near = line.curve.nearest_of(around)
    segment, share, away = near.segment.copy(), near.share.copy(), near.distance_m.copy()
    several = _candidates(line, around, len(xy))
    other = np.zeros(len(xy), dtype=bool)
    if len(several.point):
        step = np.where(joined, np.hypot(*np.diff(xy, axis=0).T), np.inf)
        chosen = _chosen(line, several, line.chainage_of(segment, share), step, noise_m)
        point = several.point[chosen]
        other[point] = several.away[chosen] > away[point] + 1e-6
        segment[point], share[point], away[point] = (
            several.segment[chosen], several.share[chosen], several.away[chosen],
        )  # fmt: skip
    side = line.curve.left(segment, share, xy)
    along = line.chainage_of(segment, share)
    ends = (along <= 0.0) | (along >= line.total_m * (1 - 1e-12))
    beyond = ends & (not line.closed) & _past(line, segment, share, xy)
    return Matched(along, side * away, beyond, other)


def apart_m(line: PlaneLine, one: Any, other: Any) -> Any:
    """Way along the line from one chainage to another, the shorter one where it is closed."""
    way = np.abs(np.asarray(one) - np.asarray(other))
    return np.minimum(way, line.total_m - way) if line.closed else way


def _past(line: PlaneLine, segment: NDArray[np.int64], share: FloatArray, xy: FloatArray) -> BoolArray:
    """Which points do not lie straight beside their place: they are before the first or after the last segment."""
    away = xy - line.curve.at(segment, share)
    ahead = np.abs((away * line.curve.direction[segment]).sum(axis=1))
    return np.asarray(ahead > 1e-6 + 1e-6 * np.hypot(away[:, 0], away[:, 1]))


def _candidates(line: PlaneLine, around: Around, count: int) -> _Candidates:
    point, chunk = around.point, around.chunk
    arm = np.ones(len(point), dtype=bool)  # where an arm begins: neighbouring chunks are one
    arm[1:] = (point[1:] != point[:-1]) | (chunk[1:] > chunk[:-1] + 1)
    arms = np.bincount(point[arm], minlength=count)
    some = arms[point] > 1
    point, chunk, distance, number = point[some], chunk[some], around.away[some], np.cumsum(arm)[some]
    best = np.lexsort((distance, number))
    best = best[np.flatnonzero(np.diff(number, prepend=-1))]
    segment, share = line.curve.place(chunk[best], around.points[point[best]])
    return _Candidates(point[best], segment, share, distance[best])


def _chosen(
    line: PlaneLine, several: _Candidates, nearest_m: FloatArray, step: FloatArray, noise_m: float
) -> NDArray[np.int64]:
    """The candidate of each of the points that the cheapest way takes."""
    along = line.chainage_of(several.segment, several.share)
    points, starts = np.unique(several.point, return_index=True)
    least = np.minimum.reduceat(several.away, starts)
    owner = np.repeat(np.arange(len(points)), np.diff(np.append(starts, len(several.point))))
    before = np.append(np.inf, step)[points]
    after = np.append(step, np.inf)[points]
    walked = np.minimum(before, after)
    walked = np.where(np.isfinite(walked), walked, np.where(np.isfinite(after), after, noise_m))
    extra = (several.away - least[owner]) * walked[owner] / noise_m
    ends = np.append(starts[1:], len(along)).tolist()
    chainages, costs, firsts = along.tolist(), extra.tolist(), starts.tolist()
    run_breaks = np.flatnonzero((np.diff(points) > 1) | ~np.isfinite(before[1:])) + 1
    chosen = np.empty(len(points), dtype=np.int64)
    for low, high in zip([0, *run_breaks.tolist()], [*run_breaks.tolist(), len(points)], strict=True):
        first, last = int(points[low]), int(points[high - 1])
        known = first > 0 and bool(np.isfinite(step[first - 1]))
        goes_on = last + 1 < len(nearest_m) and bool(np.isfinite(step[last]))
        chosen[low:high] = _cheapest(
            [list(range(firsts[place], ends[place])) for place in range(low, high)], chainages, costs,
            before[low:high].tolist(), line.total_m if line.closed else float("inf"),
            float(nearest_m[first - 1]) if known else None,
            (float(nearest_m[last + 1]), float(step[last])) if goes_on else None,
        )  # fmt: skip
    return chosen


def _cheapest(
    layers: list[list[int]],
    chainages: list[float],
    costs: list[float],
    steps: list[float],
    whole: float,
    before: float | None,
    after: tuple[float, float] | None,
) -> list[int]:
    """One candidate of each layer, so that the whole way costs least."""

    def way(one: float, other: float, step: float) -> float:
        along = abs(one - other)
        return abs(min(along, whole - along) - step)

    total = [costs[c] + (0.0 if before is None else way(before, chainages[c], steps[0])) for c in layers[0]]
    back: list[list[int]] = []
    for place in range(1, len(layers)):
        old, step = layers[place - 1], steps[place]
        came, new = [], []
        for c in layers[place]:
            here = chainages[c]
            least, best = min(
                (t + way(chainages[o], here, step), k) for k, (t, o) in enumerate(zip(total, old, strict=True))
            )
            came.append(best)
            new.append(least + costs[c])
        back.append(came)
        total = new
    if after is not None:
        total = [t + way(chainages[c], *after) for t, c in zip(total, layers[-1], strict=True)]
    at = total.index(min(total))
    chosen = [layers[-1][at]]
    for place in range(len(layers) - 2, -1, -1):
        at = back[place][at]
        chosen.append(layers[place][at])
    return chosen[::-1]
