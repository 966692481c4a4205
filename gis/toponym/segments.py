"""The segments in which a name is written (rules 1 to 7 of (84)中地字第17号)."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from typing import NamedTuple

from gis.toponym.parts import active_generics, split_name
from gis.toponym.tables import shipped

#: Names of these kinds are written as one word (rule 3: 周口店 Zhōukǒudiàn, 王村 Wángcūn).
WHOLE = frozenset({"settlement", "village", "自然村"})
_WHOLE_CLASSES = ("222", "2161")

#: One-syllable modifiers join what follows, longer ones split (rule 2: 西辽河 Xīliáo Hé, 景山后街 Jǐngshān Hòujiē).
_OF_STREETS = frozenset("东西南北前后左右上下大小中新老旧直斜")
_OF_STREETS_ALONE = frozenset("大小老")
_OF_WATERS = frozenset("新老旧")
_WATERS = frozenset({"河", "渠", "沟", "江"})
_STREET_CLASS = "2351"
_OPPOSITES = frozenset({"大小", "小大", "老大", "老小"})

_NUMERAL = re.compile(r"(第?)([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])$")
#: 二马路 is the second road of its kind, 金马路 the road of the golden horse.
_NUMBERED_ROAD = re.compile("(?:大|第?[一二三四五六七八九十]+)(马路|环路)")
_NUMERALS = frozenset("零一二三四五六七八九十百千万")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_COUNTED = re.compile("第[一二三四五六七八九十]+(?=...)")
_TOWN = re.compile(r".{1,4}?(街道|镇|乡)(?=..)")
#: 青州市场街 is the market street of 青州, 临朐县城 a county's seat.
_GOES_ON = re.compile(r"市(?=[场区民立])|县(?=城(?!关)|[立委])")


class Segment(NamedTuple):
    """Characters from ``start`` to ``stop``; ``number`` where they are an ordinal, written in digits."""

    start: int
    stop: int
    number: int | None = None


@lru_cache(maxsize=1)
def _divisions() -> tuple[str, ...]:
    return tuple(row["name"] for row in csv.DictReader(io.StringIO(shipped("divisions.csv"))))


@lru_cache(maxsize=1)
def _no_numerals() -> tuple[str, ...]:
    return tuple(row["word"] for row in csv.DictReader(io.StringIO(shipped("numerals.csv"))))


def segments(name: str, kind: str, generic: str | None, within: tuple[str, ...] = ()) -> list[Segment]:
    """The segments of a name, in order.

    Parameters
    ----------
    name, kind, generic
        As for `gis.toponym.romanize`.
    within
        Names of divisions that may stand before the name proper, besides those that the product ships: 青州市弥河镇….
    """
    out: list[Segment] = []
    at = _before(name, within, out)
    if at:
        name = name[at:]
    numbered = _NUMBERED_ROAD.fullmatch(name)
    if numbered and generic in (None, "路"):
        generic = numbered.group(1)
    if generic is None:
        generic = split_name(name)[1]
        if generic and _is_whole(kind) and _kind(generic) != "committee":
            generic = ""
    counted = _COUNTED.match(name)
    if counted and not _is_whole(kind):
        # 第二松花江: the first of several of one name
        out.append(Segment(at, at + counted.end()))
        at += counted.end()
        name = name[counted.end() :]
    stop = len(name) - len(generic) if generic and name.endswith(generic) and len(name) > len(generic) else len(name)
    if stop == len(name):
        out.append(Segment(at, at + stop))
        return out
    known = active_generics().by_text.get(generic)
    words = known.words if known else (generic,)
    specific = name[:stop]
    street = known is not None and any(code.startswith(_STREET_CLASS) for code in known.classes)
    ordinal = _ordinal(specific) if street else None
    if ordinal is not None:
        first = stop - ordinal[0]
        if first:
            out += _inner(name[:first], at, villages=False)
        out.append(Segment(at + first, at + stop, ordinal[1]))
    else:
        if street:
            stop -= _street_modifiers(specific)
        elif generic in _WATERS and stop > 2 and specific[-1] in _OF_WATERS:
            stop -= 1
        out += _inner(name[:stop], at, villages=known is not None and known.kind == "committee")
    begin = at + stop
    end = at + len(name) - len(generic)
    for word in words:
        end += len(word)
        out.append(Segment(begin, end))
        begin = end
    return out


def _is_whole(kind: str) -> bool:
    return kind in WHOLE or kind.startswith(_WHOLE_CLASSES)


def _kind(generic: str) -> str:
    known = active_generics().by_text.get(generic)
    return known.kind if known else ""


def _before(name: str, within: tuple[str, ...], out: list[Segment]) -> int:
    """Segments of the divisions that stand before the name proper; where that begins."""
    at = 0
    for division in (*_divisions(), *within):
        if name.startswith(division, at) and len(name) >= at + len(division) + 2:
            end = at + len(division)
            if _GOES_ON.match(name, end - 1):
                out.append(Segment(at, end - 1))
                return end - 1
            out += _two(division, at)
            at = end
    town = _TOWN.match(name, at) if at else None
    if town is not None:
        out += [Segment(at, town.start(1)), Segment(town.start(1), town.end())]
        at = town.end()
    return at


def _two(division: str, at: int) -> list[Segment]:
    specific, generic = split_name(division)
    if not generic:
        return [Segment(at, at + len(division))]
    return [Segment(at, at + len(specific)), Segment(at + len(specific), at + len(division))]


def _inner(specific: str, at: int, *, villages: bool) -> list[Segment]:
    """The specific part, with a generic term of two syllables inside it apart (包头胡同 / 东巷).

    A village in the name of its committee is one word whatever it ends in; a community is not.
    """
    table = active_generics()
    for length in range(min(6, len(specific) - 2), 1, -1):
        ending = specific[-length:]
        if ending in table.inner and (not villages or ending == "社区"):
            stop = len(specific) - length
            parts = _inner(specific[:stop], at, villages=villages)
            begin = at + stop
            for word in table.by_text[ending].words:
                parts.append(Segment(begin, begin + len(word)))
                begin += len(word)
            return parts
    return [Segment(at, at + len(specific))]


def _ordinal(specific: str) -> tuple[int, int] | None:
    """Characters and value of the ordinal that ends a street's specific part; None where none does.

    Numerals side by side without 十 are dates (五一, 三八): written in pinyin (rule 6).
    """
    if specific[-1] not in _NUMERALS:
        return None
    for word in _no_numerals():
        if specific.endswith(word):
            return None
        if word[-1] in _NUMERALS and word in specific:
            rest = specific[specific.index(word) + len(word) :]
            found = _NUMERAL.fullmatch(rest)
            if found:
                return len(rest), _number(found.group(2))
    found = _NUMERAL.search(specific)
    if found is None or (found.start() and specific[found.start() - 1] in _NUMERALS):
        return None
    return len(found.group()), _number(found.group(2))


def _number(text: str) -> int:
    """Value of a Chinese number below 100."""
    if "十" not in text:
        return _DIGITS[text]
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _street_modifiers(specific: str) -> int:
    """How many characters at the end of a street's specific part belong to the street: 修文 / 西斜街, 南 / 小街."""
    if len(specific) == 2:
        both = specific[0] in _OF_STREETS and specific[1] in _OF_STREETS
        alone = not _OF_STREETS_ALONE.isdisjoint(specific) and specific not in _OPPOSITES
        return 1 if both and alone else 0
    taken = 0
    while taken < 2 and len(specific) - taken > 2 and specific[-1 - taken] in _OF_STREETS:
        taken += 1
    return taken
