"""Rules for the romanization of names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.toponym import romanize
from gis.toponym.bulk import bulk_plain, bulk_search_keys
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

_WHOLE = ("222", "223", "224", "229")
"""Classes whose names are written as one word (rule 3): villages and what is named like them."""


def spelled(places: Places, rows: NDArray[np.intp]) -> list[str]:
    """The official spelling of some names, by class and generic part."""
    found = []
    for row in rows.tolist():
        name, kind, generic = places["name"][row] or "", places["class_code"][row] or "", places["generic"][row]
        whole = kind.startswith(_WHOLE)
        found.append(romanize(name, "settlement" if whole else "", generic=None if whole else generic))
    return found


def differs(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """A spelling has the letters that the rules give; tone marks may be left out, and blanks are not looked at."""
    names, romans = places["name"], places["roman"]
    rows = np.array([row for row, (n, r) in enumerate(zip(names, romans, strict=True)) if n and r], dtype=np.intp)
    given = bulk_plain([romans[row] for row in rows.tolist()])
    usual, _ = bulk_search_keys([names[row] for row in rows.tolist()])
    other = rows[[letters != key for letters, key in zip(given, usual, strict=True)]]
    letters = dict(zip(rows.tolist(), given, strict=True))
    official = spelled(places, other)
    for row, right, plain in zip(other.tolist(), official, bulk_plain(official), strict=True):
        if plain != letters[row]:
            yield Flaw(row, "roman", str(romans[row]), {"spelled": right}, {"roman": right})
