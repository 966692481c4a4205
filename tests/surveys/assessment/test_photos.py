"""Photos placed by position or by time, and matched to stakes."""

import numpy as np
import pytest

from gis.tracks import Track
from surveys.assessment import Photo, PhotoRules, StakeResult
from surveys.assessment.photos import match_photos

START = 1.7e9
WALK = Track.of(118.6 + np.arange(601) * 1e-5, np.full(601, 36.5), time=START + np.arange(601.0))


def stake(number, lon, state="found", **more):
    return StakeResult(number, "", f"u{number}", state, "number", lon=lon, lat=36.5, where=f"row {number}", **more)


STAKES = [stake("1", 118.6), stake("2", 118.603), stake("3", 118.606)]


def test_by_position_by_time_and_not_at_all():
    photos = [
        Photo("a.jpg", 118.60001, 36.50001), Photo("b.jpg", time_s=START + 300.4), Photo("c.jpg", 118.6045, 36.5),
        Photo("d.jpg"), Photo("e.jpg", time_s=START + 9000), Photo("f.jpg", 400.0, 36.5, START + 600),
    ]  # fmt: skip
    results, findings = match_photos(photos, STAKES, WALK)
    assert [(photo.name, photo.placed, photo.stake) for photo in results] == [
        ("a.jpg", "position", "1"), ("b.jpg", "time", "2"), ("c.jpg", "position", ""), ("d.jpg", "", ""),
        ("e.jpg", "", ""), ("f.jpg", "time", "3"),
    ]  # fmt: skip
    assert results[1].lon == pytest.approx(118.6 + 300.4e-5, abs=1e-9)
    assert results[0].stake_uuid == "u1"
    assert 1 < results[0].distance_m < 2
    assert [(finding.rule, finding.where) for finding in findings] == [
        ("photo-of-no-stake", "c.jpg"), ("photo-without-place", "d.jpg"), ("photo-without-place", "e.jpg"),
    ]  # fmt: skip


def test_the_cameras_clock_and_holes_of_the_track():
    late = PhotoRules(camera_ahead_s=30)
    assert match_photos([Photo("a", time_s=START + 330)], STAKES, WALK, late)[0][0].stake == "2"
    holed = WALK[np.flatnonzero((np.arange(601) < 100) | (np.arange(601) > 400))]
    assert match_photos([Photo("a", time_s=START + 300)], STAKES, holed)[0][0].placed == ""
    assert match_photos([Photo("a", time_s=START + 300)], STAKES, None)[0][0].placed == ""


def test_missing_photos_are_named_but_not_of_what_is_gone_or_was_not_seen():
    stakes = [
        STAKES[0], stake("2", 118.603, condition="missing"), stake("3", 118.606, "not-seen"),
        StakeResult("4", "", "u4", "no-position", where="row 4", registered_lon=118.7, registered_lat=36.5),
    ]  # fmt: skip
    _, findings = match_photos([Photo("a", 118.6, 36.5)], stakes)
    assert [(finding.rule, finding.where) for finding in findings] == [("photo-missing", "row 4")]
    shown, findings = match_photos([Photo("a", 118.6, 36.5), Photo("b", 118.7, 36.5)], stakes)
    assert shown[1].stake == "4"
    assert findings == []
