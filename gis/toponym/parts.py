"""Specific and generic part of a name (专名, 通名), and the table of generic terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gis.errors import N_
from gis.toponym.tables import EMPTY, Row, read_file, rows_of, shipped

_COLUMNS = ("generic", "kind", "classes")
_MORE = ("words", "splits", "inner")
_YES_NO = frozenset({"", "yes", "no"})
_CLASSES = re.compile(r"\d{2,5}(\|\d{2,5})*")


@dataclass(frozen=True)
class Generic:
    """A generic term.

    ``kind``: the major class that it usually stands for. ``classes``: beginnings of the class codes that it fits.
    ``words``: as it is written in segments (村民 委员会). ``splits``: whether it is told from the specific part
    without anything else being known; a village's 庄 or 村 is not, because villages are written as one word.
    ``inner``: whether it stands apart inside the specific part too (包头胡同东巷 Bāotóu Hútòng Dōngxiàng).
    """

    text: str
    kind: str
    classes: tuple[str, ...]
    words: tuple[str, ...]
    splits: bool
    inner: bool


def _endings(generics: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Generics by their last character, longest first."""
    by_last: dict[str, list[str]] = {}
    for generic in sorted(generics, key=len, reverse=True):
        if generic:
            by_last.setdefault(generic[-1], []).append(generic)
    return {last: tuple(found) for last, found in by_last.items()}


class GenericTable:
    """Generic terms, longest first. A later row replaces an earlier one of the same term."""

    def __init__(self, generics: Iterable[Generic]) -> None:
        unique = {generic.text: generic for generic in generics}
        self.by_text: dict[str, Generic] = dict(sorted(unique.items(), key=lambda item: -len(item[0])))
        self.splitting = tuple(text for text, generic in self.by_text.items() if generic.splits)
        self.endings = _endings(self.splitting)
        self.inner = frozenset(text for text, generic in self.by_text.items() if generic.inner)

    @property
    def kinds(self) -> dict[str, str]:
        """The terms that end a name by themselves, with their kind."""
        return {text: self.by_text[text].kind for text in self.splitting}


def _fault(row: Row) -> tuple[str, str] | None:
    for field in ("generic", "kind"):
        if not row[field]:
            return field, EMPTY
    if not _CLASSES.fullmatch(row["classes"]):
        return "classes", N_(
            "The table %(file)s, line %(line)s, field %(field)s: beginnings of class codes have two to five digits, "
            "with | between them."
        )
    if row["words"] and row["words"].replace(" ", "") != row["generic"]:
        return "words", N_("The table %(file)s, line %(line)s, field %(field)s: the words do not make up the term.")
    for field in ("splits", "inner"):
        if row[field] not in _YES_NO:
            return field, N_("The table %(file)s, line %(line)s, field %(field)s: it is yes, no or empty.")
    return None


def _generics(text: str, file: str) -> list[Generic]:
    return [
        Generic(
            text=row["generic"],
            kind=row["kind"],
            classes=tuple(row["classes"].split("|")),
            words=tuple(row["words"].split()) or (row["generic"],),
            splits=row["splits"] != "no",
            inner=row["inner"] == "yes",
        )
        for row in rows_of(text, file, _COLUMNS, _MORE, _fault)
    ]


_SHIPPED = GenericTable(_generics(shipped("generics.csv"), "generics.csv"))

#: Generic terms that the product ships and that end a name by themselves, longest first, each with the kind of
#: feature it usually stands for.
GENERICS: Mapping[str, str] = _SHIPPED.kinds

_active = [_SHIPPED]


def active_generics() -> GenericTable:
    """The table in use: the shipped one, or the office's after `use_generics`."""
    return _active[-1]


def load_generics(path: Path, *, replace: bool = False) -> GenericTable:
    """Read an office's table of generic terms.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns ``generic, kind, classes`` and, if wanted, ``words, splits, inner`` (see
        `Generic`; empty means one word, yes, no).
    replace
        Take the file alone. Otherwise its rows extend the shipped table and replace those of the same term.

    Raises
    ------
    BadNameTable
        Names file, line and field.
    NameTableMissing, NameTableTooLarge
        Where the file cannot be read, or has more than 20 MB.
    """
    own = _generics(read_file(path), path.name)
    return GenericTable(own if replace else [*_SHIPPED.by_text.values(), *own])


def use_generics(table: GenericTable | None) -> None:
    """Use a table of generic terms in this process from now on; None: the shipped one."""
    _active[:] = [table or _SHIPPED]


def generic_fits(generic: str, class_code: str) -> bool | None:
    """Whether a generic term fits the class of a place.

    Parameters
    ----------
    generic
        For example 水库.
    class_code
        Five digits (GB/T 18521), or their beginning.

    Returns
    -------
    bool or None
        None where the table does not have the term, or no class is given: nobody can tell.

    Examples
    --------
    >>> generic_fits("水库", "24230"), generic_fits("大桥", "22100"), generic_fits("饕餮", "22100")
    (True, False, None)
    """
    found = active_generics().by_text.get(generic)
    if found is None or not class_code:
        return None
    return class_code.startswith(found.classes)


_given = lru_cache(maxsize=64)(_endings)


def split_name(name: str, generics: Iterable[str] | None = None) -> tuple[str, str]:
    """Split a name into its specific and its generic part.

    Parameters
    ----------
    name
        A standard name such as 密云水库.
    generics
        Generic terms to look for; those of the table in use that end a name by themselves when None. The longest that
        ends the name wins.

    Returns
    -------
    (specific, generic)
        ``('密云', '水库')``. The generic is empty where none ends the name, or where nothing would be left as specific.

    Examples
    --------
    >>> split_name('弥河')
    ('弥', '河')
    >>> split_name('城关街道')
    ('城关', '街道')
    """
    table = active_generics().endings if generics is None else _given(tuple(generics))
    for generic in table.get(name[-1:], ()):
        if name.endswith(generic) and len(name) > len(generic):
            return name[: -len(generic)], generic
    return name, ""
