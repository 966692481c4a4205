"""Rules for the romanization of names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.toponym import bulk_romanize, is_certain, learn_phrases, romanize, syllables
from gis.toponym.bulk import replaced, without
from gis.toponym.readings import active_readings, is_han, readings
from layers.placenames.rules.facts import Facts
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

Candidates = tuple[dict[str, object], ...]

_WHOLE: Final = "222"
"""Class of natural villages, whose names are written as one word whatever part of them is generic (rule 3)."""
_TONES: Final = frozenset("\u0304\u0301\u030c\u0300")


def spelled(places: Places, rows: NDArray[np.intp]) -> list[str]:
    """The official spelling of some names, by class, generic part and county, in their most likely readings."""
    chosen = rows.tolist()
    names = [places["name"][row] or "" for row in chosen]
    for name in names:
        learn_phrases(name)
    kinds = [places["class_code"][row] for row in chosen]
    generics = [_generic(places, row) for row in chosen]
    return bulk_romanize(names, kinds, generics, counties=[places["county_code"][row] for row in chosen])


def right_spelling(places: Places, row: int) -> tuple[dict[str, object], Candidates]:
    """The spelling by the rules as what mends an empty or wrong one, or the likely ones where the reading is open."""
    ways = _ways(places, row)
    if is_certain(readings(places["name"][row], places["county_code"][row] or "")):
        return {"roman": ways[0]}, ()
    return {}, tuple({"roman": way} for way in ways)


def differs(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """A spelling has the letters, and where it has any the tones, that the rules give.

    Blanks, hyphens and capitals are not looked at. Right is what any likely reading of the name gives, and what each
    character's most common reading gives: of the dictionary's words few are meant where they stand in a place name.
    """
    names, romans = places["name"], places["roman"]
    rows = [row for row, (name, roman) in enumerate(zip(names, romans, strict=True)) if name and roman]
    given = bulk_letters([romans[row] for row in rows])
    usual = _usual([names[row] for row in rows])
    for row, letters in ((row, a) for row, a, b in zip(rows, given, usual, strict=True) if a != b):
        bare = without_tones(letters)
        ways = _ways(places, row)
        right = bulk_letters(ways)
        if letters in right or (bare == letters and bare in map(without_tones, right)):
            continue
        fix, candidates = right_spelling(places, row)
        yield Flaw(row, "roman", str(romans[row]), {"spelled": " / ".join(ways[:3])}, fix, candidates)


def bulk_letters(romans: Sequence[str]) -> list[str]:
    """Letters and digits of spellings, with their tone marks, in lower case: what two spellings are compared by.

    Examples
    --------
    >>> bulk_letters(["Tái'érzhuāng Qū", "Lǜ Hé", "Dì-2 Jiē"])
    ['táiérzhuāngqū', 'lǜhé', 'dì2jiē']
    """
    text = unicodedata.normalize("NFC", "\n".join([roman.replace("\n", " ") for roman in romans])).lower()
    return without(text, {one for one in set(text) - {"\n"} if not one.isalnum()}).split("\n") if romans else []


def without_tones(letters: str) -> str:
    """Letters without their tone marks; ü stays ü.

    Examples
    --------
    >>> without_tones("lǜhé")
    'lühe'
    """
    kept = (one for one in unicodedata.normalize("NFD", letters) if one not in _TONES)
    return unicodedata.normalize("NFC", "".join(kept))


def _usual(names: Sequence[str]) -> list[str]:
    """Letters with tones of each name by the table's phrases and each character's most common reading: a quick look."""
    text = "\n".join([name.replace("\n", " ") for name in names]).lower()
    text = active_readings().pattern.sub(lambda phrase: "".join(syllables(phrase.group())), text)
    return replaced(text, {one: syllables(one)[0] for one in set(text) if is_han(one)}).split("\n") if names else []


def _generic(places: Places, row: int) -> str | None:
    return None if (places["class_code"][row] or "").startswith(_WHOLE) else places["generic"][row]


def _ways(places: Places, row: int) -> list[str]:
    """The spellings of one name in all its likely readings, most likely first."""
    name, county = places["name"][row], places["county_code"][row] or ""
    learn_phrases(name)
    kind, generic = places["class_code"][row] or "", _generic(places, row)
    found: Iterable[str] = (
        romanize(name, kind, generic=generic, county=county, reading=way.syllables) for way in readings(name, county)
    )
    return list(dict.fromkeys(found))
