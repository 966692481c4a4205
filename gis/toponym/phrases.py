"""Words of the dictionary that stand in one name, looked up in its file.

A server leaves pypinyin's dictionary of 47,000 phrases out (``PYPINYIN_NO_PHRASES``): it would take 55 MB of every
process. A name that is to be romanized needs the few phrases that occur in it: those are found in the file, which the
system keeps once for all processes, in a tenth of a millisecond.
"""

from __future__ import annotations

import json
import mmap
from functools import lru_cache
from pathlib import Path

import pypinyin
from pypinyin.constants import PHRASES_DICT

from gis.toponym import readings

_LONGEST = 12
"""Longer phrases are proverbs."""
_AFTER_KEY = b'": ['


def learn_phrases(name: str) -> None:
    """Make pypinyin read a name as it would with its whole dictionary. Does nothing where that is loaded.

    Parameters
    ----------
    name
        A place name. Names without a character that is read by its word need nothing.
    """
    if len(PHRASES_DICT) > len(_learned()) or not readings.depends_on_words(name):
        return
    fresh = {text: found for text in _parts(name) if text not in PHRASES_DICT and (found := _looked_up(text))}
    if fresh:
        pypinyin.load_phrases_dict(fresh)
        _learned().update(fresh)
        readings.syllables.cache_clear()


@lru_cache(maxsize=1)
def _learned() -> dict[str, list[list[str]]]:
    """What has been looked up and taken over by this process."""
    return {}


def _parts(name: str) -> list[str]:
    lengths = range(2, min(len(name), _LONGEST) + 1)
    return [name[start : start + length] for length in lengths for start in range(len(name) - length + 1)]


@lru_cache(maxsize=1)
def _file() -> mmap.mmap:
    path = Path(pypinyin.__file__).with_name("phrases_dict.json")
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _looked_up(text: str) -> list[list[str]] | None:
    """The readings of a phrase, None where the dictionary does not have it.

    The file has its phrases in the order of their characters, which is that of their bytes: it is searched by halves.
    """
    file, wanted = _file(), text.encode()
    low, high = 0, len(file)
    while low < high:
        end = file.find(_AFTER_KEY, (low + high) // 2, high)
        if end < 0:
            high = (low + high) // 2
            continue
        start = file.rfind(b'"', 0, end) + 1
        key = file[start:end]
        if key == wanted:
            return _value(file, end + len(_AFTER_KEY) - 1)
        if key < wanted:
            low = end + len(_AFTER_KEY)
        else:
            high = start
    return None


def _value(file: mmap.mmap, start: int) -> list[list[str]]:
    """The list that begins there; the next phrase begins, or the file ends, after it."""
    end = file.find(_AFTER_KEY, start)
    end = file.rfind(b"]", start, end if end >= 0 else len(file)) + 1
    found: list[list[str]] = json.loads(file[start:end])
    return found
