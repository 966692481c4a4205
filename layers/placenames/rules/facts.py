"""What place names are judged against: divisions and their areas, classes, scopes of names, lists of words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Final

from gis.toponym.characters import simplified
from gis.toponym.parts import generic_fits
from layers.records import Context
from layers.records.context import PlaceClass
from layers.records.divisions import Divisions

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
class Scope:
    """Within what no two names may be alike, for one sort of place.

    Parameters
    ----------
    key
        The sort: names are compared with those of the same sort alone.
    within
        ``nation``, ``province``, ``county``, ``built-up`` or ``town``.
    near_m
        Where the law means one and the same feature rather than a region: how far apart two of one name must lie, in
        metres; 0 where the whole region counts.
    """

    key: str
    within: str
    near_m: float = 0.0


@cache
def _scopes() -> tuple[tuple[str, Scope], ...]:
    found = [
        (prefix, Scope(row["sort"], row["within"], float(row["near_m"] or 0)))
        for row in rows_of("scopes")
        for prefix in row["classes"].split()
    ]
    return tuple(sorted(found, key=lambda item: -len(item[0])))


@cache
def scope_of(class_code: str) -> Scope | None:
    """The scope of a class's names, None where the law sets none."""
    return next((scope for prefix, scope in _scopes() if class_code.startswith(prefix)), None)


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one of the lists that names may not hold, longest first."""
    return tuple(sorted((row["word"] for row in rows_of("words") if row["kind"] == kind), key=len, reverse=True))


@dataclass(frozen=True)
class Facts:
    """What rules judge by; made from a register's `Context`.

    Parameters
    ----------
    context
        Divisions, areas and classes of a register.
    serials
        The first 14 digits of place-name codes to the highest serial that is taken, so that a proposed one is free.
    """

    context: Context
    serials: Mapping[str, int] = field(default_factory=dict)
    _proposed: dict[str, int] = field(default_factory=dict, repr=False)

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
