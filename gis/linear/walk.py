"""A track laid on a line: its runs between gaps, what of them is approach, which way they go, and what they cover."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_, Invalid
from gis.linear.intervals import union
from gis.linear.matching import Matched, apart_m, match
from gis.linear.plane import IntArray, PlaneLine
from gis.measure import FloatArray
from gis.tracks import Track

BoolArray = NDArray[np.bool_]
_MOST_FILLED = 50_000
_LONGEST_M = 20_000.0


@dataclass(frozen=True)
class Limits:
    """By what a track is judged; all in metres.

    Parameters
    ----------
    tolerance_m
        Within it the line counts as walked.
    reach_m
        Farther off a track says nothing of the line; at its ends it is the way there and back.
    gap_m
        Two points with times that are farther apart are a gap: what lies between is not known.
    turn_m
        Who goes back that far along the line has turned round; less is noise.
    spacing_m
        Longer steps are measured at places between, that far apart; on a track of more than 500 km farther.
    """

    tolerance_m: float = 10.0
    reach_m: float = 1000.0
    gap_m: float = 100.0
    turn_m: float = 50.0
    spacing_m: float = 10.0

    def __post_init__(self) -> None:
        values = (self.tolerance_m, self.reach_m, self.gap_m, self.turn_m, self.spacing_m)
        if not all(np.isfinite(value) and value > 0 for value in values) or self.reach_m < self.tolerance_m:
            raise Invalid(
                N_("These limits make no sense: %(limits)s."),
                hint=N_("Each is a positive number of metres, and the reach is not below the tolerance."),
                limits=", ".join(f"{value:g}" for value in values),
            )


@dataclass(frozen=True)
class Pass:
    """A stretch of a track that goes along the line one way.

    Parameters
    ----------
    first, last
        Its places in `Walk.xy`, both among it.
    start_m, end_m
        Chainage of both; the start is after the end where it goes backward.
    walked_m
        Length of the track between.
    """

    first: int
    last: int
    start_m: float
    end_m: float
    walked_m: float


class Walk:
    """A cleaned track on a line, with places between points that are far apart.

    Parameters
    ----------
    line
        The line in its plane.
    track
        Cleaned: finite, in order.
    limits
        See `Limits`.
    """

    def __init__(self, line: PlaneLine, track: Track, limits: Limits) -> None:
        self.line, self.limits = line, limits
        points = line.plane.project(track.lonlat)
        going = _joined(points, track, limits)
        self.xy, self.point, self.joined = _filled(points, going, limits.spacing_m)
        """East and north of each place; the track's point at or before it; whether the walk goes on to the next."""
        self.matched: Matched = match(line, self.xy, self.joined, noise_m=limits.tolerance_m)
        self.step: FloatArray = (
            np.where(self.joined, np.hypot(*np.diff(self.xy, axis=0).T), 0.0) if len(self.xy) else np.empty(0)
        )
        self.on: BoolArray = self._trimmed()
        """Which places belong to the walk along the line; the others are the way there and back."""

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """First and last place of each stretch between gaps, without the way there and back."""
        inner = self.on[:-1] & self.on[1:] & self.joined if len(self.xy) else np.empty(0, dtype=bool)
        edges = np.diff(np.concatenate([[False], inner, [False]]).astype(np.int8))
        return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))

    @cached_property
    def weight(self) -> FloatArray:
        """Length of line that each place stands for: half of what is gained by the steps beside it.

        By the line, not by the track: who goes 800 m aside and back has not walked 1,600 m of line badly.
        """
        gained = apart_m(self.line, self.matched.chainage_m[1:], self.matched.chainage_m[:-1])
        half = np.concatenate([[0.0], np.where(self.sound, gained, 0.0), [0.0]]) / 2
        return np.asarray(half[:-1] + half[1:])[: len(self.xy)]

    @cached_property
    def matched_m(self) -> float:
        """Length of track without gaps and the way there and back."""
        return float(self.step[self.on[:-1] & self.on[1:]].sum()) if len(self.step) else 0.0

    @cached_property
    def passes(self) -> list[Pass]:
        """The runs, cut where they turn round."""
        return [one for first, last in self.runs for one in self._turned(first, last)]

    def _trimmed(self) -> BoolArray:
        offset, limits = np.abs(self.matched.offset_m), self.limits
        away = (offset > limits.reach_m) | (self.matched.beyond_end & (offset > limits.tolerance_m))
        on = np.zeros(len(self.xy), dtype=bool)
        starts = np.append(0, np.flatnonzero(~self.joined) + 1)
        for first, until in zip(starts.tolist(), np.append(starts[1:], len(self.xy)).tolist(), strict=True):
            there = np.flatnonzero(~away[first:until]) + first
            if not len(there):
                continue
            low, high = int(there[0]), int(there[-1])
            near = np.flatnonzero(offset[low : high + 1] <= limits.tolerance_m) + low
            if len(near):
                low = int(near[0]) if self._towards(low, int(near[0])) else low
                high = int(near[-1]) if self._towards(int(near[-1]), high) else high
            on[low : high + 1] = True
        return on

    def _towards(self, first: int, last: int) -> bool:
        """Whether a way goes to the line or from it rather than along it."""
        gained = apart_m(self.line, self.matched.chainage_m[last], self.matched.chainage_m[first])
        return bool(gained < self.step[first:last].sum() / 2)

    def _turned(self, first: int, last: int) -> list[Pass]:
        along = self.matched.chainage_m[first : last + 1]
        if self.line.closed:
            # once round and on: chainages that go on rising
            step = np.diff(along)
            half = self.line.total_m / 2
            along = along[0] + np.concatenate([[0.0], np.cumsum((step + half) % self.line.total_m - half)])
        turns = [
            first + turn for turn in _turning(along.tolist(), max(self.limits.turn_m, 3 * self.limits.tolerance_m))
        ]
        return [
            Pass(
                a, b, float(self.matched.chainage_m[a]), float(self.matched.chainage_m[b]), float(self.step[a:b].sum())
            )
            for a, b in zip([first, *turns], [*turns, last], strict=True)
            if b > a
        ]

    @cached_property
    def sound(self) -> BoolArray:
        """Which steps go along the line: not over a gap, and not across to another part of the line.

        On the inside of a bend the nearest place runs ahead of the walker by no more than twice the offset (or what is
        tolerated); a step that gains more has left out what lies between.
        """
        if len(self.xy) < 2:
            return np.zeros(max(len(self.xy) - 1, 0), dtype=bool)
        offset = np.clip(np.abs(self.matched.offset_m), self.limits.tolerance_m, self.limits.reach_m)
        gained = apart_m(self.line, self.matched.chainage_m[1:], self.matched.chainage_m[:-1])
        inside = self.on[:-1] & self.on[1:] & self.joined
        return np.asarray(inside & (gained <= 3 * self.step + 2 * np.maximum(offset[1:], offset[:-1]) + 1.0))

    def covered(self, offset_m: float, one: Pass | None = None) -> FloatArray:
        """What of the line was walked no farther off than this, as intervals; crossings are set between places.

        With a pass, by it alone.
        """
        first, last = (one.first, one.last) if one else (0, len(self.xy) - 1)
        away = np.abs(self.matched.offset_m)
        if last <= first:
            return np.empty((0, 2))
        near = self.sound[first:last] & (np.minimum(away[first:last], away[first + 1 : last + 1]) <= offset_m)
        steps = np.flatnonzero(near) + first
        here, there = away[steps], away[steps + 1]
        # the share of the step at which the limit is crossed; 0 to 1 where both ends are within
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = (offset_m - here) / (there - here)
        low = np.where(here <= offset_m, 0.0, crossing)
        high = np.where(there <= offset_m, 1.0, crossing)
        start = self.matched.chainage_m[steps]
        gained = self.matched.chainage_m[steps + 1] - start
        if self.line.closed:
            half = self.line.total_m / 2
            gained = (gained + half) % self.line.total_m - half
        ends = np.stack([start + low * gained, start + high * gained], axis=1)
        return self._wrapped(np.sort(ends, axis=1))

    def _wrapped(self, rows: FloatArray) -> FloatArray:
        """Intervals within the line; on a closed one what goes over its seam comes in again at the other end."""
        if self.line.closed:
            total = self.line.total_m
            rows = np.concatenate([rows, rows - total, rows + total])
        rows = np.clip(rows, 0.0, self.line.total_m)
        return union(rows[rows[:, 1] > rows[:, 0]])


