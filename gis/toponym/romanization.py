"""Pinyin of a place name by the rules of (84)中地字第17号 and GB/T 16159."""

from __future__ import annotations

import re
import unicodedata

from gis.toponym.parts import split_name
from gis.toponym.readings import is_han, syllables

#: Names of these kinds are written as one word (rule 3: 周口店 Zhōukǒudiàn, 王村 Wángcūn).
WHOLE = frozenset({"settlement", "village", "自然村"})

#: One-syllable modifiers join what follows, longer ones split (rule 2: 西辽河 Xīliáo Hé, 景山后街 Jǐngshān Hòujiē).
_JOINING = frozenset("东西南北前后左右上下大小中新老旧")
_GENERICS_OF_STREETS = frozenset({"街", "路", "巷"})
_ORDINAL = re.compile(r"^(经|纬)([一二三四五六七八九十]+)$")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def _number(text: str) -> int:
    """Value of a Chinese number below 100."""
    if "十" not in text:
        value = 0
        for character in text:
            value = value * 10 + _DIGITS[character]
        return value
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _starts_with_vowel(syllable: str) -> bool:
    return unicodedata.normalize("NFD", syllable[:1])[:1].lower() in {"a", "o", "e"}


def _word(text: str, read: tuple[str, ...]) -> str:
    """One segment: joined, apostrophe before a later a, o or e, first letter capital."""
    out = ""
    for position, (character, syllable) in enumerate(zip(text, read, strict=True)):
        if position and is_han(character) and _starts_with_vowel(syllable):
            out += "'"
        out += syllable
    return out[:1].upper() + out[1:]


def _without_tones(text: str) -> str:
    """Tone marks off, ü kept."""
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) or c == "\u0308")
    return unicodedata.normalize("NFC", kept)


def romanize(name: str, kind: str = "", *, generic: str | None = None, tones: bool = True) -> str:
    """Spell a place name in pinyin.

    Parameters
    ----------
    name
        The standard name.
    kind
        Level or major class; natural villages (``settlement``, ``village``) are written as one word, all others
        as specific and generic part. A settlement whose ``generic`` is given is split too.
    generic
        The generic part where it is known; found by `split_name` when None.
    tones
        Write tone marks (rule 9 allows to omit them); ü stays ü.

    Returns
    -------
    str
        For example ``Wéifāng Shì``, ``Xī'ān``, ``Jīng 5 Lù``; empty for an empty name.

    Notes
    -----
    Rules: split of specific and generic, one-syllable modifiers, capitals, apostrophe, ü, ordinals of streets with
    digits. Readings come from `gis.toponym.readings`.

    Examples
    --------
    >>> romanize('潍坊市', 'city')
    'Wéifāng Shì'
    >>> romanize('台儿庄区', 'county', tones=False)
    "Tai'erzhuang Qu"
    """
    read = syllables(name)
    whole = kind in WHOLE and generic is None
    if generic is None:
        generic = "" if whole else split_name(name)[1]
    at = len(name) - len(generic) if generic and name.endswith(generic) and len(name) > len(generic) else len(name)
    specific = name[:at]
    ordinal = _ORDINAL.match(specific)
    if ordinal and generic in _GENERICS_OF_STREETS:
        words = [_word(specific[:1], read[:1]), str(_number(ordinal.group(2)))]
    elif generic in _GENERICS_OF_STREETS and len(specific) > 2 and specific[-1] in _JOINING:
        # 景山后街: the modifier belongs to the street
        words = [_word(specific[:-1], read[: at - 1])]
        at -= 1
    else:
        words = [_word(specific, read[:at])]
    if at < len(name):
        words.append(_word(name[at:], read[at:]))
    spelled = " ".join(words)
    return spelled if tones else _without_tones(spelled)
