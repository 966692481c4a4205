"""What files from the field bring to an assessment: their tracks, stakes, photos and areas in its own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gis.tracks import Track
from surveys.assessment.files import ACCURACIES, CONDITIONS_IN_FILES
from surveys.assessment.photos import Photo
from surveys.assessment.stakes import ObservedStake
from surveys.uploads import FieldFile, TrackPart

CAMERA_ZONE_H = 8.0
"""Cameras that do not say their zone are set to Beijing time."""


@dataclass(frozen=True)
class Brought:
    """The arguments of `surveys.assessment.assess_field_work`; None for a kind that no file holds."""

    track: Track | None = None
    stakes: tuple[ObservedStake, ...] | None = None
    photos: tuple[Photo, ...] | None = None
    objects: Mapping[str, Any] | None = field(default=None)


def brought(files: Sequence[FieldFile], *, camera_zone_h: float = CAMERA_ZONE_H) -> Brought:
    """Put the files of one walk together.

    Parameters
    ----------
    files
        As read, in any order: pieces of track are put in the order of their times, those without times behind.
    camera_zone_h
        Hours ahead of UTC of the clock of a camera that does not say its zone.

    Returns
    -------
    Brought
        Recorded tracks if there are any, else drawn lines; planned routes are no walk. Points with a number are stakes.
    """
    stakes = [
        ObservedStake(
            point.number or point.name, point.lon, point.lat, point.height,
            _number(_said(point.attributes, ACCURACIES)), _said(point.attributes, CONDITIONS_IN_FILES),
            f"{file.name}:{point.row}",
        )
        for file in files
        for point in file.points
        if point.kind == "stake"
    ]  # fmt: skip
    photos = [
        Photo(photo.name, photo.lon, photo.lat, _utc(photo.time, zoned=photo.zoned, ahead_h=camera_zone_h))
        for file in files
        for photo in file.photos
    ]
    areas = [(f"{file.name}:{area.row}", area) for file in files for area in file.areas]
    return Brought(
        track=_track(files),
        stakes=tuple(stakes) if stakes else None,
        photos=tuple(photos) if photos else None,
        objects={f"{area.name} ({where})" if area.name else where: area.shape for where, area in areas} or None,
    )


def _track(files: Sequence[FieldFile]) -> Track | None:
    for kind in ("track", "line"):
        parts = [part for file in files for track in file.tracks if track.kind == kind for part in track.parts]
        parts = sorted((part for part in parts if len(part.xy)), key=_begun)
        if parts:
            xy = np.concatenate([part.xy for part in parts])
            # a receiver's dilution is no accuracy in metres: it is not judged by
            return Track.of(
                xy[:, 0], xy[:, 1],
                part=np.repeat(np.arange(len(parts)), [len(part.xy) for part in parts]),
                time=np.concatenate([part.time for part in parts]),
            )  # fmt: skip
    return None


def _begun(part: TrackPart) -> float:
    known = part.time[np.isfinite(part.time)]
    return float(known[0]) if len(known) else float("inf")


def _utc(time: float | None, *, zoned: bool, ahead_h: float) -> float | None:
    return time if time is None or zoned else time - ahead_h * 3600


def _said(attributes: Mapping[str, str], headings: Sequence[str]) -> str:
    known = {heading.strip().lower(): text for heading, text in attributes.items()}
    return next((known[name] for name in headings if known.get(name)), "")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
