"""Keys by which names are found: their beginnings, what stands inside, one slip of the hand apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.toponym.likeness import one_edit_apart
from layers.index.columns import Floats, Rows

PREFIX, INSIDE = 3.5, 9.0  # what a match costs that is not of the whole key; an exact one costs nothing
_ENOUGH_INSIDE = 3000
_LAST = "\U0010ffff"


class Keys:
    """Keys in order, for prefixes, and in one text, for what stands inside.

    The text alone is kept, and where each key begins: tens of thousands of strings take three times the room, and
    processes that share them after a fork copy what they count references on.

    Parameters
    ----------
    keys, numbers
        What is looked for, and the number of the entry that each stands for.
    slips
        Keep what `slipped` needs too: eight bytes a key.
    """

    def __init__(self, keys: Sequence[str], numbers: NDArray[np.int32], *, slips: bool = False) -> None:
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._numbers = numbers[order]
        ordered = [keys[place] for place in order]
        self._text = "\n".join(ordered)
        self._starts = np.zeros(len(keys) + 1, dtype=np.int32)
        lengths = np.fromiter(map(len, ordered), dtype=np.int32, count=len(keys))
        np.cumsum(lengths + 1, out=self._starts[1:])
        self._bounds = memoryview(self._starts.data)  # gives plain numbers, six times as fast as the array
        self._characters = _characters(self._text, self._starts) if slips else np.zeros(0, np.uint64)

    def _key(self, place: int) -> str:
        return self._text[self._bounds[place] : self._bounds[place + 1] - 1]

    def _range(self, begin: str) -> tuple[int, int]:
        """The places of all keys that begin so."""
        places = range(len(self._numbers))
        first = bisect_left(places, begin, key=self._key)
        return first, bisect_left(places, begin + _LAST, lo=first, key=self._key)

    def prefixed(self, query: str) -> tuple[Rows, Floats]:
        """Entries whose key begins with the query, and what each match costs."""
        first, last = self._range(query)
        exact = bisect_right(range(last), query, lo=first, key=self._key)
        cost = np.full(last - first, PREFIX)
        cost[: exact - first] = 0
        return self._numbers[first:last].astype(np.intp), cost

    def inside(self, query: str) -> tuple[Rows, Floats]:
        """Entries whose key has the query in it; the first few thousand."""
        found: list[int] = []
        at = self._text.find(query)
        while at >= 0 and len(found) < _ENOUGH_INSIDE:
            found.append(at)
            at = self._text.find(query, at + 1)
        places = np.unique(np.searchsorted(self._starts, found, side="right") - 1)
        return self._numbers[places].astype(np.intp), np.full(places.size, INSIDE)

    def slipped(self, query: str) -> tuple[Rows, Floats]:
        """Entries whose whole key is one slip from the query: a character more, less, another, or two swapped.

        One slip takes away at most one kind of character and brings in at most one, so that nearly all keys are passed
        over by comparing which kinds they have. Numbers are never taken for one another.
        """
        length = self._starts[1:] - self._starts[:-1] - 1
        kinds = np.bitwise_or.reduce(_kinds(query))
        alike = np.bitwise_count(self._characters ^ kinds) <= 2
        alike &= np.abs(length - len(query)) <= 1
        candidates = np.flatnonzero(alike)
        # wherever the slip is, what stands before it or what stands after it is as in the query
        begin = query[: (len(query) - 1) // 2]
        end = query[len(begin) + 2 :]
        first, last = self._range(begin)
        digits = [character for character in query if character.isdigit()]
        places = [
            place
            for place, stop in zip(candidates.tolist(), (self._starts[candidates + 1] - 1).tolist(), strict=True)
            if (first <= place < last or self._text.startswith(end, stop - len(end)))
            and one_edit_apart(query, key := self._key(place))
            and [character for character in key if character.isdigit()] == digits
        ]
        return self._numbers[places].astype(np.intp), np.zeros(len(places))


def _kinds(text: str) -> NDArray[np.uint64]:
    """One of 64 bits for each character."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds: NDArray[np.uint64] = np.left_shift(np.uint64(1), (codes & 63).astype(np.uint64))
    return kinds


def _characters(text: str, starts: NDArray[np.int32]) -> NDArray[np.uint64]:
    """The kinds of characters of each key, as bits."""
    if starts.size < 2:
        return np.zeros(0, np.uint64)
    kinds = _kinds(text + "\n")
    kinds[starts[1:] - 1] = 0  # the line feed after each key
    found: NDArray[np.uint64] = np.bitwise_or.reduceat(kinds, starts[:-1])
    return found
