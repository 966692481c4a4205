"""What files from the field bring, in the terms of an assessment."""

import numpy as np
import shapely

from surveys.assessment import assess_field_work
from surveys.assessment.brought import brought
from surveys.uploads import Area, FieldFile, Photo, Point, Track, TrackPart


def part(xy, start=None):
    xy = np.array(xy, dtype=float).reshape(-1, 2)
    unknown = np.full(len(xy), np.nan)
    time = unknown if start is None else start + np.arange(len(xy), dtype=float)
    return TrackPart(xy, unknown, time, np.full(len(xy), 60.0))


AFTERNOON = part([(118.602, 36.5), (118.603, 36.5)], start=20_000.0)
MORNING = part([(118.600, 36.5), (118.601, 36.5)], start=10_000.0)
DRAWN = part([(118.0, 36.0), (118.1, 36.0)])


def test_recorded_tracks_in_the_order_of_their_times():
    first = FieldFile("b.gpx", tracks=(Track(0, 1, "b", "track", (AFTERNOON,)), Track(0, 2, "plan", "route", (DRAWN,))))
    second = FieldFile(
        "a.gpx", tracks=(Track(0, 1, "a", "track", (MORNING, part([]))), Track(0, 2, "l", "line", (DRAWN,)))
    )
    found = brought([first, second])
    assert found.track.lon.tolist() == [118.600, 118.601, 118.602, 118.603]
    assert found.track.part.tolist() == [0, 0, 1, 1]
    assert np.isnan(found.track.accuracy_m).all()
    assert (found.stakes, found.photos, found.objects) == (None, None, None)
    drawn = brought([FieldFile("l.shp", tracks=(Track(0, 1, "l", "line", (DRAWN,)),))])
    assert drawn.track.lon.tolist() == [118.0, 118.1]
    assert brought([]).track is None


def test_stakes_photos_and_areas(line):
    stake = line.stakes[1]
    house = shapely.Point(stake.lon, stake.lat).buffer(0.0005)
    file = FieldFile(
        "day.zip",
        points=(
            Point(0, 2, "", "stake", stake.lon, stake.lat, 51.0, number=stake.number,
                  attributes={"状况": "损坏", "精度": "0.02"}),
            Point(0, 3, "spring", "waypoint", stake.lon, stake.lat),
        ),
        areas=(Area(0, 1, "house", house), Area(0, 2, "", house)),
        photos=(
            Photo(0, "a.jpg", stake.lon, stake.lat, None, 28_800.0, zoned=False, direction=None, size=None),
            Photo(0, "b.jpg", None, None, None, 28_800.0, zoned=True, direction=None, size=None),
        ),
    )  # fmt: skip
    found = brought([file])
    assert len(found.stakes) == 1
    assert (found.stakes[0].condition, found.stakes[0].accuracy_m) == ("损坏", 0.02)
    assert found.stakes[0].where == "day.zip:2"
    assert [photo.time_s for photo in found.photos] == [0.0, 28_800.0]
    assert list(found.objects) == ["house (day.zip:1)", "day.zip:2"]
    result = assess_field_work(line, track=found.track, stakes=found.stakes, photos=found.photos, objects=found.objects)
    assert [one.condition for one in result.stakes if one.state == "found"] == ["damaged"]
    assert [photo.stake for photo in result.photos] == [stake.number, ""]
    assert len(result.objects) == 2
