"""Rules for names: their parts, how they are spelled, the years in free text."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from gis.errors import N_
from gis.toponym import learn_phrases, romanize, split_name
from gis.toponym.bulk import bulk_plain, bulk_search_keys
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
_WHOLE: Final = frozenset({"", "21610", "21620", "22200", "22900", "27610", "27620"})
"""Classes of villages, which are named whole: 周口店 has no part that says what it is, and needs none. Without a class
nobody can ask for one."""
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def parts(table: Table, _context: Context) -> Flaws:
    """A name has a generic part, and is made up of its two parts."""
    if "generic" not in table:
        return
    names, generics = table.objects("name").tolist(), table.objects("generic").tolist()
    specifics, classes = table.objects("specific").tolist(), table.objects("class_code").tolist()
    for row, (name, generic, specific) in enumerate(zip(names, generics, specifics, strict=True)):
        if name is None:
            continue
        if generic is None:
            if (classes[row] or "") not in _WHOLE and not split_name(name)[1]:
                yield _NO_GENERIC.flaw(row, "generic", name)
        elif not name.endswith(generic) or (specific is not None and specific + generic != name):
            yield _PARTS.flaw(row, "generic", name)


def spelled(table: Table, _context: Context) -> Flaws:
    """Romanizations of other letters than the rules give; tone marks may be left out, and blanks are not looked at."""
    if "roman" not in table:
        return
    names, romans = table.objects("name"), table.objects("roman")
    rows = np.flatnonzero((names != None) & (romans != None))  # noqa: E711 - of an array
    spellings = list(zip(names[rows].tolist(), romans[rows].tolist(), strict=True))
    different = list(dict.fromkeys(spellings))  # villages, schools and streets share their names
    given = bulk_plain([roman for _, roman in different])
    usual, _ = bulk_search_keys([name for name, _ in different])
    unusual = {pair: letters for pair, letters, key in zip(different, given, usual, strict=True) if letters != key}
    kinds = table.objects("major" if "major" in table else "level")
    generics = table.objects("generic")
    for row, spelling in zip(rows.tolist(), spellings, strict=True):
        letters = unusual.get(spelling)
        if letters is None:
            continue
        # a word that only a dictionary knows, an ordinal in digits: one name at a time knows more
        learn_phrases(names[row])
        ways = [romanize(names[row], kinds[row] or "", generic=generic) for generic in {None, generics[row]}]
        if letters not in bulk_plain(ways):
            yield _SPELLED.flaw(row, "roman", romans[row], spelled=ways[0])


def years(table: Table, _context: Context) -> Flaws:
    """Years in the free texts of being established and abolished, in order."""
    starts, ends = table.objects("established").tolist(), table.objects("abolished").tolist()
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start is None or end is None:
            continue
        first, last = _YEAR.search(start), _YEAR.search(end)
        if first and last and int(last.group(1)) < int(first.group(1)):
            yield _YEARS.flaw(row, "abolished", end, start=start)
