"""Photos of a walk: where they were taken, and of which stake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gis.errors import N_
from gis.findings import Finding
from gis.measure import distance_m
from gis.tracks import Track
from surveys.assessment.stakes import StakeResult


@dataclass(frozen=True)
class Photo:
    """A photo as the camera wrote it.

    Parameters
    ----------
    name
        Of the file.
    lon, lat
        Degrees, EPSG:4490; None where the camera did not know.
    time_s
        Seconds since 1970 in UTC; None where unknown. A camera's own clock is first brought to UTC.
    """

    name: str
    lon: float | None = None
    lat: float | None = None
    time_s: float | None = None


@dataclass(frozen=True)
class PhotoRules:
    """By what photos are placed.

    Parameters
    ----------
    near_m
        A photo shows a stake that is no farther away.
    between_s
        Two points of the track that are farther apart in time say nothing of a photo between them.
    camera_ahead_s
        By how much the camera's clock is ahead of the receiver's.
    """

    near_m: float = 30.0
    between_s: float = 120.0
    camera_ahead_s: float = 0.0


@dataclass(frozen=True)
class PhotoResult:
    """Where a photo was taken, how that is known, and the stake that it shows (its number and uuid, or empty)."""

    name: str
    placed: Literal["position", "time", ""]
    lon: float | None = None
    lat: float | None = None
    stake: str = ""
    stake_uuid: str = ""
    distance_m: float | None = None


def match_photos(
    photos: Sequence[Photo], stakes: Sequence[StakeResult], track: Track | None = None, rules: PhotoRules | None = None
) -> tuple[list[PhotoResult], list[Finding]]:
    """Place photos by their own position, else by their time against the track, and give each to the nearest stake.

    Parameters
    ----------
    stakes
        As found; a stake stands where it was found, else where the register has it.
    track
        The walk as recorded, stops and all; None: photos are placed by their own position alone.
    rules
        None: the usual ones.

    Returns
    -------
    results
        One for each photo, in order.
    findings
        Photos without a place or a stake, stakes that were found and have no photo.
    """
    rules = rules or PhotoRules()
    times = _Clock(track, rules)
    standing = [stake for stake in stakes if stake.place is not None and stake.state != "twice"]
    lon, lat = np.array([stake.place for stake in standing], dtype=np.float64).reshape(-1, 2).T
    results, findings = [], []
    for photo in photos:
        placed, place = times.place(photo)
        if place is None:
            results.append(PhotoResult(photo.name, ""))
            findings.append(
                Finding("photo-without-place", "warning", photo.name,
                        N_("Where the photo was taken is not known."), {},
                        N_("Let the camera write its position, or set its clock by the receiver; else say its stake."))
            )  # fmt: skip
            continue
        away = distance_m(place[0], place[1], lon, lat) if standing else np.empty(0)
        nearest = int(np.nanargmin(away)) if np.isfinite(away).any() else -1
        if nearest >= 0 and away[nearest] <= rules.near_m:
            stake = standing[nearest]
            results.append(
                PhotoResult(
                    photo.name, placed, *place, stake.number or stake.observed, stake.uuid, float(away[nearest])
                )
            )
            continue
        results.append(PhotoResult(photo.name, placed, *place))
        findings.append(
            Finding("photo-of-no-stake", "info", photo.name,
                    N_("No stake was found within %(near)s m of the photo."), {"near": rules.near_m},
                    N_("Say what it shows."))
        )  # fmt: skip
    shown = {(photo.stake_uuid, photo.stake) for photo in results if photo.stake}
    for stake in stakes:
        wanted = stake.state not in ("not-seen", "twice") and stake.condition != "missing"
        if wanted and (stake.uuid, stake.number or stake.observed) not in shown:
            findings.append(
                Finding("photo-missing", "warning", stake.where or stake.number,
                        N_("There is no photo of stake %(number)s."), {"number": stake.number or stake.observed},
                        N_("Add one, or say which of the photos shows it."))
            )  # fmt: skip
    return results, findings


class _Clock:
    """Where somebody was at a time."""

    def __init__(self, track: Track | None, rules: PhotoRules) -> None:
        self._rules = rules
        self._times = np.empty(0)
        if track is not None:
            known = np.flatnonzero(np.isfinite(track.time_s) & np.isfinite(track.lon) & np.isfinite(track.lat))
            order = known[np.argsort(track.time_s[known], kind="stable")]
            self._times, self._lon, self._lat = track.time_s[order], track.lon[order], track.lat[order]

    def place(self, photo: Photo) -> tuple[Literal["position", "time", ""], tuple[float, float] | None]:
        """How a photo's place is known, and longitude and latitude."""
        if photo.lon is not None and photo.lat is not None and abs(photo.lon) <= 180 and abs(photo.lat) <= 90:
            return "position", (photo.lon, photo.lat)
        if photo.time_s is None or not np.isfinite(photo.time_s) or not len(self._times):
            return "", None
        at = photo.time_s - self._rules.camera_ahead_s
        after = int(np.searchsorted(self._times, at))
        low, high = max(after - 1, 0), min(after, len(self._times) - 1)
        outside = max(self._times[0] - at, at - self._times[-1])
        if outside > self._rules.between_s or self._times[high] - self._times[low] > self._rules.between_s:
            return "", None
        return "time", (
            float(np.interp(at, self._times, self._lon)), float(np.interp(at, self._times, self._lat))
        )  # fmt: skip
