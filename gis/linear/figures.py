"""A track against a line in figures: how much was walked, where not, how far off, and on which side.

No single figure is enough: on a line of 20 km one spike of 800 m gives a Fréchet distance of some 750 m while the 95th
percentile stays at the noise of the receiver. Percentiles are taken by the length of line walked, so that neither a
slow walk nor a quick one counts more, nor a way aside. Lengths along the line are geodesic; offsets and areas are of a
plane true to a few parts in a hundred thousand (`Figures.plane_error`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from gis.findings import Finding
from gis.linear.flags import Shift, constant_shift, flags
from gis.linear.frechet import Leash, frechet_m
from gis.linear.intervals import complement, length_m, union, within
from gis.linear.plane import Curve, PlaneLine, stretch
from gis.linear.reference import vertex_chainages
from gis.linear.walk import Limits, Pass, Walk
from gis.measure import FloatArray
from gis.tracks import Cleaned, CleaningRules, Track, clean

_AROUND_DEG = 3.0  # what lies farther from the line is of another walk
_FRECHET_SPACING_M = 5.0  # or a fiftieth of the greatest offset, or what makes so many samples
_FRECHET_SAMPLES = 8000


@dataclass(frozen=True)
class Stretch:
    """A piece of the line, and of a track beyond the tolerance there.

    Parameters
    ----------
    start_m, end_m
        Chainages, start before end.
    track_m
        Length of the track on it; 0 where it was not walked.
    most_m
        Greatest offset, positive on the left of the line; 0 where it was not walked.
    area_m2
        Between track and line.
    again_m
        How much of the stretch was walked within the tolerance at another time.
    """

    start_m: float
    end_m: float
    track_m: float = 0.0
    most_m: float = 0.0
    area_m2: float = 0.0
    again_m: float = 0.0

    @property
    def length_m(self) -> float:
        """Length along the line."""
        return self.end_m - self.start_m


@dataclass(frozen=True)
class Gap:
    """Where the record breaks off and goes on: both chainages, the straight way between and the seconds (NaN)."""

    start_m: float
    end_m: float
    apart_m: float
    seconds: float


@dataclass(frozen=True)
class Profile:
    """Offset along the line, place by place in the order of the walk; NaN chainage and offset where the walk breaks."""

    chainage_m: FloatArray
    offset_m: FloatArray

    def thinned(self, most: int = 2000) -> Profile:
        """The same shape with about `most` places: of each stretch of the walk the farthest left and right stay."""
        count = len(self.chainage_m)
        if count <= most:
            return self
        cell = np.arange(count) * (most // 2) // count
        broken = np.isnan(self.chainage_m)
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        keep = set(np.flatnonzero(broken).tolist()) | {0, count - 1}
        low, high = np.where(broken, np.inf, self.offset_m), np.where(broken, -np.inf, self.offset_m)
        for first, last in zip(starts.tolist(), [*starts[1:].tolist(), count], strict=True):
            keep |= {first + int(low[first:last].argmin()), first + int(high[first:last].argmax())}
        rows = np.array(sorted(keep))
        return Profile(self.chainage_m[rows], self.offset_m[rows])


@dataclass(frozen=True)
class Figures:
    """What a track says of a line. Metres, square metres and shares (0 to 1); NaN where nothing was matched.

    Parameters
    ----------
    line_m, track_m, matched_m
        Length of the line, of the cleaned track without gaps, and of what of it goes along the line.
    walked_m, within_m, walked, within
        Length of the line walked at all (no farther off than the reach), and within the tolerance; and both as rows of
        start and end.
    p50_m, p95_m, max_m, mean_m
        Of the distance from the line, by length of line walked; `mean_m` with sign, positive on the left.
    beyond, not_walked, gaps, passes
        Stretches of track beyond the tolerance, of the line not walked (those longer than the tolerance), breaks of
        the record, ways along the line.
    line_in_buffer, track_in_buffer
        Share of the line within the tolerance of the track, and of the track within the tolerance of the line
        (Goodchild and Hunter 1997, both ways).
    hausdorff_m, line_to_track_m
        Greatest distance from track to line or from the part walked to the track; from the whole line to the track.
    frechet
        Discrete Fréchet distance of the worst pass to the part of the line that it walked, better direction.
    shift
        The constant shift that explains the offsets, None where there is none.
    profile
        Offsets along the line.
    plane_error
        Greatest relative error of offsets and distances in the plane.
    """

    limits: Limits
    line_m: float
    track_m: float
    matched_m: float
    walked_m: float
    within_m: float
    walked: FloatArray
    within: FloatArray
    p50_m: float
    p95_m: float
    max_m: float
    mean_m: float
    beyond: tuple[Stretch, ...]
    not_walked: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]
    passes: tuple[Pass, ...]
    line_in_buffer: float
    track_in_buffer: float
    hausdorff_m: float
    line_to_track_m: float
    frechet: Leash
    shift: Shift | None
    profile: Profile
    plane_error: float
    cleaned: Cleaned
    findings: tuple[Finding, ...]

    @property
    def walked_share(self) -> float:
        """Share of the line walked within the tolerance."""
        return self.within_m / self.line_m

    @property
    def beyond_m(self) -> float:
        """Length of the line walked, and never within the tolerance."""
        return self.walked_m - self.within_m


def assess(
    line: LineString,
    track: Track,
    limits: Limits | None = None,
    *,
    rules: CleaningRules | None = None,
    where: str = "",
) -> Figures:
    """Clean a track and measure it against a line.

    Parameters
    ----------
    line
        Longitude and latitude in degrees (EPSG:4490).
    track
        As read, any number of parts.
    limits, rules
        By what it is judged and cleaned; None: the usual ones.
    where
        What findings name, such as the file.

    Raises
    ------
    gis.linear.NotALine
        If the line is none.
    """
    limits = limits or Limits()
    plane_line = PlaneLine(line, vertex_chainages(line))
    west, south, east, north = line.bounds
    around = (west - _AROUND_DEG, south - _AROUND_DEG, east + _AROUND_DEG, north + _AROUND_DEG)
    cleaned = clean(track, rules, where=where, within=around)
    walk = Walk(plane_line, cleaned.track, limits)
    walked, inside = walk.covered(limits.reach_m), walk.covered(limits.tolerance_m)
    offset = walk.matched.offset_m
    percentiles = _percentiles(np.abs(offset), walk.weight, walk.on)
    weight = float(walk.weight.sum())
    curve = Curve([walk.xy[first : last + 1] for first, last in walk.runs])
    to_track, hausdorff, line_share = _line_to_track(plane_line, curve, walked, limits, percentiles[2])
    shift = constant_shift(walk)
    found = flags(walk, shift, line, where=where, walked_m=length_m(walked))
    return Figures(
        limits=limits,
        line_m=plane_line.total_m,
        track_m=float(walk.step.sum()),
        matched_m=walk.matched_m,
        walked_m=length_m(walked),
        within_m=length_m(inside),
        walked=walked,
        within=inside,
        p50_m=percentiles[0],
        p95_m=percentiles[1],
        max_m=percentiles[2],
        mean_m=float((offset * walk.weight).sum() / weight) if weight else float("nan"),
        beyond=tuple(_beyond(walk)),
        not_walked=tuple(
            Stretch(float(a), float(b))
            for a, b in complement(walked, plane_line.total_m)
            if b - a >= limits.tolerance_m
        ),
        gaps=tuple(_gaps(walk, cleaned.track)),
        passes=tuple(walk.passes),
        line_in_buffer=line_share,
        track_in_buffer=_share(np.abs(offset), walk.step, limits.tolerance_m),
        hausdorff_m=hausdorff,
        line_to_track_m=to_track,
        frechet=_frechet(walk),
        shift=shift,
        profile=_profile(walk),
        plane_error=max(stretch(plane_line.curve.xy), stretch(walk.xy[walk.on])),
        cleaned=cleaned,
        findings=(*cleaned.findings, *found),
    )


def _percentiles(values: FloatArray, weight: FloatArray, on: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The 50th and 95th percentile of weighted values, and the greatest of all places on the walk."""
    if not weight.sum() > 0:
        return float("nan"), float("nan"), float("nan")
    order = np.argsort(values, kind="stable")
    value, share = values[order], np.cumsum(weight[order])
    at = np.searchsorted(share, np.array([0.5, 0.95]) * share[-1])
    return float(value[at[0]]), float(value[at[1]]), float(values[on].max())


