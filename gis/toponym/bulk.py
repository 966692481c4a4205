"""Search keys of many names at once.

One name at a time costs tens of microseconds, which for a register of 70,000 names is seconds at every start. Here all
names are one text, and the readings are put in by replacing the table's phrases and translating characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gis.toponym.keys import plain_syllable, search_keys
from gis.toponym.readings import active_readings, readings


def bulk_search_keys(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Full pinyin without tones and initials of each name, in lower case.

    Parameters
    ----------
    names
        Place names. Characters are read by the table of readings, whole phrases first, else each by its most common
        reading: a word that only a dictionary knows is not looked up, as `search_keys` does.

    Returns
    -------
    tuple of two lists
        As long as ``names``.

    Examples
    --------
    >>> bulk_search_keys(["青州", "临朐县"])
    (['qingzhou', 'linquxian'], ['qz', 'lqx'])
    """
    text = "\n".join(name.replace("\n", " ") for name in names).lower()
    full, initials = text, text
    for phrase in active_readings().phrases:
        if phrase in text:
            keys = search_keys(phrase)
            full = full.replace(phrase, keys.full)
            initials = initials.replace(phrase, keys.initials)
    readings = {ord(character): search_keys(character) for character in set(text) - {"\n"}}
    full = full.translate({code: keys.full for code, keys in readings.items()})
    initials = initials.translate({code: keys.initials for code, keys in readings.items()})
    if not names:
        return [], []
    return full.split("\n"), initials.split("\n")


def bulk_other_keys(names: Sequence[str]) -> list[tuple[int, str]]:
    """Further full pinyin of the names that have several readings: position in ``names`` and key, all but the first.

    Examples
    --------
    >>> bulk_other_keys(["青州", "廿里堡"])
    [(1, 'nianlibao'), (1, 'nianlibu')]
    """
    several = active_readings().several
    found: list[tuple[int, str]] = []
    for number, name in enumerate(names):
        if several.search(name):
            keys = dict.fromkeys("".join(map(plain_syllable, way.syllables)) for way in readings(name))
            found += [(number, key) for key in list(keys)[1:]]
    return found


def bulk_plain(romans: Sequence[str]) -> list[str]:
    """Romanized names as they are typed: without tones, spaces and apostrophes, in lower case, ü as v.

    Examples
    --------
    >>> bulk_plain(["Qīngzhōu Shì", "Tái'érzhuāng Qū", "Lǜ Hé"])
    ['qingzhoushi', 'taierzhuangqu', 'lvhe']
    """
    if not romans:
        return []
    text = unicodedata.normalize("NFD", "\n".join(roman.replace("\n", " ") for roman in romans).lower())
    text = text.replace("u\u0308", "v")
    kept = {ord(character): None for character in set(text) if not (character.isascii() and character.isalnum())}
    kept.pop(ord("\n"), None)
    return text.translate(kept).split("\n")
