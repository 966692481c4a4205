"""The registered stakes, as far as a file's points are judged by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from gis.crs import suspect_gcj02
from gis.errors import N_
from gis.findings import Finding
from surveys.uploads.model import Point


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
        """Whether observed stakes stand beside the registered ones as GCJ-02 does; each by its nearest namesake."""
        pairs = []
        for point in points:
            known = self.places.get(normal(point.number)) if point.number else None
            if known:
                nearest = min(known, key=lambda one: (one[0] - point.lon) ** 2 + (one[1] - point.lat) ** 2)
                pairs.append(((point.lon, point.lat), nearest))
        if len(pairs) < 3:
            return None
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
