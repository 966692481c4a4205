"""From what a text was found to say to an answer: a place, what else it may be, and what is doubtful."""

from __future__ import annotations

from gis.errors import N_
from gis.findings import Finding, Severity
from layers.geocoding import wording
from layers.geocoding.book import CITY, COUNTY, HAMLET, LINE, PLACE, ROAD, TOWN, VILLAGE, AddressBook
from layers.geocoding.model import MOST_ALTERNATIVES, NOTHING, Answer, Match
from layers.geocoding.understanding import Understood, lies_in, same_place, tied
from layers.geocoding.weighing import Reading
from layers.records.cells import shown

_WORTH = 0.45
"""Readings that weigh less than this part of the best are no alternatives."""
_LETTERS = 3
"""More letters than this that nothing explains are a part of the text that was not understood."""
_CLOSE = 0.6
"""A correction is unsure where another reading weighs less only by this."""
_ACCURACY = {
    CITY: "unknown", COUNTY: "county", TOWN: "town", VILLAGE: "village", PLACE: "address", HAMLET: "village",
    ROAD: "road", LINE: "road",
}  # fmt: skip
_SET = N_("Set the place on the map.")
_WRITE_ABOVE = N_("Write the county and the town before it.")
Near = tuple[float, float] | None


class _Answering:
    """One answer under way."""

    def __init__(self, book: AddressBook, text: str, found: Understood, within: int, near: Near) -> None:
        self.book, self.text, self.found, self.within, self.near = book, text, found, within, near
        self.entries = book.entries
        self.findings: list[Finding] = []
        self.unsure = 1.0

    def answer(self) -> Answer:
        """The place and what is doubtful about it."""
        self._restrict()
        open_between = tied(self.book, self.found.readings)
        if open_between and self.near is not None:
            self._nearest(open_between)
        best = self.found.best
        if best is None:
            return self._nothing()
        row, rest = best.row, ""
        if open_between:
            self.unsure = 0.5
            self._say_several(open_between)
            if self.near is None:
                row = self._common([reading.row for reading in open_between])
        if row == best.row:
            if self._guessed(best):
                return self._nothing()
            self._say_how(best)
            if self._elsewhere(best):
                row = -1
        if self.entries.kind[row] in (COUNTY, TOWN) and row >= 0:
            row, rest = self._deeper(row), self.found.rest
        others = tuple(self._alternatives(row))
        if row < 0:
            return Answer(self.text, NOTHING, others, tuple(self.findings))
        match = self._match(row, self._score(best, row))
        self._say_what(row, rest)
        return Answer(self.text, match, others, tuple(self.findings))

    def _restrict(self) -> None:
        """What is known of where it lies holds, unless the text names another county without a doubt."""
        best, within = self.found.best, self.within
        if within < 0 or best is None or lies_in(self.book, best.row, within):
            return
        county = self.entries.county
        if county[best.row] == county[within] and not best.against:
            return
        named = any(one.row == county[best.row] and not one.how for one in best.used)
        if named and not tied(self.book, self.found.readings):
            self._note("other-county", N_("The address lies in %(name)s, the record says %(county)s."),
                       N_("Correct the address or the county."), name=self._path_text(best.row),
                       county=self.entries.name[within])  # fmt: skip
            self.within = -1
            return
        self.found.readings = [one for one in self.found.readings if lies_in(self.book, one.row, within)]

    def _nearest(self, readings: list[Reading]) -> None:
        """Of readings that are as likely the one that lies nearest to the point comes first."""
        assert self.near is not None
        lon, lat = self.near

        def away(reading: Reading) -> float:
            x, y = self.entries.lon[reading.row], self.entries.lat[reading.row]
            far = (x - lon) ** 2 * 0.64 + (y - lat) ** 2  # the square of the latitude's cosine in the province
            return float(far) if far == far else 1e9

        first = min(readings, key=away)
        self.found.readings = [first, *(one for one in self.found.readings if one is not first)]

    def _common(self, rows: list[int]) -> int:
        """The lowest division in which all of some entries lie, -1 for none."""
        for column in (self.entries.village, self.entries.town, self.entries.county):
            above = {column[row] for row in rows}
            if len(above) == 1 and -1 not in above:
                return above.pop()
        return -1

    def _deeper(self, row: int) -> int:
        """What is known beforehand may be more exact than what the text says: 村北头 of a village."""
        return self.within if self.within >= 0 and lies_in(self.book, self.within, row) else row

    def _nothing(self) -> Answer:
        if self.within >= 0:
            self._say_what(self.within, self.found.rest)
            return Answer(self.text, self._match(self.within, 0.3), (), tuple(self.findings))
        self._note("address-unknown", N_("Nothing in “%(value)s” is a name that the register knows."), _SET,
                   value=shown(self.text))  # fmt: skip
        return Answer(self.text, NOTHING, tuple(self._alternatives(-1)), tuple(self.findings))

    def _guessed(self, best: Reading) -> bool:
        """Whether a single correction of a part of the text is all that there is: that is a guess and no answer."""
        return len(best.used) == 1 and bool(best.used[0].how) and self.within < 0 and (
            len(best.used[0].word) < 3 or bool(self.found.skipped)
        )  # fmt: skip

    def _elsewhere(self, best: Reading) -> bool:
        """Whether the text begins with a city or county that is not in the register."""
        used = {self.entries.kind[one.row] for one in best.used if not one.how}
        if self.found.latin or COUNTY in used or best.against:
            return False
        skipped = self.found.unread(0, best.used[0].start)
        other = wording.ELSEWHERE.match(skipped)
        if other is None:
            return False
        self._note("elsewhere", N_("“%(value)s” is no city or county that the register knows."),
                   N_("Correct it if it is meant to lie in this city."), value=shown(other.group()))  # fmt: skip
        self.unsure = 0.4
        return True

    def _say_several(self, readings: list[Reading]) -> None:
        names = " / ".join(dict.fromkeys(self._path_text(one.row) for one in readings[:4]))
        word = readings[0].used[0]
        self._note("several-places", N_("“%(value)s” may be %(candidates)s."),
                   N_("Write the county or town before it."),
                   value=shown(self.found.text[word.start : word.end]), candidates=names)  # fmt: skip

    def _say_how(self, best: Reading) -> None:
        """What was corrected, left out or taken for granted in reading it so."""
        entries, text = self.entries, self.found.text
        for one in best.used:
            if one.how:
                self._note("corrected", N_("“%(typed)s” was read as %(name)s."), N_("Check that it is meant."),
                           typed=shown(text[one.start : one.end]), name=entries.name[one.row])  # fmt: skip
            elif self.book.other.get((one.word, one.row)) == "former":
                self._note("former-name", N_("%(word)s is a former name of %(name)s."), "", "info",
                           word=one.word, name=entries.name[one.row])  # fmt: skip
        for one in best.against:
            self._note("other-county" if entries.kind[one.row] == COUNTY else "other-town",
                       N_("The text names %(other)s, but %(name)s lies elsewhere."),
                       N_("Check which of the two is meant."),
                       other=entries.name[one.row], name=self._path_text(best.row))  # fmt: skip
        own = best.used[0]
        if not self.found.latin and entries.kind[own.row] in (VILLAGE, HAMLET):
            before = self._just_before(own.start)
            if before:
                self._note("partly-read", N_("“%(rest)s” before %(name)s is not understood."), _SET,
                           rest=shown(before), name=entries.name[own.row])  # fmt: skip
        if (self.entries.kind[best.row] > TOWN and wording.FURTHER.search(self.found.rest)) or (
            self.found.latin and len(self.found.skipped) > _LETTERS
        ):
            self._note("partly-read", N_("“%(rest)s” is not understood."), _SET,
                       rest=shown(self.found.skipped if self.found.latin else self.found.rest))  # fmt: skip
        if any(one.how for one in best.used):
            rival = next((one for one in self.found.readings[1:] if one.rank > best.rank - _CLOSE
                          and entries.kind[one.row] == entries.kind[best.row]), None)  # fmt: skip
            if rival is not None:
                self._note("similar-name", N_("It could be %(name)s as well."), N_("Check which of the two is meant."),
                           name=self._path_text(rival.row))  # fmt: skip
        self._say_whether_above_is_named(best)

    def _say_whether_above_is_named(self, best: Reading) -> None:
        """A place whose county nothing but its own name speaks for is never taken in silence."""
        kinds = [self.entries.kind[one.row] for one in best.used]
        if self.entries.kind[best.row] == COUNTY or COUNTY in kinds or self.within >= 0:
            return
        if kinds[0] != TOWN and TOWN in kinds and all(not one.how for one in best.used):
            return  # two names agree on it
        if kinds[0] == TOWN and best.used[0].ended and not best.used[0].how:
            return  # a town is unique, or the text has been found to leave it open
        self.unsure *= 0.8
        template = N_("The text does not say in which county it lies; %(name)s is the only one of that name here.")
        self._note("county-not-named", template, _WRITE_ABOVE, name=self._path_text(best.row))

    def _just_before(self, start: int) -> str:
        at = start
        while at > 0 and self.found.open_to[at - 1] and "一" <= self.found.text[at - 1] <= "龥":
            at -= 1
        return self.found.text[at:start]

    def _say_what(self, row: int, rest: str) -> None:
        kind, name = self.entries.kind[row], self.entries.name[row]
        if kind in (ROAD, LINE):
            template = N_("Only the road %(value)s is known; where on it is not.") if kind == ROAD else N_(
                "Only %(value)s is known, which is long; where along it is not.")  # fmt: skip
            self._note("road-alone", template, _SET, value=name)
        elif kind in (TOWN, COUNTY) and "several-places" not in {finding.rule for finding in self.findings}:
            template = (
                N_("Only %(name)s is known of it: there is no “%(rest)s”.")
                if rest
                else N_("It says no more than %(name)s.")
            )
            self._note("only-division", template, N_("Correct the address, or set the place on the map."),
                       name=self._path_text(row), rest=shown(rest))  # fmt: skip

    def _alternatives(self, row: int) -> list[Match]:
        """Other places, each once: a division in which the answer lies is none, nor is a hamlet beside its village."""
        readings = self.found.readings
        if not readings:
            return []
        least, most = readings[0].weight * _WORTH, self._score(readings[0], readings[0].row)
        taken = [row] if row >= 0 else []
        found: list[Match] = []
        for reading in readings[: 4 * MOST_ALTERNATIVES]:
            own = reading.row
            if reading.weight < least or len(found) == MOST_ALTERNATIVES or (row >= 0 and lies_in(self.book, row, own)):
                continue
            if any(own == other or same_place(self.book, own, other) for other in taken):
                continue
            taken.append(own)
            found.append(self._match(own, min(most, self._score(reading, own))))
        return found

    def _score(self, reading: Reading, row: int) -> float:
        """The part of what the text says that a reading explains."""
        end = max(one.end for one in reading.used)
        skipped = len(self.found.unread(0, end)) / (2.6 if self.found.latin else 1.0)
        said = reading.whole / (2.6 if self.found.latin else 1.0) + skipped
        if self.entries.kind[row] in (COUNTY, TOWN, CITY) or not wording.TAIL.match(self.found.text, end):
            said += len(self.found.unread(end, len(self.found.text)))
        return round(max(0.0, min(1.0, reading.weight / max(said, 1.0))) * self.unsure, 3)

    def _match(self, row: int, score: float) -> Match:
        entries, divisions = self.entries, self.book.divisions
        above = (entries.county[row], entries.town[row], entries.village[row])
        county, town, village = (divisions.code[at] if at >= 0 else "" for at in above)
        return Match(
            name=entries.name[row],
            uuid=entries.uuid[row],
            layer="divisions" if row < len(divisions.code) else "place-names",
            path=self._path(row),
            accuracy=_ACCURACY[entries.kind[row]],
            lon=float(entries.lon[row]),
            lat=float(entries.lat[row]),
            county=county,
            town=town,
            village=village,
            score=score,
        )

    def _path(self, row: int) -> tuple[str, ...]:
        entries = self.entries
        above = (entries.county[row], entries.town[row], entries.village[row], row)
        names = [entries.name[at] for at in dict.fromkeys(above) if at >= 0]
        return tuple(names)

    def _path_text(self, row: int) -> str:
        first, *others = self._path(row)
        return first + "".join(name.removeprefix(first) for name in others)

    def _note(self, rule: str, template: str, advice: str, severity: Severity = "warning", **params: object) -> None:
        self.findings.append(Finding(rule, severity, "address", template, params, advice))


def answered(book: AddressBook, text: str, found: Understood, *, within: int = -1, near: Near = None) -> Answer:
    """The answer to a text."""
    return _Answering(book, text, found, within, near).answer()
