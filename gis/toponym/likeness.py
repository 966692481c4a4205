"""How names are like one another: by sound, by script, by their core, by one slip of the hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from gis.toponym.bulk import bulk_search_keys
from gis.toponym.characters import simplified
from gis.toponym.keys import search_keys
from gis.toponym.parts import GenericTable, active_generics
from gis.toponym.tables import shipped

_RETROFLEX = re.compile("([zcs])h+")
_FINAL_NG = re.compile("ng+")
_VILLAGES = ("自然村", "行政村", "村")
_SHORTEST_CORE = 2


def sound_key(name: str) -> str:
    """Full pinyin without tones: equal for names that sound alike but for their tones.

    Examples
    --------
    >>> sound_key("临朐"), sound_key("林渠")
    ('linqu', 'linqu')
    """
    return search_keys(name).full


def tolerant_key(letters: str) -> str:
    """Pinyin as it is confused: n and ng, l and n, zh and z, ch and c, sh and s give the same key.

    Parameters
    ----------
    letters
        Full pinyin without tones in lower case, such as `sound_key` gives; several with line feeds between them come
        back so. The key is to be compared, not to be read.

    Examples
    --------
    >>> tolerant_key("chengguan") == tolerant_key("cenguang")
    True
    >>> tolerant_key("liushan") == tolerant_key("niusan"), tolerant_key("fang") == tolerant_key("huang")
    (True, False)
    """
    letters = _RETROFLEX.sub(r"\1", letters)
    # a g that follows ng goes with it: between two syllables nobody hears whether langou is 兰沟 or 浪沟
    return _FINAL_NG.sub("n", letters).replace("n", "l")


def bulk_sound_keys(names: Sequence[str]) -> list[str]:
    """`sound_key` of many names (each character by its most common reading, see `bulk_search_keys`)."""
    return bulk_search_keys(names)[0]


def bulk_tolerant_keys(names: Sequence[str]) -> list[str]:
    """Tolerant key of the sound of many names.

    Examples
    --------
    >>> bulk_tolerant_keys(["青州", "轻舟"])
    ['qilzou', 'qilzou']
    """
    return tolerant_key("\n".join(bulk_sound_keys(names))).split("\n") if names else []


@lru_cache(maxsize=1)
def _further_forms() -> dict[int, str]:
    rows = csv.DictReader(io.StringIO(shipped("traditional.csv")))
    return {ord(row["traditional"]): row["simplified"] for row in rows}


def in_simplified(text: str) -> str:
    """A text with standard characters for traditional and variant ones, as far as one is likely meant.

    More generous than `gis.toponym.characters.simplified`: for comparing and finding, not for correcting.

    Examples
    --------
    >>> in_simplified("臨朐縣"), in_simplified("裏峯")
    ('临朐县', '里峰')
    """
    return simplified(text, variants=True).translate(_further_forms())


@lru_cache(maxsize=4)
def _endings(table: GenericTable) -> re.Pattern[str]:
    committees = [text for text, generic in table.by_text.items() if generic.kind == "committee"]
    ordered = sorted({*committees, *_VILLAGES}, key=lambda text: (-len(text), text))
    return re.compile(f"(?:{'|'.join(map(re.escape, ordered))})$")


def core_name(name: str) -> str:
    """A name without what says that it is a village, a community or their committee.

    At least two characters stay: 王村 is a name, not the village of 王.

    Examples
    --------
    >>> [core_name(name) for name in ("王家庄村村民委员会", "王家庄村委会", "王家庄村", "王家庄社区居委会", "王村")]
    ['王家庄', '王家庄', '王家庄', '王家庄', '王村']
    """
    endings = _endings(active_generics())
    while True:
        found = endings.search(name)
        if found is None or found.start() < _SHORTEST_CORE:
            return name
        name = name[: found.start()]


def bulk_core_names(names: Iterable[str]) -> list[str]:
    """`core_name` of many names."""
    return [core_name(name) for name in names]


def one_edit_apart(first: str, second: str) -> bool:
    """Whether one slip makes the second of the first: a character put in, left out, another one, or two swapped.

    Examples
    --------
    >>> [one_edit_apart("qingzhou", other) for other in ("qinzhou", "qingzhuo", "qingzhou", "qinzou")]
    [True, True, False, False]
    """
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    if len(first) > len(second):
        first, second = second, first
    start = 0
    while start < len(first) and first[start] == second[start]:
        start += 1
    if len(first) < len(second):
        return first[start:] == second[start + 1 :]
    if first[start + 1 :] == second[start + 1 :]:
        return True
    return (
        first[start : start + 2] == second[start : start + 2][::-1]
        and len(first) > start + 1
        and first[start + 2 :] == second[start + 2 :]
    )


def one_character_apart(first: str, second: str) -> bool:
    """Whether two names of one length differ in exactly one place.

    Examples
    --------
    >>> one_character_apart("王家庄", "汪家庄"), one_character_apart("王家庄", "王家"), one_character_apart("王", "王")
    (True, False, False)
    """
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1


def pairs_one_character_apart(names: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of all pairs of names that are one character apart, in order.

    Each name is filed under itself with one place left open, for each place: names that share a file and differ are a
    pair. That is linear in the number of names as long as few share a file.

    Examples
    --------
    >>> pairs_one_character_apart(["王家庄", "汪家庄", "王家屯", "王家庄"])
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    files: dict[tuple[str, str], list[int]] = {}
    for number, name in enumerate(names):
        for place in range(len(name)):
            files.setdefault((name[:place], name[place + 1 :]), []).append(number)
    found = {
        (first, second)
        for filed in files.values()
        if len(filed) > 1
        for first, second in combinations(filed, 2)
        if names[first] != names[second]
    }
    return sorted(found)
