"""Facilities: those without coordinates are placed by their address, and every one says how exactly it stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from gis.errors import N_
from layers.ingest.addresses import AddressBook, place_by_address
from layers.ingest.draft import PLACE, Draft, located
from layers.ingest.newcomers import FROM_FILE
from layers.register.tables import GEOMETRY_COLUMN

BY_ADDRESS = "address"
_ASKED = ("address", "name", "county_code", "town_code", "village_code")


def place(draft: Draft) -> None:
    """Find rows without coordinates by their address; call before the rows are matched.

    A record that has a place keeps it: the address speaks for new ones and for those without.
    """
    rows = np.flatnonzero(~located(draft.places) & np.array([one is not None for one in draft.column("address")]))
    if not len(rows):
        return
    book = AddressBook.of(draft.register, reader=draft.editor.reader)
    asked = pd.DataFrame({name: draft.column(name)[rows] for name in _ASKED})
    found = place_by_address(asked, names=book)
    for name, codes in (
        ("county_code", found.county), ("town_code", found.town), ("village_code", found.village),
    ):  # fmt: skip
        given = draft.column(name)
        empty = np.array([one is None for one in given[rows]], dtype=bool)
        given[rows[empty]] = codes[empty]
        draft.frame[name] = pd.array(given, dtype="str")
        mask = draft.derived.setdefault(name, np.zeros(len(draft), dtype=bool))
        mask[rows[empty]] = True
    draft.addressed = dict(zip(rows.tolist(), zip(found.geometry, found.accuracy, strict=True), strict=True))
    draft.address_notes = [(int(rows[noted.row]), noted) for noted in found.notes if noted.row is not None]


def settle(draft: Draft) -> None:
    """Give new facilities, and those without a place, what their address said; call when rows have been compared."""
    stand = located(draft.places)
    records = draft.at >= 0
    homeless = records.copy()
    known = np.flatnonzero(records)
    homeless[known] = ~located(draft.known[GEOMETRY_COLUMN].to_numpy(dtype=object)[draft.at[known]])
    wanted = [row for row in draft.addressed if (not records[row] or homeless[row]) and not draft.refused[row]]
    points, accuracies = draft.places.copy(), draft.column("accuracy")
    placed = []
    for row in wanted:
        point, accuracy = draft.addressed[row]
        if point is not None and not shapely.is_empty(point):
            points[row], accuracies[row] = point, accuracy
            placed.append(row)
    told = set(wanted)
    for row, noted in draft.address_notes:
        if row in told:
            draft.note(row, noted.field, noted.value, noted.finding.rule, noted.finding.severity,
                       noted.finding.template, noted.finding.advice, **noted.finding.params)  # fmt: skip
    draft.frame[GEOMETRY_COLUMN] = points
    by_address = np.array(placed, dtype=np.intp)
    moved = draft.differences.setdefault(PLACE, np.zeros(len(draft), dtype=bool))
    moved[by_address] |= records[by_address]
    draft.put("position_source", by_address, [BY_ADDRESS] * len(placed))
    draft.put("accuracy", by_address, accuracies[by_address])
    fresh = draft.fresh
    by_file = np.flatnonzero(stand & (fresh | moved) & ~draft.refused)
    sources, given = draft.column("position_source"), draft.column("accuracy")
    new = fresh[by_file]
    draft.put("position_source", by_file, [
        sources[row] if first and sources[row] is not None else FROM_FILE
        for row, first in zip(by_file.tolist(), new.tolist(), strict=True)
    ])  # fmt: skip
    draft.put("accuracy", by_file, [given[row] or "unknown" for row in by_file.tolist()])
    lost = np.flatnonzero(fresh & ~located(draft.places))
    for row in lost.tolist():
        draft.note(row, "address", draft.column("address")[row], "no-place", "warning",
                   N_("It has neither coordinates nor an address that is known: it will be in lists, not on the map."),
                   N_("Add an address or coordinates, or place it on the map afterwards."))  # fmt: skip
    draft.put("accuracy", lost, ["unknown"] * len(lost))
    closed = draft.column("closed")
    rows = np.flatnonzero(fresh)
    draft.fill("state", rows, ["closed" if closed[row] is not None else "open" for row in rows.tolist()])
