"""Keys by which a name is found when it is typed in Latin letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from gis.toponym.readings import syllables


class Keys(NamedTuple):
    """Lower-case ASCII keys of a name.

    ``full``: all syllables joined without tones (青州 → ``qingzhou``); ``initials``: their first letters (``qz``).
    """

    full: str
    initials: str


@lru_cache(maxsize=16384)
def plain_syllable(syllable: str) -> str:
    """A syllable without tone, as it is typed: ü as v (绿 → ``lv``)."""
    decomposed = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "v")
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())


def search_keys(name: str) -> Keys:
    """Keys of one name.

    Parameters
    ----------
    name
        Chinese, Latin or mixed. Latin letters and digits stand for themselves, everything else that is not read is
        left out.

    Returns
    -------
    Keys
        Both empty for an empty name.

    Examples
    --------
    >>> search_keys('青州')
    Keys(full='qingzhou', initials='qz')
    """
    typed = [plain_syllable(syllable) for syllable in syllables(name)]
    return Keys("".join(typed), "".join(t[:1] for t in typed))
