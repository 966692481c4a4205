"""Rules for single records: what must be filled in, codes, days, the point on the map."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from layers import days
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Cells, Places
from layers.placenames.rules.rule import Flaw
from layers.placenames.rules.spelling import Candidates, right_spelling
from layers.records.rules.places import BORDER_M

MANDATORY: Final = (
    *("name", "roman", "class_code", "usage", "meaning", "history", "description"),
    *("registered_by", "registered_at", "registered_unit"),
)
"""What the registration form marks with an asterisk; the division follows below, for not every place lies in one."""
_TOWNSHIPS: Final = 599
_EARLIEST: Final = -2200
_YEAR: Final = re.compile(r"(?<!\d)(\d{3,4})(?!\d)")
_BEFORE_CHRIST: Final = re.compile(r"(?:公元)?前\s*(\d{1,4})")
_SPAN: Final = (73.0, 135.2, 3.0, 53.7)
"""Longitudes and latitudes between which the country lies."""


def mandatory(places: Places, facts: Facts) -> Iterator[Flaw]:
    """What the form requires is there."""
    for name in MANDATORY:
        cells = places[name]
        for row in _empty(cells):
            fix, candidates = _known(places, facts, row, name)
            yield Flaw(row, name, fix=fix, candidates=candidates)
    for row in _empty(places["county_code"]):
        if not (places["class_code"][row] or "").startswith(("212", "213")):
            yield Flaw(row, "county_code")


def _empty(cells: Cells) -> list[int]:
    return [row for row, value in enumerate(cells) if value is None] if None in cells else []


def _known(places: Places, facts: Facts, row: int, name: str) -> tuple[dict[str, object], Candidates]:
    """What can be said by itself of a field that is empty, and what is likely."""
    if name == "roman" and places["name"][row]:
        return right_spelling(places, row)
    if name == "usage" and places["abolished"][row] is None and places["valid_to"][row] is None:
        return {"usage": "current"}, ()
    code = places["town_code"][row] or places["county_code"][row]
    if name == "description" and code in facts.divisions and not (places["class_code"][row] or "").startswith("21"):
        # as a surveyor begins it, the rest is his; a division does not lie in itself
        where = facts.divisions.full_name(facts.divisions.row_of[str(code)])
        return {}, ({"description": f"位于{where}境内"},)
    return {}, ()


def known_class(places: Places, facts: Facts) -> Iterator[Flaw]:
    """The class is one of the table's, and of the major class that is given."""
    for row, (code, major) in enumerate(zip(places["class_code"], places["major"], strict=True)):
        if code is None:
            continue
        found = facts.classes.get(code)
        if found is None:
            yield Flaw(row, "class_code", code)
        elif major is not None and major != found.major:
            yield Flaw(row, "major", str(major), fix={"major": found.major})


def _well_formed(code: str) -> bool:
    return (
        len(code) == 20 and code.isascii() and code.isdigit() and int(code[6:9]) <= _TOWNSHIPS and code[14:] != "000000"
    )


def code_form(places: Places, facts: Facts) -> Iterator[Flaw]:
    """A code has 20 digits, a township part that there is, and no serial of zeros."""
    for row, code in enumerate(places["place_code"]):
        if code is not None and not _well_formed(code):
            yield Flaw(row, "place_code", code, fix=_recoded(places, facts, row))


def code_division(places: Places, facts: Facts) -> Iterator[Flaw]:
    """The code begins with the county and town that the record names."""
    columns = zip(places["place_code"], places["county_code"], places["town_code"], strict=True)
    for row, (code, county, town) in enumerate(columns):
        if code is None or county is None:
            continue
        # the code of a zone's town begins with the zone's own six digits
        other_county = code[:6] != county and (town is None or code[:6] != town[:6])
        other_town = town is not None and code[6:9] not in ("000", town[6:9])
        if not (other_county or other_town) or not _well_formed(code):
            continue
        if other_county:
            yield Flaw(row, "place_code", code, {"county": facts.name_of(county)}, _recoded(places, facts, row))
        else:
            yield Flaw(row, "place_code", code, {"county": facts.name_of(town)}, _recoded(places, facts, row))


def code_class(places: Places, facts: Facts) -> Iterator[Flaw]:
    """The code holds the class that the record names."""
    for row, (code, kind) in enumerate(zip(places["place_code"], places["class_code"], strict=True)):
        if code is not None and kind is not None and code[9:14] != kind and _well_formed(code):
            yield Flaw(row, "place_code", code, {"class": kind}, _recoded(places, facts, row))


