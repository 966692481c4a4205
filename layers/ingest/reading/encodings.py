"""In which encoding texts are: as declared, else found from the bytes, and refused where that is a guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis import gb18030
from gis.errors import N_
from gis.findings import Finding
from layers.ingest.reading.faults import UnclearEncoding

_GB: Final = frozenset({"gb18030", "gbk", "gb2312", "cp936", "936", "ms936", "hz"})
_LATIN: Final = frozenset({"iso8859-1", "cp1252", "ascii", "cp437", "cp850", "iso8859-15"})
"""Declared in Chinese files by programs that did not know better; Chinese in none of them."""
_LANGUAGE_BYTES: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "cp950", 0x78: "cp950"}
_NUMBERS: Final = {"65001": "utf-8", "54936": "gb18030", "20936": "gb18030", "52936": "gb18030", "950": "cp950"}
_COMMON_SHARE: Final = 0.7
"""Of the double-byte characters of true Chinese nearly all are punctuation or of GB 2312's first level (the 3,755 most
common); of other bytes read as GB 18030 about a third are. Names in rare characters stay above."""
_BROKEN: Final = re.compile("锟斤拷|烫烫烫|屯屯屯|\ufffd")
_ODD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_ENOUGH: Final = 4_000_000


@dataclass(frozen=True)
class Known:
    """An encoding (Python's name) and how it is known: ``cpg``, ``dbf``, ``format``, ``detected`` or ``asked``."""

    encoding: str
    source: str


def named(name: str) -> str | None:
    """Python's name of an encoding as files and people write it; None where it is unknown or says nothing of Chinese.

    Examples
    --------
    >>> named("GBK"), named("65001"), named("UTF-8"), named("ANSI 1252")
    ('gb18030', 'utf-8', 'utf-8', None)
    """
    folded = name.strip().strip("\ufeff").lower().replace("_", "-").removeprefix("ansi").strip(" -")
    folded = folded.removeprefix("cp") if folded.removeprefix("cp") in ("936", "65001", "54936") else folded
    if folded in _GB:
        return "gb18030"
    if folded in _NUMBERS:
        return _NUMBERS[folded]
    try:
        known = codecs.lookup(folded).name
    except (LookupError, ValueError):
        return None
    return None if known in _LATIN else known


def by_language_byte(byte: int) -> str | None:
    """The encoding that a dBASE table's language byte names, where it is one of Chinese."""
    return _LANGUAGE_BYTES.get(byte)


def asked(name: str, file: str) -> Known:
    """The encoding that a person asked for.

    Raises
    ------
    UnclearEncoding
        If there is none of that name.
    """
    known = named(name)
    if known is None:
        raise UnclearEncoding(
            N_("There is no encoding “%(encoding)s” to read %(file)s in."),
            hint=N_("Choose UTF-8 or GB18030."),
            file=file,
            encoding=name[:40],
        )
    return Known(known, "asked")


def decode(data: bytes, encoding: str) -> str:
    """The text of bytes; GB 18030 as GDAL and iconv have it.

    Raises
    ------
    UnicodeDecodeError
    """
    return gb18030.decode(data) if encoding == "gb18030" else data.decode(encoding)


def decode_cut(data: bytes, encoding: str) -> str:
    """The text of bytes that a writer may have cut inside their last character; what is left of that is dropped.

    Raises
    ------
    UnicodeDecodeError
        Where it is another character that is none.
    """
    text = codecs.getincrementaldecoder(encoding)().decode(data)
    return decode(text.encode(encoding), encoding) if encoding == "gb18030" else text


def settle(data: bytes, *, file: str, declared: Known | None, cut: Sequence[bytes] = ()) -> Known:
    """The encoding of texts, from all their bytes.

    Parameters
    ----------
    data
        All texts, one after the other with a byte between that is the same in every encoding.
    cut
        Further texts, whose last character may not be whole.
    declared
        What the file or the person says; None: found out: strict UTF-8 first, then GB 18030 where that gives
        plausible Chinese.

    Raises
    ------
    UnclearEncoding
        If the bytes are not in the declared encoding, or in none that can be told.
    """
    if declared is not None:
        try:
            decode(_with(data, cut, declared.encoding), declared.encoding)
        except UnicodeDecodeError as error:
            raise _contradicts(data, cut, file, declared, error) from error
        return declared
    for encoding in ("utf-8", "gb18030"):
        if _fits(data, cut, encoding):
            return Known(encoding, "detected")
    raise UnclearEncoding(
        N_("The encoding of the texts in %(file)s cannot be told."),
        hint=N_("Say it (UTF-8 or GB18030), or export the file again as UTF-8."),
        file=file,
    )


def _with(data: bytes, cut: Sequence[bytes], encoding: str) -> bytes:
    return b"\n".join([data, *(decode_cut(one, encoding).encode(encoding) for one in cut)])


def _contradicts(
    data: bytes, cut: Sequence[bytes], file: str, declared: Known, error: UnicodeDecodeError
) -> UnclearEncoding:
    other = next((one for one in ("utf-8", "gb18030") if one != declared.encoding and _fits(data, cut, one)), None)
    hint = N_("Its bytes read well as %(other)s: say so.") if other else N_("Say the right one, or export it again.")
    return UnclearEncoding(
        N_("The texts in %(file)s are not in the encoding %(encoding)s, from byte %(position)d on."),
        hint=hint,
        file=file,
        encoding=declared.encoding.upper(),
        position=error.start,
        other=(other or "").upper(),
    )


def _fits(data: bytes, cut: Sequence[bytes], encoding: str) -> bool:
    try:
        text = decode(_with(data, cut, encoding), encoding)
    except UnicodeDecodeError:
        return False
    return encoding != "gb18030" or plausible(text)


def plausible(text: str) -> bool:
    """Whether a text that was read as GB 18030 is Chinese: common characters, nothing private or broken.

    Examples
    --------
    >>> plausible("潍坊市青州市"), plausible("锟斤拷锟斤拷"), plausible("娼嶅潑甯傞潚宸炲競")
    (True, False, False)
    """
    text = text[:_ENOUGH]
    if _BROKEN.search(text) or _ODD.search(text):
        return False
    units = np.frombuffer(text.encode("utf-16-le", "replace"), dtype="<u2")
    units = units[units > 0x7F]
    return not len(units) or float(_common()[units].mean()) >= _COMMON_SHARE


@lru_cache(maxsize=1)
def _common() -> NDArray[np.bool_]:
    """For each character of the basic plane whether it is common: GB 2312's punctuation and first level."""
    table = np.zeros(1 << 16, dtype=bool)
    for lead in (*range(0xA1, 0xAA), *range(0xB0, 0xD8)):
        row = bytes(byte for second in range(0xA1, 0xFF) for byte in (lead, second))
        table[[ord(character) for character in row.decode("gb2312", "ignore")]] = True
    return table


def assumed(known: Known, where: str) -> list[Finding]:
    """What a reader is told about an encoding that was not declared."""
    if known.source != "detected":
        return []
    template = N_("No encoding is declared; the texts were read as %(encoding)s.")
    return [Finding("encoding-assumed", "info", where, template, {"encoding": known.encoding.upper()})]
