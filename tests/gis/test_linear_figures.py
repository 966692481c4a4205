"""A track against a line: tracks made with known offsets and gaps, and GEOS for the distances."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gis import linear
from gis.errors import Invalid
from gis.linear.figures import assess
from gis.linear.plane import Plane, PlaneLine
from gis.linear.walk import Limits
from gis.tracks import Track

PLANE = Plane(118.6, 36.5)


def in_degrees(xy):
    return shapely.LineString(PLANE.unproject(np.asarray(xy, dtype=float)))


def bent(length_m=20_000, step_m=50.0):
    """A line that winds to the east."""
    x = np.arange(0, length_m + step_m, step_m)
    return np.stack([x, 300 * np.sin(x / 1500)], axis=1)


def beside(line, chainages, offset_m):
    """Places at chainages of a line in degrees, off it to the left, by the plane's normals."""
    at = PlaneLine(line, linear.vertex_chainages(line), PLANE)
    chainages = np.asarray(chainages, dtype=float)
    # slopes between vertices taken as smooth, so that there is one normal at each place
    ahead, back = (at.points(np.clip(chainages + d, 0, at.total_m)) for d in (20.0, -20.0))
    way = ahead - back
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.hypot(*way.T)[:, None]
    return at.points(chainages) + np.broadcast_to(offset_m, len(chainages))[:, None] * normal


def track(xy, *, part=None, timed=True):
    xy = np.asarray(xy, dtype=float)
    time = np.arange(len(xy)) * 5.0 if timed else None
    return Track.of(*PLANE.unproject(xy).T, part=part, time=time)


LINE = in_degrees(bent())
LENGTH = float(linear.vertex_chainages(LINE)[-1])
ALONG = np.arange(0, LENGTH, 5.0)


def noise(count, size=2.5, seed=3):
    """What a receiver is off by: slowly changing, by `size` (standard deviation)."""
    white = np.random.default_rng(seed).normal(0, 1, (count + 40, 2))
    smooth = np.stack([np.convolve(white[:, axis], np.ones(40) / 40, "valid")[:count] for axis in (0, 1)], axis=1)
    return smooth / smooth.std() * size


@given(st.floats(-60, 60), st.floats(0, 0.9), st.floats(0.05, 0.6))
@settings(max_examples=15)
def test_a_known_offset_on_a_known_part_is_found(offset, start, share):
    assume(abs(abs(offset) - 10) > 0.5)
    first, last = start * LENGTH, min(start + share, 1) * LENGTH
    along = np.arange(first, last, 10.0)
    found = assess(LINE, track(beside(LINE, along, offset)))
    assert found.p50_m == pytest.approx(abs(offset), abs=0.2)
    assert found.max_m == pytest.approx(abs(offset), abs=1.5)
    assert found.mean_m == pytest.approx(offset, abs=0.3)
    assert found.walked_m == pytest.approx(along[-1] - first, abs=15)
    if abs(offset) > 10:
        assert found.within_m == 0
        assert len(found.beyond) == 1
        beyond = found.beyond[0]
        assert np.sign(beyond.most_m) == np.sign(offset)
        assert beyond.area_m2 == pytest.approx(abs(offset) * beyond.length_m, rel=0.03, abs=50)
        assert found.line_in_buffer == pytest.approx(0, abs=0.01)
    else:
        assert found.within_m == found.walked_m
        assert found.beyond == ()
        assert found.line_in_buffer == pytest.approx(found.walked_share, abs=0.005)
        assert found.track_in_buffer == 1
    missing = [(s.start_m, s.end_m) for s in found.not_walked]
    wanted = [(a, b) for a, b in ((0, first), (along[-1], LENGTH)) if b - a > 10]
    assert len(missing) == len(wanted) or min(first, LENGTH - along[-1]) < 25
    if len(missing) == len(wanted):
        np.testing.assert_allclose(missing, wanted, atol=8) if wanted else None


def test_one_spike_of_800_m_is_seen_by_one_figure_and_not_by_the_other():
    """On a line of 20 km the Fréchet distance is some 725 m while the 95th percentile stays at the noise."""
    off = np.maximum(0, 800 - np.abs(ALONG - 9000) * 12)  # walked away and back, at no more than a car's speed
    found = assess(LINE, track(beside(LINE, ALONG, off) + noise(len(ALONG))))
    assert found.cleaned.counts() == {}
    assert 700 < found.frechet.distance_m < 810
    assert 4 < found.p95_m < 8
    assert found.max_m == pytest.approx(780, abs=30)
    assert found.hausdorff_m >= found.max_m
    worst = max(found.beyond, key=lambda stretch: abs(stretch.most_m))
    assert worst.start_m < 9000 < worst.end_m
    assert worst.most_m > 700
    assert worst.length_m < 160
    assert worst.area_m2 == pytest.approx(800 * 133 / 2, rel=0.15)
    assert found.shift is None
    assert not any(finding.severity == "error" for finding in found.findings)


