"""Numbers of stakes as people write them, brought to one form."""

from __future__ import annotations

import re
import unicodedata

_LEFT_OUT = re.compile(r"[\s\-_.:·•/\\#]+|界?[桩樁]|号")
_BEFORE = re.compile(r"^NO(?=[0-9])")
_LETTER = re.compile(r"(?<=[0-9])[A-Z]$")


def plain_number(text: str | None) -> str:
    """A stake's number in capital letters and plain digits: full width, blanks, dashes and 号 do not matter.

    Examples
    --------
    >>> plain_number("２４８１ 003ｑ"), plain_number("2481-003号"), plain_number("No.12"), plain_number(None)
    ('2481003Q', '2481003', '12', '')
    """
    return _BEFORE.sub("", _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text or "").upper()))


def without_letter(number: str) -> str:
    """A plain number without the letter of its type (Q, A, B …), which is often left out on paper."""
    return _LETTER.sub("", number)
