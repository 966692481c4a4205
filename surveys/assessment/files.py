"""Tracks and stakes out of vector files, as the command line takes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.crs import STORAGE
from gis.errors import N_, Invalid
from gis.tracks import Track
from gis.vectorfile import list_layers, read
from surveys.assessment.numbers import plain_number
from surveys.assessment.stakes import ObservedStake

_TIMES = ("time", "timestamp", "datetime", "date_time", "utc", "时间", "采集时间", "观测时间")
_NUMBERS = (
    "number",
    "name",
    "stake",
    "id",
    "no",
    "jzbh",
    "code",
    "界桩编号",
    "界桩号",
    "桩号",
    "编号",
    "点号",
    "点名",
    "名称",
)
CONDITIONS_IN_FILES = ("condition", "state", "status", "界桩状况", "状况", "状态", "现状", "完好情况")
_HEIGHTS = ("height", "height_m", "ele", "elevation", "h", "gc", "z", "高程", "高程h")
ACCURACIES = ("accuracy", "accuracy_m", "hrms", "精度", "平面精度")
_LONGITUDES = ("lon", "lng", "long", "longitude", "jd", "x", "经度", "东经")
_LATITUDES = ("lat", "latitude", "wd", "y", "纬度", "北纬")


class NoTrack(Invalid):
    """A file that holds neither lines nor points."""

    code: ClassVar[str] = "no-track"


class NoStakes(Invalid):
    """A file without points."""

    code: ClassVar[str] = "no-stakes-in-file"


def read_track(path: Path) -> Track:
    """The track of a file: recorded points with their times where it has such, else its lines, else its points.

    Of GPX the layer ``track_points`` is taken, segment by segment, else the routes. Other formats: every layer with
    lines, else the first with points, in the order of a column of times if there is one.

    Raises
    ------
    gis.vectorfile errors
        If the file cannot be read.
    NoTrack
        If there is no line and no point in it.
    """
    layers = {layer.name: layer for layer in list_layers(path)}
    if layers.get("track_points") is not None and layers["track_points"].rows:
        points = _placed(read(path, "track_points"), path)
        keys = [points[name].to_numpy() for name in ("track_fid", "track_seg_id")]
        return _of_points(points, np.stack(keys, axis=1))
    frames = [_placed(read(path, layer.name), path) for layer in layers.values() if layer.geometry and layer.rows]
    lines = [shape for frame in frames for shape in frame.geometry if _is_line(shape)]
    if lines:
        return Track.from_geometries(lines)
    for frame in frames:
        points = frame[frame.geometry.geom_type == "Point"]
        if len(points):
            return _of_points(points, np.zeros((len(points), 1)))
    raise NoTrack(
        N_("%(file)s holds neither a line nor points."),
        hint=N_("Give the file that the receiver wrote."),
        file=path.name,
    )


def read_stakes(path: Path) -> list[ObservedStake]:
    """The stakes of a file: its points, or rows with longitude and latitude; columns are known by their headings.

    Raises
    ------
    gis.vectorfile errors
        If the file cannot be read.
    NoStakes
        If there is no row with a number or a place.
    """
    found: list[ObservedStake] = []
    for layer in list_layers(path):
        if not layer.rows or layer.name in ("track_points", "route_points", "tracks", "routes"):
            continue
        frame = read(path, layer.name)
        if layer.geometry:
            frame = _placed(frame, path)
            frame = frame[frame.geometry.isna() | (frame.geometry.geom_type == "Point")]
        # rows of a table stand below its headings
        found += _stakes_of(frame, path.name, first=1 if layer.geometry else 2)
    if not found:
        raise NoStakes(
            N_("%(file)s holds no stakes."),
            hint=N_("Give points with a number, or a table with number, longitude and latitude."),
            file=path.name,
        )
    return found


def _placed(frame: Any, path: Path) -> gpd.GeoDataFrame:
    """In longitude and latitude; a file that does not say its system is taken as such."""
    if frame.crs is None:
        box = frame.total_bounds
        if not (np.abs(box[[0, 2]]) <= 180).all() or not (np.abs(box[[1, 3]]) <= 90).all():
            raise NoTrack(
                N_("%(file)s does not say its coordinate system, and its coordinates are no longitude and latitude."),
                hint=N_("Add the .prj file, or import it where the system can be chosen."),
                file=path.name,
            )
        return frame.set_crs(STORAGE)
    # PROJ holds 4326 and 4490 for equal
    return frame.to_crs(STORAGE)


def _is_line(shape: Any) -> bool:
    return shape is not None and not shape.is_empty and shape.geom_type in ("LineString", "MultiLineString")


def _of_points(frame: Any, keys: NDArray[Any]) -> Track:
    xy = np.full((len(frame), 2), np.nan)
    shapes = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    xy[there] = shapely.get_coordinates(shapes[there])
    time = _times(frame)
    new = np.concatenate([[True], (keys[1:] != keys[:-1]).any(axis=1)])
    track = Track.of(xy[:, 0], xy[:, 1], part=np.cumsum(new) - 1, time=time, accuracy_m=_numbers(frame, ACCURACIES))
    if keys.shape[1] == 1 and np.isfinite(track.time_s).all():
        return track[np.argsort(track.time_s, kind="stable")]
    return track


def _column(frame: Any, names: Iterable[str]) -> str | None:
    """The first column, in the order of the names, with one of these headings."""
    known = {str(name).strip().lower(): str(name) for name in frame.columns}
    return next((known[name] for name in names if name in known), None)


def _times(frame: Any) -> NDArray[np.float64]:
    name = _column(frame, _TIMES)
    if name is None:
        return np.full(len(frame), np.nan)
    values = pd.to_datetime(frame[name], utc=True, errors="coerce", format="mixed")
    seconds = values.dt.tz_localize(None).to_numpy(dtype="datetime64[us]").astype(np.int64) / 1e6
    return np.asarray(np.where(values.isna(), np.nan, seconds), dtype=np.float64)


def _numbers(frame: Any, names: Iterable[str]) -> NDArray[np.float64]:
    name = _column(frame, names)
    if name is None:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[name], errors="coerce"), dtype=np.float64)


def _stakes_of(frame: Any, file: str, *, first: int) -> list[ObservedStake]:
    count = len(frame)
    if isinstance(frame, gpd.GeoDataFrame) and "geom" in frame.columns:
        lon, lat = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    else:
        lon, lat = _numbers(frame, _LONGITUDES), _numbers(frame, _LATITUDES)
    height, accuracy = _numbers(frame, _HEIGHTS), _numbers(frame, ACCURACIES)
    texts = []
    for names in (_NUMBERS, CONDITIONS_IN_FILES):
        column = _column(frame, names)
        texts.append([""] * count if column is None else frame[column].astype("string").fillna("").tolist())
    return [
        ObservedStake(number.removesuffix(".0"), _known(x), _known(y), _known(h), _known(a), condition, f"{file}:{row}")
        for row, (number, condition, x, y, h, a) in enumerate(
            zip(*texts, lon.tolist(), lat.tolist(), height.tolist(), accuracy.tolist(), strict=True), start=first
        )
        if plain_number(number) or (math.isfinite(x) and math.isfinite(y))
    ]


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