def test_distances_and_shares_agree_with_geos():
    off = 12 * np.sin(ALONG / 700)
    xy = beside(LINE, ALONG, off)
    found = assess(LINE, track(xy), Limits(tolerance_m=8))
    line, walked = shapely.LineString(bent()), shapely.LineString(xy)
    assert found.hausdorff_m == pytest.approx(shapely.hausdorff_distance(line, walked), abs=0.2)
    share = shapely.length(shapely.intersection(line, walked.buffer(8, quad_segs=64))) / line.length
    assert found.line_in_buffer == pytest.approx(share, abs=0.002)
    share = shapely.length(shapely.intersection(walked, line.buffer(8, quad_segs=64))) / walked.length
    assert found.track_in_buffer == pytest.approx(share, abs=0.002)
    assert found.walked_share == pytest.approx(found.line_in_buffer, abs=0.005)
    crossings = shapely.get_num_geometries(shapely.difference(walked, line.buffer(8)))
    assert len(found.beyond) == crossings
    assert 12 - 0.1 < found.frechet.distance_m < 12 + found.frechet.spacing_m


def test_direction_does_not_matter():
    xy = beside(LINE, ALONG, 4.0)
    forward, back = assess(LINE, track(xy)), assess(LINE, track(xy[::-1]))
    for name in ("p50_m", "p95_m", "walked_m", "within_m", "hausdorff_m", "line_in_buffer"):
        assert getattr(forward, name) == pytest.approx(getattr(back, name), abs=1e-6), name
    assert forward.frechet.distance_m == pytest.approx(back.frechet.distance_m, abs=5)
    assert forward.passes[0].start_m < forward.passes[0].end_m
    assert back.passes[0].start_m > back.passes[0].end_m


def test_several_parts_gaps_approach_and_return():
    """Two walks with the way there and back, and a hole in the record of one of them."""
    there = np.stack([np.full(60, 300.0), np.linspace(3000, 60, 60)], axis=1)
    first = np.concatenate([there, beside(LINE, np.arange(300, 8000, 5.0), 2.0)])
    first = np.concatenate([first[:700], first[780:]])  # 400 m lost
    second = beside(LINE, np.concatenate([np.arange(8500, 12000, 5.0), np.arange(12000, 9000, -5.0)]), -3.0)
    part = np.repeat([0, 1], [len(first), len(second)])
    found = assess(LINE, track(np.concatenate([first, second]), part=part), Limits(reach_m=500))
    # the hole shows as a gap, and so does the way between the two walks
    assert len(found.gaps) == 2
    assert found.gaps[0].apart_m == pytest.approx(405, abs=10)
    assert found.gaps[0].seconds == 5.0
    assert found.gaps[1].end_m - found.gaps[1].start_m == pytest.approx(505, abs=10)
    assert [round(stretch.length_m, -2) for stretch in found.not_walked] == [
        300,
        400,
        500,
        round(LENGTH - 12000, -2),
    ]
    # walked there and back: twice the length of track, once the length of the line
    assert [one.end_m > one.start_m for one in found.passes] == [True, True, True, False]
    assert found.track_m - found.matched_m > 2000
    assert found.within_m == pytest.approx(8000 - 300 - 405 + 3500, abs=40)
    assert found.p95_m < 40


def test_a_line_that_comes_near_itself_is_followed_by_continuity():
    """Arms of a spur 12 m apart: with 6 m of noise the nearest place jumps, the matched one does not."""
    line = in_degrees([(0, 0), (1000, 0), (1000, 1500), (1012, 1500), (1012, 0), (2500, 0)])
    along = np.arange(0, linear.vertex_chainages(line)[-1], 4.0)
    at = PlaneLine(line, linear.vertex_chainages(line), PLANE)
    xy = at.points(along) + noise(len(along), 6.0)
    walk = track(xy)
    found = assess(line, walk, Limits(tolerance_m=20))
    nearest = linear.locate(line, shapely.points(walk.lonlat)).chainage_m
    assert np.abs(np.diff(nearest)).max() > 500
    profile = found.profile.chainage_m
    assert np.nanmax(np.abs(np.diff(profile))) < 80
    assert np.abs(profile - along[found.cleaned.kept]).max() < 60
    assert len(found.passes) == 1
    assert found.not_walked == ()
    # who walks across the foot of the spur has not walked the spur
    across = track([(x, 0.0) for x in range(0, 2500, 5)])
    left_out = assess(line, across)
    assert len(left_out.not_walked) == 1
    assert left_out.not_walked[0].length_m == pytest.approx(3000, abs=60)


def test_the_outside_of_a_sharp_bend_is_one_side():
    line = in_degrees([(0, 0), (1000, 0), (0, 120)])  # a hairpin to the left
    angle = np.linspace(-np.pi / 2, np.pi / 2 - 0.12, 60)
    around = np.stack([1000 + 30 * np.cos(angle), 30 * np.sin(angle)], axis=1)
    before = np.stack([np.linspace(400, 990, 100), np.full(100, -30.0)], axis=1)
    found = assess(line, track(np.concatenate([before, around])))
    assert (found.profile.offset_m < -29).all()


