"""A given course text (走向说明) read back, and held against the line that it describes, leg by leg."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry import LineString

from gis.linear import point_at
from gis.measure import SECTORS, azimuth_deg, length_m, sector16

_SECTOR: Final = "|".join(sorted(SECTORS, key=len, reverse=True))
_DISTANCE: Final = r"(\d+(?:\.\d+)?)\s*(千米|公里|km|米|m)"
_LEG: Final = re.compile(rf"(?:向|往|沿)\s*(?:正)?({_SECTOR})(?:方向)?[^，,。；;向]{{0,12}}?\s*{_DISTANCE}")
_TOTAL: Final = re.compile(rf"全长\s*(?:约|为)?\s*{_DISTANCE}")
_ALLOWED_SECTORS: Final = 1
"""Sixteenths by which a told leg may miss the measured one: texts round."""


@dataclass(frozen=True)
class ToldLeg:
    """A stretch as a text tells it: sector, length in metres, and how far from the start it begins."""

    sector: str
    length_m: float
    start_m: float


@dataclass(frozen=True)
class Told:
    """What was understood of a course text; ``total_m`` is None where it names no whole length."""

    legs: tuple[ToldLeg, ...]
    total_m: float | None

    @property
    def along_m(self) -> float:
        """The lengths of its legs together."""
        return sum(leg.length_m for leg in self.legs)


@dataclass(frozen=True)
class LegApart:
    """A leg that runs otherwise than told: its number from 1, what the text says, what the line does there."""

    number: int
    told: ToldLeg
    sector: str
    azimuth_deg: float


def read_course(text: str) -> Told:
    """The legs and the whole length that a course text names; no legs where it is written in another way.

    Examples
    --------
    >>> told = read_course("界线由甲起，向东偏东北行3.2千米，折向东行900米，至乙止，全长4.10千米。")
    >>> [(leg.sector, leg.length_m, leg.start_m) for leg in told.legs], told.total_m
    ([('东偏东北', 3200.0, 0.0), ('东', 900.0, 3200.0)], 4100.0)
    """
    legs: list[ToldLeg] = []
    at = 0.0
    for sector, number, unit in _LEG.findall(text):
        metres = _metres(number, unit)
        legs.append(ToldLeg(sector, metres, at))
        at += metres
    total = _TOTAL.search(text)
    return Told(tuple(legs), _metres(*total.groups()) if total else None)


def legs_apart(told: Told, line: LineString, *, sectors: int = _ALLOWED_SECTORS) -> list[LegApart]:
    """Legs of a text that run in another sector than the line does over the same stretch.

    Parameters
    ----------
    told
        As `read_course` gives it. Its lengths are stretched to the line's, so that rounding does not add up.
    line
        Longitude and latitude in degrees.
    sectors
        So many sixteenths may both differ.
    """
    if not told.legs or told.along_m <= 0:
        return []
    scale = float(length_m(line)) / told.along_m
    stops = np.minimum(np.array([*(leg.start_m for leg in told.legs), told.along_m]) * scale, float(length_m(line)))
    places = point_at(line, stops)
    found = []
    for number, (leg, start, end) in enumerate(zip(told.legs, places[:-1], places[1:], strict=True), start=1):
        azimuth = float(azimuth_deg(start.x, start.y, end.x, end.y))
        runs = str(sector16(azimuth))
        apart = abs(SECTORS.index(runs) - SECTORS.index(leg.sector))
        if min(apart, len(SECTORS) - apart) > sectors:
            found.append(LegApart(number, leg, runs, azimuth))
    return found


def _metres(number: str, unit: str) -> float:
    return float(number) * (1000.0 if unit in ("千米", "公里", "km") else 1.0)
