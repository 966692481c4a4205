"""The names of a register by which a text is found: divisions and named places, by the words that people write."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, inf, isfinite, radians
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.toponym.likeness import in_simplified
from layers.access import Reader
from layers.geocoding import wording
from layers.geocoding.near import Near
from layers.index import Index
from layers.records import Context
from layers.records.divisions import Divisions
from layers.register import Mark, Register

CITY, COUNTY, TOWN, VILLAGE, PLACE, HAMLET, ROAD, LINE = range(8)
"""What an entry is. `PLACE`: who knows the name knows where to go; `HAMLET`: a natural village; `ROAD` and `LINE`: it
is known, but not where along it."""

LEVELS: Final = {"city": CITY, "county": COUNTY, "town": TOWN, "village": VILLAGE}
_DEGREE_M: Final = 111_195.0
"""A degree of latitude on a sphere of the Earth's size: near enough to tell places apart."""
Words = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Entries:
    """All that can be found, one entry each; divisions first, in the rows that `Divisions` has. Shape (n,) each.

    Parameters
    ----------
    kind
        One of the constants of this module.
    lon, lat
        Degrees, EPSG:4490; of a division without a seat those of the one that it lies in; NaN where there is none.
    county, town, village
        Entries of the divisions in which it lies (its own for a division), -1 for none.
    """

    kind: list[int]
    name: list[str]
    uuid: list[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    county: list[int]
    town: list[int]
    village: list[int]


class AddressBook:
    """What a reader may find by a text. Never changed.

    Parameters
    ----------
    divisions
        By code and by name.
    entries
        Divisions and places.
    upper, lower
        Word, without the ending of its level, to the entries that are called so: counties and towns, all else.
        ``upper_begins`` and ``lower_begins``: their first two characters to the length of the longest of them.
    other
        Words that are not the name of an entry but a former or further one: word and entry to the kind of the name.
    romans
        Word in letters, as it is typed, to entries whose spelling in the register is another than their characters say.
    """

    def __init__(
        self, divisions: Divisions, entries: Entries, upper: Words, lower: Words, other: dict[tuple[str, int], str],
        romans: Words,
    ) -> None:  # fmt: skip
        self.divisions, self.entries = divisions, entries
        self.upper, self.lower, self.other, self.romans = upper, lower, other, romans
        self.upper_begins, self.lower_begins = _begins(upper), _begins(lower)
        self._near: dict[int, Near] = {}

    @staticmethod
    def of(source: Index | Register, *, reader: Reader) -> AddressBook:
        """The names that the reader may see; of an index the same book until names or divisions change."""
        from layers.geocoding.making import book_of

        if isinstance(source, Register):
            with source.reading() as connection:
                return book_of(source, connection, Context.read(source, connection, reader=reader), reader=reader)
        with source.held() as connection:
            context = Context.of(source, reader=reader)
            mark, names = source.layer("place-names").mark, source.frame("place_name")
            kept = _KEPT.setdefault(source, {})
            found = kept.get(reader.audience)
            if found is None or found[0] != mark or found[1] is not names or found[2] is not context:
                book = book_of(source.register, connection, context, reader=reader)
                found = kept[reader.audience] = (mark, names, context, book)
            return found[3]

    @cached_property
    def _sound_entries(self) -> tuple[Words, Words]:
        """Upper and lower words by their folded sounds; of places only the divisions, the others are too many."""
        kind = self.entries.kind
        upper: dict[str, list[int]] = {}
        lower: dict[str, list[int]] = {}
        for words, table in ((self.upper, upper), (self.lower, lower), (self.romans, lower)):
            for word, rows in words.items():
                key = wording.folded(word if word.isascii() else wording.sounds(word))
                mine = rows if words is self.upper else [row for row in rows if kind[row] in (VILLAGE, COUNTY, TOWN)]
                for row in mine:
                    into = upper if kind[row] in (COUNTY, TOWN, CITY) else table
                    into.setdefault(key, []).append(row)
        return ({key: tuple(dict.fromkeys(rows)) for key, rows in upper.items()},
                {key: tuple(dict.fromkeys(rows)) for key, rows in lower.items()})  # fmt: skip

    @property
    def upper_sounds(self) -> Words:
        """Counties and towns by the folded sounds of their words. Made when first asked for."""
        return self._sound_entries[0]

    @property
    def lower_sounds(self) -> Words:
        """Villages by the folded sounds of their words."""
        return self._sound_entries[1]

    @cached_property
    def all_sounds(self) -> Words:
        """Both together."""
        upper, lower = self._sound_entries
        return lower | {key: (*rows, *lower.get(key, ())) for key, rows in upper.items()}

    @cached_property
    def sound_begins(self) -> dict[str, int]:
        """The first letters of all sounds to the length of the longest that begins so."""
        return _begins(self.all_sounds, 3)

    def near(self, scope: int) -> Near:
        """What is called nearly so in a division: everything of a town, the villages of a county; -1: of all."""
        found = self._near.get(scope)
        if found is None:
            # two threads may both make it; either is whole
            found = self._near[scope] = Near(self._within(scope))
        return found

    @cached_property
    def near_upper(self) -> Near:
        """Counties, towns and the city by their names with endings, for what is written nearly so."""
        kind, name = self.entries.kind, self.entries.name
        pairs = []
        for word, rows in self.upper.items():
            for row in rows:
                own = in_simplified(name[row])
                whole = own[own.rfind(word) :] if word in own else word
                pairs += [(whole, row)] if len(whole) > 2 else []
        pairs += [(name[row], row) for row, one in enumerate(kind[: len(self.divisions.code)]) if one == CITY]
        return Near(pairs)

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """Names of the cities that the register has."""
        return tuple(in_simplified(name) for name, kind in zip(self.entries.name, self.entries.kind, strict=True)
                     if kind == CITY)  # fmt: skip

    def metres(self, one: int, other: int) -> float:
        """How far two entries lie apart, infinite where one has no place."""
        lon, lat = self.entries.lon, self.entries.lat
        east = (lon[one] - lon[other]) * cos(radians(lat[one])) * _DEGREE_M
        found = hypot(east, (lat[one] - lat[other]) * _DEGREE_M)
        return found if isfinite(found) else inf

    @cached_property
    def _members(self) -> dict[int, list[tuple[str, int]]]:
        """Words of a town's entries, by town."""
        found: dict[int, list[tuple[str, int]]] = {}
        town = self.entries.town
        for word, rows in self.lower.items():
            for row in rows:
                if town[row] >= 0:
                    found.setdefault(town[row], []).append((word, row))
        return found

    def _within(self, scope: int) -> Iterator[tuple[str, int]]:
        kind, county = self.entries.kind, self.entries.county
        if scope >= 0 and kind[scope] == TOWN:
            yield from self._endings(self._members.get(scope, ()))
            return
        for town, members in self._members.items():
            if scope < 0 or county[town] == scope:
                villages = ((word, row) for word, row in members if kind[row] == VILLAGE and len(word) > 2)
                yield from villages

    def _endings(self, pairs: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """Short words with their endings: of two characters one alone says too little."""
        for word, row in pairs:
            if len(word) > 2:
                yield word, row
            elif self.entries.kind[row] in (VILLAGE, HAMLET):
                yield word + ("社区" if "社区" in self.entries.name[row] else "村"), row


def _begins(words: Words, first: int = 2) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        if len(word) > found.get(word[:first], 0):
            found[word[:first]] = len(word)
    return found


_KEPT: weakref.WeakKeyDictionary[Index, dict[str, tuple[Mark, Any, Context, AddressBook]]] = weakref.WeakKeyDictionary()
