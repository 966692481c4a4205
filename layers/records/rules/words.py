"""Rules for names: their parts, how they are spelled, the years in free text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from gis.errors import N_
from gis.toponym import romanize
from layers.records.context import Context
from layers.records.rules.table import Flaws, Rule, Table

_NO_GENERIC: Final = Rule(
    "generic-missing",
    "warning",
    N_("“%(value)s” has no generic part that says what it is."),
    N_("Complete the name, or fill in the generic part."),
)
_PARTS: Final = Rule(
    "parts-disagree",
    "warning",
    N_("The specific and the generic part do not make up “%(value)s”."),
    N_("Correct the parts."),
)
_SPELLED: Final = Rule(
    "romanization-differs",
    "info",
    N_("“%(value)s” is spelled “%(spelled)s” by the rules."),
    N_("Keep it if the office has decided so."),
)
_YEARS: Final = Rule(
    "years-out-of-order",
    "warning",
    N_("It was abolished in %(value)s, before it was established in %(start)s."),
    N_("Correct one of the two years."),
)
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def parts(table: Table, _context: Context) -> Flaws:
    """A name has a generic part, and is made up of its two parts."""
    if "generic" not in table:
        return
    names, generics = table.objects("name").tolist(), table.objects("generic").tolist()
    specifics = table.objects("specific").tolist() if "specific" in table else [None] * len(names)
    for row, (name, generic, specific) in enumerate(zip(names, generics, specifics, strict=True)):
        if name is None:
            continue
        if generic is None:
            yield _NO_GENERIC.flaw(row, "generic", name)
        elif not name.endswith(generic) or (specific is not None and specific + generic != name):
            yield _PARTS.flaw(row, "generic", name)


def spelled(table: Table, _context: Context) -> Flaws:
    """Romanizations as the rules spell them; without tone marks where the given one has none."""
    if "roman" not in table:
        return
    names, romans = table.objects("name").tolist(), table.objects("roman").tolist()
    kinds = table.objects("major" if "major" in table else "level").tolist()
    generics = table.objects("generic").tolist()
    for row, (name, roman) in enumerate(zip(names, romans, strict=True)):
        if name is None or roman is None:
            continue
        given = unicodedata.normalize("NFC", str(roman)).replace("’", "'")
        if given not in _spellings(name, kinds[row] or "", generics[row]):
            yield _SPELLED.flaw(row, "roman", roman, spelled=_spellings(name, kinds[row] or "", generics[row])[0])


@lru_cache(maxsize=65_536)
def _spellings(name: str, kind: str, generic: str | None) -> tuple[str, ...]:
    """The spelling by the rules, split and, for settlements, as one word; each with and without tone marks."""
    ways = [romanize(name, kind), romanize(name, kind, generic=generic)] if generic else [romanize(name, kind)]
    flat = [romanize(name, kind, tones=False), romanize(name, kind, generic=generic, tones=False)]
    return tuple(unicodedata.normalize("NFC", text) for text in dict.fromkeys((*reversed(ways), *flat)))


def years(table: Table, _context: Context) -> Flaws:
    """Years in the free texts of being established and abolished, in order."""
    starts, ends = table.objects("established").tolist(), table.objects("abolished").tolist()
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start is None or end is None:
            continue
        first, last = _YEAR.search(start), _YEAR.search(end)
        if first and last and int(last.group(1)) < int(first.group(1)):
            yield _YEARS.flaw(row, "abolished", end, start=start)