def _share(away: FloatArray, step: FloatArray, limit_m: float) -> float:
    """Share of a way along which a distance, even between the places that it is known at, is within a limit."""
    if not step.sum() > 0:
        return float("nan")
    low, high = np.minimum(away[:-1], away[1:]), np.maximum(away[:-1], away[1:])
    rise = np.where(high > low, high - low, 1.0)
    part = np.where(high <= limit_m, 1.0, np.clip((limit_m - low) / rise, 0.0, 1.0))
    return float((part * step).sum() / step.sum())


def _line_to_track(
    line: PlaneLine, curve: Curve, walked: FloatArray, limits: Limits, track_to_line_m: float
) -> tuple[float, float, float]:
    """Greatest distance of the whole line from the track, Hausdorff distance of the part walked, buffer share."""
    if not len(curve.start):
        return float("nan"), float("nan"), 0.0
    even = np.arange(0.0, line.total_m, limits.spacing_m)
    along = np.unique(np.concatenate([line.chainage, even, walked.ravel()]))
    away = curve.nearest(line.points(along)).distance_m
    if len(walked):
        interval = np.clip(np.searchsorted(walked[:, 0], along, side="right") - 1, 0, None)
        inside = (along >= walked[interval, 0]) & (along <= walked[interval, 1])
        hausdorff = max(track_to_line_m, float(away[inside].max()))
    else:
        hausdorff = track_to_line_m
    return float(away.max()), hausdorff, _share(away, np.diff(along), limits.tolerance_m)


