"""The registered stakes, as far as a file's points are judged by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gis.crs import suspect_gcj02
from gis.errors import N_
from gis.findings import Finding
from gis.measure import metres_per_degree
from surveys.uploads.model import Point

SHIFT_M: Final = (533.0, 57.0)
"""How far east and north a GCJ-02 point lies of its true place here; see `gis.crs.suspect_gcj02`."""
_NEAR_M: Final = 60.0
_FEWEST: Final = 3
"""So many points must speak for it, each of another stake: one may lie there by chance."""


def normal(number: str) -> str:
    """A stake's number without what spellings differ in: full width, blanks, case."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


@dataclass(frozen=True)
class KnownStakes:
    """Where registered stakes stand: longitude and latitude by code and by number, as `normal` writes them.

    A number that several stakes share (each line counts its own) names all of them.
    """

    places: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str | None, str | None, float, float]]) -> KnownStakes:
        """From rows of number, code, longitude and latitude."""
        places: dict[str, list[tuple[float, float]]] = {}
        for number, code, lon, lat in rows:
            for word in {normal(one) for one in (number, code) if one}:
                places.setdefault(word, []).append((lon, lat))
        return cls({word: tuple(found) for word, found in places.items()})

    def knows(self, number: str) -> bool:
        """Whether a stake of that number or code is registered; a bare short number is any point's."""
        word = normal(number)
        return len(word) > 2 and word in self.places

    def shift(self, points: Iterable[Point], where: str) -> Finding | None:
        """Whether points stand beside the registered stakes as GCJ-02 does.

        Those with a stake's number are judged by its nearest namesake; where there are fewer than three, all are
        judged by their places: whether they would lie at stakes if the shift were undone, and do not as they are.
        """
        pairs = []
        points = list(points)
        for point in points:
            known = self.places.get(normal(point.number)) if point.number else None
            if known:
                nearest = min(known, key=lambda one: (one[0] - point.lon) ** 2 + (one[1] - point.lat) ** 2)
                pairs.append(((point.lon, point.lat), nearest))
        if len(pairs) < 3:
            return self._shift_by_place(points, where)
        table = np.array(pairs, dtype=np.float64)
        found = suspect_gcj02(shapely.points(table[:, 0]), shapely.points(table[:, 1]), where=where)
        if found is None:
            return None
        return Finding(
            "gcj02-shift", "error", where,
            N_("%(count)d stakes stand about 533 m east and 57 m north of their registered places: the coordinates "
               "look like GCJ-02, the shifted system of commercial maps."),
            {"count": len(pairs)},
            N_("Ask for the surveyed coordinates; shifted ones are not corrected here."),
        )  # fmt: skip

    def _shift_by_place(self, points: Sequence[Point], where: str) -> Finding | None:
        places = {place for found in self.places.values() for place in found}
        if len(points) < _FEWEST or len(places) < _FEWEST:
            return None
        known = np.array(sorted(places), dtype=np.float64)
        own = np.array([(point.lon, point.lat) for point in points], dtype=np.float64)
        scale = np.array([float(one) for one in metres_per_degree(float(np.median(known[:, 1])))])
        tree = cKDTree(known * scale)
        as_they_are, _ = tree.query(own * scale)
        undone, stakes = tree.query(own * scale - SHIFT_M)
        at_stakes = undone <= _NEAR_M
        if len(set(stakes[at_stakes].tolist())) < _FEWEST or np.count_nonzero(as_they_are <= _NEAR_M):
            return None
        return Finding(
            "gcj02-shift", "warning", where,
            N_("%(count)d points would lie at registered stakes if all were moved back 533 m west and 57 m south: they "
               "look like GCJ-02, the shifted system of commercial maps."),
            {"count": int(np.count_nonzero(at_stakes))},
            N_("Ask for the surveyed coordinates; shifted ones are not corrected here."),
        )  # fmt: skip
