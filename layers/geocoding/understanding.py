"""A text read: exactly first, and as something nearly so only where that leaves a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers.geocoding import mentions, wording
from layers.geocoding.book import COUNTY, LINE, ROAD, TOWN, VILLAGE, AddressBook
from layers.geocoding.mentions import Mention
from layers.geocoding.weighing import Reading, weighed

TIE = 0.25
"""Readings whose weights differ by less than this are as likely."""
_EXPECTED = 1.5
"""What it adds to the rank of a reading that it lies where it is known to lie."""
_LESS = 2.0
"""Names that are nearly so and weigh less than the best by this are not worth weighing."""
_TOWNS, _COUNTIES = 3, 2
"""In how many towns, or counties, is looked for names that are nearly those."""
_NEAR_M = 1000.0
"""Places of one name that lie nearer together than this are one for who looks for an address."""
_PROVINCE_ANYWHERE = re.compile(r"山东省?$|山东省")
_MUCH = 60
"""More characters than this are no address: they are not looked through for what is nearly one."""


@dataclass
class Understood:
    """What a text was found to say.

    Parameters
    ----------
    text
        As it was read, in plain characters.
    readings
        The best first.
    open_to
        For each character whether nothing explains it.
    latin
        Whether the text is in letters.
    """

    text: str
    readings: list[Reading] = field(default_factory=list)
    open_to: bytearray = field(default_factory=bytearray)
    latin: bool = False

    @property
    def best(self) -> Reading | None:
        """The likeliest reading, None where there is none."""
        return self.readings[0] if self.readings else None

    def unread(self, start: int, end: int) -> str:
        """The characters between two places that nothing explains."""
        pairs = zip(self.text[start:end], self.open_to[start:end], strict=True)
        return "".join(sign for sign, is_open in pairs if is_open)

    @property
    def skipped(self) -> str:
        """What was not understood before the end of what was."""
        best = self.best
        return "" if best is None else self.unread(0, max(mention.end for mention in best.used))

    @property
    def rest(self) -> str:
        """What comes after all that was understood; before it, where nothing comes after."""
        best = self.best
        if best is None:
            return self.text
        return self.text[max(mention.end for mention in best.used) :] or self.unread(0, len(self.text))


def understood(book: AddressBook, text: str, *, within: int = -1) -> Understood:
    """Read a text.

    Parameters
    ----------
    within
        Entry of a division in which it most likely lies, -1 where nothing is known.
    """
    if wording.is_latin(text):
        joined, starts = wording.letters(text)
        joined = wording.without_city(joined, book.cities)
        found = Understood(joined, open_to=bytearray(b"\x01" * len(joined)), latin=True)
        _weigh(book, found, mentions.latin(book, joined, starts), within)
        return found
    outside, whole = wording.plain(text)
    found, exact = _exactly(book, outside, within)
    if whole != outside and not _satisfies(book, found):
        other, further = _exactly(book, whole, within)
        if other.best is not None and (found.best is None or other.best.rank > found.best.rank):
            found, exact = other, further
    if 1 < len(found.text) <= _MUCH and (not _satisfies(book, found) or found.skipped):
        _nearly(book, found, exact, within)
    return found


def _exactly(book: AddressBook, text: str, within: int) -> tuple[Understood, list[Mention]]:
    """A text read by the names that stand in it."""
    found = Understood(text)
    above = mentions.uppers(book, text)
    exact = above + mentions.lowers(book, text, (one for one in above if one.ended))
    _weigh(book, found, exact, within)
    return found, exact


def _nearly(book: AddressBook, found: Understood, exact: list[Mention], within: int) -> None:
    """Look as well for names that nearly stand in it; counties and towns first, then what lies in the likeliest."""
    text, kind, best = found.text, book.entries.kind, found.best
    used = [] if best is None else best.used
    firm = [one for one in used if one.ended and kind[one.row] in (COUNTY, TOWN)]
    looked_at = mentions.windows(text, _explained(book, text, firm))
    further = mentions.nearly(book, book.near_upper, text, looked_at)
    scopes = _scopes(book, exact + further, within)
    below = mentions.sounding(book, text, looked_at, set(scopes))
    for scope in scopes:
        if not below or scope < 0 or kind[scope] == TOWN:
            below += mentions.nearly(book, book.near(scope), text, looked_at)
    _weigh(book, found, exact + further + _likeliest(below), within)


def _likeliest(found: list[Mention]) -> list[Mention]:
    """The best mention of each entry, without those that explain much less than others."""
    best: dict[int, Mention] = {}
    for one in found:
        known = best.get(one.row)
        if known is None or known.weight < one.weight:
            best[one.row] = one
    least = max((one.weight for one in best.values()), default=0.0) - _LESS
    return [one for one in best.values() if one.weight >= least]


def _satisfies(book: AddressBook, found: Understood) -> bool:
    """Whether there is nothing to be gained by looking for what is nearly so."""
    best = found.best
    if best is None or book.entries.kind[best.row] in (COUNTY, TOWN, ROAD, LINE) or best.against:
        return False
    if wording.FURTHER.search(found.rest):
        return False
    return len(best.used) > 1 and best.used[0].ended and not tied(book, found.readings)


def _scopes(book: AddressBook, found: Iterable[Mention], within: int) -> list[int]:
    """The divisions in which a name that is nearly so is worth looking for: towns, else counties, else all (-1)."""
    kind, county = book.entries.kind, book.entries.county
    best: dict[int, float] = {}
    for one in found:
        if kind[one.row] in (COUNTY, TOWN):
            best[one.row] = max(best.get(one.row, 0.0), one.weight)
    counties = {row: weight for row, weight in best.items() if kind[row] == COUNTY}
    towns = {row: weight + counties.get(county[row], 0.0) for row, weight in best.items() if kind[row] == TOWN}
    if towns:
        most = max(towns.values())
        likely = sorted((row for row in towns if towns[row] > most - 2.5), key=lambda row: -towns[row])
        return [*likely[:_TOWNS], *sorted(counties, key=lambda row: -counties[row])[:1]]
    if counties:
        return sorted(counties, key=lambda row: -counties[row])[:_COUNTIES]
    return [within]


def _weigh(book: AddressBook, found: Understood, mentioned: list[Mention], within: int) -> None:
    """Put the readings in order, and say what of the text they leave open."""
    readings = weighed(book, mentioned, open_to=_explained(book, found.text, ()), strict=not found.latin)
    if within >= 0:
        for reading in readings:
            reading.rank += _EXPECTED if lies_in(book, reading.row, within) else 0.0
        readings.sort(key=lambda one: -one.rank)
    found.readings = readings
    best = found.best
    used = [] if best is None else best.used
    rows = {one.row for one in used}
    # what is written twice is no riddle
    found.open_to = _explained(book, found.text, (*used, *(one for one in mentioned if one.row in rows and not one.how
                                                  and book.entries.kind[one.row] in (COUNTY, TOWN))))  # fmt: skip


def _explained(book: AddressBook, text: str, used: Iterable[Mention]) -> bytearray:
    """For each character whether nothing explains it; what stands for the province and the city is explained."""
    found = bytearray(b"\x01" * len(text))
    spans = [(one.start, one.end) for one in used]
    province = wording.PROVINCE.match(text)
    begin = province.end() if province is not None else 0
    spans.append((0, begin))
    for city in book.cities:
        at = text.find(city)
        if at >= 0:
            spans.append((at, at + len(city)))
        elif text.startswith(city[:-1], begin):
            spans.append((begin, begin + len(city) - 1))
    if province is None:  # it may as well come last
        spans += [match.span() for match in _PROVINCE_ANYWHERE.finditer(text)]
    if "." in text:  # province and city in letters
        spans += [(at, at + 1) for at, sign in enumerate(text) if sign == "."]
    for start, end in spans:
        found[start:end] = bytes(end - start)
    return found


def lies_in(book: AddressBook, row: int, division: int) -> bool:
    """Whether an entry is a division or lies in it."""
    entries = book.entries
    return division in (row, entries.county[row], entries.town[row], entries.village[row])


def tied(book: AddressBook, readings: list[Reading]) -> list[Reading]:
    """The readings between which the text leaves it open, empty where the best is clear."""
    if len(readings) < 2 or readings[1].rank < readings[0].rank - TIE:
        return []
    found = [one for one in readings if one.rank >= readings[0].rank - TIE]
    return found if any(not same_place(book, found[0].row, other.row) for other in found[1:]) else []


def same_place(book: AddressBook, one: int, other: int) -> bool:
    """Whether two entries are one for who looks for an address: one lies in the other, or they lie near together."""
    entries = book.entries
    village = entries.village[one]
    if village >= 0 and village == entries.village[other] and VILLAGE in (entries.kind[one], entries.kind[other]):
        return True
    return book.metres(one, other) <= _NEAR_M
