"""A text as people write addresses, in plain characters; and the endings by which parts of an address are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from gis.toponym.keys import search_keys
from gis.toponym.likeness import in_simplified
from layers.records.cells import CONTROL

LONGEST: Final = 300
"""More characters of one text than this are not read: no address is so long."""

COUNTY_END: Final = re.compile(r"自治县|新区|[市区县]")
TOWN_END: Final = re.compile(r"街道办事处|街道办|街道|街办|办事处|镇人民政府|镇政府|[镇乡]")
VILLAGE_END: Final = re.compile(
    r"(?:村|社区|庄村)?(?:村民委员会|居民委员会|居民委会|村委员会|委员会|村委会|居委会|村村会|村委|居委)|社区|村"
)
TAIL: Final = re.compile(
    r"$|[^一-龥]|[东西南北中前后里外]?[一二三四五六七八九十百]*(?:[东西南北][首头侧邻边面路街向]|[一二三四五六七八九十]+[号组队巷]|路|大?街|巷|胡同|道|桥头|"
    r"对面|附近|旁|内|院|大院|里|处|村头|门口|交叉口|路口|十字|以[东西南北]|原|老|公路|国道|省道|小学|中学|幼儿园|卫生室|卫生院|广场|集市|"
    r"超市|工业园|养老|敬老|幸福院|食堂|公墓|骨灰|救助|儿童|日间|社会|婚姻|综合)|[东西南北]"
)
"""What may follow a name that is whole: the end, a number, a place beside it."""
NOT_A_DIVISION: Final = re.compile(
    r"(?:大街|[东西南北中]?[一二三四五六七八九十]?[路街巷道河桥山]|胡同|大道|高速|水库|火车站|火车)"
)
"""What follows a short name where it is the beginning of something else: 青州路, 临朐大街."""
PROVINCE: Final = re.compile(
    r"(?:中国|中华人民共和国)?(?:[一-龥]{2,3}省|[一-龥]{2,5}自治区|"
    r"山东|河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)"
)
ELSEWHERE: Final = re.compile(
    r"[一-龥]{1,5}?(?:自治州|地区|(?<!开发)(?<!小)(?<!社)(?<!园)(?<!景)(?<!校)(?<!片)[市县区])"
)
"""A city or county by its ending, where none that the register knows was read."""

LATIN_COUNTY_END: Final = re.compile(r"si|xian|qu|city|county|district")
LATIN_TOWN_END: Final = re.compile(r"jiedaobansicu|jiedaoban|jiedao|zen|xian|subdistrict|township|town|street")
LATIN_VILLAGE_END: Final = re.compile(
    r"(?:cun|sequ)?(?:cunminweiyuanhui|juminweiyuanhui|cunweihui|juweihui)|sequ|cun|village|community"
)

FURTHER: Final = re.compile(r"[一-龥]{2}(?:村|社区)(?![民委])")
"""Something like a village, to be looked for in what comes after all that was understood."""

_BRACKETS: Final = re.compile(r"[(\[{<【《〈「『〔][^)\]}>】》〉」』〕]*[)\]}>】》〉」』〕]")
_MARKS: Final = re.compile(r"[^0-9a-z一-龥㐀-䶿〇\U00020000-\U0003ffff#-]+")
_LETTERS: Final = re.compile(r"[a-z]{3}")


def plain(text: str) -> tuple[str, str]:
    """A text as it is read, and the same with what stands in brackets.

    Full-width signs are made plain, traditional characters simplified, blanks and marks left out. Texts longer than
    `LONGEST` are cut.
    """
    made = in_simplified(unicodedata.normalize("NFKC", text[:LONGEST]))
    made = CONTROL.sub("", made).lower()
    whole = _MARKS.sub("", made)
    outside = _MARKS.sub("", _BRACKETS.sub("", made))
    return (outside if len(outside) > 1 else whole), whole


def is_latin(text: str) -> bool:
    """Whether a text is written in pinyin, as a whole or for the greater part."""
    return bool(_LETTERS.search(text)) and sum(sign.isascii() for sign in text) > len(text) // 2


def letters(text: str) -> tuple[str, frozenset[int]]:
    """A text in letters as its sounds are kept, and where in it words begin as they were written."""
    made = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text[:LONGEST])).replace("u\u0308", "v")
    made = made.replace("U\u0308", "v")
    out, starts, length = [], set(), 0
    for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[一-龥]", _COMBINING.sub("", made).replace("'", "")):
        sounded = folded(sound(word) if word >= "一" else word.lower())
        starts.add(length)
        out.append(sounded)
        length += len(sounded)
    # the folding is done once more over what has been joined: keys of the register are folded as a whole
    return "".join(out), frozenset(starts)


def without_city(joined: str, cities: Iterable[str]) -> str:
    """A text in letters with dots in place of the province and the city, which are no names to be looked for."""
    names = "|".join(folded(sounds(city[:-1])) for city in cities if len(city) > 2)
    province = r"(?:sandon(?:sen|province)?)"
    if not names:
        return joined
    pattern = rf"^{province}?(?:(?:{names})(?:si|city)?)?|(?:{names})(?:si|city)|{province}$|(?:{names})?{province}$"
    return re.sub(pattern, lambda match: "." * len(match.group()), joined)


_COMBINING: Final = re.compile(r"[\u0300-\u036f]")


@lru_cache(maxsize=32768)
def sound(character: str) -> str:
    """A character's most common reading without tone, whatever word it stands in."""
    return search_keys(character).full


def sounds(text: str) -> str:
    """A text's characters each by its most common reading, joined."""
    return "".join(map(sound, text))


def folded(latin: str) -> str:
    """A reading with the sounds alike that many people do not tell apart: zh and z, ch and c, sh and s, ng and n."""
    plain = latin.replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return _NASAL.sub("n", plain) if "ng" in plain else plain


_NASAL: Final = re.compile(r"ng(?![aeiouv])")  # else the g begins the next syllable: zhen guo


def one_edit(typed: str, word: str) -> str:
    """How two words that differ differ: ``swapped``, ``wrong``, ``missing`` or ``extra`` (a character), "" for more."""
    size, other = len(typed), len(word)
    first, shorter = 0, min(size, other)
    while first < shorter and typed[first] == word[first]:
        first += 1
    if size == other:
        if typed[first + 1 :] == word[first + 1 :]:
            return "wrong" if first < size else ""
        swapped = typed[first] == word[first + 1] and typed[first + 1] == word[first]
        return "swapped" if swapped and typed[first + 2 :] == word[first + 2 :] else ""
    if size + 1 == other:
        return "missing" if typed[first:] == word[first + 1 :] else ""
    if size == other + 1:
        return "extra" if typed[first + 1 :] == word[first:] else ""
    return ""


def without_one(word: str) -> list[str]:
    """A word with each of its characters left out in turn."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
