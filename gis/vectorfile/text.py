"""Texts as bytes of a shapefile: encodings, cutting between characters, short field names.

A shapefile counts bytes, not characters: ten for a field name, 254 for a value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from gis import gb18030
from gis.errors import N_, Invalid

NAME_BYTES: Final = 10
VALUE_BYTES: Final = 254

ENCODINGS: Final[Mapping[str, str]] = {"utf-8": "UTF-8", "gb18030": "GB18030"}
"""Encodings that can hold every character, by Python's name; the value stands in the .cpg file."""

# Private-use characters whose codes the newer editions have given to others: they are read as those.
_GIVEN_AWAY: Final = "".join(map(chr, gb18030.MOVED.values())) + "\ue816\ue817\ue818\ue831\ue83b\ue855"
_ALTERED: Final[Mapping[str, re.Pattern[str]]] = {
    # A NUL ends a value for every reader; a lone surrogate is no character.
    "utf-8": re.compile("[\x00\ud800-\udfff]"),
    "gb18030": re.compile(f"[\x00\ud800-\udfff{_GIVEN_AWAY}]"),
}


class UnknownEncoding(Invalid):
    """An encoding that shapefiles are not written in here."""

    code = "unknown-encoding"


def require_encoding(name: str) -> str:
    """Python's name of an encoding that we write: ``utf-8`` or ``gb18030``.

    Raises
    ------
    UnknownEncoding
        For any other, also for GBK and GB 2312: they cannot hold every character of a name.
    """
    folded = name.strip().lower().replace("_", "-")
    folded = {"utf8": "utf-8", "gb-18030": "gb18030"}.get(folded, folded)
    if folded not in ENCODINGS:
        raise UnknownEncoding(
            N_("Shapefiles are not written in the encoding %(encoding)s."),
            hint=N_("Choose UTF-8 or GB18030: both can hold every character."),
            encoding=name,
        )
    return folded


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text such that GDAL's readers give the text back; what no reader can return becomes ``?``."""
    return gb18030.encode(text) if encoding == "gb18030" else text.encode(encoding, "replace")


def encode_all(texts: Sequence[str], encoding: str) -> list[bytes]:
    """`encode` for many texts at once, one call into the codec for all; NUL characters are dropped."""
    if not texts:
        return []
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        joined = "\0".join([text.replace("\0", "") for text in texts])
    return encode(joined, encoding).split(b"\0")


def altered(texts: Sequence[str], encoding: str) -> list[int]:
    """Positions of texts that are not carried unchanged: NUL, surrogates, in GB 18030 some private-use characters."""
    pattern = _ALTERED[encoding]
    if not pattern.search("\n".join(texts)):
        return []
    return [position for position, text in enumerate(texts) if pattern.search(text)]


def cut_text(text: str, encoding: str, limit: int = VALUE_BYTES) -> str:
    """The longest beginning of a text that has at most ``limit`` bytes in the encoding.

    Examples
    --------
    >>> cut_text("标准名称", "utf-8", 10), cut_text("标准名称表", "gb18030", 9)
    ('标准名', '标准名称')
    """
    # Each character takes at least one byte, so no more than `limit` of them can stay. Cutting the bytes instead would
    # leave the digits inside a four-byte GB 18030 code as characters of their own.
    text = text[:limit]
    sizes = range(len(text) + 1)
    return text[: bisect_right(sizes, limit, key=lambda size: len(encode(text[:size], encoding))) - 1]


def shorten_names(
    names: Sequence[str],
    encoding: str,
    *,
    preferred: Mapping[str, str] | None = None,
    limit: int = NAME_BYTES,
    reserved: Sequence[str] = (),
) -> dict[str, str]:
    """Field names of at most ``limit`` bytes, all different without regard to case.

    Names that fit and names that are asked for come first and stay as they are; the others are cut between characters
    and, where that meets a name already taken, end in the first free number. The order of ``names`` decides, so the
    same columns always get the same names.

    Parameters
    ----------
    names
        Column names, all different.
    preferred
        Short names asked for, by column; one that is too long or taken is treated like any other name.
    reserved
        Names that are taken from the beginning.

    Returns
    -------
    dict
        Column name to short name, in the order of ``names``.
    """
    asked = preferred or {}
    wanted = {name: _tidy(asked.get(name, name)) for name in names}
    taken = {name.casefold() for name in reserved}
    result: dict[str, str] = {}
    for first in (True, False):  # what was asked for, before what merely happens to fit
        for name in names:
            want = wanted[name]
            fits = len(encode(want, encoding)) <= limit
            if (name in asked) is first and fits and want.casefold() not in taken:
                result[name] = want
                taken.add(want.casefold())
    for name in names:
        if name not in result:
            result[name] = _free(wanted[name], taken, encoding, limit)
            taken.add(result[name].casefold())
    return {name: result[name] for name in names}


def _tidy(name: str) -> str:
    """A name without what a DBF header cannot give back: control characters, blanks at the ends, nothing at all."""
    kept = "".join(character for character in str(name) if character.isprintable()).strip()
    return kept or "field"


def _free(name: str, taken: set[str], encoding: str, limit: int) -> str:
    short = cut_text(name, encoding, limit).strip() or "field"
    number = 0
    while short.casefold() in taken:
        number += 1
        digits = str(number)
        short = cut_text(name, encoding, limit - len(digits)).strip() + digits
    return short