def code_missing(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Every name has a code."""
    for row in _empty(places["place_code"]):
        yield Flaw(row, "place_code", fix=_recoded(places, facts, row))


def code_twice(places: Places, facts: Facts) -> Iterator[Flaw]:
    """No two names have one code; the later registered one is to get another."""
    firsts: dict[str, int] = {}
    twice: dict[str, list[int]] = {}
    for row, code in enumerate(places["place_code"]):
        if code is not None and (first := firsts.setdefault(code, row)) != row:
            twice.setdefault(code, [first]).append(row)
    for code, found in twice.items():
        uuids = [places["uuid"][row] for row in found]
        first = min(found, key=lambda row: (places["registered_at"][row] or "9999", places["uuid"][row]))
        for row in found:
            others = tuple(uuid for uuid in uuids if uuid != places["uuid"][row])
            fix = {} if row == first else _recoded(places, facts, row)
            yield Flaw(row, "place_code", code, {"count": len(found)}, fix, group=f"code|{code}", others=others)


def _recoded(places: Places, facts: Facts, row: int) -> dict[str, object]:
    """The code that follows from division and class, with the next free serial; nothing where one is not known."""
    kind, county, town = (places[name][row] for name in ("class_code", "county_code", "town_code"))
    if kind is None or len(kind) != 5 or county is None:
        return {}
    return {"place_code": facts.free_code(county + (town[6:9] if town else "000") + kind)}


def divisions(places: Places, facts: Facts) -> Iterator[Flaw]:
    """County, town and village are divisions that there are; one that no division has leaves the record orphaned."""
    known = facts.divisions
    for name in ("county_code", "town_code", "village_code"):
        codes = places[name]
        strange = {code for code in set(codes) if code is not None and code not in known}
        for row, code in enumerate(codes) if strange else ():
            if code in strange:
                yield Flaw(row, name, code)


def inside(places: Places, facts: Facts) -> Iterator[Flaw]:
    """The point lies in the county that the record names; by less than two surveys differ it is at the border."""
    context = facts.context
    areas = frozenset(context.areas["code"])
    codes = np.array([code if code in areas else None for code in places["county_code"]], dtype=object)
    wanted = np.isfinite(places.lonlat[:, 0]) & (codes != None)  # noqa: E711 - of an array
    there = context.counties_at(places.geometry)
    rows = np.flatnonzero(wanted & (there != codes))
    away = context.metres_from_county(places.geometry[rows], codes[rows])
    candidate: tuple[dict[str, object], ...]
    for row, metres in zip(rows.tolist(), away.tolist(), strict=True):
        if metres <= BORDER_M:
            continue
        names = {"county": facts.name_of(codes[row]), "distance": f"{metres:,.0f}"}
        x, y = places.lonlat[row]
        if there[row] is not None:
            candidate = ({"county_code": there[row], "town_code": None, "village_code": None},)
        else:
            candidate = ()
        yield Flaw(row, "", f"{x:.6f}, {y:.6f}", {**names, "there": facts.name_of(there[row]) or "-"},
                   candidates=candidate)  # fmt: skip


def in_range(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """There is a point, and it lies in the country."""
    west, east, south, north = _SPAN
    x, y = places.lonlat.T
    with np.errstate(invalid="ignore"):
        good = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    for row in np.flatnonzero(~good).tolist():
        yield Flaw(row, "", "" if np.isnan(x[row]) else f"{x[row]:.6f}, {y[row]:.6f}")


def years_in_order(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """What was abolished had been established before."""
    for row, (start, end) in enumerate(zip(places["established"], places["abolished"], strict=True)):
        if start is None or end is None:
            continue
        first, last = _year(start), _year(end)
        if first is not None and last is not None and last < first:
            swapped = {"established": end, "abolished": start}
            yield Flaw(row, "abolished", str(end), {"start": str(start)}, candidates=(swapped,))
    for row, (start, end) in enumerate(zip(places["valid_from"], places["valid_to"], strict=True)):
        if start is not None and end is not None and str(end) < str(start):
            yield Flaw(row, "valid_to", str(end), {"start": str(start)})


def years_possible(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """No year lies in the future, nor a day of registration."""
    today = days.today()
    for name in ("established", "abolished"):
        for row, text in enumerate(places[name]):
            year = None if text is None else _year(text)
            if year is not None and not _EARLIEST <= year <= today.year:
                yield Flaw(row, name, str(text))
    written = today.isoformat()
    for row, day in enumerate(places["registered_at"]):
        if day is not None and str(day) > written:
            yield Flaw(row, "registered_at", str(day))


def abolished_in_use(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """What has been abolished is not in use; what is historical says when it ended."""
    for row, (usage, end) in enumerate(zip(places["usage"], places["abolished"], strict=True)):
        if usage == "current" and end is not None:
            yield Flaw(
                row, "usage", str(usage), {"end": str(end)}, candidates=({"usage": "historical"}, {"abolished": None})
            )


def _year(text: object) -> int | None:
    """The first year that a free text names, before Christ negative; None where it names none."""
    if not isinstance(text, str):
        return text.year if isinstance(text, dt.date) else None
    if before := _BEFORE_CHRIST.search(text):
        return -int(before.group(1))
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None
