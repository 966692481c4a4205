"""Discrete Fréchet distance by a sweep over diagonals, on the cells that can matter alone.

The distance is the shortest leash on which a person on one curve and a dog on the other, who both never turn back,
get from start to end (Eiter and Mannila 1994). A cell (i, j) of the table depends on its neighbours of the two
diagonals before it, so a whole diagonal is one step of numpy. A walk that always takes the nearest next cell gives an
upper bound; cells farther apart than that are on no shortest leash, and only the band of the others is swept.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from gis.linear.plane import IntArray
from gis.measure import FloatArray

_MOST_CELLS: Final = 20_000_000
_STRIDE: Final = 8


class Leash(NamedTuple):
    """A discrete Fréchet distance and the spacing of the samples that it was found with."""

    distance_m: float
    spacing_m: float


def sampled(xy: FloatArray, spacing_m: float) -> FloatArray:
    """Points along a polyline at even distances of at most `spacing_m`, both ends among them."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    count = max(1, int(np.ceil(along[-1] / spacing_m)))
    asked = np.linspace(0.0, along[-1], count + 1)
    return np.stack([np.interp(asked, along, xy[:, axis]) for axis in (0, 1)], axis=1)


def frechet_m(one: FloatArray, other: FloatArray, spacing_m: float, *, not_above: float = np.inf) -> Leash:
    """Discrete Fréchet distance of two polylines, sampled alike, in metres.

    Parameters
    ----------
    one, other
        Rows of east and north, at least two.
    spacing_m
        Of the samples; made wider where the band would not fit in memory. The Fréchet distance of the curves themselves
        differs from the discrete one by no more than the spacing.
    not_above
        Where the distance is at least this nothing is computed and infinity returned: both ends must meet.
    """
    lowest = max(float(np.hypot(*(one[0] - other[0]))), float(np.hypot(*(one[-1] - other[-1]))))
    if lowest >= not_above:
        return Leash(float("inf"), spacing_m)
    while True:
        p, q = sampled(one, spacing_m), sampled(other, spacing_m)
        bound = min(_greedy(p, q), _even(p, q))
        band = _band(p, q, bound)
        if band is not None:
            return Leash(_sweep(p, q, *band), spacing_m)
        spacing_m *= 2


def _greedy(p: FloatArray, q: FloatArray) -> float:
    """The leash of a walk that always takes the nearest next pair."""
    a, b = p.tolist(), q.tolist()
    i = j = 0
    last_i, last_j = len(a) - 1, len(b) - 1
    longest = _square(a[0], b[0])
    while i < last_i or j < last_j:
        best, at = np.inf, (i, j)
        for x, y in ((i + 1, j + 1), (i + 1, j), (i, j + 1)):
            if x <= last_i and y <= last_j:
                d = _square(a[x], b[y])
                if d < best:
                    best, at = d, (x, y)
        i, j = at
        longest = max(longest, best)
    return float(longest**0.5)


def _square(a: list[float], b: list[float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _even(p: FloatArray, q: FloatArray) -> float:
    """The leash of a walk at even speed on both."""
    steps = np.linspace(0.0, 1.0, len(p) + len(q))
    i, j = np.rint(steps * (len(p) - 1)).astype(int), np.rint(steps * (len(q) - 1)).astype(int)
    return float(np.hypot(*(p[i] - q[j]).T).max())


def _band(p: FloatArray, q: FloatArray, bound: float) -> tuple[IntArray, IntArray] | None:
    """First and last place on the other curve that is near enough to each of this one; None where that is too much."""
    # every eighth place is looked for: those between lie no farther from it than the way to it
    rough = np.arange(0, len(q), _STRIDE)
    step = float(np.hypot(*np.diff(q, axis=0).T).max()) if len(q) > 1 else 0.0
    near = (bound + _STRIDE * step) * (1 + 1e-9) + 1e-9
    tree = cKDTree(q[rough])
    if tree.query_ball_point(p, near, return_length=True).sum() > _MOST_CELLS // _STRIDE:
        return None
    found = tree.query_ball_point(p, near)
    first = np.array([min(places) for places in found], dtype=np.int64) * _STRIDE - (_STRIDE - 1)
    last = np.array([max(places) for places in found], dtype=np.int64) * _STRIDE + (_STRIDE - 1)
    first, last = np.maximum(first, 0), np.minimum(last, len(q) - 1)
    # a walk never turns back: what lies before the first place of an earlier row cannot be reached, and so on
    first, last = np.maximum.accumulate(first), np.minimum.accumulate(last[::-1])[::-1]
    if int((last - first + 1).sum()) > _MOST_CELLS:
        return None
    return first, last


def _sweep(p: FloatArray, q: FloatArray, first: IntArray, last: IntArray) -> float:
    """The table's last cell. Row i has the cells `first[i]` to `last[i]`, both of which never fall."""
    rows = np.arange(len(p))
    # first + row and last + row rise, so the rows that a diagonal meets are all from one to another
    diagonals = np.arange(len(p) + len(q) - 1)
    low = np.searchsorted(last + rows, diagonals, side="left").tolist()
    high = (np.searchsorted(first + rows, diagonals, side="right") - 1).tolist()
    # Three diagonals in turn; row i stands at i + 1, beside a place that is never reached. Outside its rows a diagonal
    # is endless: what an older one left there is taken away before the buffer serves again.
    here, before, before_that = (np.full(len(p) + 1, np.inf) for _ in range(3))
    before_that[0] = 0.0  # whence the first cell is reached
    used = [(0, -1), (-1, -1), (0, -1)]
    qx, qy = np.ascontiguousarray(q[::-1, 0]), np.ascontiguousarray(q[::-1, 1])
    px, py = np.ascontiguousarray(p[:, 0]), np.ascontiguousarray(p[:, 1])
    for k, (a, b) in enumerate(zip(low, high, strict=True)):
        old_low, old_high = used[k % 3]
        here[old_low + 1 : old_high + 2] = np.inf
        used[k % 3] = a, b
        if a <= b:
            shift = len(q) - 1 - k
            away = np.hypot(
                px[a : b + 1] - qx[shift + a : shift + b + 1], py[a : b + 1] - qy[shift + a : shift + b + 1]
            )
            least = np.minimum(before[a : b + 1], before[a + 1 : b + 2])
            np.minimum(least, before_that[a : b + 1], out=least)
            np.maximum(away, least, out=here[a + 1 : b + 2])
        here, before, before_that = before_that, here, before
    return float(before[len(p)])
