"""Tracks as receivers write them, and their cleaning: every point that is taken out is named, with its reason.

Cleaning is for measuring only; the track as it came is kept by whoever stores it. Points are taken out, never moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.errors import N_, Invalid
from gis.findings import Finding
from gis.linear.plane import Plane
from gis.measure import FloatArray

IntArray = NDArray[np.int64]

REASONS: Final = {
    "not-finite": N_("no place at all"),
    "out-of-range": N_("no longitude and latitude"),
    "elsewhere": N_("nowhere near the line"),
    "inaccurate": N_("accuracy worse than allowed"),
    "duplicate": N_("same place and time as the point before"),
    "spike": N_("jump and back"),
    "pause": N_("standing still"),
}
"""Why a point is taken out."""


@dataclass(frozen=True)
class Track:
    """Points in the order in which they were taken.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4490; as read, so any number at all.
    part
        Part of each point, not falling: a file's segments and tracks in order.
    time_s
        Seconds since 1970 in UTC; NaN where none is known.
    accuracy_m
        What the receiver says of itself; NaN where it says nothing.
    """

    lon: FloatArray
    lat: FloatArray
    part: IntArray
    time_s: FloatArray
    accuracy_m: FloatArray

    @classmethod
    def of(
        cls, lon: ArrayLike, lat: ArrayLike, *, part: ArrayLike | None = None, time: Any = None,
        accuracy_m: ArrayLike | None = None,
    ) -> Track:  # fmt: skip
        """A track of arrays; times are numpy datetimes (UTC) or seconds, what is missing is None.

        Raises
        ------
        Invalid
            If the arrays differ in length or parts fall back.
        """
        east, north = np.asarray(lon, dtype=np.float64).ravel(), np.asarray(lat, dtype=np.float64).ravel()
        count = len(east)
        parts = np.zeros(count, dtype=np.int64) if part is None else np.asarray(part, dtype=np.int64).ravel()
        accuracy = np.full(count, np.nan) if accuracy_m is None else np.asarray(accuracy_m, dtype=np.float64).ravel()
        track = cls(east, north, parts, _seconds(time, count), accuracy)
        if {len(north), len(parts), len(track.time_s), len(accuracy)} - {count} or (np.diff(parts) < 0).any():
            raise Invalid(
                N_("The columns of this track do not fit each other."),
                hint=N_("Each point has a longitude, a latitude and a part; parts follow one another."),
            )
        return track

    @classmethod
    def from_geometries(cls, geometries: Sequence[Any] | NDArray[Any]) -> Track:
        """A track without times: each line is a part, all single points together are one."""
        shapes = np.asarray(geometries, dtype=object)
        shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        while (shapely.get_type_id(shapes) >= 4).any():
            shapes = np.asarray(shapely.get_parts(shapes), dtype=object)
        kind = shapely.get_type_id(shapes)
        if (kind == 3).any():
            raise Invalid(N_("A polygon is no track."), hint=N_("Give lines, or points in their order."))
        xy, owner = shapely.get_coordinates(shapes, return_index=True)
        single = kind == 0
        new = np.ones(len(shapes), dtype=bool)
        new[1:] = ~(single[1:] & single[:-1])
        return cls.of(xy[:, 0], xy[:, 1], part=(np.cumsum(new) - 1)[owner])

    def __len__(self) -> int:
        return len(self.lon)

    def __getitem__(self, rows: Any) -> Track:
        return Track(self.lon[rows], self.lat[rows], self.part[rows], self.time_s[rows], self.accuracy_m[rows])

    @property
    def lonlat(self) -> FloatArray:
        """Rows of longitude and latitude."""
        return np.stack([self.lon, self.lat], axis=1)


@dataclass(frozen=True)
class CleaningRules:
    """What a point must keep to; everything in metres and seconds.

    Parameters
    ----------
    accuracy_m
        Points that say they are worse are taken out.
    speed_mps
        Nobody on a boundary moves faster: what does jumps. 40 m/s is a car on a good road.
    jump_m
        Without times a step is a jump if it is longer than this and than ten usual (median) ones.
    spike_points
        A jump away and back over more points than this is no spike but a stretch.
    pause_s, pause_m
        A stay is that long within that distance.
    pause_points
        Without times: that many points within the distance, going four times as far in all.
    """

    accuracy_m: float = 50.0
    speed_mps: float = 40.0
    jump_m: float = 50.0
    spike_points: int = 30
    pause_s: float = 60.0
    pause_m: float = 8.0
    pause_points: int = 20


@dataclass(frozen=True)
class Pause:
    """A stay: where and how long (NaN without times), and how many points it held."""

    lon: float
    lat: float
    seconds: float
    points: int


@dataclass(frozen=True)
class Cleaned:
    """A track that can be measured, and what was taken out.

    Parameters
    ----------
    track
        The points that stay.
    kept
        Their places in the track as it came.
    removed, reasons
        Places of the others, rising, and the key of `REASONS` of each.
    pauses
        Stays, of each of which one point stays.
    findings
        What a person should know; data that are no coordinates are errors.
    """

    track: Track
    kept: IntArray
    removed: IntArray
    reasons: NDArray[np.str_]
    pauses: tuple[Pause, ...] = ()
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    def counts(self) -> dict[str, int]:
        """How many points were taken out, by reason."""
        return {reason: int((self.reasons == reason).sum()) for reason in REASONS if (self.reasons == reason).any()}


def clean(
    track: Track,
    rules: CleaningRules | None = None,
    *,
    where: str = "",
    within: tuple[float, float, float, float] | None = None,
) -> Cleaned:
    """Take out of a track what is no place, what was written twice, jumps and all but one point of a stay.

    Parameters
    ----------
    track
        As read.
    rules
        None: the usual ones.
    where
        What the findings name, such as the file.
    within
        West, south, east and north in degrees: what lies outside is of another walk.

    Returns
    -------
    Cleaned
        An empty track cleans to an empty one.
    """
    rules = rules or CleaningRules()
    reason = np.full(len(track), "", dtype="U12")
    finite = np.isfinite(track.lon) & np.isfinite(track.lat)
    reason[~finite] = "not-finite"
    with np.errstate(invalid="ignore"):
        reason[finite & ((np.abs(track.lon) > 180) | (np.abs(track.lat) > 90))] = "out-of-range"
        if within is not None:
            west, south, east, north = within
            inside = (track.lon >= west) & (track.lon <= east) & (track.lat >= south) & (track.lat <= north)
            reason[(reason == "") & ~inside] = "elsewhere"
        reason[(reason == "") & (track.accuracy_m > rules.accuracy_m)] = "inaccurate"
    pauses: list[Pause] = []
    rows = np.flatnonzero(reason == "")
    if len(rows):
        plane = Plane.around(track.lonlat[rows])
        for name, take in (("duplicate", _duplicates), ("spike", _spikes), ("pause", _pauses)):
            rows = np.flatnonzero(reason == "")
            points = track[rows]
            # places on the other side of the earth have none in the plane, and compare as nothing
            with np.errstate(invalid="ignore"):
                out, found = take(points, plane.project(points.lonlat), rules)
            reason[rows[out]] = name
            pauses += found
    kept, removed = np.flatnonzero(reason == ""), np.flatnonzero(reason != "")
    result = Cleaned(track[kept], kept, removed, reason[removed], tuple(pauses))
    return Cleaned(result.track, kept, removed, result.reasons, result.pauses, _findings(result, where))


def _seconds(time: Any, count: int) -> FloatArray:
    if time is None:
        return np.full(count, np.nan)
    values = np.asarray(time).ravel()
    if np.issubdtype(values.dtype, np.datetime64):
        seconds = values.astype("datetime64[us]").astype(np.int64) / 1e6
        seconds[np.isnat(values)] = np.nan
        return np.asarray(seconds)
    return values.astype(np.float64)


Taken = tuple[NDArray[np.bool_], list[Pause]]


def _steps(track: Track, xy: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Metres and seconds from each point to the next; endless between parts, NaN where a time is missing."""
    step = np.hypot(*np.diff(xy, axis=0).T) if len(xy) > 1 else np.empty(0)
    step[track.part[1:] != track.part[:-1]] = np.inf
    return step, np.diff(track.time_s)


