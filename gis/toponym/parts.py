"""Specific and generic part of a name (专名, 通名)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

_RAW = resources.files("gis.toponym.data").joinpath("generics.csv").read_text("utf-8")

#: Generic terms, longest first, each with the kind of feature it usually stands for.
GENERICS: dict[str, str] = {
    row["generic"]: row["kind"]
    for row in sorted(csv.DictReader(io.StringIO(_RAW)), key=lambda row: -len(row["generic"]))
}


@lru_cache(maxsize=64)
def _endings(generics: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Generics by their last character, longest first."""
    by_last: dict[str, list[str]] = {}
    for generic in sorted(generics, key=len, reverse=True):
        if generic:
            by_last.setdefault(generic[-1], []).append(generic)
    return {last: tuple(found) for last, found in by_last.items()}


_ALL = tuple(GENERICS)


def split_name(name: str, generics: Iterable[str] | None = None) -> tuple[str, str]:
    """Split a name into its specific and its generic part.

    Parameters
    ----------
    name
        A standard name such as 密云水库.
    generics
        Generic terms to look for; the shipped table when None. The longest that ends the name wins.

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
    table = _endings(_ALL if generics is None else tuple(generics))
    for generic in table.get(name[-1:], ()):
        if name.endswith(generic) and len(name) > len(generic):
            return name[: -len(generic)], generic
    return name, ""
