"""Places from addresses, through the register's own names: divisions, then a named place, road or village in them.

An address is read from the left, province to village; in what is left the longest name is looked for that a place of
the same town (or county, where no town is named) has. How exactly that tells where something stands is its accuracy;
what leaves a doubt is noted, row by row: those notes are the list of the doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.address_book import AddressBook
from layers.ingest.model import Noted
from layers.records.cells import shown
from layers.records.divisions import Found, tidy

__all__ = ["ACCURACIES", "AddressBook", "Addressed", "place_by_address"]

ACCURACIES: Final = ("surveyed", "address", "village", "town", "county", "unknown")
"""How exactly a position is known, the best first."""

_BRACKETS: Final = re.compile(r"\([^)]*\)")
_NEAR_M: Final = 1000.0
"""Places of one name that lie nearer together than this are one for who looks for an address."""


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
        The doubtful, one warning each, about field ``address``.
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


@dataclass
class _Spot:
    """Where one address leads."""

    lon: float = np.nan
    lat: float = np.nan
    accuracy: str = "unknown"
    matched: str = ""
    division: int = -1
    findings: list[Finding] = field(default_factory=list)


def place_by_address(frame: pd.DataFrame, *, names: AddressBook) -> Addressed:
    """Find the place of each row by its ``address``, within the division that its codes name where it has any.

    Parameters
    ----------
    frame
        Column ``address`` and, where there are, ``county_code``, ``town_code``, ``village_code``. Rows that have a
        place already are the caller's to leave out.
    """
    size = len(frame)
    given = {name: _texts(frame, name) for name in ("address", "county_code", "town_code", "village_code")}
    geometry, accuracy, matched, county, town, village = (np.full(size, None, dtype=object) for _ in range(6))
    matched[:] = ""
    notes: list[Noted] = []
    seen: dict[tuple[str, ...], _Spot] = {}
    divisions = names.divisions
    for row, key in enumerate(zip(*given.values(), strict=True)):
        if not key[0]:
            continue
        spot = seen.get(key)
        if spot is None:
            spot = seen[key] = _place(key[0], names, *key[1:])
        accuracy[row], matched[row] = spot.accuracy, spot.matched
        if spot.lon == spot.lon:
            geometry[row] = shapely.Point(spot.lon, spot.lat)
        at = spot.division
        if at >= 0:
            county[row], town[row] = divisions.county[at] or None, divisions.town[at] or None
            village[row] = divisions.code[at] if divisions.level[at] == "village" else None
        notes.extend(Noted(row, "address", shown(key[0]), finding) for finding in spot.findings)
    return Addressed(geometry, accuracy, matched, county, town, village, notes)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return [cell.strip() if isinstance(cell, str) else "" for cell in frame[name].tolist()]


def _place(address: str, names: AddressBook, county: str, town: str, village: str) -> _Spot:
    """One address: first its divisions, then what is left of it."""
    divisions = names.divisions
    text = _BRACKETS.sub("", tidy(address)) or tidy(address)
    hint = next((code for code in (village, town, county) if code in divisions), "")
    found = _found(text, names, "")
    spot = _Spot()
    if found.row < 0 or divisions.level[found.row] == "city" or found.candidates:
        if hint:
            below = hint if divisions.level_of(hint) != "village" else divisions.town[divisions.row_of[hint]]
            found = _found(text, names, below or hint)
    elif county in divisions and divisions.county[found.row] not in ("", county):
        spot.findings.append(_finding(
            "other-county", N_("The address lies in %(name)s, the record says %(county)s."),
            N_("Correct the address or the county."), name=divisions.full_name(found.row),
            county=divisions.name_of(county),
        ))  # fmt: skip
        hint = ""
    found = _further(found, names)
    spot.division = found.row
    if found.row < 0:
        if hint:
            return _at_division(spot, divisions.row_of[hint], names)
        spot.findings.append(_several(found, names) if found.candidates else _finding(
            "address-unknown", N_("Nothing in “%(value)s” is a name that the register knows."),
            N_("Set the place on the map."), value=shown(address),
        ))  # fmt: skip
        return spot
    return _within(spot, found, hint, names)


def _found(text: str, names: AddressBook, within: str) -> Found:
    """The divisions of an address, but for one whose short name only begins a place's: 王府花园 is not 王府村."""
    divisions = names.divisions
    found = divisions.find(text, within=within)
    if found.row < 0 or divisions.level[found.row] not in ("town", "village"):
        return found
    for level in ("county", "town"):
        upper = divisions.find(text, within=within, lowest=level)
        taken = len(upper.rest) - len(found.rest)
        if upper.row >= 0 and upper.row != found.row and names.begins(upper.rest, upper.row) > taken:
            return upper
    return found


