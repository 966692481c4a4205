"""Which of the things that a text may mention it means: those that agree with one another and leave least unread.

A reading is a place or village with the town and the county in which it lies, as far as the text mentions them. It
weighs as many characters as its names have, less what it costs to read them so; a town or county that the text names
and in which the place does not lie weighs against it. Of readings alike that comes first which explains more of the
text, without a gap before the name. The order of the parts plays no role, nor do levels that are missing or written
twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from layers.geocoding.book import CITY, COUNTY, LINE, PLACE, ROAD, TOWN, VILLAGE, AddressBook
from layers.geocoding.mentions import Mention

AGAINST = {TOWN: 2.0, COUNTY: 1.0}
"""How often a division that is named and does not fit counts against a reading. What a town's address names and only
another town has is another thing of that name; a county is more often mistaken than everything below it."""
_COVERED = 0.25
"""What each character that a reading explains adds to its rank."""
_WITHIN = 1.5
"""What it loses where its name is but a part of a division's."""
_GAP = 0.4
"""What it loses where the character before the name belongs to nothing: 东上院村 is not 上院村."""


@dataclass
class Reading:
    """One way to read a text.

    Parameters
    ----------
    row
        The entry that it means.
    weight
        Characters that it explains, less what speaks against it.
    used
        The mentions of which it is made: its own first.
    against
        Divisions that the text names exactly and that do not fit.
    rank
        By which readings are ordered: the weight and how much of the text is explained.
    """

    row: int
    weight: float
    used: list[Mention]
    against: list[Mention] = field(default_factory=list)
    rank: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether everything stands in the text as in the book."""
        return not any(mention.how for mention in self.used)

    @property
    def whole(self) -> float:
        """What the mentions would weigh, all of them exact and whole."""
        return sum(len(mention.word) + 1.0 for mention in self.used)


def weighed(
    book: AddressBook, mentions: Iterable[Mention], *, open_to: bytearray, strict: bool = True
) -> list[Reading]:
    """Readings of a text, the best first; the best one of each entry.

    Parameters
    ----------
    open_to
        For each character of the text whether it is to be explained.
    strict
        Whether divisions that do not fit count against a reading: in letters, where the parts of a text are not
        known, they do not.
    """
    return _Scales(book, list(mentions), open_to, strict=strict).readings()


class _Scales:
    def __init__(self, book: AddressBook, mentions: list[Mention], open_to: bytearray, *, strict: bool) -> None:
        self.open_to = open_to
        entries = book.entries
        self.kind, self.county, self.town, self.village = entries.kind, entries.county, entries.town, entries.village
        self.upper: dict[int, list[Mention]] = {}
        self.leaves: list[Mention] = []
        self.villages: dict[int, list[Mention]] = {}
        for mention in mentions:
            kind = self.kind[mention.row]
            if kind in (COUNTY, TOWN):
                self.upper.setdefault(mention.row, []).append(mention)
            elif kind != CITY:
                self.leaves.append(mention)
                if kind == VILLAGE and not mention.how:
                    self.villages.setdefault(mention.row, []).append(mention)
        for found in self.upper.values():
            found.sort(key=lambda one: -one.weight)
        firm = [one for found in self.upper.values() for one in found if strict and one.ended and not one.how]
        self.all_firm = firm
        self.ends = {one.end for one in firm}
        self.firm = {level: [one for one in firm if self.kind[one.row] == level] for level in (COUNTY, TOWN)}

    def readings(self) -> list[Reading]:
        best: dict[int, Reading] = {}
        for mention in self.leaves:
            self._keep(best, self._leaf(mention))
        for found in self.upper.values():
            for mention in found:
                self._keep(best, self._upper(mention))
        return sorted(best.values(), key=lambda one: -one.rank)

    def _keep(self, best: dict[int, Reading], reading: Reading) -> None:
        own = reading.used[0]
        covered = own.end - own.start
        gap = own.start > 0 and self.open_to[own.start - 1] and own.start not in self.ends
        for one in reading.used[1:]:
            covered += one.end - one.start
            gap = gap and one.end != own.start
        reading.rank = reading.weight + _COVERED * covered - (_GAP if gap else 0.0)
        known = best.get(reading.row)
        if known is None or known.rank < reading.rank:
            best[reading.row] = reading

    def _upper(self, mention: Mention) -> Reading:
        reading = Reading(mention.row, mention.weight, [mention])
        if self.kind[mention.row] == TOWN:
            self._join(reading, self.county[mention.row], COUNTY)
        return reading

    def _leaf(self, mention: Mention) -> Reading:
        reading = Reading(mention.row, mention.weight, [mention])
        row = mention.row
        self._join(reading, self.town[row], TOWN)
        self._join(reading, self.county[row], COUNTY)
        for one in self.all_firm:
            if one.start <= mention.start and mention.end <= one.end:
                reading.weight -= _WITHIN  # 王府 of 王府街道 is not the village
                break
        if self.kind[row] not in (VILLAGE, ROAD, LINE) and self.villages:
            self._join_village(reading, mention)
        return reading

    def _join(self, reading: Reading, row: int, level: int) -> None:
        """Add the division of a level in which it lies, where the text mentions it; else what it names instead."""
        for mention in self.upper.get(row, ()):
            if _apart(mention, reading.used):
                reading.used.append(mention)
                reading.weight += mention.weight
                return
        others = [one for one in self.firm[level] if one.row != row and _apart(one, reading.used)]
        if level == COUNTY:  # what is a town's name is no word of a county: 寒亭街道
            longer = self.firm[TOWN]
            others = [one for one in others if _apart(one, [town for town in longer if town.weight > one.weight])]
        if others:
            other = max(others, key=lambda one: one.weight)
            reading.against.append(other)
            reading.weight -= AGAINST[level] * other.weight

    def _join_village(self, reading: Reading, mention: Mention) -> None:
        own = self.villages.get(self.village[mention.row], ())
        for one in own:
            if _apart(one, reading.used):
                if self.kind[mention.row] == PLACE:
                    reading.used.append(one)
                reading.weight += one.weight
                return
        town = self.town[mention.row]
        others = [one for row, found in self.villages.items() if self.town[row] == town
                  for one in found if one.ended and _apart(one, reading.used)]  # fmt: skip
        if others:
            reading.weight -= max(one.weight for one in others)


def _apart(mention: Mention, others: list[Mention]) -> bool:
    start, end = mention.start, mention.end
    for other in others:  # a loop, for it runs a hundred times for each text  # noqa: SIM110
        if start < other.end and other.start < end:
            return False
    return True
