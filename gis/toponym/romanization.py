"""Pinyin of a place name by the rules of (84)中地字第17号 and GB/T 16159."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gis.toponym.readings import is_han, syllables
from gis.toponym.segments import WHOLE, Segment, segments

__all__ = ["WHOLE", "bulk_romanize", "romanize"]

_VOWELS = frozenset("aoeāáǎàōóǒòēéěèê")


def _word(text: str, read: Sequence[str]) -> str:
    """One segment: joined, apostrophe before a later a, o or e, first letter capital."""
    out = ""
    for position, syllable in enumerate(read):
        if position and syllable[:1] in _VOWELS and is_han(text[position]):
            out += "'"
        out += syllable
    return out[:1].upper() + out[1:]


def _without_tones(text: str) -> str:
    """Tone marks off, ü kept."""
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) or c == "\u0308")
    return unicodedata.normalize("NFC", kept)


def _written(name: str, read: Sequence[str], segment: Segment) -> str:
    start, stop, number = segment
    if number is None:
        return _word(name[start:stop], read[start:stop])
    if name[start] == "第":
        return f"{_word(name[start], read[start : start + 1])}-{number}"
    return str(number)


def romanize(
    name: str,
    kind: str = "",
    *,
    generic: str | None = None,
    tones: bool = True,
    county: str = "",
    reading: Sequence[str] | None = None,
) -> str:
    """Spell a place name in pinyin.

    Parameters
    ----------
    name
        The standard name. A community's or committee's may have its divisions before it (青州市弥河镇…).
    kind
        Level, major class or class code; natural villages (``settlement``, ``village``, 222…) are written as one word,
        all others as specific and generic part. A settlement whose ``generic`` is given is split too.
    generic
        The generic part where it is known; found by `split_name` when None.
    tones
        Write tone marks (rule 9 allows to omit them); ü stays ü.
    county
        Code of the division where it lies, for readings that hold there only.
    reading
        Syllables, one per character, such as one of `gis.toponym.readings.readings`; the most likely when None.

    Returns
    -------
    str
        For example ``Wéifāng Shì``, ``Xī'ān``, ``Jīng 5 Lù``; empty for an empty name.

    Raises
    ------
    ValueError
        Where ``reading`` does not have one syllable per character.

    Notes
    -----
    Rules: specific and generic part apart (1); one-syllable modifiers join, longer ones stand apart (2); natural
    villages in one word (3); a generic term that has become part of the name goes with it (4), as do the parts of a
    person's name (5); numerals in pinyin (6), ordinals of streets in digits (7); standard readings, local ones by the
    table (8); tone marks (9); capitals (10); apostrophe (11); r for 儿 where the table says so, ü (12). Generic terms
    of several words are written so (14: 烈士陵园 Lièshì Língyuán). Readings: `gis.toponym.readings`.

    Examples
    --------
    >>> romanize('潍坊市', 'city')
    'Wéifāng Shì'
    >>> romanize('台儿庄区', 'county', tones=False)
    "Tai'erzhuang Qu"
    >>> romanize('青州市弥河镇王家庄村民委员会')
    'Qīngzhōu Shì Míhé Zhèn Wángjiāzhuāng Cūnmín Wěiyuánhuì'
    """
    read = syllables(name, county) if reading is None else tuple(reading)
    if len(read) != len(name):
        raise ValueError(f"{len(name)} characters and {len(read)} syllables")
    spelled = " ".join([_written(name, read, segment) for segment in segments(name, kind, generic)])
    return spelled if tones else _without_tones(spelled)


def bulk_romanize(
    names: Sequence[str],
    kinds: Sequence[str | None],
    generics: Sequence[str | None],
    *,
    counties: Sequence[str | None] | None = None,
) -> list[str]:
    """`romanize` of many names: equal ones are spelled once.

    Parameters
    ----------
    names, kinds, generics
        As long as one another; a kind that is None is an unknown one, a generic that is None is found.
    counties
        Codes of the divisions where they lie, or None.

    Returns
    -------
    list of str
        As long as ``names``.

    Examples
    --------
    >>> bulk_romanize(["王村", "弥河"], ["settlement", "water"], [None, None])
    ['Wángcūn', 'Mí Hé']
    """
    where = [""] * len(names) if counties is None else [county or "" for county in counties]
    keys = list(zip(names, [kind or "" for kind in kinds], generics, where, strict=True))
    known = {
        key: romanize(name, kind, generic=generic, county=county)
        for key in dict.fromkeys(keys)
        for name, kind, generic, county in [key]
    }
    return [known[key] for key in keys]
