"""Cleaning of tracks: what is taken out, and that all of it is named."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Invalid
from gis.tracks import REASONS, CleaningRules, Track, clean

EAST, NORTH = 1 / 89_300, 1 / 111_000  # degrees of a metre round 36.5°N, nearly


def walked(count=400, step_m=1.5, *, noise_m=0.5, seed=1):
    """A walk to the east, one point a second."""
    noise = np.random.default_rng(seed).normal(0, noise_m, (count, 2))
    lon = 118.6 + (np.arange(count) * step_m + noise[:, 0]) * EAST
    return lon, 36.5 + noise[:, 1] * NORTH, 1.7e9 + np.arange(count, dtype=float)


def removed(cleaned):
    return dict(zip(cleaned.removed.tolist(), cleaned.reasons.tolist(), strict=True))


def test_a_plain_walk_stays_as_it_is():
    lon, lat, time = walked()
    found = clean(Track.of(lon, lat, time=time))
    assert len(found.removed) == 0
    assert found.findings == ()
    np.testing.assert_array_equal(found.track.lon, lon)


def test_each_kind_is_named_with_its_place():
    lon, lat, time = walked()
    lon[10], lat[11], lon[12], lat[13] = np.nan, np.inf, 500.0, 4_064_705.0
    lon[20], lat[20], time[20] = lon[19], lat[19], time[19]
    lat[50] += 800 * NORTH
    lat[60:64] += 500 * NORTH
    accuracy = np.full(400, 4.0)
    accuracy[70:72] = 120.0
    found = clean(Track.of(lon, lat, time=time, accuracy_m=accuracy), where="day1.gpx")
    assert removed(found) == {
        10: "not-finite", 11: "not-finite", 12: "out-of-range", 13: "out-of-range", 20: "duplicate", 50: "spike",
        60: "spike", 61: "spike", 62: "spike", 63: "spike", 70: "inaccurate", 71: "inaccurate",
    }  # fmt: skip
    assert {finding.rule: (finding.severity, finding.params.get("first")) for finding in found.findings} == {
        "track-not-finite": ("error", 11), "track-out-of-range": ("error", 13), "track-inaccurate": ("warning", 71),
        "track-duplicate": ("info", 21), "track-spike": ("warning", 51),
    }  # fmt: skip
    assert all(finding.where == "day1.gpx" and finding.message for finding in found.findings)
    assert set(found.reasons) <= set(REASONS)
    assert len(found.kept) + len(found.removed) == 400


@pytest.mark.parametrize("timed", [True, False])
def test_a_stop_becomes_one_point(timed):
    lon, lat, time = walked(300)
    still = np.random.default_rng(2).normal(0, 1.5, (240, 2)) * (EAST, NORTH)
    lon = np.concatenate([lon[:100], lon[100] + still[:, 0], lon[100:]])
    lat = np.concatenate([lat[:100], lat[100] + still[:, 1], lat[100:]])
    time = 1.7e9 + np.arange(len(lon), dtype=float)
    found = clean(Track.of(lon, lat, time=time if timed else None))
    assert len(found.pauses) == 1
    pause = found.pauses[0]
    assert pause.points == pytest.approx(245, abs=12)
    assert pause.seconds == pytest.approx(244, abs=12) if timed else np.isnan(pause.seconds)
    assert found.counts() == {"pause": pause.points - 1}
    assert np.hypot((pause.lon - lon[100]) / EAST, (pause.lat - lat[100]) / NORTH) < 3
    if not timed:
        assert [finding.rule for finding in found.findings] == ["track-pause", "track-without-times"]


def test_what_is_nowhere_near_is_named():
    lon, lat, time = walked(50)
    lon[7], lat[7] = lat[7], lon[7] - 60  # exchanged
    found = clean(Track.of(lon, lat, time=time), within=(118, 36, 119, 37))
    assert removed(found) == {7: "elsewhere"}
    assert [(finding.rule, finding.params["first"]) for finding in found.findings] == [("track-elsewhere", 8)]


def test_slow_walkers_spurs_and_drawn_tongues_are_not_taken_out():
    lon, lat, time = walked(300, step_m=0.5, noise_m=0.1)
    assert clean(Track.of(lon, lat, time=time)).counts() == {}
    out = np.concatenate([np.arange(0, 100, 1.5), np.arange(100, 0, -1.5)])
    spur = Track.of(np.full(len(out), 118.6), 36.5 + out * NORTH, time=np.arange(len(out)) * 1.0)
    assert clean(spur).counts() == {}
    # a line drawn with a tongue 2 km long and 300 m wide
    east = np.array([0, 100, 200, 300, 450, 600, 700, 800, 900]) * EAST
    north = np.array([0, 10, 0, 5, 2000, 0, 5, 10, 0]) * NORTH
    assert clean(Track.of(118.6 + east, 36.5 + north)).counts() == {}


def test_parts_are_kept_apart_and_times_that_go_back_are_told():
    lon, lat, time = walked(200)
    lat[100:] += 2000 * NORTH
    track = Track.of(lon, lat, part=np.repeat([0, 1], 100), time=np.concatenate([time[100:], time[:100]]))
    found = clean(track)
    assert len(found.removed) == 0
    assert [finding.rule for finding in found.findings] == ["track-times-back"]


def test_geometries_become_parts():
    line = shapely.LineString([(118.6, 36.5), (118.7, 36.5)])
    both = shapely.MultiLineString([line, shapely.LineString([(118.8, 36.5), (118.9, 36.6), (119, 36.6)])])
    track = Track.from_geometries([both, None, shapely.Point(1, 2), shapely.Point(3, 4), shapely.Point(), line])
    assert track.part.tolist() == [0, 0, 1, 1, 1, 2, 2, 3, 3]
    assert np.isnan(track.time_s).all()
    with pytest.raises(Invalid, match="polygon"):
        Track.from_geometries([line.buffer(1)])


def test_datetimes_and_columns_that_do_not_fit():
    times = np.array(["2026-05-01T08:00:00", "NaT"], dtype="datetime64[ns]")
    track = Track.of([118.6, 118.7], [36.5, 36.5], time=times)
    assert track.time_s[0] == 1777622400.0
    assert np.isnan(track.time_s[1])
    with pytest.raises(Invalid, match="columns"):
        Track.of([118.6], [36.5, 36.6])
    with pytest.raises(Invalid, match="columns"):
        Track.of([118.6, 118.7], [36.5, 36.6], part=[1, 0])


NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=12))
def test_any_numbers_at_all_are_cleaned(points):
    """Every point either stays with a finite place or is named; the order stays."""
    lon, lat, time = np.array(points, dtype=float).reshape(-1, 3).T
    found = clean(Track.of(lon, lat, time=np.where(np.abs(time) < 1e12, time, np.nan)), CleaningRules())
    assert sorted([*found.kept.tolist(), *found.removed.tolist()]) == list(range(len(points)))
    assert np.isfinite(found.track.lonlat).all()
    assert (np.diff(found.kept) > 0).all()
    assert found.track.lon.tolist() == lon[found.kept].tolist()
