"""Sets of chainages as rows of start and end, start before end: joined, taken from one another, measured."""

from __future__ import annotations

import numpy as np

from gis.measure import FloatArray

JOIN_M = 0.01
"""Intervals that miss each other by less are one."""


def union(rows: FloatArray) -> FloatArray:
    """Intervals that neither touch nor overlap, in order.

    Examples
    --------
    >>> union(np.array([[5.0, 7.0], [0.0, 2.0], [1.0, 5.0]])).tolist()
    [[0.0, 7.0]]
    """
    rows = np.asarray(rows, dtype=np.float64).reshape(-1, 2)
    if not len(rows):
        return rows
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    reach = np.maximum.accumulate(rows[:, 1])
    new = np.ones(len(rows), dtype=bool)
    new[1:] = rows[1:, 0] > reach[:-1] + JOIN_M
    first = np.flatnonzero(new)
    return np.stack([rows[first, 0], reach[np.append(first[1:], len(rows)) - 1]], axis=1)


def complement(rows: FloatArray, total_m: float) -> FloatArray:
    """What of 0 to `total_m` no interval covers."""
    rows = union(rows)
    edges = np.concatenate([[0.0], np.clip(rows, 0.0, total_m).ravel(), [total_m]]).reshape(-1, 2)
    return np.asarray(edges[edges[:, 1] - edges[:, 0] > JOIN_M])


def without(rows: FloatArray, others: FloatArray) -> FloatArray:
    """What of intervals other intervals do not cover."""
    rows = union(rows)
    if not len(rows):
        return rows
    end = max(float(rows.max()), float(others.max()) if len(others) else 0.0) + 1.0
    return complement(np.concatenate([complement(rows, end), np.asarray(others).reshape(-1, 2)]), end)


def length_m(rows: FloatArray) -> float:
    """How long intervals are together, what overlaps counted once."""
    rows = union(rows)
    return float((rows[:, 1] - rows[:, 0]).sum())


def within(rows: FloatArray, start_m: float, end_m: float) -> FloatArray:
    """The parts of intervals between two chainages."""
    cut = np.clip(union(rows), start_m, end_m)
    return np.asarray(cut[cut[:, 1] > cut[:, 0]])
