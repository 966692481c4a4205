"""Rules for the words of a name: its parts, its characters, what it may not hold, how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from gis.toponym import split_name
from gis.toponym.characters import outside_standard
from layers.placenames.rules.facts import Facts, words
from layers.placenames.rules.places import Places
from layers.placenames.rules.rule import Flaw

_UNSPLIT: Final = ("216", "222", "229", "276")
"""Classes of villages, which are named whole: 周口店 has no part that says what it is, and needs none."""
_MADE: Final = ("221", "2351", "252", "26")
"""Classes that somebody has made and named in our time: estates, streets, parks, buildings."""
_FIRMS: Final = ("223", "224", "246", "247", "271", "272", "273", "274", "275")
"""Classes whose names are those of a works, a farm or an institution."""
_NUMBERED: Final = ("2321", "2353")
"""Roads and stops that have a number in their name: 309国道."""
_STRANGE: Final = re.compile(r"[^\n\u3400-\u9fff\U00020000-\U0003ffff〇·]")
_COMMITTEES: Final = ("27610", "27620")
_USUAL_ENDS: Final = ("村民委员会", "居民委员会", "村委会", "居委会")
_ODD_ENDS: Final = (
    (re.compile(r"村村村?会$"), "村村委会"),
    (re.compile(r"(?<![村居])村会$"), "村委会"),
    (re.compile(r"居民委会$"), "居民委员会"),
    (re.compile(r"村民委会$"), "村民委员会"),
    (re.compile(r"([村居]民委员会|[村居]委会)(?:[村居]?民?委员会|[村居]?委会)+$"), r"\1"),
    (re.compile(r"村村村(民委员会|委会)$"), r"村村\1"),
)
"""Endings of committees that nobody means, and what is meant by them."""


def generic_there(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """A name has a part that says what it is."""
    columns = zip(places["name"], places["generic"], places["class_code"], strict=True)
    for row, (name, generic, kind) in enumerate(columns):
        if name is None or generic is not None or (kind or "").startswith(_UNSPLIT) or kind is None:
            continue
        specific, found = split_name(name)
        if found:
            yield Flaw(row, "generic", name, fix={"specific": specific, "generic": found})
        else:
            yield Flaw(row, "generic", name)


def parts_make_it_up(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """Specific and generic part make up the name."""
    for row, (name, specific, generic) in enumerate(
        zip(places["name"], places["specific"], places["generic"], strict=True)
    ):
        if name is None or generic is None:
            continue
        if not name.endswith(generic) or (specific is not None and specific + generic != name):
            front, back = (name[: -len(generic)], generic) if name.endswith(generic) else split_name(name)
            fix = {"specific": front, "generic": back or None} if front else {}
            yield Flaw(row, "generic", f"{specific or ''}+{generic}", {"name": name}, fix)


def generic_fits_class(places: Places, facts: Facts) -> Iterator[Flaw]:
    """The generic part is one that places of the class have."""
    verdicts: dict[tuple[str, str], bool | None] = {}
    for row, (generic, kind) in enumerate(zip(places["generic"], places["class_code"], strict=True)):
        if generic is None or kind is None:
            continue
        pair = (generic, kind)
        if pair not in verdicts:
            verdicts[pair] = facts.generic_fits(generic, kind)
        if verdicts[pair] is False:
            yield Flaw(row, "generic", generic, {"class": _title(facts, kind)})


def _title(facts: Facts, kind: str) -> str:
    found = facts.classes.get(kind)
    return f"{found.title} {kind}" if found else kind


def standard_characters(places: Places, facts: Facts) -> Iterator[Flaw]:
    """Characters of the general table; the standard one is proposed for a traditional, and as likely for a variant."""
    strange = outside_standard("".join(places.characters))
    for row, found in places.holding(re.compile(f"[{re.escape(strange)}]")) if strange else ():
        ways = [_rewritten(places, row, partial(facts.simplified, variants=variants)) for variants in (False, True)]
        certain, likely = ({} if outside_standard(str(way["name"])) else way for way in ways)
        candidates = (likely,) if likely and not certain else ()
        params = {"characters": "".join(dict.fromkeys(found))}
        yield Flaw(row, "name", str(places["name"][row]), params, certain, candidates)


def _rewritten(places: Places, row: int, rewrite: Callable[[str], str]) -> dict[str, object]:
    """What changes with a name whose characters alone are corrected: its parts, one for one."""
    olds = {field: places[field][row] for field in ("name", "specific", "generic")}
    return {field: rewrite(old) for field, old in olds.items() if old and (field == "name" or rewrite(old) != old)}


def pattern(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """No letters, digits, brackets or blanks in a name."""
    for row, found in places.holding(_STRANGE):
        numbered = (places["class_code"][row] or "").startswith(_NUMBERED)
        if numbered and all(one.isascii() and one.isalnum() for one in found):
            continue
        yield Flaw(row, "name", str(places["name"][row]), {"characters": "".join(dict.fromkeys(found))})


def foreign(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """No foreign names for what is built."""
    yield from _holding(places, "foreign", only=_MADE)


def leaders(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """No names of national leaders."""
    yield from _holding(places, "leader")


def companies(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """No names of firms and trademarks, but for the firms' own works."""
    yield from _holding(places, "company", but=_FIRMS)


def _holding(places: Places, kind: str, *, only: tuple[str, ...] = ("",), but: tuple[str, ...] = ()) -> Iterator[Flaw]:
    listed = words(kind)
    if not listed:
        return
    for row, found in places.holding(re.compile("|".join(map(re.escape, listed)))):
        code = places["class_code"][row] or ""
        if code.startswith(only) and not code.startswith(but):
            yield Flaw(row, "name", str(places["name"][row]), {"word": found[0]})


def ending(places: Places, _facts: Facts) -> Iterator[Flaw]:
    """The name of a committee ends as committees are called."""
    for row, (name, kind) in enumerate(zip(places["name"], places["class_code"], strict=True)):
        if name is None or kind not in _COMMITTEES or _is_usual(name):
            continue
        right = [odd.sub(meant, name) for odd, meant in _ODD_ENDS if odd.search(name)][:1]
        if right:
            yield Flaw(row, "name", name, {"meant": right[0]}, _committee(right[0]))
            continue
        ends = ("居民委员会", "居委会") if kind == "27620" else ("村民委员会", "村委会")
        # 孔村委员会: what is left of 孔村村民委员会, or of 孔村委会
        stems = (name.removesuffix("委员会"),) if name.endswith("委员会") else (name,)
        ways = tuple(_committee(stem + end) for stem in stems for end in ends)
        yield Flaw(row, "name", name, {"meant": str(ways[0]["name"])}, candidates=ways)


def _is_usual(name: str) -> bool:
    return name.endswith(_USUAL_ENDS) and name.count("委") == 1 and "村村村" not in name


def _committee(name: str) -> dict[str, object]:
    """A committee's name with its parts."""
    generic = next(end for end in _USUAL_ENDS if name.endswith(end))
    return {"name": name, "specific": name[: -len(generic)], "generic": generic}
