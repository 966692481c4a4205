"""The 8,105 characters of the table of general standard Chinese characters (通用规范汉字表, State Council, 2013).

Two tables under `gis.toponym.data`, both taken from the Unicode Han database 15.0: ``standard_characters.txt``, the
characters of the table in its order (``kTGH``), and ``standard_forms.csv``, for a character outside it the one inside
it that is written instead: ``simplified`` (``kSimplifiedVariant``: 麗 → 丽) or ``variant`` (``kSemanticVariant`` and
``kZVariant``, where they name exactly one: 峯 → 峰).
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib import resources

from gis.toponym.readings import is_han


def _data(name: str) -> str:
    return resources.files("gis.toponym.data").joinpath(name).read_text("utf-8")


@lru_cache(maxsize=1)
def standard_characters() -> frozenset[str]:
    """All characters of the table.

    Source: ``kTGH`` of the Unicode Han database 15.0, which numbers the characters of the table from 1 to 8105.

    Examples
    --------
    >>> len(standard_characters())
    8105
    """
    return frozenset(_data("standard_characters.txt")) - {"\n"}


@lru_cache(maxsize=1)
def _forms() -> tuple[dict[int, str], dict[int, str]]:
    """What is written for a traditional character, and for that or a variant."""
    rows = list(csv.DictReader(io.StringIO(_data("standard_forms.csv"))))
    simple = {ord(row["character"]): row["standard"] for row in rows if row["kind"] == "simplified"}
    return simple, {ord(row["character"]): row["standard"] for row in rows}


def outside_standard(name: str) -> str:
    """The Chinese characters of a name that the table does not have, in order, each once.

    Examples
    --------
    >>> outside_standard("麗景小区")
    '麗'
    """
    standard = standard_characters()
    return "".join(dict.fromkeys(one for one in name if one not in standard and is_han(one)))


def simplified(text: str, *, variants: bool = False) -> str:
    """A text with the standard character for each traditional one that has exactly one; others stay as they are.

    Parameters
    ----------
    variants
        Variant forms too (峯 → 峰): likely what is meant, but not certainly.

    Examples
    --------
    >>> simplified("麗景峯"), simplified("麗景峯", variants=True)
    ('丽景峯', '丽景峰')
    """
    return text.translate(_forms()[variants])
