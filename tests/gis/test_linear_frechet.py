"""The banded sweep against the plain table, and sets of chainages against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.linear.frechet import _band, _even, _greedy, frechet_m, sampled
from gis.linear.intervals import complement, length_m, union, within, without


def plain(p, q):
    """The whole table, cell by cell (Eiter and Mannila 1994)."""
    away = np.hypot(p[:, None, 0] - q[None, :, 0], p[:, None, 1] - q[None, :, 1])
    table = np.full((len(p) + 1, len(q) + 1), np.inf)
    table[0, 0] = 0
    for i in range(len(p)):
        for j in range(len(q)):
            before = min(table[i, j], table[i, j + 1], table[i + 1, j])
            table[i + 1, j + 1] = max(away[i, j], before)
    return table[-1, -1]


@pytest.mark.parametrize("kind", ["apart", "alike", "reversed", "there and back"])
def test_the_band_loses_nothing(kind):
    rng = np.random.default_rng(5)
    for _ in range(25):
        one = np.cumsum(rng.normal(0, 1, (rng.integers(2, 14), 2)), axis=0)
        other = {
            "apart": np.cumsum(rng.normal(0, 1, (rng.integers(2, 14), 2)), axis=0),
            "alike": one + rng.normal(0, 0.1, one.shape),
            "reversed": one[::-1] + 0.05,
            "there and back": np.concatenate([one, one[-2::-1]]),
        }[kind]
        found = frechet_m(one, other, 0.4)
        assert found.spacing_m == 0.4
        assert found.distance_m == pytest.approx(plain(sampled(one, 0.4), sampled(other, 0.4)), abs=1e-9)


def test_a_narrow_band_on_winding_curves_loses_nothing():
    """Long enough for the band to leave most cells out; loops bring far parts of the curves near each other."""
    rng = np.random.default_rng(9)
    for size in (0.2, 1.0, 3.0):
        angle = np.linspace(0, 6 * np.pi, 90)
        one = np.stack([angle * 2 + 8 * np.cos(angle), 8 * np.sin(angle)], axis=1)
        other = one + rng.normal(0, size, one.shape)
        p, q = sampled(one, 1.0), sampled(other, 1.0)
        first, last = _band(p, q, min(_greedy(p, q), _even(p, q)))
        assert (last - first + 1).sum() < 0.8 * len(p) * len(q)
        assert (np.diff(first) >= 0).all()
        assert (np.diff(last) >= 0).all()
        assert frechet_m(one, other, 1.0).distance_m == pytest.approx(plain(p, q), abs=1e-9)


def test_a_band_that_would_be_too_wide_is_sampled_wider(monkeypatch):
    monkeypatch.setattr("gis.linear.frechet._MOST_CELLS", 2000)
    line = np.array([[0.0, 0.0], [100.0, 0.0]])
    found = frechet_m(line, line + np.array([0.0, 30.0]), 1.0)
    assert found.spacing_m > 1.0
    assert found.distance_m == pytest.approx(30.0)


def test_ends_that_do_not_meet_settle_it():
    line = np.array([[0.0, 0.0], [100.0, 0.0]])
    assert frechet_m(line, line[::-1], 1.0, not_above=50).distance_m == np.inf
    assert frechet_m(line, line[::-1], 1.0).distance_m == pytest.approx(100.0)


ROWS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)), max_size=8)


@given(ROWS, ROWS)
@settings(max_examples=60)
def test_intervals_are_sets(ones, others):
    def marked(rows):
        marks = np.zeros(80, dtype=bool)
        for start, end in rows:
            marks[int(start) : int(end)] = True
        return marks

    one, other = (np.array([(a, a + b) for a, b in rows], dtype=float).reshape(-1, 2) for rows in (ones, others))
    assert length_m(one) == marked(one).sum()
    np.testing.assert_array_equal(marked(union(one)), marked(one))
    np.testing.assert_array_equal(marked(complement(one, 80)), ~marked(one))
    np.testing.assert_array_equal(marked(without(one, other)), marked(one) & ~marked(other))
    assert length_m(within(one, 20, 40)) == marked(one)[20:40].sum()