def test_a_closed_line_is_walked_from_anywhere():
    angle = np.linspace(0, 2 * np.pi, 200)
    ring = in_degrees(np.stack([1000 * np.cos(angle), 1000 * np.sin(angle)], axis=1))
    angle = np.linspace(1.0, 1.0 + 2 * np.pi, 800)
    found = assess(ring, track(np.stack([1003 * np.cos(angle), 1003 * np.sin(angle)], axis=1)))
    assert found.walked_share == pytest.approx(1, abs=0.002)
    assert found.not_walked == ()
    assert len(found.passes) == 1
    assert found.mean_m == pytest.approx(-3.1, abs=0.2)  # outside, on the right of a ring that turns left


@pytest.mark.parametrize(
    ("east", "north", "rule"), [(533, 57, "likely-gcj02"), (35.0, -48.0, "constant-shift"), (0, 0, None)]
)
def test_a_constant_shift_is_named(east, north, rule):
    xy = beside(LINE, ALONG, 0.0) + noise(len(ALONG)) + (east, north)
    found = assess(LINE, track(xy))
    rules = {finding.rule: finding for finding in found.findings}
    assert ({"likely-gcj02", "constant-shift"} & set(rules)) == ({rule} if rule else set())
    if rule:
        assert (found.shift.east_m, found.shift.north_m) == pytest.approx((east, north), abs=4)
        assert found.shift.whole
        assert found.shift.left_m < 4
        assert str(rules[rule].params["east"]) in rules[rule].message


def test_along_a_straight_line_only_the_shift_across_is_known():
    line = in_degrees([(0, 0), (5000, 0)])
    found = assess(line, track([(x + 40.0, 30.0) for x in np.arange(0, 4900, 5.0)]))
    assert not found.shift.whole
    assert found.shift.north_m == pytest.approx(30, abs=0.5)  # straight in degrees is a little bent
    assert found.shift.east_m == pytest.approx(0, abs=0.1)
    assert "along it cannot be seen" in next(f for f in found.findings if f.rule == "constant-shift").message


def test_a_copy_of_the_register_is_flagged():
    copied = assess(LINE, Track.from_geometries([LINE]))
    finding = next(finding for finding in copied.findings if finding.rule == "track-copied")
    assert finding.params["same"] == len(LINE.coords)
    walked = assess(LINE, track(beside(LINE, ALONG, 0.3)))
    assert "track-copied" not in {finding.rule for finding in walked.findings}


def test_another_line_altogether():
    elsewhere = track(np.stack([np.linspace(0, 9000, 900), np.linspace(4000, 9000, 900)], axis=1))
    found = assess(LINE, elsewhere)
    assert [finding.rule for finding in found.findings if finding.severity == "error"] == ["wrong-line"]
    assert "%" not in found.findings[-1].message.replace(" % of", "")
    assert found.walked_m < 500
    # across the line, and beside it all the way
    crossing = assess(LINE, track([(5000.0, y) for y in range(-5000, 5000, 10)]))
    assert "wrong-line" in {finding.rule for finding in crossing.findings}
    # so far away that one end of the line is the nearest place of all
    away = assess(LINE, track(beside(LINE, ALONG, 0.0) + np.array([90_000.0, 40_000.0])))
    assert [finding.rule for finding in away.findings] == ["wrong-line"]
    # a short piece properly walked is no wrong line
    part = assess(LINE, track(beside(LINE, np.arange(0, 600, 3.0), 2.0)))
    assert part.findings == ()
    assert part.walked_share == pytest.approx(600 / LENGTH, abs=0.001)


@pytest.mark.parametrize("points", [[], [(118.6, 36.5)], [(np.nan, 36.5), (118.6, np.inf)]])
def test_hardly_a_track(points):
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    found = assess(LINE, Track.of(lon, lat))
    assert found.within_m == 0
    assert np.isnan(found.p50_m)
    assert np.isnan(found.frechet.distance_m)
    assert found.walked_share == 0
    assert len(found.profile.chainage_m) == 0


def test_a_profile_is_thinned_and_keeps_its_extremes():
    off = np.zeros(len(ALONG))
    off[1234] = 9.0
    off[2001] = -7.0
    whole = assess(LINE, track(beside(LINE, ALONG, off)))
    thin = whole.profile.thinned(200)
    assert len(thin.chainage_m) <= 202
    assert thin.offset_m.max() == whole.profile.offset_m.max()
    assert thin.offset_m.min() == whole.profile.offset_m.min()
    assert (thin.chainage_m[0], thin.chainage_m[-1]) == (whole.profile.chainage_m[0], whole.profile.chainage_m[-1])


def test_limits_that_make_no_sense():
    for wrong in ({"tolerance_m": 0}, {"gap_m": np.nan}, {"tolerance_m": 50, "reach_m": 20}):
        with pytest.raises(Invalid, match="limits"):
            Limits(**wrong)
    with pytest.raises(linear.NotALine):
        assess(shapely.LineString(), track([(0, 0), (1, 1)]))