def _duplicates(track: Track, xy: FloatArray, rules: CleaningRules) -> Taken:  # noqa: ARG001 - one shape for all
    step, seconds = _steps(track, xy)
    out = np.zeros(len(track), dtype=bool)
    # a receiver that stands still writes one place at many times: that is a pause, not a repetition
    out[1:] = (step < 1e-3) & ~(seconds > 0)
    return out, []


def _spikes(track: Track, xy: FloatArray, rules: CleaningRules) -> Taken:
    step, seconds = _steps(track, xy)
    inner = np.isfinite(step)
    usual = float(np.median(step[inner])) if inner.any() else 0.0
    timed = seconds > 0
    speed = np.divide(step, seconds, out=np.zeros(len(step)), where=timed)
    leap = inner & timed & (speed > rules.speed_mps) & (step > rules.pause_m)
    leap |= inner & ~timed & (step > max(rules.jump_m, 10 * usual))
    out = np.zeros(len(track), dtype=bool)
    jumps = np.flatnonzero(leap)
    done = -1
    for first, last in zip(jumps[:-1].tolist(), jumps[1:].tolist(), strict=True):
        # away over the step `first`, back over the step `last`: the points between have left
        if first <= done or last - first > rules.spike_points or track.part[first] != track.part[last + 1]:
            continue
        apart = float(np.hypot(*(xy[last + 1] - xy[first])))
        # a drawn line may have a narrow tongue: without times only a point that comes back to where it left is a jump
        share = 0.5 if timed[first] and timed[last] else 0.1
        if apart < share * min(step[first], step[last]):
            out[first + 1 : last + 1] = True
            done = last
    return out, []


