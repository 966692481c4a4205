"""Lists of surveyed points without headings: CASS ``.dat`` (点号,编码,E,N,H) and what RTK controllers export.

Which number is the easting and which the northing is told by their size: controllers write both orders.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from gis.dms import parse_degrees
from gis.errors import N_
from gis.findings import Finding
from surveys.uploads.raw import SKIPPED, Part

_SPLIT: Final = re.compile(r"[,，;\t]|\s+")
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")
_ANGLE: Final = re.compile(r"\d{1,3}[°:d]\s*\d{1,2}['′:m]\s*\d{1,2}(\.\d+)?[\"″s]?\s*[NSEW]?", re.IGNORECASE)
_ENOUGH: Final = 0.5
"""The share of the first lines that must look like points for the file to be such a list."""
_LOOKED_AT: Final = 40
_NORTHINGS: Final = (1_000_000.0, 6_000_000.0)
_EASTINGS: Final = (100_000.0, 900_000.0)
_PREFIXED: Final = (25_100_000.0, 45_900_000.0)
_LON: Final = (73.0, 136.0)
_LAT: Final = (3.0, 54.0)
_NAMED: Final = 12
_EXCHANGED: Final = N_("They were exchanged; look at where these points lie.")


def survey_records(text: str, file: str) -> Part | None:
    """The points of such a list; None where the text is none: it has headings, or is something else."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    lines = [(number, line) for number, line in lines if not line.startswith(("#", "//"))]
    if not lines:
        return None
    first = [_cells(line) for _, line in lines[:_LOOKED_AT]]
    # the very first line may be a count of points (CASS of old) but no heading
    found = [_place(cells) for cells in first]
    if _has_headings(first[0]) or sum(one is not None for one in found) < max(1, _ENOUGH * len(found)):
        return None
    part = Part(file, "dat")
    columns: dict[str, list[Any]] = {name: [] for name in ("number", "code", "first", "second", "height")}
    bad: list[int] = []
    orders: list[bool] = []
    for number, line in lines:
        cells = _cells(line)
        at = _place(cells)
        if at is None:
            if not (number == lines[0][0] and len(cells) == 1):
                bad.append(number)
            continue
        before, after = cells[:at], cells[at + 2 :]
        height = next((cell for cell in after if _NUMBER.fullmatch(cell)), None)
        code = next((cell for cell in before[1:] if cell), None) or _last_text(after)
        for name, value in zip(
            columns, (before[0] if before else None, code, *cells[at : at + 2], height), strict=True
        ):
            columns[name].append(value)
        orders.append(_is_east(cells[at]))
        part.rows.append(number)
    _settle(part, columns, orders, bad)
    return part


def _settle(part: Part, columns: dict[str, list[Any]], orders: list[bool], bad: list[int]) -> None:
    """Name the columns by what most lines say."""
    east_first = Counter(orders).most_common(1)[0][0]
    contrary = [row for row, order in zip(part.rows, orders, strict=True) if order != east_first]
    for place, order in enumerate(orders):
        if order != east_first:  # told as a finding below
            first, second = columns["first"][place], columns["second"][place]
            columns["first"][place], columns["second"][place] = second, first
    degrees = _is_degrees(columns["first"][0])
    east, north = ("lon", "lat") if degrees else ("east", "north")
    names = (east, north) if east_first else (north, east)
    part.columns = {
        "number": columns["number"],
        "code": columns["code"],
        names[0]: columns["first"],
        names[1]: columns["second"],
        "height": columns["height"],
    }
    part.targets = {"number": "number", east: f"@{east}", north: f"@{north}", "height": "height_m"}
    said = f"{names[0]}, {names[1]}"
    part.findings.append(
        Finding(
            "order-assumed", "info", part.file,
            N_("There are no headings; by the size of the numbers the columns are: number, code, %(order)s, height."),
            {"order": said},
        )
    )  # fmt: skip
    for rule, rows, template in (
        (
            "line-unreadable",
            bad,
            N_("%(count)d lines are no points (number, code, east, north, height): %(rows)s."),
        ),
        ("axes-in-rows", contrary, N_("In %(count)d lines east and north stand the other way round: lines %(rows)s.")),
    ):
        if rows:
            told = ", ".join(map(str, rows[:_NAMED])) + (", …" if len(rows) > _NAMED else "")
            advice = (
                SKIPPED if rule == "line-unreadable" else N_("They were exchanged; look at where these points lie.")
            )
            params = {"count": len(rows), "rows": told}
            severity: Any = "error" if rule == "line-unreadable" else "warning"
            part.findings.append(Finding(rule, severity, part.file, template, params, advice))


def _cells(line: str) -> list[str]:
    for mark in (",", "，", "\t", ";"):
        if mark in line:
            return [cell.strip() for cell in line.split(mark)]
    return line.split()


def _has_headings(cells: list[str]) -> bool:
    return len(cells) > 2 and not any(_NUMBER.fullmatch(cell) or _ANGLE.fullmatch(cell) for cell in cells)


def _place(cells: list[str]) -> int | None:
    """Where the two coordinates begin: neighbours of which one is an easting and one a northing."""
    for at in range(1, len(cells) - 1):
        one, other = _kind(cells[at]), _kind(cells[at + 1])
        if {one, other} in ({"east", "north"}, {"lon", "lat"}):
            return at
    return None


def _kind(cell: str) -> str:
    """``east``, ``north``, ``lon``, ``lat`` or nothing."""
    if _ANGLE.fullmatch(cell):
        read = parse_degrees([cell])
        value = float(read.values[0])
    elif _NUMBER.fullmatch(cell):
        value = float(cell)
    else:
        return ""
    if _within(value, _NORTHINGS):
        return "north"
    if _within(value, _EASTINGS) or _within(value, _PREFIXED):
        return "east"
    if "." not in cell and not _ANGLE.fullmatch(cell):
        return ""  # a whole number of that size is a code or a height
    if _within(value, _LON):
        return "lon"
    return "lat" if _within(value, _LAT) else ""


def _is_east(cell: str) -> bool:
    return _kind(cell) in ("east", "lon")


def _is_degrees(cell: str) -> bool:
    return _kind(cell) in ("lon", "lat")


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _last_text(cells: list[str]) -> str | None:
    """A code behind the height, as some controllers write it."""
    return next((cell for cell in cells if cell and not _NUMBER.fullmatch(cell)), None)
