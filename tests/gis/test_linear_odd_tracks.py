"""Whatever a track is, it is assessed: no fault, no warning, and figures that do not contradict each other."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis import linear
from gis.linear.figures import assess
from gis.linear.walk import Limits
from gis.tracks import Track

LINES = {
    "straight": [(118.6, 36.5), (118.62, 36.5)],
    "short": [(118.6, 36.5), (118.60001, 36.5)],
    "repeated": [(118.6, 36.5), (118.6, 36.5), (118.61, 36.505), (118.61, 36.505)],
    "ring": [(118.6, 36.5), (118.61, 36.5), (118.61, 36.51), (118.6, 36.51), (118.6, 36.5)],
    "there and back": [(118.6, 36.5), (118.61, 36.5), (118.6, 36.5)],
    "figure of eight": [(118.6, 36.5), (118.61, 36.51), (118.61, 36.5), (118.6, 36.51), (118.6, 36.5)],
}

ANYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
NEAR = st.tuples(st.floats(118.595, 118.625), st.floats(36.495, 36.515))
ODD = st.sampled_from(
    [
        (118.6, 36.5),
        (118.61, 36.51),
        (118.9, 36.6),
        (120.0, 35.0),
        (np.nan, 36.5),
        (118.6, np.inf),
        (1e300, -1e300),
        (0.0, 0.0),
    ]
)


@given(
    st.sampled_from(sorted(LINES)),
    st.lists(st.tuples(st.one_of(NEAR, NEAR, ODD, ANYWHERE), st.integers(0, 2), st.floats(-5, 300)), max_size=30),
    st.booleans(),
)
@example(name="ring", points=[((118.6, 36.5), 0, 1.0)] * 3, timed=False)
@settings(max_examples=60)
def test_figures_agree_with_each_other(name, points, timed):
    line = shapely.LineString(LINES[name])
    points = sorted(points, key=lambda point: point[1])
    xy = np.array([place for place, _, _ in points], dtype=float).reshape(-1, 2)
    time = np.cumsum([step for _, _, step in points]) if timed and points else None
    found = assess(line, Track.of(xy[:, 0], xy[:, 1], part=[part for _, part, _ in points], time=time))
    length = float(linear.vertex_chainages(line)[-1])
    assert found.line_m == length
    assert -1e-6 <= found.within_m <= found.walked_m + 0.05 <= length + 0.1
    assert 0 <= found.line_in_buffer <= 1
    assert len(found.cleaned.kept) + len(found.cleaned.removed) == len(points)
    for stretch in (*found.beyond, *found.not_walked):
        assert 0 <= stretch.start_m <= stretch.end_m <= length + 1e-6
        assert stretch.area_m2 >= 0
        assert 0 <= stretch.again_m <= stretch.length_m + 1e-6
    missing = sum(stretch.length_m for stretch in found.not_walked)
    assert missing + found.walked_m <= length + 0.05
    if np.isfinite(found.p50_m):
        assert 0 <= found.p50_m <= found.p95_m <= found.max_m
        assert found.hausdorff_m >= found.max_m - 1e-6
    known = found.profile.chainage_m[np.isfinite(found.profile.chainage_m)]
    assert ((known >= 0) & (known <= length + 1e-6)).all()
    for finding in found.findings:
        assert finding.message


@pytest.mark.parametrize("name", sorted(LINES))
def test_each_line_walked_along_is_walked(name):
    line = shapely.LineString(LINES[name])
    length = float(linear.vertex_chainages(line)[-1])
    along = np.linspace(0, length, max(3, int(length / 5)))
    track = Track.from_geometries([shapely.LineString(linear.point_at(line, along))])
    limits = Limits(tolerance_m=min(10, length / 4))
    found = assess(line, track, limits)
    # a way that lies on itself: back is taken for back on the same
    assert found.walked_share > (0.45 if name == "there and back" else 0.98)
    assert found.max_m < 0.05
    assert "wrong-line" not in {finding.rule for finding in found.findings}