def _beyond(walk: Walk) -> list[Stretch]:
    """Stretches of track beyond the tolerance; those that a few steps within part are one."""
    limit = walk.limits.tolerance_m
    found = []
    again = _by_others(walk)
    for number, one in enumerate(walk.passes):
        away = np.abs(walk.matched.offset_m[one.first : one.last + 1])
        along = np.concatenate([[0.0], np.cumsum(walk.step[one.first : one.last])])
        out = np.flatnonzero(away > limit)
        if not len(out):
            continue
        cuts = np.flatnonzero(along[out[1:]] - along[out[:-1]] > 2 * walk.limits.spacing_m) + 1
        for part in np.split(out, cuts):
            # to the places within on both sides, so that a single place has a length
            first, last = max(int(part[0]) - 1, 0), min(int(part[-1]) + 1, len(away) - 1)
            found.append(_stretch(walk, one.first + first, one.first + last, again[number]))
    return sorted(found, key=lambda stretch: (stretch.start_m, stretch.end_m))


def _by_others(walk: Walk) -> list[FloatArray]:
    """For each pass what of the line the others walked within the tolerance."""
    if len(walk.passes) < 2:
        return [np.empty((0, 2))] * len(walk.passes)
    each = [walk.covered(walk.limits.tolerance_m, one) for one in walk.passes]
    return [union(np.concatenate([*each[:place], *each[place + 1 :]])) for place in range(len(each))]


def _stretch(walk: Walk, first: int, last: int, again: FloatArray) -> Stretch:
    chainage = walk.matched.chainage_m[first : last + 1]
    offset = walk.matched.offset_m[first : last + 1]
    start, end = float(chainage.min()), float(chainage.max())
    ring = np.concatenate([walk.xy[first : last + 1], walk.line.between(float(chainage[-1]), float(chainage[0]))])
    return Stretch(
        start, end,
        track_m=float(walk.step[first:last].sum()),
        most_m=float(offset[np.abs(offset).argmax()]),
        area_m2=_area(ring),
        again_m=length_m(within(again, start, end)) if len(again) else 0.0,
    )  # fmt: skip


def _area(ring: FloatArray) -> float:
    """Area that a closed way encloses, also where it crosses itself: of every face, once."""
    closed = shapely.LineString(np.concatenate([ring, ring[:1]]))
    simple = shapely.Polygon(ring) if len(ring) > 2 else None
    if simple is not None and simple.is_valid:
        return float(simple.area)
    faces = shapely.polygonize([shapely.node(closed)])
    return float(shapely.area(shapely.get_parts(faces)).sum())


def _gaps(walk: Walk, track: Track) -> list[Gap]:
    """Breaks between places that both belong to the walk along the line."""
    found = []
    for place in np.flatnonzero(~walk.joined).tolist():
        if walk.on[place] and walk.on[place + 1]:
            one, other = walk.point[place], walk.point[place + 1]
            found.append(
                Gap(
                    float(walk.matched.chainage_m[place]), float(walk.matched.chainage_m[place + 1]),
                    float(np.hypot(*(walk.xy[place + 1] - walk.xy[place]))),
                    float(track.time_s[other] - track.time_s[one]),
                )
            )  # fmt: skip
    return found


def _frechet(walk: Walk) -> Leash:
    """Of the worst pass, each in its better direction."""
    worst = Leash(float("nan"), float("nan"))
    longest = max([one.walked_m for one in walk.passes], default=0.0)
    for one in walk.passes:
        if one.start_m == one.end_m or one.walked_m < min(longest, walk.limits.turn_m):
            continue
        way = walk.xy[one.first : one.last + 1]
        piece = walk.line.between(one.start_m, one.end_m)
        most = float(np.abs(walk.matched.offset_m[one.first : one.last + 1]).max())
        longest_m = max(abs(one.end_m - one.start_m), one.walked_m / 3)
        spacing = max(_FRECHET_SPACING_M, most / 50, longest_m / _FRECHET_SAMPLES)
        forward = frechet_m(way, piece, spacing)
        back = frechet_m(way, piece[::-1], spacing, not_above=forward.distance_m)
        best = min(forward, back)
        if not best.distance_m <= worst.distance_m:
            worst = best
    return worst


def _profile(walk: Walk) -> Profile:
    parts: list[NDArray[np.float64]] = []
    for first, last in walk.runs:
        run = np.stack([walk.matched.chainage_m[first : last + 1], walk.matched.offset_m[first : last + 1]])
        parts += [run, np.full((2, 1), np.nan)]
    whole = np.concatenate(parts[:-1], axis=1) if parts else np.empty((2, 0))
    return Profile(whole[0], whole[1])
