"""What a track says of a line, as it is kept: plain numbers, rounded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.linear.figures import Figures

PROFILE_PLACES = 2000
"""About as many places of the offset profile are kept; of what lies between the farthest ones on both sides."""


@dataclass(frozen=True)
class StretchResult:
    """Stretch of the line beyond the tolerance, or not walked (`track_m` 0); see `gis.linear.figures.Stretch`."""

    start_m: float
    end_m: float
    length_m: float
    track_m: float
    most_m: float
    area_m2: float
    again_m: float


@dataclass(frozen=True)
class GapResult:
    """Break of the record; see `gis.linear.figures.Gap`."""

    start_m: float
    end_m: float
    apart_m: float
    seconds: float | None


@dataclass(frozen=True)
class PassResult:
    """One way along the line, backward where it starts after its end."""

    start_m: float
    end_m: float
    walked_m: float


@dataclass(frozen=True)
class PauseResult:
    """A stay."""

    lon: float
    lat: float
    seconds: float | None
    points: int


@dataclass(frozen=True)
class ShiftResult:
    """A constant shift; see `gis.linear.flags.Shift`."""

    east_m: float
    north_m: float
    left_m: float
    whole: bool


@dataclass(frozen=True)
class TrackResult:
    """Figures of a track; see `gis.linear.figures.Figures`, whose names these are.

    Parameters
    ----------
    points, removed
        Points of the track as it came, and how many of them were taken out, by reason.
    walked_between_m, within_between_m
        Chainages between which the line was walked, and within the tolerance.
    profile
        Runs of (chainage, offset), positive offsets on the left; between two runs the record breaks off.
    """

    points: int
    removed: Mapping[str, int]
    pauses: tuple[PauseResult, ...]
    track_m: float
    matched_m: float
    walked_m: float
    within_m: float
    beyond_m: float
    walked_share: float
    p50_m: float | None
    p95_m: float | None
    max_m: float | None
    mean_m: float | None
    line_in_buffer_share: float | None
    track_in_buffer_share: float | None
    hausdorff_m: float | None
    line_to_track_m: float | None
    frechet_m: float | None
    frechet_spacing_m: float | None
    plane_error: float
    shift: ShiftResult | None
    beyond: tuple[StretchResult, ...]
    not_walked: tuple[StretchResult, ...]
    gaps: tuple[GapResult, ...]
    passes: tuple[PassResult, ...]
    walked_between_m: tuple[tuple[float, float], ...]
    within_between_m: tuple[tuple[float, float], ...]
    profile: tuple[tuple[tuple[float, float], ...], ...]


def track_result(figures: Figures) -> TrackResult:
    """What is kept of the figures."""
    shift = figures.shift
    cleaned = figures.cleaned
    return TrackResult(
        points=len(cleaned.kept) + len(cleaned.removed),
        removed=cleaned.counts(),
        pauses=tuple(PauseResult(one.lon, one.lat, _known(one.seconds), one.points) for one in cleaned.pauses),
        track_m=figures.track_m,
        matched_m=figures.matched_m,
        walked_m=figures.walked_m,
        within_m=figures.within_m,
        beyond_m=figures.beyond_m,
        walked_share=figures.walked_share,
        p50_m=_known(figures.p50_m),
        p95_m=_known(figures.p95_m),
        max_m=_known(figures.max_m),
        mean_m=_known(figures.mean_m),
        line_in_buffer_share=_known(figures.line_in_buffer),
        track_in_buffer_share=_known(figures.track_in_buffer),
        hausdorff_m=_known(figures.hausdorff_m),
        line_to_track_m=_known(figures.line_to_track_m),
        frechet_m=_known(figures.frechet.distance_m),
        frechet_spacing_m=_known(figures.frechet.spacing_m),
        plane_error=figures.plane_error,
        shift=ShiftResult(shift.east_m, shift.north_m, shift.left_m, shift.whole) if shift else None,
        beyond=tuple(_stretch(one) for one in figures.beyond),
        not_walked=tuple(_stretch(one) for one in figures.not_walked),
        gaps=tuple(GapResult(one.start_m, one.end_m, one.apart_m, _known(one.seconds)) for one in figures.gaps),
        passes=tuple(PassResult(one.start_m, one.end_m, one.walked_m) for one in figures.passes),
        walked_between_m=tuple((float(start), float(end)) for start, end in figures.walked),
        within_between_m=tuple((float(start), float(end)) for start, end in figures.within),
        profile=_profile(figures),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _stretch(one: object) -> StretchResult:
    names = StretchResult.__dataclass_fields__
    return StretchResult(**{name: float(getattr(one, name)) for name in names})


def _profile(figures: Figures) -> tuple[tuple[tuple[float, float], ...], ...]:
    thin = figures.profile.thinned(PROFILE_PLACES)
    breaks = np.isnan(thin.chainage_m)
    runs: list[list[tuple[float, float]]] = [[]]
    for chainage, offset, broken in zip(thin.chainage_m.tolist(), thin.offset_m.tolist(), breaks.tolist(), strict=True):
        if broken:
            runs.append([])
        else:
            runs[-1].append((chainage, offset))
    return tuple(tuple(run) for run in runs if run)
