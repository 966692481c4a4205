"""Rows of an import placed by their addresses, as `layers.geocoding` reads them.

How exactly that tells where something stands is the position's accuracy; what leaves a doubt is noted, row by row:
those notes are the list of the doubtful.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.geocoding import AddressBook, geocode
from layers.ingest.model import Noted
from layers.records.cells import shown

__all__ = ["ACCURACIES", "AddressBook", "Addressed", "place_by_address"]

ACCURACIES: Final = ("surveyed", "address", "village", "town", "county", "unknown")
"""How exactly a position is known, the best first."""

_KEPT_AS: Final = {"road": "village"}
"""What a register keeps of the geocoder's accuracies: a road is as exact as the village in which it lies."""


@dataclass(frozen=True)
class Addressed:
    """Where rows lie by their addresses, all of shape (n,).

    Parameters
    ----------
    geometry
        Points in EPSG:4490, None where nothing was found.
    accuracy
        ``address`` (a named place), ``village``, ``town``, ``county``, ``unknown``; None where a row has no address.
    matched
        The name that was found, "" where none.
    county, town, village
        Codes that the address names, None where it does not.
    notes
        The doubtful, a warning each, about field ``address``.
    """

    geometry: NDArray[Any]
    accuracy: NDArray[Any]
    matched: NDArray[Any]
    county: NDArray[Any]
    town: NDArray[Any]
    village: NDArray[Any]
    notes: list[Noted]

    def counts(self) -> dict[str, int]:
        """How many rows are of each accuracy, the best first."""
        found = Counter(self.accuracy.tolist())
        return {accuracy: found[accuracy] for accuracy in ACCURACIES if found[accuracy]}


def place_by_address(frame: pd.DataFrame, *, names: AddressBook) -> Addressed:
    """Find the place of each row by its ``address``, within the division that its codes name where it has any.

    Parameters
    ----------
    frame
        Column ``address`` and, where there are, ``county_code``, ``town_code``, ``village_code``. Rows that have a
        place already are the caller's to leave out.
    """
    size = len(frame)
    given = [_texts(frame, name) for name in ("address", "village_code", "town_code", "county_code")]
    known = names.divisions
    within = [next((code for code in codes if code in known), "") for codes in zip(*given[1:], strict=True)]
    found = geocode(given[0], book=names, within=within)
    geometry, accuracy, matched, county, town, village = (np.full(size, None, dtype=object) for _ in range(6))
    matched[:] = ""
    notes: list[Noted] = []
    for row, answer in enumerate(found):
        if not answer.text:
            continue
        match = answer.match
        accuracy[row], matched[row] = _KEPT_AS.get(match.accuracy, match.accuracy), match.name
        if match.lon == match.lon:
            geometry[row] = shapely.Point(match.lon, match.lat)
        county[row], town[row], village[row] = match.county or None, match.town or None, match.village or None
        notes.extend(
            Noted(row, "address", shown(answer.text), finding)
            for finding in answer.findings
            if finding.severity == "warning"
        )
    return Addressed(geometry, accuracy, matched, county, town, village, notes)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return [cell.strip() if isinstance(cell, str) else "" for cell in frame[name].tolist()]
