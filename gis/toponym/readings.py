"""How the characters of a name are read."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from importlib import resources

import pypinyin

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")

#: Characters whose reading depends on the word; names without one are read character by character from a cache.
_BY_WORD = frozenset(
    "万不与丰中为乐了什仇任会传似佛使便侧倒假像免其兴内冠切划创劳勒区十千单占卜卡发叉参只召可台叶号吐吓吗吧咽"
    "哈哗商喝喷地场坊埋塞处大夫头奇好女媾孙宁宿射将尉少尽尾属差干平广应度弄张强弹当得思恶愁打扎扒折拉拗择挑挟"
    "挣捋据撒斗斜旁旋晃景暴更曲曾朝柏校核桔正武殷比汤沈沙没泊泡泷洗洞浅涨清渐漂炮炸点熟片王率甸畜盛盖目相省看"
    "着矫石礁禅秘种称空第系累红纪给络结绿缝翟肚背膀舍臧色茄莎莞落葛蒙薄藏行见觉角解认论识谷贾起车轧转还那都重量"
    "钉铅铺锡镐长阿陆降隆难露静鲜鹄黄齐"
)


@lru_cache(maxsize=1)
def overrides() -> dict[str, tuple[str, ...]]:
    """The table of readings: text → syllables with tone marks, longest text first."""
    raw = resources.files("gis.toponym.data").joinpath("readings.csv").read_text("utf-8")
    rows = {row["text"]: tuple(row["reading"].split()) for row in csv.DictReader(io.StringIO(raw))}
    return dict(sorted(rows.items(), key=lambda item: -len(item[0])))


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    table = {text: reading for text, reading in overrides().items() if len(text) > 1}
    return table, re.compile("|".join(map(re.escape, table)))


@lru_cache(maxsize=16384)
def _character(character: str) -> str:
    override = overrides().get(character)
    if override:
        return override[0]
    return str(pypinyin.lazy_pinyin(character, style=pypinyin.Style.TONE)[0])


def _plain(text: str) -> list[str]:
    """Readings of a text that no row of the table covers as a phrase."""
    if len(text) < 2 or _BY_WORD.isdisjoint(text) or not all(map(is_han, text)):
        return [_character(c) for c in text]
    single = overrides()
    read = pypinyin.lazy_pinyin(text, style=pypinyin.Style.TONE)
    return [single[c][0] if c in single else r for c, r in zip(text, read, strict=True)]


@lru_cache(maxsize=4096)
def syllables(name: str) -> tuple[str, ...]:
    """Read a name: one syllable with its tone mark per Chinese character.

    Parameters
    ----------
    name
        A place name. A character that is not Chinese stands for itself.

    Returns
    -------
    tuple of str
        As many entries as ``name`` has characters. The table of readings goes first, longest entry first; then the
        words that pypinyin knows; then each character's most common reading.
    """
    table, pattern = _phrases()
    out: list[str] = []
    at = 0
    for match in pattern.finditer(name):
        out += _plain(name[at : match.start()])
        out += table[match.group()]
        at = match.end()
    out += _plain(name[at:])
    return tuple(out)


def depends_on_words(name: str) -> bool:
    """Whether a name has a character whose reading depends on the word that it stands in."""
    return not _BY_WORD.isdisjoint(name)


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return _HAN.match(character) is not None
