"""Where the headings of a sheet are, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.table import unique_names

_LOOKED_AT: Final = 60
_SHARE: Final = 0.6
"""A heading row fills at least this share of the table's width; a title above it fills one or two cells."""


@dataclass(frozen=True)
class Headings:
    """Headings found: the first row of data (position), and a name for each column, empty where there is none."""

    data: int
    names: tuple[str, ...]
    findings: tuple[Finding, ...]


def find(rows: Sequence[Sequence[Any]], where: str, first: int = 1) -> Headings | None:
    """The headings among a sheet's first rows.

    Parameters
    ----------
    rows
        The first rows; cells are values, empty texts where there is nothing.
    where
        The sheet, for findings.
    first
        Number of the first row.

    Returns
    -------
    Headings or None
        None where all rows are empty.
    """
    looked = rows[:_LOOKED_AT]
    filled = [sum(not is_empty(cell) for cell in row) for row in looked]
    widest = max(filled, default=0)
    if not widest:
        return None
    wanted = max(min(2, widest), _SHARE * widest)
    candidates = [place for place, row in enumerate(looked) if filled[place] >= wanted and _mostly_text(row)]
    place = candidates[0] if candidates else next(place for place, count in enumerate(filled) if count)
    if place and _is_second([_label(cell) for cell in looked[place - 1]], looked[place]):
        place -= 1  # the upper of two rows of headings fills fewer cells than the lower
    names = [_label(cell) for cell in looked[place]]
    data = place + 1
    if data < len(rows) and _is_second(names, rows[data]):
        names = _joined(names, [_label(cell) for cell in rows[data]])
        data += 1
    findings = []
    if any(filled[:place]):
        template = N_("The headings were found in row %(row)d; what stands above them was left out.")
        findings.append(Finding("heading-row", "info", where, template, {"row": first + place}))
    return Headings(data, tuple(names), tuple(findings))


def settle(names: Sequence[str], used: Sequence[bool], where: str) -> tuple[list[int], list[str], list[Finding]]:
    """Which columns are kept, and under which names.

    Parameters
    ----------
    names
        A heading for each column, empty where there is none.
    used
        Whether the column has any value.

    Returns
    -------
    positions, names, findings
        A column with values and no heading is called by its letter; one with neither is left out. Of two with the
        same heading the second is told apart by a number.
    """
    kept = [place for place, name in enumerate(names) if name or used[place]]
    findings = []
    bare = [letters(place) for place in kept if not names[place]]
    if bare:
        template = N_("Columns without a heading are called by their letter: %(columns)s.")
        findings.append(Finding("heading-missing", "warning", where, template, {"columns": ", ".join(bare[:12])}))
    given = [names[place] or letters(place) for place in kept]
    result = unique_names(given)
    doubled = sorted({name for name, own in zip(given, result, strict=True) if name != own})
    if doubled:
        template = N_("Several columns have the same heading: %(columns)s. From the second on they carry a number.")
        findings.append(Finding("heading-doubled", "warning", where, template, {"columns": ", ".join(doubled[:12])}))
    return kept, result, findings


def letters(place: int) -> str:
    """A column's letters in a spreadsheet, from its position.

    Examples
    --------
    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    result, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        result = chr(ord("A") + letter) + result
    return result


def is_empty(cell: object) -> bool:
    """Whether a cell has nothing in it, or blanks only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _mostly_text(row: Sequence[Any]) -> bool:
    filled = [cell for cell in row if not is_empty(cell)]
    return 2 * sum(isinstance(cell, str) for cell in filled) >= len(filled)


def _label(cell: object) -> str:
    """A heading without the blanks and line breaks that lay it out."""
    if is_empty(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "".join(str(cell).split()) if not str(cell).isascii() else " ".join(str(cell).split())


def _is_second(names: Sequence[str], row: Sequence[Any]) -> bool:
    """Whether a row goes on with the headings above: it fills just what stands below a heading over several columns."""
    cells = [_label(cell) for cell in row] + [""] * (len(names) - len(row))
    start = next((place for place, name in enumerate(names) if name), 0)
    covered = {place for place in range(start + 1, len(names)) if not names[place]}
    below = {place for place, cell in enumerate(cells[: len(names)]) if cell}
    if not covered or not covered <= below or not all(isinstance(row[place], str) for place in below):
        return False
    spans = covered | {place - 1 for place in covered}
    return below <= spans and any(name and place not in below for place, name in enumerate(names))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """One heading for each column of two rows: the lower one, with the upper before it where it alone is not clear."""
    lower = [*lower, *[""] * (len(upper) - len(lower))]
    over, last = [], ""
    for name in upper:
        last = name or last
        over.append(last)
    return [
        low if low and lower.count(low) == 1 else f"{high}{low}" if low else name
        for name, high, low in zip(upper, over, lower, strict=False)
    ]
