"""How the characters of a name are read: the office's table first, then words, then single characters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypinyin

from gis.errors import N_
from gis.toponym import phrases
from gis.toponym.tables import EMPTY, Row, read_file, rows_of, shipped

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_COLUMNS = ("text", "reading", "confidence", "source")
_MORE = ("context",)
_CONTEXT = re.compile(r"(\d{2}|\d{4}|\d{6})?")
_SYLLABLE = re.compile(r"[a-zü\u00e0-\u01dcḿẑĉŝ]+")
_SURE = "HML"
_MOST = 8
"""More readings of one name than anybody looks through are left out."""
_DICTIONARY = "dictionary of pypinyin"


@dataclass(frozen=True)
class Reading:
    """One way to read a name.

    ``syllables``: with tone marks, one per character. ``confidence``: H sure, M likely, L to be confirmed.
    ``source``: where the least sure of its parts comes from.
    """

    syllables: tuple[str, ...]
    confidence: str
    source: str


@dataclass(frozen=True)
class _Entry:
    syllables: tuple[str, ...]
    context: str
    confidence: str
    source: str


class ReadingTable:
    """Readings of names and characters; several of one text stand in the order of their likelihood.

    ``pattern`` finds the phrases, longest first; ``several`` finds the texts that have more than one reading.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        for row in rows:
            entry = _Entry(tuple(row["reading"].split()), row["context"], row["confidence"], row["source"])
            self._entries.setdefault(row["text"], []).append(entry)
        longest_first = sorted((text for text in self._entries if len(text) > 1), key=lambda text: -len(text))
        self.phrases = tuple(longest_first)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        open_texts = [text for text, entries in self._entries.items() if len(entries) > 1]
        self.several = re.compile("|".join(map(re.escape, open_texts)) or r"(?!)")

    def of(self, text: str, county: str) -> list[_Entry]:
        """What is known of a text in a county, most likely first: what holds there, then what holds everywhere.

        Where no county is given, what holds in some county only comes last; where another is given, not at all.
        """
        found = self._entries.get(text, [])
        if len(found) < 2 and not (found and found[0].context):
            return found
        everywhere = [entry for entry in found if not entry.context]
        if not county:
            return everywhere + [entry for entry in found if entry.context]
        return [entry for entry in found if entry.context and county.startswith(entry.context)] + everywhere


def _fault(row: Row) -> tuple[str, str] | None:
    for field in ("text", "reading", "source"):
        if not row[field]:
            return field, EMPTY
    syllables = row["reading"].split()
    if len(syllables) != len(row["text"]):
        return "reading", N_(
            "The table %(file)s, line %(line)s, field %(field)s: one syllable for each character, with spaces between."
        )
    if not all(_SYLLABLE.fullmatch(syllable) for syllable in syllables):
        return "reading", N_(
            "The table %(file)s, line %(line)s, field %(field)s: syllables are small letters with tone marks."
        )
    if len(row["confidence"]) != 1 or row["confidence"] not in _SURE:
        return "confidence", N_("The table %(file)s, line %(line)s, field %(field)s: it is H, M or L.")
    if not _CONTEXT.fullmatch(row["context"]):
        return "context", N_(
            "The table %(file)s, line %(line)s, field %(field)s: a code of 2, 4 or 6 digits, or empty for everywhere."
        )
    return None


def _rows(text: str, file: str) -> list[Row]:
    return rows_of(text, file, _COLUMNS, _MORE, _fault)


_SHIPPED_ROWS = _rows(shipped("readings.csv"), "readings.csv")
_SHIPPED = ReadingTable(_SHIPPED_ROWS)
_active = [_SHIPPED]


def active_readings() -> ReadingTable:
    """The table in use: the shipped one, or the office's after `use_readings`."""
    return _active[-1]


def load_readings(path: Path, *, replace: bool = False) -> ReadingTable:
    """Read an office's table of readings.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns ``text, reading, confidence, source`` and, if wanted, ``context``: the beginning
        of the division codes where the reading holds, empty for everywhere. Several rows of one text are candidates,
        most likely first.
    replace
        Take the file alone. Otherwise its rows extend the shipped table and replace all rows of the same text.

    Raises
    ------
    BadNameTable
        Names file, line and field.
    NameTableMissing, NameTableTooLarge
        Where the file cannot be read, or has more than 20 MB.
    """
    own = _rows(read_file(path), path.name)
    if replace:
        return ReadingTable(own)
    known = {row["text"] for row in own}
    return ReadingTable([*(row for row in _SHIPPED_ROWS if row["text"] not in known), *own])


def use_readings(table: ReadingTable | None) -> None:
    """Use a table of readings in this process from now on; None: the shipped one."""
    _active[:] = [table or _SHIPPED]
    forget_readings()


def forget_readings() -> None:
    """Read every name anew: the table or the dictionary has changed."""
    syllables.cache_clear()
    _read.cache_clear()


def learn_phrases(name: str) -> None:
    """Make `syllables` read a name as with pypinyin's whole dictionary. Does nothing where that is loaded.

    Parameters
    ----------
    name
        A place name. Names without a character that is read by its word need nothing.
    """
    if phrases.learn(name):
        forget_readings()