def _joined(points: FloatArray, track: Track, limits: Limits) -> BoolArray:
    """Whether the walk goes from each point to the next: same part, and no gap."""
    step = np.hypot(*np.diff(points, axis=0).T) if len(points) else np.empty(0)
    same = track.part[1:] == track.part[:-1]
    timed = np.isfinite(track.time_s[1:]) & np.isfinite(track.time_s[:-1])
    usual = float(np.median(step[same])) if same.any() else 0.0
    # drawn lines have no times, and long steps between their vertices are meant
    drawn = min(max(limits.gap_m, 20 * usual), _LONGEST_M)
    return np.asarray(same & (step <= np.where(timed, limits.gap_m, drawn)))


def _filled(points: FloatArray, joined: BoolArray, spacing_m: float) -> tuple[FloatArray, IntArray, BoolArray]:
    """Points with places between those that are far apart, the point at or before each, and which go on."""
    if not len(points):
        return points, np.empty(0, dtype=np.int64), joined
    step = np.hypot(*np.diff(points, axis=0).T)
    # points far away from each other must not cost a million places
    spacing_m = max(spacing_m, float(step[joined].sum()) / _MOST_FILLED)
    pieces = np.where(joined, np.maximum(1, np.ceil(step / spacing_m)), 1).astype(np.int64)
    point = np.append(np.repeat(np.arange(len(step)), pieces), len(step))
    place = np.arange(len(point) - 1) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    xy = points[point]
    xy[:-1] += (place / pieces[point[:-1]])[:, None] * np.diff(points, axis=0)[point[:-1]]
    return xy, point, joined[point[:-1]]


def _turning(along: list[float], turn_m: float) -> list[int]:
    """Places at which a walk turns round: the farthest ones, where it then goes back by `turn_m` at least."""
    turns: list[int] = []
    way = 0
    low = high = 0
    for place, here in enumerate(along):
        if here > along[high]:
            high = place
        if here < along[low]:
            low = place
        if way >= 0 and along[high] - here >= turn_m:
            if way > 0:
                turns.append(high)
            way, low, high = -1, place, place
        elif way <= 0 and here - along[low] >= turn_m:
            if way < 0:
                turns.append(low)
            way, low, high = 1, place, place
    return turns
