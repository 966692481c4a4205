"""The 8,105 characters of the table of general standard Chinese characters (通用规范汉字表, State Council, 2013)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from gis.toponym.readings import is_han


@lru_cache(maxsize=1)
def standard_characters() -> frozenset[str]:
    """All characters of the table.

    Source: ``kTGH`` of the Unicode Han database 15.0, which numbers the characters of the table from 1 to 8105.

    Examples
    --------
    >>> len(standard_characters())
    8105
    """
    text = resources.files("gis.toponym.data").joinpath("standard_characters.txt").read_text("utf-8")
    return frozenset(text) - {"\n"}


def outside_standard(name: str) -> str:
    """The Chinese characters of a name that the table does not have, in order, each once.

    Examples
    --------
    >>> outside_standard("麗景小区")
    '麗'
    """
    standard = standard_characters()
    return "".join(dict.fromkeys(one for one in name if one not in standard and is_han(one)))
