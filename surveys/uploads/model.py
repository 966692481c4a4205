"""What a file from the field holds, understood: one typed value, in EPSG:4490, that JSON can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from gis.findings import Finding

Floats = NDArray[np.float64]
TrackKind = Literal["track", "route", "line"]
PointKind = Literal["waypoint", "point", "stake"]

_DEGREES = 9
"""Decimals of a degree that are kept: a tenth of a millimetre."""


@dataclass(frozen=True)
class Member:
    """One table, layer or document of the file.

    Parameters
    ----------
    file
        The file's name; of an archive's member its path there.
    epsg, crs
        The system that its coordinates were in: number and name, None and empty where it cannot be told or it has none.
    encoding, encoding_from
        Of its texts and how that is known: ``cpg``, ``dbf``, ``format``, ``detected``.
    """

    file: str
    format: str
    layer: str = ""
    epsg: int | None = None
    crs: str = ""
    encoding: str = ""
    encoding_from: str = ""


@dataclass(frozen=True)
class TrackPart:
    """One piece of a track without a gap.

    Parameters
    ----------
    xy
        Shape (n, 2): longitude and latitude, EPSG:4490, degrees.
    height, accuracy
        Shape (n,): metres, and the horizontal dilution as the device wrote it; NaN where unknown.
    time
        Shape (n,): seconds since 1970 (UTC), NaN where unknown.
    """

    xy: Floats
    height: Floats
    time: Floats
    accuracy: Floats


@dataclass(frozen=True)
class Track:
    """A recorded track, a planned route, or a line of some layer; ``row`` is where it begins in the file."""

    member: int
    row: int
    name: str
    kind: TrackKind
    parts: tuple[TrackPart, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """A point.

    Parameters
    ----------
    kind
        ``stake`` where it carries a stake's number or code, ``waypoint`` where a device has set it, else ``point``.
    number
        Of a stake: number or code as it stands there.
    time
        Seconds since 1970 (UTC), None where unknown.
    attributes
        Heading to text, as it stands in the file.
    fields
        Field of `layers.records` to text, as far as headings were recognised.
    """

    member: int
    row: int
    name: str
    kind: PointKind
    lon: float
    lat: float
    height: float | None = None
    time: float | None = None
    number: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Area:
    """A polygon of some layer, such as a building or a field."""

    member: int
    row: int
    name: str
    shape: BaseGeometry
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Photo:
    """A photo as its EXIF describes it.

    Parameters
    ----------
    lon, lat, height
        Where it was taken, None where the camera did not know.
    time
        Seconds since 1970: UTC where ``zoned``, else the camera's own clock, whose zone it does not say.
    direction
        Where the camera looked, degrees from north, clockwise.
    size
        Width and height in pixels, upright; None where unknown.
    """

    member: int
    name: str
    lon: float | None
    lat: float | None
    height: float | None
    time: float | None
    zoned: bool
    direction: float | None
    size: tuple[int, int] | None
    camera: str = ""


@dataclass(frozen=True)
class FieldFile:
    """A file from the field; ``findings`` are flaws, ``assumed`` what was taken for granted and is worth a look."""

    name: str
    members: tuple[Member, ...] = ()
    tracks: tuple[Track, ...] = ()
    points: tuple[Point, ...] = ()
    areas: tuple[Area, ...] = ()
    photos: tuple[Photo, ...] = ()
    findings: tuple[Finding, ...] = ()
    assumed: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing in it could be taken."""
        return not (self.tracks or self.points or self.areas or self.photos)

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each kind; ``vertices`` are those of tracks."""
        kinds = [point.kind for point in self.points]
        return {
            "tracks": sum(track.kind != "line" for track in self.tracks),
            "lines": sum(track.kind == "line" for track in self.tracks),
            "vertices": sum(len(part.xy) for track in self.tracks for part in track.parts),
            "stakes": kinds.count("stake"),
            "points": len(kinds) - kinds.count("stake"),
            "areas": len(self.areas),
            "photos": len(self.photos),
        }

    @property
    def span(self) -> tuple[float, float] | None:
        """First and last moment of tracks, points and photos that know UTC; None where none does."""
        moments = [part.time for track in self.tracks for part in track.parts]
        moments.append(np.array([point.time for point in self.points], dtype=np.float64))
        moments.append(np.array([photo.time if photo.zoned else None for photo in self.photos], dtype=np.float64))
        known = np.concatenate(moments)
        known = known[np.isfinite(known)]
        return (float(known.min()), float(known.max())) if len(known) else None

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north; None where there is no place."""
        boxes = [(*part.xy.min(axis=0), *part.xy.max(axis=0)) for one in self.tracks for part in one.parts]
        boxes += [(point.lon, point.lat, point.lon, point.lat) for point in self.points]
        boxes += [area.shape.bounds for area in self.areas]
        boxes += [
            (photo.lon, photo.lat, photo.lon, photo.lat)
            for photo in self.photos
            if photo.lon is not None and photo.lat is not None
        ]
        if not boxes:
            return None
        table = np.array(boxes, dtype=np.float64)
        (west, south), (east, north) = table[:, :2].min(axis=0).tolist(), table[:, 2:].max(axis=0).tolist()
        return west, south, east, north

    def as_json(self) -> dict[str, Any]:
        """The value as JSON writes it; `from_json` makes it again."""
        return {
            "name": self.name,
            "members": [vars(member) for member in self.members],
            "tracks": [{**vars(track), "parts": [_part(part) for part in track.parts]} for track in self.tracks],
            "points": [{**vars(one), "lon": _round(one.lon), "lat": _round(one.lat)} for one in self.points],
            "areas": [{**vars(area), "shape": mapping(area.shape)} for area in self.areas],
            "photos": [vars(photo) for photo in self.photos],
            "findings": [finding_as_json(finding) for finding in self.findings],
            "assumed": [finding_as_json(finding) for finding in self.assumed],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> FieldFile:
        """The value that `as_json` wrote."""
        return cls(
            given["name"],
            tuple(Member(**member) for member in given["members"]),
            tuple(
                Track(**{**track, "parts": tuple(_part_from(part) for part in track["parts"])})
                for track in given["tracks"]
            ),
            tuple(Point(**point) for point in given["points"]),
            tuple(Area(**{**area, "shape": shape(area["shape"])}) for area in given["areas"]),
            tuple(
                Photo(**{**photo, "size": tuple(photo["size"]) if photo["size"] else None}) for photo in given["photos"]
            ),
            tuple(Finding(**finding) for finding in given["findings"]),
            tuple(Finding(**finding) for finding in given["assumed"]),
        )


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding with plain parameters."""
    params = {
        name: value if isinstance(value, (int, float)) else str(value)[:500] for name, value in finding.params.items()
    }
    return {**vars(finding), "params": params}


def _part(part: TrackPart) -> dict[str, Any]:
    return {
        "xy": np.round(part.xy, _DEGREES).tolist(),
        "height": _listed(part.height, 3),
        "time": _listed(part.time, 3),
        "accuracy": _listed(part.accuracy, 2),
    }


def _part_from(given: Mapping[str, Any]) -> TrackPart:
    xy = np.array(given["xy"], dtype=np.float64).reshape(-1, 2)
    return TrackPart(xy, *(_array(given[name], len(xy)) for name in ("height", "time", "accuracy")))


def _listed(values: Floats, decimals: int) -> list[float | None] | None:
    """The values, None for those that are unknown; None where all are."""
    known = np.isfinite(values)
    if not known.any():
        return None
    rounded = np.round(values, decimals).tolist()
    return [value if there else None for value, there in zip(rounded, known.tolist(), strict=True)]


def _array(values: list[float | None] | None, count: int) -> Floats:
    return np.full(count, np.nan) if values is None else np.array(values, dtype=np.float64)


def _round(value: float) -> float:
    return round(value, _DEGREES)


def outline(found: FieldFile, *, most: int = 2_000, tolerance_deg: float = 0.00002) -> dict[str, Any]:
    """A GeoJSON collection for a small map: lines thinned, at most so many features.

    Parameters
    ----------
    tolerance_deg
        How far a thinned line may leave the true one: two metres by default.
    """
    features: list[dict[str, Any]] = []
    for track in found.tracks[:most]:
        pieces = [shapely.LineString(part.xy) for part in track.parts if len(part.xy) > 1]
        if pieces:
            thin = shapely.simplify(shapely.MultiLineString(pieces), tolerance_deg)
            features.append(_feature(thin, track.kind, track.name))
    features += [_feature(shapely.Point(one.lon, one.lat), one.kind, one.name) for one in found.points[:most]]
    features += [
        _feature(shapely.simplify(area.shape, tolerance_deg), "area", area.name) for area in found.areas[:most]
    ]
    features += [
        _feature(shapely.Point(photo.lon, photo.lat), "photo", photo.name)
        for photo in found.photos[:most]
        if photo.lon is not None and photo.lat is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(geometry: BaseGeometry, kind: str, name: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(geometry), "properties": {"kind": kind, "name": name}}
