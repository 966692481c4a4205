"""Totals are shared out to the last unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.reference.demonstration.sharing import share_out, share_within

weights = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60).map(np.array)


@given(st.integers(0, 10_000_000), weights)
def test_parts_add_up_and_stay_next_to_their_exact_share(total, parts):
    out = share_out(total, parts)
    assert out.sum() == total
    assert np.abs(out - parts * total / parts.sum()).max() <= 1.0 + 1e-6 * total


@given(st.data(), weights)
def test_bounds_hold(data, parts):
    total = data.draw(st.integers(3 * len(parts), 40 * len(parts)))
    out = share_within(total, parts, 3, 40)
    assert out.sum() == total
    assert out.min() >= 3
    assert out.max() <= 40


def test_bounds_may_differ_by_part():
    assert share_within(10, np.ones(3), np.array([0, 5, 0]), np.array([1, 9, 9])).tolist() == [1, 6, 3]


def test_impossible_bounds_are_refused():
    with pytest.raises(ValueError, match="cannot be shared"):
        share_within(100, np.ones(3), 0, 10)