@lru_cache(maxsize=4096)
def syllables(name: str, county: str = "") -> tuple[str, ...]:
    """Read a name: one syllable with its tone mark per Chinese character.

    Parameters
    ----------
    name
        A place name. A character that is not Chinese stands for itself.
    county
        Code of the division where it lies, for readings that hold in one county only; empty where it is not known.

    Returns
    -------
    tuple of str
        As many entries as ``name`` has characters: the most likely of `readings`. The table of readings goes first,
        longest entry first; then the words of the dictionary; then each character's most common reading.
    """
    return tuple(syllable for piece in _pieces(name, county) for syllable in piece[0].syllables)


def readings(name: str, county: str = "") -> tuple[Reading, ...]:
    """All likely readings of a name, most likely first.

    Parameters
    ----------
    name, county
        As for `syllables`.

    Returns
    -------
    tuple of Reading
        At least one, at most eight. Ordinary names have one; several come back where the table of readings has several
        for a part of the name, and where table and dictionary disagree.

    Examples
    --------
    >>> [" ".join(found.syllables) for found in readings("廿里堡")]
    ['niàn lǐ pù', 'niàn lǐ bǎo', 'niàn lǐ bǔ']
    >>> readings("青州")[0].syllables, is_certain(readings("青州"))
    (('qīng', 'zhōu'), True)
    """
    pieces = _pieces(name, county)
    ways = itertools.product(*(range(len(piece)) for piece in pieces))
    chosen = sorted(itertools.islice(ways, 4096), key=sum)
    found: dict[tuple[str, ...], Reading] = {}
    for way in chosen:
        parts = [piece[number] for piece, number in zip(pieces, way, strict=True)]
        read = tuple(syllable for part in parts for syllable in part.syllables)
        if read not in found:
            weakest = max(parts, key=lambda part: _SURE.index(part.confidence), default=None)
            found[read] = Reading(read, weakest.confidence if weakest else "H", weakest.source if weakest else "")
        if len(found) == _MOST:
            break
    return tuple(found.values())


def is_certain(found: tuple[Reading, ...]) -> bool:
    """Whether the first of `readings` may be used without asking: it is sure, or the only one and likely."""
    return bool(found) and (found[0].confidence == "H" or (len(found) == 1 and found[0].confidence == "M"))


def _pieces(name: str, county: str) -> list[tuple[_Entry, ...]]:
    """The name in pieces that are read each for itself, with the ways to read each."""
    table = active_readings()
    pieces: list[tuple[_Entry, ...]] = []
    at = 0
    for match in table.pattern.finditer(name):
        known = table.of(match.group(), county)
        if known:
            pieces += _words(name[at : match.start()], county)
            pieces.append(tuple(known))
            at = match.end()
    return pieces + _words(name[at:], county)


def _words(text: str, county: str) -> list[tuple[_Entry, ...]]:
    """Pieces of a text that no row of the table covers as a phrase."""
    if not phrases.depends_on_words(text):
        return [_read(character, "", county) for character in text]
    pieces: list[tuple[_Entry, ...]] = []
    at = 0
    while at < len(text):
        word = phrases.word_at(text, at)
        if word is None:
            pieces.append(_read(text[at], "", county))
            at += 1
        else:
            length, read = word
            pieces += [_read(text[at + place], syllable, county) for place, syllable in enumerate(read)]
            at += length
    return pieces


@lru_cache(maxsize=8192)
def _read(character: str, in_word: str, county: str) -> tuple[_Entry, ...]:
    """The ways to read a character that stands alone, or in a word of the dictionary.

    The table's likely readings of a character go before the dictionary's (长 in place names reads cháng), its doubtful
    ones after it; where the two disagree, both are candidates.
    """
    known = active_readings().of(character, county)
    if not in_word:
        if known:
            return tuple(known)
        common = str(pypinyin.lazy_pinyin(character, style=pypinyin.Style.TONE)[0])
        return (_Entry((common,), "", "M" if _has_several(character) else "H", _DICTIONARY),)
    by_word = _Entry((in_word,), "", "M" if known or _has_several(character) else "H", _DICTIONARY)
    if not known or known[0].confidence == "L":
        return (by_word,)
    likely = [entry for entry in known if entry.confidence != "L"]
    if any(entry.syllables == by_word.syllables or _neutral(entry.syllables[0]) for entry in likely):
        return (likely[0],)
    return (likely[0], by_word)


def _neutral(syllable: str) -> bool:
    """Whether a syllable has no tone: that of a suffix, which dictionaries write in either way."""
    return syllable.isascii()


@lru_cache(maxsize=8192)
def _has_several(character: str) -> bool:
    return len(pypinyin.pinyin(character, style=pypinyin.Style.TONE, heteronym=True)[0]) > 1


def depends_on_words(name: str) -> bool:
    """Whether a name has a character whose reading depends on the word that it stands in."""
    return phrases.depends_on_words(name)


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return _HAN.match(character) is not None
