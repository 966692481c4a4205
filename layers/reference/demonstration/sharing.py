"""Whole numbers that add up exactly to a published total."""

from __future__ import annotations

import numpy as np

from layers.reference.demonstration.plane import Floats, Ints


def share_out(total: int, weights: Floats) -> Ints:
    """Share a total in proportion to weights, by the largest remainder.

    Parameters
    ----------
    total
        What the result adds up to.
    weights
        Not negative, not all 0.

    Returns
    -------
    numpy.ndarray of int64
        As many as weights; each within 1 of its exact share.
    """
    exact = weights * (total / weights.sum())
    out = np.floor(exact).astype(np.int64)
    missing = total - int(out.sum())
    order = np.argsort(out - exact, kind="stable")
    out[order[:missing]] += 1
    return np.asarray(out, dtype=np.int64)


def share_within(total: int, weights: Floats, low: int | Ints, high: int | Ints) -> Ints:
    """Share a total so that every part lies between two bounds.

    Parameters
    ----------
    total, weights
        As for `share_out`.
    low, high
        Bounds, both included: one for all parts or one for each.

    Raises
    ------
    ValueError
        If no such parts exist.
    """
    count = len(weights)
    lowest, highest = np.broadcast_to(low, (count,)), np.broadcast_to(high, (count,))
    if not lowest.sum() <= total <= highest.sum():
        raise ValueError(f"{total} cannot be shared into {count} parts of {low} to {high}")
    out = np.clip(share_out(total, weights), lowest, highest)
    while (rest := total - int(out.sum())) != 0:
        room = np.flatnonzero(out < highest) if rest > 0 else np.flatnonzero(out > lowest)
        step = share_out(abs(rest), np.ones(len(room)))
        out[room] = np.clip(out[room] + np.sign(rest) * step, lowest[room], highest[room])
    return np.asarray(out, dtype=np.int64)
