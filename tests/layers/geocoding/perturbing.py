"""Addresses of the demonstration as people write them: twenty kinds of deviation, each the same number of times.

The base is the full address of a village with its real name (``山东省潍坊市青州市弥河镇上院村``). What is right is the
village's code. Which village and which character is drawn with a seed, so that every run asks the same.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gis.toponym.bulk import bulk_plain
from gis.toponym.keys import search_keys

SEED = 20240501
_TRADITIONAL = Path(__file__).with_name("traditional.txt")
"""Traditional characters and the simplified ones, in pairs: written down for the test, not the program's own table."""


@dataclass(frozen=True)
class Base:
    """An address by its parts, and the codes that are right."""

    county: str
    town: str
    village: str
    romans: tuple[str, str, str]
    code: str
    county_code: str

    @property
    def name(self) -> str:
        """The village as an address writes it: 上院村."""
        return village_of(self.village)

    @property
    def short(self) -> str:
        """County, town and village."""
        return self.county + self.town + self.name

    @property
    def full(self) -> str:
        """With province and city."""
        return "山东省潍坊市" + self.short


@dataclass(frozen=True)
class Case:
    """One text and what is right."""

    kind: str
    text: str
    base: Base


def village_of(name: str) -> str:
    """How an address writes a committee: 上院村委会 is 上院村, 北城社区居委会 北城社区."""
    for ending in ("村村民委员会", "村村委会", "村民委员会", "村委会"):
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name.removesuffix(ending) + "村"
    for ending in ("社区居民委员会", "社区居委会", "社区村民委员会", "社区村委会"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "社区"
    for ending in ("居民委员会", "居委会"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "社区"
    return name


def bases(register: Path) -> list[Base]:
    """Every village of a register."""
    with sqlite3.connect(f"file:{register}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT c.name, t.name, v.name, c.roman, t.roman, v.roman, v.code, c.code FROM division v"
            " JOIN division t ON t.code = v.town_code JOIN division c ON c.code = v.county_code"
            " WHERE v.level = 'village' ORDER BY v.code"
        ).fetchall()
    return [Base(county, town.removeprefix(county), village, (c, t, v), code, county_code)
            for county, town, village, c, t, v, code, county_code in rows]  # fmt: skip


def cases(register: Path, count: int = 2000) -> list[Case]:
    """The texts, as many of each kind."""
    chance = random.Random(SEED)
    known = bases(register)
    makers = Makers(chance, known).all()
    assert count % len(makers) == 0
    return [
        Case(kind, make(base), base)
        for kind, make in makers.items()
        for base in chance.sample(known, count // len(makers))
    ]


class Makers:
    """Each kind of deviation as a function of the address."""

    def __init__(self, chance: random.Random, known: list[Base]) -> None:
        self.chance = chance
        self.characters = sorted({sign for base in known for sign in base.short})
        self.alike: dict[str, list[str]] = {}
        for sign in self.characters:
            self.alike.setdefault(search_keys(sign).full, []).append(sign)
        self.traditional: dict[str, str] = {}
        for pair in _TRADITIONAL.read_text("utf-8").split():
            self.traditional.setdefault(pair[1], pair[0])

    def all(self) -> dict[str, Callable[[Base], str]]:
        """Kind to maker."""
        return {
            "a wrong character": self.wrong,
            "a missing character": self.missing,
            "an additional character": self.extra,
            "two characters swapped": self.swapped,
            "a homophone": self.homophone,
            "traditional characters": lambda base: base.full.translate(
                {ord(plain): sign for plain, sign in self.traditional.items()}
            ),
            "no province and city": lambda base: base.short,
            "no county": lambda base: base.town + base.name,
            "county without its ending": lambda base: base.short.replace(base.county, self.bare(base.county), 1),
            "no town": lambda base: base.county + base.name,
            "levels written twice": lambda base: f"潍坊市{base.county}{base.county}{base.town}{base.town}{base.name}",
            "endings of the village": lambda base: base.county + base.town + base.village,
            "no ending of the village": lambda base: base.county + base.town + self.bare(base.name),
            "full-width, with a number": lambda base: base.full + self.wide(f"{chance_number(self.chance)}号A座"),
            "blanks and marks": lambda base: f" 山东省、潍坊市 {base.county}，{base.town}　{base.name}。",
            "number and tail": lambda base: base.short + self.chance.choice(
                ["88号", "北首路西120米", "村委会对面", "大街路口", "附近", "东头十字路口南", "3组12号", "幸福路北首"]
            ),
            "brackets": lambda base: self.chance.choice(
                [
                    f"{base.short}（原村委大院）",
                    f"{base.county}（山东）{base.town}【{base.name}】",
                    f"{base.name}（{base.county}{base.town}）",
                ]
            ),
            "order turned round": lambda base: f"{base.name}，{base.town}，{base.county}，潍坊市，山东省",
            "pinyin": lambda base: " ".join(base.romans),
            "pinyin without blanks and tones": lambda base: "".join(bulk_plain(list(base.romans))),
        }  # fmt: skip

    def place(self, base: Base) -> int:
        """A position in the part from the county on."""
        return self.chance.randrange(6, len(base.full))

    def wrong(self, base: Base) -> str:
        """One character is another one."""
        at, text = self.place(base), base.full
        other = self.chance.choice([sign for sign in self.characters if sign != text[at]])
        return text[:at] + other + text[at + 1 :]

    def missing(self, base: Base) -> str:
        """One character is left out."""
        at = self.place(base)
        return base.full[:at] + base.full[at + 1 :]

    def extra(self, base: Base) -> str:
        """One character is too much."""
        at = self.place(base)
        return base.full[:at] + self.chance.choice(self.characters) + base.full[at:]

    def swapped(self, base: Base) -> str:
        """Two neighbours stand the other way round."""
        at = self.chance.randrange(6, len(base.full) - 1)
        return base.full[:at] + base.full[at + 1] + base.full[at] + base.full[at + 2 :]

    def homophone(self, base: Base) -> str:
        """One character is another one of the same sound."""
        text = base.full
        places = [at for at in range(6, len(text)) if len(self.alike[search_keys(text[at]).full]) > 1]
        at = self.chance.choice(places)
        other = self.chance.choice([one for one in self.alike[search_keys(text[at]).full] if one != text[at]])
        return text[:at] + other + text[at + 1 :]

    @staticmethod
    def bare(name: str) -> str:
        """A name without its ending, where two characters are left."""
        for ending in ("社区", "市", "区", "县", "村"):
            if name.endswith(ending) and len(name) - len(ending) > 1:
                return name.removesuffix(ending)
        return name

    @staticmethod
    def wide(text: str) -> str:
        """Digits and letters as wide as characters."""
        return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in text)


def chance_number(chance: random.Random) -> int:
    """A house number."""
    return chance.randint(1, 400)