def _further(found: Found, names: AddressBook) -> Found:
    """A town that is named later in the text, after an economic zone or the like."""
    divisions = names.divisions
    if found.row < 0 or found.candidates or divisions.level[found.row] != "county":
        return found
    for start in range(1, len(found.rest) - 1):
        rows, length = divisions.match("town", found.row, found.rest[start:])
        if len(rows) == 1 and length > 2:
            return _found(found.rest[start + length :], names, divisions.code[rows[0]])
    return found


def _within(spot: _Spot, found: Found, hint: str, names: AddressBook) -> _Spot:
    """The best of what is left of an address whose division is known."""
    divisions = names.divisions
    place, word = names.look(found.rest, found.row)
    if place is not None and place.exact:
        spot.lon, spot.lat, spot.accuracy, spot.matched = place.lon, place.lat, "address", word
        spot.division = divisions.row_of.get(place.village, divisions.row_of.get(place.town, found.row))
        return spot
    row = found.row
    if hint and _lies_in(names, divisions.row_of[hint], row):
        row = spot.division = divisions.row_of[hint]
    if found.candidates and divisions.level[row] != "village":
        near = names.one_of(found.candidates)
        if near is not None:
            row = spot.division = near
        else:
            spot.findings.append(_several(found, names))
    if divisions.level[row] != "village" and place is not None:
        spot.lon, spot.lat, spot.accuracy, spot.matched = place.lon, place.lat, "village", word
        if place.road:
            spot.findings.append(_finding(
                "road-alone", N_("Only the road %(value)s is known; where on it is not."),
                N_("Set the place on the map."),
                value=word,
            ))  # fmt: skip
        return spot
    return _at_division(spot, row, names, rest=found.rest)


def _lies_in(names: AddressBook, inner: int, outer: int) -> bool:
    """Whether a division that the record's code names is a more exact word for the one that the address names."""
    divisions = names.divisions
    code = divisions.code[outer]
    return inner != outer and code in (divisions.county[inner], divisions.town[inner], divisions.parent[inner])


def _at_division(spot: _Spot, row: int, names: AddressBook, *, rest: str = "") -> _Spot:
    """The seat of a division, or of the one above where it has none."""
    divisions = names.divisions
    spot.division = row
    while row >= 0 and np.isnan(divisions.lon[row]):
        row = divisions.row_of.get(divisions.parent[row], -1)
    level = divisions.level[row] if row >= 0 else ""
    if level not in ("village", "town", "county"):
        spot.findings.append(_finding(
            "address-unknown", N_("Nothing in “%(value)s” is a name that the register knows."),
            N_("Set the place on the map."), value=shown(rest),
        ))  # fmt: skip
        return spot
    spot.lon, spot.lat = float(divisions.lon[row]), float(divisions.lat[row])
    spot.accuracy, spot.matched = level, divisions.name[row]
    if level == "village" or any(finding.rule == "several-places" for finding in spot.findings):
        return spot
    template = (
        N_("Only %(name)s is known of it: there is no “%(rest)s”.") if rest else N_("It says no more than %(name)s.")
    )
    advice = N_("Correct the address, or set the place on the map.")
    spot.findings.append(_finding("only-division", template, advice, name=divisions.full_name(row), rest=shown(rest)))
    return spot


def _several(found: Found, names: AddressBook) -> Finding:
    places = " / ".join(names.divisions.full_name(row) for row in found.candidates[:4])
    return _finding(
        "several-places", N_("“%(value)s” may be %(candidates)s."), N_("Write the county or town before it."),
        value=shown(found.word), candidates=places,
    )  # fmt: skip


def _finding(rule: str, template: str, advice: str, **params: object) -> Finding:
    return Finding(rule, "warning", "address", template, params, advice)
