"""The lists by which names are judged, as data: scopes of names, and words that names may not hold.

Both are CSV files under `layers.placenames.data`, each row with its source. An office's own file is read by
`load_scopes` or `load_words` and taken into use by `use_scopes` or `use_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from gis.errors import N_
from gis.toponym.tables import EMPTY, BadNameTable, Row, read_file, rows_of

__all__ = [
    "BadNameTable",
    "Scope",
    "ScopeTable",
    "WordTable",
    "load_scopes",
    "load_words",
    "scope_of",
    "shipped_scopes",
    "use_scopes",
    "use_words",
    "words",
]

_REGIONS: Final = ("nation", "province", "county", "built-up", "town")
_KINDS: Final = ("foreign", "leader", "company")
_CLASSES: Final = re.compile(r"\d{2,5}( \d{2,5})*")
_METRES: Final = re.compile(r"(\d{1,6}(\.\d+)?)?")


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


class ScopeTable:
    """Scopes by the beginnings of class codes; the longest beginning counts."""

    def __init__(self, rows: Iterable[Row]) -> None:
        found = [
            (prefix, Scope(row["sort"], row["within"], float(row["near_m"] or 0)))
            for row in rows
            for prefix in row["classes"].split()
        ]
        self.prefixes = tuple(sorted(found, key=lambda item: -len(item[0])))

    def of(self, class_code: str) -> Scope | None:
        """The scope of a class's names, None where there is none."""
        return next((scope for prefix, scope in self.prefixes if class_code.startswith(prefix)), None)


class WordTable:
    """Words that names may not hold, by kind, longest first."""

    def __init__(self, rows: Iterable[Row]) -> None:
        by_kind: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        for row in rows:
            by_kind[row["kind"]].append(row["word"])
        self.of: Mapping[str, tuple[str, ...]] = {
            kind: tuple(sorted(dict.fromkeys(found), key=len, reverse=True)) for kind, found in by_kind.items()
        }


def _scope_fault(row: Row) -> tuple[str, str] | None:
    if not row["sort"]:
        return "sort", EMPTY
    if not _CLASSES.fullmatch(row["classes"]):
        return "classes", N_(
            "The table %(file)s, line %(line)s, field %(field)s: beginnings of class codes have two to five digits, "
            "with a blank between them."
        )
    if row["within"] not in _REGIONS:
        return "within", N_(
            "The table %(file)s, line %(line)s, field %(field)s: it is nation, province, county, built-up or town."
        )
    if not _METRES.fullmatch(row["near_m"]):
        return "near_m", N_("The table %(file)s, line %(line)s, field %(field)s: it is a distance in metres, or empty.")
    return None


def _word_fault(row: Row) -> tuple[str, str] | None:
    if row["kind"] not in _KINDS:
        return "kind", N_("The table %(file)s, line %(line)s, field %(field)s: it is foreign, leader or company.")
    return ("word", EMPTY) if not row["word"] else None


def _scopes(text: str, file: str) -> list[Row]:
    return rows_of(text, file, ("sort", "classes", "within", "near_m"), ("source",), _scope_fault)


def _words(text: str, file: str) -> list[Row]:
    return rows_of(text, file, ("kind", "word"), ("confidence", "source"), _word_fault)


def _shipped(name: str) -> str:
    return resources.files("layers.placenames.data").joinpath(name).read_text("utf-8")


_SHIPPED_SCOPES: Final = ScopeTable(_scopes(_shipped("scopes.csv"), "scopes.csv"))
_SHIPPED_WORDS: Final = _words(_shipped("words.csv"), "words.csv")
_scopes_in_use = [_SHIPPED_SCOPES]
_words_in_use = [WordTable(_SHIPPED_WORDS)]


def shipped_scopes() -> ScopeTable:
    """The table of scopes that the product ships."""
    return _SHIPPED_SCOPES


def load_scopes(path: Path) -> ScopeTable:
    """Read an office's table of scopes, which takes the place of the shipped one.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns ``sort, classes, within, near_m`` and, if wanted, ``source``: see `Scope`;
        ``classes`` are beginnings of class codes with blanks between them.

    Raises
    ------
    BadNameTable
        Names file, line and field.
    NameTableMissing, NameTableTooLarge
        Where the file cannot be read, or has more than 20 MB.
    """
    return ScopeTable(_scopes(read_file(path), path.name))


def load_words(path: Path, *, replace: bool = False) -> WordTable:
    """Read an office's list of words that names may not hold.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns ``kind, word`` and, if wanted, ``confidence, source``; ``kind`` is ``foreign``,
        ``leader`` or ``company``.
    replace
        Take the file alone. Otherwise its rows extend the shipped list.

    Raises
    ------
    BadNameTable, NameTableMissing, NameTableTooLarge
        As for `load_scopes`.
    """
    own = _words(read_file(path), path.name)
    return WordTable(own if replace else [*_SHIPPED_WORDS, *own])


def use_scopes(table: ScopeTable | None) -> None:
    """Judge by a table of scopes in this process from now on; None: the shipped one."""
    _scopes_in_use[:] = [table or _SHIPPED_SCOPES]
    scope_of.cache_clear()


def use_words(table: WordTable | None) -> None:
    """Judge by a list of words in this process from now on; None: the shipped one."""
    _words_in_use[:] = [table or WordTable(_SHIPPED_WORDS)]


@lru_cache(maxsize=1024)
def scope_of(class_code: str) -> Scope | None:
    """The scope of a class's names, None where the law sets none.

    Examples
    --------
    >>> scope_of("27610").within, scope_of("13400").near_m, scope_of("23530")
    ('town', 2000.0, None)
    """
    return _scopes_in_use[-1].of(class_code)


def words(kind: str) -> tuple[str, ...]:
    """The words of one of the lists that names may not hold, longest first."""
    return _words_in_use[-1].of.get(kind, ())
