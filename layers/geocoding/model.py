"""What the geocoder says of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding

ACCURACIES: Final = ("address", "village", "road", "town", "county", "unknown")
"""How exactly a text says where something is, the best first: a named place, a village, something long of which only
the name is known (a road, a river), the seat of a town or county, nothing."""

MOST_ALTERNATIVES: Final = 5
"""Other places that an answer has at most."""

ACCURACY_TITLES: Final = {
    "address": N_("named place"),
    "village": N_("village"),
    "road": N_("road"),
    "town": N_("town"),
    "county": N_("county"),
    "unknown": N_("not found"),
}


@dataclass(frozen=True)
class Match:
    """One place that a text may mean.

    Parameters
    ----------
    name, uuid, layer
        Of the record: ``layer`` is ``divisions`` or ``place-names``.
    path
        The names of the divisions in which it lies, the county first, and its own.
    accuracy
        One of `ACCURACIES`.
    lon, lat
        Degrees, EPSG:4490; NaN where it has no place.
    county, town, village
        Codes, "" for none.
    score
        0 to 1: how much of the text it explains, and how exactly.
    """

    name: str
    uuid: str
    layer: str
    path: tuple[str, ...]
    accuracy: str
    lon: float
    lat: float
    county: str
    town: str
    village: str
    score: float


NOTHING: Final = Match("", "", "", (), "unknown", float("nan"), float("nan"), "", "", "", 0.0)
"""No place."""


@dataclass(frozen=True)
class Answer:
    """What one text says.

    Parameters
    ----------
    text
        As it was given.
    match
        The place; `NOTHING` where there is none.
    alternatives
        Up to five other places that it may mean, the likeliest first.
    findings
        What is doubtful. ``warning``: look at it; ``info``: how it was read.
    """

    text: str
    match: Match
    alternatives: tuple[Match, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look at it."""
        return any(finding.severity == "warning" for finding in self.findings)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of its findings."""
        return tuple(finding.rule for finding in self.findings)


@dataclass(frozen=True)
class Geocoded:
    """Answers to texts, in their order; the columns are of shape (n,)."""

    answers: list[Answer]

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers)

    def __getitem__(self, row: int) -> Answer:
        return self.answers[row]

    def _column(self, name: str, dtype: type) -> NDArray[Any]:
        return np.array([getattr(answer.match, name) for answer in self.answers], dtype=dtype)

    @cached_property
    def lon(self) -> NDArray[np.float64]:
        """Degrees east, EPSG:4490; NaN where nothing was found."""
        return self._column("lon", float)

    @cached_property
    def lat(self) -> NDArray[np.float64]:
        """Degrees north."""
        return self._column("lat", float)

    @cached_property
    def accuracy(self) -> NDArray[np.object_]:
        """One of `ACCURACIES`."""
        return self._column("accuracy", object)

    @cached_property
    def matched(self) -> NDArray[np.object_]:
        """Name of the record, "" for none."""
        return self._column("name", object)

    @cached_property
    def uuid(self) -> NDArray[np.object_]:
        """Permanent id of the record, "" for none."""
        return self._column("uuid", object)

    @cached_property
    def county(self) -> NDArray[np.object_]:
        """Code of the county, "" for none; so ``town`` and ``village``."""
        return self._column("county", object)

    @cached_property
    def town(self) -> NDArray[np.object_]:
        """Code of the town."""
        return self._column("town", object)

    @cached_property
    def village(self) -> NDArray[np.object_]:
        """Code of the village."""
        return self._column("village", object)

    @cached_property
    def score(self) -> NDArray[np.float64]:
        """0 to 1."""
        return self._column("score", float)

    @cached_property
    def doubtful(self) -> NDArray[np.bool_]:
        """Which rows somebody should look at."""
        return np.array([answer.doubtful for answer in self.answers], dtype=bool)

    def counts(self) -> dict[str, int]:
        """How many rows are of each accuracy, the best first; none of those that there are none of."""
        found = Counter(answer.match.accuracy for answer in self.answers)
        return {accuracy: found[accuracy] for accuracy in ACCURACIES if found[accuracy]}
