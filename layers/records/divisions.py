"""Divisions by code and by the words that people write for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVELS: Final = ("city", "county", "town", "village")

_PROVINCE: Final = re.compile(
    r"(?:中国|中华人民共和国)?(?:[一-龥]{2,3}省|[一-龥]{2,5}自治区|"
    r"山东|河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)"
)
_COUNTY_END: Final = re.compile(r"(?:自治县|新区|市|区|县)$")
_TOWN_END: Final = re.compile(r"(?:街道办事处|街道办|街道|办事处|镇人民政府|镇|乡)$")
_TOWN_ENDS: Final = ("街道", "街道办事处", "街道办", "街办", "办事处", "镇", "乡")
_VILLAGE_END: Final = re.compile(
    r"(?:村民委员会|社区居民委员会|社区居委会|居民委员会|居民委会|村委员会|委员会|村委会|居委会|村村会)$"
)
_VILLAGE_TAIL: Final = re.compile(r"(?:社区|村)$")
_VILLAGE_ENDS: Final = ("村", "社区", "村委会", "村民委员会", "居委会", "社区居委会", "社区居民委员会", "居民委员会")
_ENDED: Final = re.compile(r"(?:[市区县镇乡村]|街道|社区|办事处|委员会|[村居]委会)$")
_NOT_A_DIVISION: Final = re.compile(
    r"(?:大街|[东西南北中]?[一二三四五六七八九十]?[路街巷道河桥山]|胡同|大道|高速|水库|火车站)"
)
"""What follows a short name where it is the beginning of something else: 青州路, 临朐大街."""


@dataclass(frozen=True)
class Found:
    """How far a text named divisions.

    Parameters
    ----------
    row
        The lowest division that it names without doubt, -1 where none.
    rest
        What comes after in the text.
    candidates
        Rows between which the next lower name leaves open, empty where it is clear.
    word
        The name that leaves it open.
    """

    row: int
    rest: str
    candidates: tuple[int, ...] = ()
    word: str = ""


class Divisions:
    """The divisions of a register. Never changed.

    Parameters
    ----------
    code, name, level, parent, county, town
        Shape (n,) each, "" for what is missing. Of several with one code the last one counts.
    lon, lat
        Shape (n,), degrees, NaN where there is no seat.
    inside
        Whether it belongs to the city.
    """

    def __init__(
        self,
        *,
        code: Sequence[str],
        name: Sequence[str],
        level: Sequence[str],
        parent: Sequence[str],
        county: Sequence[str],
        town: Sequence[str],
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        inside: NDArray[np.bool_],
    ) -> None:
        self.code, self.name, self.level = list(code), list(name), list(level)
        self.parent, self.county, self.town = list(parent), list(county), list(town)
        self.lon, self.lat, self.inside = lon, lat, inside
        self.row_of = {code: row for row, code in enumerate(self.code) if code}
        self._words: dict[tuple[str, str], dict[str, list[int]]] = {}
        self._longest: dict[tuple[str, str], int] = {}
        self._spelled = False

    def __contains__(self, code: object) -> bool:
        return code in self.row_of

    def level_of(self, code: str) -> str:
        """The level of a code, "" where there is no such division."""
        row = self.row_of.get(code)
        return "" if row is None else self.level[row]

    def name_of(self, code: str) -> str:
        """The name of a code, the code itself where there is no such division."""
        row = self.row_of.get(code)
        return code if row is None else self.name[row]

    def full_name(self, row: int) -> str:
        """The names from the county down, as an address writes them."""
        county, *below = (self.name_of(code) for code in self._path(row))
        return county + "".join(name.removeprefix(county) for name in below)

    def _path(self, row: int) -> list[str]:
        """The codes of a division and of those that it lies in, from the county down."""
        return [code for code in dict.fromkeys((self.county[row], self.town[row], self.code[row])) if code]

    @property
    def city(self) -> str:
        """The code of the city, "" where the register has none."""
        return next((code for code, level in zip(self.code, self.level, strict=True) if level == "city"), "")

    def find(self, text: str, *, within: str = "", lowest: str = "village") -> Found:
        """Read the divisions at the beginning of a text, from the highest down, each by its longest name.

        Parameters
        ----------
        text
            Such as 山东省潍坊市青州市王府街道东夏村, or shorter: 青州王府. A code of 6, 9 or 12 digits is taken too.
        within
            Code of a county or town in which the rest lies; "" where nothing is known.
        lowest
            The level at which to stop.
        """
        rest = tidy(text)
        if rest in self.row_of:
            return Found(self.row_of[rest], "")
        rest = _without_province(rest)
        row = self.row_of.get(within, -1)
        for level in LEVELS[: LEVELS.index(lowest) + 1]:
            if row >= 0 and LEVELS.index(self.level[row]) >= LEVELS.index(level):
                # the text may name again what is known already
                _, rest = self._own(row, level, rest)
                continue
            rows, length = self.match(level, row, rest)
            if not rows:
                continue
            if len(rows) > 1:
                return Found(row, rest[length:], tuple(rows), rest[:length])
            row, rest = rows[0], rest[length:]
        return Found(row, rest)

    def _own(self, row: int, level: str, rest: str) -> tuple[int, str]:
        """Cut the name of the known division of a level from the beginning of a text."""
        code = {"city": self.city, "county": self.county[row], "town": self.town[row]}.get(level, "")
        if self.level[row] == level:
            code = self.code[row]
        own = self.row_of.get(code, -1)
        rows, length = self.match(level, self.row_of.get(self.parent[own], -1) if own >= 0 else -1, rest)
        return (own, rest[length:]) if own in rows else (own, rest)

    def match(self, level: str, within: int, text: str) -> tuple[list[int], int]:
        """Rows of a level, in a division, whose name begins a text, and how many characters it takes."""
        if level == "village" and within < 0:
            return [], 0  # a village alone says nothing
        if not self._spelled:
            self._spell()  # not before somebody asks: a file with codes needs none of it
        scope = "" if within < 0 or self.level[within] == "city" else self.code[within]
        words = self._words.get((level, scope))
        if not words:
            return [], 0
        for length in range(min(self._longest[level, scope], len(text)), 0, -1):
            rows = words.get(text[:length])
            if rows and not self._begins_another(level, rows, text, length):
                return rows, length
        return [], 0

    def _begins_another(self, level: str, rows: list[int], text: str, length: int) -> bool:
        """Whether a short name is but the beginning of another word, as in 青州路; in 临朐山旺镇 it is not."""
        word = text[:length]
        if word in (self.name[row] for row in rows) or _ENDED.search(word) or not _NOT_A_DIVISION.match(text, length):
            return False
        below = LEVELS[LEVELS.index(level) + 1 : -1]
        return not any(self.match(lower, row, text[length:])[0] for lower in below for row in rows)

    def _spell(self) -> None:
        """All words for each division by level and by each division that it lies in; the exact name wins."""
        ranked: dict[tuple[str, str], dict[str, tuple[int, list[int]]]] = {}
        for row in self.row_of.values():
            for scope in dict.fromkeys(("", self.county[row], self.town[row], self.parent[row])):
                if scope == self.code[row] or (scope == "" and self.level[row] == "village"):
                    continue
                table = ranked.setdefault((self.level[row], scope), {})
                for word, rank in self.words(row).items():
                    _put(table, word, rank, row)
        words = {key: {word: rows for word, (_, rows) in table.items()} for key, table in ranked.items()}
        self._longest = {key: max(map(len, table)) for key, table in words.items()}
        self._words = words
        self._spelled = True  # last: another thread may ask meanwhile

    def words(self, row: int) -> dict[str, int]:
        """What people write for a division, and how far from its name that is (0: the name itself)."""
        name, level = self.name[row], self.level[row]
        if level in ("city", "county"):
            return _ranked(name, _kept(_COUNTY_END.sub("", name), name))
        if level == "town":
            bare = name.removeprefix(self.name_of(self.county[row]))
            base = _kept(_TOWN_END.sub("", bare), bare)
            ends = (*_TOWN_ENDS, "街") if name.endswith("街道") else _TOWN_ENDS
            return _ranked(name, bare, base, *(base + end for end in ends if base != bare))
        bare = _VILLAGE_END.sub("", name)
        base = _kept(_VILLAGE_TAIL.sub("", bare), bare)
        own = base + ("社区" if "社区" in name[len(base) :] else "村")
        return _ranked(name, own, bare, base, *(base + end for end in _VILLAGE_ENDS))


def _ranked(*words: str) -> dict[str, int]:
    """Words with their ranks; from the fourth on all are as far."""
    found: dict[str, int] = {}
    for rank, word in enumerate(words):
        found.setdefault(word, min(rank, 4))
    return found


def _put(table: dict[str, tuple[int, list[int]]], word: str, rank: int, row: int) -> None:
    best, rows = table.get(word, (9, []))
    if rank < best:
        table[word] = (rank, [row])
    elif rank == best and row not in rows:
        rows.append(row)


def _kept(short: str, name: str) -> str:
    """A short name of at least two characters, else the whole: 县 alone or 城 means nothing."""
    return short if len(short) > 1 else name


def _without_province(text: str) -> str:
    found = _PROVINCE.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def tidy(text: str) -> str:
    """A name or address in plain characters without blanks and marks between its parts."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


_BETWEEN: Final = re.compile(r"[\s,，、;；>/\\|·]+")
