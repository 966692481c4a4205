"""A track against a line: every figure of an assessment, beside a script's way with shapely point by point."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter1d

from benchmarks.figures import Figure
from benchmarks.stage import Stage
from benchmarks.timing import alternated
from gis.crs import fitting_zone, project
from gis.linear import vertex_chainages
from gis.tracks import Track
from surveys.assessment import RegisteredLine, assess_field_work

TOLERANCE_M = 10.0
SIZES = ((20, 4_000, 4_000, 1.0, 1), (100, 20_000, 100_000, 3.0, 40))
"""Kilometres and vertices of the line, points of the track, seconds that an assessment may take, and of how many points
the peer takes one: with all 100,000 it was at work for four minutes."""


def measure(stage: Stage) -> list[Figure]:
    """Time from points and vertices in memory to the whole result with its JSON; synthetic lines and tracks."""
    figures = []
    for km, vertices, points, most, each in SIZES:
        line = winding(km, vertices)
        track = walked(line, points)
        registered = RegisteredLine("", "0000", "synthetic", line)
        ours = alternated({"ours": lambda r=registered, t=track: whole(r, t)}, runs=stage.runs(5), warm=1)["ours"]
        theirs = alternated({"peer": lambda g=line, t=track[::each]: script(g, t)}, runs=1, warm=0)["peer"]
        result, told = ours.result, theirs.result
        if each == 1:
            assert abs(result.max_m - told["max"]) < 0.1, "the offsets differ"
            assert abs(result.hausdorff_m - told["hausdorff"]) < 0.5, "the Hausdorff distances differ"
        assert result.max_m > told["max"] - 0.1, "an offset is missing"
        assert abs(result.track_in_buffer_share - told["share"]) < 0.01, "the shares differ"
        part = f", of one point in {each} only" if each > 1 else ""
        figures.append(
            Figure(
                f"{km} km, {points:,} points against {vertices:,} vertices: assessed",
                ours.median, "s", f"shapely: distance and place of each point, Hausdorff, buffers{part}", theirs.median,
                most=most,
                note=f"p95 {result.p95_m:.1f} m, greatest {result.max_m:.1f} m, Hausdorff {result.hausdorff_m:.1f} m, "
                f"Fréchet {result.frechet_m:.1f} m; the peer has no profile by continuity, no Fréchet distance, no "
                "stretches, no flags.",
                samples={"ours": ours.seconds, "peer": theirs.seconds},
            )
        )  # fmt: skip
    return figures


def winding(km: float, vertices: int) -> shapely.LineString:
    """A synthetic line of that length that winds as a boundary does, from the middle of Qingzhou eastward."""
    rng = np.random.default_rng(11)
    turn = gaussian_filter1d(np.cumsum(rng.normal(0, 0.05, vertices - 1)) * 0.3, 5)
    turn -= np.linspace(0, turn[-1], vertices - 1)
    step = km * 1000 / (vertices - 1)
    xy = np.concatenate([[[0.0, 0.0]], np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) * step, axis=0)])
    return shapely.LineString(xy / [89_300, 111_000] + [118.45, 36.5])


def walked(line: shapely.LineString, points: int) -> Track:
    """A walk along it, a point a second, off by 4 m (one standard deviation, changing slowly)."""
    rng = np.random.default_rng(12)
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    asked = np.linspace(0, along[-1], points)
    off = gaussian_filter1d(rng.normal(0, 1, (points, 2)), 30, axis=0)
    off *= 4 / off.std()
    lon, lat = (np.interp(asked, along, xy[:, axis]) + off[:, axis] / (89_300, 111_000)[axis] for axis in (0, 1))
    return Track.of(lon, lat, time=1.7e9 + np.arange(points, dtype=float))


def whole(line: RegisteredLine, track: Track) -> Any:
    """Everything that an inspection keeps."""
    found = assess_field_work(line, track=track)
    assert len(found.as_json()) > 1000
    return found.track


def script(line: shapely.LineString, track: Track) -> dict[str, float]:
    """What a script does in the fitting zone, point by point: shapely has no more of an assessment."""
    zone = fitting_zone(float(track.lon.mean()))
    assert vertex_chainages(line)[-1] > 0
    plane = shapely.LineString(np.stack(project(*shapely.get_coordinates(line).T, zone), axis=1))
    xy = np.stack(project(track.lon, track.lat, zone), axis=1)
    points, walk = shapely.points(xy), shapely.LineString(xy)
    away = shapely.distance(plane, points)
    along = shapely.line_locate_point(plane, points)
    buffer = plane.buffer(TOLERANCE_M)
    return {
        "max": float(away.max()),
        "along": float(along.max()),
        "hausdorff": float(shapely.hausdorff_distance(plane, walk)),
        "share": float(shapely.intersection(walk, buffer).length / walk.length),
        "other": float(shapely.intersection(plane, walk.buffer(TOLERANCE_M)).length / plane.length),
    }
