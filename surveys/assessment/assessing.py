"""Assess field work: what was brought from the field against one line of the register."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString

from gis.errors import N_
from gis.findings import Finding
from gis.linear.figures import assess
from gis.linear.reference import vertex_chainages
from gis.linear.sides import areas_by_side
from gis.linear.walk import Limits
from gis.tracks import CleaningRules, Track
from surveys.assessment.comparing import compare_stakes
from surveys.assessment.photos import Photo, PhotoRules, match_photos
from surveys.assessment.result import Assessment, LineFacts, ObjectResult
from surveys.assessment.stakes import ObservedStake, RegisteredStake, StakeRules, not_seen
from surveys.assessment.track_result import track_result

_LEAST_M2 = 1.0  # a line drawn along a wall cuts nothing


@dataclass(frozen=True)
class RegisteredLine:
    """A line of the register with its stakes; degrees, EPSG:4490."""

    uuid: str
    code: str
    name: str
    geometry: LineString
    stakes: tuple[RegisteredStake, ...] = ()
    left_name: str = ""
    right_name: str = ""


@dataclass(frozen=True)
class Rules:
    """By what everything is judged; each part has its own."""

    track: Limits = field(default_factory=Limits)
    cleaning: CleaningRules = field(default_factory=CleaningRules)
    stakes: StakeRules = field(default_factory=StakeRules)
    photos: PhotoRules = field(default_factory=PhotoRules)

    def flat(self) -> dict[str, float]:
        """All of them under one name each, such as ``track.tolerance_m``."""
        return {
            f"{part}.{name}": float(value) for part, values in asdict(self).items() for name, value in values.items()
        }


def assess_field_work(
    line: RegisteredLine,
    *,
    track: Track | None = None,
    stakes: Sequence[ObservedStake] | None = None,
    photos: Sequence[Photo] | None = None,
    objects: Mapping[str, Any] | None = None,
    rules: Rules | None = None,
    where: str = "",
) -> Assessment:
    """Compare what was brought from the field with the register.

    Parameters
    ----------
    line
        The line and its stakes.
    track
        All parts of all tracks, in the order of the walk; None: none was brought.
    stakes, photos
        None: none were brought; an empty list: they were looked for and there were none.
    objects
        Polygons that may lie across the line, by name, in degrees.
    rules
        None: the usual ones.
    where
        What the findings on the track name, such as its file.

    Raises
    ------
    gis.linear.NotALine
        If the register's line is none.
    """
    rules = rules or Rules()
    findings: list[Finding] = []
    length = float(vertex_chainages(line.geometry)[-1])
    walked = None
    if track is not None:
        figures = assess(line.geometry, track, rules.track, rules=rules.cleaning, where=where)
        walked = track_result(figures)
        findings += figures.findings
    results = None
    if stakes is not None:
        results, said = compare_stakes(line.stakes, stakes, rules.stakes)
        findings += said
    shots = None
    if photos is not None:
        known = results if results is not None else [not_seen(stake) for stake in line.stakes]
        shots, said = match_photos(photos, known, track, rules.photos)
        findings += said
    cut = None
    if objects is not None:
        cut, said = _objects(line, objects)
        findings += said
    return Assessment(
        line=LineFacts(
            line.uuid, line.code, line.name, length, line.left_name, line.right_name,
            hashlib.sha256(shapely.to_wkb(line.geometry, byte_order=1, output_dimension=2)).hexdigest(),
        ),
        limits=rules.flat(),
        track=walked,
        stakes=None if results is None else tuple(results),
        photos=None if shots is None else tuple(shots),
        objects=cut,
        findings=tuple(findings),
        track_sha256=track_sha256(track) if track is not None else "",
    )  # fmt: skip


def track_sha256(track: Track) -> str:
    """SHA-256 of a track's points, parts and times, whatever the machine."""
    hashed = hashlib.sha256()
    for values in (track.lon, track.lat, track.time_s):
        # one pattern of bits for all that is no number
        hashed.update(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes())
    hashed.update(track.part.astype("<i8").tobytes())
    return hashed.hexdigest()


def _objects(line: RegisteredLine, objects: Mapping[str, Any]) -> tuple[tuple[ObjectResult, ...], list[Finding]]:
    """Those that the line cuts."""
    found = areas_by_side(line.geometry, list(objects.values()))
    results, findings = [], []
    columns = [found[column].tolist() for column in ("left_m2", "right_m2", "ends_inside")]
    for name, left, right, inside in zip(objects, *columns, strict=True):
        if min(left, right) < _LEAST_M2 and not inside:
            continue
        results.append(ObjectResult(name, left, right, inside))
        findings.append(
            Finding(
                "object-across", "info", name,
                N_("The line cuts it: %(left)s m² lie on the left, %(right)s m² on the right."),
                {"left": round(left, 1), "right": round(right, 1)},
                N_("Record it as a cross-border matter, with both sides' view."),
            )
        )  # fmt: skip
    return tuple(results), findings