def _pauses(track: Track, xy: FloatArray, rules: CleaningRules) -> Taken:
    count = len(track)
    out = np.zeros(count, dtype=bool)
    found: list[Pause] = []
    end = _window_ends(track, xy, rules)
    place = np.flatnonzero(end > 0)
    at = 0
    for start in place.tolist():
        if start < at:
            continue
        last = int(end[start])
        if np.hypot(*(xy[start : last + 1] - xy[start]).T).max() > rules.pause_m:
            continue
        middle = np.median(xy[start : last + 1], axis=0)
        # the stay goes on as long as points are near its middle
        while last + 1 < count and track.part[last + 1] == track.part[start] and (
            np.hypot(*(xy[last + 1] - middle)) <= rules.pause_m
        ):  # fmt: skip
            last += 1
        stay = start + int(np.argmin(np.hypot(*(xy[start : last + 1] - middle).T)))
        out[start : last + 1] = True
        out[stay] = False
        seconds = float(track.time_s[last] - track.time_s[start])
        found.append(Pause(float(track.lon[stay]), float(track.lat[stay]), seconds, last - start + 1))
        at = last + 1
    return out, found


def _window_ends(track: Track, xy: FloatArray, rules: CleaningRules) -> IntArray:
    """For each point that may begin a stay the point at which it is long enough; 0 for the others."""
    count = len(track)
    step, seconds = _steps(track, xy)
    end = np.zeros(count, dtype=np.int64)
    row = np.arange(count)
    if count < 2:
        return end
    if (seconds >= 0).all():
        far = np.searchsorted(track.time_s, track.time_s + rules.pause_s, side="left")
    else:
        far = row + rules.pause_points - 1
        whole = np.concatenate([[0.0], np.cumsum(np.where(np.isfinite(step), step, 0.0))])
        short = whole[np.minimum(far, count - 1)] - whole < 4 * rules.pause_m
        far = np.where(short, count, far)
    inside = far < count
    last = np.minimum(far, count - 1)
    near = np.hypot(*(xy[last] - xy).T) <= rules.pause_m
    near &= np.hypot(*(xy[(row + last) // 2] - xy).T) <= rules.pause_m
    ok = inside & near & (track.part[last] == track.part) & (last > row + 1)
    end[ok] = last[ok]
    return end


def _findings(cleaned: Cleaned, where: str) -> tuple[Finding, ...]:
    counts = cleaned.counts()
    first = {reason: int(cleaned.removed[cleaned.reasons == reason][0]) + 1 for reason in counts}
    found = []
    for reason, severity, template, advice in _SAID:
        if reason in counts:
            params = {"count": counts[reason], "first": first[reason]}
            found.append(Finding(f"track-{reason}", severity, where, template, params, advice))  # type: ignore[arg-type]
    times = cleaned.track.time_s
    if len(times) and np.isnan(times).any():
        known = int(np.isfinite(times).sum())
        found.append(
            Finding(
                "track-without-times",
                "info",
                where,
                N_("%(known)s of %(total)s points have a time: speeds, stops and gaps are judged by distances alone."),
                {"known": known, "total": len(times)},
                N_("Send what the receiver itself recorded, if there is one."),
            )
        )
    back = int((np.diff(times) < 0).sum()) if len(times) else 0
    if back:
        found.append(
            Finding(
                "track-times-back",
                "warning",
                where,
                N_("The time goes back %(count)s times."),
                {"count": back},
                N_("Look whether parts were joined in the wrong order."),
            )
        )
    return tuple(found)


_SAID: Final = (
    ("not-finite", "error", N_("%(count)s points have no place at all, the first is point %(first)s."),
     N_("They are left out; look at the file that the receiver wrote.")),
    ("out-of-range", "error", N_("%(count)s points are no longitude and latitude, the first is point %(first)s."),
     N_("They are left out; perhaps these are plane coordinates.")),
    ("elsewhere", "warning", N_("%(count)s points lie nowhere near the line, the first is point %(first)s."),
     N_("They are left out; see whether longitude and latitude are exchanged, or the file is of another walk.")),
    ("inaccurate", "warning", N_("%(count)s points say that they are not accurate enough, the first is point "
                                "%(first)s."), N_("They are left out.")),
    ("duplicate", "info", N_("%(count)s points were written twice, the first is point %(first)s."), ""),
    ("spike", "warning", N_("%(count)s points jump away and back, the first is point %(first)s."),
     N_("They are left out; see whether the place lies under trees or between houses.")),
    ("pause", "info", N_("%(count)s points are of stops, the first is point %(first)s; one point of each stop "
                         "stays."), ""),
)  # fmt: skip
