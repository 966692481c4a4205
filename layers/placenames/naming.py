"""When a place was named, as far as the form's free text says it: a year, a reign, a dynasty."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from gis.errors import N_
from layers.placenames.rules.facts import rows_of

UNKNOWN_WORDS: Final = frozenset(
    {"不详", "无", "未知", "待考", "待查", "不明", "无考", "暂无", "不清", "-", "—", "--", "——", "/"}
)
"""How forms write that nobody knows: counted apart from cells that are empty."""

_YEAR: Final = re.compile(r"(?<!\d)(公元前|前)?\s*(\d{3,4})\s*(?:年代?|[-/.]|$)")
_CENTURY: Final = re.compile(r"(\d{1,2})世纪(?:(\d0)年代|([初中末]))?")
_WRITTEN_YEAR: Final = re.compile(r"([一二][〇零一二三四五六七八九]{3})年?")
_NUMBERS: Final = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
_REIGN_YEAR: Final = re.compile(r"([〇零一二三四五六七八九十元]{1,4}|\d{1,2})年")
_FIRST_YEAR, _LAST_YEAR = -3000, 2200


@dataclass(frozen=True)
class Period:
    """A span of years under which names are counted; ``last`` is None for the one that goes on."""

    key: str
    title_zh: str
    title_en: str
    first: int
    last: int | None


PERIODS: Final[tuple[Period, ...]] = (
    Period("early", "唐代及以前", N_("Tang and before"), _FIRST_YEAR, 906),
    Period("song-yuan", "五代宋金元", N_("Song, Jin, Yuan"), 907, 1367),
    Period("ming", "明代", N_("Ming"), 1368, 1643),
    Period("qing", "清代", N_("Qing"), 1644, 1911),
    Period("republic", "民国时期", N_("Republic"), 1912, 1948),
    Period("1949", "1949–1979", "1949–1979", 1949, 1979),
    Period("1980", "1980–1999", "1980–1999", 1980, 1999),
    Period("2000", "2000–2009", "2000–2009", 2000, 2009),
    Period("2010", "2010 年以来", N_("Since 2010"), 2010, None),
)


@cache
def _eras() -> tuple[tuple[str, int, int], ...]:
    """Words for eras, the longer ones first: 东汉 before 汉."""
    rows = [(row["word"], int(row["first"]), int(row["last"])) for row in rows_of("eras")]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


@cache
def year_of(text: str) -> int | None:
    """The first year that a text means; None where it means none.

    Examples
    --------
    >>> [year_of(text) for text in ("1985年", "20世纪80年代", "清康熙三年", "民国时期", "公元前221年", "不详")]
    [1985, 1980, 1664, 1912, -221, None]
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or plain in UNKNOWN_WORDS:
        return None
    if match := _CENTURY.search(plain):
        part = {"初": 0, "中": 50, "末": 90}.get(match[3] or "", 0)
        return (int(match[1]) - 1) * 100 + int(match[2] or part)
    if match := _YEAR.search(plain):
        year = int(match[2]) * (-1 if match[1] else 1)
        return year if _FIRST_YEAR <= year <= _LAST_YEAR else None
    if match := _WRITTEN_YEAR.search(plain):
        return _number(match[1])
    return _of_era(plain)


def _of_era(text: str) -> int | None:
    """The year of a reign or dynasty: the longest word for one that stands in the text."""
    found = next(((word, first, last) for word, first, last in _eras() if word in text), None)
    if found is None:
        return None
    word, first, last = found
    match = _REIGN_YEAR.search(text, text.index(word) + len(word))
    if match is None:
        return first
    year = first + _number(match[1]) - 1
    return year if first <= year <= last else first


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _NUMBERS.get(tens, 1) + _NUMBERS.get(ones, 0)
    number = 0
    for sign in text:
        number = number * 10 + _NUMBERS.get(sign, 0)
    return number


def period_of(year: int | None) -> str:
    """The key of the period in which a year lies; empty for none."""
    if year is None:
        return ""
    return next((one.key for one in PERIODS if one.first <= year and (one.last is None or year <= one.last)), "")
