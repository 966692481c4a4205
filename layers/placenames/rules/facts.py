"""What place names are judged against: divisions and their areas, classes, scopes of names, lists of words."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Final

from gis.toponym.characters import simplified
from gis.toponym.parts import generic_fits
from layers.placenames.rules.lists import Scope, scope_of, words
from layers.records import Context
from layers.records.context import PlaceClass
from layers.records.divisions import Divisions

__all__ = [
    "CLAUSE_CODE",
    "CLAUSE_FORM",
    "CLAUSE_NAMES",
    "CLAUSE_PINYIN",
    "CLAUSE_RULES",
    "Facts",
    "Orphan",
    "Scope",
    "rows_of",
    "scope_of",
    "words",
]

CLAUSE_NAMES: Final = "地名管理条例（国务院令第753号，2022-05-01）"
CLAUSE_RULES: Final = "地名管理条例实施办法（民政部令第71号，2024-05-01）"
CLAUSE_PINYIN: Final = "(84)中地字第17号；GB/T 16159"
CLAUSE_FORM: Final = "地名普查登记表"
CLAUSE_CODE: Final = "地名代码（县6＋乡3＋类5＋序6）"


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the tables beside this package."""
    text = resources.files("layers.placenames.data").joinpath(f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@dataclass(frozen=True)
class Orphan:
    """A row of another table that names a place as its own which there is not.

    Parameters
    ----------
    layer, uuid
        What it is: the key of its layer (of what is no layer the table's name) and its permanent id.
    name
        What it calls itself; empty where it has no name.
    place_uuid
        The place that it names.
    """

    layer: str
    uuid: str
    name: str
    place_uuid: str


@dataclass(frozen=True)
class Facts:
    """What rules judge by; made from a register's `Context`.

    Parameters
    ----------
    context
        Divisions, areas and classes of a register.
    serials
        The first 14 digits of place-name codes to the highest serial that is taken, so that a proposed one is free.
    orphans
        Rows of other tables whose place there is not, as `layers.placenames.checking.read_orphans` finds them.
    """

    context: Context
    serials: Mapping[str, int] = field(default_factory=dict)
    _proposed: dict[str, int] = field(default_factory=dict, repr=False)
    orphans: Collection[Orphan] = ()

    @property
    def divisions(self) -> Divisions:
        return self.context.divisions

    @property
    def classes(self) -> Mapping[str, PlaceClass]:
        return self.context.classes

    def name_of(self, code: object) -> str:
        """A division's name, else its code."""
        return self.divisions.name_of(code) if isinstance(code, str) and code in self.divisions else str(code or "")

    @cached_property
    def streets(self) -> frozenset[str]:
        """Codes of the towns that are streets (街道): those of one county are one built-up area."""
        return frozenset(
            code
            for code, level, name in zip(self.divisions.code, self.divisions.level, self.divisions.name, strict=True)
            if level == "town" and name.endswith("街道")
        )

    @cached_property
    def villages(self) -> Mapping[str, list[str]]:
        """Codes of the villages of each town."""
        found: dict[str, list[str]] = {}
        for code, level, town in zip(self.divisions.code, self.divisions.level, self.divisions.town, strict=True):
            if level == "village":
                found.setdefault(town, []).append(code)
        return found

    def region(self, scope: Scope, county: str | None, town: str | None) -> str:
        """What a name's neighbours have in common within its scope; empty where it is not known."""
        if scope.within in ("nation", "province"):
            return scope.within
        if scope.within == "county":
            return county or ""
        if scope.within == "built-up" and town in self.streets:
            return f"{county}+"
        return town or ""

    def free_code(self, front: str) -> str:
        """A code with those first 14 digits that neither is taken nor has been proposed."""
        serial = max(self.serials.get(front, 0), self._proposed.get(front, 0)) + 1
        self._proposed[front] = serial
        return f"{front}{serial:06d}"

    def generic_fits(self, generic: str, class_code: str) -> bool | None:
        """Whether a generic part is one that a class's places have; None where the table does not know it."""
        return generic_fits(generic, class_code)

    def simplified(self, text: str, *, variants: bool = False) -> str:
        """The text in standard characters, as far as they are known; for variant forms too, if wanted."""
        return simplified(text, variants=variants)

    def own(self) -> Iterator[int]:
        """Rows of the divisions that belong to the city."""
        return (row for row, inside in enumerate(self.divisions.inside.tolist()) if inside)
