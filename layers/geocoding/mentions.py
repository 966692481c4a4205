"""What a text may mention: every word of the book that stands in it, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gis.toponym.parts import split_name
from layers.geocoding import wording
from layers.geocoding.book import CITY, COUNTY, HAMLET, LINE, PLACE, ROAD, TOWN, VILLAGE, AddressBook, Words
from layers.geocoding.near import COST, Near


class Mention(NamedTuple):
    """One entry that a part of a text may mean.

    Parameters
    ----------
    start, end
        The part, with an ending that belongs to it.
    row
        The entry.
    weight
        How much of the text it explains, in characters, less what it costs to read it so.
    how
        "" where it stands there exactly, else a key of `COST`.
    ended
        Whether it is whole: it has the ending of its level, or what follows is no part of a name.
    word
        The word of the book.
    """

    start: int
    end: int
    row: int
    weight: float
    how: str
    ended: bool
    word: str


_ENDS = {COUNTY: wording.COUNTY_END, TOWN: wording.TOWN_END, VILLAGE: wording.VILLAGE_END, HAMLET: wording.VILLAGE_END}
_LATIN_ENDS = {
    COUNTY: wording.LATIN_COUNTY_END, TOWN: wording.LATIN_TOWN_END, VILLAGE: wording.LATIN_VILLAGE_END,
}  # fmt: skip
_WIDEST = 9
_LATIN_SHORTEST = 3
_LETTERS_OF_ONE = 2.6
"""Letters of a syllable, on average: weights count characters."""


def uppers(book: AddressBook, text: str) -> list[Mention]:
    """Counties and towns that stand in a text."""
    found: list[Mention] = []
    for start, end, rows in _standing(book.upper, book.upper_begins, text):
        found.extend(_upper(book, text, start, end, rows))
    return found


def _standing(words: Words, begins: dict[str, int], text: str) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Where words stand in a text; few begin with the two characters that are there."""
    size = len(text)
    for start in range(size - 1):
        longest = begins.get(text[start : start + 2], 0)
        for end in range(start + 2, min(start + longest, size) + 1):
            rows = words.get(text[start:end])
            if rows is not None:
                yield start, end, rows


def _upper(book: AddressBook, text: str, start: int, end: int, rows: Iterable[int]) -> Iterator[Mention]:
    word = text[start:end]
    for row in rows:
        kind, name = book.entries.kind[row], book.entries.name[row]
        ending = _ENDS[kind].match(text, end)
        if ending is not None:
            # 城关街道 is no county's district, 寒亭区 no town
            agrees = 0.0 if name.endswith((ending.group()[:1], "街道")) else -0.3
            yield Mention(start, ending.end(), row, len(word) + 1 + agrees, "", ended=True, word=word)
        elif word[-1] in "市区县镇乡":
            yield Mention(start, end, row, len(word), "", ended=True, word=word)
        elif kind == TOWN and text[end : end + 1] == "街" and name.endswith("街道"):
            yield Mention(start, end + 1, row, len(word) - 0.2, "", ended=False, word=word)
        elif not _begins_another(book, text, end):
            yield Mention(start, end, row, len(word) - (0.4 if kind == TOWN else 0.1), "", ended=False, word=word)


def _begins_another(book: AddressBook, text: str, end: int) -> bool:
    """Whether a short name is but the beginning of another word, as in 青州路; in 临朐山旺镇 it is not."""
    if not wording.NOT_A_DIVISION.match(text, end):
        return False
    rest = text[end:]
    return not any(
        rest[:length] in words for words in (book.upper, book.lower) for length in range(2, min(8, len(rest)) + 1)
    )


def lowers(book: AddressBook, text: str, above: Iterable[Mention]) -> list[Mention]:
    """Villages and places that stand in a text.

    Parameters
    ----------
    above
        Counties and towns that it names without a doubt: of a name that many have only those are taken that lie in one
        of them, unless none does.
    """
    standing = list(_standing(book.lower, book.lower_begins, text))
    divisions = {one.row for one in above}
    fitting = _fitting(book, standing, divisions) if divisions else standing
    return [mention for start, end, rows in fitting or standing for mention in _lower(book, text, start, end, rows)]


def _fitting(
    book: AddressBook, standing: list[tuple[int, int, tuple[int, ...]]], divisions: set[int]
) -> list[tuple[int, int, tuple[int, ...]]]:
    kind, town, county = book.entries.kind, book.entries.town, book.entries.county
    towns = {row for row in divisions if kind[row] == TOWN}
    found = []
    for start, end, rows in standing:
        mine = tuple(
            row for row in rows
            if town[row] in towns or (county[row] in divisions and (kind[row] == VILLAGE or not towns))
        )  # fmt: skip
        if mine:
            found.append((start, end, mine))
    return found


def _lower(book: AddressBook, text: str, start: int, end: int, rows: Iterable[int]) -> Iterator[Mention]:
    kinds, names, length, word = book.entries.kind, book.entries.name, end - start, text[start:end]
    ending = wording.VILLAGE_END.match(text, end)
    # 王家村委会 and 王家村村委会 are told apart by what is written, as far as it goes
    typed = ending.group() if ending is not None else ""
    whole = wording.TAIL.match(text, end) is not None
    tail = ending is None and whole
    for row in rows:
        kind = kinds[row]
        if kind in (VILLAGE, HAMLET):
            weight = length - (0.3 if kind == HAMLET else 0.0)
            if typed:
                own = names[row][length:] if names[row].startswith(word) else ""
                weight += 1.0 if typed == own or (typed == "村" and "社区" not in own) else 0.9
                if ("社区" in typed) != ("社区" in own) and typed in ("村", "社区"):
                    weight -= 0.5
                yield Mention(start, end + len(typed), row, weight, "", ended=True, word=word)
            elif tail:
                yield Mention(start, end, row, weight + 0.7, "", ended=True, word=word)
            else:
                yield Mention(start, end, row, weight - (1.0 if length == 2 else 0.5), "", ended=False, word=word)
        elif kind == PLACE:
            yield Mention(start, end, row, length + 0.5, "", ended=True, word=word)
        elif kind in (ROAD, LINE):
            yield Mention(start, end, row, 0.5 * min(length, 3), "", ended=True, word=word)


