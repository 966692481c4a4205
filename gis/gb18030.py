"""GB 18030 as today's readers have it, where Python's codec still follows the edition of 2000.

GB 18030-2022 gives some characters two-byte codes that Python gives to private-use characters. GDAL reads through
iconv, which follows the newer editions: without the exchange 龴 to 龻, the vertical punctuation and ḿ come back as
other characters or as none (every character of Unicode was tried with GDAL 3.6, 3.9 and 3.12).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MOVED: Final[Mapping[int, int]] = {
    0x1E3F: 0xE7C7,
    0x9FB4: 0xE81E,
    0x9FB5: 0xE826,
    0x9FB6: 0xE82B,
    0x9FB7: 0xE82C,
    0x9FB8: 0xE832,
    0x9FB9: 0xE843,
    0x9FBA: 0xE854,
    0x9FBB: 0xE864,
    0xFE10: 0xE78D,
    0xFE11: 0xE78F,
    0xFE12: 0xE78E,
    0xFE13: 0xE790,
    0xFE14: 0xE791,
    0xFE15: 0xE792,
    0xFE16: 0xE793,
    0xFE17: 0xE794,
    0xFE18: 0xE795,
    0xFE19: 0xE796,
}
"""Character to the private-use character whose code it has taken."""

_BACK: Final[Mapping[int, int]] = {private: character for character, private in MOVED.items()}
_SPECIAL: Final = re.compile(f"[{''.join(map(chr, MOVED))}]")
_PRIVATE: Final = re.compile(f"[{''.join(map(chr, MOVED.values()))}]")


def encode(text: str) -> bytes:
    """The bytes of a text such that readers of today give it back; what has no code becomes ``?``."""
    if _SPECIAL.search(text):
        text = text.translate(MOVED)
    return text.encode("gb18030", "replace")


def decode(data: bytes) -> str:
    """The text of bytes, as readers of today have it.

    Raises
    ------
    UnicodeDecodeError
        Where bytes are none of GB 18030.
    """
    text = data.decode("gb18030")
    return text.translate(_BACK) if _PRIVATE.search(text) else text
