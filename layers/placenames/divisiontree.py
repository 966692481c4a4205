"""Divisions as a tree, as the ministry's lookup gives them, and what a division's code means there."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final

import numpy as np

from gis.errors import N_, NotFound
from layers import days
from layers.access import PUBLIC
from layers.index import Columns, Index
from layers.placenames.rules.facts import rows_of

LENGTHS: Final = (0, 2, 4, 6, 9, 12)
"""Digits of a code by level: the root, province, city, county, town, village."""
DEEPEST: Final = 4
"""The interface goes down to towns."""
_LEVELS: Final = {"province": 1, "city": 2, "county": 3, "town": 4}


class UnknownDivision(NotFound):
    """A code that no division of the register has."""

    code = "no-such-division"


@cache
def _provinces() -> dict[str, str]:
    return {row["code"]: row["name"] for row in rows_of("provinces")}


def province_name(code: str) -> str:
    """What a province is called by its code of six digits; empty where there is none."""
    return _provinces().get(code, "")


def prefix_of(code: str) -> str:
    """The digits that say which division a code means: without the zeros that fill it up, whole levels.

    A town's code that ends in 999 stands for the whole county, as the lookup has it.

    Examples
    --------
    >>> [prefix_of(code) for code in ("370000000000", "370700", "371000", "370702100000", "370702999", "0", "")]
    ['37', '3707', '3710', '370702100', '370702', '', '']
    """
    if re.fullmatch(r"[0-9]{6}999(?:000)?", code):
        code = code[:6]
    digits = code.rstrip("0")
    length = next((length for length in LENGTHS if length >= len(digits)), LENGTHS[-1])
    return digits.ljust(length, "0")


def tree(index: Index, code: str, *, depth: int, trimmed: bool) -> dict[str, Any]:
    """A division with those beneath it that are open to everybody now.

    Parameters
    ----------
    code
        Of a province, city, county or town; empty or zeros: the root, above the provinces.
    depth
        How many levels beneath it, 0 for itself alone.
    trimmed
        Whether codes stand without the zeros that fill them up to twelve digits.

    Returns
    -------
    dict
        ``code``, ``name``, ``level`` (0 the root, 1 province … 4 town), ``type``, ``children``.

    Raises
    ------
    UnknownDivision
    """
    known = _known(index)
    prefix = prefix_of(code)
    if prefix not in known:
        raise UnknownDivision(N_("No division has the code “%(code)s”."), code=code)
    return _node(known, prefix, depth, trimmed=trimmed)


def _node(known: dict[str, tuple[str, str, list[str]]], prefix: str, depth: int, *, trimmed: bool) -> dict[str, Any]:
    name, kind, beneath = known[prefix]
    return {
        "code": (prefix or "00") if trimmed else prefix.ljust(12, "0"),
        "name": name,
        "level": LENGTHS.index(len(prefix)),
        "type": kind,
        "children": [_node(known, one, depth - 1, trimmed=trimmed) for one in beneath] if depth > 0 else [],
    }


def _known(index: Index) -> dict[str, tuple[str, str, list[str]]]:
    """Name, kind and the divisions beneath of each, by its digits; the root's are none."""
    columns = index.layer("divisions")
    key = ("tree", days.today())
    found = columns.cache.get(key)
    if found is None:
        found = columns.remember(key, _grown(columns))
    assert isinstance(found, dict)
    return found


def _grown(columns: Columns) -> dict[str, tuple[str, str, list[str]]]:
    seen = columns.seen(reader=PUBLIC, asof=days.today())
    rows = np.flatnonzero(seen & columns["level"].isin(_LEVELS) & columns["inside"].isin([True]))
    rows = rows[np.argsort(columns.fid[rows], kind="stable")]
    values = [columns[name].values(rows) for name in ("code", "name", "kind", "level", "county_code")]
    found: dict[str, tuple[str, str, list[str]]] = {"": ("", "", [])}
    counties: dict[str, str] = {}
    for code, name, kind, level, county in zip(*values, strict=True):
        prefix = prefix_of(str(code or ""))
        if len(prefix) == LENGTHS[_LEVELS[str(level)]]:
            found[prefix] = (str(name or ""), str(kind or ""), [])
            if level == "town":
                counties[prefix] = prefix_of(str(county or ""))
    for province in {prefix[:2] for prefix in found if len(prefix) > 2}:
        name = province_name(f"{province}0000")
        found.setdefault(province, (name, "自治区" if name.endswith("自治区") else name[-1:], []))
    for prefix in sorted(found):
        if prefix:
            found[_above(prefix, counties.get(prefix, ""), found)][2].append(prefix)
    return found


def _above(prefix: str, county: str, known: Collection[str]) -> str:
    """The digits of the division above; of a town its county as the register says: zones' towns have other codes."""
    if len(county) == LENGTHS[3] and county in known:
        return county
    shorter = (prefix[:length] for length in reversed(LENGTHS) if length < len(prefix))
    return next(one for one in shorter if one in known)
