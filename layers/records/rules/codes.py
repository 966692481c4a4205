"""Rules for codes: their form, whether anything has them, whether they agree with one another."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import numpy as np

from gis.errors import N_
from layers.placenames.codes import PlaceCode, disagreements
from layers.records.context import Context
from layers.records.rules.table import Flaws, Rule, Table, each
from layers.records.tables import rows_of

_FORM: Final = Rule(
    "bad-code", "error", N_("“%(value)s” is not written as a code."), N_("Such a code looks like %(example)s.")
)
_ODD: Final = Rule(
    "odd-code",
    "warning",
    N_("“%(value)s” is not written as such codes usually are."),
    N_("They look like %(example)s."),
)
_UNKNOWN: Final = Rule(
    "unknown-code",
    "error",
    N_("No division has the code %(value)s."),
    N_("Correct the code, or bring in the division first."),
)
_LEVEL: Final = Rule(
    "wrong-level",
    "error",
    N_("%(value)s is %(name)s, a division of another level."),
    N_("Put the code where it belongs."),
)
_APART: Final = Rule(
    "codes-disagree",
    "warning",
    N_("%(value)s (%(name)s) does not lie in %(upper)s (%(upper_name)s)."),
    N_("Correct one of the two codes."),
)
_CLASS: Final = Rule(
    "unknown-class",
    "error",
    N_("No class of places has the code %(value)s."),
    N_("Take a code of the table of classes."),
)
_MAJOR: Final = Rule(
    "class-disagrees",
    "warning",
    N_("The class %(value)s (%(title)s) belongs to another major class than the one given."),
    N_("Correct the class or the major class."),
)
_PLACE_DIVISION: Final = Rule(
    "place-code-division",
    "warning",
    N_("The place-name code %(value)s begins with another county than %(county)s."),
    N_("Correct the code or the county."),
)
_PLACE_CLASS: Final = Rule(
    "place-code-class",
    "warning",
    N_("The place-name code %(value)s holds another class than %(code)s."),
    N_("Correct the code or the class."),
)
_PLACE_TOWN: Final = Rule(
    "place-code-township",
    "warning",
    N_("The place-name code %(value)s holds another township than %(town)s."),
    N_("Correct the code or the township."),
)
_PLACE_TOWN_KIND: Final = Rule(
    "place-code-township",
    "warning",
    N_("The township part %(part)s of the place-name code %(value)s is not of a division like %(town)s."),
    N_("Streets have 001 to 099, towns 100 to 199, townships 200 to 399."),
)
_PLACE_THERE: Final = Rule(
    "place-code-division",
    "warning",
    N_("The place-name code %(value)s begins with %(part)s; the place lies in %(county)s."),
    N_("Correct the code or the place."),
)
_PLACE_CODE: Final = {
    "division": _PLACE_DIVISION, "class": _PLACE_CLASS, "township": _PLACE_TOWN, "township_kind": _PLACE_TOWN_KIND,
    "position": _PLACE_THERE,
}  # fmt: skip
_LENGTH: Final = Rule(
    "level-disagrees",
    "warning",
    N_("The code %(value)s has not the length of its level."),
    N_("Correct the code or the level."),
)

# what people could not mistake is an error; where the pattern itself awaits the office's word it is a doubt
_DOUBTFUL: Final = frozenset({"L"})
_LEVELS: Final = {
    "county_code": {"county"}, "town_code": {"town"}, "village_code": {"village"},
    "left_code": {"county"}, "right_code": {"county"}, "parent_code": {"province", "city", "county", "town"},
}  # fmt: skip
_DIGITS: Final = {"province": 6, "city": 6, "county": 6, "town": 9, "village": 12}


@cache
def _patterns(layer_key: str) -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    found = {}
    for scope in ("*", layer_key):
        for row in rows_of("patterns"):
            if row["layer"] == scope:
                found[row["field"]] = (re.compile(row["pattern"]), row)
    return found


def patterns(table: Table, _context: Context) -> Flaws:
    """Codes of the form that the table of patterns asks for."""
    for name, (pattern, row) in _patterns(table.layer_key).items():
        if name not in table:
            continue
        values = table.objects(name)
        wrong = each(values, lambda value, pattern=pattern: not pattern.fullmatch(str(value)))  # type: ignore[misc]
        rule = _ODD if row["confidence"] in _DOUBTFUL else _FORM
        yield from rule.flaws(wrong, name, values, example=row["example"])


def known(table: Table, context: Context) -> Flaws:
    """Codes of divisions that there are, or that the same table brings, each of the level that its field is for."""
    divisions = context.divisions
    brought = set(table.objects("code").tolist()) if table.layer_key == "divisions" else set()
    for name, levels in _LEVELS.items():
        if name not in table:
            continue
        pattern = _patterns(table.layer_key)[name][0]
        values = table.objects(name)

        def nobodys(code: object, pattern: re.Pattern[str] = pattern) -> bool:
            return code not in divisions and code not in brought and bool(pattern.fullmatch(str(code)))

        yield from _UNKNOWN.flaws(each(values, nobodys), name, values)
        other = each(values, lambda code, levels=levels: divisions.level_of(code) not in {"", *levels})  # type: ignore[misc]
        for row in np.flatnonzero(other).tolist():
            yield _LEVEL.flaw(row, name, values[row], name=divisions.name_of(values[row]))


def agree(table: Table, context: Context) -> Flaws:
    """A town lies in the county that is named, a village in the town. Which lies where the register says, not the code:
    the codes of a zone may begin with digits of their own."""
    divisions = context.divisions
    for lower, upper, above in (
        ("town_code", "county_code", divisions.county),
        ("village_code", "town_code", divisions.town),
    ):
        if lower not in table or upper not in table:
            continue
        lowers, uppers = table.objects(lower), table.objects(upper)
        for row, (low, up) in enumerate(zip(lowers.tolist(), uppers.tolist(), strict=True)):
            place = above[divisions.row_of[low]] if low in divisions.row_of else ""
            if low is not None and up is not None and (place or up) != up and up in divisions:
                names = {"name": divisions.name_of(low), "upper_name": divisions.name_of(up)}
                yield _APART.flaw(row, lower, low, upper=up, **names)


def classes(table: Table, context: Context) -> Flaws:
    """Class codes that there are, of the major class that is given."""
    values = table.objects("class_code")
    unknown = each(values, lambda code: code not in context.classes and len(str(code)) == 5 and str(code).isdigit())
    yield from _CLASS.flaws(unknown, "class_code", values)
    if "major" not in table:
        return
    majors = table.objects("major")
    for row, (code, major) in enumerate(zip(values.tolist(), majors.tolist(), strict=True)):
        found = context.classes.get(code)
        if found is not None and major is not None and found.major != major:
            yield _MAJOR.flaw(row, "class_code", code, title=found.title)


def place_codes(table: Table, context: Context) -> Flaws:
    """Place-name codes: county, township and class that they hold are those of the record and of where it lies."""
    values = table.objects("place_code")
    counties, towns, kinds = (table.objects(name).tolist() for name in ("county_code", "town_code", "class_code"))
    there = _counties_there(table, context, counties)
    for row, text in enumerate(values.tolist()):
        if text is None or len(text) != 20 or not text.isdecimal():
            continue
        town = towns[row]
        code = PlaceCode(text[:6], text[6:9], text[9:14], text[14:])
        for one in disagreements(
            code,
            county_code=counties[row],
            town_code=town if town is not None and len(town) == 9 else None,
            town_name=context.divisions.name_of(town) if town in context.divisions else "",
            class_code=kinds[row],
            county_there=there[row],
        ):
            yield _PLACE_CODE[one.part].flaw(
                row, "place_code", text, county=one.recorded, code=one.recorded, town=one.recorded, part=one.coded
            )


def _counties_there(table: Table, context: Context, counties: list[Any]) -> list[Any]:
    """The county at the place of each record that has a code and names none itself."""
    found: list[Any] = [None] * len(table)
    geometries = table.geometries
    rows = [row for row, code in enumerate(counties) if code is None and geometries[row] is not None]
    if rows:
        for row, code in zip(rows, context.counties_at(geometries[rows]).tolist(), strict=True):
            found[row] = code
    return found


def levels(table: Table, _context: Context) -> Flaws:
    """The code of a division has as many digits as its level asks for."""
    codes_, given = table.objects("code"), table.objects("level")
    for row, (code, level) in enumerate(zip(codes_.tolist(), given.tolist(), strict=True)):
        if code is not None and len(code) != _DIGITS.get(level, len(code)):
            yield _LENGTH.flaw(row, "code", code)
