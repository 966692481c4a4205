"""Words of pypinyin's dictionary: whole where it is loaded, else those of one name looked up in its file.

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

_LONGEST = 12
"""Longer phrases are proverbs."""
_AFTER_KEY = b'": ['

#: Characters whose reading depends on the word; names without one are read character by character from a cache.
_BY_WORD = frozenset(
    "万不与丰中为乐了什仇任会传似佛使便侧倒假像免其兴内冠切划创劳勒区十千单占卜卡发叉参只召可台叶号吐吓吗吧咽"
    "哈哗商喝喷地场坊埋塞处大夫头奇好女媾孙宁宿射将尉少尽尾属差干平广应度弄张强弹当得思恶愁打扎扒折拉拗择挑挟"
    "挣捋据撒斗斜旁旋晃景暴更曲曾朝柏校核桔正武殷比汤沈沙没泊泡泷洗洞浅涨清渐漂炮炸点熟片王率甸畜盛盖目相省看"
    "着矫石礁禅秘种称空第系累红纪给络结绿缝翟肚背膀舍臧色茄莎莞落葛蒙薄藏行见觉角解认论识谷贾起车轧转还那都重量"
    "钉铅铺锡镐长阿陆降隆难露静鲜鹄黄齐"
)


def depends_on_words(name: str) -> bool:
    """Whether a name has a character whose reading depends on the word that it stands in."""
    return not _BY_WORD.isdisjoint(name)


def word_at(text: str, start: int) -> tuple[int, tuple[str, ...]] | None:
    """The longest word of the dictionary that begins at a place: its length and its syllables; None where none does."""
    longest = _begun().get(text[start : start + 2])
    if longest is None:
        return None
    words = PHRASES_DICT or _learned()
    for length in range(min(longest, len(text) - start), 1, -1):
        found = words.get(text[start : start + length])
        if found is not None and len(found) == length:
            return length, tuple(readings[0] for readings in found)
    return None


def learn(name: str) -> bool:
    """Take over the words that occur in a name from the dictionary's file; whether any was new."""
    if PHRASES_DICT or not depends_on_words(name):
        return False
    fresh = {text: found for text in _parts(name) if text not in _learned() and (found := _looked_up(text))}
    if fresh:
        _learned().update(fresh)
        _begun.cache_clear()
    return bool(fresh)


@lru_cache(maxsize=1)
def _begun() -> dict[str, int]:
    """The first two characters of all words, and the length of the longest that begins so."""
    longest: dict[str, int] = {}
    for word in PHRASES_DICT or _learned():
        if len(word) <= _LONGEST:
            begin = word[:2]
            longest[begin] = max(longest.get(begin, 0), len(word))
    return longest


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