class Window(NamedTuple):
    """A part of a text that is looked at for what is nearly so.

    Parameters
    ----------
    first
        Whether nothing that is to be read stands directly before it.
    key
        Its folded sounds.
    parts
        All that it may be kept under: itself, and itself without each of its characters.
    """

    start: int
    end: int
    first: bool
    typed: str
    key: str
    parts: tuple[str, ...]


def windows(text: str, open_to: bytearray) -> list[Window]:
    """The parts of a text that are open to be read, of at most `_WIDEST` characters."""
    found: list[Window] = []
    size = len(text)
    sounds = list(map(wording.sound, text))
    for start in range(size - 1):
        if open_to[start]:
            stop = open_to.find(0, start)
            for end in range(start + 2, min(size if stop < 0 else stop, start + _WIDEST) + 1):
                typed = text[start:end]
                key = wording.folded("".join(sounds[start:end]))
                first = not (start and open_to[start - 1])
                found.append(Window(start, end, first, typed, key, (typed, *wording.without_one(typed))))
    return found


def nearly(book: AddressBook, near: Near, text: str, looked_at: list[Window]) -> list[Mention]:
    """What nearly stands in the open parts of a text."""
    found: list[Mention] = []
    for window in looked_at:
        start, end, first, typed, key, parts = window
        if end - start <= near.longest:
            for how, word, rows in near.of(typed, key, parts):
                found.extend(_near(book, text, start, end, how, word, rows, first=first))
    return found


def _near(
    book: AddressBook, text: str, start: int, end: int, how: str, word: str, rows: Iterable[int], *, first: bool
) -> Iterator[Mention]:
    kinds = book.entries.kind
    edited = how in ("wrong", "missing", "extra")
    for row in rows:
        kind, ended, weight, stop = kinds[row], True, float(len(word)), end
        if edited and not _bears_an_edit(kind, how, text, end, word, first=first):
            continue
        ends = _ENDS.get(kind)
        if ends is not None and not ends.search(word, len(word) - 1) and not word.endswith(("街道", "社区")):
            ending = ends.match(text, end)
            ended = ending is not None or wording.TAIL.match(text, end) is not None
            weight += 1.0 if ending is not None else 0.7 if ended else -0.3
            stop = ending.end() if ending is not None else end
        if kind in (ROAD, LINE):
            weight = 0.5 * min(len(word), 3)
        elif kind == HAMLET:
            weight -= 0.3
        if weight > COST[how]:
            yield Mention(start, stop, row, weight - COST[how], how, ended, word)


def _bears_an_edit(kind: int, how: str, text: str, end: int, word: str, *, first: bool) -> bool:
    """Whether a word with another character may still be meant.

    景园小区 is not 花园小区: what is left of a place's name without its generic part must be long enough. 青州路 is not
    青州市, and another road is another one.
    """
    if kind in (COUNTY, TOWN):
        if how == "missing":
            return not wording.NOT_A_DIVISION.match(text, end)
        return text[end - 1] not in "路街巷河桥山" or word.endswith(text[end - 1])
    if kind in (ROAD, LINE):
        return False
    return kind != PLACE or (first and len(split_name(word)[0]) > 2)


def sounding(book: AddressBook, text: str, looked_at: list[Window], scopes: set[int]) -> list[Mention]:
    """Villages of some divisions (-1 among them: of all) that sound like the open parts of a text."""
    found: list[Mention] = []
    table, entries = book.lower_sounds, book.entries
    for start, end, first, typed, key, _ in looked_at:
        rows = table.get(key)
        if rows is not None:
            mine = [row for row in rows
                    if (-1 in scopes or entries.town[row] in scopes or entries.county[row] in scopes)
                    and not entries.name[row].startswith(typed)]  # fmt: skip
            found.extend(_near(book, text, start, end, "sound", typed, mine, first=first))
    return found


def latin(book: AddressBook, text: str, starts: frozenset[int]) -> list[Mention]:
    """Divisions that stand in a text in letters, as `wording.letters` makes it."""
    found: list[Mention] = []
    size = len(text)
    table, begins = book.all_sounds, book.sound_begins
    for start in range(size - _LATIN_SHORTEST + 1):
        longest = begins.get(text[start : start + _LATIN_SHORTEST], 0)
        for end in range(start + _LATIN_SHORTEST, min(size, start + longest) + 1):
            rows = table.get(text[start:end])
            if rows is not None:
                found.extend(_latin(book, text, start, end, rows, starts))
    return found


def _latin(
    book: AddressBook, text: str, start: int, end: int, rows: Iterable[int], starts: frozenset[int]
) -> Iterator[Mention]:
    weight = (end - start) / _LETTERS_OF_ONE + (0.5 if start in starts else 0.0)
    for row in rows:
        kind = book.entries.kind[row]
        if kind == CITY:
            continue
        ending = _LATIN_ENDS[kind].match(text, end)
        ended = ending is not None or end == len(text) or not text[end].isalpha()
        stop = ending.end() if ending is not None else end
        if ended or kind in (COUNTY, TOWN):
            bonus = 1.0 if ending is not None else 0.5 if end in starts or ended else -0.5
            yield Mention(start, stop, row, weight + bonus, "", ended, text[start:end])
